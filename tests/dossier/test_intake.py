"""Files as people have them: what text comes out of each kind, and what is said of those that cannot be read."""

import io
import subprocess
import sys
import zipfile
from datetime import date

import pytest

from tests.dossier.making import (
    ENGLISH,
    PARAGRAPHS,
    archive,
    in_gbk,
    locked_archive,
    locked_pdf,
    pdf,
    web_page,
    word,
)
from zopa.claims.source import Source
from zopa.dossier.intake import quarantine as quarantined
from zopa.dossier.intake.files import File, found, other_kinds
from zopa.dossier.intake.formats import page_of
from zopa.dossier.intake.pdf import joined, without_furniture
from zopa.dossier.intake.quarantine import Quarantine
from zopa.dossier.intake.web import day_in
from zopa.dossier.into import claims_of, document
from zopa.dossier.traditional import simplified
from zopa.errors import DossierError, Problem, ZopaError

NEWS = "\n".join(PARAGRAPHS)
FACTS = (
    '<meta property="article:published_time" content="2026-02-05T23:30:00+08:00">'
    '<meta property="og:site_name" content="海明新闻网"><meta name="source" content="新海社">'
    '<link rel="canonical" href="https://example.org/a/1.html">'
)


@pytest.fixture(scope="module")
def quarantine():
    with Quarantine() as made:
        yield made


def text_of(quarantine, name, data):
    return page_of(name, data, quarantine).text


# ---- what comes out ----------------------------------------------------------------------------------------------------


