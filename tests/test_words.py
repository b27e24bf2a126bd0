"""Every word a user sees: both languages complete, alike in what they fill in, used somewhere, and missing nowhere."""

import ast
import json
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.shared import ROOT
from zopa import words
from zopa.words import LANGUAGES, has, joined, pick, say, term, terms

SRC = ROOT / "src" / "zopa"
CATALOGUE = SRC / "catalogue"
AREAS = sorted(path.stem for path in CATALOGUE.glob("*.json") if path.stem != "terms")
HAN = r"[\u4e00-\u9fff]"
COMMANDS = re.compile(r"^zopa [a-z]")
"""Lines to be typed are the same in every language."""
CODE = re.compile(r"`[^`]*`|键: 值|\[[^\]]*\]|[A-Z]\([^)]*\)")
"""What stands in a sentence as it is typed into a file, or as a formula."""
DATES = {"record.chart-day", "record.chart-month", "roles.name"}
"""English names the month, Chinese counts it; a name the case gives in both languages."""


def entries() -> Iterator[tuple[str, str, dict[str, object]]]:
    for area in AREAS:
        for key, entry in json.loads((CATALOGUE / f"{area}.json").read_text(encoding="utf-8")).items():
            yield area, key, entry


def forms(entry: object) -> list[str]:
    """A sentence's forms: one, or singular and plural."""
    return list(entry.values()) if isinstance(entry, dict) else [str(entry)]


ENTRIES = list(entries())
IDS = [f"{area}.{key}" for area, key, _ in ENTRIES]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- the pair of languages


@pytest.mark.parametrize(("area", "key", "entry"), ENTRIES, ids=IDS)
def test_both_languages_say_it_with_the_same_values(area: str, key: str, entry: dict[str, object]):
    assert set(entry) == set(LANGUAGES)
    singular_and_plural = [set(e) for e in entry.values() if isinstance(e, dict)]
    assert all(kinds == {"one", "other"} for kinds in singular_and_plural)
    filled = {lang: set().union(*(fields(form) for form in forms(entry[lang]))) for lang in LANGUAGES}
    assert filled["en"] == filled["zh"] or f"{area}.{key}" in DATES
    assert all(fields(form) <= filled[lang] for lang in LANGUAGES for form in forms(entry[lang]))


def needs_chinese(english: str) -> bool:
    """Whether a text has words to translate, not only names, symbols or a command to type."""
    plain = re.sub(r"\{[^}]*\}", "", english)
    return bool(re.search(r"\b[a-z]{2,}\b", plain)) and not COMMANDS.match(plain)


@pytest.mark.parametrize(("area", "key", "entry"), ENTRIES, ids=IDS)
def test_chinese_is_chinese(area: str, key: str, entry: dict[str, object]):
    for text in forms(entry["zh"]):
        if needs_chinese(forms(entry["en"])[-1]):
            assert re.search(HAN, text), text
        prose = CODE.sub("", text)
        assert not re.search(rf"{HAN}[,;:!?()\"]\s*{HAN}", prose), f"ASCII punctuation in {text!r}"
        assert not re.search(rf"{HAN}[,;?!.]$", prose), f"ASCII punctuation ends {text!r}"


# --- used, and not missing


