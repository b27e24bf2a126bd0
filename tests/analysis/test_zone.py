"""The zone: shares of draws against every package written out, its two lines, and what it says of them."""

import json
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from tests.known import england_zimbabwe as known
from zopa.analysis.zone import SHOWN, Zone
from zopa.case.bargaining import bargaining
from zopa.case.case import Case
from zopa.charts.chances import COLUMNS, chance_rows, even_lines
from zopa.charts.chart import Chart
from zopa.errors import IncompleteCaseError, width
from zopa.result import Chance, Share

N = 100


def chances(zone: Zone) -> list[Chance | Share]:
    return [c for row in zone.rows() for c in (row.chance, *row.accepted.values())]


# -- against the definitions -----------------------------------------------------------------------------------------


@given(file=tables.negotiations())
@settings(max_examples=40)
def test_shares_are_those_of_the_definitions(file: dict[str, Any]):
    found = case(file)
    fits = tables.accepted(found, found.draws(N))
    joint = {package: hits.all(axis=1) for package, hits in fits.items()}
    zone = zopa.zone(found, draws=N)
    assert zone.exists.value == pytest.approx(np.any(list(joint.values()), axis=0).mean())
    best = max(hits.mean() for hits in joint.values())
    equal = [package for package, hits in joint.items() if hits.mean() == best]
    assert zone.best.chance.value == pytest.approx(best)
    assert zone.best.ties == len(equal)
    assert zone.best.options in equal
    assert tables.moved(found, zone.best.options) == min(tables.moved(found, p) for p in equal)
    ranked = sorted((hits.mean() for hits in joint.values()), reverse=True)
    others = [row.chance.value for row in zone.rows()[2:]]
    assert others == sorted(others, reverse=True)
    # Packages that suit everybody in no draw are not listed.
    listed = [share for share in ranked[:SHOWN] if share > 0]
    assert sorted([best, *others], reverse=True)[: max(1, len(listed))] == pytest.approx(listed or [0.0])
    assert all(others)
    for row in zone.rows()[1:]:
        assert row.chance.value == pytest.approx(joint[row.options].mean())
        for p, party in enumerate(found.negotiators):
            assert row.accepted[party].value == pytest.approx(fits[row.options][:, p].mean())


@given(file=tables.negotiations(links=False))
@settings(max_examples=15)
def test_the_zero_line_is_the_case_without_evidence(file: dict[str, Any]):
    found = case(file)
    fits = tables.accepted(found, found.draws(N, evidence="none"))
    joint = [hits.all(axis=1) for hits in fits.values()]
    zone = zopa.zone(found, draws=N)
    assert zone.exists.zero == pytest.approx(np.any(joint, axis=0).mean())
    # At total ignorance the best package is the best one of total ignorance.
    assert zone.best.chance.zero == pytest.approx(max(hits.mean() for hits in joint))


def test_linkage_creates_a_zone():
    """Neither issue alone suits both, both together do (tests/known/bargaining.py, LINKAGE)."""
    zone = zopa.zone(case(tables.linkage(no_deal=0.4)), draws=50)
    assert zone.exists.value == 1.0
    assert zone.best.package == {"x": "yes", "y": "yes"}
    assert zone.best.ties == 1
    assert zone.best.accepted["left"].value == zone.best.accepted["right"].value == 1.0


def test_england_and_zimbabwe_refuse_nothing():
    zone = zopa.zone(zopa.open_case("england-zimbabwe"), draws=50)
    assert zone.exists.value == 1.0
    assert zone.parameters["packages"] == known.PACKAGES
    # Everything beats a walk-away value of 0, so that every package ties, and the status quo moves least.
    assert zone.best.ties == known.PACKAGES
    assert tables.moved(zone.case, zone.best.options) == 0


def test_where_nothing_suits_everybody_it_says_so():
    nothing = tables.linkage(no_deal=0.9)
    zone = zopa.zone(case(nothing), draws=50)
    assert zone.exists.value == zone.best.chance.value == 0.0
    assert "No single package suits all sides in any draw" in zone.headline("en")
    assert "没有任何单一方案" in zone.headline("zh")
    assert zone.table("en").rows[0][1] == "0% (0)"


