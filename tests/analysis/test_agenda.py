"""Agendas: every set of issues against the definitions, the quarrel over scope, and what may be said of it."""

import json
import os
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from tests.known import bargaining as theory
from tests.known import england_zimbabwe as known
from tests.shared import shared_data
from zopa.analysis import _agenda_measure
from zopa.analysis._agenda_tables import point_ends, points, reading_clause
from zopa.analysis.agenda import Agenda, AgendaRow
from zopa.case.folder import problems
from zopa.case.quantities import quantities
from zopa.methods.agendas import agenda_mask, agenda_point, agenda_table
from zopa.result import Share, percent
from zopa.words import say

N = 100
GALLERY = Path(__file__).parents[1] / "errors"


def by_issues(agenda: Agenda) -> dict[tuple[str, ...], AgendaRow]:
    return {row.issues: row for row in agenda.rows() if not row.frozen}


# -- known answers ---------------------------------------------------------------------------------------------------


def test_all_agendas_of_england_and_zimbabwe():
    """The 31 agendas of the domain, to 1e-9."""
    rows = by_issues(zopa.agenda(zopa.open_case("england-zimbabwe"), draws=50))
    assert len(rows) == len(known.SUBSETS) == 31
    for issues, answer in known.SUBSETS.items():
        row = rows[tuple(issues.split())]
        assert row.better == pytest.approx(answer.better / answer.packages, abs=1e-9)
        assert row.joint_gain == pytest.approx(answer.joint_gain, abs=1e-9)
        assert row.ranges["joint_gain"] == pytest.approx((answer.joint_gain,) * 2, abs=1e-9)
        if answer.nash is None:
            assert row.nash is row.gain is None
        else:
            assert [row.nash[p] for p in known.PARTIES] == pytest.approx(answer.nash, abs=1e-9)
            gains = [n - q for n, q in zip(answer.nash, known.STATUS_QUO, strict=True)]
            assert [row.gain[p] for p in known.PARTIES] == pytest.approx(gains, abs=1e-9)


def test_england_and_zimbabwe_against_the_shared_file():
    expected = json.loads(shared_data("genius/expected.json").read_text(encoding="utf-8"))
    ids = dict(
        zip(
            expected["domains"][0]["issues"],
            ("fund", "other-aid", "zimbabwe-trade", "england-trade", "forum"),
            strict=True,
        )
    )
    for subset in expected["agenda_subsets_england_zimbabwe"]["subsets"]:
        here = {ids[name] for name in subset["agenda"]}
        (answer,) = (a for key, a in known.SUBSETS.items() if set(key.split()) == here)
        assert answer.packages == subset["n"]
        assert answer.better / answer.packages == pytest.approx(subset["zopa_fraction"], abs=1e-12)
        assert answer.joint_gain == pytest.approx(subset["max_joint_gain"], abs=1e-9)
        assert (answer.nash is None) == (subset["nash"] is None)
        if answer.nash is not None:
            assert answer.nash == pytest.approx(subset["nash"], abs=1e-9)


def test_linkage_creates_a_zone():
    """Neither issue alone leaves both better off; together each gains .3 (on a scale of width .9)."""
    rows = by_issues(zopa.agenda(case(tables.linkage()), draws=50))
    for alone in (("x",), ("y",)):
        assert rows[alone].better == 0.0
        assert rows[alone].gain is None
    both = rows["x", "y"]
    assert both.better == 1 / 4
    assert [0.9 * both.gain[p] for p in ("left", "right")] == pytest.approx(theory.LINKAGE.answer, abs=1e-9)
    # With walking away worth more than the status quo, the zone itself exists on the long agenda only.
    rows = by_issues(zopa.agenda(case(tables.linkage(no_deal=0.4)), draws=50))
    assert [rows[key].exists.value for key in (("x",), ("y",), ("x", "y"))] == [0.0, 0.0, 1.0]


