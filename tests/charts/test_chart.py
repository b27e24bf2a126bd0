"""Charts as files: labels that are really drawn, text that is really text, the same bytes each time."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zopa.charts.chart import Chart, MissingGlyphWarning, live_bundle
from zopa.charts.glyphs import FONT_FOLDER, covered, missing_glyphs
from zopa.charts.style import (
    FONTS,
    PALETTE,
    SHAPES,
    STAIRCASE,
    base,
    by_party,
    chance_layers,
    party_colour,
    party_shape,
    percent,
    rows,
    wrap,
)
from zopa.charts.webfont import RANGE, WEIGHTS, font_faces, font_file
from zopa.errors import width

LABELS = ("弹道导弹与射程", "铀浓缩与核查站", "Regional partners")


def bars(labels: tuple[str, ...] = LABELS, title: str = "谁坚持什么") -> Chart:
    """Pale bars 300 pixels wide in rows of 40, so that dark ink left of them or below can only be a label."""
    spec = {
        **base(300, 40 * len(labels)),
        "data": {"values": [{"label": label, "value": k + 1} for k, label in enumerate(labels)]},
        "mark": {"type": "bar", "color": "#EEEEEE"},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"grid": False}},
            "x": {"field": "value", "type": "quantitative", "title": "次数"},
        },
    }
    return Chart(spec, title, "三行条形图")


def plot_corner(svg: str) -> tuple[float, float]:
    """Where in the picture the plot's upper left corner lies."""
    found = re.search(r'transform="translate\(([\d.]+),([\d.]+)\)"', svg)
    return float(found[1]), float(found[2])


def ink(image: Image.Image, box: tuple[float, float, float, float]) -> int:
    """Dark pixels in a box given in chart pixels; the picture is drawn at twice that."""
    part = image.crop(tuple(round(2 * edge) for edge in box)).convert("L")
    return sum(part.histogram()[:128])


def label_ink(png: bytes, svg: str, lines: int) -> list[int]:
    """Ink left of each row, in the line of numbers below, and in the title above."""
    image = Image.open(io.BytesIO(png))
    left, top = plot_corner(svg)
    beside = [ink(image, (0, top + 40 * k, left - 2, top + 40 * (k + 1))) for k in range(lines)]
    below = ink(image, (left, top + 40 * lines + 4, left + 300, top + 40 * lines + 24))
    return [*beside, below, ink(image, (0, 0, left + 300, top - 6))]


def test_labels_digits_and_title_are_drawn():
    chart = bars()
    drawn = label_ink(chart.to_png(), chart.to_svg(), len(LABELS))
    assert all(count > 60 for count in drawn), drawn
    assert drawn[0] != drawn[1], "different characters, not boxes"


@pytest.fixture
def no_system_fonts(tmp_path: Path) -> dict[str, str]:
    """Environment of a process that finds no font on the system."""
    config = tmp_path / "fonts.conf"
    (tmp_path / "none").mkdir()
    config.write_text(f"<fontconfig><dir>{tmp_path / 'none'}</dir></fontconfig>", encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)}


def elsewhere(code: str, environment: dict[str, str], folder: Path) -> Path:
    target = folder / "chart.png"
    subprocess.run([sys.executable, "-c", code, str(target)], env=environment, check=True)
    return target


def test_labels_are_drawn_with_all_system_fonts_hidden(no_system_fonts: dict[str, str], tmp_path: Path):
    chart = bars()
    code = (
        "import json, sys; from zopa.charts.chart import Chart; "
        f"Chart(json.loads({json.dumps(chart.spec)!r}), {chart.title!r}, 'd').save(sys.argv[1])"
    )
    png = elsewhere(code, no_system_fonts, tmp_path).read_bytes()
    drawn = label_ink(png, chart.to_svg(), len(LABELS))
    assert all(count > 60 for count in drawn), drawn
    assert drawn == label_ink(chart.to_png(), chart.to_svg(), len(LABELS)), (
        "our own font draws, whatever is installed"
    )


def test_the_trap_is_real_without_our_font_all_chinese_looks_alike(
    no_system_fonts: dict[str, str], tmp_path: Path
):
    # The renderer reports success and draws boxes (older ones: nothing). Should this fail, the guard may be lighter.
    code = (
        "import json, sys, pathlib, vl_convert; "
        f"spec = json.loads({json.dumps(bars().full())!r}); "
        "pathlib.Path(sys.argv[1]).write_bytes(vl_convert.vegalite_to_png(spec, scale=2)); "
        "pathlib.Path(sys.argv[1] + '.svg').write_text(vl_convert.vegalite_to_svg(spec))"
    )
    png = elsewhere(code, no_system_fonts, tmp_path)
    svg = Path(f"{png}.svg").read_text(encoding="utf-8")
    first, second, *_ = label_ink(png.read_bytes(), svg, len(LABELS))
    assert first == second, "two labels of seven different characters each"


