"""The Muscat example as a case: complete, every number with a basis, nothing counted twice, results not trivial."""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from zopa.case.case import Case
from zopa.case.examples import folder, open_case
from zopa.case.expressions import evaluate, parse
from zopa.case.fields import Citation, Localised, Number
from zopa.case.quantities import quantities

CASE = "muscat-2026"

# Every person, place and body that the feature names, under its Chinese name.
PEOPLE = [
    "特朗普",
    "鲁比奥",
    "威特科夫",
    "哈梅内伊",
    "阿拉格齐",
    "李子昕",
    "哈勒凡·图基",
    "金·加塔斯",
    "瓦基尔",
]
VOICES = [
    "白宫官员",
    "两名美国官员",
    "伊朗官方消息人士",
    "伊朗高级消息人士",
    "伊朗高官",
    "伊朗外交官",
    "以色列官员",
    "中东官员",
    "分析人士",
]
PARTIES = ["美国", "伊朗", "阿曼", "以色列", "土耳其", "卡塔尔", "埃及"]
PLACES = ["马斯喀特", "伊斯坦布尔", "阿曼", "土耳其", "中东", "中东海域", "伊朗周边", "中东地区的美军基地"]
BODIES = [
    "白宫",
    "特朗普政府",
    "亚伯拉罕·林肯",
    "战机",
    "新消息报",
    "华尔街日报",
    "金融时报",
    "卫报",
    "伊朗媒体",
    "社交媒体",
    "中国现代国际关系研究院",
    "最高级别渠道",
    "伊朗核计划",
    "弹道导弹计划",
    "代理人",
]


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case(CASE)


