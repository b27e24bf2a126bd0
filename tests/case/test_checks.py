"""Checks that compare parts of a case: each on its own awkward cases (the gallery has one plain case a code)."""

import pytest

from tests.case.made import CASE, HEADER, TEXT, claim_line, write
from zopa.case.checks import CHECKS, Where, run
from zopa.case.folder import problems, read_case
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.claims.lines import closest


def found(folder, case=CASE, **files):
    """Codes and lines of the case file's problems; most of its standoffs have a single decision maker."""
    told = problems(write(folder, case, **files))
    return [
        (p.code, p.place.line) for p in told if p.place.file == "case.yaml" and p.code != "standoff-alone"
    ]


def line(case, part):
    """The number of the line on which a part of the text first stands."""
    return case[: case.index(part)].count("\n") + 1


def with_(*sections):
    return CASE + "".join(section + "\n" for section in sections)


def test_a_case_in_memory_gives_the_same_problems_without_places(tmp_path):
    case = read_case(write(tmp_path))
    data = case.file.model_copy(update={"as_of": case.file.as_of.replace(year=2020)})
    told = run(data, case.ledger)
    assert [(p.code, str(p.place)) for p in told] == [("known-later", "")]
    assert all(p.show("zh") for p in told)


def test_checks_only_read(tmp_path):
    case = read_case(write(tmp_path))
    before = repr(case.file)
    assert [tuple(check(case.file, case.ledger, Where())) for check in CHECKS] == [()] * len(CHECKS)
    assert repr(case.file) == before


def test_an_empty_case_has_no_problem():
    assert run(CaseFile(zopa=1, title="会谈", as_of="2026-02-05"), Ledger({})) == ()


# ---- names


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("people: {envoy: {party: east, name: x, role: speaks}}", ["east"]),
        ("bodies: {desk: {name: x, kind: office, party: east}}", ["east"]),
        ("relations: [{from: east, to: north, kind: ally}, {from: north, to: west, kind: ally}]", ["east", "west"]),
        ("exclusions: [{not: {border: ajar, tolls: x}, assumed: true}]", ["ajar", "tolls"]),
        ("synergies: [{party: east, when: {border: open, fees: quarter}, adds: 0.1, assumed: true}]", ["east", "quarter"]),
        ("currency: {name: 元, worth: {east: 1}, assumed: true}", ["east"]),
        ("agendas: {a: {issues: [tolls], wanted_by: [east], refused_by: [west], freeze: {border: ajar}, assumed: true}}", ["tolls", "east", "west", "ajar"]),
        ("readings: {east: [{id: r}]}", ["east"]),
        ("red_lines: [{party: north, on: agenda, rejects: [tolls], assumed: true}]", ["tolls"]),
        ("red_lines: [{party: north, on: venue, rejects: [port], assumed: true}]", ["port"]),
        ("red_lines: [{party: north, on: host, rejects: [east], assumed: true}]", ["east"]),
        ("red_lines: [{party: north, on: format, rejects: [written], assumed: true}]", ["written"]),
        ("red_lines: [{party: north, on: observers, rejects: [some, island, east], assumed: true}]", ["east"]),
        ("preconditions: [{by: east, on: agenda}]", ["east"]),
        ("settings: {options: [{id: s, place: port, host: east, observers: [west], proposed_by: [east], refused_by: [west]}]}", ["port", "east", "west", "east", "west"]),
        ("settings: {options: [{id: s, place: harbour}], criteria: [{id: k, name: k}], views: {east: {}, north: {weights: {q: 1}, scores: {'place:harbour': {k: 1}, 'form:open': {q: 1}, s: {k: 1}, 'host:east': {k: 0}}, assumed: true}}}", ["east", "q", "q", "host:east"]),
        ("moves: [{id: m, party: north, on: 2026-02-01, name: x, chosen: stay, over: [{id: go, leads_to: [{package: {tolls: x}}]}]}, {id: n, party: north, on: 2026-02-01, name: x, chosen: go, over: [{id: go, leads_to: [{setting: s}]}]}]", ["stay", "tolls", "s"]),
        ("talks: {deadlines: [{id: d, name: x, presses: [east]}], strike: {west: {is: 0.5, assumed: true}}}", ["east", "west"]),
        ("scenarios: [{id: s, name: x, when: deal, told_by: [envoy, north, nobody]}, {id: o, name: y, when: not deal}]", ["nobody"]),
        ("judgements: [{id: j, who: x, stake: none, words: y, person: ghost, party: east, on: q}]", ["ghost", "east", "q"]),
        ("unknowns: [{id: u, text: x, answer_from: [nobody]}]", ["nobody"]),
        ("contradictions: [{a: c1, b: c8, settled: c9}]", ["c8", "c9"]),
        ("standoff: {parties: [east], options: [{id: o, party: west, name: x}], threats: [{id: t, by: east, if: o, then: p}], rankings: {west: {}}}", ["east", "west", "east", "p", "west"]),
        ("assurances: [{id: a, name: x, kind: relief, offered_by: east, to: [west], option: o, cost_of_defecting: {east: {is: 0.5, assumed: true}}}]", ["east", "west", "o", "east"]),
        ("unknowns: [{id: u, text: x, because: [c1, {claim: c8}]}]", ["c8"]),
        ("talks: {strike: {north: {is: 0.5, because: [c9]}}}", ["c9"]),
    ],
)  # fmt: skip
def test_names_that_name_nothing(tmp_path, section, names):
    base = (
        CASE.replace("people:\n  envoy: {party: north, name: 特使, role: negotiates}\n", "")
        if section.startswith("people")
        else CASE
    )
    told = problems(write(tmp_path, base + section + "\n"))
    assert [p.values["name"] for p in told if p.code == "dangling-id"] == names
    assert {p.code for p in told} == {"dangling-id"}


