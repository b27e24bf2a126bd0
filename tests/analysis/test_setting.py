"""Settings: what is acceptable to whom, checked by hand, against a slow reference, and by axioms."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from zopa.analysis._setting_effects import accepts_without
from zopa.case.case import Case
from zopa.case.meeting import Meeting, crosses, meeting
from zopa.case.settings import Setting
from zopa.case.table import RedLine
from zopa.errors import IncompleteCaseError
from zopa.methods.smaa import joint_acceptability

DRAWS = 400
HERE = {
    "id": "here",
    "name": {"en": "Here", "zh": "此地"},
    "place": "town",
    "form": "direct",
    "host": "host",
    "status": "agreed",
}
THERE = {
    "id": "there",
    "name": {"en": "There, watched", "zh": "彼地，有观察员"},
    "place": "city",
    "observers": ["witness"],
    "form": "indirect",
    "status": "refused",
    "refused_by": ["right"],
    "proposed_by": ["left"],
}
CRITERIA = [
    {"id": "quiet", "name": {"en": "quiet", "zh": "安静"}},
    {"id": "parity", "name": {"en": "parity", "zh": "对等"}},
]
SURE = {"assumed": True}


def view(
    quiet: Any, parity: Any, floor: Any, scores: dict[str, dict[str, Any]], **basis: Any
) -> dict[str, Any]:
    return {
        "weights": {"quiet": quiet, "parity": parity},
        "scores": scores,
        "not_meeting": floor,
        **(basis or SURE),
    }


def certain(**changes: Any) -> dict[str, Any]:
    """Point numbers only: every share is 0 or 1 and can be worked out by hand."""
    views = {
        # left: here .75·.6 + .25·.4 = .55, there .75·.9 + .25·.2 = .725; not meeting .5
        "left": view(
            3,
            1,
            0.5,
            {"place:town": {"quiet": 0.6, "parity": 0.4}, "place:city": {"quiet": 0.9, "parity": 0.2}},
        ),
        # right: here .5·.8 + .5·.6 = .7, there .5·.4 + .5·.3 = .35; not meeting .5
        "right": view(
            1, 1, 0.5, {"place:town": {"quiet": 0.8, "parity": 0.6}, "there": {"quiet": 0.4, "parity": 0.3}}
        ),
    }
    return {"settings": {"options": [HERE, THERE], "criteria": CRITERIA, "views": views, **changes}}


def rows(found: Any) -> dict[tuple[str, str | None], Any]:
    return {(row.setting, row.party): row for row in found.rows()}


# -- worked by hand ------------------------------------------------------------------------------------------------


def test_a_certain_case_gives_what_arithmetic_gives():
    found = zopa.setting(case(certain()), draws=DRAWS)
    by = rows(found)
    assert by["here", None].accepts.value == 1.0
    assert by["there", None].accepts.value == 0.0
    assert (by["there", "left"].accepts.value, by["there", "right"].accepts.value) == (1.0, 0.0)
    assert (by["there", "left"].preferred.value, by["here", "right"].preferred.value) == (1.0, 1.0)
    assert found.order == ("here", "there")
    left = by["there", "left"]
    assert [(rank.value, rank.low, rank.high) for rank in left.ranks] == [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]
    assert {c: w.value for c, w in left.central.items()} == pytest.approx({"quiet": 0.75, "parity": 0.25})
    assert [w.low for w in left.central.values()] == pytest.approx([w.high for w in left.central.values()])
    assert (left.confidence.value, left.confidence.low, left.confidence.high) == (1.0, 1.0, 1.0)
    assert (by["here", "left"].central, by["here", "left"].confidence) == ({}, None)


def test_what_would_make_the_refused_setting_acceptable_is_the_least_that_does():
    found = zopa.setting(case(certain()), draws=DRAWS).remedies()
    # right falls short by .15; each criterion has weight .5. No weight helps: both scores are below .5.
    assert {(row.party, row.kind, row.criteria) for row in found} == {
        ("right", "score", ("quiet",)),
        ("right", "score", ("parity",)),
    }
    for row in found:
        assert (row.change, row.change_low, row.change_high) == pytest.approx((0.3, 0.3, 0.3))
        assert (row.now.value, row.accepts.value, row.joint.value) == (0.0, 1.0, 1.0)
        assert row.enough


def test_two_scores_together_where_neither_can_rise_enough():
    steep = certain()
    steep["settings"]["views"]["right"]["not_meeting"] = 0.8
    both, *alone = zopa.setting(case(steep), draws=DRAWS).remedies()
    # .45 short: quiet can give at most .5·.6, parity at most .5·.7; together .45 each, .5·.45 + .5·.45.
    assert (both.kind, both.criteria) == ("pair", ("quiet", "parity"))
    assert both.change == pytest.approx(0.45)
    assert both.joint.value == 1.0
    assert [(row.criteria, row.change, row.accepts.value) for row in alone] == [
        (("quiet",), None, 0.0),
        (("parity",), None, 0.0),
    ]


def test_of_two_scores_one_stops_at_the_best_and_the_other_rises_on():
    steep = certain()
    steep["settings"]["views"]["right"] = view(1, 1, 0.9, {"there": {"quiet": 0.7, "parity": 0.1}})
    both, *_ = zopa.setting(case(steep), draws=DRAWS).remedies()
    # .5 short: all .3 of quiet gives .15, the other .35 takes .7 of parity; neither is enough alone.
    assert both.kind == "pair"
    assert both.change == pytest.approx(0.7)


def test_a_score_and_a_red_line_together():
    file = certain() | {"red_lines": [line(on="venue", rejects=["city"], party="right")]}
    first, second, *alone = zopa.setting(case(file), draws=DRAWS).remedies()
    assert {(row.kind, row.criteria, row.red_lines) for row in (first, second)} == {
        ("pair", ("quiet",), ("line",)),
        ("pair", ("parity",), ("line",)),
    }
    assert first.change == pytest.approx(0.3)
    assert not any(row.enough for row in alone)


def test_weight_moved_to_a_criterion_the_setting_serves_well():
    heavy = certain()
    heavy["settings"]["views"]["right"] = view(1, 3, 0.5, {"there": {"quiet": 0.9, "parity": 0.3}})
    (moved,) = (r for r in zopa.setting(case(heavy), draws=DRAWS).remedies() if r.kind == "weight")
    # .25·.9 + .75·.3 = .45; a share t of all weight on quiet adds t·(.9 − .45).
    assert (moved.criteria, moved.change) == (("quiet",), pytest.approx(0.05 / 0.45))
    assert moved.accepts.value == 1.0


def test_the_deciding_criterion_is_the_one_whose_removal_changes_most():
    found = zopa.setting(case(certain()), draws=DRAWS)
    effects = {
        (row.setting, row.criterion): row.change
        for row in found.effects()
        if row.party is None and row.setting is not None
    }
    # Without quiet, left gets .4 here: below .5. Without parity both still gain.
    assert effects == {
        ("here", "quiet"): -1.0,
        ("here", "parity"): 0.0,
        ("there", "quiet"): 0.0,
        ("there", "parity"): 0.0,
    }
    assert found.deciding("here").criterion == "quiet"
    assert found.deciding("there") is None
    # Of any setting: without quiet none is left that suits both. Left's own view of the other one turns on quiet too.
    assert found.deciding().criterion == "quiet"
    assert found.deciding("there", party="left").criterion == "quiet"
    assert found.deciding("there", party="right") is None


def test_the_setting_that_suits_best_is_compared_with_the_refused_one_draw_by_draw():
    file, claims = uncertain()
    whole = case(file, *claims)
    found = zopa.setting(whole, draws=DRAWS)
    (row,) = found.gaps()
    assert (row.setting, row.refused) == ("here", "there")
    drawn, none = (meeting(whole.draws(DRAWS, evidence=e)) for e in ("all", "none"))
    assert row.difference == pytest.approx(drawn.joint[:, 0].mean() - drawn.joint[:, 1].mean())
    assert row.zero == pytest.approx(none.joint[:, 0].mean() - none.joint[:, 1].mean())
    assert row.low <= row.difference <= row.high
    (sure,) = zopa.setting(case(certain()), draws=DRAWS).gaps()
    assert (sure.difference, sure.verdict) == (1.0, "silent")


def test_what_holds_per_reading_is_told_of_the_settings_agreed_and_refused(muscat: Case):
    found = zopa.setting(muscat, draws=1000)
    assert set(found.readings) == {"muscat-open", "istanbul-observers"}
    shares = found.readings["muscat-open"]
    assert {share.party for share in shares} == {"us", "iran"}
    zero = rows(found)["muscat-open", None].accepts.zero
    ways = {e: muscat.draws(1000, evidence=e) for e in ("cited", "none")}
    drawn = meeting(ways["cited"])
    cited, at = drawn.joint, drawn.settings.index("muscat-open")
    for share in shares:
        # Without evidence a reading sets nothing: the zero line is that of the whole.
        assert share.zero == zero
        k = [r.id for r in muscat.file.readings[share.party]].index(share.reading)
        here = ways["cited"].reading(share.party) == k
        assert share.cited == pytest.approx(cited[here, at].mean())
        assert share.weight_zero == pytest.approx((ways["none"].reading(share.party) == k).mean())
        assert share.weight_low <= share.weight <= share.weight_high


def test_combinations_that_nobody_listed_are_scored_by_their_features():
    file = certain()
    plain = zopa.setting(case(file), draws=DRAWS)
    found = zopa.setting(case(file), draws=DRAWS, combinations=True)
    # 2 places × observers or none × direct or indirect × host or none stated.
    assert len(found.order) == 16
    by = rows(found)
    new = {s for s in found.order if not by[s, None].recorded}
    assert len(new) == 14
    # The listed ones keep their numbers; their ranks are now among more.
    for row in plain.rows():
        assert by[row.setting, row.party].accepts == row.accepts
    # left scores places only: every combination at the city is worth .725 to it, at the town .55.
    for name in new:
        drawn = next(s for s in found.case.file.settings.options if s.id == name)
        assert by[name, "left"].accepts.value == 1.0
        assert by[name, "left"].first.value == (1.0 if drawn.place == "city" else 0.0)
    cells = [row[1] for row in found.table("en").rows]
    assert cells.count("not in the record") == 14
    assert sum("in the record" in note for note in found.notes("en")) == 1
    assert len({row[0] for row in found.table("zh").rows}) == 16


def test_too_many_combinations_are_refused():
    file = certain()
    file["settings"]["options"] = [
        {"id": f"s{k}", "place": f"p{k}", "host": f"h{k}", "form": "direct"} for k in range(11)
    ]
    with pytest.raises(ValueError, match="over 100 settings"):
        zopa.setting(case(file), draws=DRAWS, combinations=True)
    assert zopa.setting(case(file), draws=DRAWS).features == ()


def test_what_a_feature_adds_is_the_mean_over_all_that_it_can_be_combined_with():
    file = certain()
    # right takes the town (.7) and, from its features, not the city: nobody scored that, so its own draw decides.
    file["settings"]["views"]["right"]["scores"]["place:city"] = {"quiet": 0.2, "parity": 0.2}
    found = {(r.kind, r.party): r for r in zopa.setting(case(file), draws=DRAWS).features}
    assert found["place", None].change == 1.0
    assert (found["place", "left"].change, found["place", "right"].change) == (0.0, 1.0)
    assert {k: r.change for (k, p), r in found.items() if p is None} == {
        "place": 1.0,
        "observers": 0.0,
        "form": 0.0,
        "host": 0.0,
    }
    assert {r.verdict for r in found.values()} == {"silent"}


# -- axioms --------------------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_taking_a_criterion_out_leaves_the_others_in_their_proportions(seed: int):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(3), (20, 2))
    weights[0, 0] = (1.0, 0.0, 0.0)
    made = Meeting(
        parties=("left", "right"),
        settings=("a", "b"),
        criteria=("x", "y", "z"),
        weights=weights,
        scores=rng.random((20, 2, 2, 3)),
        blocked=rng.random((20, 2, 2)) < 0.1,
        costs=rng.random((20, 2, 2)) * 0.2,
        not_meeting=rng.random((20, 2)),
    )
    for c in range(3):
        kept = [k for k in range(3) if k != c]
        then = accepts_without(made, c)
        for d, p, s in np.ndindex(then.shape):
            w = made.weights[d, p, kept]
            w = w / w.sum() if w.sum() > 0 else np.full(2, 0.5)
            value = w @ made.scores[d, p, s, kept] - made.costs[d, p, s]
            assert then[d, p, s] == (value >= made.not_meeting[d, p] - 1e-12 and not made.blocked[d, p, s])


def test_a_setting_that_is_worse_for_everybody_changes_nothing_for_the_others():
    file, claims = uncertain()
    before = rows(zopa.setting(case(file, *claims), draws=DRAWS))
    worse = {"id": "worse", "place": "moor", "status": "proposed"}
    file["settings"]["options"] = [*file["settings"]["options"], worse]
    for one in ("left", "right"):
        file["settings"]["views"][one]["scores"]["worse"] = {
            "quiet": {"is": 0, "assumed": True},
            "parity": {"is": 0, "assumed": True},
        }
    after = rows(zopa.setting(case(file, *claims), draws=DRAWS))
    for name in ("here", "there"):
        for party in (None, "left", "right"):
            assert after[name, party].accepts == before[name, party].accepts
            if party == "left":
                # Nobody ranks the worse one first, so the shares of first ranks stay.
                assert after[name, party].ranks[0].value == pytest.approx(before[name, party].ranks[0].value)
    assert after["worse", "left"].ranks[0].value == 0.0
    assert after["worse", "left"].first.value == 0.0


def test_ranks_of_a_setting_sum_to_one_and_without_ties_so_do_the_settings_of_a_rank(muscat: Case):
    by = rows(zopa.setting(muscat, draws=500))
    for party in ("us", "iran"):
        shares = np.array([[rank.value for rank in row.ranks] for (_, p), row in by.items() if p == party])
        assert shares.sum(axis=1) == pytest.approx(1.0)
    table = {
        "settings": {
            "options": [{"id": k, "place": k, "status": "proposed"} for k in "abc"],
            "criteria": CRITERIA,
        }
    }
    for party in ("left", "right"):
        found = zopa.setting(case(table), draws=DRAWS).rows()
        shares = np.array([[rank.value for rank in row.ranks] for row in found if row.party == party])
        assert shares.sum(axis=0) == pytest.approx(1.0)


def test_many_ranges_at_once_are_those_of_one_after_the_other(muscat: Case):
    for drawn in (muscat.draws(600), muscat.draws(600, after_moves=True)):
        made = meeting(drawn)
        series = np.concatenate([made.joint[:, :2].astype(float), made.values[:, 0, :2]], axis=1)
        for column, found in zip(series.T, drawn.intervals(series), strict=True):
            one = drawn.interval(column)
            assert (found.mean, found.low, found.high, found.error) == pytest.approx(
                (one.mean, one.low, one.high, one.error), abs=1e-12
            )


def test_after_the_moves_the_note_says_how_many_draws_are_left(muscat: Case):
    found = zopa.setting(muscat, draws=600, after_moves=True)
    assert found.parameters["after_moves"] is True
    assert any(
        f"{round(found.effective):,}" in n or str(round(found.effective)) in n for n in found.notes("en")
    )


def test_a_refusal_that_the_criteria_do_not_explain_is_said():
    file = certain()
    file["settings"]["options"] = [HERE, {**THERE, "refused_by": ["left"]}]
    notes = zopa.setting(case(file), draws=DRAWS).notes("en")
    assert [
        n for n in notes if n.startswith("Left refused this setting (“There, watched”)") and "zero line" in n
    ]


def test_a_score_is_the_mean_over_features_unless_the_setting_has_its_own():
    own = certain()
    own["settings"]["views"]["left"]["scores"] = {
        "place:town": {"quiet": 0.2},
        "form:direct": {"quiet": 0.4},
        "host:host": {"quiet": 0.9, "parity": 0.1},
        "here": {"parity": 0.7},
    }
    drawn = meeting(case(own).draws(10))
    assert drawn.scores[:, 0, 0, 0] == pytest.approx(0.5)
    assert drawn.scores[:, 0, 0, 1] == pytest.approx(0.7)


# -- red lines on the process --------------------------------------------------------------------------------------


def line(**given: Any) -> dict[str, Any]:
    return {"id": "line", "party": "left", "firm": 1, "cost": 0.1, "assumed": True, **given}


@pytest.mark.parametrize(
    ("on", "rejects", "here", "there"),
    [
        ("venue", ["city"], False, True),
        ("venue", ["there"], False, True),
        ("observers", ["some"], False, True),
        ("observers", ["witness"], False, True),
        ("observers", ["none"], True, False),
        ("format", ["direct"], True, False),
        ("format", ["some"], False, True),
        ("host", ["host"], True, False),
        ("host", ["there", "host"], True, True),
        ("agenda", ["city"], False, False),
    ],
)
def test_what_a_red_line_on_the_process_shuts_out(on: str, rejects: list[str], here: bool, there: bool):
    drawn = RedLine.model_validate(line(on=on, rejects=rejects))
    options = [Setting.model_validate(s) for s in (HERE, THERE)]
    assert [crosses(drawn, s) for s in options] == [here, there]


def test_an_absolute_red_line_makes_a_setting_unacceptable_and_least_liked():
    file = certain() | {"red_lines": [line(on="venue", rejects=["city"])]}
    by = rows(zopa.setting(case(file), draws=DRAWS))
    assert by["there", "left"].accepts.value == 0.0
    assert by["there", "left"].first.value == 0.0
    assert by["here", "left"].accepts.value == 1.0


def test_a_red_line_that_is_not_absolute_costs():
    file = certain() | {"red_lines": [line(on="venue", rejects=["city"], firm=0)]}
    drawn = meeting(case(file).draws(10))
    assert drawn.values[:, 0, 1] == pytest.approx(0.725 - 0.1)
    assert not drawn.blocked.any()


def test_giving_up_a_red_line_is_a_remedy():
    file = certain() | {"red_lines": [line(on="venue", rejects=["city"])]}
    lifted = [r for r in zopa.setting(case(file), draws=DRAWS).remedies() if r.kind == "red-line"]
    assert [(r.party, r.red_lines, r.accepts.value, r.change) for r in lifted] == [
        ("left", ("line",), 1.0, None)
    ]
    # The other side still refuses: alone it does not make the setting jointly acceptable.
    assert lifted[0].joint.value == 0.0


# -- against a slow reference --------------------------------------------------------------------------------------


def uncertain() -> tuple[dict[str, Any], tuple[Any, ...]]:
    views = {
        "left": view(
            "1 to 3",
            "1 to 5",
            "0.2 to 0.5",
            {"place:town": {"quiet": "0.3 to 0.9"}, "place:city": {"quiet": "0.5 to 0.9"}},
            because=["a"],
        ),
        "right": {
            "weights": {"quiet": "2 to 4"},
            "scores": {
                "observers:some": {"parity": "0.1 to 0.4"},
                "observers:none": {"parity": "0.6 to 0.9"},
            },
            "not_meeting": "0.2 to 0.6",
            "because": ["b"],
        },
    }
    file = {
        "settings": {"options": [HERE, THERE], "criteria": CRITERIA, "views": views},
        "red_lines": [
            line(
                on="observers",
                rejects=["some"],
                party="right",
                firm="0.3 to 0.7",
                assumed=False,
                because=["c"],
            )
        ],
    }
    return file, tuple(claim(k, f"claim {k}", kind="offer", credibility=1) for k in "abc")


def slow(drawn: Meeting) -> tuple[np.ndarray, np.ndarray]:
    """Acceptance one draw at a time, from the definition."""
    accepts = np.zeros(drawn.blocked.shape, dtype=bool)
    for d, p, s in np.ndindex(accepts.shape):
        utility = sum(w * x for w, x in zip(drawn.weights[d, p], drawn.scores[d, p, s], strict=True))
        utility -= drawn.costs[d, p, s]
        accepts[d, p, s] = utility >= drawn.not_meeting[d, p] and not drawn.blocked[d, p, s]
    return accepts, accepts.all(axis=1)


def test_shares_are_those_of_the_definition():
    file, claims = uncertain()
    whole = case(file, *claims)
    found = rows(zopa.setting(whole, draws=DRAWS))
    for evidence in ("all", "none"):
        drawn = meeting(whole.draws(DRAWS, evidence=evidence))
        accepts, joint = slow(drawn)
        assert np.array_equal(accepts, drawn.accepts)
        if evidence == "all":
            for k, name in enumerate(drawn.settings):
                assert found[name, None].accepts.value == pytest.approx(joint[:, k].mean())
                assert found[name, "right"].accepts.value == pytest.approx(accepts[:, 1, k].mean())
        else:
            assert found["here", None].accepts.zero == pytest.approx(joint[:, 0].mean())


def test_without_red_lines_it_is_smaa_s_joint_acceptability():
    file, claims = uncertain()
    drawn = meeting(case(file | {"red_lines": []}, *claims).draws(DRAWS))
    other = joint_acceptability(drawn.values, drawn.not_meeting)
    assert drawn.joint.mean(axis=0) == pytest.approx(other.joint)
    assert drawn.accepts.mean(axis=0) == pytest.approx(other.by_party)


def test_at_total_ignorance_every_party_accepts_half_of_the_time():
    file, claims = uncertain()
    none = meeting(case(file, *claims).draws(20_000, evidence="none"))
    assert none.accepts.mean(axis=0) == pytest.approx(0.5, abs=0.02)
    assert none.joint.mean(axis=0) == pytest.approx(0.25, abs=0.02)
    # Weights that nobody stated: a flat Dirichlet over two criteria, so each share is uniform.
    assert np.quantile(none.weights[:, 0, 0], [0.25, 0.75]) == pytest.approx([0.25, 0.75], abs=0.02)


def test_a_party_whose_view_nobody_wrote_is_wholly_unknown():
    file, claims = uncertain()
    del file["settings"]["views"]["right"]
    file["red_lines"] = []
    drawn = meeting(case(file, *claims).draws(20_000))
    assert drawn.accepts[:, 1].mean(axis=0) == pytest.approx(0.5, abs=0.02)


@given(quiet=st.floats(0, 1), parity=st.floats(0, 1), floor=st.floats(0, 1), rise=st.floats(0, 0.5))
@settings(max_examples=40)
def test_a_better_score_never_makes_a_setting_less_acceptable(
    quiet: float, parity: float, floor: float, rise: float
):
    def drawn(q: float) -> Meeting:
        scores = {"here": {"quiet": q, "parity": parity}}
        file = {
            "settings": {
                "options": [HERE],
                "criteria": CRITERIA,
                "views": {"left": view("1 to 2", "1 to 3", floor, scores)},
            }
        }
        return meeting(case(file).draws(60))

    assert (drawn(min(1.0, quiet + rise)).accepts >= drawn(quiet).accepts).all()


# -- what is asked of every analysis -------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    file, _ = uncertain()
    found = zopa.setting(case(file, record=ledger()), draws=DRAWS)
    for row in found.rows():
        for c in (row.accepts, row.first, row.preferred):
            assert c is None or c.verdict == "silent"
        assert row.because == ()
    words = found.headline("en")
    assert words.count("cannot say") == 4
    assert "shows" not in words
    assert found.headline("zh").count("无从回答") == 4


def test_a_case_of_assumptions_only_is_silent_too():
    assert {row.accepts.verdict for row in zopa.setting(case(certain()), draws=DRAWS).rows()} == {"silent"}


def test_the_order_of_the_parties_changes_no_number():
    file, claims = uncertain()
    names = {name: {"name": name, "role": "negotiator"} for name in ("left", "right")}
    one, other = (
        rows(zopa.setting(case(file | {"parties": parties}, *claims), draws=DRAWS))
        for parties in (names, dict(reversed(names.items())))
    )
    assert one.keys() == other.keys()
    for key, row in one.items():
        assert replace(row, because=tuple(sorted(other[key].because))) == replace(
            other[key], because=tuple(sorted(row.because))
        )


def test_same_case_and_seed_same_numbers():
    file, claims = uncertain()
    one, other, third = (zopa.setting(case(file, *claims), draws=DRAWS, seed=s) for s in (0, 0, 1))
    assert one.rows() == other.rows()
    assert one.remedies() == other.remedies()
    assert one.rows() != third.rows()


def test_every_row_names_the_claims_behind_it():
    file, claims = uncertain()
    by = rows(zopa.setting(case(file, *claims), draws=DRAWS))
    assert by["here", "left"].because == ("a",)
    assert by["there", "right"].because == ("b", "c")
    assert by["there", None].because == ("a", "b", "c")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"settings": None}, "needs-settings"),
        ({"settings": {"options": [HERE]}}, "needs-criteria"),
        ({"parties": {"host": {"name": "host", "role": "host"}}}, "needs-negotiators"),
    ],
)
def test_a_section_that_is_missing_is_named(change: dict[str, Any], code: str):
    with pytest.raises(IncompleteCaseError) as error:
        zopa.setting(case(certain() | change), draws=DRAWS)
    assert [p.code for p in error.value.problems] == [code]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_notes_and_chart_in_both_languages(lang: str):
    file, claims = uncertain()
    found = zopa.setting(case(file, *claims), draws=DRAWS)
    first, *rest = found.tables(lang)
    assert len(rest) == 5
    assert {row[0] for row in first.rows} == (
        {"Here", "There, watched"} if lang == "en" else {"此地", "彼地，有观察员"}
    )
    assert len(first.columns) == 9
    zero = "zero line" if lang == "en" else "零线"
    assert [table.columns.count(zero) for table in (first, *rest)] == [3, 1, 3, 1, 1, 2]
    # A criterion decides here; where none does, nothing is said of it in every line.
    flat = {**file["settings"], "criteria": CRITERIA[:1]}
    assert len(zopa.setting(case({**file, "settings": flat}, *claims), draws=DRAWS).table(lang).columns) == 8
    assert not any("-" in cell for table in (first, *rest) for row in table.rows for cell in row)
    assert len(found.notes(lang)) == 6
    chart = found.plot(lang)
    assert chart.missing == ()
    assert len(chart.spec["data"]["values"]) == 6
    assert ("Left" if lang == "en" else "左方") in chart.to_svg()


def test_json_and_frame():
    pytest.importorskip("pandas")
    file, claims = uncertain()
    found = zopa.setting(case(file, *claims), draws=DRAWS)
    printed = json.loads(json.dumps(found.to_json()))
    assert printed["command"] == "setting"
    assert list(printed) == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    assert [row["table"] for row in printed["rows"]].count("settings") == 6
    assert {r["criterion"] for r in printed["rows"] if r["table"] == "effects"} == {"quiet", "parity"}
    frame = found.to_frame()
    assert {"setting", "party", "accepts.value", "accepts.zero", "first.value", "central.quiet"} <= set(
        frame.columns
    )
    assert repr(found).startswith("Setting(A made-up case, 10 Mar 2024: ")


# -- the example ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def muscat() -> Case:
    return zopa.open_case("muscat-2026")


def test_the_example_s_sides_prefer_what_the_record_says_they_asked_for(muscat: Case):
    found = zopa.setting(muscat, draws=1000)
    assert found.favourite("iran").setting == "muscat-open"
    by = rows(found)
    us, iran = (by["istanbul-observers", p].preferred.value for p in ("us", "iran"))
    assert us > iran + 0.1
    assert by["muscat-open", "iran"].preferred.value > by["istanbul-observers", "iran"].preferred.value + 0.1
    assert by["muscat-open", "iran"].preferred.zero == pytest.approx(0.5, abs=0.06)
    known = muscat.ledger.by_id
    assert all(set(row.because) <= set(known) for row in found.rows())
    assert {row.setting for row in found.remedies()} == {"istanbul-observers"}
    assert "Istanbul, with observers" in found.headline("en")
    assert "伊斯坦布尔" in found.headline("zh")