def test_a_missing_font_file_stops_the_drawing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from zopa.charts import chart

    monkeypatch.setattr(chart, "FONT_FOLDER", tmp_path)
    chart._renderer.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"ZopaSansSC-Regular\.otf is missing"):
            bars().to_svg()
    finally:
        chart._renderer.cache_clear()


# --- characters


def test_the_font_covers_what_the_catalogues_and_gb2312_need():
    gb2312 = "".join(
        bytes([row, cell]).decode("gb2312", errors="ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    assert len(gb2312) == 6763
    assert missing_glyphs(gb2312) == ()
    for catalogue in FONT_FOLDER.parents[1].joinpath("catalogue").glob("*.json"):
        missing = set(missing_glyphs(catalogue.read_text(encoding="utf-8")))
        # The marks of annotated texts are told in error messages, never in a chart.
        assert missing <= (set("⟦⟧") if catalogue.name == "problems.json" else set()), catalogue.name


def test_coverage_read_from_the_font_is_what_fonttools_reads():
    from fontTools.ttLib import TTFont

    both = [
        set(TTFont(FONT_FOLDER / f"ZopaSansSC-{weight}.otf").getBestCmap()) for weight in ("Regular", "Bold")
    ]
    assert covered() == both[0] & both[1]


def test_characters_the_font_lacks_are_reported_not_dropped():
    assert missing_glyphs("伊朗龘谈判⚡龘\n") == ("龘", "⚡")
    chart = bars(("龘", "铀浓缩"))
    assert chart.missing == ("龘",)
    with pytest.warns(MissingGlyphWarning, match="谁坚持什么.*龘"):
        chart.to_png()
    assert "龘" in chart.to_svg()


def test_the_list_of_fonts_starts_with_ours_and_ends_with_any():
    assert FONTS[0] == "Zopa Sans SC"
    assert FONTS[-1] == "sans-serif"
    assert f'font-family="{FONTS[0]}, ' in bars().to_svg()


# --- files


def test_svg_says_what_it_shows_and_keeps_text_as_text():
    svg = Chart(bars().spec, "题", '两行 <b> & "引号"').to_svg()
    assert svg.startswith('<svg role="img" aria-label="两行 &lt;b&gt; &amp; &quot;引号&quot;"')
    assert "弹道导弹与射程</text>" in svg


def test_the_same_chart_gives_the_same_bytes_and_ids_of_its_own():
    def clipped(colour: str) -> str:
        spec = {**bars().spec, "mark": {"type": "bar", "clip": True, "color": colour}}
        return Chart(spec, "题", "图").to_svg()

    first, other, again = clipped("#111111"), clipped("#222222"), clipped("#111111")
    assert first == again

    def ids(svg: str) -> set[str]:
        return set(re.findall(r' id="([^"]+)"', svg))

    assert ids(first)
    assert not ids(first) & ids(other)
    assert all(f"url(#{name})" in first for name in ids(first))


def test_texts_of_a_chart_are_never_run_or_parsed():
    hostile = "</text><script>alert(1)</script> datum.value ${x} {expr: '1+1'}"
    svg = bars((hostile, "铀浓缩"), title=hostile).to_svg()
    assert "<script" not in svg
    assert svg.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_save_knows_three_kinds_of_file(tmp_path: Path):
    assert bars().save(tmp_path / "a.svg").read_text(encoding="utf-8") == bars().to_svg()
    assert bars().save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (
        json.loads(bars().save(tmp_path / "a.json").read_text(encoding="utf-8"))["description"]
        == "三行条形图"
    )
    with pytest.raises(ValueError, match=r"must end in \.svg, \.png or \.json, not 'a\.pdf'"):
        bars().save(tmp_path / "a.pdf")


def test_a_notebook_shows_a_still_that_needs_nothing():
    html = bars()._repr_html_()
    assert html.startswith('<p><img src="data:image/svg+xml;base64,')
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/", "")


def test_a_note_stands_under_the_title_and_both_can_be_left_out():
    chart = Chart(bars().spec, "题目", "图", note="圆点：数值")
    assert "圆点：数值" in chart.to_svg()
    assert "题目" not in chart.to_svg(titled=False)


def test_the_live_bundle_is_one_script_that_fetches_nothing_by_itself():
    bundle = live_bundle()
    assert "window.vegaEmbed=" in bundle
    assert 500_000 < len(bundle.encode()) < 1_000_000
    assert not re.search(r"^\s*import\b", bundle, re.MULTILINE)


# --- style


def test_parties_keep_colour_and_shape_and_never_share_both():
    seen = {(party_colour(k), party_shape(k)) for k in range(8)}
    assert len(seen) == 8
    assert len(set(PALETTE)) == len(PALETTE) == len(SHAPES)
    encoding = by_party(["美国", "伊朗"])
    assert encoding["color"]["scale"] == {
        "domain": ["美国", "伊朗"],
        "range": [party_colour(0), party_colour(1)],
    }
    assert encoding["shape"]["scale"]["range"] == ["circle", "square"]


def test_a_staircase_takes_in_no_package_that_does_not_exist():
    # Packages worth (0.2, 0.9) and (0.7, 0.4): between them only the second is left, so the line drops at once.
    spec = {
        **base(100, 100),
        "data": {"values": [{"x": 0.2, "y": 0.9}, {"x": 0.7, "y": 0.4}]},
        "mark": STAIRCASE,
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None},
            "y": {"field": "y", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None},
        },
    }
    path = re.search(r'aria-roledescription="line mark"[^>]* d="([^"]+)"', Chart(spec, "", "图").to_svg())[1]
    numbers = [round(float(n)) for n in re.findall(r"-?[\d.]+", path)]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert corners == [(20, 10), (20, 60), (70, 60)]