def test_options_of_an_unknown_issue_are_not_blamed_too(tmp_path):
    case = with_("red_lines: [{party: north, issue: boarder, rejects: [open], assumed: true}]")
    assert found(tmp_path, case) == [("dangling-id", line(case, "red_lines"))]


def test_a_claims_party_is_a_party_of_the_case(tmp_path):
    told = problems(write(tmp_path, claims=claim_line(party="nroth")))
    assert [(p.code, str(p.place), p.hint()) for p in told] == [
        ("dangling-id", "claims.jsonl:1:215", "did you mean north?")
    ]


def test_a_translation_is_of_a_source(tmp_path):
    told = problems(
        write(tmp_path, sources={"ribao.md": f"---\n{HEADER}translation_of: ribao.zh\n---\n\n{TEXT}"})
    )
    assert [(p.code, str(p.place)) for p in told] == [("dangling-id", "sources/ribao.md:6:17")]


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("misiles", ["missiles", "mission", "sanctions"], ["missiles"]),
        ("马斯卡特", ["马斯喀特", "伊斯坦布尔"], ["马斯喀特"]),
        ("导弹", ["弹道导弹", "核问题"], ["弹道导弹"]),
        ("us", ["iran", "oman"], []),
        ("border_fees", ["border-fees", "border"], ["border-fees"]),
        ("BORDER", ["border"], ["border"]),
    ],
)
def test_closest_names(name, known, near):
    assert closest(name, known) == near


# ---- ids


def test_red_lines_without_ids_are_told_apart_by_what_they_reject(tmp_path):
    one = "{party: north, issue: border, rejects: [open], assumed: true}"
    assert found(tmp_path, with_(f"red_lines: [{one}, {one.replace('[open]', '[gates]')}]")) == []
    case = with_(f"red_lines:\n  - {one}\n  - {one}")
    assert found(tmp_path, case) == [("id-twice", line(case, "red_lines") + 2)]


def test_the_same_id_in_two_lists_is_no_problem(tmp_path):
    assert (
        found(
            tmp_path,
            with_(
                "questions: [{id: x, text: t, by: 2027-01-01, resolves: r}]", "unknowns: [{id: x, text: t}]"
            ),
        )
        == []
    )


# ---- circles


