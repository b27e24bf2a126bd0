"""Whatever is wrong with a case, reading it tells so: no mutation of a full case makes a check fall over."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.made import CASE, write
from zopa.case.edit import GONE, edited
from zopa.case.folder import problems, read
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError

FULL = (
    CASE
    + """\
bodies: {desk: {name: 办公室, kind: office, party: north}}
relations: [{from: north, to: south, kind: adversary, on: 2026-01-01}]
exclusions: [{not: {border: open, fees: full}, assumed: true}]
synergies: [{party: north, when: {border: gates, fees: half}, adds: 0.1 to 0.2, assumed: true}]
currency: {name: 元, worth: {north: 0.1, south: 0.2}, most: {is: 5, range: [0, 9]}, assumed: true}
agendas: {both: {issues: [fees], wanted_by: [north], refused_by: [south], freeze: {border: gates}, assumed: true}}
readings:
  north: [{id: firm, prior: 0.2 to 0.6, sets: {preferences.north.border.weight: 40}, assumed: true}, {id: other}]
red_lines:
  - {id: line, party: north, issue: border, rejects: [open], firm: 0.4 | 0.6 | 0.9, cost: "beta(2, 5)", assumed: true}
  - {party: south, on: agenda, rejects: [fees], assumed: true}
preconditions: [{by: south, on: agenda, status: open, since: 2026-01-01}]
settings:
  options: [{id: talks, place: harbour, observers: [island], form: indirect, host: island, proposed_by: [south]}]
  criteria: [{id: fair, name: 公平}]
  views: {north: {weights: {fair: 1}, scores: {"place:harbour": {fair: 0.5}}, not_meeting: 0.2, assumed: true}}
moves:
  - id: walkout
    party: south
    on: 2026-02-01
    name: 离席
    chosen: leave
    assumed: true
    over: [{id: leave, leaves: true, leads_to: [{chance: 0.5, no_deal: true}]}, {id: stay, leads_to: [{package: {border: gates, fees: half}, gain: -0.1}]}]
history: [{id: first, name: 首轮, start: 2025-01-01, end: 2025-02-01, rounds: 3}, {id: second, name: 次轮, month: 2025-06}]
standoff:
  parties: [north, south]
  options: [{id: strike, party: north, name: 打击}, {id: talks, party: south, name: 会谈, now: true}]
  infeasible: [strike 且 talks]
  threats: [{id: warning, by: north, if: not talks, then: strike}]
  rankings:
    north: {statements: [{holds: talks, chance: 0.9}], prefers: [[1, 2]], assumed: true}
    south: {ranking: [[2], [1], [3]], assumed: true}
  outcomes: [{id: war, name: 战争, when: strike, kind: violence}, {id: peace, name: 和平, states: [1, 2]}]
assurances: [{id: watch, name: 监督, kind: verification, offered_by: island, to: [north], option: talks, detects: 0.8, cost_of_defecting: {north: 0.6}, assumed: true}]
talks: {starts: 2026-02-06, horizon: 2026-12-31, deadlines: [{id: vote, name: 选举, on: 2026-11-03, presses: [north]}], breakdown: {is: 0.2, range: [0, 2], assumed: true}, strike: {north: {mix: [[0.7, 0.1 to 0.2], [0.3, 0.6]]}}, assumed: true}
questions: [{id: deal, text: 达成？, by: 2026-12-31, resolves: 签字, when: deal}]
scenarios: [{id: war, name: 战争, when: serious and not deal, told_by: [envoy]}, {id: rest, name: 其他, when: not serious or deal}]
judgements: [{id: gloomy, who: 某官员, person: envoy, stake: party, words: 微乎其微, probability: 0 to 0.1, on: deal, assumed: true}]
unknowns: [{id: mandate, text: 授权？, answer_from: [envoy]}]
contradictions: [{a: c1, b: c1, kind: factual}]
grades: {reliability: {B: 0.5 to 0.9}, bearing: {threat: 0.3}}
"""
)
WRONG = st.sampled_from(
    [GONE, None, True, 7, -1, 1.5, "", "x", "北方", "2026-02-05", "0.9 to 0.1", "nobody", "a and", "(a", [], {}, [1], [[]], ["x"], {"id": "x"}, {"is": 0.5}, {"is": 3, "range": ["a", 2]}, {"en": ""}, {"mix": 3}, "strike " * 50]
)  # fmt: skip


def test_the_full_case_has_no_problem(tmp_path):
    assert [p.show() for p in problems(write(tmp_path, FULL))] == []


@st.composite
def mutated(draw):
    text = FULL
    for _ in range(draw(st.integers(1, 3))):
        lines = Lines("case.yaml", text)
        node, path = parse(lines)[0], []
        for _ in range(draw(st.integers(1, 7))):
            steps = list(node.entries or range(len(node.items or ())))
            if not steps:
                break
            path.append(draw(st.sampled_from(steps)))
            node = node.child(path[-1])
        try:
            text = edited(lines, tuple(path), draw(WRONG))
        except CaseFileError:
            continue
    return text


@settings(max_examples=25)
@given(mutated())
def test_no_mutation_makes_a_check_fall_over(tmp_path_factory, text):
    folder = write(tmp_path_factory.mktemp("case"), text)
    case, found = read(folder)
    assert case is not None
    for problem in found:
        assert problem.show("en")
        assert problem.show("zh")
        assert problem.place.file is not None
    assert len(found) < 60
    again = problems(folder)
    assert again == found