def test_a_web_page_gives_its_article_and_its_facts(quarantine):
    page = page_of("a.html", web_page(head=FACTS).encode(), quarantine)
    assert [p for p in PARAGRAPHS if p not in page.text] == []
    assert not [w for w in ("体育新闻", "版权所有", "网友") if w in page.text]
    assert (page.outlet, page.via, page.published) == ("新海社", "海明新闻网", date(2026, 2, 5))
    assert (page.title, page.link) == ("两国同意会谈", "https://example.org/a/1.html")
    assert page.text.startswith("两国同意会谈\n\n")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<script type="application/ld+json">{"@graph":[{"datePublished":"2026-01-09"}]}</script>', date(2026, 1, 9)),
        ('<meta name="publishdate" content="2026年1月9日">', date(2026, 1, 9)),
        ('<meta itemprop="datePublished" content="20260109">', date(2026, 1, 9)),
        ('<script type="application/ld+json">{broken</script>', None),
        ('<meta name="date" content="2026-19-39">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_day_is_what_the_page_says_or_nothing(quarantine, head, day):
    # The year in the foot of the page is no day of publication.
    assert page_of("a.html", web_page(head=head).encode(), quarantine).published == day


@pytest.mark.parametrize(
    ("encoding", "declared"), [("gb18030", "gb2312"), ("big5", "big5"), ("utf-8", "gbk")]
)
def test_a_page_in_another_encoding(quarantine, encoding, declared):
    news = (
        PARAGRAPHS
        if encoding != "big5"
        else ("外交部發言人林為民表示，雙方將在海明舉行會談，而且制裁問題必須放在議程之內。",) * 3
    )
    markup = web_page(news).replace("utf-8", declared)
    if encoding == "big5":
        markup = (
            markup.replace("两国同意会谈", "兩國同意會談")
            .replace("资料图：会场。", "")
            .replace("网", "")
            .replace("新闻", "")
        )
    page = page_of("a.html", markup.encode(encoding, "ignore"), quarantine)
    assert news[0] in page.text


def test_a_pdf_loses_what_stands_on_every_page(quarantine):
    topics = ["议程", "制裁", "导弹", "核查"]
    pages = [
        [
            "海明日报 2026年2月5日", "", f"第{k}段话说的是{topic}，谈判代表们{topic}争执不下，谁也不肯让步，因此会议从早",
            f"上一直开到{topic}专家离开会场，并且没有宣布下一次会议的日期，记者们等了又等，最",
            f"后没有结果。{topic}", "", f"- {k} -",
        ]
        for k, topic in enumerate(topics, 1)
    ]  # fmt: skip
    text = text_of(quarantine, "a.pdf", pdf(pages))
    assert "海明日报" not in text
    assert "- 1 -" not in text
    assert [line[-2:] for line in text.split("\n")] == topics
    assert text.count("最后没有结果") == text.count("从早上一直") == 4


def test_words_divided_at_the_end_of_a_line_are_whole_again(quarantine):
    assert joined([["The negotia-", "tions went on."], ["Non-", "Aligned states met."]]) == (
        "The negotiations went on.\nNon-Aligned states met."
    )
    assert "negotiations were" in text_of(quarantine, "a.pdf", pdf([["The negotia-", "tions were long."]]))


def test_a_short_pdf_keeps_all_its_lines():
    assert without_furniture([["Head", "text"], ["Head", "more"]]) == [["Head", "text"], ["Head", "more"]]
    assert without_furniture([["Head 1", "a"], ["Head 2", "b"], ["Head 3", "c"]]) == [["a"], ["b"], ["c"]]


def test_a_word_document_in_its_order_without_its_header_line(quarantine):
    page = page_of("a.docx", word(table="分析人士认为，会谈可能推迟。"), quarantine)
    assert page.text == "\n\n".join(["两国同意会谈", *PARAGRAPHS, "分析人士认为，会谈可能推迟。"])
    assert page.title == "两国同意会谈"


def test_markdown_is_read_as_it_is_shown(quarantine):
    page = page_of(
        "a.md",
        "# 标题\n\n发言人**5日表示**，[双方](http://x)将会谈。\n\n![图](x.png)\n\n- 一\n- 二\n".encode(),
        quarantine,
    )
    assert page.text == "标题\n\n发言人5日表示，双方将会谈。\n\n一\n\n二"
    assert page.title == "标题"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_in_any_encoding(quarantine, encoding):
    assert text_of(quarantine, "a.txt", NEWS.encode(encoding)) == NEWS


def test_the_format_is_told_by_what_is_in_the_file(quarantine):
    assert text_of(quarantine, "a.txt", web_page().encode()).startswith("两国同意会谈")
    assert PARAGRAPHS[0] in text_of(quarantine, "a.txt", pdf([[PARAGRAPHS[0]]]))


def test_a_document_of_each_kind_gives_the_same_claims(tmp_path):
    made = {
        "a.txt": NEWS.encode(), "a.md": NEWS.replace("\n", "\n\n").encode(), "a.html": web_page().encode(),
        "a.docx": word(), "a.pdf": pdf([list(PARAGRAPHS)]),
    }  # fmt: skip
    told = {}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        source = document(tmp_path / name, published=date(2026, 2, 5))
        claims = claims_of(source)
        assert all("".join(source.text[a:b] for a, b in c.ranges) == c.quote for c in claims)
        told[name] = [(c.speaker_head, c.quote, c.said_on) for c in claims if c.type == "report"]
    assert len(told["a.txt"]) == 3
    assert all(each == told["a.txt"] for each in told.values()), told


# ---- traditional characters --------------------------------------------------------------------------------------------


def test_traditional_characters_are_read_and_kept(tmp_path):
    text = "外交部發言人劉為民5日表示，雙方將繼續談判。他說：「如果對方拒絕，後果非常嚴重。」"
    (tmp_path / "a.txt").write_bytes(text.encode("big5"))
    source = document(tmp_path / "a.txt", published=date(2026, 2, 5))
    claims = claims_of(source)
    assert source.text == text
    assert [(c.speaker, c.speaker_head, c.quote) for c in claims] == [
        ("外交部發言人劉為民", "刘为民", "雙方將繼續談判"),
        ("他", "刘为民", "「如果對方拒絕，後果非常嚴重。」"),
    ]
    assert claims[1].condition is not None
    assert claims[0].said_on == date(2026, 2, 5)


@pytest.mark.parametrize("text", ["", "a\ud800臺", "乾隆年間的頭髮，後來皇后說", "\x00臺\r\n灣", "𠮷臺灣🙂"])
def test_simplified_has_the_same_length(text):
    assert len(simplified(text)) == len(text)


# ---- which documents there are -----------------------------------------------------------------------------------------


def names(paths):
    return [item.name if isinstance(item, File) else (item.code, item.place.file) for item in found(paths)]


def test_folders_and_archives_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "二.txt").write_text("x")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "table.xlsx").write_text("x")
    (tmp_path / "c.zip").write_bytes(
        archive({"z.txt": b"x", "__MACOSX/z.txt": b"x", "d/y.html": b"x", "d/": b""})
    )
    assert names([tmp_path]) == ["a.txt", "b/二.txt", "c.zip/d/y.html", "c.zip/z.txt"]
    assert other_kinds([tmp_path]) == 1


