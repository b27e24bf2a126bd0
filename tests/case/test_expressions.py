"""Rules over options: truth tables by an independent evaluator, and the place where reading stops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.case.expressions import And, ExpressionError, If, Iff, Name, Not, Or, evaluate, names, parse

IDS = ("a", "b-1", "c_2", "strike")


def bare(expression):
    """The expression without places."""
    match expression:
        case Name(id_):
            return Name(id_)
        case Not(part):
            return Not(bare(part))
        case And(parts):
            return And(tuple(map(bare, parts)))
        case Or(parts):
            return Or(tuple(map(bare, parts)))
        case If(a, b):
            return If(bare(a), bare(b))
        case Iff(a, b):
            return Iff(bare(a), bare(b))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("strike", Name("strike")),
        ("not a and b-1", And((Not(Name("a")), Name("b-1")))),
        ("a or b-1 and c_2", Or((Name("a"), And((Name("b-1"), Name("c_2")))))),
        ("a if b-1 or c_2", If(Name("a"), Or((Name("b-1"), Name("c_2"))))),
        ("a iff b-1 if c_2", Iff(Name("a"), If(Name("b-1"), Name("c_2")))),
        ("(a or b-1) and c_2", And((Or((Name("a"), Name("b-1"))), Name("c_2")))),
        ("非 strike 且 （a 或 b-1）", And((Not(Name("strike")), Or((Name("a"), Name("b-1")))))),
        ("非strike且a", And((Not(Name("strike")), Name("a")))),
        ("a 当且仅当 b-1", Iff(Name("a"), Name("b-1"))),
        ("a 若 b-1", If(Name("a"), Name("b-1"))),
        ("NOT a & b-1 | !c_2", Or((And((Not(Name("a")), Name("b-1"))), Not(Name("c_2"))))),
        ("not not a", Not(Not(Name("a")))),
    ],
)
def test_binding(text, expected):
    assert bare(parse(text)) == expected


TREES = st.recursive(
    st.sampled_from(IDS).map(Name),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: And(tuple(p))),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: Or(tuple(p))),
        st.tuples(inner, inner).map(lambda p: If(*p)),
        st.tuples(inner, inner).map(lambda p: Iff(*p)),
    ),
    max_leaves=8,
)


def written(tree, zh):
    not_, and_, or_, if_, iff = (
        ("非 ", " 且 ", " 或 ", " 若 ", " 当且仅当 ") if zh else ("not ", " and ", " or ", " if ", " iff ")
    )
    match tree:
        case Name(id_):
            return id_
        case Not(part):
            return f"{not_}({written(part, zh)})"
        case And(parts):
            return and_.join(f"({written(p, zh)})" for p in parts)
        case Or(parts):
            return or_.join(f"({written(p, zh)})" for p in parts)
        case If(a, b):
            return f"({written(a, zh)}){if_}({written(b, zh)})"
        case Iff(a, b):
            return f"({written(a, zh)}){iff}({written(b, zh)})"


def truth(tree, world):
    """The reference: plain Python on one state."""
    match tree:
        case Name(id_):
            return world[id_]
        case Not(part):
            return not truth(part, world)
        case And(parts):
            return all(truth(p, world) for p in parts)
        case Or(parts):
            return any(truth(p, world) for p in parts)
        case If(a, b):
            return truth(a, world) if truth(b, world) else True
        case Iff(a, b):
            return truth(a, world) is truth(b, world)


@given(TREES, st.booleans())
def test_truth_in_all_states(tree, zh):
    number = np.arange(2 ** len(IDS))
    columns = {id_: (number >> k & 1).astype(bool) for k, id_ in enumerate(IDS)}
    expression = parse(written(tree, zh))
    assert bare(expression) == tree
    expected = [truth(tree, {id_: bool(n >> k & 1) for k, id_ in enumerate(IDS)}) for n in number]
    assert evaluate(expression, columns).tolist() == expected


@given(TREES)
def test_names_stand_where_they_say(tree):
    text = written(tree, zh=True)
    for name in names(parse(text)):
        assert text[name.start : name.stop] == name.id


@pytest.mark.parametrize(
    ("text", "key", "start", "stop"),
    [
        ("", "rule-empty", 0, 1),
        ("   ", "rule-empty", 0, 3),
        ("a and", "rule-ends", 4, 5),
        ("(a or b", "rule-open", 0, 1),
        ("a b", "rule-joint", 2, 3),
        ("a)", "rule-joint", 1, 2),
        ("and a", "rule-operand", 0, 3),
        ("a 且 且 b", "rule-operand", 4, 5),
        ("a = b", "rule-character", 2, 3),
        ("打击 and b", "rule-character", 0, 1),
        ("a if b if c", "rule-joint", 7, 9),
        ("(" * 200 + "a" + ")" * 200, "rule-deep", 41, 42),
        ("not " * 200 + "a", "rule-deep", 164, 167),
    ],
)
def test_where_reading_stops(text, key, start, stop):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.why.key, caught.value.start, caught.value.stop) == (f"checks.{key}", start, stop)


@given(st.text(st.sampled_from("ab()非且 或!&|<->if若ornot"), max_size=30))
def test_any_text_is_a_rule_or_says_where_not(text):
    try:
        parse(text)
    except ExpressionError as error:
        problem = error
    else:
        return
    assert 0 <= problem.start < problem.stop


def test_a_missing_name_is_named():
    with pytest.raises(KeyError, match="b-1"):
        evaluate(parse("a and b-1"), {"a": np.array([True])})


def test_long_rules_do_not_exhaust_the_stack():
    text = " or ".join(["a"] * 20_000)
    assert bool(evaluate(parse(text), {"a": np.array(True)}))
