"""Contradictions by typed rules: invented disputes annotated before the rules were run on them, then the axioms."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims.made import DAY, claim, ledger
from zopa.claims.claim import Claim
from zopa.claims.contradiction import Shift, contradictions, shifts
from zopa.claims.ledger import Ledger
from zopa.claims.opposition import ContradictionKind

NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=9)


@dataclass(frozen=True)
class Said:
    """One claim of a made-up dispute: who, what kind, on which issues, in which words."""

    party: str | None
    kind: str
    issues: tuple[str, ...]
    quote: str
    given: tuple[tuple[str, Any], ...] = ()


def said(party: str | None, kind: str, issues: str, quote: str, **given: Any) -> Said:
    return Said(party, kind, tuple(issues.split()), quote, tuple(given.items()))


def record(*lines: Said) -> Ledger:
    return ledger(
        *(
            claim(f"c{k}", s.quote, party=s.party, kind=s.kind, issues=s.issues, **dict(s.given))
            for k, s in enumerate(lines)
        )
    )


PAIRS: dict[str, tuple[Said, Said, str]] = {
    # -- facts ----------------------------------------------------------------------------------------------------
    "停火：生效与推迟": (
        said("north", "fact report", "ceasefire", "停火协议将于10日零时生效", about=[date(2024, 3, 10)]),
        said(
            "south", "fact report", "ceasefire", "原定10日生效的停火协议已被推迟", about=[date(2024, 3, 10)]
        ),
        "factual",
    ),
    "罢工会谈：照常与告吹": (
        said("union", "fact report", "talks", "周五的薪资会谈照常举行"),
        said("company", "fact report", "talks", "周五的薪资会谈已经告吹"),
        "factual",
    ),
    "战俘：已释放与仍被扣": (
        said("north", "fact report", "prisoners", "37名被俘士兵已全部释放"),
        said("south", "fact report", "prisoners", "37名被俘士兵仍被扣押"),
        "factual",
    ),
    "撤军：已撤与未撤": (
        said("north", "fact report", "withdrawal", "我军已经撤出河东地区"),
        said("south", "fact report", "withdrawal", "对方军队并未撤出河东地区"),
        "factual",
    ),
    "一致：达成与未达成": (
        said(None, "fact report", "ceasefire talks", "双方已就停火时间表达成初步一致"),
        said("south", "fact report", "ceasefire talks", "双方尚未就停火时间表达成任何一致"),
        "factual",
    ),
    "人数不同": (
        said("north", "fact report", "force", "炮击造成14名平民死亡"),
        said("south", "fact report", "force", "炮击造成3名平民死亡"),
        "factual",
    ),
    "summit goes ahead or not": (
        said("east", "fact report", "talks", "the summit in Geneva will go ahead on Friday"),
        said("west", "fact report", "talks", "Friday's summit in Geneva has been called off"),
        "factual",
    ),
    "port open or closed": (
        said("east", "fact report", "blockade", "the port of Lorn has been reopened to grain ships"),
        said("west", "fact report", "blockade", "the port of Lorn remains closed to grain ships"),
        "factual",
    ),
    "confirmed or denied": (
        said("east", "fact report", "talks", "the two delegations met secretly in Tallin"),
        said("west", "fact report", "talks", "the two delegations did not meet in Tallin"),
        "factual",
    ),
    "tariffs lifted or kept": (
        said("east", "fact report", "tariffs", "the tariffs on steel have been lifted"),
        said("west", "fact report", "tariffs", "the tariffs on steel remain in force"),
        "factual",
    ),
    "across languages": (
        said("north", "fact report", "talks", "第三轮会谈将于12日举行", about=[date(2024, 3, 12)]),
        said(
            "south", "fact report", "talks", "the third round has been cancelled", about=[date(2024, 3, 12)]
        ),
        "factual",
    ),
    "not the reason, and yet": (
        said("north", "assessment", "venue talks", "地点从来不是障碍"),
        said("south", "refusal", "venue", "已通知对方，不接受换地点的要求"),
        "factual",
    ),
    # -- positions ------------------------------------------------------------------------------------------------
    "撤军要求与拒绝": (
        said("north", "demand", "withdrawal", "政府军必须撤出河东全部地区"),
        said("south", "refusal", "withdrawal", "撤军“根本不在考虑范围之内”"),
        "position",
    ),
    "水量：上限与主权": (
        said("down", "demand", "water", "上游水库的蓄水速度必须受到限制"),
        said("up", "refusal", "water", "如何蓄水是主权范围内的事，“没有商量余地”"),
        "position",
    ),
    "wages": (
        said("union", "demand", "wages", "members need 8 percent this year alone"),
        said("company", "refusal", "wages", "it could not go further on pay"),
        "position",
    ),
    "inspection": (
        said(
            "east", "demand", "inspection", "inspectors must be given access to every depot", modality="must"
        ),
        said("west", "refusal", "inspection", "access to the depots is non-negotiable"),
        "position",
    ),
    "must and must not": (
        said("east", "demand", "settlements", "the western settlements must be evacuated"),
        said("west", "demand", "settlements", "the western settlements must never be evacuated"),
        "position",
    ),
    # -- what the talks are about ---------------------------------------------------------------------------------
    "范围：只谈与还要谈": (
        said("south", "fact report", "agenda ceasefire", "这轮谈判只讨论停火"),
        said("north", "demand", "agenda ceasefire prisoners", "谈判还必须包括交换战俘"),
        "agenda",
    ),
    "scope: only and also": (
        said("west", "fact report", "agenda tariffs", "the talks will be limited to tariffs"),
        said("east", "demand", "agenda subsidies", "the talks must also cover farm subsidies"),
        "agenda",
    ),
    "范围：两种立场": (
        said("south", "refusal", "agenda", "停火之外的任何问题都不会谈"),
        said("north", "demand", "agenda prisoners borders", "战俘和边界问题都必须列入议程"),
        "position",
    ),
    # -- forecasts ------------------------------------------------------------------------------------------------
    "预测：无望与有望": (
        said(
            "north",
            "forecast",
            "deal",
            "年内签署和约毫无可能",
            probability={"word": "毫无可能", "low": 0, "high": 0.02},
        ),
        said(
            "south",
            "forecast",
            "deal",
            "年内签署和约并非没有可能",
            probability={"word": "并非没有可能", "low": 0.05, "high": 0.4},
        ),
        "forecast",
    ),
    "forecast: likely and unlikely": (
        said(
            None,
            "forecast",
            "deal",
            "a settlement before the vote is very likely",
            probability={"word": "very likely", "low": 0.8, "high": 0.95},
        ),
        said(
            None,
            "forecast",
            "deal",
            "a settlement before the vote is unlikely",
            probability={"word": "unlikely", "low": 0.1, "high": 0.4},
        ),
        "forecast",
    ),
}

NO_PAIRS: dict[str, tuple[Said, Said]] = {
    "同一件事，两种说法": (
        said("north", "fact report", "talks", "会谈将于12日举行", about=[date(2024, 3, 12)]),
        said("south", "fact report", "talks", "双方12日会谈", about=[date(2024, 3, 12)]),
    ),
    "两场会": (
        said("north", "fact report", "talks", "会谈将于12日举行", about=[date(2024, 3, 12)]),
        said("south", "fact report", "talks", "19日的会谈已经取消", about=[date(2024, 3, 19)]),
    ),
    "呼吁不要取消": (
        said("north", "fact report", "talks", "会谈将于12日举行"),
        said("lobby", "demand", "talks", "不要取消会谈"),
    ),
    "不同的事": (
        said("north", "fact report", "ceasefire", "停火已经生效"),
        said("south", "fact report", "prisoners", "换俘已经取消"),
    ),
    "两次否认": (
        said("north", "fact report", "talks", "会谈没有取消"),
        said("south", "fact report", "talks", "会谈如期举行"),
    ),
    "至少与具体数": (
        said("north", "fact report", "force", "炮击造成至少10名平民死亡"),
        said("south", "fact report", "force", "炮击造成14名平民死亡"),
    ),
    "要求与报价": (
        said("union", "demand", "wages", "members need 8 percent this year alone"),
        said("company", "offer", "wages", "it offered a 12 percent rise over three years"),
    ),
    "同一方的要求与拒绝": (
        said("union", "demand", "wages", "members need 8 percent this year alone"),
        said("union", "refusal", "hours", "longer shifts are out of the question"),
    ),
    "two threats": (
        said("east", "threat", "force", "any strike will be answered"),
        said("west", "threat", "force", "any provocation will be answered"),
    ),
    "a demand and an unrelated refusal": (
        said("east", "demand", "inspection", "inspectors must be given access to every depot"),
        said("west", "refusal", "agenda", "the ministry declined to give further details"),
    ),
    "forecasts that agree": (
        said(
            None,
            "forecast",
            "deal",
            "a settlement is unlikely",
            probability={"word": "unlikely", "low": 0.1, "high": 0.4},
        ),
        said(
            None,
            "forecast",
            "deal",
            "a settlement is very unlikely",
            probability={"word": "very unlikely", "low": 0.05, "high": 0.2},
        ),
    ),
    "forecast and its mirror": (
        said(
            None,
            "forecast",
            "deal",
            "a settlement is unlikely",
            probability={"word": "unlikely", "low": 0.1, "high": 0.4},
        ),
        said(
            None,
            "forecast",
            "deal",
            "the sides will probably fail to reach a settlement",
            probability={"word": "probably", "low": 0.6, "high": 0.9},
            polarity="negated",
        ),
    ),
    "what the talks are about, alike": (
        said("west", "fact report", "agenda tariffs", "the talks will be limited to tariffs"),
        said("east", "fact report", "agenda tariffs", "the talks will include tariffs"),
    ),
    "motive": (
        said(None, "motive", "agenda", "它只谈停火，是要把战俘问题排除在外"),
        said("north", "demand", "agenda prisoners", "战俘问题必须列入议程"),
    ),
    "远隔数月": (
        said("north", "fact report", "talks", "会谈如期举行"),
        said(
            "south", "fact report", "talks", "会谈已经取消", said_on=DAY - timedelta(days=200), known_on=None
        ),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_contradicting_pair_is_found_with_its_kind(name: str):
    a, b, kind = PAIRS[name]
    found = contradictions(record(a, b))
    assert [(c.a, c.b, c.kind) for c in found] == [("c0", "c1", kind)]


@pytest.mark.parametrize("name", NO_PAIRS)
def test_what_only_looks_opposed_is_not_a_contradiction(name: str):
    assert contradictions(record(*NO_PAIRS[name])) == ()


# -- the axioms ---------------------------------------------------------------------------------------------------


def dispute(*names: str) -> tuple[Claim, ...]:
    """Claims of several pairs as one record; ids and issues of a pair carry its name, so that pairs stay apart."""
    out = []
    for k, name in enumerate(names):
        for side, s in zip("ab", PAIRS[name][:2], strict=True):
            issues = tuple(i if i == "agenda" else f"{i}-{k}" for i in s.issues)
            given = {"party": s.party, "kind": s.kind, "issues": issues, **dict(s.given)}
            out.append(claim(f"{side}{k}", s.quote, **given))
    return tuple(out)


APART = tuple(name for name, (a, _, kind) in PAIRS.items() if kind != "agenda" and "agenda" not in a.issues)


@given(order=st.permutations(range(2 * len(APART))))
def test_the_order_of_claims_does_not_matter(order: list[int]):
    claims = dispute(*APART)
    found = contradictions(ledger(*claims))
    assert {frozenset((c.a, c.b)) for c in found} == {
        frozenset((f"a{k}", f"b{k}")) for k in range(len(APART))
    }
    again = contradictions(ledger(*(claims[k] for k in order)))
    assert {(frozenset((c.a, c.b)), c.kind, c.settled, c.later, c.rule) for c in found} == {
        (frozenset((c.a, c.b)), c.kind, c.settled, c.later, c.rule) for c in again
    }


@given(kept=st.sets(st.integers(0, 2 * len(APART) - 1)))
def test_whether_two_claims_contradict_depends_on_no_third(kept: set[int]):
    claims = [c for k, c in enumerate(dispute(*APART)) if k in kept]
    whole = {frozenset((f"a{k}", f"b{k}")) for k in range(len(APART))}
    left = {pair for pair in whole if pair <= {c.id for c in claims}}
    assert {frozenset((c.a, c.b)) for c in contradictions(ledger(*claims))} == left


def test_renaming_the_parties_renames_nothing_else():
    swap = {
        "north": "south",
        "south": "north",
        "east": "west",
        "west": "east",
        "union": "company",
        "company": "union",
    }
    claims = dispute(*PAIRS)
    swapped = tuple(c.model_copy(update={"party": swap.get(c.party or "", c.party)}) for c in claims)
    assert contradictions(ledger(*claims)) == contradictions(ledger(*swapped))
    assert [(s.before, s.after) for s in shifts(ledger(*claims))] == [
        (s.before, s.after) for s in shifts(ledger(*swapped))
    ]


def test_one_voice_does_not_contradict_itself():
    a, b, _ = PAIRS["wages"]
    assert (
        contradictions(ledger(*(c.model_copy(update={"origin": "one"}) for c in record(a, b).claims))) == ()
    )


def test_facts_exclude_each_other_and_positions_of_two_sides_do_not():
    for name, (a, b, kind) in PAIRS.items():
        (found,) = contradictions(record(a, b))
        assert found.exclusive == (kind == "factual" and found.rule != "not-the-reason"), name


def test_ten_papers_on_one_voice_make_one_pair():
    off = claim("off", "原定12日的会谈已经取消", issues=("talks",), origin="north/talks")
    on = [claim(f"on{k}", "会谈将于12日举行", issues=("talks",), origin="south/talks") for k in range(10)]
    assert len(contradictions(ledger(off, *on))) == 1


def test_every_voice_that_denies_a_fact_is_kept():
    off = claim("off", "原定12日的会谈已经取消", issues=("talks",))
    on = [claim(f"on{k}", "会谈将于12日举行", issues=("talks",)) for k in range(4)]
    assert {c.b for c in contradictions(ledger(off, *on))} == {"on0", "on1", "on2", "on3"}


def test_a_position_is_set_against_its_closest_counterpart():
    found = contradictions(
        record(
            said("north", "demand", "missiles", "导弹射程必须受到限制"),
            said("north", "demand", "missiles", "导弹出口必须停止"),
            said("south", "refusal", "missiles", "导弹射程“不可谈判”"),
            said("south", "refusal", "missiles", "出口导弹是本国内政，不容干涉"),
        )
    )
    assert {(c.a, c.b) for c in found} == {("c0", "c2"), ("c1", "c3")}


# -- how it came out, and what changed ---------------------------------------------------------------------------

ON = said("north", "fact report", "talks", "会谈将于12日举行", about=[date(2024, 3, 12)])
OFF = said("south", "fact report", "talks", "原定12日的会谈已经取消", about=[date(2024, 3, 12)])


@pytest.mark.parametrize(
    ("told", "stood"),
    [
        (said(None, "fact report", "talks", "经斡旋，会谈得以恢复"), "c0"),
        (said(None, "fact report", "talks", "第三轮会谈最终告吹"), "c1"),
        (
            said(
                None, "fact report", "talks", "12日的会谈如期举行", about=[date(2024, 3, 12)], said_on=LATER
            ),
            "c0",
        ),
        (said("host", "fact report", "talks", "the talks have been restored"), "c0"),
        (said("north", "fact report", "talks", "经斡旋，会谈得以恢复"), None),
        (said(None, "fact report", "talks", "19日的会谈得以恢复", about=[date(2024, 3, 19)]), None),
        (said(None, "forecast", "talks", "会谈最终还会恢复"), None),
        (said(None, "fact report", "talks", "经斡旋，会谈得以恢复", said_on=DAY - timedelta(days=3)), None),
    ],
)
def test_a_later_word_of_a_third_voice_settles_what_happened(told: Said, stood: str | None):
    found = {(c.a, c.b): c for c in contradictions(record(ON, OFF, told))}
    pair = found["c0", "c1"]
    assert pair.settled == stood
    assert pair.settled_by == (("c2",) if stood else ())


def test_the_word_of_both_sides_settles_it_too():
    both = [
        said(p, "fact report", "talks", "12日的会谈最终如期举行", about=[date(2024, 3, 12)], said_on=LATER)
        for p in ("north", "south")
    ]
    (first, *_) = contradictions(record(ON, OFF, *both))
    assert (first.a, first.b, first.settled, first.settled_by) == ("c0", "c1", "c0", ("c2", "c3"))


def test_a_side_that_gives_way_settles_a_demand_and_has_shifted():
    demand = said("union", "demand", "wages", "members need 8 percent this year")
    refusal = said("company", "refusal", "wages", "8 percent this year is out of the question")
    offer = said(
        "company", "offer", "wages", "it agreed to pay 8 percent this year", said_on=NEXT, known_on=NEXT
    )
    found = record(demand, refusal, offer)
    (pair,) = contradictions(found)
    assert (pair.a, pair.b, pair.settled, pair.settled_by) == ("c0", "c1", "c0", ("c2",))
    assert shifts(found) == (Shift("company", "c1", "c2", "refused, then agreed"),)


def test_a_change_of_position_over_time_is_a_shift_and_no_contradiction():
    first = said("north", "demand", "withdrawal", "军队必须撤出河东地区")
    then = said("north", "demand", "withdrawal", "军队可以留驻河东地区", said_on=LATER, known_on=LATER)
    found = record(first, then)
    assert contradictions(found) == ()
    assert [(s.before, s.after) for s in shifts(found)] == [("c0", "c1")]
    # Said on one day by two voices it is no shift.
    assert shifts(record(first, said("north", "demand", "withdrawal", "军队可以留驻河东地区"))) == ()


def test_which_was_said_later():
    assert contradictions(record(ON, OFF))[0].later is None
    assert contradictions(record(ON, replace(OFF, given=(*OFF.given, ("said_on", NEXT)))))[0].later == "c1"


# -- what a person says of a pair --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    a: str
    b: str
    kind: ContradictionKind = "factual"
    contradict: bool = True
    settled: str | None = None


def test_a_note_adds_a_pair_that_no_rule_finds():
    found = record(said("north", "fact report", "a", "x y"), said("north", "fact report", "b", "z"))
    (pair,) = contradictions(found, [Note("c1", "c0", settled="c1")])
    assert (pair.a, pair.b, pair.kind, pair.exclusive, pair.settled, pair.rule) == (
        "c1",
        "c0",
        "factual",
        True,
        "c1",
        "note",
    )


def test_a_note_strikes_out_what_a_rule_finds():
    assert len(contradictions(record(ON, OFF))) == 1
    assert contradictions(record(ON, OFF), [Note("c1", "c0", contradict=False)]) == ()


def test_a_note_on_two_origins_is_not_repeated_by_a_rule():
    again = ON
    claims = [
        c.model_copy(update={"origin": o}) for c, o in zip(record(ON, OFF, again).claims, "nsn", strict=True)
    ]
    assert [c.rule for c in contradictions(ledger(*claims), [Note("c0", "c1")])] == ["note"]


def test_a_note_on_claims_that_the_record_lacks_says_nothing():
    assert contradictions(record(ON), [Note("c0", "c9")]) == ()


def test_stances_of_outsiders_count_only_against_a_negotiator():
    a, b, _ = PAIRS["wages"]
    assert len(contradictions(record(a, b), parties=("union", "city"))) == 1
    assert contradictions(record(a, b), parties=("east", "west")) == ()


# -- the example --------------------------------------------------------------------------------------------------


def test_most_of_the_pairs_that_people_found_in_the_example_are_found_by_rule():
    from tests.examples.test_muscat_sources import CONTRADICTIONS, claims

    found = Ledger(sources={}, claims=claims())
    origin = {c.id: c.origin for c in found.claims}
    gold = {frozenset(pair[:2]) for pair in CONTRADICTIONS}
    voices = {frozenset(origin[name] for name in pair) for pair in gold}
    pairs = {frozenset((c.a, c.b)) for c in contradictions(found, parties=("us", "iran"))}
    heard = {frozenset(origin[name] for name in pair) for pair in pairs}
    # People's list has twelve pairs of claims between eleven pairs of voices.
    assert len(heard & voices) >= 0.8 * len(voices)
    assert len(heard & voices) >= 0.8 * len(heard)
    assert len(pairs & gold) >= 0.6 * len(pairs)