def test_a_package_gives_what_the_issues_one_by_one_cannot():
    """Two pies split one after the other, and together (tests/known/bargaining.py)."""
    rows = by_issues(zopa.agenda(case(tables.pies()), draws=50))
    apart = [sum(rows[(pie,)].gain[p] for pie in ("one", "two")) for p in ("left", "right")]
    assert apart == pytest.approx(theory.PIE_BY_PIE.answer, abs=1e-9)
    together = rows["one", "two"]
    assert [together.nash[p] for p in ("left", "right")] == pytest.approx(
        theory.PACKAGE_NASH.answer, abs=1e-9
    )


# -- against the definitions -----------------------------------------------------------------------------------------


@given(file=tables.negotiations())
@settings(max_examples=25)
def test_shares_are_those_of_the_definitions(file: dict[str, Any]):
    found = case(file)
    drawn = found.draws(N)
    fits = {package: hits.all(axis=1) for package, hits in tables.accepted(found, drawn).items()}
    keys = list(found.file.issues)
    quo = drawn.table.status_quo
    for row in zopa.agenda(found, draws=N).rows():
        on = [keys.index(i) for i in row.issues]
        sits = ~drawn.table.refuses[:, :, on].any(axis=(1, 2))
        inside = [p for p in fits if all(k == quo[i] or i in on for i, k in enumerate(p))]
        assert row.exists.value == pytest.approx((np.any([fits[p] for p in inside], axis=0) & sits).mean())
        shares = {p: (fits[p] & sits).mean() for p in inside}
        assert row.best.value == pytest.approx(max(shares.values()))
        assert shares[row.options] == max(shares.values())
        for p, party in enumerate(found.negotiators):
            refused = drawn.table.refuses[:, p, on].any(axis=1).mean()
            assert row.refused[party].value == pytest.approx(refused)
            assert row.refused[party].zero == 0.0


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=15)
def test_gains_over_the_status_quo_are_those_of_the_definitions(file: dict[str, Any]):
    found = case(file)
    drawn = found.draws(N)
    worth, barred = tables.utilities(found, drawn), tables.barred(found, drawn)
    now = worth[drawn.table.status_quo]
    whole = max(zopa.agenda(found, draws=N).rows(), key=lambda row: len(row.issues))
    better = np.stack([((worth[p] - now > 1e-9).all(axis=1) & ~barred[p].any(axis=1)) for p in worth], axis=1)
    sums = np.stack([(worth[p] - now).sum(axis=1) for p in worth], axis=1)
    assert whole.better == pytest.approx(np.median(better.mean(axis=1)), abs=1e-9)
    joint = np.where(better, sums, 0.0).max(axis=1)
    assert whole.joint_gain == pytest.approx(np.median(joint), abs=1e-9)
    assert whole.ranges["joint_gain"] == pytest.approx(tuple(np.quantile(joint, [0.05, 0.95])), abs=1e-9)
    assert (whole.nash is None) == (better.any(axis=1).mean() < 0.5)


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=15)
def test_zero_lines_of_gains_are_those_of_the_definitions_without_evidence(file: dict[str, Any]):
    """The Nash point over the status quo, package by package, on the draws in which no claim is believed."""
    found = case(file)
    drawn = found.draws(N, evidence="none")
    worth, barred = tables.utilities(found, drawn), tables.barred(found, drawn)
    now = worth[drawn.table.status_quo]
    whole = max(zopa.agenda(found, draws=N).rows(), key=lambda row: len(row.issues))
    gains = np.stack([worth[p] - now for p in worth], axis=1)
    better = np.stack([~barred[p].any(axis=1) for p in worth], axis=1) & (gains > 1e-9).all(axis=2)
    there = better.any(axis=1)
    assert whole.zeros["mutual"] == pytest.approx(there.mean())
    assert whole.zeros["better"] == pytest.approx(np.median(better.mean(axis=1)), abs=1e-9)
    joint = np.where(better, gains.sum(axis=2), 0.0).max(axis=1)
    assert whole.zeros["joint_gain"] == pytest.approx(np.median(joint), abs=1e-9)
    if there.mean() < 0.5:
        assert not any(name.startswith(("nash.", "gain.")) for name in whole.zeros)
        return
    picked = np.where(better, gains.prod(axis=2), -1.0).argmax(axis=1)[there]
    at = gains[there][np.arange(len(picked)), picked]
    for p, party in enumerate(found.negotiators):
        assert whole.zeros[f"gain.{party}"] == pytest.approx(np.median(at[:, p]), abs=1e-9)
        assert whole.zeros[f"nash.{party}"] == pytest.approx(np.median((at + now[there])[:, p]), abs=1e-9)