@pytest.mark.parametrize(
    ("via", "circles"),
    [
        ({"a": "b", "b": "c", "c": None}, []),
        ({"a": "a"}, [("a", "a → a")]),
        ({"a": "b", "b": "c", "c": "b"}, [("b", "b → c → b")]),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, [("a", "a → b → a"), ("c", "c → d → c")]),
        ({"a": "agency"}, []),
    ],
)
@pytest.mark.parametrize("key", ["via"])
def test_circles(tmp_path, key, via, circles):
    sources = {f"{k}.md": f"---\n{key}: {v or 'null'}\n---\n\nx" for k, v in via.items()}
    told = problems(
        write(tmp_path, CASE.replace("because: [c1]", "assumed: true"), claims="", sources=sources)
    )
    assert [
        (p.place.file.removeprefix("sources/").removesuffix(".md"), p.values["ring"]) for p in told
    ] == circles


# ---- days


def test_what_is_known_later_is_only_a_remark(tmp_path):
    case = read_case(write(tmp_path, CASE.replace("as_of: 2026-02-05", "as_of: 2026-02-01")))
    assert [(p.code, p.severity) for p in case.warnings] == [("known-later", "warning")]


def test_an_unreadable_day_of_the_case_is_compared_with_nothing(tmp_path):
    case = with_("questions: [{id: q, text: t, by: 2000-01-01, resolves: r}]").replace(
        "as_of: 2026-02-05", "as_of: soon"
    )
    assert found(tmp_path, case) == [("wrong-type", 3)]


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ("history: [{id: h, name: x, start: 2026-03-01}]", "date-order"),
        ("relations: [{from: north, to: south, kind: ally, on: 2026-02-06}]", "date-order"),
        ("preconditions: [{by: north, on: agenda, since: 2026-02-06}]", "date-order"),
        ("talks: {starts: 2026-03-01, horizon: 2026-02-01}", "date-order"),
        ("questions: [{id: q, text: t, by: 2026-02-04, resolves: r}]", "question-past"),
    ],
)
def test_days_out_of_order(tmp_path, section, code):
    assert [c for c, _ in found(tmp_path, with_(section))] == [code]


@pytest.mark.parametrize(
    "section",
    [
        "history: [{id: h, name: x, start: 2026-02-05, end: 2026-02-05}]",
        "questions: [{id: q, text: t, by: 2026-02-05, resolves: r}]",
    ],
)
def test_the_same_day_is_in_order(tmp_path, section):
    assert found(tmp_path, with_(section)) == []


def test_nobody_knows_a_claim_before_it_is_said(tmp_path):
    told = problems(write(tmp_path, claims=claim_line(said_on="2026-02-04", known_on="2026-02-03")))
    assert [(p.code, p.place.file) for p in told] == [("date-order", "claims.jsonl")]


# ---- basis


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("talks: {breakdown: {is: 0.5, range: [0, 2]}}", ["estimate-unbased"]),
        ("talks: {breakdown: {is: 0.5, range: [0, 2]}, assumed: true}", []),
        ("talks: {breakdown: {is: 0.5, range: [0, 2], because: [c1]}}", []),
        ("talks: {breakdown: unknown}", ["ignorance-open"]),
        ("talks: {breakdown: {is: unknown, range: [0, 2]}}", []),
        ("talks: {strike: {north: unknown}}", []),
        ("talks: {strike: {north: 0.5}}", ["estimate-unbased"]),
        ("readings: {north: [{id: r, sets: {preferences.north.border.weight: 5}}]}", ["estimate-unbased"]),
        ("readings: {north: [{id: r, prior: unknown}, {id: other}]}", []),
        ("settings: {options: [{id: s, place: harbour}], criteria: [{id: k, name: k}], views: {north: {weights: {k: 1}}}}", ["estimate-unbased"]),
        ("settings: {options: [{id: s, place: harbour}], criteria: [{id: k, name: k}], views: {north: {weights: {k: 1}}}, assumed: true}", []),
        ("standoff: {options: [{id: o, party: north, name: x}], rankings: {north: {statements: [{holds: o}]}}}", ["entry-unbased"]),
        ("standoff: {options: [{id: o, party: north, name: x}], rankings: {north: {statements: [{holds: o}], assumed: true}}}", []),
        ("standoff: {options: [{id: o, party: north, name: x}], rankings: {north: {statements: [{holds: o}]}}, assumed: true}", []),
        ("grades: {reliability: {B: 0.5 to 0.9}}", []),
        ("talks: {strike: {north: {is: 0.5, because: [c1], assumed: true}}}", ["basis-both"]),
        ("unknowns: [{id: u, text: x, because: [c1], assumed: true}]", ["basis-both"]),
        ("moves: [{id: m, party: south, on: 2026-02-01, name: x, chosen: go, assumed: true, over: [{id: go, leads_to: [{chance: 0.5, gain: -0.2}]}]}]", []),
    ],
)  # fmt: skip
def test_what_numbers_rest_on(tmp_path, section, codes):
    assert [code for code, _ in found(tmp_path, with_(section))] == codes


