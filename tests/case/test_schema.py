"""The JSON Schema for editors: it accepts what the program accepts, and refuses the plain slips."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import ROOT
from zopa.case.fields import NUMBERS
from zopa.case.schema import schema, write_schema
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines
from zopa.estimate import EstimateError
from zopa.estimate import parse as parse_estimate

SCHEMA = schema()
EXAMPLES = sorted((ROOT / "src" / "zopa" / "examples").glob("*/case.yaml"))


def faults(value, part, path=()):
    """A small reading of JSON Schema 2020-12: every keyword that the schema uses, and no other."""
    known = {"$schema", "$defs", "$ref", "title", "description", "default", "type", "properties", "required",
             "additionalProperties", "patternProperties", "propertyNames", "items", "prefixItems", "anyOf", "enum", "const",
             "pattern", "minItems", "maxItems", "minLength", "minProperties", "minimum", "maximum", "exclusiveMinimum", "format"}  # fmt: skip
    assert set(part) <= known, set(part) - known
    if "$ref" in part:
        yield from faults(value, SCHEMA["$defs"][part["$ref"].rpartition("/")[2]], path)
    if "anyOf" in part and all(list(faults(value, option, path)) for option in part["anyOf"]):
        yield path, "anyOf"
    if "enum" in part and value not in part["enum"]:
        yield path, "enum"
    if "const" in part and value != part["const"]:
        yield path, "const"
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": int | float,
        "null": None,
    }
    if "type" in part:
        kind = kinds[part["type"]]
        right = (
            value is None
            if kind is None
            else isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)
        )
        if not right:
            yield path, part["type"]
            return
    if isinstance(value, dict):
        yield from object_faults(value, part, path)
    if isinstance(value, list):
        if len(value) < part.get("minItems", 0) or len(value) > part.get("maxItems", len(value)):
            yield path, "minItems"
        for k, item in enumerate(value):
            inner = part.get("prefixItems", [])
            yield from faults(item, inner[k] if k < len(inner) else part.get("items", {}), (*path, k))
    if isinstance(value, str) and not re.search(part.get("pattern", ""), value):
        yield path, "pattern"
    if isinstance(value, int | float) and not part.get("minimum", value) <= value <= part.get(
        "maximum", value
    ):
        yield path, "minimum"
    if isinstance(value, int | float) and value <= part.get("exclusiveMinimum", -math.inf):
        yield path, "exclusiveMinimum"


def object_faults(value, part, path):
    for key in part.get("required", ()):
        if key not in value:
            yield (*path, key), "required"
    if len(value) < part.get("minProperties", 0):
        yield path, "minProperties"
    for key, inner in value.items():
        if list(faults(key, part.get("propertyNames", {}))):
            yield (*path, key), "propertyNames"
        if key in part.get("properties", {}):
            yield from faults(inner, part["properties"][key], (*path, key))
            continue
        matching = [p for pattern, p in part.get("patternProperties", {}).items() if re.search(pattern, key)]
        for option in matching:
            yield from faults(inner, option, (*path, key))
        if not matching:
            rest = part.get("additionalProperties", True)
            if rest is False:
                yield (*path, key), "additionalProperties"
            elif rest is not True:
                yield from faults(inner, rest, (*path, key))


def as_json(text):
    """A YAML case as an editor's schema checker sees it: days are strings."""
    return json.loads(json.dumps(parse(Lines("case.yaml", text))[0].data(), default=str))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_the_examples_are_accepted(path):
    assert list(faults(as_json(path.read_text(encoding="utf-8")), SCHEMA)) == []


GOOD = """\
zopa: 1
title: {zh: 会谈}
as_of: 2026-02-05
parties: {us: {name: US, role: negotiator}, om: {name: {en: Oman, zh: 阿曼}, role: [host, mediator]}}
relations: [{from: us, to: om, kind: ally, on: 2026-02-05}]
issues: {m: {name: M, status_quo: a, options: [{id: a, name: A}, {id: b, name: B}], words: {zh: [导弹]}}}
exclusions: [{not: {m: a, n: b}}]
preferences: {us: {m: {weight: 10 to 30, best: a, worst: b, values: {a: 1}}, no_deal: {value: {is: 0.2, because: [c1]}}}}
readings: {us: [{id: r, prior: 0.2 to 0.6, sets: {preferences.us.m.weight: 40}}]}
red_lines: [{party: us, issue: m, rejects: [b], firm: {mix: [[0.5, 0.1], [0.5, 0.9]]}, because: [c1, {claim: c2, bearing: 0.3}]}]
history: [{id: h, name: H, month: 2025}, {id: i, name: I, month: 2025-06}]
standoff: {options: [{id: s, party: us, name: S}], infeasible: [not s, {when: s}], threats: [{id: t, by: us, if: s, then: not s}]}
"""


