"""The map: shapes cut rightly, regions that can be read, names that neither overlap nor are cut off."""

import json
import math
import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import ROOT
from zopa.charts.glyphs import text_width
from zopa.charts.map import WIDTH, Spot, Territory, fitted, map_chart
from zopa.charts.map_labels import Labels, measured
from zopa.charts.map_panels import Extent, groups
from zopa.charts.shapes import has_shape, shapes
from zopa.charts.views import (
    Box,
    View,
    area,
    clipped_line,
    clipped_ring,
    extent,
    hatched,
    inside,
    projected,
    unprojected,
)
from zopa.words import LANGUAGES

BOX = Box(0, 0, 100, 100)
MUSCAT, ISTANBUL, SUVA, NUKUALOFA = (58.41, 23.59), (28.98, 41.01), (178.44, -18.14), (-175.2, -21.13)


def chart(lands, spots=(), lang="en"):
    found = [Territory(code, code, code, sides, roles) for code, sides, roles in lands]
    places = [Spot(name, name, lon, lat, mark) for name, (lon, lat), mark in spots]
    return map_chart(found, places, ["A", "B"], lambda code: code, "described", lang)


def own_area(ring) -> float:
    """Shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


# ---- cutting


def test_a_square_across_the_edge_keeps_the_part_inside():
    square = [(80, 20), (120, 20), (120, 60), (80, 60), (80, 20)]
    ring = clipped_ring(square, BOX)
    assert own_area(ring) == 20 * 40
    assert set(ring) == {(80, 20), (100, 20), (100, 60), (80, 60)}
    assert ring[0] == ring[-1]
    assert clipped_ring([(x + 30, y) for x, y in square], BOX) == []
    assert set(clipped_ring([(-9, -9), (200, -9), (200, 200), (-9, 200), (-9, -9)], BOX)) == {
        (0, 0),
        (100, 0),
        (100, 100),
        (0, 100),
    }


@given(st.lists(st.tuples(*[st.integers(-80, 180)] * 2), min_size=3, max_size=3, unique=True))
def test_a_cut_triangle_is_as_large_as_the_points_that_lie_in_both(corners):
    triangle = [*((float(p[0]), float(p[1])) for p in corners)]
    ring = clipped_ring([*triangle, triangle[0]], BOX)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(0.5, 100), np.arange(0.5, 100)))
    # Counted by the signs of the three sides, not by the function under test.
    signs = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(triangle, triangle[1:] + triangle[:1], strict=True)
    ]
    counted = int((np.all([s >= 0 for s in signs], axis=0) | np.all([s <= 0 for s in signs], axis=0)).sum())
    if abs(sum(triangle[k - 1][0] * p[1] - p[0] * triangle[k - 1][1] for k, p in enumerate(triangle))) < 200:
        return
    assert abs((own_area(ring) if ring else 0) - counted) <= 160


def test_a_line_that_leaves_and_comes_back_is_two():
    line = [(50, 50), (150, 50), (150, 80), (50, 80)]
    assert clipped_line(line, BOX) == [[(50, 50), (100, 50)], [(100, 80), (50, 80)]]
    assert clipped_line([(-10, -10), (-5, 90)], BOX) == []


def test_hatching_stays_inside_and_leaves_holes_free():
    outer, hole = (
        [(0, 0), (60, 0), (60, 60), (0, 60), (0, 0)],
        [(20, 20), (40, 20), (40, 40), (20, 40), (20, 20)],
    )
    lines = hatched([outer, hole], 7, (0.0, 1.0))
    assert {y for line in lines for _, y in line} == {0, 7, 14, 21, 28, 35, 42, 49, 56}
    for (x1, y), (x2, _) in lines:
        assert not (20 < (x1 + x2) / 2 < 40 and 20 < y < 40)
        assert min(x1, x2) >= 0
        assert max(x1, x2) <= 60
    assert area([outer, hole]) == 3600 - 400


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(-60, 60), st.floats(-60, 60))
def test_the_projection_keeps_areas_and_comes_back(lon, lat, east, north):
    x, y = projected(lon, lat, np.array([lon + east]), np.array([max(-89, min(89, lat + north))]))
    back = unprojected(lon, lat, float(x[0]), float(y[0]))
    assert math.isclose((back[0] - lon - east + 540) % 360, 180, abs_tol=1e-5)
    assert math.isclose(back[1], max(-89, min(89, lat + north)), abs_tol=1e-6)


# ---- shapes


def test_territories_are_as_large_as_they_are():
    # Square kilometres (CIA World Factbook, land and water): an outline at 1:50 million is off by a few percent.
    known = {"IR": 1_648_195, "OM": 309_500, "EG": 1_001_450, "FJ": 18_274, "RU": 17_098_242, "QA": 11_586}
    for code, size in known.items():
        lon, lat = shapes().main(code)
        view = View(*extent(lon, lat)[:2], 1.0, Box(-9000, -9000, 9000, 9000))
        found = sum(area(p) for p in view.ground.of[code])
        assert found == pytest.approx(size, rel=0.06), code


def test_every_territory_of_the_register_has_a_shape_or_is_known_to_have_none():
    from babel import Locale

    accepted = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
    none = {"AC", "BQ", "BV", "CC", "CP", "CQ", "CX", "DG", "EA", "EU", "EZ", "GF", "GI", "GP", "IC", "MQ", "QO", "RE",
            "SJ", "TA", "TK", "TV", "UM", "UN", "XA", "XB", "YT", "ZZ"}  # fmt: skip
    assert {code for code in accepted if not has_shape(code)} == none
    assert set(shapes().polygons) <= accepted
    assert {"BH", "PS", "TW", "EH", "XK"} <= set(shapes().polygons)
    # Northern Cyprus, Somaliland, the Siachen glacier, islands of the Indian Ocean: drawn, and said to be nobody's.
    assert len(shapes().others) == 4


def test_the_shapes_are_those_that_the_script_makes():
    if subprocess.run(["npm", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("npm is not here")
    done = subprocess.run(
        [sys.executable, "scripts/natural_earth.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "CalledProcessError" in done.stderr:
        pytest.skip("the npm registry cannot be reached")
    assert done.returncode == 0, done.stderr


# ---- regions


def test_a_distant_party_gets_a_panel_of_its_own():
    wanted = [
        Extent.point(*MUSCAT),
        Extent.point(*ISTANBUL),
        *map(Extent.territory, ("US", "IR", "OM", "TR")),
    ]
    assert groups(wanted) == [[0, 1, 3, 4, 5], [2]]


def test_a_region_across_the_antimeridian_is_one():
    wanted = [Extent.point(*SUVA), Extent.point(*NUKUALOFA), Extent.territory("FJ"), Extent.territory("TO")]
    assert groups(wanted) == [[0, 1, 2, 3]]
    lon, _, across, _ = extent(np.array([SUVA[0], NUKUALOFA[0]]), np.array([SUVA[1], NUKUALOFA[1]]))
    assert abs(lon) > 178
    assert across == pytest.approx(665, rel=0.02), "kilometres along 20 degrees south, by haversine"
    view = View.fitted(
        lon=np.array([SUVA[0], NUKUALOFA[0]]), lat=np.array([-18.14, -21.13]), box=BOX, margin=10
    )
    assert view.spot(*SUVA)[0] < view.spot(*NUKUALOFA)[0], "Tonga lies east of Fiji"


def apart(point, start, end) -> float:
    """How far a point lies from a stretch."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = max(0, min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0
    return math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))


