"""A case's own words for the reader: known inside that case and nowhere else, and every mistake told with its place."""

from datetime import date
from pathlib import Path

import pytest

from tests.cli.run import zopa
from zopa.case.folder import read_record
from zopa.case.new import new_case
from zopa.claims.source import Header, Source
from zopa.dossier.draft import draft_folder
from zopa.dossier.into import read_into
from zopa.dossier.issues import catalogue
from zopa.dossier.lexicon import adding, bands, words
from zopa.dossier.own_words import FILE, added, problems, words_of
from zopa.dossier.pile import read_pile
from zopa.dossier.read import read_text
from zopa.dossier.readers import Asked, reader_of
from zopa.errors import CaseFileError

DAY = date(2026, 2, 5)
TEXT = "林达撂出话来，渔场归北岛所有。新闻官周岚表示，谈成把握很足，海带的事另谈。\n"
WORDS = """
[zh.cues]
say = "撂出话来"

[zh.issues.kelp]
name = "海带配额"
words = ["海带"]

[zh.probability]
bands = [{ low = 0.6, high = 0.9, words = "把握很足" }]

[en.issues.kelp]
name = "Kelp quota"
words = ["Kelp"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = new_case(tmp_path / "case", title="Kelp", as_of=DAY)
    (folder / FILE).write_text(WORDS, encoding="utf-8")
    return folder


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def told(claims) -> list[tuple[str | None, tuple[str, ...], str | None]]:
    return [(c.speaker_head, c.issues, c.probability.word if c.probability else None) for c in claims]


KNOWN = [("林达", (), None), ("周岚", ("kelp",), "把握很足")]


def test_words_of_a_case_are_known_in_it(home: Path, article: Path):
    assert told(read_into(home, article, published=DAY)) == KNOWN


def test_and_nowhere_else(home: Path):
    before = read_text(TEXT, language="zh", published=DAY)
    with adding(added(words_of(home))):
        inside = read_text(TEXT, language="zh", published=DAY)
        assert catalogue()["kelp"].name == {"en": "Kelp quota", "zh": "海带配额"}
        assert "撂出话来" in words("zh", "cues", "say") and "说" in words("zh", "cues", "say")
        assert bands("zh")["把握很足"] == (0.6, 0.9)
    assert told(inside) == KNOWN
    assert read_text(TEXT, language="zh", published=DAY) == before
    assert told(before) != KNOWN
    assert "kelp" not in catalogue() and "把握很足" not in bands("zh")


@pytest.mark.parametrize("on", ["threads", "processes"])
def test_in_piles_too(home: Path, article: Path, on):
    other = home.parent / "pile"
    other.mkdir()
    for k in range(3):
        (other / f"{k}.txt").write_text(TEXT + f"第{k}份。\n", encoding="utf-8")
    list(read_pile([other], home, published=DAY, on=on, workers=2))
    _, record = read_record(home)
    assert [told([c])[0] for c in record.waiting if c.speaker_head == "周岚"] == [KNOWN[1]] * 3


def test_two_cases_at_a_time_do_not_mix(home: Path):
    """Each thread has its own words."""
    from concurrent.futures import ThreadPoolExecutor

    source = Source(id="a", header=Header(language="zh", published=DAY), text=TEXT)
    with_, without = reader_of(Asked(words=words_of(home))), reader_of(Asked())
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda k: told((with_ if k % 2 else without)(source)), range(40)))
    assert all((one == KNOWN) == bool(k % 2) for k, one in enumerate(got))


def test_a_draft_knows_words_that_lie_where_it_goes(tmp_path: Path, article: Path):
    into = tmp_path / "talks"
    into.mkdir()
    (into / FILE).write_text(WORDS, encoding="utf-8")
    article.write_text(
        TEXT + "美国和伊朗4日在阿曼会谈。美国国务卿说，伊朗必须开放海带。伊朗外长说，海带不可谈判。\n",
        encoding="utf-8",
    )
    folder = draft_folder([article], into, published=DAY)
    assert "kelp:" in (folder / "case.yaml").read_text(encoding="utf-8")


def test_an_empty_file_adds_nothing(home: Path):
    (home / FILE).write_text("# nothing yet\n", encoding="utf-8")
    assert words_of(home) == "" and added("") is None and problems(home) == ()


WRONG = [
    ("[zh.cues\nsay = 'x'\n", "words-toml", 1),
    ("[fr.cues]\nsay = 'dire'\n", "words-language", 1),
    ("[zh.cue]\nsay = 'x'\n", "words-table", 1),
    ("[en.outlets]\nknown = 'x'\n", "words-table", 1),
    ("[zh.cues]\n# a note\nsays = '说'\n", "words-entry-near", 3),
    ("[zh.cues]\nsay = '说'\nqqqq = '说'\n", "words-entry", 3),
    ("[zh.cues]\nsay = 3\n", "words-words", 2),
    ("[zh.cues]\nsay = ['说', 3]\n", "words-words", 2),
    ("[zh.places]\nplaces = '中国'\n", "words-words", 2),
    (f"[zh.cues]\nsay = ['{'说' * 61}']\n", "words-long", 2),
    ("[zh.cues]\nsay = ['']\n", "words-long", 2),
    ("[zh.probability]\nbands = [{low = 0.9, high = 0.2, words = '也许'}]\n", "words-band", 2),
    ("[zh.probability]\nbands = [{low = true, high = 1, words = '也许'}]\n", "words-band", 2),
    ("[zh.probability]\nbands = 3\n", "words-band", 2),
    ("[zh.issues]\nkelp = '海带'\n", "words-words", 2),
    ("[zh.issues.kelp]\nname = '海带'\nword = '海带'\n", "words-entry", 3),
]


@pytest.mark.parametrize(("text", "code", "line"), WRONG, ids=[f"{w[1]}-{k}" for k, w in enumerate(WRONG)])
def test_mistakes_are_told_with_their_place(home: Path, text: str, code: str, line: int):
    (home / FILE).write_text(text, encoding="utf-8")
    found = problems(home)
    assert [(p.code, p.place.file, p.place.line) for p in found] == [(code, FILE, line)]
    assert all(p.hint(lang) for p in found for lang in ("en", "zh"))
    with pytest.raises(CaseFileError):
        words_of(home)


def test_nothing_is_read_with_words_that_are_wrong(home: Path, article: Path):
    (home / FILE).write_text("[zh.cues]\nsays = '说'\n", encoding="utf-8")
    ran = zopa("read", article, "--into", home, "--published", "2026-02-05", "--lang", "en")
    assert ran.code == 1 and "did you mean say?" in ran.err
    assert not list((home / "sources").glob("*.md"))
    checked = zopa("check", home, "--lang", "zh")
    assert checked.code == 1 and "此表没有条目 says" in checked.out


def test_gold_is_scored_with_the_words_beside_it(tmp_path: Path):
    marked = "---\nlanguage: zh\npublished: 2026-02-05\n---\n\n林达撂出话来，⟦r|林达|||⟧渔场归北岛所有⟦/⟧。\n"
    (tmp_path / "a.md").write_text(marked, encoding="utf-8")
    assert '"right": 0' in zopa("score-reader", tmp_path, "--json").out
    (tmp_path / FILE).write_text(WORDS, encoding="utf-8")
    assert '"right": 1' in zopa("score-reader", tmp_path, "--json").out
