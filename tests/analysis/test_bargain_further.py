"""Bargaining powers, lotteries, the single text, and trades across issues."""

import json
import os
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from zopa.errors import IncompleteCaseError

N = 60
SIDES = ("left", "right")


def opposed(**weights: tuple[float, float]) -> dict[str, Any]:
    """Two sides that want opposite things on every issue, with the weights (left, right) given; walking away 0."""
    return {
        "issues": {name: tables.issue(name, "no", "half", "yes") for name in weights},
        "preferences": {
            side: {
                **{
                    name: tables.preference(
                        pair[k], "yes" if k == 0 else "no", "no" if k == 0 else "yes", half=0.5
                    )
                    for name, pair in weights.items()
                },
                "no_deal": {"value": 0.0, "assumed": True},
            }
            for k, side in enumerate(SIDES)
        },
    }


# -- bargaining powers -----------------------------------------------------------------------------------------------


def test_more_power_gets_more():
    """One pie in 41 slices: with power α the side gets α of it (Kalai 1977)."""
    options = [f"s{k}" for k in range(41)]
    values = {o: k / 40 for k, o in enumerate(options)}
    file = {
        "issues": {"pie": tables.issue("pie", *options)},
        "preferences": {
            "left": {"pie": tables.preference(1, "s40", "s0", **values)},
            "right": {"pie": tables.preference(1, "s0", "s40", **{o: 1 - v for o, v in values.items()})},
        },
    }
    for side in SIDES:
        file["preferences"][side]["no_deal"] = {"value": 0.0, "assumed": True}
    found = zopa.bargain(case(file), draws=50, power={"left": 7, "right": 3})
    rows = {row.solution: row for row in found.rows()}
    assert list(rows)[-1] == "nash_weighted"
    assert list(rows["nash_weighted"].utilities.values()) == pytest.approx((0.7, 0.3))
    assert list(rows["nash"].utilities.values()) == pytest.approx((0.5, 0.5))
    assert found.parameters["power"] == {"left": 7.0, "right": 3.0}
    assert any("weighted Nash" in row[0] for row in found.table("en").rows)
    assert any("加权纳什解" in row[0] for row in found.table("zh").rows)
    assert any(note.startswith("加权纳什解") for note in found.notes("zh"))
    assert found.plot("zh").missing == ()


def test_equal_powers_are_none():
    found = zopa.bargain(tables.debated(), draws=N, power={"left": 2, "right": 2})
    rows = {row.solution: row for row in found.rows()}
    assert rows["nash_weighted"].utilities == rows["nash"].utilities
    assert rows["nash_weighted"].share == rows["nash"].share


@pytest.mark.parametrize("power", [{"left": 1}, {"left": 1, "right": 0}, {"left": 1, "right": 1, "x": 1}])
def test_every_side_needs_a_positive_power(power: dict[str, float]):
    with pytest.raises(ValueError, match="power needs a positive number for each of left, right"):
        zopa.bargain(tables.debated(), draws=N, power=power)


# -- lotteries -------------------------------------------------------------------------------------------------------


def test_two_sides_toss_for_one_thing():
    """All or nothing for each: no package in the middle, a fair coin as Nash has it on the hull."""
    file = opposed(one=(1.0, 1.0))
    for side in SIDES:
        file["preferences"][side]["one"]["values"] = {"half": 0.1}
    found = zopa.bargain(case(file), draws=50, lotteries=True)
    for row in found.mixed:
        assert list(row.utilities.values()) == pytest.approx((0.5, 0.5))
        assert [share for _, share in row.mixed] == pytest.approx((0.5, 0.5))
        assert sorted(p["one"] for p, _ in row.mixed) == ["no", "yes"]
        assert (row.draws, row.zones) == (1, 1)
    assert found.to_json()["parameters"]["mixed"]
    assert zopa.bargain(case(file), draws=50).mixed == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lotteries_over_draws_are_never_worse_by_their_own_measure(lang: str):
    found = zopa.bargain(tables.debated(), draws=100, lotteries=True)
    assert {row.solution for row in found.mixed} == {"nash", "kalai_smorodinsky"}
    for row in found.mixed:
        # Whatever a package does, a lottery can do.
        assert row.zones >= found.exists.value * row.draws - 1e-9
        assert row.low is not None and row.high is not None
    captions = [t.caption for t in found.tables(lang)]
    assert any(("lottery" if lang == "en" else "抽签") in caption for caption in captions)


