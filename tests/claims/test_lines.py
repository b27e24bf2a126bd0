"""Places in a text: lines as editors count them, columns in characters, carets under what is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.claims.lines import NOTHING, Lines, Said, Several, closest, did_you_mean, shown, suggestion
from zopa.errors import width

TEXTS = st.text(st.sampled_from("a中 \t\n\r\u2028𠀀é"), max_size=40)


@given(TEXTS, st.data())
def test_places_find_their_text_again(text, data):
    lines = Lines("x", text)
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    place = lines.place(start, stop)
    k = place.line - 1
    assert lines.starts[k] + place.start - 1 == start
    assert place.stop > place.start
    first = text[start : min(stop, lines.stops[k])].rstrip()
    assert place.stop - place.start == max(1, len(first))


@given(TEXTS)
def test_lines_are_those_of_an_editor(text):
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = Lines("x", text)
    assert [text[a:b] for a, b in zip(lines.starts, lines.stops, strict=True)] == expected


@given(st.text(st.sampled_from("a中\t𠀀é（"), min_size=1, max_size=20), st.data())
def test_carets_stand_under_what_is_meant(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    problem = Lines("case.yaml", text).problem("yaml-syntax", (start, stop))
    _, excerpt, carets, *_ = problem.show("zh").split("\n")
    gutter = len("1 | ")
    assert excerpt == "1 | " + text.replace("\t", " ")
    shown_text = text.replace("\t", " ")
    assert len(carets) - len(carets.lstrip(" ")) == gutter + width(shown_text[:start])
    marked = shown_text[start:stop].rstrip()
    assert carets.count("^") == max(1, width(marked or shown_text[start]) if marked else 1)


def test_a_header_counts_lines_from_where_it_starts():
    assert str(Lines("sources/x.md", "a: 1\nb: 2", first=2).place(5, 6)) == "sources/x.md:3:1"


def test_a_line_too_long_to_read_is_named_by_place_only():
    problem = Lines("claims.jsonl", "x" * 1000).problem("line-json", (900, 901))
    assert problem.excerpt is None
    assert problem.show("en").startswith(
        "claims.jsonl:1:901: this line is not one record of JSON [line-json]\n  hint:"
    )


def test_parts_speak_the_language_they_are_asked_for():
    said = Said("checks.did-you-mean", names=Several(["us", "iran", "oman"]))
    assert f"{said:en}" == "did you mean us, iran or oman?"
    assert f"{said:zh}" == "是否想写 us、iran、oman？"
    assert f"{Several(['a', 'b']):en}" == "a and b"
    assert f"{Several([]):en}{Several([]):zh}{Several(['a']):or}" == "a"


@pytest.mark.parametrize(
    ("name", "known", "key"),
    [
        ("norht", ["north", "south"], "did-you-mean"),
        ("x", ["north", "south"], "known-here"),
        ("x", [], "none-here"),
        ("x", [f"name-{k}" for k in range(99)], "nothing"),
    ],
)
def test_suggestions(name, known, key):
    assert suggestion(name, known).key == f"checks.{key}"


def test_no_suggestion_without_a_likeness():
    assert did_you_mean("x", ["north"]) == NOTHING
    assert f"{NOTHING:en}{NOTHING:zh}" == ""


@given(st.text(max_size=10), st.lists(st.text(min_size=1, max_size=10), max_size=6))
def test_the_name_itself_is_closest(name, others):
    if name:
        assert closest(name, [*others, name])[
            0
        ].casefold().split() == name.casefold().split() or name in closest(name, [*others, name])


@given(st.text(max_size=100))
def test_what_is_shown_fits_a_sentence(text):
    assert len(shown(text)) <= 40
    assert "\n" not in shown(text)
