"""The tables that drafting reads: complete, well-formed, the same in both languages."""

import re
import tomllib
from importlib.resources import files

import pytest
from babel import Locale

from zopa.case.actors import Role
from zopa.case.settings import Status
from zopa.dossier.draft_course import KINDS
from zopa.dossier.draft_names import listed_names
from zopa.dossier.draft_parties import ORDER
from zopa.dossier.draft_stances import SORTS
from zopa.dossier.draft_words import LANGUAGES, groups, patterns, scale, shared, substance, titles
from zopa.dossier.lexicon import table
from zopa.words import catalogue

ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
PATTERNS = [
    (language, section, name)
    for language in LANGUAGES
    for section, names in {
        "sides": ("pair", "mediator", "host", "lobby", "observer", "acts", "refrain", "group", "observers"),
        "stance": ("who", "precondition", "target", "holder", *SORTS),
        "setting": tuple(table(language, "draft")["setting"]),
        "moves": KINDS,
        "unknown": ("patterns",),
    }.items()
    for name in names
]


def test_every_substantive_issue_has_options_of_its_own():
    assert set(substance()) <= set(shared("options"))
    assert set(shared("options")) - {"default"} <= set(substance())


@pytest.mark.parametrize("issue", sorted(shared("options")))
def test_options_run_from_one_end_to_another_in_both_languages(issue):
    options = scale(issue).options
    assert len({o.id for o in options}) == len(options) >= 3
    assert all(
        ID.fullmatch(o.id) and o.names["en"] and re.search("[\u4e00-\u9fff]", o.names["zh"]) for o in options
    )
    assert options[0].id == "as-is"


@pytest.mark.parametrize(("language", "section", "name"), PATTERNS)
def test_every_pattern_compiles_and_matches_something(language, section, name):
    found = patterns(language, section, name)
    assert found
    assert not any(pattern.fullmatch("") for pattern in found)


def test_both_languages_have_the_same_entries():
    zh, en = (table(language, "draft") for language in LANGUAGES)
    for section in ("groups", "stance", "setting", "moves", "unknown"):
        assert set(zh[section]) == set(en[section]), section
    own = {"body_then", "ids", "not_names"}
    assert set(zh["sides"]) - own == set(en["sides"]) - own
    assert all(groups(language, name) for language in LANGUAGES for name in zh["groups"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_about_a_deal_are_patterns_in_both_languages(language):
    entries = table(language, "deal")
    assert set(entries) == set(table("en", "deal"))
    for entry in entries.values():
        for pattern in [entry] if isinstance(entry, str) else entry:
            assert re.compile(pattern.replace("<noun>", "x"))


def test_cities_lie_in_states_that_exist():
    known = Locale("en").territories
    for id_, city in shared("venues")["cities"].items():
        assert ID.fullmatch(id_)
        assert city["in"] in known
        assert city["zh"]
        assert city["en"]


def test_titles_name_roles_and_no_form_means_two_things():
    roles = {"decides", "negotiates", "speaks", "comments"}
    for language in LANGUAGES:
        forms = [form.lower() for entry in shared("titles")["titles"].values() for form in entry[language]]
        assert len(forms) == len(set(forms))
        assert {title.role for title in titles(language).values()} == roles


def test_side_ids_are_ids_and_differ_from_each_other():
    names = listed_names()
    assert all(ID.fullmatch(id_) for id_ in names.sides)
    codes = [side.territory for side in names.sides.values() if side.territory not in (None, "EU", "PS")]
    assert len(codes) == len(set(codes))


def test_every_kind_of_move_has_a_name_in_both_languages():
    sentences = catalogue("draft")
    assert {f"move-{kind}" for kind in KINDS} <= set(sentences)
    assert all(set(entry) == {"en", "zh"} for entry in sentences.values())
    for entry in sentences.values():
        assert set(re.findall(r"{\w+}", str(entry["en"]))) == set(re.findall(r"{\w+}", str(entry["zh"])))


def test_roles_and_statuses_are_those_of_the_case_file():
    assert set(ORDER) == set(Role.__args__)
    assert {"agreed", "refused", "proposed", "dropped", "open"} == set(Status.__args__)


def test_tables_are_utf8_toml():
    folder = files("zopa.dossier") / "lexicon"
    for path in folder.iterdir():
        if path.name.endswith(".toml"):
            assert tomllib.loads(path.read_text(encoding="utf-8"))