def test_three_sides_mix_by_linear_programs():
    parties = {name: tables.party(name.capitalize(), f"{name}方") for name in ("a", "b", "c")}
    options = {"a": "x", "b": "y", "c": "z"}
    file = {
        "parties": parties,
        "issues": {"cake": tables.issue("cake", "none", "x", "y", "z")},
        "preferences": {
            name: {
                "cake": tables.preference(1, mine, "none", **{o: float(o == mine) for o in ("x", "y", "z")}),
                "no_deal": {"value": 0.0, "assumed": True},
            }
            for name, mine in options.items()
        },
    }
    found = zopa.bargain(case(file), draws=50, lotteries=True)
    for row in found.mixed:
        assert list(row.utilities.values()) == pytest.approx((1 / 3, 1 / 3, 1 / 3), abs=1e-3)


# -- the single text -------------------------------------------------------------------------------------------------


def test_the_single_text_goes_where_both_gain():
    """Each wins what it minds more; from the status quo that costs right something on one and pays on two."""
    file = opposed(one=(3.0, 1.0), two=(1.0, 3.0))
    found = zopa.bargain(case(file), draws=50, start={"one": "half", "two": "half"})
    assert [dict(step.package) for step in found.text.steps][-1] == {"one": "yes", "two": "no"}
    for step in found.text.steps:
        assert min(step.gains.values()) >= -1e-9
        assert step.unopposed.value == 1.0
        assert all(share.value == 0.0 for share in step.objects.values())
    total = {side: sum(step.gains[side] for step in found.text.steps) for side in SIDES}
    assert total == pytest.approx({"left": 0.25, "right": 0.25})
    assert found.text.whole is not None and found.text.whole.verdict == "silent"


def test_an_efficient_text_stays():
    file = opposed(one=(3.0, 1.0), two=(1.0, 3.0))
    found = zopa.bargain(case(file), draws=50, start={"one": "yes", "two": "no"})
    assert found.text.steps == ()
    assert found.text.whole is None
    assert "no amendment of the starting text" in " ".join(found.notes("en"))
    assert "单一文本：按效用中位数，对起始文本" in " ".join(found.notes("zh"))


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=12)
def test_who_objects_is_counted_draw_by_draw(file: dict[str, Any]):
    made = case(file)
    found = zopa.bargain(made, draws=N)
    drawn = made.draws(N)
    worth, barred = tables.utilities(made, drawn), tables.barred(made, drawn)
    whole = np.ones(N, dtype=bool)
    for step in found.text.steps:
        worse = worth[step.options] < worth[step.before] - 1e-9
        # A red line bars what it rejects, put in by the step or there before it.
        most = worse | barred[step.options]
        for p, party in enumerate(made.negotiators):
            assert worse[:, p].mean() - 1e-9 <= step.objects[party].value <= most[:, p].mean() + 1e-9
        assert step.unopposed.value >= (~most.any(axis=1)).mean() - 1e-9
        assert step.unopposed.value <= (~worse.any(axis=1)).mean() + 1e-9
        whole &= ~worse.any(axis=1)
    if found.text.whole is not None:
        assert found.text.whole.value <= whole.mean() + 1e-9
        assert found.text.whole.value <= min(s.unopposed.value for s in found.text.steps) + 1e-9


def test_a_text_names_only_what_the_case_has():
    for start in ({"land": "moon"}, {"moon": "all"}):
        with pytest.raises(ValueError, match="which is no option of the case"):
            zopa.bargain(tables.debated(), draws=N, start=start)


