"""Reference points: known answers, the definitions written out, ties, and what may be said of them."""

import json
import os
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from tests.known import bargaining as theory
from tests.known import england_zimbabwe as known
from tests.shared import shared_data
from zopa.analysis import _bargain_common as common
from zopa.analysis._bargain_solve import RULES
from zopa.analysis.bargain import Bargain, BargainRow
from zopa.case.case import Case
from zopa.errors import IncompleteCaseError

N = 60
SIDES = ("left", "right")


def by_rule(found: Bargain) -> dict[str, BargainRow]:
    return {row.solution: row for row in found.rows()}


def points(row: BargainRow) -> list[float]:
    return list(row.utilities.values())


# -- known answers ---------------------------------------------------------------------------------------------------


def test_england_and_zimbabwe():
    """Genius semantics, no deal worth 0 to both; to 1e-9."""
    found = zopa.bargain(zopa.open_case("england-zimbabwe"), draws=50)
    rows = by_rule(found)
    for rule, answer in known.SOLUTIONS.items():
        assert [rows[rule].utilities[p] for p in known.PARTIES] == pytest.approx(answer, abs=1e-9)
        assert rows[rule].low is rows[rule].high is None
        assert rows[rule].ties == 1
    assert found.parameters["outcomes"] == known.PACKAGES
    assert found.parameters["frontier_size"] == known.FRONTIER
    assert found.parameters["rational_fraction_strict"] == pytest.approx(known.RATIONAL[0], abs=1e-9)
    assert found.parameters["rational_fraction_weak"] == pytest.approx(known.RATIONAL[1], abs=1e-9)
    assert found.parameters["max_welfare"] == pytest.approx(known.MAX_WELFARE, abs=1e-9)
    assert found.certain
    assert len(found.curve) == known.FRONTIER


def test_england_and_zimbabwe_against_the_shared_file():
    expected = json.loads(shared_data("genius/expected.json").read_text(encoding="utf-8"))["domains"][0]
    answers = expected["expected"]
    assert expected["name"] == "EnglandZimbabwe"
    assert {
        rule: tuple(answers[key])
        for rule, key in (
            ("nash", "nash"),
            ("kalai_smorodinsky", "ks_maximin"),
            ("egalitarian", "egalitarian"),
            ("utilitarian", "max_welfare"),
        )
    } == known.SOLUTIONS
    assert (answers["n"], answers["pareto_unique"]) == (known.PACKAGES, known.FRONTIER)
    assert answers["max_welfare_sum"] == known.MAX_WELFARE
    assert (answers["rational_fraction_strict"], answers["rational_fraction_weak"]) == known.RATIONAL


def test_two_pies_are_traded_whole():
    """tests/known/bargaining.py, PACKAGE_NASH: each side takes the pie it values."""
    rows = by_rule(zopa.bargain(case(tables.pies()), draws=50))
    assert points(rows["nash"]) == pytest.approx(theory.PACKAGE_NASH.answer, abs=1e-9)
    assert rows["nash"].package == {"one": "s4", "two": "s0"}
    assert points(rows["egalitarian"]) == pytest.approx((0.8, 0.8), abs=1e-9)


def test_linked_issues_meet_in_the_middle():
    found = zopa.bargain(case(tables.linkage(no_deal=0.4)), draws=50)
    for row in found.rows():
        assert row.package == {"x": "yes", "y": "yes"}
        assert points(row) == pytest.approx((2 / 3, 2 / 3))
    assert found.parameters["rational_fraction_strict"] == found.parameters["rational_fraction_weak"] == 1 / 4


def nice_or_die() -> dict[str, Any]:
    """Packages (1, .16), (.16, 1), (.299, .299) and a status quo worth nothing."""
    values = {"left": {"a": 1.0, "b": 0.16, "c": 0.299}, "right": {"a": 0.16, "b": 1.0, "c": 0.299}}
    return {
        "issues": {"deal": tables.issue("deal", "none", "a", "b", "c")},
        "preferences": {
            side: {
                "deal": tables.preference(1, "a" if side == "left" else "b", "none", **values[side]),
                "no_deal": {"value": 0.0, "assumed": True},
            }
            for side in SIDES
        },
    }