def cited(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every citation of the case with the keys it stands under."""
    if isinstance(value, Citation):
        yield path, value.claim
    elif isinstance(value, Number):
        for citation in value.because:
            yield path, citation.claim
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from cited(inner, (*path, str(key)))
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            yield from cited(inner, (*path, str(getattr(inner, "id", None) or k)))
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from cited(getattr(value, name), (*path, name))


def texts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Localised]]:
    """Every name or sentence of the case with the keys it stands under."""
    if isinstance(value, Localised):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, (*path, str(key)))
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            yield from texts(inner, (*path, str(k)))
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), (*path, name))


def test_it_opens_without_a_single_problem_or_warning(case: Case) -> None:
    assert case.warnings == ()
    assert case.file.status == "reviewed"
    assert case.file.as_of == date(2026, 2, 5)
    assert case.negotiators == ("us", "iran")


def test_formatting_would_change_nothing() -> None:
    written = (folder(CASE) / "case.yaml").read_text(encoding="utf-8")
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    yaml.preserve_quotes = True
    out = io.StringIO()
    yaml.dump(yaml.load(written), out)
    assert out.getvalue() == written


def test_everything_named_is_named_in_both_languages(case: Case) -> None:
    for path, text in texts(case.file):
        assert text.en and text.zh, path
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh), path
        assert not any("\u4e00" <= c <= "\u9fff" for c in text.en), path


def test_every_name_of_the_feature_is_in_the_case(case: Case) -> None:
    file = case.file
    people = {person.name.zh for person in file.people.values()}
    assert set(PEOPLE) <= people
    assert all(any(voice in (name or "") for name in people) for voice in VOICES)
    assert set(PARTIES) <= {party.name.zh for party in file.parties.values()}
    assert set(PLACES) <= {place.name.zh for place in file.places.values()}
    bodies = [f"{body.name.zh} {body.role.zh if body.role else ''}" for body in file.bodies.values()]
    assert all(any(name in body for body in bodies) for name in BODIES)


def test_who_sits_where(case: Case) -> None:
    parties, people = case.file.parties, case.file.people
    assert set(parties["oman"].role) == {"host", "mediator"}
    assert parties["israel"].role == ("outside",)
    assert parties["nine-states"].role == ("lobby",)
    assert all("mediator" in parties[p].role for p in ("turkey", "qatar", "egypt"))
    assert people["trump"].role == people["khamenei"].role == "decides"
    assert people["witkoff"].role == people["araghchi"].role == "negotiates"
    assert people["rubio"].role == "speaks"
    assert all(
        people[p].role == "comments" and people[p].party is None for p in ("li-zixin", "ghattas", "vakil")
    )
    asked = [r for r in case.file.relations if r.kind == "asked-to-refrain"]
    assert [(r.from_, r.to, r.on) for r in asked] == [("us", "israel", date(2026, 2, 5))]


def test_issues_and_both_agendas(case: Case) -> None:
    issues, agendas = case.file.issues, case.file.agendas
    assert tuple(issues) == ("enrichment", "rebuild", "missiles", "partners", "sanctions")
    assert all(len(issue.options) in (3, 4) for issue in issues.values())
    assert "国防能力" in (issues["missiles"].called["iran"].zh or "")
    assert set(agendas["nuclear-only"].issues) == {"enrichment", "rebuild", "sanctions"}
    assert agendas["nuclear-only"].wanted_by == agendas["broad"].refused_by == ("iran",)
    assert agendas["broad"].wanted_by == agendas["nuclear-only"].refused_by == ("us",)
    assert set(agendas["broad"].issues) == set(issues)
    assert {a.status for a in agendas.values()} == {"open"}


def test_settings_and_their_status(case: Case) -> None:
    settings = case.file.settings
    assert settings is not None
    status = {s.id: s.status for s in settings.options}
    assert len(status) >= 8
    assert [s.id for s in settings.options if s.status == "agreed"] == ["muscat-open"]
    assert [s.id for s in settings.options if s.status == "refused"] == ["istanbul-observers"]
    agreed = settings.options[0]
    # The form of the talks was not announced; only Iranian media call them indirect.
    assert (agreed.place, agreed.form, agreed.host, agreed.observers) == ("muscat", "open", "oman", ())
    indirect = next(s for s in settings.options if s.id == "muscat-indirect")
    assert {case.ledger.by_id[c.claim].origin for c in indirect.because} == {"iran-media/format"}
    assert set(settings.views) == {"us", "iran"}


def test_rival_readings_are_kept_apart(case: Case) -> None:
    readings = case.file.readings
    assert [r.id for r in readings["us"]] == ["deal-seeker", "regime-change", "other"]
    assert [r.id for r in readings["iran"]] == ["focused-deal", "playing-for-time", "other"]
    prior = {r.id: {c.claim for c in r.prior.because} for r in (*readings["us"][:2], *readings["iran"][:2])}
    assert {"c118", "c119"} <= prior["deal-seeker"] and prior["regime-change"] == {"c115"}
    assert "c123" in prior["playing-for-time"] and "c58" in prior["focused-deal"]
    paths = quantities(case.file)
    assert all(path in paths for side in readings.values() for r in side for path in r.sets)


def test_red_lines_on_substance_and_on_process(case: Case) -> None:
    lines = {line.key: line for line in case.file.red_lines}
    assert {line.issue for line in lines.values() if line.issue} == {"enrichment", "rebuild", "missiles"}
    assert {line.on for line in lines.values() if line.on} == {"agenda", "observers"}
    assert lines["iran-agenda"].rejects == ("missiles", "partners")
    assert {line.party for line in lines.values()} == {"us", "iran"}


def test_the_same_words_get_the_same_number_on_both_sides(case: Case) -> None:
    firm = {line.key: str(line.firm.estimate) for line in case.file.red_lines}
    assert firm["iran-enrichment"] == firm["iran-missiles"] == firm["us-rebuild"] == "0.5 to 0.9"
    assert firm["us-enrichment"] == firm["iran-observers"] == "0.15 to 0.55"
    preferences = case.file.preferences
    walk_away = [p.no_deal.value.estimate for p in preferences.values() if p.no_deal]
    assert len(walk_away) == 2 and len(set(walk_away)) == 1
    talks = case.file.talks
    assert talks is not None and talks.concession["us"].estimate == talks.concession["iran"].estimate
    views = case.file.settings.views if case.file.settings else {}
    assert views["us"].not_meeting.estimate == views["iran"].not_meeting.estimate


def test_dated_moves_with_alternatives(case: Case) -> None:
    moves = {move.id: move for move in case.file.moves}
    assert len(moves) >= 8
    assert moves["iran-asks-oman"].on == date(2026, 2, 3)
    for name in (
        "us-refuses",
        "us-threatens-to-leave",
        "nine-states-lobby",
        "us-agrees-oman",
        "iran-confirms",
    ):
        assert moves[name].on == date(2026, 2, 4), name
    assert moves["us-asks-israel"].on == date(2026, 2, 5)
    assert [m.on for m in case.file.moves] == sorted(m.on for m in case.file.moves)
    outcomes = {o.id for o in case.file.standoff.outcomes} if case.file.standoff else set()
    for move in moves.values():
        assert move.because and len(move.over) >= 3
        assert move.chosen in {a.id for a in move.over}
        for alternative in move.over:
            assert alternative.assumed and alternative.leads_to
            middles = [c.chance.estimate.middle(c.chance.bounds) for c in alternative.leads_to]
            assert 0.85 <= sum(middles) <= 1.15, (move.id, alternative.id)
            assert {c.event for c in alternative.leads_to} - {None} <= outcomes


def test_every_number_cites_claims_or_says_that_it_is_assumed(case: Case) -> None:
    stated = [q for q in quantities(case.file).values() if q.number.estimate.known]
    assert len(stated) > 200
    assert all(bool(q.basis.because) != q.basis.assumed for q in stated)


def test_no_claim_and_no_origin_counts_for_an_estimate_and_a_move_of_one_party(case: Case) -> None:
    record = case.ledger.by_id
    acted: dict[str, set[str]] = defaultdict(set)
    for move in case.file.moves:
        acted[move.party] |= {record[claim].origin for _, claim in cited(move)}
    for path, quantity in quantities(case.file).items():
        if quantity.section in ("moves", "judgements"):
            continue
        origins = {record[claim].origin for claim in quantity.basis.claims}
        # Estimates of the simulation carry the party in their path only.
        for party, done in acted.items():
            if quantity.party == party or f".{party}" in path:
                assert not origins & done, path


def test_forecasts_feed_judgements_only_and_every_forecast_is_one(case: Case) -> None:
    forecasts = {c.id for c in case.ledger.claims if c.kind == "forecast"}
    used = {claim: path[0] for path, claim in cited(case.file) if claim in forecasts}
    assert used == dict.fromkeys(forecasts, "judgements")
    for judgement in case.file.judgements:
        assert len(forecasts & {c.claim for c in judgement.because}) == 1, judgement.id


def test_judgements_carry_the_range_of_their_words(case: Case) -> None:
    for judgement in case.file.judgements:
        claim = next(
            case.ledger.by_id[c.claim] for c in judgement.because if case.ledger.by_id[c.claim].probability
        )
        assert claim.probability is not None
        low, high = (round(p, 3) for p in judgement.probability.estimate.params)
        said = (claim.probability.low, claim.probability.high)
        turned = (round(1 - said[1], 3), round(1 - said[0], 3))
        assert (low, high) in (said, turned), judgement.id
        # What is said not to happen is turned round for the question it is set beside.
        against = {"不会", "很可能"} & {claim.probability.word} and judgement.on is not None
        assert ((low, high) == turned) == bool(against), judgement.id
        assert judgement.stake == ("ally" if claim.party == "israel" else "none")


def test_questions_and_scenarios(case: Case) -> None:
    file = case.file
    rules = {q.when for q in file.questions if q.when}
    assert rules == {"deal", "serious", "war", "open", "us-acts", "israel-acts"}
    assert {q.event for q in file.questions if q.event} == {"meeting", "direct", "second-round"}
    assert {q.by for q in file.questions if q.when} == {file.talks.horizon if file.talks else None}
    near = {q.id for q in file.questions if q.by <= date(2026, 2, 20)}
    assert {"held-on-6th", "direct-on-6th", "second-round"} <= near
    assert [s.id for s in file.scenarios] == ["forced-compromise", "contained-war", "collapse", "no-result"]


def test_exactly_one_scenario_holds_in_every_end_state(case: Case) -> None:
    atoms = ("deal", "serious", "war", "regime_breaks", "open")
    cells = [c for c in product([False, True], repeat=len(atoms)) if c[1] or not c[2]]  # a war is serious too
    columns = {atom: np.array([cell[k] for cell in cells]) for k, atom in enumerate(atoms)}
    holds = np.array([evaluate(parse(s.when), columns) for s in case.file.scenarios])
    assert (holds.sum(axis=0) == 1).all()


def test_unknowns_and_contradictions(case: Case) -> None:
    unknowns = {u.id: u for u in case.file.unknowns}
    assert {"what-they-want", "path", "form", "agenda", "why-cancelled"} <= set(unknowns)
    assert all(u.answer_from for u in unknowns.values())
    found = {(c.a, c.b): c for c in case.contradictions if c.rule == "note"}
    assert found["c08", "c01"].settled == "c01" and found["c08", "c01"].exclusive
    assert found["c71", "c65"].settled is None and not found["c71", "c65"].exclusive
    assert {c.kind for c in found.values()} == {"factual", "agenda", "position", "forecast"}
    assert ("c16", "c19") not in found


def test_history_and_deadline(case: Case) -> None:
    history = {episode.id: episode for episode in case.file.history}
    assert history["rounds-2025"].rounds == 5
    assert history["twelve-day-war"].month == "2025-06"
    talks = case.file.talks
    assert talks is not None and talks.starts == date(2026, 2, 6)
    assert next(d for d in talks.deadlines if d.id == "midterms").on == date(2026, 11, 3)


def test_every_claim_is_used(case: Case) -> None:
    assert len(case.ledger.claims) == 130
    assert {claim for _, claim in cited(case.file)} == {claim.id for claim in case.ledger.claims}


def test_the_standoff_has_enough_states_and_no_idle_statement(case: Case) -> None:
    standoff = case.file.standoff
    assert standoff is not None
    ids = [option.id for option in standoff.options]
    number = np.arange(2 ** len(ids))
    columns = {name: (number >> bit & 1).astype(bool) for bit, name in enumerate(ids)}
    feasible = np.ones(len(number), dtype=bool)
    for rule in standoff.infeasible:
        feasible &= ~evaluate(parse(rule.when), columns)
    assert int(feasible.sum()) == 102
    assert feasible[0]  # the status quo: nothing done, talks agreed
    for party, ranking in standoff.rankings.items():
        for statement in ranking.statements:
            holds = evaluate(parse(statement.holds), columns)[feasible]
            assert 0 < holds.sum() < len(holds), (party, statement.id)
    states = {o.id: evaluate(parse(o.when or ""), columns) & feasible for o in standoff.outcomes}
    assert {"deal", "talks", "us-strike", "retaliation", "ally-strike", "broken-off"} <= set(states)
    assert all(found.any() for found in states.values())
    # Agreement, talks, a break without violence, and force share out the states between them.
    parts = np.array([states[o] for o in ("deal", "talks", "broken-off", "us-strike", "ally-strike")])
    assert (parts[:3].sum(axis=0) <= 1).all()
    assert (parts.any(axis=0) == feasible).all()
    # What is done by force cannot be undone.
    assert {o.id for o in standoff.options if o.one_way == "on"} == {"strike", "retaliate", "attack"}


def shares(case: Case, issues: tuple[str, ...], evidence: str) -> tuple[np.ndarray, np.ndarray]:
    """Per draw whether some package is acceptable to both, and per package the share of draws, by enumeration."""
    table = case.draws(1000, evidence=evidence).table  # type: ignore[arg-type]
    on = [name in issues for name in table.issues]
    ranges = [
        range(v.shape[2]) if o else [q] for v, o, q in zip(table.values, on, table.status_quo, strict=True)
    ]
    packages = np.array(list(product(*ranges)))
    fine = np.ones((1000, len(packages)), dtype=bool)
    for p in range(len(table.parties)):
        worth = sum(c[:, p, packages[:, i]] for i, c in enumerate(table.contributions))
        fine &= worth >= table.reserve[:, p, None]
        for i, vetoes in enumerate(table.vetoes):
            if on[i]:
                fine &= ~vetoes[:, p, packages[:, i]]
    return fine.any(axis=1), fine.mean(axis=0)


@pytest.mark.parametrize("evidence", ["all", "cited", "none"])
def test_a_zone_is_neither_certain_nor_excluded(case: Case, evidence: str) -> None:
    narrow = shares(case, case.file.agendas["nuclear-only"].issues, evidence)
    broad = shares(case, case.file.agendas["broad"].issues, evidence)
    for exists, package in (narrow, broad):
        assert 0.3 < exists.mean() < 0.9
        assert 0.1 < package.max() < 0.6
    # Issues off the agenda stay at the status quo, which is one of the options on it: more issues, more packages.
    assert broad[0].mean() > narrow[0].mean()


def test_the_zone_turns_on_what_the_sides_are_after(case: Case) -> None:
    draws = case.draws(1000)
    exists, _ = shares(case, case.file.agendas["nuclear-only"].issues, "all")
    us, iran = draws.reading("us"), draws.reading("iran")
    assert exists[us == 0].mean() > exists[us == 1].mean() + 0.3
    assert exists[iran == 0].mean() > exists[iran == 1].mean()


def test_the_folder_says_what_it_is_in_both_languages() -> None:
    readme = Path(folder(CASE) / "README.md").read_text(encoding="utf-8")
    assert "our own summary" in readme and "本项目自己写的摘要" in readme
    assert "Apache License 2.0" in readme and "引用方式" in readme