# ---- evidence


@pytest.mark.parametrize(
    ("sections", "kind", "told"),
    [
        (["moves: [{id: m, party: north, on: 2026-02-01, name: x, chosen: go, because: [c1]}]"], "refusal", 1),
        (["moves: [{id: m, party: south, on: 2026-02-01, name: x, chosen: go, because: [c1]}]"], "refusal", 0),
        (["moves: [{id: m, party: north, on: 2026-02-01, name: x, chosen: go, assumed: true, over: [{id: go, because: [c1]}]}]"], "refusal", 1),
        (["moves: [{id: m, party: north, on: 2026-02-01, name: x, chosen: go, assumed: true, over: [{id: go, leads_to: [{chance: 0.5, because: [c1]}]}]}]"], "refusal", 0),
        (["history: [{id: h, name: x, because: [c1]}]"], "refusal", 0),
        (["judgements: [{id: j, who: x, stake: party, words: y, probability: 0.1, because: [c1]}]"], "refusal", 1),
        ([], "forecast", 1),
        ([], "assessment", 0),
    ],
)  # fmt: skip
def test_no_claim_counts_twice(tmp_path, sections, kind, told):
    codes = [code for code, _ in found(tmp_path, with_(*sections), claims=claim_line(kind=kind))]
    assert codes == ["evidence-twice"] * told


def test_a_forecast_may_feed_a_judgement(tmp_path):
    case = with_("judgements: [{id: j, who: x, stake: none, words: y, probability: 0.1, because: [c2]}]")
    assert found(tmp_path, case, claims=claim_line() + claim_line("c2", 13, 20, kind="forecast")) == []


def test_red_lines_and_readings_are_estimates_of_what_a_party_wants(tmp_path):
    move = "moves: [{id: m, party: south, on: 2026-02-01, name: x, chosen: go, because: [c2]}]"
    claims = claim_line() + claim_line("c2", 13, 20)
    for section in (
        "red_lines: [{party: south, issue: border, rejects: [closed], because: [c2]}]",
        "readings: {south: [{id: r, prior: 0.5, because: [c2]}]}",
        "settings: {options: [{id: s, place: harbour}], criteria: [{id: k, name: k}], views: {south: {weights: {k: 1}, because: [c2]}}}",
        "standoff: {options: [{id: o, party: south, name: x}], rankings: {south: {statements: [{holds: o, chance: 0.8, because: [c2]}]}}}",
    ):
        case = with_(section, move)
        assert found(tmp_path, case, claims=claims) == [("evidence-twice", line(case, "moves"))], section


# ---- preferences


@pytest.mark.parametrize(
    ("preference", "codes"),
    [
        ("{best: closed, worst: open, values: {gates: 0.5}, assumed: true}", []),
        ("{best: closed, worst: open, values: {gates: 1}, assumed: true}", []),
        ("{best: closed, worst: open, values: {closed: 1, open: 0}, assumed: true}", []),
        ("{best: closed, worst: open, values: {closed: 0.9, open: 0.1, gates: 0.5}, assumed: true}", []),
        ("{best: closed, worst: open, values: {open: 0 to 0.3}, assumed: true}", ["anchor-value"]),
        ("{best: closed, worst: open, values: {closed: 0.4, gates: 0.6}, assumed: true}", ["anchor-order"]),
        ("{best: closed, worst: open, values: {open: 0.4, gates: 0.2}, assumed: true}", ["anchor-order"]),
        ("{best: closed, worst: open, values: {gates: unknown}}", []),
        ("{best: open, worst: open}", ["best-is-worst"]),
    ],
)
def test_ends_of_a_scale(tmp_path, preference, codes):
    case = CASE.replace(
        "border: {weight: 30, best: open, worst: closed, assumed: true}", f"border: {preference}"
    )
    assert [code for code, _ in found(tmp_path, case)] == codes


