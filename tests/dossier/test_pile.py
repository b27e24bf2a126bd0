"""Piles of documents: nothing lost, nothing twice, the same whatever does the work and however often it is cut off."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from tests.dossier.making import PARAGRAPHS, archive, web_page, word
from zopa.case.folder import read_case, read_record
from zopa.case.new import new_case
from zopa.claims.copies import copies
from zopa.claims.jsonl import CANDIDATES
from zopa.dossier import pile
from zopa.dossier.into import read_into
from zopa.dossier.pile import READINGS, Reading, read_pile
from zopa.errors import CaseFileError
from zopa.workers import On

DAY = date(2026, 2, 5)
TODAY = date(2026, 3, 1)


def text(k: int) -> str:
    return "\n".join(f"{p[:-1]}，这是第{k}份。" for p in PARAGRAPHS)


@pytest.fixture
def papers(tmp_path):
    """Eleven documents in a folder, one of them twice, and four files that cannot be read."""
    home = tmp_path / "papers"
    home.mkdir()
    for k in range(6):
        (home / f"n{k}.txt").write_text(text(k), encoding="utf-8")
    (home / "again.txt").write_text(text(3), encoding="utf-8")
    (home / "page.html").write_text(web_page(), encoding="utf-8")
    (home / "word.docx").write_bytes(word())
    members = {"n1.txt": text(7).encode(), "d/n1.txt": text(8).encode(), "n.zip": b"x", "../x.txt": b"x"}
    (home / "z.zip").write_bytes(archive(members))
    (home / "empty.txt").write_bytes(b"")
    (home / "broken.pdf").write_bytes(b"%PDF-1.7")
    return home


def case(tmp_path: Path, name: str) -> Path:
    return new_case(tmp_path / name, title={"en": "Talks", "zh": "会谈"}, as_of=TODAY)


def read(
    papers: Path, into: Path | None, on: On = "threads", workers: int = 2, **more: object
) -> list[Reading]:
    return list(
        read_pile([papers], into, published=DAY, today=TODAY, on=on, workers=workers, **more)  # type: ignore[arg-type]
    )


def told(folder: Path) -> dict[str, str]:
    """What a case holds, less the time at which it was read."""
    files = {str(p.relative_to(folder)): p.read_text() for p in sorted((folder / "sources").iterdir())}
    lines = [json.loads(line) for line in (folder / READINGS).read_text().splitlines()]
    for line in lines:
        line.pop("at")
    return {**files, CANDIDATES: (folder / CANDIDATES).read_text(), READINGS: json.dumps(lines)}


def test_everything_that_can_be_read_is_in_the_case(papers, tmp_path):
    folder = case(tmp_path, "talks")
    readings = read(papers, folder)
    assert [(r.name, r.known, [p.code for p in r.problems]) for r in readings if r.problems or r.known] == [
        ("broken.pdf", False, ["document-broken"]),
        ("empty.txt", False, ["document-empty"]),
        ("n3.txt", True, []),
        # The same text in another kind of file.
        ("word.docx", True, []),
        ("z.zip/../x.txt", False, ["archive-path"]),
        ("z.zip/n.zip", False, ["archive-nested"]),
    ]
    sources, record = read_record(folder)
    assert sorted(sources) == ["again", "n0", "n1", "n1-2", "n1-3", "n2", "n4", "n5", "page"]
    assert all(s.header.published == DAY for s in sources.values())
    assert len(record.waiting) == sum(r.claims for r in readings) > 25
    assert read_case(folder).ledger.sources.keys() == sources.keys()


def test_a_second_time_there_is_nothing_to_do(papers, tmp_path):
    folder = case(tmp_path, "talks")
    read(papers, folder)
    before = told(folder)
    again = read(papers, folder)
    assert all(r.known for r in again if not r.problems)
    assert told(folder) == before
    (papers / "new.txt").write_text(text(99), encoding="utf-8")
    assert [r.name for r in read(papers, folder) if r.claims] == ["new.txt"]


@pytest.mark.parametrize(("on", "workers"), [("threads", 1), ("processes", 1), ("processes", 2)])
def test_it_does_not_matter_who_does_the_work(papers, tmp_path, on, workers):
    one, other = case(tmp_path, "one"), case(tmp_path, "other")
    read(papers, one)
    read(papers, other, on, workers)
    assert told(one) == told(other)


def test_batches_do_not_matter(papers, tmp_path, monkeypatch):
    one, other = case(tmp_path, "one"), case(tmp_path, "other")
    read(papers, one)
    monkeypatch.setattr(pile, "BATCH", 1)
    monkeypatch.setattr(pile, "BATCH_BYTES", 400)
    read(papers, other, workers=1)
    assert told(one) == told(other)


@pytest.mark.parametrize("cut", ["after the source", "after the claims"])
def test_a_reading_cut_off_is_made_good(papers, tmp_path, monkeypatch, cut):
    """Between the source and its line in the readings anything may happen: the document is then read again."""
    whole, folder = case(tmp_path, "whole"), case(tmp_path, "talks")
    read(papers, whole)
    calls = []
    real = pile.append_line

    def failing(path: Path, line: str) -> None:
        calls.append(path.name)
        if calls.count(CANDIDATES) == 3 and path.name == (
            CANDIDATES if cut == "after the source" else READINGS
        ):
            raise KeyboardInterrupt
        real(path, line)

    monkeypatch.setattr(pile, "append_line", failing)
    with pytest.raises(KeyboardInterrupt):
        read(papers, folder)
    monkeypatch.setattr(pile, "append_line", real)
    read(papers, folder)
    assert sorted((folder / CANDIDATES).read_text().splitlines()) == sorted(
        (whole / CANDIDATES).read_text().splitlines()
    )
    assert sorted(read_record(folder)[0]) == sorted(read_record(whole)[0])


def test_a_process_killed_in_the_middle_loses_nothing(papers, tmp_path):
    for k in range(100, 400):
        (papers / f"m{k}.txt").write_text(text(k), encoding="utf-8")
    folder = case(tmp_path, "talks")
    command = [
        str(Path(sys.executable).with_name("zopa")),
        "read",
        str(papers),
        "--into",
        str(folder),
        "--workers",
        "1",
    ]
    command += ["--published", "2026-02-05"]
    ran = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    readings = folder / READINGS
    until = time.monotonic() + 60
    while ran.poll() is None and time.monotonic() < until:
        if readings.exists() and readings.read_text().count("\n") > 20:
            os.kill(ran.pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    ran.wait()
    first = readings.read_text().count("\n")
    assert 20 < first < 309
    read(papers, folder)
    sources, record = read_record(folder)
    assert len(sources) == 309
    assert len({claim.id for claim in record.waiting}) == len(record.waiting)
    assert {claim.source for claim in record.waiting} == set(sources)


def test_what_was_read_by_itself_is_not_there_twice(papers, tmp_path):
    folder = case(tmp_path, "talks")
    claims = read_into(folder, papers / "n2.txt", published=DAY, today=TODAY)
    read(papers, folder)
    sources, record = read_record(folder)
    assert "n2-2" not in sources
    assert [c.id for c in record.waiting if c.source == "n2"] == [c.id for c in claims]


def marked(outlet: str, more: str = "") -> str:
    return f"---\noutlet: {outlet}\npublished: 2026-02-04\n{more}---\n\n{text(1)}"


def test_a_text_that_another_outlet_carries_is_kept_with_its_carrier_and_counts_once(tmp_path):
    home = tmp_path / "papers"
    home.mkdir()
    for name, outlet in (("a", "通讯社甲"), ("b", "乙报"), ("c", "通讯社甲")):
        # Another link makes other bytes of the same text from the same outlet.
        more = "link: https://example.org/c\n" if name == "c" else ""
        (home / f"{name}.md").write_text(marked(outlet, more), encoding="utf-8")
    (home / "d.txt").write_text(text(1), encoding="utf-8")
    folder = case(tmp_path, "talks")
    first = read(home, folder)
    assert [(r.name, r.known) for r in first] == [
        ("a.md", False),
        ("b.md", False),
        ("c.md", True),
        ("d.txt", True),
    ]
    assert all(r.known for r in read(home, folder))
    sources, record = read_record(folder)
    assert {s.outlet for s in sources.values()} == {"通讯社甲", "乙报"}
    copied = copies(sources, record.waiting)
    own = [c for c in record.waiting if c.source == "a"]
    assert own
    # Published on one day, the first by name counts as the original.
    assert {c.id for c in own} == set(copied)
    assert {copied[c.id] for c in own} == {c.id for c in record.waiting if c.source == "b"}

    one = case(tmp_path, "one-by-one")
    given = [len(read_into(one, home / name, today=TODAY)) for name in ("a.md", "b.md", "c.md", "d.txt")]
    assert given == [len(own), len(own), 0, 0]


def test_two_readings_of_one_case_do_not_meet(papers, tmp_path):
    folder = case(tmp_path, "talks")
    first = read_pile([papers], folder, published=DAY, on="threads", workers=1)
    next(first)
    with pytest.raises(CaseFileError) as error:
        read(papers, folder)
    assert [p.code for p in error.value.problems] == ["reading-busy"]
    first.close()
    assert read(papers, folder)


def test_a_line_that_says_nothing_is_told_with_its_number(papers, tmp_path):
    folder = case(tmp_path, "talks")
    (folder / READINGS).write_text('{"source": "a"}\n', encoding="utf-8")
    with pytest.raises(CaseFileError) as error:
        read(papers, folder)
    [problem] = error.value.problems
    assert (problem.code, problem.place.file, problem.place.line) == ("reading-line", READINGS, 1)


def test_without_a_case_nothing_is_written(papers):
    before = sorted(papers.rglob("*"))
    readings = read(papers, None)
    assert sum(r.claims for r in readings) > 25
    assert sorted(papers.rglob("*")) == before


def test_on_a_real_dask_cluster_of_two_processes(papers, tmp_path):
    pytest.importorskip("distributed")
    one, other = case(tmp_path, "one"), case(tmp_path, "other")
    read(papers, one)
    # The port that a first cluster on this machine would have taken.
    with socket.socket() as taken:
        with contextlib.suppress(OSError):
            taken.bind(("", 8787))
            taken.listen()
        read(papers, other, "dask", 2)
    assert told(one) == told(other)


def test_workers_make_sense():
    with pytest.raises(ValueError, match="workers is 0"):
        list(read_pile([], None, workers=0))
