"""``zopa read``: a document to candidate claims, printed or put before a reviewer."""

import json
from pathlib import Path

import pytest

import zopa as package
from tests.cli.run import zopa

ARTICLE = """伊朗外长阿拉格齐4日在社交媒体上说，会谈将于6日在马斯喀特举行。
一名不愿具名的美国官员说：“不谈导弹，会谈就没有意义。”
"""
HEADED = (
    """---
outlet: {en: Gazette, zh: 公报}
published: 2026-02-05
reliability: B
---

"""
    + ARTICLE
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "新闻.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    assert zopa("new", tmp_path / "talks").code == 0
    return tmp_path / "talks"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("lang", "shown"), [("en", "an unattributed"), ("zh", "未注明出处的报道")])
def test_a_voice_that_nobody_names_is_called_so_in_the_reader_s_language(
    tmp_path: Path, lang: str, shown: str
):
    path = tmp_path / "news.txt"
    path.write_text("据报道，会谈可能推迟。\n", encoding="utf-8")
    ran = zopa("read", path, "--published", "2026-02-05", "--lang", lang)
    assert shown in ran.out
    assert "unspecified report" not in ran.out
    # The data keeps one value for both languages.
    [row] = zopa("read", path, "--published", "2026-02-05", "--json", "--lang", lang).json["rows"]
    assert row["speaker_head"] == "unspecified report"


def test_rows_are_the_claims_that_python_gives(article: Path):
    answer = zopa("read", article, "--published", "2026-02-05", "--json").json
    claims = package.read(article, published="2026-02-05")
    assert claims
    assert answer["rows"] == [claim.model_dump(mode="json") for claim in claims]
    assert {key: answer[key] for key in ("ok", "command", "case", "method", "seed")} == {
        "ok": True, "command": "read", "case": "", "method": "rules", "seed": 0,
    }  # fmt: skip
    assert answer["parameters"] == {"file": str(article), "published": "2026-02-05", "into": None}


def test_every_row_stands_at_its_ranges(article: Path):
    for row in zopa("read", article, "--json").json["rows"]:
        assert "".join(ARTICLE[a:b] for a, b in row["ranges"]) == row["quote"]


def test_a_table_for_people(article: Path):
    ran = zopa("read", article, "--published", "2026-02-05", "--lang", "zh")
    assert ran.code == 0
    assert "阿拉格齐" in ran.out
    assert "2026-02-04" in ran.out
    assert "发言者" in ran.out


def test_a_text_without_claims_says_so(tmp_path: Path):
    (tmp_path / "list.txt").write_text("Apples, pears, plums.\n", encoding="utf-8")
    ran = zopa("read", tmp_path / "list.txt", "--lang", "en")
    assert (ran.code, ran.out) == (0, f"{tmp_path}/list.txt: no claim was found\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "document-empty"), (b"{\\rtf1 text}", "document-binary"), (b"%PDF-1.7\n", "document-broken")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str):
    (tmp_path / "article.txt").write_bytes(content)
    for command in ("read", "brief"):
        ran = zopa(command, tmp_path / "article.txt", "--published", "2026-02-05", "--lang", "en")
        assert ran.code == 1 and f"[{code}]" in ran.err


def test_into_a_case_as_source_and_candidates_never_as_accepted(article: Path, case: Path):
    ran = zopa("read", article, "--published", "2026-02-05", "--into", case, "--lang", "en")
    assert ran.code == 0
    found = lines(case / "candidates.jsonl")
    assert ran.out.startswith(f"{len(found)} candidate")
    assert {row["review"] for row in found} == {"candidate"}
    assert (case / "claims.jsonl").read_text(encoding="utf-8") == ""
    source = (case / "sources" / "新闻.md").read_text(encoding="utf-8")
    assert source.endswith(ARTICLE)
    assert "published: 2026-02-05" in source
    assert "file: 新闻.txt" in source
    assert "language: zh" in source
    assert zopa("check", case).code == 0


def test_reading_the_same_text_again_adds_nothing(article: Path, case: Path):
    zopa("read", article, "--into", case)
    before = {p.name: p.read_bytes() for p in sorted(case.rglob("*")) if p.is_file()}
    ran = zopa("read", article, "--into", case, "--lang", "zh")
    assert ran.code == 0
    assert ran.out.startswith("没有新内容")
    copy = article.with_name("copy.txt")
    copy.write_bytes(article.read_bytes())
    assert zopa("read", copy, "--into", case, "--json").json["rows"] == []
    assert {p.name: p.read_bytes() for p in sorted(case.rglob("*")) if p.is_file()} == before


def test_another_text_of_the_same_name_gets_an_id_of_its_own(article: Path, case: Path):
    zopa("read", article, "--into", case)
    article.write_text(ARTICLE.replace("马斯喀特", "伊斯坦布尔"), encoding="utf-8")
    rows = zopa("read", article, "--into", case, "--json").json["rows"]
    assert {row["source"] for row in rows} == {"新闻-2"}
    ids = [row["id"] for row in lines(case / "candidates.jsonl")]
    assert len(ids) == len(set(ids))
    assert zopa("check", case).code == 0


def test_a_source_with_a_header_brings_its_facts(tmp_path: Path, case: Path):
    path = tmp_path / "gazette.md"
    path.write_text(HEADED, encoding="utf-8")
    rows = zopa("read", path, "--json").json["rows"]
    assert "公报" in {row["outlet"] for row in rows}
    zopa("read", path, "--into", case)
    text = (case / "sources" / "gazette.md").read_text(encoding="utf-8")
    assert "reliability: B" in text
    assert text.endswith(ARTICLE)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("published: soon\n", "gazette.md:2:12: "),
        ("outlets: a\n", "gazette.md:2:1: "),
        ("outlet: a\nlink: [b\n", "[yaml-bracket]"),
    ],
)
def test_a_wrong_header_is_shown_at_its_place(tmp_path: Path, header: str, told: str):
    path = tmp_path / "gazette.md"
    path.write_text(f"---\n{header}---\n\n{ARTICLE}", encoding="utf-8")
    ran = zopa("read", path)
    assert ran.code == 1
    assert ran.err.startswith("gazette.md:")
    assert told in ran.err


def test_a_missing_document_is_named(tmp_path: Path):
    ran = zopa("read", tmp_path / "nothing.txt", "--json")
    assert ran.code == 1
    assert ran.json["errors"][0]["file"] == "nothing.txt"


def test_a_case_that_is_not_there_gets_nothing(article: Path, tmp_path: Path):
    ran = zopa("read", article, "--into", tmp_path / "no-case")
    assert ran.code == 1
    assert "no-case" in ran.err
    assert not (tmp_path / "no-case").exists()


def test_a_shipped_example_is_not_written_to(article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    ran = zopa("read", article, "--into", "elmira", "--lang", "en")
    assert ran.code == 2
    assert "elmira is a shipped example" in ran.err
