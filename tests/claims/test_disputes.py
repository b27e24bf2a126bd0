"""Whole records with many claims: the marked oppositions are found and little else, whatever the order of the lines."""

from datetime import date, timedelta

import pytest

from tests.claims.disputed import NAMES, dispute, score
from tests.claims.made import DAY, claim, ledger
from zopa.claims.contradiction import contradictions

EVE = date(2024, 3, 12)


def pairs(*claims, parties=()):
    return {(c.a, c.b) for c in contradictions(ledger(*claims), parties=parties)}


def test_the_sets_are_large_enough_to_say_something():
    assert len(NAMES) == 10
    assert sum(len(dispute(name).oppositions) for name in NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_names_claims_of_the_record_and_no_side_contradicts_itself(name: str):
    case = dispute(name)
    side = {c.id: c.party for c in case.record.claims}
    for opposition in case.oppositions:
        for a in opposition.one:
            for b in opposition.other:
                assert side[a] is None or side[a] != side[b], (a, b)


def test_marked_oppositions_are_found_and_little_else():
    scores = [score(dispute(name)) for name in NAMES]
    assert sum(s.hit for s in scores) >= 0.95 * sum(s.marked for s in scores)
    assert sum(s.right for s in scores) >= 0.95 * sum(s.found for s in scores)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_lines_does_not_matter(name: str):
    case = dispute(name)
    there = {frozenset((c.a, c.b)) for c in contradictions(case.record, parties=case.parties)}
    back = ledger(*reversed(case.record.claims))
    assert {frozenset((c.a, c.b)) for c in contradictions(back, parties=case.parties)} == there


def test_of_two_sides_what_is_said_twice_is_set_against_the_answer_once():
    demand = {"party": "east", "kind": "demand", "issues": ("port",)}
    refusal = {"party": "west", "kind": "refusal", "issues": ("port",)}
    found = pairs(
        claim("d1", "港口必须由东方管理", **demand), claim("d2", "东方重申，港口必须由东方管理", **demand),
        claim("r1", "由东方管理港口一事免谈", **refusal), claim("r2", "由东方管理港口一事，西方说免谈", **refusal),
    )  # fmt: skip
    assert len(found) == 1


def test_two_oppositions_on_one_issue_are_both_kept():
    wide = {"kind": "demand", "issues": ("dues",)}
    found = pairs(
        claim("a", "the mill should pay for the new pipes", party="farmers", origin="farmers/dues", **wide),
        claim("b", "the dues have to be cut", party="farmers", origin="farmers/dues", **wide),
        claim("c", "the dues have to be raised", party="mill", origin="mill/dues", **wide),
        claim("d", "the mill will not pay for the new pipes", party="mill", origin="mill/dues", kind="refusal", issues=("dues",)),
    )  # fmt: skip
    assert found == {("a", "d"), ("b", "c")}


@pytest.mark.parametrize(
    ("narrow", "wide", "contradict"),
    [
        ("会谈只谈停火", "会谈还必须包括换俘", True),
        ("会谈只谈停火", "会谈应集中在停火，反对把换俘纳入会谈", False),
        ("the talks will focus on the ceasefire", "the talks must include prisoners", True),
        ("the talks will focus on the ceasefire", "it opposes including prisoners in the talks", False),
    ],
)
def test_to_be_against_including_a_matter_is_not_to_want_it(narrow: str, wide: str, contradict: bool):
    found = pairs(
        claim("n", narrow, party="north", kind="fact report", issues=("agenda", "ceasefire")),
        claim("w", wide, party="south", kind="intent", issues=("agenda", "ceasefire", "prisoners")),
    )
    assert bool(found) == contradict


def test_a_report_after_the_thing_was_restored_continues_the_story():
    off = claim("off", "原定12日的会谈已经取消", issues=("talks",), about=[EVE])
    on = claim("on", "会谈将于12日举行", issues=("talks",), about=[EVE])
    back = claim(
        "back", "经斡旋，会谈得以恢复", issues=("talks",), about=[EVE], said_on=DAY + timedelta(days=1)
    )
    after = claim(
        "after", "会谈将于12日举行", issues=("talks",), about=[EVE], said_on=DAY + timedelta(days=1)
    )
    assert pairs(off, on, back, after) == {("off", "on")}
    # Nobody told of a restoration: then the later report contradicts.
    assert pairs(off, on, after) == {("off", "on"), ("off", "after")}


def test_what_a_meeting_will_be_about_does_not_say_that_it_takes_place():
    off = claim("off", "12日的会谈已经取消", issues=("talks",), about=[EVE])
    plan = {"issues": ("talks",), "about": [EVE], "modality": "will", "polarity": "affirmed"}
    assert pairs(off, claim("on", "双方12日到内河城谈渔业", **plan)) == {("off", "on")}
    assert pairs(off, claim("on", "双方12日的会谈将聚焦渔业", **plan)) == set()


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("council drones had struck the market", "it denied that its drones had struck the market", True),
        ("劳动局已经介入调解", "劳动局已否认介入调解", True),
        ("its drones had not struck the market", "it denied that its drones had struck the market", False),
    ],
)
def test_to_deny_is_to_say_not(one: str, other: str, contradict: bool):
    found = pairs(claim("a", one, issues=("strike",)), claim("b", other, issues=("strike",)))
    assert bool(found) == contradict


@pytest.mark.parametrize(
    ("low", "high", "contradict"), [("unlikely", "likely", True), ("not likely", "likely", True), ("unlikely", "not likely", False)]
)  # fmt: skip
def test_the_not_inside_a_word_of_probability_counts_once(low: str, high: str, contradict: bool):
    ranges = {"unlikely": (0.2, 0.45), "likely": (0.55, 0.8)}

    def forecast(name: str, words: str):
        word = "likely" if words == "not likely" else words
        text = f"a settlement this spring is {words}"
        low_, high_ = ranges[word]
        polarity = "negated" if words != "likely" else "affirmed"
        return claim(
            name, text, kind="forecast", issues=("deal",), polarity=polarity,
            probability={"word": word, "low": low_, "high": high_},
        )  # fmt: skip

    assert bool(pairs(forecast("a", low), forecast("b", high))) == contradict


def test_without_parties_the_names_of_the_speakers_tell_the_sides():
    refusal = claim(
        "r", "导弹计划不在谈判桌上", kind="refusal", issues=("missiles",), speaker_head="阿达尔高官"
    )
    rubian = claim("d", "阿达尔必须放弃导弹计划", kind="demand", issues=("missiles",), speaker_head="鲁比安")
    own = rubian.model_copy(update={"speaker_head": "阿达尔外长"})
    assert pairs(refusal, rubian) == {("r", "d")}
    assert pairs(refusal, own) == set()
    # Where one side is known, the words of an outsider are not a stance against it.
    assert pairs(refusal.model_copy(update={"party": "ardal"}), rubian) == set()
