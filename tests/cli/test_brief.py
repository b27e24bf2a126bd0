"""``zopa brief``: the page of a case, and of a raw article by way of a draft."""

from pathlib import Path

import pytest

from tests.cli.run import zopa

ARTICLE = """美国和伊朗官员4日证实，两国代表将于6日在阿曼首都马斯喀特会谈。
伊朗外长阿拉格齐说，会谈只谈核问题，铀浓缩的权利不可谈判，伊朗不会就导弹进行谈判。
美国国务卿鲁比奥说，会谈必须包括弹道导弹射程，伊朗必须放弃铀浓缩。
伊朗要求解除制裁。美国表示制裁将继续。
以色列总理说，以色列支持美国的立场。
"""
FEW = ("--draws", "50")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def test_the_summary_then_the_path():
    ran = zopa("brief", "england-zimbabwe", *FEW, "--lang", "en")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "record as of" in lines[0]
    assert lines[-1] == "out/england-zimbabwe.html"
    assert "What do we know, from whom, how well, and what contradicts what?" in lines
    assert Path("out/england-zimbabwe.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_both_formats_where_asked_for():
    ran = zopa(
        "brief", "england-zimbabwe", *FEW, "--format", "html", "--format", "md", "--out", "页", "--lang", "zh"
    )
    assert ran.out.splitlines()[-2:] == ["页/england-zimbabwe.html", "页/england-zimbabwe.md"]
    assert "英格兰" in Path("页/england-zimbabwe.md").read_text(encoding="utf-8")


def test_json_names_files_and_headlines():
    answer = zopa("brief", "england-zimbabwe", *FEW, "--json", "--lang", "en").json
    [row] = answer["rows"]
    assert row["file"] == "out/england-zimbabwe.html"
    assert [s["section"] for s in row["sections"]][:4] == ["record", "wants", "setting", "agenda"]
    assert all(s["headline"] for s in row["sections"])


def test_a_raw_article_is_read_drafted_and_briefed():
    Path("新闻.txt").write_text(ARTICLE, encoding="utf-8")
    ran = zopa("brief", "新闻.txt", "--published", "2026-02-05", *FEW, "--lang", "zh")
    assert ran.code == 0
    assert ran.out.startswith("[草稿] ")
    assert ran.out.splitlines()[-1] == "out/新闻-draft.html"
    page = Path("out/新闻-draft.html").read_text(encoding="utf-8")
    assert "草稿" in page
    assert "Draft" in page
    case = Path("out/新闻-draft/case.yaml").read_text(encoding="utf-8")
    assert "status: draft" in case
    assert zopa("check", "out/新闻-draft").code == 0
    assert Path("out/新闻-draft/claims.jsonl").read_text(encoding="utf-8") == ""


def test_a_draft_that_somebody_works_on_is_used_again():
    Path("news.txt").write_text(ARTICLE, encoding="utf-8")
    call = ("brief", "news.txt", "--published", "2026-02-05", *FEW, "--lang", "en")
    zopa(*call)
    case = Path("out/news-draft/case.yaml")
    case.write_text(case.read_text(encoding="utf-8") + "# my remark\n", encoding="utf-8")
    ran = zopa(*call)
    assert ran.code == 0
    assert "holds the draft of this text already" in ran.err
    assert case.read_text(encoding="utf-8").endswith("# my remark\n")


def test_a_draft_of_another_text_is_not_mixed_with_it():
    Path("news.txt").write_text(ARTICLE, encoding="utf-8")
    zopa("brief", "news.txt", "--published", "2026-02-05", *FEW)
    Path("news.txt").write_text(ARTICLE + "完。", encoding="utf-8")
    ran = zopa("brief", "news.txt", "--published", "2026-02-05", *FEW, "--lang", "en")
    assert ran.code == 2
    assert "holds a draft of another text" in ran.err


def test_an_article_without_a_day_asks_for_one():
    Path("news.txt").write_text(ARTICLE, encoding="utf-8")
    ran = zopa("brief", "news.txt", "--lang", "en")
    assert ran.code == 2
    assert "news.txt does not say when it was published" in ran.err
    assert not Path("out").exists()


@pytest.mark.parametrize(("name", "code"), [("nothing.txt", 1), ("picture.png", 2), ("nothing", 1)])
def test_what_is_no_article_and_no_case(name: str, code: int):
    Path("picture.png").write_bytes(b"\x89PNG")
    ran = zopa("brief", name, "--lang", "en")
    assert ran.code == code
    assert name in ran.err


def test_a_folder_that_cannot_be_written_to_is_told():
    Path("out").write_text("a file stands in the way", encoding="utf-8")
    ran = zopa("brief", "england-zimbabwe", *FEW)
    assert ran.code == 1
    assert "out" in ran.err
    assert "Traceback" not in ran.err