def test_every_number_of_a_row_and_of_a_sequence_has_its_zero_line():
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=300)
    for row in agenda.rows():
        assert set(row.ranges) - {"joint_gain", "better", "mutual"} <= {
            f"{name}.{p}" for name in ("nash", "gain") for p in agenda.case.negotiators
        }
        assert {"mutual", "better", "joint_gain"} <= set(row.zeros) & set(row.ranges)
        low, high = row.ranges["mutual"]
        assert 0.0 <= low <= row.mutual <= high <= 1.0
    for turn in agenda.sequences:
        assert set(turn.gain_zero) == set(turn.gain)
        assert (turn.linkage_zero is None) == (turn.linkage is None) == (turn.kind == "package")


def test_gains_agree_with_the_frontier():
    """Package by package as here, and by merging frontiers (methods/agendas.py), the same to 1e-9."""
    found = zopa.open_case("muscat-2026")
    drawn = found.draws(60)
    table = drawn.table
    rows = by_issues(zopa.agenda(found, draws=60))
    issues = tuple(found.file.issues)
    for size in (1, 3, 5):
        scope = issues[:size]
        points = [
            agenda_point(
                [v[d] for v in table.contributions],
                table.status_quo,
                mask=agenda_mask(range(size)),
                vetoes=[v[d] for v in table.vetoes],
            )
            for d in range(60)
        ]
        assert rows[scope].better == pytest.approx(np.median([p.zopa_fraction for p in points]), abs=1e-9)
        assert rows[scope].joint_gain == pytest.approx(
            np.median([p.max_joint_gain for p in points]), abs=1e-9
        )
        there = [p.nash for p in points if p.nash is not None]
        if rows[scope].nash is not None:
            assert list(rows[scope].nash.values()) == pytest.approx(np.median(there, axis=0), abs=1e-9)


def test_fewer_draws_are_looked_through_where_packages_are_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_agenda_measure, "WORK", 9 * 40)
    assert zopa.agenda(tables.debated(), draws=N).parameters["solved"] == 40


def test_packages_too_many_to_count_give_the_same(monkeypatch: pytest.MonkeyPatch):
    """By search and by frontiers instead of one by one."""
    counted = zopa.agenda(tables.debated(), draws=N)
    monkeypatch.setattr(_agenda_measure, "MAX_PACKAGES", 0)
    monkeypatch.setattr(_agenda_measure, "SEARCHED", N)
    for one, other in zip(counted.rows(), zopa.agenda(tables.debated(), draws=N).rows(), strict=True):
        assert (other.exists, other.best) == (one.exists, one.best)
        assert (other.better, other.joint_gain) == pytest.approx((one.better, one.joint_gain), abs=1e-9)
        assert (other.gain or {}) == pytest.approx(one.gain or {}, abs=1e-9)


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=20)
def test_where_nobody_refuses_a_longer_agenda_never_does_worse(file: dict[str, Any]):
    rows = by_issues(zopa.agenda(case(file), draws=N))
    for less, more in combinations(rows, 2):
        if set(less) < set(more):
            for measure in ("exists", "best"):
                short, long = (getattr(rows[key], measure) for key in (less, more))
                assert long.value >= short.value - 1e-12
                assert long.zero >= short.zero - 1e-12


def test_a_refusal_to_discuss_an_issue_is_a_failure_of_agendas_with_it():
    line = [{"party": "left", "on": "agenda", "rejects": ["y"], "firm": 1.0, "assumed": True}]
    rows = by_issues(zopa.agenda(case({**tables.linkage(), "red_lines": line}), draws=50))
    assert rows[("x",)].exists.value == 1.0
    for issues in (("y",), ("x", "y")):
        assert rows[issues].exists.value == rows[issues].best.value == 0.0
        assert rows[issues].refused["left"].value == 1.0
        assert rows[issues].refused["right"].value == 0.0
        assert rows[issues].exists.zero > 0.0


