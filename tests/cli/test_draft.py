"""``zopa draft`` and what ``zopa read --into`` tells of a case that stands already."""

from pathlib import Path

import pytest

from tests.cli.run import zopa
from tests.dossier.making import archive
from tests.dossier.test_moved import EARLY, LATER
from zopa.case.folder import problems, read_case


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    home = tmp_path / "papers"
    home.mkdir()
    (home / "early.txt").write_text(EARLY["zh"], encoding="utf-8")
    (home / "more.zip").write_bytes(archive({"en.txt": EARLY["en"].encode()}))
    return home


def test_a_folder_with_an_archive_becomes_one_case(papers: Path, tmp_path: Path):
    ran = zopa("draft", papers, "--published", "2026-02-05", "--into", tmp_path / "talks", "--lang", "en")
    assert ran.code == 0, ran.err
    assert "2 documents" in ran.out
    assert "zopa review" in ran.out
    case = read_case(tmp_path / "talks")
    assert problems(tmp_path / "talks") == ()
    assert set(case.ledger.sources) == {"early", "en"}
    assert case.negotiators == ("iran", "us")


def test_what_cannot_be_read_is_told_and_the_rest_is_drafted(papers: Path, tmp_path: Path):
    (papers / "broken.pdf").write_bytes(b"%PDF-1.7")
    ran = zopa("draft", papers, "--published", "2026-02-05", "--into", tmp_path / "talks", "--lang", "zh")
    assert ran.code == 1
    assert "broken.pdf" in ran.err and "[document-broken]" in ran.err
    assert read_case(tmp_path / "talks").negotiators == ("iran", "us")


def test_json_counts_what_was_drafted(papers: Path, tmp_path: Path):
    answer = zopa(
        "draft", papers / "early.txt", "--published", "2026-02-05", "--into", tmp_path / "t", "--json"
    ).json
    assert answer["ok"] and answer["unread"] == []
    assert {row["section"]: row["entries"] for row in answer["rows"]}["agendas"] == 2


@pytest.mark.parametrize(
    ("files", "published", "said"),
    [
        ({"a.txt": "Apples and pears."}, (), "--published"),
        ({"a.txt": ""}, ("--published", "2026-02-05"), "no document"),
        ({}, (), "no document"),
    ],
)
def test_nothing_to_draft_from(tmp_path: Path, files, published, said):
    home = tmp_path / "papers"
    home.mkdir()
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    ran = zopa("draft", home, *published, "--into", tmp_path / "talks", "--lang", "en")
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "talks").exists()


def test_a_case_that_is_there_is_left_alone(papers: Path, tmp_path: Path):
    for code in (0, 1):
        ran = zopa("draft", papers / "early.txt", "--published", "2026-02-05", "--into", tmp_path / "t")
        assert ran.code == code
    assert "[case-exists]" in ran.err


def test_a_later_article_says_what_it_moved(papers: Path, tmp_path: Path):
    case = tmp_path / "talks"
    zopa("draft", papers / "early.txt", "--published", "2026-02-05", "--into", case)
    later = tmp_path / "later.txt"
    later.write_text(LATER["zh"], encoding="utf-8")
    ran = zopa("read", later, "--published", "2026-02-09", "--into", case, "--lang", "zh")
    assert ran.code == 0
    assert "因此变动的内容" in ran.out
    assert "伊朗愿意讨论导弹问题" in ran.out
    again = zopa("read", later, "--published", "2026-02-09", "--into", case, "--lang", "zh")
    assert "因此变动" not in again.out


def test_what_moved_as_data(papers: Path, tmp_path: Path):
    case = tmp_path / "talks"
    zopa("draft", papers / "early.txt", "--published", "2026-02-05", "--into", case)
    home = tmp_path / "new"
    home.mkdir()
    (home / "later.txt").write_text(LATER["zh"], encoding="utf-8")
    answer = zopa("read", home, "--published", "2026-02-09", "--into", case, "--json").json
    agenda = next(change for change in answer["moved"] if change["kind"] == "agenda")
    assert agenda["how"] == "changed"
    assert agenda["because"]