# ---- rules and states


def test_names_in_rules_are_marked_inside_the_text(tmp_path):
    case = with_(
        "standoff:",
        "  options: [{id: strike, party: north, name: 打击}]",
        "  infeasible:",
        "    - 'strike and stirke'",
        "    - 非 strke",
        '    - "strike\\tand talk"',
    )
    told = [p for p in problems(write(tmp_path, case)) if p.code != "standoff-alone"]
    marked = [p.excerpt[p.place.start - 1 : p.place.stop - 1] for p in told]
    assert marked == ["stirke", "strke", '"strike\\tand talk"']
    assert [p.hint() for p in told] == ["did you mean strike?", "did you mean strike?", "known here: strike"]


def test_rules_over_the_end_state_are_read(tmp_path):
    case = with_(
        "questions: [{id: q, text: t, by: 2026-05-06, resolves: r, when: deal and}]",
        "scenarios: [{id: s, name: x, when: serious and not deal}, {id: o, name: y, when: (open}]",
    )
    assert [code for code, _ in found(tmp_path, case)] == ["expression", "expression"]


@pytest.mark.parametrize(
    ("now", "rule", "codes"),
    [
        ("true", "strike and talks", ["status-quo-infeasible"]),
        ("false", "strike and talks", []),
        ("true", "strike if talks", ["status-quo-infeasible"]),
        ("true", "talks iff not strike", []),
    ],
)
def test_the_status_quo_is_possible(tmp_path, now, rule, codes):
    options = f"[{{id: strike, party: north, name: x, now: {now}}}, {{id: talks, party: south, name: y, now: true}}]"
    assert [
        code for code, _ in found(tmp_path, with_(f"standoff: {{options: {options}, infeasible: [{rule}]}}"))
    ] == codes


def test_states_are_counted_as_the_rules_leave_them(tmp_path):
    """Three options with one pair excluded: 6 states."""
    options = (
        "[{id: a, party: north, name: a}, {id: b, party: north, name: b}, {id: c, party: south, name: c}]"
    )
    rankings = "{north: {ranking: [[1, 2], [3], [4, 5, 6]], assumed: true}, south: {prefers: [[1, 7]], misperceived: [0], ranking: [[2], [2]], assumed: true}}"
    case = with_(
        f"standoff: {{options: {options}, infeasible: [a and b], rankings: {rankings}, outcomes: [{{id: d, name: x, states: [6, 9]}}]}}"
    )
    told = [(p.code, p.values.get("n", p.values.get("id"))) for p in problems(write(tmp_path, case))]
    assert sorted(told, key=str) == [
        ("id-twice", 2),
        ("state-unknown", 0),
        ("state-unknown", 7),
        ("state-unknown", 9),
    ]


def test_states_of_a_graph_are_those_it_lists(tmp_path):
    case = with_(
        "standoff: {states: [{n: 1, name: a}, {n: 2, name: b}, {n: 2, name: c}], status_quo: 3,",
        "  arcs: [{party: north, from: 1, to: 2}, {party: south, from: 2, to: 4}], rankings: {north: {ranking: [[2], [1]], assumed: true}}}",
    )
    assert [code for code, _ in found(tmp_path, case)] == ["id-twice", "state-unknown", "state-unknown"]


# ---- what readings set


@pytest.mark.parametrize(
    ("sets", "codes"),
    [
        ("{preferences.north.border.weight: 5 to 9}", []),
        ("{preferences.north.border.values.gates: 0.5}", ["dangling-id"]),
        ("{preferences.north.border.weight: -1}", ["estimate-range"]),
        ("{preferences.north.border.weight: heavy}", ["estimate-form"]),
        ("{preferences.north.border.weight: 9 to 5}", ["estimate-order"]),
        ("{preferences.north.fees: 5}", ["dangling-id"]),
        ("{red_lines.line.firm: 0.9}", []),
    ],
)
def test_what_readings_set(tmp_path, sets, codes):
    case = with_(
        "red_lines: [{id: line, party: north, issue: border, rejects: [open], firm: 0.5, assumed: true}]",
        f"readings: {{north: [{{id: r, sets: {sets}, assumed: true}}]}}",
    )
    assert [code for code, _ in found(tmp_path, case)] == codes
