"""What every result shares: probabilities with their verdicts, the sentences made of them, tables, JSON, frames."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.examples import open_case
from zopa.case.quantities import Basis
from zopa.charts.chart import Chart
from zopa.charts.style import base
from zopa.result import (
    BANDS,
    Chance,
    Result,
    Share,
    Table,
    band,
    by_reading,
    cell,
    chance,
    chance_of,
    chance_words,
    ends,
    flat,
    footing,
    headline,
    jsonable,
    percent,
    rests_on,
    share_of,
    three_ways,
    verdict,
)
from zopa.result import given as given_

N = 1000
OPEN = Chance(0.62, 0.41, 0.78, 0.31, 0.52, 0.2, -0.1, 0.4, 0.01, "open", 0.55, 0.66)


# -- numbers in print ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (1e-6, "<5"),
        (0.024, "<5"),
        (0.025, "5"),
        (0.074, "5"),
        (0.075, "10"),
        (0.5, "50"),
        (0.6, "60"),
        (0.625, "65"),
        (0.974, "95"),
        (0.975, ">95"),
        (0.9999, ">95"),
        (1.0, "100"),
    ],
)
def test_probabilities_print_to_five_points(value: float, shown: str):
    assert percent(value) == shown


@given(value=st.floats(0.0, 1.0))
def test_what_is_neither_nothing_nor_everything_never_prints_so(value: float):
    shown = percent(value)
    assert (shown == "0") == (value == 0.0)
    assert (shown == "100") == (value == 1.0)
    if shown.isdigit():
        assert abs(int(shown) - 100 * value) <= 2.5 + 1e-6


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.55, 0.8, "55–80"),
        (0.56, 0.79, "55–80"),
        (0.396, 0.396, "35–40"),
        (0.4, 0.4, "40"),
        (0.0, 0.02, "0–5"),
        (1.0, 1.0, "100"),
        (0.6 - 1e-12, 0.6 + 1e-12, "60"),
    ],
)
def test_ranges_print_outwards(low: float, high: float, shown: str):
    assert ends(low, high) == shown


@given(low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0))
def test_a_printed_range_is_never_narrower(low: float, high: float):
    low, high = sorted((low, high))
    first, _, last = ends(low, high).partition("–")
    assert int(first) <= 100 * low + 1e-6
    assert int(last or first) >= 100 * high - 1e-6
    assert int(last or first) - int(first) < 100 * (high - low) + 10


def test_words_of_probability_are_those_of_icd_203():
    """Intelligence Community Directive 203 (2015), table of expressions of likelihood."""
    assert [band(v) for v in (0.01, 0.05, 0.19, 0.2, 0.45, 0.55, 0.79, 0.8, 0.95, 1.0)] == [
        "almost-no-chance",
        "very-unlikely",
        "very-unlikely",
        "unlikely",
        "even",
        "likely",
        "likely",
        "very-likely",
        "almost-certain",
        "almost-certain",
    ]
    assert len({name for _, name in BANDS}) == 7


def test_word_and_range_stand_together():
    assert chance_words(OPEN, "en") == "likely (40–80 %)"
    assert chance_words(OPEN, "zh") == "可能（40–80%）"
    assert cell(OPEN) == "60% (40–80)"
    assert cell(Share(1.0, 1.0, 1.0, 0.3)) == "100% (100)"


# -- verdicts --------------------------------------------------------------------------------------------------------


def ways(n: int = N) -> dict[Evidence, Draws]:
    return three_ways(tables.debated(), n, 0)


def says(full: np.ndarray, cited: np.ndarray, none: np.ndarray) -> str:
    return verdict({"all": full, "cited": cited, "none": none}, ways())


def coin(share: float, n: int = N, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(n) < share


def test_silent_where_no_claim_changes_a_draw():
    same = coin(0.4)
    assert says(coin(0.9).astype(float), same.astype(float), same.astype(float)) == "silent"


def test_shown_where_record_and_case_both_differ_from_ignorance():
    none = coin(0.3)
    up = (none | coin(0.4, seed=1)).astype(float)
    assert says(up, up, none.astype(float)) == "shows"
    down = (none & coin(0.2, seed=1)).astype(float)
    assert says(down, down, none.astype(float)) == "shows"


def test_open_where_assumptions_outweigh_the_record_or_it_shows_too_little():
    none = coin(0.5).astype(float)
    up = np.maximum(none, coin(0.5, seed=1))
    down = np.minimum(none, coin(0.5, seed=2))
    assert says(down, up, none) == "open"
    assert says(none, up, none) == "open"
    hardly = np.maximum(none, coin(0.02, seed=3))
    assert says(hardly, hardly, none) == "open"


def test_chance_and_share_of_the_same_draws():
    hits = {"all": coin(0.6), "cited": coin(0.5, seed=1), "none": coin(0.3, seed=2)}
    one, other = chance_of(hits, ways()), share_of(hits, ways())
    assert one.value == other.value == pytest.approx(hits["all"].mean())
    assert one.zero == other.zero == pytest.approx(hits["none"].mean())
    assert one.cited == pytest.approx(hits["cited"].mean())
    assert one.gain == pytest.approx(one.cited - one.zero)
    assert (one.low, one.high) == (other.low, other.high)
    assert one.gain_low <= one.gain <= one.gain_high
    assert one.error == pytest.approx((0.6 * 0.4 / N) ** 0.5, rel=0.3)


def test_an_event_is_asked_of_every_way_to_draw():
    ways = three_ways(tables.debated(), 60, 5)
    assert {e: d.evidence for e, d in ways.items()} == {"all": "all", "cited": "cited", "none": "none"}
    assert {d.seed for d in ways.values()} == {5}
    seen = chance(ways, lambda d: d.table.reserve[:, 0] > 0.5)
    assert seen.value == pytest.approx((ways["all"].table.reserve[:, 0] > 0.5).mean())
    assert seen.zero == pytest.approx((ways["none"].table.reserve[:, 0] > 0.5).mean())


# -- footing ---------------------------------------------------------------------------------------------------------


def test_footing_counts_numbers_claims_and_origins():
    found = tables.debated()
    # Weight, value between and walk-away value of the left side: two on claims of two origins, the rest assumed.
    left = footing(found, ["preferences.left"])
    assert left.claims == ("c0", "c1")
    assert left.origins == 2
    assert left.inputs == 4
    assert left.assumed == pytest.approx(1 / 4)


def test_footing_counts_what_is_left_open_as_assumed():
    file = tables.debate()
    file["preferences"]["left"]["land"]["weight"] = "unknown"
    assert footing(case(file, *tables.record()), ["preferences.left"]).assumed == pytest.approx(2 / 4)


def test_footing_takes_entries_that_are_no_estimates():
    found = tables.debated()
    entries = [Basis(assumed=True), Basis(found.file.red_lines[0].because)]
    rests = footing(found, ["preferences.left.no_deal"], entries=entries)
    assert rests.claims == ("c1", "c4")
    assert (rests.inputs, rests.assumed) == (3, pytest.approx(1 / 3))
    assert footing(found, ["no.such.section"]).assumed == 1.0


def test_claims_that_are_gone_are_no_footing():
    gone = footing(tables.debated().without(["c0"]), ["preferences.left"])
    assert gone.claims == ("c1",)
    assert gone.assumed == pytest.approx(3 / 4)


def test_two_claims_of_one_origin_count_once():
    both = case(
        {
            **tables.linkage(),
            "red_lines": [
                {
                    "party": "left",
                    "issue": "x",
                    "rejects": ["yes"],
                    "firm": 0.5,
                    "cost": 0.1,
                    "because": ["a", "b"],
                }
            ],
        },
        record=ledger(claim("a", origin="minister"), claim("b", origin="minister")),
    )
    rests = footing(both, ["red_lines"])
    assert (rests.claims, rests.origins) == (("a", "b"), 1)
    assert rests_on(rests, "en") == "rests on 2 claims of 1 origin; 0 % of the inputs are assumed"
    assert rests_on(rests, "zh") == "依据1个信源的2条主张，0%的输入为假设"


# -- sentences -------------------------------------------------------------------------------------------------------

WHAT = {"en": "a package suits every side", "zh": "存在各方都能接受的方案"}
CONDITIONS = {"en": ["the weights", "the values"], "zh": ["权重", "价值"]}


@pytest.mark.parametrize(
    ("says", "lang", "told"),
    [
        (
            "shows",
            "en",
            "The record shows how likely it is that a package suits every side: likely (40–80 %) if the weights and the "
            "values hold; rests on 2 claims of 2 origins; 25 % of the inputs are assumed. With every assumption set "
            "aside it is 50 %, without any evidence 30 %.",
        ),
        (
            "open",
            "en",
            "The record does not settle whether a package suits every side. As the case stands: likely (40–80 %) if the "
            "weights and the values hold; rests on 2 claims of 2 origins; 25 % of the inputs are assumed. With every "
            "assumption set aside it is 50 %, without any evidence 30 %.",
        ),
        (
            "silent",
            "en",
            "The record cannot say whether a package suits every side: no accepted claim bears on it. Under the case's "
            "assumptions alone: likely (40–80 %) if the weights and the values hold; rests on 2 claims of 2 origins; "
            "25 % of the inputs are assumed. Without them it is 30 %.",
        ),
        (
            "shows",
            "zh",
            "记录表明存在各方都能接受的方案的可能性：可能（40–80%），前提是权重与价值成立；依据2个信源的2条主张，25%的输入为假设。"
            "去掉全部假设为50%，不计任何证据为30%。",
        ),
        (
            "open",
            "zh",
            "记录不足以判定是否存在各方都能接受的方案。按本案现有设定：可能（40–80%），前提是权重与价值成立；依据2个信源的2条主张，"
            "25%的输入为假设。去掉全部假设为50%，不计任何证据为30%。",
        ),
        (
            "silent",
            "zh",
            "记录无从回答是否存在各方都能接受的方案：没有任何已采纳的主张与之相关。仅按本案假设：可能（40–80%），前提是权重与价值成立；"
            "依据2个信源的2条主张，25%的输入为假设。去掉假设为30%。",
        ),
    ],
)
def test_a_headline_has_the_designed_form(says: Any, lang: Any, told: str):
    rests = footing(tables.debated(), ["preferences.left"])
    value = replace(OPEN, verdict=says)
    assert headline(value, WHAT[lang], lang, conditions=CONDITIONS[lang], rests=rests) == told


def test_a_headline_without_conditions_or_footing_says_less():
    assert headline(OPEN, WHAT["en"], "en") == (
        "The record does not settle whether a package suits every side. As the case stands: likely (40–80 %). "
        "With every assumption set aside it is 50 %, without any evidence 30 %."
    )


# -- tables and results ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A row with every kind of field."""

    name: str
    chance: Chance
    by_party: Mapping[str, float]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Toy(Result):
    """A result made by hand."""

    found: tuple[Row, ...] = (Row("one", OPEN, {"left": 0.5}, ("c0",)),)

    def rows(self) -> tuple[Row, ...]:
        return self.found

    def headline(self, lang: Any = "en") -> str:
        return "1 < 2 & more"

    def table(self, lang: Any = "en") -> Table:
        return Table(
            "rows", ("name",), tuple((r.name,) for r in self.found), tuple(r.because for r in self.found)
        )

    def plot(self, lang: Any = "en") -> Chart:
        spec = {**base(100, 40), "data": {"values": [{"x": 1}]}, "mark": "point"}
        return Chart(
            {**spec, "encoding": {"x": {"field": "x", "type": "quantitative"}}}, "title", "what is seen"
        )


