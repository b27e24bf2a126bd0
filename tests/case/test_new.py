"""New case folders: the skeleton reads without a problem, its examples too; folders written from data read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.case.folder import problems, read_case, read_waiting
from zopa.case.format import formatted
from zopa.case.new import new_case, write_case, write_source
from zopa.case.sources import read_sources
from zopa.claims.claim import Claim, text_digest
from zopa.claims.lines import Lines
from zopa.claims.source import Header, Source
from zopa.errors import CaseFileError

DAY = date(2026, 2, 5)


def test_the_skeleton_reads_without_a_problem(tmp_path):
    folder = new_case(tmp_path / "talks", title={"en": "Border talks", "zh": "边界：会谈"}, as_of=DAY)
    assert problems(folder) == ()
    case = read_case(folder)
    assert (case.file.title.zh, case.file.as_of, case.file.status) == ("边界：会谈", DAY, "draft")
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "private.yaml\nprivate.salt\n.zopa/\n"
    assert (folder / "claims.jsonl").read_text(encoding="utf-8") == ""


def test_its_examples_taken_out_of_comments_are_a_case_without_a_problem(tmp_path):
    folder = new_case(tmp_path / "talks", title="会谈", as_of=DAY)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert formatted(Lines("case.yaml", text)) == text
    (folder / "case.yaml").write_text(text.replace("#: ", "").replace("#:", "# :"), encoding="utf-8")
    assert [p.show() for p in problems(folder)] == []
    case = read_case(folder)
    assert case.negotiators == ("north", "south")
    assert case.draws(20).table.values[0].shape == (20, 2, 3)


def test_every_comment_of_the_skeleton_speaks_both_languages(tmp_path):
    folder = new_case(tmp_path / "talks", title="会谈", as_of=DAY)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    prose = [line for line in text.splitlines() if line.startswith("# ") and not line.startswith("#   ")]
    chinese = [any("\u4e00" <= c <= "\u9fff" for c in line) for line in prose]
    assert sum(chinese) >= len(prose) / 2


def test_a_folder_with_a_case_is_left_alone(tmp_path):
    folder = new_case(tmp_path, title="会谈", as_of=DAY)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    with pytest.raises(CaseFileError) as caught:
        new_case(folder, title="other", as_of=DAY)
    assert [p.code for p in caught.value.problems] == ["case-exists"]
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_an_existing_gitignore_gets_only_what_it_lacks(tmp_path):
    (tmp_path / ".gitignore").write_text("out\n.zopa/", encoding="utf-8")
    new_case(tmp_path, title="会谈", as_of=DAY)
    assert (tmp_path / ".gitignore").read_text(
        encoding="utf-8"
    ) == "out\n.zopa/\nprivate.yaml\nprivate.salt\n"


TEXT = "第一行。\n北方说不。\n"


def claim(review="candidate", **more):
    values = {
        "id": "c1",
        "source": "ribao",
        "sha256": text_digest(TEXT),
        "ranges": ((5, 9),),
        "quote": "北方说不",
        "type": "report",
        "origin": "north",
        "kind": "refusal",
        "review": review,
    }
    return Claim(**(values | more))


def test_a_case_written_from_data_reads_back(tmp_path):
    data = {
        "zopa": 1,
        "title": {"en": "Talks: round two", "zh": "会谈"},
        "as_of": DAY,
        "parties": {"north": {"name": "北方", "role": "negotiator"}},
        "red_lines": [{"party": "north", "on": "venue", "rejects": ["harbour"], "because": ["c1"]}],
        "places": {"harbour": {"name": "港城"}},
    }
    source = Source(
        id="ribao", header=Header(outlet={"zh": "港城日报"}, published=DAY, language="zh"), text=TEXT
    )
    folder = write_case(
        tmp_path / "x",
        data,
        sources=[source],
        claims=[claim("accepted")],
        candidates=[claim(), claim(id="k1", ranges=((0, 4),), quote=TEXT[0:4])],
        remarks=["由草稿\n生成"],
    )
    case = read_case(folder)
    assert case.ledger.claims == (claim("accepted"),)
    assert case.ledger.sources["ribao"] == source
    assert case.file.red_lines[0].because[0].claim == "c1"
    # A candidate that stands already is not proposed again.
    assert [c.id for c in read_waiting(folder)[1]] == ["k1"]
    assert (folder / "case.yaml").read_text(encoding="utf-8").startswith("# 由草稿 生成\nzopa: 1\ntitle:")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(["zh", "en", None]))
def test_the_text_of_a_source_reads_back_code_point_for_code_point(tmp_path_factory, text, language):
    folder = tmp_path_factory.mktemp("case")
    source = Source(
        id="新华社-0204", header=Header(outlet="新华社: 快讯", language=language, published=DAY), text=text
    )
    write_source(folder, source)
    read = read_sources(folder)
    assert read.problems == []
    assert read.sources["新华社-0204"].text == text
    assert read.sources["新华社-0204"].header == source.header


@pytest.mark.parametrize(
    "id_", ["../outside", "a/b", "", ".hidden", "..", "a\x00b", "x y", "/etc/passwd", "C:\\x"]
)
def test_no_source_is_written_outside_the_folder(tmp_path, id_):
    with pytest.raises(CaseFileError) as caught:
        write_source(tmp_path / "case", Source(id=id_, text="x"))
    assert [p.code for p in caught.value.problems] == ["source-name"]
    assert list(tmp_path.rglob("*")) == []