def test_ties_are_all_counted_and_shown():
    """tests/known/bargaining.py: two packages share the largest product; the egalitarian one is the third."""
    rows = by_rule(zopa.bargain(case(nice_or_die()), draws=50))
    assert rows["nash"].ties == 2
    assert tuple(points(rows["nash"])) == theory.NICE_OR_DIE_NASH.answer
    assert rows["nash"].package == {"deal": "a"}
    assert [tuple(p.values()) for p in rows["nash"].tied] == [(1.0, 0.16), (0.16, 1.0)]
    assert points(rows["egalitarian"]) == pytest.approx((0.299, 0.299))
    assert rows["egalitarian"].tied == ()
    table = zopa.bargain(case(nice_or_die()), draws=50).table("en")
    assert table.rows[0][-1] == "2"


# -- against the definitions -----------------------------------------------------------------------------------------


def single(found: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of a case without ranges: packages' utilities (N, P), which nobody refuses, and the walk-away values."""
    drawn = found.draws(1)
    worth, fits = tables.utilities(found, drawn), tables.accepted(found, drawn)
    return (
        np.array([u[0] for u in worth.values()]),
        np.array([hits[0].all() for hits in fits.values()]),
        drawn.table.reserve[0],
    )


def certain(file: dict[str, Any]) -> dict[str, Any]:
    """The file with every range replaced by its lower end, so that all draws are the same."""
    text = json.dumps(file)
    fixed = json.loads(text)
    for side in fixed["preferences"].values():
        for entry in side.values():
            for key, value in list(entry.get("values", {}).items()):
                entry["values"][key] = low(value)
            if "value" in entry:
                entry["value"] = low(entry["value"])
    for line in fixed["red_lines"]:
        line["firm"], line["cost"] = round(low(line["firm"])), low(line["cost"])
    return fixed


def low(estimate: object) -> float:
    return float(str(estimate).split(" to ")[0])


@given(file=tables.negotiations(refusals=False).map(certain))
@settings(max_examples=40)
def test_reference_points_are_those_of_the_definitions(file: dict[str, Any]):
    found = case(file)
    worth, fits, reserve = single(found)
    answer = zopa.bargain(found, draws=50)
    assert answer.exists.value == float(fits.any())
    rows = by_rule(answer)
    assert answer.parameters["rational_fraction_weak"] == pytest.approx(fits.mean())
    if not fits.any():
        assert all(row.package is None and row.utilities == {} for row in rows.values())
        assert answer.parameters["max_welfare"] is None
        return
    gains = np.maximum(worth[fits] - reserve, 0.0)
    hope = gains.max(axis=0)
    shares = np.where(hope > 1e-9, gains / np.where(hope > 1e-9, hope, 1.0), 1.0)
    largest = {
        "egalitarian": gains.min(axis=1).max(),
        "kalai_smorodinsky": shares.min(axis=1).max(),
        "utilitarian": worth[fits].sum(axis=1).max(),
    }
    for rule, best in largest.items():
        u = np.array(points(rows[rule]))
        gain = np.maximum(u - reserve, 0.0)
        got = {
            "egalitarian": gain.min(),
            "kalai_smorodinsky": np.where(hope > 1e-9, gain / np.where(hope > 1e-9, hope, 1.0), 1.0).min(),
            "utilitarian": u.sum(),
        }[rule]
        assert got == pytest.approx(best, abs=1e-8)
    gain = np.maximum(np.array(points(rows["nash"])) - reserve, 0.0)
    if (gains > 1e-9).all(axis=1).any():
        assert gain.prod() == pytest.approx(gains.prod(axis=1).max(), abs=1e-9)
    assert answer.parameters["max_welfare"] == pytest.approx(largest["utilitarian"], abs=1e-9)
    packages = list(tables.utilities(found, found.draws(1)))
    for row in rows.values():
        assert row.options is not None
        at = packages.index(row.options)
        assert fits[at]
        assert points(row) == pytest.approx(worth[at], abs=1e-9)
        # Nobody can have more without another having less.
        better = (worth[fits] >= worth[at] - 1e-9).all(axis=1) & (worth[fits] > worth[at] + 1e-6).any(axis=1)
        assert not better.any()


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=15)
def test_over_draws_medians_and_ranges_of_the_draws_that_have_a_zone(file: dict[str, Any]):
    found = case(file)
    answer = zopa.bargain(found, draws=N)
    fits = [hits.all(axis=1) for hits in tables.accepted(found, found.draws(N)).values()]
    assert answer.exists.value == pytest.approx(np.any(fits, axis=0).mean())
    for row in answer.rows():
        if row.low is None or row.high is None or row.share is None:
            continue
        for party in found.negotiators:
            assert row.low[party] <= row.utilities[party] <= row.high[party]
        assert row.share.value <= answer.exists.value + 1e-9
    for key, issue in found.file.issues.items():
        mine = [o for o in answer.held if o.issue == key]
        assert [o.option for o in mine] == [o.id for o in issue.options]
        # Options are held in no draw without a zone, and one of them in every other.
        assert sum(o.chance.value for o in mine) == pytest.approx(answer.exists.value)
        assert sum(o.chance.zero for o in mine) == pytest.approx(answer.exists.zero)


