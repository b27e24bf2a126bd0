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


def test_of_a_long_line_the_part_around_the_mark_is_shown():
    text = "x" * 900 + "HERE" + "y" * 900
    where, excerpt, carets, *_ = (
        Lines("claims.jsonl", text).problem("line-json", (900, 904)).show("en").split("\n")
    )
    assert where == "claims.jsonl:1:901: this line is not one record of JSON [line-json]"
    assert excerpt == "1 | …" + "x" * 32 + "HERE" + "y" * 60 + "…"
    assert carets == " " * len("1 | …" + "x" * 32) + "^^^^"


def test_a_long_chinese_line_is_cut_by_columns_not_by_characters():
    """200 characters are 400 columns: twice what a line may have and be shown whole."""
    text = "谈" * 150 + "马斯喀特" + "判" * 50
    _, excerpt, carets, *_ = Lines("x", text).problem("line-json", (150, 154)).show("zh").split("\n")
    assert excerpt == "1 | …" + "谈" * 16 + "马斯喀特" + "判" * 28 + "…"
    assert carets == " " * width("1 | …" + "谈" * 16) + "^" * 8


@pytest.mark.parametrize("at", [0, 5, 995, 999, 1000])
def test_at_the_ends_of_a_long_line_nothing_is_left_out_there(at: int):
    text = "".join(chr(0x4E00 + k) for k in range(1000))
    _, excerpt, *_ = Lines("x", text).problem("line-json", (at, at + 1)).show("zh").split("\n")
    shown_part = excerpt.removeprefix("1 | ")
    assert shown_part.startswith("…") == (at > 500)
    assert shown_part.endswith("…") == (at < 500)
    assert shown_part.strip("…") in text
    assert width(shown_part.strip("…")) == 96


@given(st.text(st.sampled_from("a中\t𠀀é（e\u0301"), min_size=241, max_size=500), st.data())
def test_carets_stand_under_what_is_meant_in_long_lines_too(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, min(len(text), start + 20)))
    problem = Lines("case.yaml", text).problem("yaml-syntax", (start, stop))
    _, excerpt, carets, *_ = problem.show("zh").split("\n")
    assert width(excerpt) <= len("1 | ") + 240
    place = problem.place
    first = place.start - 1 - problem.shift
    meant = text[start : place.stop - 1].replace("\t", " ")
    assert problem.excerpt[first : first + len(meant)] == meant
    assert len(carets) - len(carets.lstrip(" ")) == width("1 | " + problem.excerpt[:first])
    assert carets.count("^") == max(1, width(meant))


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