def test_a_chance_is_drawn_with_its_interval_and_its_zero_line():
    spec = {
        **base(200, 40),
        "data": {"values": [{"label": "甲", "value": 0.5, "low": 0.25, "high": 0.75, "zero": 0.1}]},
        "encoding": {"y": {"field": "label", "type": "nominal", "title": None}},
        "layer": chance_layers(percent("概率")),
    }
    svg = Chart(spec, "", "图").to_svg()
    assert re.search(r'aria-roledescription="bar"[^>]* d="M5[05]', svg), (
        "the band starts at 25 % of 200 pixels"
    )
    assert 'aria-roledescription="tick"' in svg
    assert 'aria-roledescription="point"' in svg


CJK = st.text(alphabet="伊朗与美国，。（）“”《》、ab c-1%", max_size=60)


@given(CJK, st.integers(8, 40))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, columns: int):
    lines = wrap(text, columns).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        # A closing mark may hang over rather than start a line, and a run that cannot break stays whole.
        assert (
            width(line) <= columns
            or not re.search(r"[一-龥][一-龥]", line[:-1])
            or width(line) <= 2 * columns
        )
    assert wrap(wrap(text, columns), columns) == wrap(text, columns)


def test_wrapping_breaks_chinese_between_characters_and_english_between_words():
    assert wrap("伊朗方面坚持只谈核问题，不谈弹道导弹", 20) == "伊朗方面坚持只谈核问\n题，不谈弹道导弹"
    assert wrap("Uranium enrichment and missiles", 20) == "Uranium enrichment\nand missiles"
    assert wrap("双方都同意（暂停）", 10) == "双方都同意\n（暂停）"


@given(st.text(alphabet="伊朗与美国，。（）“”《》、", min_size=1, max_size=60))
def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(text: str):
    lines = wrap(text, 12).split("\n")
    assert all(line[0] not in "，。）”》、" for line in lines[1:])
    assert all(line[-1] not in "（“《" for line in lines[:-1])


def test_rows_leave_room_for_wrapped_labels():
    assert rows(["短", "短"]) == {"step": 30, "for": "position"}
    assert rows(["一\n二\n三", "短"])["step"] >= 3 * 17
    assert rows([], least=44)["step"] == 44


def test_pages_declare_the_characters_that_their_font_holds():
    declared = [part.strip().removeprefix("U+").split("-") for part in RANGE.split(",")]
    for name, weight in WEIGHTS.items():
        held = set(TTFont(FONT_FOLDER / font_file(name)).getBestCmap())
        assert all(any(int(a, 16) <= code <= int(b, 16) for a, b in declared) for code in held)
        assert {*range(0x20, 0x7F), 0x2212, 0x2192, 0x03B1} <= held
        assert f"font-weight:{weight}" in font_faces()
    assert "url(" in font_faces(lambda file: f"/assets/{file}")
    assert "/assets/ZopaSansSC-Latin-Bold.woff" in font_faces(lambda file: f"/assets/{file}")