# -- draws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [50, 51, 77, 125])
def test_any_number_of_draws_from_two_groups_on(draws: int):
    zone = zopa.zone(tables.debated(), draws=draws)
    assert zone.parameters["draws"] == draws
    assert (zone.exists.value * draws) == pytest.approx(round(zone.exists.value * draws))


def test_a_single_draw_has_no_interval():
    with pytest.raises(ValueError, match="draws is 1, but an interval needs at least 50"):
        zopa.zone(tables.debated(), draws=1)


def test_a_seed_is_a_seed():
    first, again, other = (zopa.zone(tables.debated(), draws=N, seed=s).to_json() for s in (0, 0, 1))
    assert first == again
    assert first["rows"] != other["rows"]
    assert first["seed"] == 0
    assert zopa.zone(tables.debated(), draws=N).to_json() == first


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch):
    answers = []
    for count in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        answers.append(zopa.zone(tables.debated(), draws=400).to_json())
    assert answers[0] == answers[1]


# -- evidence --------------------------------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    zone = zopa.zone(tables.debated(claims=[]), draws=N)
    assert {row.chance.verdict for row in zone.rows()} == {"silent"}
    assert zone.footing.claims == ()
    assert zone.headline("en").startswith("The record cannot say whether some package suits every side")
    assert "rests on no claim; all of its inputs are assumed" in zone.headline("en")
    assert zone.headline("zh").startswith("记录无从回答是否存在各方都能接受的方案")


def test_claims_that_bear_on_nothing_leave_the_record_silent():
    file = tables.debate()
    for side in file["preferences"].values():
        for entry in side.values():
            entry.pop("because", None)
            entry["assumed"] = True
    file["red_lines"], file["agendas"] = [], {}
    zone = zopa.zone(case(file, *tables.record()), draws=N)
    assert {row.chance.verdict for row in zone.rows()} == {"silent"}


def certified() -> Case:
    """The debate with one walk-away value that a confirmed claim of a reliable source states, all else open."""
    file = tables.debate(red_lines=[], agendas={})
    for side, other in (("left", "all"), ("right", "none")):
        file["preferences"][side] = {
            "land": tables.preference("unknown", other, "none" if other == "all" else "all"),
            "water": tables.preference("unknown", "new", "old"),
        }
    cited = [{"claim": "c0", "bearing": 0.95}]
    file["preferences"]["left"]["no_deal"] = {"value": "0.9 to 0.95", "because": cited}
    return case(file, record=ledger(claim("c0", credibility=1), c0="A"))


def test_the_record_shows_what_differs_from_ignorance():
    shown = zopa.zone(certified(), draws=1000)
    assert shown.exists.verdict == "shows"
    assert shown.exists.gain_high < 0
    assert shown.headline("en").startswith(
        "The record shows how likely it is that some package suits every side: "
    )
    assert shown.headline("zh").startswith("记录表明存在各方都能接受的方案的可能性：")
    for row in zopa.zone(tables.debated(), draws=1000).rows():
        if row.chance.verdict == "shows":
            assert row.chance.gain_low > 0 or row.chance.gain_high < 0


def test_with_all_evidence_off_the_case_is_the_zero_line():
    found = tables.debated()
    zone = zopa.zone(found, draws=N)
    none = bargaining(found.draws(N, evidence="none"))
    silenced = found.without(found.ledger.by_id)
    bare = {**tables.debate(), "preferences": unassumed(tables.debate()["preferences"])}
    bare["red_lines"] = [dict(line, because=["c0"]) for line in bare["red_lines"]]
    alone = replace(silenced, file=case(bare, *tables.record()).file)
    assert bargaining(alone.draws(N)).same_as(none)
    again = zopa.zone(alone, draws=N)
    assert again.exists.value == again.exists.zero == zone.exists.zero
    assert again.best.chance.value == zone.best.chance.zero


def unassumed(preferences: dict[str, Any]) -> dict[str, Any]:
    """Every assumed entry cites a claim instead."""
    return {
        side: {
            key: {
                **{k: v for k, v in entry.items() if k != "assumed"},
                "because": entry.get("because", ["c0"]),
            }
            for key, entry in issues.items()
        }
        for side, issues in preferences.items()
    }