# -- scopes ----------------------------------------------------------------------------------------------------------


def test_the_cases_own_agendas_come_first_and_each_set_of_issues_once():
    agenda = zopa.agenda(tables.debated(), draws=50)
    assert [row.issues for row in agenda.rows()] == [("land",), ("land", "water"), ("water",)]
    assert [row.names for row in agenda.rows()] == [("short",), ("long",), ()]
    first, second, third = agenda.rows()
    assert (first.wanted_by, first.refused_by) == (("left",), ("right",))
    assert (second.wanted_by, second.refused_by) == (("right",), ())
    assert "c5" in first.because
    assert [cells[0] for cells in agenda.table("zh").rows] == ["议题land", "全部议题", "议题water"]
    assert agenda.table("en").rows[0][1] == "for: Left; against: Right"
    assert agenda.table("zh").rows[0][1] == "主张：左方；拒绝：右方"
    assert third.wanted_by == third.refused_by == ()


def test_two_names_for_one_set_of_issues_share_a_row():
    agendas = {
        "one": {"issues": ["land"], "wanted_by": ["left"], "assumed": True},
        "other": {"issues": ["land"], "wanted_by": ["right"], "assumed": True},
    }
    agenda = zopa.agenda(tables.debated(agendas=agendas), draws=50)
    assert agenda.rows()[0].names == ("one", "other")
    assert agenda.rows()[0].wanted_by == ("left", "right")
    assert agenda.contrast is None
    assert agenda.headline("en").startswith("All sides want the same issues on the agenda.")


def test_a_frozen_issue_stays_where_the_agenda_freezes_it():
    agendas = {
        "plain": {"issues": ["x"], "assumed": True},
        "frozen": {"issues": ["x"], "freeze": {"y": "yes"}, "assumed": True},
        "as-is": {"issues": ["y"], "freeze": {"x": "no"}, "assumed": True},
    }
    agenda = zopa.agenda(case({**tables.linkage(no_deal=0.4), "agendas": agendas}), draws=50)
    plain, frozen, as_is = agenda.rows()[:3]
    assert (plain.frozen, frozen.frozen, as_is.frozen) == ({}, {"y": {"yes": Share(1.0, 1.0, 1.0, 1.0)}}, {})
    assert (plain.exists.value, frozen.exists.value) == (0.0, 1.0)
    assert frozen.package == {"x": "yes", "y": "yes"}
    # Measured from the status quo all the same: of the two packages left, one leaves both better off.
    assert frozen.better == 1 / 2
    assert [0.9 * frozen.gain[p] for p in ("left", "right")] == pytest.approx((0.3, 0.3), abs=1e-9)
    assert any("y yes" in note or "yes y" in note for note in agenda.notes("en"))
    assert sum("归宿" in note for note in agenda.notes("zh")) == 1


