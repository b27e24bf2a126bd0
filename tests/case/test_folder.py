"""Reading case folders: everything in it, every problem of every file in one run, and not a byte changed."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case.made import CASE, HEADER, TEXT, claim_line, write
from tests.case.yamls import texts
from tests.shared import ROOT
from zopa.case.folder import problems, read, read_case, read_record, read_waiting
from zopa.case.record import put_candidates, settle
from zopa.claims.claim import Claim, text_digest
from zopa.claims.jsonl import read_records
from zopa.claims.lines import Lines
from zopa.claims.reviews import accept, record, reject
from zopa.errors import CaseFileError

NOW = datetime(2026, 2, 6, 9, 30, tzinfo=UTC)


def found(folder):
    return [(p.code, str(p.place)) for p in problems(folder)]


def test_a_sound_case(tmp_path):
    case = read_case(write(tmp_path))
    assert case.negotiators == ("north", "south")
    assert case.folder == tmp_path
    assert case.warnings == ()
    assert [c.review for c in case.ledger.claims] == ["accepted"]
    assert case.ledger.sources["ribao"].header.reliability == "B"
    assert case.ledger.sources["ribao"].text == TEXT


def test_every_problem_of_every_file_at_once_in_file_order(tmp_path):
    case = (
        CASE.replace("title:", "titel:")
        .replace("role: negotiates", "role: negotiate")
        .replace("status_quo: closed", "status_quo: shut")
        .replace("weight: 20,", "weight: 20 to 10,")
        .replace("best: full, worst: half, assumed: true", "best: full, worst: half")
        .replace("because: [c1]", "because: [c1, c7]")
        + "moves:\n  - {id: m, party: nroth, on: 2026-03-01, name: 离席, chosen: leave}\n"
        + "standoff:\n  options: [{id: strike, party: north, name: 打击}]\n  infeasible: [strike and]\n"
    )
    claims = (
        claim_line()
        + claim_line("c2", quote="边界将会开放")
        + '{"id": "c3",\n'
        + claim_line("c4", kind="demands")
    )
    write(
        tmp_path,
        case,
        claims=claims,
        private__yaml="partys: {}\n",
        candidates__jsonl=claim_line("k1", source="nowhere"),
        reviews__jsonl='{"action": "accept"}\n',
        sources={"ribao.md": f"---\n{HEADER}---\n\n{TEXT}", "wanbao.md": "---\noutlet: x\npublished: 2026-02-31\n---\n\nx"},
    )  # fmt: skip
    assert found(tmp_path) == [
        ("missing-key", "case.yaml"),
        ("unknown-key", "case.yaml:2:1"),
        ("not-a-choice", "case.yaml:9:41"),
        ("status-quo", "case.yaml:15:17"),
        ("dangling-id", "case.yaml:23:73"),
        ("estimate-order", "case.yaml:24:20"),
        ("dangling-id", "case.yaml:29:20"),
        ("date-order", "case.yaml:29:31"),
        ("standoff-alone", "case.yaml:31:3"),
        ("expression", "case.yaml:32:25"),
        ("unknown-key", "private.yaml:1:1"),
        ("claim-quote", "claims.jsonl:2:141"),
        ("line-json", "claims.jsonl:3:12"),
        ("not-a-choice", "claims.jsonl:4:195"),
        ("claim-source", "candidates.jsonl:1:24"),
        ("missing-key", "reviews.jsonl:1:1"),
        ("missing-key", "reviews.jsonl:1:1"),
        ("date-impossible", "sources/wanbao.md:3:12"),
    ]
    with pytest.raises(CaseFileError) as caught:
        read_case(tmp_path)
    assert len(caught.value.problems) == 17
    assert caught.value.show("zh").count("提示") >= 10


def test_what_was_refused_is_not_missed_elsewhere(tmp_path):
    """A broken issue, a broken claim: nothing else is blamed for not finding them."""
    case = (
        CASE.replace("    name: 边界\n", "")
        + "agendas: {narrow: {issues: [border], wanted_by: [south], assumed: true}}\n"
    )
    write(tmp_path, case, claims=claim_line().replace(', "type"', ' "type"'))
    assert [code for code, _ in found(tmp_path)] == ["missing-key", "line-json"]


def test_a_case_that_cannot_be_parsed_still_has_its_other_files_checked(tmp_path):
    write(tmp_path, "title: [\n", claims=claim_line(quote="x"))
    assert [code for code, _ in found(tmp_path)] == ["yaml-bracket", "claim-quote"]
    assert read(tmp_path)[0] is None


def test_texts_can_be_tried_before_they_are_written(tmp_path):
    write(tmp_path)
    case, tried = read(tmp_path, instead={"case.yaml": CASE.replace("status_quo: full", "status_quo: none")})
    assert [p.code for p in tried] == ["status-quo"]
    assert case.file.issues["fees"].status_quo == "none"
    assert problems(tmp_path) == ()


def test_plain_texts_are_sources_too_and_other_files_are_left_alone(tmp_path):
    write(tmp_path)
    (tmp_path / "sources" / "note.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sources" / "scan.pdf").write_bytes(b"%PDF\xff")
    (tmp_path / "sources" / ".~lock.md").write_bytes(b"\xff")
    (tmp_path / "sources" / "folder.md").mkdir()
    case = read_case(tmp_path)
    assert list(case.ledger.sources) == ["note", "ribao"]
    assert case.ledger.sources["note"].header.reliability == "F"


@pytest.mark.parametrize("written", ["2026-02-04", '"2026-02-04"', "'2026-02-04'"])
def test_days_of_a_header_may_stand_in_quotes(tmp_path, written):
    write(tmp_path, sources={"ribao.md": f"---\npublished: {written}\n---\n\n{TEXT}"})
    assert read_case(tmp_path).ledger.sources["ribao"].header.published.isoformat() == "2026-02-04"


def test_problems_of_a_header_stand_at_their_line(tmp_path):
    write(tmp_path, sources={"ribao.md": f"---\noutlet: 日报\nreliabilty: B\nlanguage: fr\n---\n\n{TEXT}"})
    assert found(tmp_path) == [
        ("unknown-key", "sources/ribao.md:3:1"),
        ("not-a-choice", "sources/ribao.md:4:11"),
    ]


def test_windows_line_ends_are_characters_of_the_text_like_others(tmp_path):
    text = TEXT.replace("。", "。\r\n").removesuffix("\n")
    start = text.index("南方")
    claim = claim_line(sha256=text_digest(text), ranges=[[start, start + 2]], quote="南方")
    header = HEADER.replace("\n", "\r\n")
    write(
        tmp_path,
        CASE.replace("\n", "\r\n"),
        claims=claim.replace("\n", "\r\n"),
        sources={"ribao.md": f"---\r\n{header}---\r\n\r\n{text}"},
    )
    assert problems(tmp_path) == ()
    assert read_case(tmp_path).ledger.sources["ribao"].text == text


# ---- nothing is written by reading


def snapshot(folder):
    return {
        p.relative_to(folder): (p.read_bytes(), p.stat().st_mtime_ns)
        for p in folder.rglob("*")
        if p.is_file()
    }


@given(
    texts(),
    st.binary(max_size=80),
    st.sampled_from(["case.yaml", "private.yaml", "claims.jsonl", "reviews.jsonl", "sources/x.md"]),
)
def test_reading_changes_no_byte_whatever_stands_there(tmp_path_factory, text, junk, name):
    folder = write(tmp_path_factory.mktemp("case"), text)
    (folder / name).write_bytes(junk)
    before = snapshot(folder)
    read(folder)
    assert snapshot(folder) == before
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "example", sorted((ROOT / "src/zopa/examples").glob("*/case.yaml")), ids=lambda p: p.parent.name
)
def test_the_examples_are_read_without_an_error_or_a_change(example):
    before = snapshot(example.parent)
    assert [p.show() for p in problems(example.parent) if p.severity == "error"] == []
    assert snapshot(example.parent) == before


# ---- never outside the folder


@pytest.mark.parametrize(
    "name",
    [
        "case.yaml",
        "private.yaml",
        "claims.jsonl",
        "candidates.jsonl",
        "reviews.jsonl",
        "sources/x.md",
        "sources",
    ],
)
def test_links_out_of_the_folder_are_refused(tmp_path, name):
    secret = tmp_path / "secret"
    outside = secret if name == "sources" else secret / "file"
    secret.mkdir()
    (secret / "file").write_text("root:x:0:0\n", encoding="utf-8")
    folder = write(tmp_path / "case")
    target = folder / name
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    target.symlink_to(outside)
    told = problems(folder)
    assert ("file-outside", name) in [(p.code, str(p.place)) for p in told]
    assert not any("root:" in p.show() for p in told)


def test_links_inside_the_folder_are_followed(tmp_path):
    folder = write(tmp_path)
    (folder / "sources" / "ribao.md").rename(folder / "ribao.md")
    (folder / "sources" / "ribao.md").symlink_to(folder / "ribao.md")
    assert problems(folder) == ()


def test_a_folder_may_itself_be_a_link(tmp_path):
    write(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert problems(tmp_path / "link") == ()


@pytest.mark.parametrize("source", ["../outside", "/etc/passwd", "sources/ribao", "..\\x"])
def test_ids_never_become_paths(tmp_path, source):
    (tmp_path / "outside.md").write_text(TEXT, encoding="utf-8")
    write(tmp_path / "case", claims=claim_line(source=source))
    assert [code for code, _ in found(tmp_path / "case")] == ["claim-source"]


def test_pipes_are_not_waited_for(tmp_path):
    folder = write(tmp_path)
    (folder / "claims.jsonl").unlink()
    os.mkfifo(folder / "claims.jsonl")
    assert ("file-not-regular", "claims.jsonl") in found(folder)


# ---- the record: candidates and decisions


def one(line):
    return read_records(Lines("", line), Claim).records[0]


def test_decisions_count_as_soon_as_they_are_recorded(tmp_path):
    write(tmp_path, candidates__jsonl=claim_line("k1", 13, 20) + claim_line("k2", 21, 25))
    sources, waiting = read_waiting(tmp_path)
    assert list(sources) == ["ribao"]
    assert [c.id for c in waiting] == ["k1", "k2"]
    record(tmp_path, accept(waiting[0], author="陈", at=NOW))
    assert [c.id for c in read_case(tmp_path).ledger.claims] == ["c1", "k1"]
    assert [c.id for c in read_waiting(tmp_path)[1]] == ["k2"]
    record(tmp_path, reject(waiting[1], author="陈", at=NOW))
    assert read_waiting(tmp_path)[1] == ()
    record(tmp_path, reject(one(claim_line()), author="陈", at=NOW))
    assert [code for code, _ in found(tmp_path)] == ["dangling-id"]


def test_settling_writes_what_reading_gives(tmp_path):
    write(tmp_path, candidates__jsonl=claim_line("k1", 13, 20))
    record(tmp_path, accept(read_waiting(tmp_path)[1][0], author="陈", at=NOW))
    before = read_case(tmp_path)
    assert settle(tmp_path) == 2
    assert (tmp_path / "claims.jsonl").read_text(encoding="utf-8").count("\n") == 2
    assert read_case(tmp_path) == before
    assert settle(tmp_path) == 2
    (tmp_path / "reviews.jsonl").unlink()
    assert read_case(tmp_path) == before


def test_a_document_read_again_takes_back_nothing(tmp_path):
    write(tmp_path, candidates__jsonl=claim_line("k1", 13, 20) + claim_line("k2", 21, 25))
    for claim, decide in zip(read_waiting(tmp_path)[1], (accept, reject), strict=True):
        record(tmp_path, decide(claim, author="陈", at=NOW))
    # The reader now gives k1's id to other words, finds k1's words under another id, and k2's words again.
    again = [
        one(claim_line("k1", 0, 4)),
        one(claim_line("k3", 13, 20, kind="threat")),
        one(claim_line("k4", 21, 25)),
    ]
    new = put_candidates(tmp_path, again)
    assert [(c.id, c.quote) for c in new] == [("k1-2", TEXT[0:4])]
    assert [(c.id, c.kind) for c in read_case(tmp_path).ledger.claims] == [
        ("c1", "refusal"),
        ("k1", "refusal"),
    ]
    put_candidates(tmp_path, [])
    assert len(read_record(tmp_path)[1].accepted) == 2


def test_a_decision_does_not_make_words_true(tmp_path):
    write(tmp_path)
    record(tmp_path, accept(one(claim_line("k1", 13, 20, quote="南方同意了。")), author="x", at=NOW))
    assert found(tmp_path) == [("claim-quote", "reviews.jsonl:1:1")]
    with pytest.raises(CaseFileError):
        read_waiting(tmp_path)


def test_candidates_of_other_documents_stay(tmp_path):
    other = f"---\n{HEADER}---\n\n{TEXT}"
    write(
        tmp_path, candidates__jsonl=claim_line("k1", 13, 20), sources={"ribao.md": other, "wanbao.md": other}
    )
    put_candidates(tmp_path, [one(claim_line("w1", 0, 4, source="wanbao"))])
    assert [c.id for c in read_waiting(tmp_path)[1]] == ["k1", "w1"]


def test_false_candidates_are_not_even_written(tmp_path):
    write(tmp_path, candidates__jsonl=claim_line("k1", 13, 20))
    before = snapshot(tmp_path)
    with pytest.raises(CaseFileError) as caught:
        put_candidates(tmp_path, [one(claim_line("k2", 0, 4)), one(claim_line("k3", 0, 4, quote="南方同意"))])
    assert [(p.code, p.place.line) for p in caught.value.problems] == [("claim-quote", 2)]
    assert snapshot(tmp_path) == before
