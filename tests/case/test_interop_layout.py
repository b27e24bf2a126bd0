"""What importers share: ids made of any names, sentences in both languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.case.interop.layout import both, comment, safe_id
from zopa.words import catalogue, say

# Half of a surrogate pair is no character: importers never pass one on.
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(texts, max_size=8), st.sampled_from(["-", "_"]))
def test_ids_are_safe_unique_and_few_changes_away_from_the_name(names: list[str], joint: str) -> None:
    taken: list[str] = ["not"]
    for k, name in enumerate(names):
        taken.append(safe_id(name, f"option{joint}{k}", taken, joint=joint))
    assert len(set(taken)) == len(taken)
    for made in taken:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", made)
        assert joint == "-" or re.fullmatch(r"[a-z][a-z0-9_]*", made)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Zimbabwe's trade", "zimbabwes-trade"),
        ("Élan vital", "elan-vital"),
        ("ＦＵＬＬ width", "full-width"),
        ("-3", "minus-3"),
        ("5% + jobs", "5-jobs"),
        ("铀浓缩", "issue-1"),
        ("x" * 90, "x" * 48),
        ("IS receives the patents, industrial design rights and trade secrets", "is-receives-the-patents-industrial-design-rights"),
    ],
)  # fmt: skip
def test_ids_look_like_their_names(name: str, made: str) -> None:
    assert safe_id(name, "issue-1", ()) == made


def test_every_sentence_of_the_importers_is_there_in_both_languages() -> None:
    entries = catalogue("interop")
    assert entries
    for key, entry in entries.items():
        assert set(entry) == {"en", "zh"}
        fields = {lang: set(re.findall(r"\{(\w+)", str(entry[lang]))) for lang in entry}
        assert fields["en"] == fields["zh"], key
        values = dict.fromkeys(fields["en"], "1")
        assert re.search(r"[\u4e00-\u9fff]", say(f"interop.{key}", "zh", **values))
        assert all(line.startswith("# ") for line in comment(key, **values))
        assert both(key, **values) == {lang: say(f"interop.{key}", lang, **values) for lang in ("en", "zh")}