@given(file=tables.negotiations(refusals=False), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_uncertain_freeze_levels_are_those_of_the_definitions(file: dict[str, Any], seed: int):
    """Package by package, each draw with the option at which it freezes what is off the agenda; and nothing is lost by
    a longer agenda, since freeze levels are options of the issue."""
    rng = np.random.default_rng(seed)
    issues = list(file["issues"])
    off = issues[int(rng.integers(len(issues)))]
    options = [o["id"] for o in file["issues"][off]["options"]]
    shares = dict(zip(options, ("0.2 to 0.6", "0.1 to 0.5"), strict=False))
    short = {"issues": [i for i in issues if i != off], "freeze": {off: shares}, "assumed": True}
    if not short["issues"]:
        return
    found = case({**file, "agendas": {"short": short}})
    drawn = found.draws(N)
    agenda = zopa.agenda(found, draws=N)
    row, whole = agenda.rows()[0], max(agenda.rows(), key=lambda r: len(r.issues))
    assert row.names == ("short",)
    at = issues.index(off)
    ((_, level),) = _agenda_measure.held(drawn, _agenda_measure.scope_of(found, "short")).items()
    shares = row.frozen[off]
    assert {o: s.value for o, s in shares.items()} == {
        o: (level == k).mean() for k, o in enumerate(options[:2])
    }
    assert all(s.low <= s.value <= s.high for s in shares.values())
    assert sum(s.zero for s in shares.values()) == pytest.approx(1.0)
    fits = {package: hits.all(axis=1) for package, hits in tables.accepted(found, drawn).items()}
    inside = [hits & (level == package[at]) for package, hits in fits.items()]
    assert row.exists.value == pytest.approx(np.any(inside, axis=0).mean())
    fixed: dict[tuple[int, ...], Any] = {}
    for package, hits in fits.items():
        rest = package[:at] + package[at + 1 :]
        fixed[rest] = fixed.get(rest, 0) + (hits & (level == package[at]))
    assert row.best.value == pytest.approx(max(hits.mean() for hits in fixed.values()))
    assert whole.exists.value >= row.exists.value and whole.exists.zero >= row.exists.zero


def test_shares_of_freeze_levels_are_their_proportions():
    agendas = {"mixed": {"issues": ["x"], "freeze": {"y": {"no": 0.3, "yes": 0.1}}, "assumed": True}}
    found = case({**tables.linkage(), "agendas": agendas})
    row = zopa.agenda(found, draws=4000).rows()[0]
    assert row.frozen["y"]["yes"].value == pytest.approx(0.25, abs=0.03)
    # Without evidence nobody says in what proportions: either is as likely as the other.
    assert row.frozen["y"]["yes"].zero == pytest.approx(0.5, abs=0.03)
    assert "zero line" in next(n for n in zopa.agenda(found, draws=50).notes("en") if "does not leave" in n)
    assert set(zopa.agenda(found, draws=50).rows()[0].frozen["y"]) == {"no", "yes"}
    assert quantities(found.file)["agendas.mixed.freeze.y.yes"].basis.assumed


def many(number: int, options: str = "ab") -> dict[str, Any]:
    """Issues of which the sides want opposite ends, and weigh differently."""
    names = [f"i{k:02}" for k in range(number)]
    sides: dict[str, Any] = {}
    for side, ends in (("left", (options[-1], options[0])), ("right", (options[0], options[-1]))):
        weights = range(1, number + 1) if side == "left" else range(number, 0, -1)
        sides[side] = {
            **{
                name: tables.preference(f"{w} to {w + 4}", *ends)
                for name, w in zip(names, weights, strict=True)
            },
            "no_deal": {"value": "0.3 to 0.55", "assumed": True},
        }
    return {"issues": {name: tables.issue(name, *options) for name in names}, "preferences": sides}


def test_beyond_five_issues_named_smallest_single_and_all():
    file = {**many(7), "agendas": {"some": {"issues": ["i02", "i05"], "assumed": True}}}
    agenda = zopa.agenda(case(file), draws=200, threshold=0.3)
    rows, names = agenda.rows(), tuple(file["issues"])
    small = [rows[k] for k in agenda.smallest]
    assert rows[0].names == ("some",)
    assert {r.issues for r in rows} == {("i02", "i05"), *((n,) for n in names), names} | {
        r.issues for r in small
    }
    assert (agenda.search.whole, agenda.search.measured, agenda.search.draws) == (7, 127, 200)
    assert small and all(row.best.value >= 0.3 for row in small)
    drawn = case(file).draws(200)
    table = agenda_table(
        drawn.table.contributions, drawn.table.vetoes, drawn.table.reserve, drawn.table.status_quo
    )
    reached = {m for m in range(1, 128) if table.best[m] >= 0.3 - 1e-9}
    least = [m for m in reached if not any(k != m and k & m == k for k in reached)]
    assert agenda.search.found == len(least)
    listed = {agenda_mask([names.index(i) for i in row.issues]) for row in small}
    assert listed <= set(least) and len(listed) == min(len(least), 12)
    assert any("127 agendas" in note for note in agenda.notes("en"))
    assert any("127个议程" in note for note in agenda.notes("zh"))


def test_sixteen_issues():
    agenda = zopa.agenda(case(many(16)), draws=100, threshold=0.2)
    assert agenda.search.measured == 2**16 - 1
    assert len(agenda.rows()) == 16 + 1 + len(agenda.smallest) < 40
    assert agenda.smallest
    assert len(agenda.tables("zh")) >= 2


def test_the_smallest_agendas_are_inclusion_minimal():
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=400, threshold=0.3)
    reached = [set(row.issues) for row in agenda.rows() if not row.frozen and row.best.value >= 0.3]
    least = [s for s in reached if not any(other < s for other in reached)]
    found = [set(agenda.rows()[k].issues) for k in agenda.smallest]
    assert sorted(map(sorted, found)) == sorted(map(sorted, least)) and least
    told = agenda.tables("en")
    assert any(t.caption == "Smallest agendas with P(best) of at least 30%" for t in told)
    assert zopa.agenda(tables.debated(), draws=N, threshold=1.0).smallest == ()
    with pytest.raises(ValueError, match="threshold is 0"):
        zopa.agenda(tables.debated(), draws=N, threshold=0)