@cache
def strings() -> tuple[frozenset[str], frozenset[str]]:
    """All string constants of the source, and the constant beginnings of its f-strings."""
    constants: set[str] = set()
    prefixes: set[str] = set()
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                first = node.values[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    prefixes.add(first.value)
                if len(node.values) > 1 and isinstance(last := node.values[-1], ast.Constant):
                    constants.add(f"…{last.value}")
    for path in SRC.rglob("*.jinja"):
        text = path.read_text(encoding="utf-8")
        constants |= set(re.findall(r"""['"]([\w.-]+)['"]""", text))
        prefixes |= set(re.findall(r"""['"]([\w.-]+)['"] ~""", text))
    return frozenset(constants), frozenset(prefixes)


def used(area: str, key: str) -> bool:
    """Whether the source names the key: in full, by its beginning, or, where an area's keys are passed on, by itself."""
    constants, prefixes = strings()
    whole = f"{area}.{key}"
    base = key.removesuffix(".hint") if area == "problems" else key.removesuffix(".example")
    if f"….{key}" in constants:  # one key of every area, such as f"{name}.method"
        return True
    if whole in constants or any(len(p) > len(area) + 1 and whole.startswith(p) for p in prefixes):
        return True
    if base != key:
        return used(area, base)
    passed_on = f"{area}." in prefixes or area == "problems"
    return passed_on and (
        key in constants
        or any(p and key.startswith(p) and len(p) > 3 for p in prefixes)
        or any(c.startswith("…-") and key.endswith(c[1:]) for c in constants)
    )


@pytest.mark.parametrize(("area", "key", "entry"), ENTRIES, ids=IDS)
def test_every_sentence_is_used(area: str, key: str, entry: dict[str, object]):
    assert used(area, key), f"nothing says {area}.{key}"


def called(path: Path) -> Iterator[tuple[int, str]]:
    """Keys that a file gives to ``say`` and its like in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in ("help", "epilog"))]
        for value in given:
            literal = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if literal and (name in ("say", "Said") or re.fullmatch(r"cli\.[\w.-]+", value.value)):
                yield node.lineno, value.value


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: p.relative_to(SRC).as_posix())
def test_nothing_says_what_no_catalogue_holds(path: Path):
    missing = [(line, key) for line, key in called(path) if "." in key and not has(key)]
    assert missing == []


def no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len({key for key, _ in pairs}) == len(pairs), [key for key, _ in pairs]
    return dict(pairs)


def test_no_key_stands_twice_in_a_file():
    for area in (*AREAS, "terms"):
        text = (CATALOGUE / f"{area}.json").read_text(encoding="utf-8")
        json.loads(text, object_pairs_hook=no_key_twice)


# --- field terms


@pytest.mark.parametrize("key", sorted(terms()))
def test_a_term_has_names_a_meaning_and_a_source(key: str):
    found = terms()[key]
    assert re.fullmatch(r"[a-z][a-z_]*", key)
    for lang in LANGUAGES:
        meaning = found.meaning(lang)
        assert found.name(lang)
        assert meaning.endswith("。" if lang == "zh" else ".")
        assert len(re.findall("。" if lang == "zh" else r"\. ", meaning)) <= 1, "one sentence"
    assert re.search(HAN, found.zh)
    assert re.search(HAN, found.means_zh)
    assert found.source


def test_no_two_terms_share_a_name():
    for lang in LANGUAGES:
        names = [found.name(lang) for found in terms().values()]
        assert len(names) == len(set(names))


# --- the functions themselves


def test_say_fills_in_and_chooses_by_number():
    assert say("cli.check.found", "en", case="c", n=1) == "c: 1 problem"
    assert say("cli.check.found", "en", case="c", n=2) == "c: 2 problems"
    assert say("cli.check.found", "zh", case="c", n=1) == "c：1 个问题"


def test_say_names_what_does_not_exist():
    with pytest.raises(KeyError, match="no catalogue 'nowhere'"):
        say("nowhere.at-all", "en")
    with pytest.raises(KeyError):
        say("cli.no-such-sentence", "en")
    assert not has("cli.no-such-sentence")
    with pytest.raises(KeyError):
        term("no-such-term", "zh")


def test_lists_read_as_people_write_them():
    assert joined(["a"], "en") == "a"
    assert joined(["a", "b", "c"], "en") == "a, b and c"
    assert joined(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert joined([], "zh") == ""


def test_a_name_falls_back_to_the_other_language():
    assert pick("Oman", "zh") == "Oman"
    assert pick({"en": "Oman", "zh": "阿曼"}, "zh") == "阿曼"
    assert pick({"en": "Oman"}, "zh") == "Oman"


def test_terms_are_looked_up_in_both_languages():
    assert term("red_line", "zh") == "红线"
    assert term("red_line", "en") == "red line"
    assert words.terms() is words.terms()