def test_names_in_archives_of_chinese_windows(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(in_gbk(archive({"新闻报道一.txt": b"x"}), "新闻报道一.txt"))
    [name] = names([path])
    assert name.startswith("a.zip/新闻报道一.txt")


def test_links_out_of_a_folder_are_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    assert names([tmp_path / "in"]) == [("file-outside", "a.txt")]


HOSTILE = {
    "empty": ("a.txt", b"\x00 \n", "document-empty"),
    "nul": ("a.txt", b"he said \x00 that", "document-binary"),
    "rtf": ("a.txt", b"{\\rtf1 he said}", "document-binary"),
    "long": ("a.txt", b"a" * 20_000_001, "file-size"),
    "locked-pdf": ("a.pdf", locked_pdf(), "document-locked"),
    "broken-pdf": ("a.pdf", b"%PDF-1.7\nnothing", "document-broken"),
    "no-pdf": ("a.pdf", b"nothing", "document-broken"),
    "scan": ("a.pdf", pdf([[]]), "document-no-text"),
    "locked-word": ("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "document-locked"),
    "broken-word": ("a.docx", b"PK\x03\x04 nothing", "document-broken"),
    "no-word": ("a.docx", archive({"a.txt": b"x"}), "document-broken"),
    "menu-only": ("a.html", b"<html><body></body></html>", "document-no-text"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_read_says_why_and_what_to_do(quarantine, kind):
    name, data, code = HOSTILE[kind]
    with pytest.raises(DossierError) as error:
        page_of(name, data, quarantine)
    [problem] = error.value.problems
    assert (problem.code, problem.place.file) == (code, name)
    assert problem.hint("zh") and problem.hint("en")
    # The next document is read all the same.
    assert text_of(quarantine, "b.docx", word()).startswith("两国同意会谈")


def test_a_word_document_that_is_a_bomb(quarantine):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for k in range(5):
            made.writestr(f"word/{k}.xml", b"0" * 90_000_000)
    with pytest.raises(DossierError) as error:
        page_of("a.docx", out.getvalue(), quarantine)
    assert error.value.problems[0].code == "document-broken"


def read_all(path):
    out = []
    for item in found([path]):
        if isinstance(item, Problem):
            out.append((item.code, item.place.file))
            continue
        try:
            out.append((item.name, item.read()))
        except ZopaError as error:
            out.append((error.problems[0].code, error.problems[0].place.file))
    return out


def test_a_hostile_archive_costs_its_hostile_members_only(tmp_path):
    path = tmp_path / "a.zip"
    members = {
        "../up.txt": b"x", "/root.txt": b"x", "c:\\x.txt": b"x", "good.txt": b"good", "n.zip": b"PK",
        "bomb.txt": b"0" * 30_000_000,
    }  # fmt: skip
    path.write_bytes(archive(members))
    assert sorted(read_all(path)) == sorted(
        [
            ("archive-path", "a.zip/../up.txt"), ("archive-path", "a.zip//root.txt"), ("archive-path", "a.zip/c:\\x.txt"),
            ("archive-bomb", "a.zip/bomb.txt"), ("archive-nested", "a.zip/n.zip"), ("a.zip/good.txt", b"good"),
        ]
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == [path]


def test_archives_that_are_locked_broken_or_cut_off(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(locked_archive({"a.txt": b"x"}))
    assert read_all(path) == [("archive-locked", "a.zip/a.txt")]
    path.write_bytes(b"PK\x03\x04 nothing")
    assert read_all(path) == [("archive-broken", "a.zip")]
    whole = bytearray(archive({"a.txt": bytes(range(256)) * 40}))
    whole[45:60] = b"\xff" * 15
    path.write_bytes(bytes(whole))
    assert read_all(path) == [("archive-broken", "a.zip/a.txt")]


# ---- the process that takes files apart --------------------------------------------------------------------------------


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    with Quarantine(seconds=0.0) as made:
        with pytest.raises(DossierError) as error:
            made.page("a.docx", word(), "docx")
        assert error.value.problems[0].code == "document-slow"
        made.seconds = 60.0
        assert made.page("a.docx", word(), "docx").text


def test_a_process_that_dies_is_replaced(quarantine):
    assert quarantine.page("a.docx", word(), "docx").text
    assert quarantine._process is not None
    quarantine._process.kill()
    quarantine._process.wait()
    assert quarantine.page("a.docx", word(), "docx").text


def test_the_process_may_not_write(tmp_path, monkeypatch):
    assert quarantined.MEMORY > 0
    code = (
        "import zopa.dossier.intake.quarantine as q, io, os, sys\n"
        "class Pipe:\n    buffer = io.BytesIO()\n"
        "sys.stdin = Pipe()\nq._serve()\n"
        f"os.write(os.open({str(tmp_path / 'x')!r}, os.O_CREAT | os.O_WRONLY), b'x' * 10)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "File too large" in ran.stderr
    assert not (tmp_path / "x").exists() or (tmp_path / "x").read_bytes() == b""


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-02-05T01:00:00Z", date(2026, 2, 5)), ("2026年2月5日 10:00", date(2026, 2, 5)), ("2026/2/5", date(2026, 2, 5)),
        ("20260205101500", date(2026, 2, 5)), ("2026-13-05", None), ("yesterday", None), ("12345678901", None),
    ],
)  # fmt: skip
def test_days_in_facts(words, day):
    assert day_in(words) == day


def test_a_source_keeps_what_its_file_says(tmp_path):
    (tmp_path / "页.html").write_text(web_page(head=FACTS), encoding="utf-8")
    source = document(tmp_path / "页.html", today=date(2026, 3, 1))
    header = source.header
    assert isinstance(source, Source)
    assert (source.id, header.file, header.language, header.captured) == (
        "页",
        "页.html",
        "zh",
        date(2026, 3, 1),
    )
    assert len(header.bytes_sha256 or "") == 64
    assert (tmp_path / "e.txt").write_text("\n".join(ENGLISH)) and document(
        tmp_path / "e.txt"
    ).header.language == "en"