def test_who_blocks_and_what_would_be_without_it():
    line = [{"party": "left", "on": "agenda", "rejects": ["y"], "firm": 0.5, "assumed": True}]
    agenda = zopa.agenda(case({**tables.linkage(), "red_lines": line}), draws=400)
    row = by_issues(agenda)["x", "y"]
    assert row.willing is not None
    assert row.willing.value == pytest.approx(1.0)
    assert row.best.value == pytest.approx(1 - row.refusal.value)
    assert row.refusal.zero == 0.0 and 0.4 < row.refusal.value < 0.6
    assert any(t.caption == "Who proposes what, and who blocks" for t in agenda.tables("en"))


# -- sequences -------------------------------------------------------------------------------------------------------


def test_issues_in_another_order_are_the_same_case():
    file = tables.debate()
    turned = {**file, "issues": dict(reversed(file["issues"].items()))}
    one, other = (zopa.agenda(case(f, *tables.record()), draws=N) for f in (file, turned))
    first, second = (
        {frozenset(r.issues): (r.exists, r.best, r.refusal) for r in a.rows()} for a in (one, other)
    )
    assert first == second
    gains = [{(s.kind, s.judged): s.accepted for s in a.sequences} for a in (one, other)]
    assert gains[0] == gains[1]


def test_after_moves_says_so():
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=200, after_moves=True)
    assert say("result.after-moves-note", "en", effective=round(agenda.effective)) in agenda.notes("en")


def test_the_contrast_is_told_per_reading():
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=2000)
    assert agenda.contrast is not None
    assert {r.party for r in agenda.contrast.readings} == set(agenda.case.file.readings)
    for party in agenda.case.file.readings:
        mine = [r for r in agenda.contrast.readings if r.party == party]
        assert sum(r.weight.value * r.value for r in mine) == pytest.approx(agenda.contrast.value, abs=0.05)
        for r in mine:
            assert r.value == pytest.approx(r.more.value - r.less.value)
            assert r.low <= r.value <= r.high
            # Without evidence a reading sets nothing.
            assert r.zero == agenda.contrast.zero == pytest.approx(r.more.zero - r.less.zero)
            assert r.cited is not None
            for share in (r.weight, r.more, r.less):
                assert 0.0 <= share.low <= share.value <= share.high <= 1.0
        assert sum(r.weight.zero for r in mine) == pytest.approx(1.0)
    table = next(t for t in agenda.tables("en") if t.caption.startswith("The quarrel over scope"))
    zeros = [row for row in table.rows if row[1] == "zero line of each"]
    lasts = [r for r in agenda.contrast.readings if r.reading == "other"]
    told = [["35%", *(f"{percent(s.zero)}%" for s in (r.less, r.more))] for r in lasts]
    assert [list(row[2:5]) for row in zeros] == told and table.columns[-1] == "without assumptions"
    assert [row[5] for row in zeros] == [points(agenda.contrast.zero)] * len(agenda.case.file.readings)
    assert len(table.rows) == len(agenda.contrast.readings) + len(zeros)
    assert any("议题范围之争" in t.caption for t in agenda.tables("zh"))


