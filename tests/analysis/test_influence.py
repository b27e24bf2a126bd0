"""Influence: worked by hand, mirrored, without evidence, and what is asked of every analysis."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import zopa
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from zopa.analysis._influence_tables import number
from zopa.analysis.influence import MODELS
from zopa.case.case import Case
from zopa.case.standing import standing
from zopa.errors import IncompleteCaseError
from zopa.methods.expected_utility import REPLICATION, VARIANTS, challenge_rounds
from zopa.methods.influence import weighted_median

DRAWS = 400
LEVELS = [{"id": o, "name": {"en": f"{o} tariff", "zh": f"关税{o}"}} for o in ("none", "low", "high")]
TARIFF = {"name": {"en": "Tariff", "zh": "关税"}, "status_quo": "none", "options": LEVELS}
EAST = {"name": {"en": "East", "zh": "东方"}, "role": "outside"}
PARTIES = {
    "left": {"name": {"en": "Left", "zh": "左方"}, "role": "negotiator"},
    "right": {"name": {"en": "Right", "zh": "右方"}, "role": "negotiator"},
    "east": EAST,
}


def stake(position: Any, capability: Any, salience: Any, **basis: Any) -> dict[str, Any]:
    place = {"option": position} if position in ("none", "low", "high") else {"position": position}
    return {**place, "capability": capability, "salience": salience, **(basis or {"assumed": True})}


def certain(**actors: Any) -> dict[str, Any]:
    """Point numbers: weights 32, 30 and 10 of 72 at 0, 1 and .6."""
    given = {"left": stake("none", 40, 0.8), "right": stake(1.0, 30, 1), "east": stake(0.6, 20, 0.5)}
    return {
        "parties": PARTIES,
        "issues": {"tariff": TARIFF},
        "influence": {"tariff": {"actors": actors or given}},
    }


def uncertain(**more: Any) -> Case:
    """Claims of three origins for two sides, one side assumed."""
    file = certain(
        left=stake("none", "20 to 40", "0.5 to 0.9", because=["a", "b"]),
        right=stake("0.7 to 1", "20 to 40", "0.5 to 0.9", because=["c"]),
        east=stake("0.2 to 0.8", "5 to 20", "0.1 to 0.5"),
    )
    claims = [claim(name, f"said {name}", kind="offer") for name in ("a", "b", "c")]
    return case(file | more, *claims)


# -- worked by hand ------------------------------------------------------------------------------------------------


def test_a_certain_case_gives_what_arithmetic_gives():
    found = zopa.influence(case(certain()), draws=DRAWS)
    at = {m: found.of("tariff", m).position for m in MODELS}
    assert at["compromise"].value == pytest.approx(36 / 72)
    assert at["mean"].value == pytest.approx(42 / 90)
    assert at["median"].value == pytest.approx(0.6)
    assert (at["compromise"].least, at["compromise"].most) == pytest.approx((0.5, 0.5))
    assert found.nearest("tariff").option == "low"
    assert found.nearest("tariff").chance.value == 1.0
    by = {r.actor: r for r in found.actors("tariff")}
    assert by["left"].pull.value == pytest.approx(0.5 - 0.9)
    assert by["right"].pull.value == pytest.approx(0.5 - 6 / 42)
    assert by["east"].pull.value == pytest.approx(0.5 - 30 / 62)
    assert {a: r.chance.value for a, r in by.items()} == {"left": 1.0, "right": 0.0, "east": 0.0}
    assert by["left"].weight.value == pytest.approx(32 / 72)


def test_an_outcome_between_two_options_counts_half_for_each():
    file = certain(left=stake("none", 1, 1), right=stake("low", 1, 1))
    found = zopa.influence(case(file), draws=DRAWS)
    assert [found.of("tariff", "compromise", option=o).chance.value for o in ("none", "low", "high")] == [
        0.5,
        0.5,
        0.0,
    ]
    assert [r.chance.value for r in found.actors("tariff")] == [0.5, 0.5]


def test_the_rounds_are_told_over_all_rounds_and_readings_of_the_model():
    found = zopa.influence(case(certain()), draws=DRAWS)
    c, s, x = (np.array([v]) for v in ([40.0, 30, 20], [0.8, 1, 0.5], [0.0, 1, 0.6]))
    played = challenge_rounds(c, s, x, variants=[REPLICATION])[0, 1:]
    winners = weighted_median(played, np.broadcast_to(c * s, played.shape))
    at = found.of("tariff", "expected_utility").position
    assert at.least - 1e-9 <= winners.min()
    assert winners.max() <= at.most + 1e-9
    rounds = [r.round for r in found.spread if r.round]
    assert rounds == list(range(1, 11))
    assert {r.choice for r in found.spread if r.choice} == {
        "votes-all",
        "votes-pair",
        "compromise-lowest",
        "compromise-highest",
        "compromise-nearest",
        "capitulation-false",
        "capitulation-true",
    }
    assert all(r.winner[0] <= r.winner[1] <= r.winner[2] for r in found.spread)
    # Whatever one asks, no single round is the answer: every row of the model takes in all of them.
    assert {r.option for r in found.rows() if r.measure == "expected_utility"} == {
        None,
        "none",
        "low",
        "high",
    }


def test_chances_of_the_options_add_to_one():
    found = zopa.influence(uncertain(), draws=DRAWS)
    for model in MODELS:
        chances = [found.of("tariff", model, option=o).chance for o in ("none", "low", "high")]
        assert sum(c.value for c in chances) == pytest.approx(1)
        assert sum(c.zero for c in chances) == pytest.approx(1)
    assert sum(r.chance.value for r in found.actors("tariff")) == pytest.approx(1)
    assert sum(r.weight.value for r in found.actors("tariff")) == pytest.approx(1)


# -- properties ----------------------------------------------------------------------------------------------------


def test_the_scale_written_the_other_way_round_gives_the_mirror_image():
    turned = {
        "influence": {"tariff": {"actors": {}}},
        "issues": {"tariff": {**TARIFF, "options": LEVELS[::-1]}},
    }
    actors = {"left": ("none", 40, 0.8), "right": ("high", 30, 1), "east": ("low", 20, 0.5)}
    turned["influence"]["tariff"]["actors"] = {a: stake(*v) for a, v in actors.items()}
    plain = certain(**{a: stake(*v) for a, v in actors.items()})
    one, other = (zopa.influence(case(f), draws=DRAWS) for f in (plain, plain | turned))
    for model in ("mean", "median", "compromise"):
        assert other.of("tariff", model).position.value == pytest.approx(
            1 - one.of("tariff", model).position.value
        )
        for o in ("none", "low", "high"):
            assert one.of("tariff", model, option=o).chance.value == pytest.approx(
                other.of("tariff", model, option=o).chance.value
            )
    pulled = [{r.actor: r.pull.value for r in f.actors("tariff")} for f in (one, other)]
    assert {a: -v for a, v in pulled[0].items()} == pytest.approx(pulled[1])


def test_names_swapped_everything_is_mirrored():
    """Left and right change places in every section: each has the other's numbers."""
    one = certain()
    actors = one["influence"]["tariff"]["actors"]
    other = certain(left=actors["right"], right=actors["left"], east=actors["east"])
    found = [zopa.influence(case(f), draws=DRAWS) for f in (one, other)]
    swap = {"left": "right", "right": "left", "east": "east"}
    pulled = [{r.actor: r.pull.value for r in f.actors("tariff")} for f in found]
    assert {swap[a]: v for a, v in pulled[0].items()} == pytest.approx(pulled[1])
    for model in ("mean", "median", "compromise"):
        assert found[0].of("tariff", model).position.value == pytest.approx(
            found[1].of("tariff", model).position.value
        )