def toy(found: Case | None = None) -> Toy:
    return Toy(
        case=found or tables.debated(), method="by hand", parameters={"draws": 7, "ends": (0.0, math.nan)}
    )


def test_a_table_needs_a_cell_a_column_and_claims_a_row():
    Table("t", ("a", "b"), (("1", "2"),), (("c0",),))
    with pytest.raises(ValueError, match="every row needs one cell a column"):
        Table("t", ("a", "b"), (("1",),), (("c0",),))
    with pytest.raises(ValueError, match="and its claims"):
        Table("t", ("a",), (("1",),), ())


def test_a_result_has_one_name_one_main_table_and_no_notes_of_its_own():
    assert toy().name == "toy"
    assert toy().tables("zh") == (toy().table("zh"),)
    assert toy().notes() == ()


def test_repr_is_the_headline():
    assert repr(toy()) == "Toy(A made-up case, 10 Mar 2024: 1 < 2 & more)"
    html = toy().show("en")._repr_html_()
    assert html.startswith(
        '<div class="zopa-toy" lang="en"><p><strong>1 &lt; 2 &amp; more</strong></p><p><img src="data:'
    )
    assert "<table" in html


def test_json_has_the_one_shape():
    out = json.loads(json.dumps(toy().to_json()))
    assert list(out) == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    assert out["parameters"] == {"draws": 7, "ends": [0.0, None]}
    assert out["rows"][0]["chance"]["verdict"] == "open"
    assert out["rows"][0]["because"] == ["c0"]


