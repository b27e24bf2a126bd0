"""Located YAML: the data of an independent reader, the author's text at every place, limits against hostile files."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.case.yamls import texts
from zopa.case.yaml_text import DEEPEST, find, parse, resolve
from zopa.claims.lines import Lines


def tree(text):
    root, problems = parse(Lines("case.yaml", text))
    assert problems == ()
    return root


def codes(text):
    return [p.code for p in parse(Lines("case.yaml", text))[1]]


def test_yaml_1_2_words_stay_words():
    """YAML 1.2 core schema, 10.3.2: yes, no and on are strings, so that `on: 2026-02-05` and `no` can be keys."""
    root = tree("on: 2026-02-05\nno: yes\noctal: 0o17\nold: 017\nhex: 0x1F\nhalf: .5\nbig: 1e3\n~: null\n")
    assert root.data() == {
        "on": date(2026, 2, 5),
        "no": "yes",
        "octal": 15,
        "old": 17,
        "hex": 31,
        "half": 0.5,
        "big": 1000.0,
        "~": None,
    }


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("2026-02-30", "2026-02-30"),
        ("2026-2-3", "2026-2-3"),
        ("0.2 to 0.6", "0.2 to 0.6"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("", None),
        ("9" * 400, math.inf),
    ],
)
def test_scalars(written, value):
    assert resolve(written) == value


def test_not_a_number():
    assert math.isnan(resolve(".nan"))


def test_places_of_keys_and_values_count_code_points():
    root = tree("zopa: 1\n甲乙: {名称: 𠀀字, x: [1, 二]}   # 备注\n")
    node, key, whole = find(root, ("甲乙", "x", 1))
    assert whole
    assert key is None
    assert (node.place.line, node.place.start, node.place.stop) == (2, 21, 22)
    name, name_key, _ = find(root, ("甲乙", "名称"))
    assert (name.place.start, name.place.stop) == (10, 12)
    assert (name_key.place.start, name_key.place.stop) == (6, 8)


def test_a_value_that_is_not_written_stands_behind_its_colon_or_dash():
    root = tree("a:\n\n  # nothing yet\nb: [1]\nc:\n  -\n  - 2\n")
    assert root.child("a").place.line == 1
    assert root.child("a").place.start == 3
    assert root.child("c").child(0).place.line == 6


def test_a_block_ends_with_its_last_value_not_where_the_next_begins():
    root = tree("a:\n  b: 1\n\n# about c\nc: 2\n")
    assert root.child("a").written == "b: 1"


def test_find_stops_where_the_text_ends_and_passes_over_the_models_own_levels():
    root = tree("preferences:\n  us:\n    missiles: {weight: 3}\ntitle: plain\nlines: [{id: x, n: 1}]\n")
    assert find(root, ("preferences", "us", "issues", "missiles", "weight"))[0].scalar == 3
    node, _, whole = find(root, ("title", "en"))
    assert (node.scalar, whole) == ("plain", False)
    assert find(root, ("lines", "x", "n"))[0].scalar == 1
    assert find(root, ("lines", 7))[2] is False


@given(texts())
def test_data_equal_an_independent_reading(text):
    """ruamel's own constructor, with only its differing scalars (1.1-style numbers and stamps) evened out."""
    assert plain(tree(text).data()) == plain(YAML(typ="safe", pure=True).load(text))


def plain(value):
    if isinstance(value, dict):
        return {plain_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def plain_key(key):
    return key if isinstance(key, str) else str(key).lower()


@given(texts())
def test_every_scalar_stands_where_its_place_says(text):
    lines = Lines("case.yaml", text)
    root, _ = parse(lines)
    for node in root.walk():
        assert text[node.start : node.stop] == node.written
        place = node.place
        line = lines.text[lines.starts[place.line - 1] : lines.stops[place.line - 1]]
        first = node.written.splitlines()[0] if node.written else ""
        assert line[place.start - 1 :].startswith(first.rstrip())
        if node.style == "plain" and isinstance(node.scalar, str):
            assert node.written == node.scalar


@given(st.text(max_size=60) | texts().flatmap(lambda t: st.integers(0, len(t)).map(lambda k: t[:k])))
def test_any_text_is_read_or_gives_located_problems(text):
    root, problems = parse(Lines("case.yaml", text))
    assert (
        root is not None
        or problems
        or not text.strip("\ufeff \t\r\n")
        or text.lstrip("\ufeff").lstrip()[:1] in "#-.%"
    )
    for problem in problems:
        assert problem.show("en")
        assert problem.show("zh")
        assert problem.place.line is not None


def test_nesting_is_refused_before_it_costs_anything():
    assert codes("a: " + "[" * 200_000) == ["yaml-nesting"]
    assert codes("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)) == []
    assert codes("".join(f"{' ' * k}a:\n" for k in range(DEEPEST + 5))) == ["yaml-nesting"]


def test_an_expansion_bomb_is_refused_by_count():
    lines = ["a0: &a0 [x, x]"] + [f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]" for k in range(1, 40)]
    assert codes("\n".join(lines)) == ["yaml-aliases"]


def test_few_aliases_are_welcome():
    root = tree("base: &b {x: 1, y: [2]}\nother: *b\n")
    assert root.data()["other"] == {"x": 1, "y": [2]}
    assert root.child("other").written == "*b"


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [echo]\n",
        "a: !custom {b: 1}\n",
        "a: !!set {x, y}\n",
        "a: !!binary aGVsbG8=\n",
        "a: !<tag:yaml.org,2002:str> 1\n",
        "!!map {a: 1}\n",
        "a: &x !local 1\n",
    ],
)
def test_every_tag_is_refused_and_nothing_constructed(text):
    assert codes(text) == ["yaml-tag"]
    for node in parse(Lines("case.yaml", text))[0].walk():
        assert isinstance(node.scalar, str | int | float | bool | date | None)


def test_all_duplicate_keys_are_told_and_the_first_value_stays():
    root, problems = parse(Lines("case.yaml", "a: 1\nb: {c: 1, c: 2}\na: {b: {d: 3}}\n'a': 4\n"))
    assert [(p.code, p.place.line, p.values["key"]) for p in problems] == [
        ("duplicate-key", 2, "c"),
        ("duplicate-key", 3, "a"),
        ("duplicate-key", 4, "a"),
    ]
    assert root.data() == {"a": 1, "b": {"c": 1}}


def test_a_byte_order_mark_is_no_character_of_the_text():
    root = tree("\ufeffzopa: 1\ntitle: 会谈\n")
    assert root.data() == {"zopa": 1, "title": "会谈"}
    assert root.child("title").written == "会谈"


def test_nul_and_controls_are_located():
    problems = parse(Lines("case.yaml", "a: 1\nb: x\0y\x07\n"))[1]
    assert [(p.code, p.place.line, p.place.start, p.values["name"]) for p in problems] == [
        ("control-character", 2, 5, "U+0000"),
        ("control-character", 2, 7, "U+0007"),
    ]


def test_persian_joiners_are_spelling():
    assert tree("name: می\u200cخواهد\n").data() == {"name": "می\u200cخواهد"}


def test_line_ends_of_every_kind():
    for end in ("\n", "\r\n", "\r"):
        root = tree(f"a: 1{end}b:{end}  - x{end}")
        assert root.data() == {"a": 1, "b": ["x"]}
        assert root.child("b").child(0).place.line == 3