def test_deleting_a_citation_never_narrows():
    """Draws that are as at total ignorance stay so, whatever citation goes; and the answer goes towards the zero line."""
    file = tables.debate(red_lines=[], agendas={})
    file["preferences"]["left"]["no_deal"] = {"value": "0.9 to 0.95", "because": ["c0", "c1", "c2"]}
    blank = tables.preference("unknown", "all", "none")
    file["preferences"]["left"] |= {"land": blank, "water": tables.preference("unknown", "new", "old")}
    file["preferences"]["right"] = {
        "land": tables.preference("unknown", "none", "all"),
        "water": tables.preference("unknown", "old", "new"),
    }
    kept, distance = [], []
    for cited in (["c0", "c1", "c2"], ["c0", "c2"], ["c2"]):
        file["preferences"]["left"]["no_deal"]["because"] = cited
        found = case(file, *tables.record())
        drawn, none = (bargaining(found.draws(400, evidence=e)) for e in ("all", "none"))
        kept.append((drawn.reserve == none.reserve).all(axis=1))
        chance = zopa.zone(found, draws=400).exists
        distance.append(abs(chance.value - chance.zero))
    assert (kept[0] <= kept[1]).all()
    assert (kept[1] <= kept[2]).all()
    assert kept[0].sum() < kept[2].sum()
    assert distance[0] >= distance[1] >= distance[2]
    # Without its last citation the number is at ignorance: the zero line itself.
    gone = case(file, *tables.record()).without(["c2"])
    chance = zopa.zone(gone, draws=400).exists
    assert chance.value == chance.zero


# -- symmetry --------------------------------------------------------------------------------------------------------


def named(left: tuple[str, str], right: tuple[str, str]) -> dict[str, Any]:
    return {"left": tables.party(*left), "right": tables.party(*right)}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_swapping_the_names_mirrors_every_sentence(lang: str):
    one = zopa.zone(tables.debated(parties=named(("North", "北方"), ("South", "南方"))), draws=N)
    two = zopa.zone(tables.debated(parties=named(("South", "南方"), ("North", "北方"))), draws=N)
    assert one.rows() == two.rows()
    swap = str.maketrans({"北": "南", "南": "北"})

    def mirrored(text: str) -> str:
        return text.replace("North", "*").replace("South", "North").replace("*", "South").translate(swap)

    told = [*one.table(lang).columns, *one.notes(lang), one.headline(lang), *sum(one.table(lang).rows, ())]
    other = [*two.table(lang).columns, *two.notes(lang), two.headline(lang), *sum(two.table(lang).rows, ())]
    assert [mirrored(text) for text in told] == other


def test_the_order_of_the_parties_changes_no_number():
    parties = named(("Left", "左方"), ("Right", "右方"))
    one = zopa.zone(tables.debated(parties=parties), draws=N)
    two = zopa.zone(tables.debated(parties=dict(reversed(parties.items()))), draws=N)
    assert one.rows() == two.rows()
    assert one.headline("en") == two.headline("en")
    assert [c for row in one.table().rows for c in sorted(row)] == [
        c for row in two.table().rows for c in sorted(row)
    ]


def test_swapping_the_sides_mirrors_every_number_of_a_certain_case():
    file = tables.linkage(no_deal=0.35)
    file["preferences"]["left"]["no_deal"]["value"] = 0.7
    mirrored = {
        **file,
        "preferences": {a: file["preferences"][b] for a, b in (("left", "right"), ("right", "left"))},
    }
    one, two = (zopa.zone(case(f), draws=50) for f in (file, mirrored))
    for a, b in zip(one.rows(), two.rows(), strict=True):
        assert a.chance.value == b.chance.value
        assert a.package == b.package
        assert [s.value for s in a.accepted.values()] == [s.value for s in reversed(b.accepted.values())]


# -- what it is shown as ---------------------------------------------------------------------------------------------


def three() -> Case:
    sides = {name: tables.party(name.capitalize(), f"{name}方") for name in ("left", "right", "third")}
    file = tables.debate(parties=sides)
    file["preferences"]["third"] = {
        "land": tables.preference("10 to 20", "some", "none"),
        "water": tables.preference("10 to 30", "shared", "old"),
        "no_deal": {"value": "0.1 to 0.6", "assumed": True},
    }
    return case(file, *tables.record())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("made", [tables.debated, three])
