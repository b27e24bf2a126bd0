"""Names within sentences: English ones with their article, and a capital where a sentence begins."""

import pytest

from zopa.case.model import CaseFile
from zopa.case.names import party_in_text, party_name

WITH = ("United States", "United States of America", "United Kingdom", "United Nations", "United Arab Emirates", "Netherlands", "Philippines",
        "European Union", "African Union", "Czech Republic", "People's Republic of China", "Republic of Korea", "Solomon Islands", "Russian Federation",
        "World Health Organization", "Shanghai Cooperation Organisation", "International Atomic Energy Agency", "Palestinian Authority", "Kingdom of Bahrain",
        "Arab League", "EU", "UN", "US", "UK", "Holy See")  # fmt: skip
WITHOUT = ("Iran", "Oman", "Israel", "England", "Upper State", "the mediators", "The Hague", "The Netherlands", "the Marshall Islands", "Uniroyal", "USAID office",
           "Unionville", "at least nine Middle Eastern states", "mediating states", "Management", "Statoil", "美国")  # fmt: skip


def named(name: str) -> CaseFile:
    party = {"name": {"en": name, "zh": "某方"}, "role": "negotiator"}
    return CaseFile.model_validate({"zopa": 1, "title": "t", "as_of": "2026-02-05", "parties": {"a": party}})


@pytest.mark.parametrize("name", WITH)
def test_names_that_take_the_article(name: str):
    file = named(name)
    assert party_in_text(file, "a", "en") == f"the {name}"
    assert party_in_text(file, "a", "en", first=True) == f"The {name}"
    assert party_name(file, "a", "en") == name


@pytest.mark.parametrize("name", WITHOUT)
def test_names_that_stand_bare(name: str):
    file = named(name)
    assert party_in_text(file, "a", "en") == name
    assert party_in_text(file, "a", "en", first=True) == name[0].upper() + name[1:]


def test_chinese_has_no_article():
    assert party_in_text(named("United States"), "a", "zh", first=True) == "某方"


def test_headlines_read_as_english(muscat_headlines: dict[str, str]):
    assert "suits the United States best" in muscat_headlines["setting"]
    assert "the agenda the United States wants, not on that of Iran" in muscat_headlines["agenda"]
    assert "worth the United States 0." in muscat_headlines["bargain"]
    assert (
        "United States" not in muscat_headlines["influence"]
        or "The United States pulls" in muscat_headlines["influence"]
    )


@pytest.fixture(scope="module")
def muscat_headlines() -> dict[str, str]:
    import zopa

    case = zopa.open_case("muscat-2026")
    names = ("setting", "agenda", "bargain", "influence")
    return {name: getattr(zopa, name)(case, draws=100).headline("en") for name in names}