def test_the_antimeridian_is_no_line():
    lon, lat = shapes().main("RU")
    view = View.fitted(lon, lat, Box(0, 0, 600, 400), 20)
    spots = [view.spot(180, lat) for lat in np.arange(66.6, 68.4, 0.3)]
    stretches = [
        stretch
        for line in [*view.ground.lines(borders=True), *view.ground.lines(borders=False)]
        for stretch in pairwise(line)
    ]
    drawn = [s for s in spots if min(apart(s, *stretch) for stretch in stretches) < 0.5]
    assert drawn == [], "nothing is drawn along 180 degrees through Chukotka"
    x, y = np.array([s[0] for s in spots]), np.array([s[1] for s in spots])
    assert any(inside(p, x, y).all() for p in view.ground.of["RU"]), "land on both sides of it is one"


def test_a_border_along_a_parallel_bends():
    lon, lat = shapes().main("US")
    view = View.fitted(lon, lat, Box(0, 0, 600, 400), 20)
    middle = view.spot(-109, 49)
    chord = (view.spot(-123, 49)[1] + view.spot(-95.2, 49)[1]) / 2
    assert middle[1] - chord > 3, "it can be told from a straight line"
    lines = view.ground.lines(borders=True)
    assert min(math.dist(p, middle) for line in lines for p in line) < 12
    assert min(abs(y - middle[1]) for line in lines for x, y in line if abs(x - middle[0]) < 6) < 0.8


# ---- names