def test_one_sentence_says_whether_the_quarrel_matters_and_under_which_readings():
    """The reading of a party under which the scope matters is named with the change; the others are not."""
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=2000)
    assert agenda.contrast is not None and agenda.contrast.verdict == "open"
    clear = [r for r in agenda.contrast.readings if r.clear]
    assert 0 < len(clear) < len(agenda.contrast.readings)
    second = agenda.headline("en").split(". ")[1]
    assert second.startswith(
        "The record does not settle whether the scope changes the outcome, and as the case stands"
    )
    assert "it clearly does so only if the United States is after “" in second and ";" not in second
    readings = agenda.case.file.readings
    for r in agenda.contrast.readings:
        name = next(x.name for x in readings[r.party] if x.id == r.reading)
        for lang, told in (("en", second), ("zh", agenda.headline("zh").split("。")[1])):
            assert (f"“{name.get(lang)}”" in told) == r.clear
            assert not r.clear or points(r.value) in told
            low, high = point_ends(r.low, r.high)
            apart = f"{low} to {high}, against" if lang == "en" else f"范围{low}至{high}，不计任何证据则为"
            assert not r.clear or apart in told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_readings_of_several_sides_are_joined_in_words(lang: str):
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=1000)
    assert agenda.contrast is not None
    flat, steep = (
        tuple(replace(r, clear=clear) for r in agenda.contrast.readings) for clear in (False, True)
    )
    file = agenda.case.file
    for verdict in ("shows", "open"):
        none = reading_clause(file, replace(agenda.contrast, readings=flat, verdict=verdict), lang)
        assert ("any single reading" if lang == "en" else "任何一种解读") in none
        every = reading_clause(file, replace(agenda.contrast, readings=steep, verdict=verdict), lang)
        assert every.count(" or " if lang == "en" else "或") >= 3
        assert all(f"“{x.name.get(lang)}”" in every for r in file.readings.values() for x in r)
    assert reading_clause(file, replace(agenda.contrast, readings=steep, verdict="silent"), lang) == ""


# -- what may be said ------------------------------------------------------------------------------------------------


def test_the_contrast_is_the_longest_wanted_agenda_against_the_shortest():
    agenda = zopa.agenda(tables.debated(), draws=1000)
    short, long, _ = agenda.rows()
    assert agenda.contrast is not None
    assert (agenda.contrast.less, agenda.contrast.more) == (0, 1)
    assert agenda.contrast.value == pytest.approx(long.best.value - short.best.value)
    assert agenda.contrast.zero == pytest.approx(long.best.zero - short.best.zero)
    assert agenda.contrast.cited == pytest.approx(long.best.cited - short.best.cited)
    assert agenda.contrast.low <= agenda.contrast.value <= agenda.contrast.high
    told = agenda.headline("en")
    assert told.startswith(
        "The quarrel is over Water (on the agenda Right wants, not on that of Left). The record does not settle "
        "whether the scope changes the outcome. With “everything” instead of “Land”, the share of draws"
    )
    assert told.endswith("% of the inputs are assumed.")


def test_agendas_nobody_is_said_to_want_are_compared_too():
    agendas = {
        key: {"issues": issues, "assumed": True}
        for key, issues in (("a", ["land"]), ("b", ["land", "water"]))
    }
    agenda = zopa.agenda(tables.debated(agendas=agendas), draws=50)
    assert agenda.contrast is not None
    assert "quarrel" not in agenda.headline("en")


def test_a_case_without_claims_cannot_say():
    agenda = zopa.agenda(tables.debated(claims=[]), draws=N)
    assert agenda.contrast is not None
    assert agenda.contrast.verdict == "silent"
    assert {c.verdict for row in agenda.rows() for c in (row.exists, row.best)} == {"silent"}
    assert "The record cannot say whether the scope changes the outcome" in agenda.headline("en")
    assert "This rests on no claim" in agenda.headline("en")
    assert "记录无从回答" in agenda.headline("zh")


@pytest.mark.parametrize(("lang", "words"), [("en", "The record cannot say"), ("zh", "记录无从回答")])
def test_without_agendas_there_is_no_quarrel(lang: str, words: str):
    agenda = zopa.agenda(tables.debated(agendas={}, claims=[]), draws=N)
    assert agenda.contrast is None
    assert words in agenda.headline(lang)
    assert agenda.to_json()["parameters"]["contrast"] is None