def test_table_and_chart_hold_every_row(made: Any, lang: str):
    zone = zopa.zone(made(), draws=N)
    table = zone.table(lang)
    assert len(table.rows) == len(zone.rows())
    assert len(table.columns) == 5 + len(zone.case.negotiators)
    chart = zone.plot(lang)
    values = chart.spec["data"]["values"]
    assert [v["value"] for v in values] == [row.chance.value for row in zone.rows()]
    assert len({v["label"] for v in values}) == len(values)
    assert chart.missing == ()
    svg = chart.to_svg()
    for word in ("0%", "100%", *(("suits every side",) if lang == "en" else ("存在各方都能接受的方案",))):
        assert word in svg


def test_every_row_has_its_claims_and_its_interval():
    zone = zopa.zone(tables.debated(), draws=N)
    for row in zone.rows():
        assert set(row.because) == {"c0", "c1", "c2", "c3", "c4"}
    for chance in chances(zone):
        assert 0.0 <= chance.low <= chance.high <= 1.0
        assert 0.0 <= chance.zero <= 1.0


def test_lesser_packages_are_told_by_what_sets_them_apart():
    zone = zopa.zone(tables.debated(), draws=N)
    names = [cells[0] for cells in zone.table("en").rows]
    assert names[0] == "Some package suits every side"
    assert names[1].startswith("Best single package — ")
    best = zone.best.package
    assert best is not None
    for row, name in zip(zone.rows()[2:], names[2:], strict=True):
        assert row.package is not None
        differing = [key for key in best if row.package[key] != best[key]]
        assert name == "As the best, but " + "; ".join(
            f"{k.capitalize()}: {row.package[k]} {k}" for k in differing
        )


def test_json_shape():
    zone = zopa.zone(tables.debated(), draws=N, seed=3)
    out = json.loads(json.dumps(zone.to_json()))
    assert out["ok"] is True
    assert out["command"] == "zone"
    assert out["seed"] == 3
    assert out["parameters"] == {
        "draws": N,
        "after_moves": False,
        "lotteries": False,
        "packages": 9,
        "parties": ["left", "right"],
    }
    first, best, *_ = out["rows"]
    assert first["measure"] == "exists"
    assert first["package"] is None
    assert set(first["chance"]) == {
        "value",
        "low",
        "high",
        "zero",
        "cited",
        "gain",
        "gain_low",
        "gain_high",
        "lowest",
        "highest",
        "error",
        "verdict",
    }
    assert set(best["package"]) == {"land", "water"}
    assert set(best["accepted"]["left"]) == {"value", "low", "high", "zero"}


def test_a_package_asked_for_stands_beside_the_best():
    found = tables.debated()
    zone = zopa.zone(found, draws=N, packages=[{}, {"land": "all"}])
    fits = tables.accepted(found, found.draws(N))
    by = {row.options: row for row in zone.rows()}
    assert by[0, 0].package == {"land": "none", "water": "old"}
    for options in ((0, 0), (2, 0)):
        assert by[options].chance.value == pytest.approx(fits[options].all(axis=1).mean())
    for wrong in ({"land": "half"}, {"sea": "all"}):
        with pytest.raises(ValueError, match="which is no option of the case"):
            zopa.zone(found, draws=N, packages=[wrong])


# -- lotteries and readings ------------------------------------------------------------------------------------------


def test_lotteries_are_a_named_mode():
    """Two sides that each want all of it: no package does, a coin does where neither asks for more than half."""
    wants = {"left": ("all", "none"), "right": ("none", "all")}
    sides = {
        side: {"land": tables.preference(1, *ends), "no_deal": {"value": 0.45, "assumed": True}}
        for side, ends in wants.items()
    }
    found = case({"issues": {"land": tables.issue("land", "none", "all")}, "preferences": sides})
    plain, mixed = zopa.zone(found, draws=N), zopa.zone(found, draws=N, lotteries=True)
    assert [row.measure for row in plain.rows()].count("lottery") == 0
    assert mixed.exists == plain.exists
    assert mixed.exists.value == 0.0
    assert mixed.best.chance.value == plain.best.chance.value
    (lottery,) = [row for row in mixed.rows() if row.measure == "lottery"]
    assert lottery.chance.value == 1.0
    assert mixed.parameters["lotteries"] is True
    for lang in ("en", "zh"):
        assert len(mixed.notes(lang)) == len(plain.notes(lang)) + 1
        assert len(mixed.table(lang).rows) == len(plain.table(lang).rows) + 1
        assert mixed.plot(lang).missing == ()