def test_the_band_is_what_the_second_side_can_have_when_the_first_has_so_much():
    found = tables.debated()
    answer = zopa.bargain(found, draws=N)
    drawn = found.draws(N)
    worth, fits = tables.utilities(found, drawn), tables.accepted(found, drawn)
    both = np.stack([np.where(fits[p].all(axis=1), worth[p].T, -np.inf) for p in worth], axis=-1)
    there = np.isfinite(both).any(axis=(0, 2))
    for point in answer.curve[::10]:
        best = np.where(both[0] >= point.x, both[1], -np.inf).max(axis=1)[there]
        for share, shown in zip((0.05, 0.5, 0.95), (point.low, point.mid, point.high), strict=True):
            end = np.quantile(best, share, method="lower")
            assert shown == (pytest.approx(end, abs=1e-9) if np.isfinite(end) else None)


def test_every_draw_is_solved_where_that_can_be_afforded(monkeypatch: pytest.MonkeyPatch):
    full = zopa.bargain(tables.debated(), draws=350)
    assert full.parameters["solved"] == 350
    monkeypatch.setattr(common, "MOST", {2: 5})
    monkeypatch.setattr(common, "ENOUGH", 70)
    few = zopa.bargain(tables.debated(), draws=350)
    assert few.parameters["solved"] == 70
    assert "70 of the 350 draws solved exactly, evenly spread" in few.notes("en")[-1]
    assert "350次抽样中均匀取70次精确求解" in few.notes("zh")[-1]
    for one, all_ in zip(few.held, full.held, strict=True):
        assert one.chance.value == pytest.approx(all_.chance.value, abs=0.2)


@given(draws=st.integers(2, 500), some=st.integers(1, 100))
def test_draws_picked_are_evenly_spread(draws: int, some: int):
    picked = common.evenly(draws, some)
    gaps = np.diff(picked.at)
    assert len(picked.at) == min(some, draws)
    assert len(gaps) == 0 or gaps.max() - gaps.min() <= 1
    # Every draw is stood for by the nearest one solved.
    distance = np.abs(picked.at[picked.stand] - np.arange(draws))
    assert (distance == np.abs(picked.at[:, None] - np.arange(draws)).min(axis=0)).all()


# -- evidence --------------------------------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    for found in (tables.debated(claims=[]), zopa.open_case("england-zimbabwe")):
        answer = zopa.bargain(found, draws=N)
        assert answer.silent
        assert answer.verdict == answer.exists.verdict == "silent"
        assert {o.chance.verdict for o in answer.held} == {"silent"}
        assert answer.headline("en").startswith("The record cannot say where the Nash solution points")
        assert "This rests on no claim" in answer.headline("en")
        assert "记录无从回答" in answer.headline("zh")
        assert "not a forecast" in answer.headline("en")


def test_the_record_may_leave_it_open_or_show_it():
    assert zopa.bargain(tables.debated(), draws=200).verdict == "open"
    file = tables.debate(red_lines=[], agendas={})
    for side in SIDES:
        file["preferences"][side] = {
            # Both sides put nearly everything on water, and want the same there, as a reliable source confirms.
            "land": tables.preference(
                1, "all" if side == "left" else "none", "none" if side == "left" else "all"
            ),
            "water": {
                **{k: v for k, v in tables.preference("90 to 99", "new", "old").items() if k != "assumed"},
                "because": [{"claim": "c0", "bearing": 0.95}],
            },
            "no_deal": {"value": "0.01 to 0.05", "because": [{"claim": "c0", "bearing": 0.95}]},
        }
    shown = zopa.bargain(case(file, record=ledger(claim("c0", credibility=1), c0="A")), draws=1000)
    assert shown.verdict == "shows"
    assert [(o.issue, o.option) for o in shown.mostly] == [("water", "new")]
    assert shown.headline("en").startswith("The record shows where the Nash solution points")
    assert "记录有所表明" in shown.headline("zh")