def test_the_shapes_of_the_design_are_accepted():
    assert list(faults(as_json(GOOD), SCHEMA)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("zopa: 1", "zopa: 2", (("zopa",), "const")),
        ("title: {zh: 会谈}\n", "", (("title",), "required")),
        ("as_of", "asof", (("asof",), "additionalProperties")),
        ("{zh: 会谈}", "{fr: x}", (("title",), "anyOf")),
        ("role: negotiator", "role: boss", (("parties", "us", "role"), "anyOf")),
        ("kind: ally", "kind: friend", (("relations", 0, "kind"), "enum")),
        ("weight: 10 to 30, best: a, ", "weight: 10 to 30, ", (("preferences", "us", "m", "best"), "required")),
        ("party: us, issue", "party: US, issue", (("red_lines", 0, "party"), "pattern")),
        ("options: [{id: a, name: A}, {id: b, name: B}]", "options: [{id: a, name: A}]", (("issues", "m", "options"), "minItems")),
    ],
)  # fmt: skip
def test_plain_slips_are_refused(old, new, fault):
    assert old in GOOD
    assert fault in list(faults(as_json(GOOD.replace(old, new)), SCHEMA))


# --- numbers

FORMS = (
    "{a}",
    "{a} to {b}",
    "{a}至{b}",
    "{a} | {b} | {b}",
    "uniform({a}, {b})",
    "normal({a}, 0.1)",
    "beta(2, 5)",
)


def accepts(kind, value):
    return not list(faults(value, {"$ref": f"#/$defs/{kind}"}))


def reads(kind, value):
    try:
        parse_estimate(value, NUMBERS[kind][1])
    except EstimateError:
        return False
    return True


@given(st.sampled_from(sorted(NUMBERS)), st.data())
def test_numbers_that_the_program_reads_are_accepted(kind, data):
    _, bounds = NUMBERS[kind]
    low, high = max(bounds.low, -1e6), min(bounds.high, 1e6)
    a, b = sorted(data.draw(st.tuples(st.floats(low, high), st.floats(low, high))))
    write = data.draw(
        st.sampled_from(["{}".format, "{:.3f}".format, "{:+.2f}".format, "{:.0%}".format, "{:.1%}".format])
    )
    text = data.draw(st.sampled_from(FORMS)).format(a=write(a), b=write(b))
    for value in (a, text, {"is": text, "assumed": True}, {"mix": [[0.5, text], [0.5, a]]}):
        inner = value["is"] if isinstance(value, dict) and "is" in value else value
        assert accepts(kind, value) or not reads(kind, inner), value


@pytest.mark.parametrize(
    "text",
    [
        " 0.4 ",
        ".5",
        "1.",
        "+0.2",
        "-0",
        "007%",
        "0.2to0.6",
        "1e-3",
        "5E+1%",
        "40 %",
        "100.0%",
        "unknown",
        "lognormal(0.2, 3)",
        "uniform (0, .5)",
        "normal(0.5,9)",
    ],
)
def test_odd_spellings_that_the_program_reads_are_accepted(text):
    assert reads("Share", text)
    assert all(accepts(kind, text) for kind in NUMBERS)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Share", -0.1), ("Share", 1.2), ("Share", "140%"), ("Share", "0.2 to 1.5"), ("Share", "-0.1 to 0.5"), ("Share", "0.1 | 0.5 | 2"),
        ("Share", "uniform(0, 3)"), ("Share", {"is": "140%"}), ("Share", {"mix": [[0.5, 2]]}), ("Share", {"mix": [[0, 0.2]]}),
        ("Share", {"is": 0.2, "assume": True}), ("Share", {"is": 0.5, "range": [0, 2]}), ("Share", "about half"), ("Share", True),
        ("Points", -5), ("Points", "-5"), ("Points", "-5 to 10"), ("Amount", "-1 | 0 | 1"), ("Gain", -2), ("Gain", "-150%"), ("Gain", "0 to 1.01"),
        ("Real", "much"), ("Real", "1 to"),
    ],
)  # fmt: skip
def test_numbers_out_of_range_or_of_no_form_are_refused(kind, value):
    inner = value["is"] if isinstance(value, dict) and set(value) == {"is"} else value
    assert isinstance(value, dict) or not reads(kind, inner)
    assert not accepts(kind, value)


def test_the_slips_of_the_gallery_are_refused():
    text = (ROOT / "tests" / "errors" / "estimate-range" / "input" / "case.yaml").read_text(encoding="utf-8")
    places = {path for path, _ in faults(as_json(text), SCHEMA)}
    assert any("weight" in path for path in places)
    assert any("firm" in path for path in places)


def test_every_section_says_what_it_is():
    for name, part in SCHEMA["$defs"].items():
        assert part.get("description"), name
    assert SCHEMA["$defs"]["Threat"]["properties"]["if"]["type"] == "string"
    assert "ISO 3166" in SCHEMA["$defs"]["Party"]["properties"]["territory"]["description"]


def test_written_as_utf_8_json(tmp_path):
    write_schema(tmp_path / "case.schema.json")
    assert json.loads((tmp_path / "case.schema.json").read_text(encoding="utf-8")) == SCHEMA