def test_points_of_capability_count_by_proportion_only():
    tens = certain(left=stake("none", 400, 0.8), right=stake(1.0, 300, 1), east=stake(0.6, 200, 0.5))
    one, other = (zopa.influence(case(f), draws=DRAWS) for f in (certain(), tens))
    for a, b in zip(one.rows(), other.rows(), strict=True):
        assert (a.position and a.position.value) == pytest.approx(b.position and b.position.value)


# -- what is asked of every analysis -------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    file = uncertain().file
    found = zopa.influence(Case(file, ledger()), draws=DRAWS)
    for row in found.rows():
        for value in (row.chance, row.position, row.pull, row.weight):
            assert value is None or value.verdict == "silent"
        assert row.because == ()
    assert "cannot say" in found.headline("en")
    assert "无从" in found.headline("zh")


def test_the_record_shows_only_what_it_shows():
    many = [claim(f"c{k}", f"said {k}", kind="fact report", credibility=1) for k in range(6)]
    names = [c.id for c in many]
    file = certain(
        left=stake("none", 40, 0.9, because=names),
        right=stake("none", 40, 0.9, because=names),
        east=stake("none", 5, 0.2, because=names),
    )
    found = zopa.influence(case(file, *many, record=ledger(*many, **dict.fromkeys(names, "A"))), draws=2000)
    top = found.nearest("tariff")
    assert top.option == "none"
    assert top.chance.verdict == "shows"
    assert top.chance.value > top.chance.zero + 0.2