def test_with_all_evidence_off_what_is_held_is_the_zero_line():
    answer = zopa.bargain(tables.debated(claims=[]), draws=N)
    for held in answer.held:
        assert held.chance.cited == held.chance.zero


def test_where_nothing_suits_everybody_there_is_nothing_to_point_at():
    answer = zopa.bargain(case(tables.linkage(no_deal=0.9)), draws=50)
    for row in answer.rows():
        assert row.package is row.options is row.share is None
        assert row.utilities == {}
    assert answer.mostly == answer.curve == answer.cloud == ()
    assert "in no draw solved does a package suit everybody" in answer.headline("en")
    assert "参照点无从谈起" in answer.headline("zh")
    assert answer.table("en").rows[0][1:] == ("—", "—", "—", "0%", "0")
    assert answer.plot("zh").to_svg().startswith("<svg")
    assert answer.to_json()["rows"][0]["package"] is None


def test_a_zone_in_some_draws_only_is_told():
    answer = zopa.bargain(tables.debated(), draws=200)
    empty = 1 - answer.exists.value
    assert 0 < empty < 1
    assert "of the draws no package suits everybody" in answer.headline("en")


# -- draws -----------------------------------------------------------------------------------------------------------


def test_a_seed_is_a_seed():
    first, again, other = (zopa.bargain(tables.debated(), draws=77, seed=s).to_json() for s in (0, 0, 1))
    assert first == again
    assert first["rows"] != other["rows"]


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch):
    answers = []
    for count in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        answers.append(zopa.bargain(tables.debated(), draws=100).to_json())
    assert answers[0] == answers[1]


def test_a_single_draw_has_no_interval():
    with pytest.raises(ValueError, match="draws is 1"):
        zopa.bargain(tables.debated(), draws=1)


# -- symmetry --------------------------------------------------------------------------------------------------------


def sides(left: tuple[str, str], right: tuple[str, str]) -> dict[str, Any]:
    return {"left": tables.party(*left), "right": tables.party(*right)}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_swapping_the_names_mirrors_every_sentence(lang: str):
    north, south = ("North", "北方"), ("South", "南方")
    one, two = (
        zopa.bargain(tables.debated(parties=sides(*names)), draws=N)
        for names in ((north, south), (south, north))
    )
    assert one.rows() == two.rows()
    swap = str.maketrans({"北": "南", "南": "北"})
    told, other = (
        [
            b.headline(lang),
            *b.notes(lang),
            *(c for t in b.tables(lang) for c in (*t.columns, *sum(t.rows, ()))),
        ]
        for b in (one, two)
    )
    mirrored = [
        t.replace("North", "*").replace("South", "North").replace("*", "South").translate(swap) for t in told
    ]
    assert mirrored == other


@pytest.mark.parametrize(
    "file", [tables.debate(), nice_or_die(), tables.pies()], ids=["debate", "tied", "pies"]
)
def test_the_order_of_the_parties_changes_no_number(file: dict[str, Any]):
    parties = sides(("Left", "左方"), ("Right", "右方"))
    one, two = (
        zopa.bargain(case({**file, "parties": dict(order)}, *tables.record()), draws=N)
        for order in (parties.items(), reversed(parties.items()))
    )
    assert one.held == two.held
    for a, b in zip(one.rows(), two.rows(), strict=True):
        assert (a.package, a.ties, a.share) == (b.package, b.ties, b.share)
        assert a.utilities == pytest.approx(b.utilities, abs=1e-12)


@given(file=tables.negotiations(parties=(2, 2), refusals=False).map(certain))
@settings(max_examples=15)
def test_swapping_the_sides_mirrors_every_number_of_a_certain_case(file: dict[str, Any]):
    other = {"left": "right", "right": "left"}
    mirrored = {
        **file,
        "preferences": {other[side]: entry for side, entry in file["preferences"].items()},
        "red_lines": [{**line, "party": other[line["party"]]} for line in file["red_lines"]],
        "synergies": [{**s, "party": other[s["party"]]} for s in file.get("synergies", ())],
    }
    one, two = (zopa.bargain(case(f), draws=50) for f in (file, mirrored))
    for a, b in zip(one.rows(), two.rows(), strict=True):
        assert (a.package, a.ties) == (b.package, b.ties)
        assert {other[p]: u for p, u in a.utilities.items()} == pytest.approx(b.utilities, abs=1e-12)