def test_plain_types_only():
    assert jsonable(
        {
            1: np.float64(0.5),
            "days": [date(2026, 2, 5)],
            "array": np.arange(3),
            "flag": np.bool_(True),
            "none": math.inf,
            "row": Share(0.1, 0.0, 0.2, 0.3),
            "set": frozenset(["a"]),
        }
    ) == {
        "1": 0.5,
        "days": ["2026-02-05"],
        "array": [0, 1, 2],
        "flag": True,
        "none": None,
        "row": {"value": 0.1, "low": 0.0, "high": 0.2, "zero": 0.3},
        "set": ["a"],
    }


def test_a_flat_row_has_one_level():
    row = flat(toy().rows()[0])
    assert row["chance.low"] == OPEN.low
    assert row["by_party.left"] == 0.5
    assert row["because"] == '["c0"]'


def test_frames_are_tidy():
    pytest.importorskip("pandas", reason="frames are an extra")
    frame = toy().to_frame()
    assert list(frame["chance.value"]) == [OPEN.value]


def test_one_origin_removed_is_the_record_without_its_claims():
    muscat = open_case("muscat-2026")
    without = muscat.without([c.id for c in muscat.ledger.origins["us/enrichment"]])
    path = "preferences.us.enrichment.weight"

    def stands(draws: Draws) -> NDArray[np.bool_]:
        return draws.stated(path)[1]

    found = chance(three_ways(muscat, 4000, 0), stands)
    gone = chance(three_ways(without, 4000, 0), stands)
    # The weight cites this origin alone: without it, it stands only where a reading sets it.
    assert found.lowest == pytest.approx(gone.value, abs=0.02)
    assert found.lowest < found.low
    assert found.highest == pytest.approx(found.value, abs=0.02)