def test_with_all_evidence_off_the_agendas_are_their_zero_lines():
    silenced = tables.debated(claims=[])
    cited = zopa.agenda(silenced, draws=N)
    for row in cited.rows():
        assert row.best.cited == row.best.zero
        assert row.exists.cited == row.exists.zero


def test_a_seed_is_a_seed():
    first, again, other = (zopa.agenda(tables.debated(), draws=77, seed=s).to_json() for s in (0, 0, 1))
    assert first == again
    assert first["rows"] != other["rows"]


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch):
    answers = []
    for count in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        answers.append(zopa.agenda(tables.debated(), draws=200).to_json())
    assert answers[0] == answers[1]


def test_a_single_draw_has_no_interval():
    with pytest.raises(ValueError, match="draws is 1"):
        zopa.agenda(tables.debated(), draws=1)


# -- symmetry --------------------------------------------------------------------------------------------------------


def parties(left: tuple[str, str], right: tuple[str, str]) -> dict[str, Any]:
    return {"left": tables.party(*left), "right": tables.party(*right)}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_swapping_the_names_mirrors_every_sentence(lang: str):
    north, south = ("North", "北方"), ("South", "南方")
    one, two = (
        zopa.agenda(tables.debated(parties=parties(*names)), draws=N)
        for names in ((north, south), (south, north))
    )
    assert one.rows() == two.rows()
    swap = str.maketrans({"北": "南", "南": "北"})
    told, other = (
        [*a.table(lang).columns, *a.notes(lang), a.headline(lang), *sum(a.table(lang).rows, ())]
        for a in (one, two)
    )
    mirrored = [
        t.replace("North", "*").replace("South", "North").replace("*", "South").translate(swap) for t in told
    ]
    assert mirrored == other


def test_the_order_of_the_parties_changes_no_number():
    sides = parties(("Left", "左方"), ("Right", "右方"))
    one = zopa.agenda(tables.debated(parties=sides), draws=N)
    two = zopa.agenda(tables.debated(parties=dict(reversed(sides.items()))), draws=N)
    assert one.headline("zh") == two.headline("zh")
    for a, b in zip(one.rows(), two.rows(), strict=True):
        assert (a.exists, a.best, a.package, a.refused) == (b.exists, b.best, b.package, b.refused)
        assert a.joint_gain == pytest.approx(b.joint_gain, abs=1e-12)
        if a.gain is not None and b.gain is not None:
            assert a.gain == pytest.approx(b.gain, abs=1e-12)


# -- freeze levels in the file ---------------------------------------------------------------------------------------


def test_a_freeze_level_that_names_nothing_is_blamed_at_its_place(tmp_path: Path):
    for source in (GALLERY / "frozen-on-agenda" / "input").iterdir():
        text = source.read_text(encoding="utf-8").replace(", border: gates}", ", tolls: full}")
        (tmp_path / source.name).write_text(text.replace("half: 0.1", "halff: 0.1"), encoding="utf-8")
    told = [problem.show("en").splitlines() for problem in problems(tmp_path)]
    assert ["no issue is called 'tolls'" in t[0] for t in told].count(True) == 1
    (half,) = [t for t in told if "no option of fees is called 'halff'" in t[0]]
    assert half[2].index("^") == half[1].index("halff")
    one = (tmp_path / "case.yaml").read_text(encoding="utf-8")
    one = re.sub(r"freeze: .*", "freeze: {fees: halff}", one)
    (tmp_path / "case.yaml").write_text(one, encoding="utf-8")
    (problem,) = problems(tmp_path)
    half = problem.show("en").splitlines()
    assert half[2].index("^") == half[1].index("halff") and half[2].count("^") == 5


def test_differences_print_to_one_point_and_their_ranges_outwards():
    assert [points(v) for v in (0.0, 0.004, -0.02, 0.075)] == ["0", "0", "−2", "+8"]
    assert point_ends(-0.071, 0.002) == ("−8", "+1")


def test_where_nobody_refuses_the_zero_line_is_that_of_p_best():
    for row in zopa.agenda(zopa.open_case("muscat-2026"), draws=200).rows():
        if row.refusal.zero == 0.0:
            assert row.willing_zero == pytest.approx(row.best.zero)