def test_same_case_and_seed_same_numbers_and_rows_name_their_claims():
    one, other, third = (zopa.influence(uncertain(), draws=DRAWS, seed=s) for s in (0, 0, 1))
    assert one.rows() == other.rows()
    assert one.spread == other.spread
    assert one.rows() != third.rows()
    by = {r.actor: r.because for r in one.rows() if r.actor}
    assert by == {"left": ("a", "b"), "right": ("c",), "east": ()}
    assert one.of("tariff", "median").because == ("a", "b", "c")


def test_taking_a_claim_away_moves_the_answer_towards_ignorance():
    found, less = (zopa.influence(c, draws=4000) for c in (uncertain(), uncertain().without(["a", "b"])))
    full, thin = (f.actors("tariff") for f in (found, less))
    at = [next(r.position.value for r in rows if r.actor == "left") for rows in (full, thin)]
    assert at[0] < at[1] == pytest.approx(0.5, abs=0.03)


def test_readings_that_place_a_side_are_told_apart():
    path = "influence.tariff.actors.left.position"
    readings = {
        "left": [
            {"id": "soft", "prior": 0.5, "sets": {path: 0.9}, "assumed": True},
            {"id": "hard", "prior": 0.5, "assumed": True},
        ]
    }
    found = zopa.influence(uncertain(readings=readings), draws=2000)
    shares = {s.reading: s.value for s in found.readings["tariff"]}
    assert set(shares) == {"soft", "hard"}
    assert shares["soft"] != pytest.approx(shares["hard"], abs=0.05)
    zero = found.nearest("tariff").chance.zero
    assert all(s.zero == zero and s.cited is not None for s in found.readings["tariff"])
    assert len(found.tables("en")) == 5


def test_after_the_moves_it_is_the_same_question_on_picked_draws():
    found = zopa.influence(uncertain(), draws=DRAWS, after_moves=True)
    assert found.parameters["after_moves"] is True
    assert found.rows()