# -- trades ----------------------------------------------------------------------------------------------------------


def test_each_gives_way_where_it_minds_less():
    file = opposed(one=(3.0, 1.0), two=(1.0, 3.0), same=(2.0, 2.0))
    found = zopa.bargain(case(file), draws=50)
    told = {(tuple(t.yields.items()), tuple(t.takes.items())): t for t in found.trades}
    trade = told[(("two", "no"),), (("one", "yes"),)]
    assert (trade.first, trade.second) == SIDES
    assert trade.chance.value == 1.0
    # Weights 3 and 1 of 6: what is won is worth a third more than what is left.
    assert trade.gains == pytest.approx({"left": 1 / 3, "right": 1 / 3})
    # The other way round each would leave what it minds more.
    assert ((("one", "no"),), (("two", "yes"),)) not in told
    en, zh = (
        next(t for t in found.tables(lang) if "rade" in t.caption or "互让" in t.caption)
        for lang in ("en", "zh")
    )
    assert any("gives way on" in row[0] for row in en.rows)
    assert any("让步" in row[0] for row in zh.rows)


def test_no_trade_where_both_mind_the_same():
    assert zopa.bargain(case(opposed(one=(3.0, 3.0), two=(1.0, 1.0))), draws=50).trades == ()


def test_a_trade_is_counted_draw_by_draw():
    """Both issues of two options each, no red lines: from the weights alone."""
    made = tables.debated(red_lines=[], agendas={})
    found = zopa.bargain(made, draws=200)
    table = made.draws(200).table
    for trade in found.trades:
        x, y = (table.issues.index(next(iter(s))) for s in (trade.yields, trade.takes))
        p, q = (made.negotiators.index(side) for side in (trade.first, trade.second))
        holds = np.ones(200, dtype=bool)
        for me, other, won, left in ((p, q, y, x), (q, p, x, y)):
            stake = {}
            for i in (won, left):
                worth = table.contributions[i]
                mine, theirs = worth[:, me].argmax(axis=1), worth[:, other].argmax(axis=1)
                rows = np.arange(200)
                stake[i] = worth[rows, me, mine] - worth[rows, me, theirs]
            holds &= (stake[won] > stake[left] + 1e-9) & (stake[left] > 1e-9)
        assert trade.chance.value == pytest.approx(holds.mean())


# -- evidence, draws after the moves, output --------------------------------------------------------------------------


def test_a_case_without_claims_is_silent_everywhere():
    found = zopa.bargain(tables.debated(claims=[]), draws=N)
    chances = [s.unopposed for s in found.text.steps] + [t.chance for t in found.trades]
    assert chances and {c.verdict for c in chances} == {"silent"}


def test_threads_and_seed_decide_nothing_and_everything(monkeypatch: pytest.MonkeyPatch):
    answers = []
    for count in (1, 3):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        answers.append(zopa.bargain(tables.debated(), draws=90, lotteries=True).to_json())
    assert answers[0] == answers[1]
    assert json.loads(json.dumps(answers[0])) == answers[0]


def test_the_muscat_case_has_every_table_in_both_languages():
    found = zopa.bargain(zopa.open_case("muscat-2026"), draws=300, after_moves=True, lotteries=True)
    assert found.parameters["after_moves"] is True
    assert found.parameters["solved"] == 300
    for lang in ("en", "zh"):
        made = found.tables(lang)
        assert len(made) >= 6
        assert len({t.caption for t in made}) == len(made)
    assert found.notes("en")[-1] != found.notes("zh")[-1]
    assert found.readings