def test_with_no_evidence_no_origin_matters():
    ways = three_ways(open_case("england-zimbabwe"), 500, 0)
    found = chance(ways, lambda draws: draws.table.reserve[:, 0] < 0.5)
    assert found.lowest == found.value == found.highest


ASKING = zopa.ANALYSES


@pytest.fixture(scope="module")
def muscat() -> Case:
    return open_case("muscat-2026")


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize(
    ("wrong", "options", "error", "words"),
    [
        ("muscat-2026", {}, TypeError, "case must be a Case, not 'muscat-2026': open it with zopa.open_case"),
        (None, {}, TypeError, "case must be a Case, not None: see zopa.open_case"),
        ("open", {"draws": "9"}, TypeError, "draws must be a whole number, not '9'"),
        ("open", {"draws": True}, TypeError, "draws must be a whole number, not True"),
        ("open", {"draws": 0}, ValueError, "draws must be at least 1, not 0"),
        ("open", {"seed": 1.5}, TypeError, "seed must be a whole number, not 1.5"),
    ],
)
def test_wrong_arguments_are_named(
    muscat: Case, name: str, wrong: object, options: dict[str, Any], error: type, words: str
):
    """The analysis, the argument and its value, whatever is asked for."""
    asked_of = muscat if wrong == "open" else wrong
    with pytest.raises(error, match=f"^{name}: {re.escape(words)}"):
        getattr(zopa, name)(asked_of, **options)


def test_a_share_of_some_draws_has_the_range_of_the_ratio(muscat: Case):
    """As for the share of a reading's draws; where the condition never holds, of all draws."""
    drawn = muscat.draws(2000)
    where = drawn.reading("us") == 0
    hits = drawn.uniforms("coin") < 0.5
    series = given_(hits, where)
    assert series.mean() == pytest.approx(hits[where].mean())
    shown = next(s for s in by_reading(hits, drawn) if s.party == "us")
    spread = drawn.interval(series)
    assert (spread.low, spread.high) == pytest.approx((shown.low, shown.high))
    assert given_(hits, np.zeros_like(where)) == pytest.approx(hits.astype(float))
