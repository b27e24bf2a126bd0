"""``zopa share`` and ``--marking``: what is written, what is said, and what is refused."""

import pytest

from tests.brief.test_share import PRIVATE, made
from tests.cli.run import zopa
from zopa.case.folder import read_case


@pytest.fixture
def home(tmp_path):
    return made(tmp_path / "talks", private__yaml=PRIVATE.format(value=0.037, weight=3))


def test_a_case_is_shared_under_the_name_of_its_new_folder(tmp_path, home):
    ran = zopa(
        "share",
        home,
        "--out",
        tmp_path / "for-island",
        "--format",
        "case",
        "--without-claim",
        "c1",
        "--marking",
        "机密",
        "--lang",
        "en",
    )
    assert (ran.code, ran.err) == (0, "")
    assert "private.yaml is not read" in ran.out
    assert "1 claim is left out: c1" in ran.out
    assert "preferences.north.border" in ran.out
    assert "0.037" not in ran.out
    case = read_case(tmp_path / "for-island" / "for-island")
    assert case.file.redacted
    assert [c.id for c in case.ledger.claims] == ["c2"]


def test_a_preview_writes_nothing(tmp_path, home):
    ran = zopa(
        "share", home, "--out", tmp_path / "x", "--preview", "--without-speaker", "envoy", "--lang", "zh"
    )
    assert ran.code == 0
    assert "未写入任何文件" in ran.out
    assert not (tmp_path / "x").exists()


def test_json_tells_files_and_remarks(tmp_path, home):
    rows = zopa("share", home, "--out", tmp_path / "x", "--format", "case", "--json").json["rows"]
    assert {row["kind"] for row in rows} == {"file", "done", "look"}
    assert rows[0]["text"].endswith("/x/x")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--without-claim", "c9"], 1, "share-no-claim"),
        (["--marking", "x" * 10_000], 1, "marking-long"),
        (["--marking", "a\nb"], 1, "marking-character"),
        (["--format", "docx"], 2, "docx"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path, home, arguments, code, told):
    ran = zopa("share", home, "--out", tmp_path / "x", "--lang", "en", *arguments)
    assert ran.code == code
    assert told in ran.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["talks"]


def test_the_case_itself_is_never_written_to(home):
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    ran = zopa("share", home, "--out", home / "shared", "--lang", "en")
    assert (ran.code, "share-inside" in ran.err) == (1, True)
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == before


def test_a_brief_takes_a_marking(tmp_path, home):
    ran = zopa(
        "brief",
        home,
        "--out",
        tmp_path / "out",
        "--format",
        "md",
        "--marking",
        "CONFIDENTIAL",
        "--draws",
        60,
        "--lang",
        "en",
    )
    assert ran.code == 0
    text = (tmp_path / "out" / "talks.md").read_text(encoding="utf-8")
    assert text.startswith("**CONFIDENTIAL**\n")
    assert zopa("brief", home, "--out", tmp_path / "out", "--marking", "a\tb", "--lang", "en").code == 1