def test_json_has_the_band_and_spreads_where_the_case_is_uncertain():
    unsure = zopa.bargain(tables.debated(), draws=200)
    given = json.loads(json.dumps(unsure.to_json()))["parameters"]
    assert len(given["curve"]) == len(unsure.curve) > 0
    assert given["curve"][0] == {key: getattr(unsure.curve[0], key) for key in ("x", "low", "mid", "high")}
    for name in ("frontier_size", "rational_fraction_strict", "rational_fraction_weak", "max_welfare"):
        assert given[f"{name}_low"] <= given[name] <= given[f"{name}_high"]
    drawn = unsure.case.draws(200)
    utilities, fits = tables.utilities(unsure.case, drawn), tables.accepted(unsure.case, drawn)
    sums = np.max(
        [np.where(fits[p].all(axis=1), u.sum(axis=1), -np.inf) for p, u in utilities.items()], axis=0
    )
    low, high = np.quantile(sums[np.isfinite(sums)], [0.05, 0.95])
    assert (given["max_welfare_low"], given["max_welfare_high"]) == pytest.approx((low, high))
    weak = [given[f"rational_fraction_weak_{end}"] for end in ("low", "high")]
    assert weak == pytest.approx(
        np.quantile(np.mean([f.all(axis=1) for f in fits.values()], axis=0), [0.05, 0.95])
    )
    certain = zopa.bargain(zopa.open_case("england-zimbabwe"), draws=50).to_json()["parameters"]
    assert isinstance(certain, dict)
    assert not [key for key in certain if key.endswith(("_low", "_high"))]
    assert len(certain["curve"]) == certain["frontier_size"]


def test_a_package_picked_in_under_a_tenth_of_draws_does_not_stand_out():
    found = zopa.bargain(zopa.open_case("muscat-2026"), draws=300)
    assert all(row.share is not None and row.share.value < 0.1 for row in found.rows())
    for row in found.table("en").rows:
        assert row[1].startswith("none stands out; most often: ")
    assert all(row[1].startswith("无突出者；") for row in found.table("zh").rows)
    assert "No package stands out" in found.headline("en")
    assert "没有哪个方案突出" in found.headline("zh")
    assert any("无突出者" in note for note in found.notes("zh"))
    sure = zopa.bargain(zopa.open_case("england-zimbabwe"), draws=50)
    assert all(row.stands_out for row in sure.rows())
    assert "stands out" not in sure.headline("en") + sure.table("en").rows[0][1] + " ".join(sure.notes("en"))


def test_the_headline_counts_halves_of_the_draws_that_have_a_zone():
    found = zopa.bargain(zopa.open_case("muscat-2026"), draws=600)
    assert found.mostly
    for held in found.mostly:
        assert held.chance.value > found.exists.value / 2
    text = found.headline("en")
    assert "in more than half of the draws that have a zone it holds" in text
    assert "mostly" not in text
    assert "有半数以上取" in found.headline("zh")
    assert "多半" not in found.headline("zh")


# -- too many packages ------------------------------------------------------------------------------------------------


def crowd(sides: int, issues: int, weight: object) -> dict[str, Any]:
    """Sides that want the one or the other end of every issue in turn."""
    parties = {f"p{k}": tables.party(f"P{k}", f"第{k}方") for k in range(sides)}
    wants = [("c", "a"), ("a", "c")]
    return {
        "parties": parties,
        "issues": {f"i{k}": tables.issue(f"i{k}", "a", "b", "c") for k in range(issues)},
        "preferences": {
            party: {
                **{f"i{i}": tables.preference(weight, *wants[(p + i) % 2], b=0.5) for i in range(issues)},
                "no_deal": {"value": 0.3, "assumed": True},
            }
            for p, party in enumerate(parties)
        },
    }


@pytest.mark.parametrize(
    ("sides", "issues", "most"), [(4, 13, "1,000,000"), (5, 12, "250,000"), (6, 11, "100,000")]
)
def test_many_sides_with_too_many_packages_are_told_how_many_would_do(sides: int, issues: int, most: str):
    with pytest.raises(IncompleteCaseError) as failed:
        zopa.bargain(case(crowd(sides, issues, "10 to 20")), draws=20)
    assert failed.value.problems[0].code == "too-many-packages"
    assert most in str(failed.value)
