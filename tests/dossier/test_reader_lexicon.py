"""The word lists: every table loads, both languages know the same matters, and the patterns find the longest word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.dossier import issues
from zopa.dossier.lexicon import alternation, bands, guarded, pattern, table, words

TABLES = ("cues", "deal", "issues", "kinds", "page", "places", "probability", "roles", "tags")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_every_table_loads_in_both_languages(language, name):
    assert table(language, name)


def test_a_table_that_is_not_there_is_said_so():
    with pytest.raises(FileNotFoundError):
        table("en", "no-such-table")


def test_both_languages_know_the_same_matters_with_names_and_words():
    zh, en = table("zh", "issues"), table("en", "issues")
    assert set(zh) == set(en) == set(issues.catalogue())
    for key in zh:
        assert words("zh", "issues", key, "words")
        assert words("en", "issues", key, "words")
        assert bool(zh[key].get("process")) == bool(en[key].get("process"))
        assert issues.catalogue()[key].name == {"zh": zh[key]["name"], "en": en[key]["name"]}


def test_substance_comes_before_process_in_the_catalogue():
    order = [matter.process for matter in issues.catalogue().values()]
    assert order == sorted(order)
    for key in ("agenda", "venue", "format", "talks", "force", "mediation", "prospects"):
        assert issues.catalogue()[key].process
    for key in (
        "nuclear",
        "missiles",
        "sanctions",
        "proxies",
        "ceasefire",
        "withdrawal",
        "borders",
        "prisoners",
        "tariffs",
        "water",
    ):
        assert not issues.catalogue()[key].process


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_of_probability_have_a_documented_range(language):
    for word, (low, high) in bands(language).items():
        assert 0 <= low < high <= 1, word


def test_probability_follows_the_order_of_the_bands_of_the_directive():
    # US Intelligence Community Directive 203 (2015): unlikely 20-45 %, likely 55-80 %, very likely 80-95 %.
    assert bands("en")["unlikely"] == (0.20, 0.45)
    assert bands("en")["likely"] == (0.55, 0.80)
    assert bands("en")["very likely"] == (0.80, 0.95)
    assert bands("zh")["很可能"] == (0.80, 0.95)
    assert bands("zh")["微乎其微"][1] <= 0.05


@pytest.mark.parametrize("language", ["zh", "en"])
def test_places_use_iso_codes_and_name_no_state_twice(language):
    seen = {}
    for code, names in table(language, "places")["places"].items():
        assert re.fullmatch("[A-Z]{2}", code)
        for name in names:
            assert seen.setdefault(name, code) == code, name
    assert set(table("zh", "places")["places"]) == set(table("en", "places")["places"])


def test_english_words_are_found_whole_only():
    urged = pattern("en", "cues", "addressees")
    assert urged.search("he told reporters that")
    assert not urged.search("the reportersclub")


@given(
    st.lists(st.text("ab中文说", min_size=1, max_size=4), min_size=1, max_size=8),
    st.text("ab中文说", max_size=12),
)
def test_the_tree_pattern_finds_the_longest_listed_word(listed, text):
    found = [m[0] for m in re.finditer(alternation(listed), text)]
    expected, at = [], 0
    while at < len(text):
        here = max((w for w in listed if text.startswith(w, at)), key=len, default="")
        if here:
            expected.append(here)
            at += len(here)
        else:
            at += 1
    assert found == expected
    assert [m[0] for m in re.finditer(guarded(listed), text)] == expected


def test_no_words_match_nothing():
    assert re.search(guarded([]), "anything") is None