# -- what it is shown as ---------------------------------------------------------------------------------------------


def three() -> Case:
    parties = {name: tables.party(name.capitalize(), f"{name}方") for name in ("left", "right", "third")}
    file = tables.debate(parties=parties)
    file["preferences"]["third"] = {
        "land": tables.preference("10 to 20", "some", "none"),
        "water": tables.preference("10 to 30", "shared", "old"),
        "no_deal": {"value": "0.1 to 0.6", "assumed": True},
    }
    return case(file, *tables.record())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_three_parties_have_a_table_and_a_chart(lang: str):
    answer = zopa.bargain(three(), draws=N)
    table, held, *_ = answer.tables(lang)
    assert len(table.columns) == 7
    assert len(table.rows) == len(RULES)
    assert len(held.rows) == 6
    assert answer.curve == answer.cloud == ()
    chart = answer.plot(lang)
    marks = chart.spec["data"]["values"]
    assert len(marks) == 3 * len(RULES)
    assert {m["party"] for m in marks} == {p.name.get(lang) for p in answer.case.file.parties.values()}
    assert chart.missing == ()
    assert ("Nash" if lang == "en" else "纳什解") in chart.to_svg()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("made", [tables.debated, lambda: case(tables.pies())], ids=["uncertain", "certain"])
def test_two_parties_have_a_plane(made: Any, lang: str):
    answer = zopa.bargain(made(), draws=N)
    chart = answer.plot(lang)
    marks = chart.spec["layer"][-1]["data"]["values"]
    assert [m["u0"] for m in marks[:-1]] == [row.utilities["left"] for row in answer.rows()]
    assert (marks[-1]["u0"], marks[-1]["u1"]) == tuple(answer.walk_away.values())
    assert len(answer.cloud) == (0 if answer.certain else round(answer.exists.value * N))
    assert chart.missing == ()
    svg = chart.to_svg()
    for word in ("walk-away value", "Nash solution") if lang == "en" else ("退出价值", "纳什解"):
        assert word in svg


def test_utilities_above_one_are_on_the_chart():
    synergy = [{"party": "left", "when": {"x": "yes", "y": "yes"}, "adds": 0.7, "assumed": True}]
    chart = zopa.bargain(case({**tables.linkage(), "synergies": synergy}), draws=50).plot("en")
    encoding = chart.spec["layer"][-1]["encoding"]
    assert encoding["x"]["scale"]["domain"] == [0, 1.4]
    assert encoding["y"]["scale"]["domain"] == [0, 1]


def test_every_row_has_its_claims():
    for row in zopa.bargain(tables.debated(), draws=N).rows():
        assert set(row.because) == {"c0", "c1", "c2", "c3", "c4"}
        assert row.low is not None
        assert row.share is not None
        assert row.share.low <= row.share.high


def test_json_shape():
    out = json.loads(json.dumps(zopa.bargain(zopa.open_case("england-zimbabwe"), draws=50).to_json()))
    assert list(out)[:7] == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    assert (out["command"], out["case"], out["seed"]) == ("bargain", "england-zimbabwe", 0)
    assert [row["solution"] for row in out["rows"]] == list(RULES)
    assert set(out["parameters"]) >= {
        "outcomes",
        "frontier_size",
        "rational_fraction_strict",
        "rational_fraction_weak",
        "max_welfare",
    }
    nash = out["rows"][0]
    assert nash["utilities"] == {
        "england": pytest.approx(0.9109162864),
        "zimbabwe": pytest.approx(0.7332182801),
    }
    assert nash["low"] is nash["high"] is None
    assert set(nash["package"]) == {"fund", "other-aid", "zimbabwe-trade", "england-trade", "forum"}
    assert nash["ties"] == 1
    unsure = json.loads(json.dumps(zopa.bargain(tables.debated(), draws=N).to_json()))["rows"][0]
    assert unsure["low"]["left"] <= unsure["utilities"]["left"] <= unsure["high"]["left"]


def test_a_missing_section_is_named():
    file = tables.debate(red_lines=[], agendas={})
    del file["preferences"]["left"]["water"]
    with pytest.raises(IncompleteCaseError) as caught:
        zopa.bargain(case(file, *tables.record()), draws=N)
    (told,) = caught.value.problems
    assert told.code == "needs-preference"
    assert told.values == {"party": "left", "issue": "water"}
