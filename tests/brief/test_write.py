"""A case's brief as files, and the brief as Markdown."""

import re
from pathlib import Path

import pytest

from tests.brief.samples import HOSTILE, ask_zone, sample_brief, sample_case
from zopa.brief import markdown
from zopa.brief.write import file_name, write_brief
from zopa.errors import IncompleteCaseError


@pytest.fixture
def two_analyses(monkeypatch: pytest.MonkeyPatch) -> None:
    import zopa

    def lacking(case, *, draws, seed):
        raise IncompleteCaseError.of("needs-issues")

    monkeypatch.setattr(zopa, "ANALYSES", ("setting", "zone"))
    monkeypatch.setitem(vars(zopa), "zone", ask_zone)
    monkeypatch.setitem(vars(zopa), "setting", lacking)


@pytest.mark.usefixtures("two_analyses")
def test_both_formats_are_written_under_the_cases_name(tmp_path: Path):
    case = sample_case()
    page, text = write_brief(case, tmp_path / "out", formats=("html", "md"), lang="en", draws=10)
    assert page.name == "Talks -b-in--b- Port & Bay.html"
    assert text.suffix == ".md"
    assert '<html lang="en">' in page.read_text(encoding="utf-8")
    picture = re.search(r"!\[.*\]\((.*?\.svg)\)", text.read_text(encoding="utf-8"))[1]
    assert (text.parent / picture).read_text(encoding="utf-8").startswith("<svg role")


@pytest.mark.usefixtures("two_analyses")
def test_the_same_case_and_seed_give_the_same_bytes(tmp_path: Path):
    one, two = (write_brief(sample_case(), tmp_path / name, formats=("html", "md")) for name in "ab")
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_an_unknown_format_is_refused_before_anything_is_run(tmp_path: Path):
    with pytest.raises(ValueError, match="write_brief: formats must be among html, pdf, md, not 'docx'"):
        write_brief(sample_case(), tmp_path, formats=("docx",))


@pytest.mark.parametrize(
    ("case", "name"), [("muscat-2026", "muscat-2026"), ("a/b\\c", "a-b-c"), ("..", "brief")]
)
def test_a_case_name_never_leaves_the_folder(case: str, name: str):
    assert file_name(case) == name


def test_markdown_tells_what_the_page_tells():
    text = markdown.render(sample_brief("draft"), lang="zh", charts={"zone": "zh/zone.svg"})
    assert text.startswith("# **[草稿]** 港湾会谈\n")
    assert "![各方接受的概率：两行](zh/zone.svg)" in text
    assert "| 美国 | 60% | 35% | [c1](#claim-c1) [c2](#claim-c2) [c5](#claim-c5) |" in text
    assert "| 伊朗 | 40% | 35% | 无主张 |" in text
    assert '<a id="claim-c1"></a>**c1** 拒绝 · B2' in text
    assert "**导弹问题不容谈判**" in text
    assert text.count("**[草稿]**") >= 8
    for link in re.findall(r"\]\(#([^)]+)\)", text):
        assert f'<a id="{link}"></a>' in text


def test_markdown_shows_hostile_text_as_text():
    text = markdown.render(sample_brief(), lang="en")
    assert HOSTILE not in text
    assert "<script>" not in text
    assert "<img" not in text.replace("\\<img", "")
    assert markdown.escape("# *a* <b> [x](y) |") == r"\# \*a\* \<b\> \[x\](y) \|"
    assert markdown.escape("1. eins") == r"1\. eins"
    assert markdown.escape("- a\n- b") == r"\- a - b"