@given(file=tables.negotiations())
@settings(max_examples=10)
def test_a_lottery_never_suits_less_often(file: dict[str, Any]):
    zone = zopa.zone(case(file), draws=N, lotteries=True)
    (lottery,) = [row for row in zone.rows() if row.measure == "lottery"]
    assert lottery.chance.value >= zone.exists.value
    assert lottery.chance.zero >= zone.exists.zero


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_readings_average_to_the_whole(lang: str):
    zone = zopa.zone(zopa.open_case("muscat-2026"), draws=1000)
    assert set(zone.readings) == {"exists", "best"}
    for key, whole in (("exists", zone.exists), ("best", zone.best.chance)):
        for party in zone.case.negotiators:
            shares = [s for s in zone.readings[key] if s.party == party]
            assert sum(s.weight * s.value for s in shares) == pytest.approx(whole.value)
    captions = [table.caption for table in zone.tables(lang)]
    assert len(captions) == len(set(captions)) == 6
    rows = [row for row in zone.to_json()["rows"] if row["measure"] == "reading"]
    assert {row["of"] for row in rows} == {"exists", "best"}


def test_after_the_moves_it_says_how_much_is_left():
    found = zopa.open_case("muscat-2026")
    before, after = (zopa.zone(found, draws=1000, after_moves=on) for on in (False, True))
    assert before.effective == 1000.0
    assert after.effective < 1000.0
    assert len(after.notes("en")) == len(before.notes("en")) + 1
    assert f"{round(after.effective)} draws" in after.notes("en")[-1]


@pytest.mark.parametrize(
    ("missing", "code"),
    [("issues", "needs-issues"), ("preferences", "needs-preference"), ("parties", "needs-negotiators")],
)
def test_a_missing_section_is_named(missing: str, code: str):
    empty: Any = {"left": tables.party("Left", "左方", "host")} if missing == "parties" else {}
    lacking = {"red_lines": [], "agendas": {}, missing: empty}
    if missing == "issues":
        lacking["preferences"] = {}
    with pytest.raises(IncompleteCaseError) as caught:
        zopa.zone(tables.debated(**lacking), draws=N)
    (told,) = caught.value.problems
    assert told.code == code
    assert missing in f"{told.message('en')} {told.hint('en')}"


def test_the_best_package_is_hardly_flattered_by_being_picked_on_its_own_draws():
    """Picked on one set of draws, counted on another: the share falls by no more than the noise of both."""
    found = zopa.open_case("muscat-2026")
    best = zopa.zone(found, draws=1000).best
    other = found.draws(1000, seed=1)
    fresh = tables.accepted(found, other)[best.options].all(axis=1).mean()
    assert best.chance.value - fresh < 4 * np.hypot(best.chance.error, best.chance.error)


def test_labels_break_into_even_lines():
    """As few lines as fit, and no last line of a single character."""
    for text in (
        "铀浓缩、重建核计划、对地区伙伴的支持和对伊制裁裁",
        "As the best, but Sanctions on Iran: lifted step by step at once",
    ):
        lines = even_lines(text).split("\n")
        assert len(lines) == 2
        widths = [width(line) for line in lines]
        assert max(widths) <= COLUMNS
        assert min(widths) > COLUMNS / 3
    assert even_lines("short") == "short"


def test_rows_of_one_name_stay_two_rows():
    chance = Chance(0.5, 0.4, 0.6, 0.3, 0.4, 0.1, 0.0, 0.2, 0.01, "open", 0.45, 0.55)
    spec = chance_rows(["same", "same"], [chance, chance], axis="share")
    assert len({v["label"] for v in spec["data"]["values"]}) == 2
    svg = Chart(spec, "two", "two rows").to_svg()
    assert svg.count(">same<") == 2