def test_a_section_that_is_missing_is_named():
    with pytest.raises(IncompleteCaseError) as error:
        zopa.influence(case(certain() | {"influence": {}}), draws=DRAWS)
    assert [p.code for p in error.value.problems] == ["needs-influence"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_notes_and_chart_in_both_languages(lang: str):
    found = zopa.influence(uncertain(), draws=DRAWS)
    first, actors, pulls, rounds = found.tables(lang)
    assert len(first.rows) == 4
    assert {row[0] for row in actors.rows} == (
        {"Left", "Right", "East"} if lang == "en" else {"左方", "右方", "东方"}
    )
    assert len(rounds.rows) == 17
    # Every number has its zero line beside it, no issue is named in every row, and a minus sign is one.
    zero = "zero line" if lang == "en" else "零线"
    assert [table.columns.count(zero) for table in (first, actors, pulls, rounds)] == [3, 2, 2, 2]
    for table in (first, actors, pulls, rounds):
        assert ("Tariff" if lang == "en" else "关税") in table.caption
        assert (
            "0 = none tariff, 1 = high tariff" if lang == "en" else "0为关税none，1为关税high"
        ) in table.caption
        assert not any("-" in text or text.startswith("−0.00") for row in table.rows for text in row)
    assert any(text.startswith("−0.") for row in pulls.rows for text in row)
    assert len(found.notes(lang)) == 6
    chart = found.plot(lang)
    assert chart.missing == ()
    assert len(chart.spec["data"]["values"]) == 7
    svg = chart.to_svg()
    assert ("East" if lang == "en" else "东方") in svg
    assert ("high tariff" if lang == "en" else "关税high") in svg


def test_two_issues_have_a_picture_and_a_sentence_each():
    quota = {**TARIFF, "name": {"en": "Quota's end", "zh": "配额"}, "options": LEVELS[:2]}
    file = certain() | {"issues": {"tariff": TARIFF, "quota": quota}}
    file["influence"] = {
        "quota": {"actors": {"left": stake(0.1, 1, 1), "right": stake("low", 2, 1)}},
        **file["influence"],
    }
    found = zopa.influence(case(file), draws=DRAWS)
    assert found.issues == ("quota", "tariff")
    assert found.of("quota", "compromise").position.value == pytest.approx(0.7)
    chart = found.plot("en")
    assert len(chart.spec["vconcat"]) == 2
    assert "low tariff" in chart.to_svg()
    assert "Quota's end" in found.headline("en")
    assert "Tariff" in found.headline("en")
    for table in found.tables("en"):
        assert {row[0] for row in table.rows} == {"Quota's end", "Tariff"}
        assert table.columns[0] == "issue"


def test_places_and_shifts_are_printed_with_a_minus_sign_and_nothing_as_nothing():
    assert [number(v) for v in (0.5449, 1.0, -0.004)] == ["0.54", "1.00", "0.00"]
    assert [number(v, "+") for v in (0.021, -0.046, -0.004, 0.0)] == ["+0.02", "−0.05", "0.00", "0.00"]


@pytest.mark.parametrize("after_moves", [False, True])
def test_rounds_and_outcomes_stand_beside_the_same_numbers_without_any_evidence(after_moves: bool):
    """The zero line is the same spread played on the draws without evidence."""
    whole = uncertain()
    found = zopa.influence(whole, draws=DRAWS, after_moves=after_moves)
    none = whole.draws(DRAWS, evidence="none", after_moves=after_moves)
    stand = standing(none, "tariff")
    which = (none.uniforms("influence.tariff/variant") * len(VARIANTS)).astype(int)
    won, means = [], []
    for d in range(DRAWS):
        c, s, x = (a[d : d + 1] for a in (stand.capability, stand.salience, stand.positions))
        played = challenge_rounds(c, s, x, variants=[VARIANTS[which[d]]])[0, 1:]
        weights = np.broadcast_to(c * s, played.shape)
        won.append(weighted_median(played, weights))
        means.append((played * weights).sum(axis=1) / weights.sum(axis=1))
    winners, mean = np.array(won), np.array(means)
    at = found.of("tariff", "expected_utility").position
    ends = np.quantile(winners, [0.05, 0.95])
    assert (at.zero, at.zero_least, at.zero_most) == pytest.approx((winners.mean(), *ends))
    levels = [0.05, 0.5, 0.95]
    for row in found.spread:
        here = (
            slice(None) if row.choice is None else np.array([_makes(VARIANTS[k], row.choice) for k in which])
        )
        nth = slice(None) if row.round is None else row.round - 1
        assert row.winner_zero == pytest.approx(tuple(np.quantile(winners[here, nth], levels)))
        assert row.mean_zero == pytest.approx(tuple(np.quantile(mean[here, nth], levels)))
    apart = winners.max(axis=1) - winners.min(axis=1)
    assert found.swings_zero["tariff"] == pytest.approx(tuple(np.quantile(apart, levels)))
    assert found.to_json()["parameters"]["swings_zero"]["tariff"] == list(found.swings_zero["tariff"])


def _makes(variant: Any, choice: str) -> bool:
    name, value = choice.split("-")
    return str(getattr(variant, name)).lower() == value


def test_the_headline_says_where_the_rounds_end_without_any_evidence():
    wide = zopa.influence(uncertain(), draws=DRAWS).headline("en")
    assert "as they do without any evidence" in wide or "(without any evidence from “" in wide
    chinese = zopa.influence(uncertain(), draws=DRAWS).headline("zh")
    assert "不计任何证据时亦然" in chinese or "不计任何证据时在“" in chinese


def test_json_and_frame():
    pytest.importorskip("pandas")
    found = zopa.influence(uncertain(), draws=DRAWS)
    printed = json.loads(json.dumps(found.to_json()))
    assert list(printed) == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    assert {row["table"] for row in printed["rows"]} == {"outcomes", "spread"}
    assert [row["table"] for row in printed["rows"]].count("outcomes") == len(found.rows())
    frame = found.to_frame()
    assert {"issue", "measure", "option", "actor", "position.value", "chance.zero", "pull.low"} <= set(
        frame.columns
    )
    assert len(frame) == 4 * 4 + 3
    assert repr(found).startswith("Influence(A made-up case, 10 Mar 2024: ")


# -- the example ---------------------------------------------------------------------------------------------------


def test_the_example_does_not_settle_where_the_weight_lies():
    found = zopa.influence(zopa.open_case("muscat-2026"), draws=1000)
    assert found.issues == ("enrichment",)
    top = found.nearest("enrichment").chance
    assert top.verdict == "open"
    assert {r.actor for r in found.actors("enrichment")} == {
        "us",
        "iran",
        "israel",
        "nine-states",
        "mediators",
    }
    at = {r.actor: r.position.value for r in found.actors("enrichment")}
    assert at["iran"] < at["us"]
    # What the record does not say stays at the middle of the scale.
    assert at["nine-states"] == pytest.approx(0.5, abs=0.03)
    assert replace(found, seed=1).seed == 1