def test_text_is_measured_as_the_font_has_it():
    from fontTools.ttLib import TTFont

    from zopa.charts.glyphs import FONT_FILES, FONT_FOLDER

    for bold, name in enumerate(FONT_FILES):
        font = TTFont(FONT_FOLDER / name)
        widths, glyphs = font["hmtx"], font.getBestCmap()
        for text in ("Muscat (agreed)", "马斯喀特（已商定）"):
            known = sum(widths[glyphs[ord(c)]][0] for c in text) * 13 / font["head"].unitsPerEm
            assert text_width(text, 13, bold=bool(bold)) == pytest.approx(known)


@given(
    st.lists(st.tuples(st.text("ab 中文", min_size=1, max_size=30), *[st.floats(0, 300)] * 2), max_size=25),
)
def test_labels_never_overlap_nor_leave_their_panel(named):
    frame = Box(0, 0, 300, 300)
    labels = Labels(frame)
    for _, x, y in named:
        labels.taken.append(Box(x - 4, y - 4, x + 4, y + 4))
    for name, x, y in named:
        labels.point(name, (x, y), 4)
    assert len(labels.placed) + len(labels.lost) == len(named), "none is dropped without a word"
    for one, other in combinations(labels.placed, 2):
        assert not one.box.meets(other.box)
    for label in labels.placed:
        assert frame.holds(label.box)


def test_long_names_are_broken_not_cut():
    name = "the group of states that would have sent observers to the talks"
    lines, wide, high = measured(name)
    assert " ".join(lines) == name
    assert high == 17 * len(lines) > 17
    assert wide < 200
    assert all(text_width(line, 13) <= 300 for line in fitted("W" * 30 + " " + "M" * 30, 300))


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Texts of a picture with the rectangle that each takes, halos left out."""
    out = []
    for tag, at, words in re.findall(r'<text ([^>]*?)transform="translate\(([^)]*)\)"[^>]*>([^<]*)<', svg):
        x, y = map(float, at.split(","))
        wide = text_width(words, 13, bold="bold" in tag)
        left = x - wide / 2 if "middle" in tag else x
        box = (words, left, y - 13, left + wide, y + 3)
        if box not in out:
            out.append(box)
    return out


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_on_the_map_of_muscat_do_not_touch(lang, narrow):
    import zopa
    from zopa.charts.chart import Chart
    from zopa.web.mapped import Atlas

    made = Atlas(zopa.open_case("muscat-2026"), lang).chart()
    svg = Chart(made.narrow, "", "d").to_svg() if narrow else made.to_svg(titled=False)
    width = float(re.search(r'<svg[^>]* width="([\d.]+)', svg)[1])
    found = boxes(svg)
    words = [text for text, *_ in found]
    for name in (
        ("Muscat (agreed)", "Iran", "United States")
        if lang == "en"
        else ("马斯喀特（已商定）", "伊朗", "美国")
    ):
        assert name in words
    for one, other in combinations(found, 2):
        across = min(one[3], other[3]) - max(one[1], other[1])
        down = min(one[4], other[4]) - max(one[2], other[2])
        assert not (across > 0 and down > 2), (one[0], other[0])
    for text, left, _, right, _ in found:
        assert left >= 0, text
        assert right <= width - 8, text


def test_the_picture_is_small_and_says_whose_boundaries_it_has():
    made = chart(
        [("US", (0,), ()), ("IR", (1,), ()), ("OM", (), ("host",)), ("TR", (), ("mediator",))],
        [("Muscat", MUSCAT, "agreed"), ("Istanbul", ISTANBUL, "refused")],
    )
    svg = made.to_svg()
    assert len(svg) < 200_000
    assert "Natural Earth" in svg
    assert 'aria-label="described"' in svg
    assert json.dumps(made.spec, allow_nan=False)
    assert made.spec["vconcat"][0]["width"] == WIDTH


def test_nothing_to_draw_is_no_chart():
    assert chart([]) is None
    assert chart([("ZZ", (0,), ())]) is None


def test_a_territory_too_small_to_shade_is_ringed():
    words = [text for text, *_ in boxes(chart([("VA", (0,), ()), ("IT", (1,), ())]).to_svg())]
    assert "ringed: too small to shade" in words
    assert "VA" in words
    assert "ringed: too small to shade" not in [t for t, *_ in boxes(chart([("IT", (0,), ())]).to_svg())]


def test_roles_are_told_by_lines_and_statuses_by_shapes():
    from zopa.charts.map import ACROSS, STATUS

    assert len({(across, role == "observer") for role, across in ACROSS.items()}) == len(ACROSS)
    venues = ("agreed", "proposed", "open", "refused", "dropped", "venue")
    assert len({STATUS[mark][0] for mark in venues}) == len(venues)
    assert Path(ROOT / "src/zopa/charts/land/natural-earth.json").stat().st_size < 400_000
