"""The base rate: coherent, tied to claims, silent without them, and what it must always say."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

import zopa
from tests.claims.cases import case
from tests.claims.made import claim
from tests.shared import shared_data
from zopa.case.case import Case
from zopa.case.crisis import Crisis
from zopa.forecasting._base_cells import Engine, Standing
from zopa.forecasting._base_rows import nearest
from zopa.forecasting._case_columns import Known, course, known_columns
from zopa.forecasting.baserate import Baserate, baserate
from zopa.forecasting.history import read_history
from zopa.forecasting.shipped import build, shipped, tables_of

DRAWS = 600
PARTIES = {
    "left": {"name": {"en": "Left", "zh": "左方"}, "role": "negotiator", "territory": "IL", "because": ["a"]},
    "right": {
        "name": {"en": "Right", "zh": "右方"},
        "role": "negotiator",
        "territory": "SY",
        "because": ["b"],
    },
}
EPISODES = [
    {"id": f"e{k}", "name": {"en": "an episode", "zh": "事件"}, "month": "2019", "because": ["c"]}
    for k in range(2)
]


def made(**more: Any) -> Case:
    claims = [claim(name, f"said {name}") for name in ("a", "b", "c")]
    return case({"parties": PARTIES, "history": EPISODES, **more}, *claims)


@pytest.fixture(scope="module")
def muscat() -> Baserate:
    return baserate(zopa.open_case("muscat-2026"), draws=DRAWS)


def test_the_cells_are_one_vote_and_every_question_a_sum_of_them(muscat: Baserate):
    assert muscat.cells.shape == (9,) and muscat.cells.sum() == pytest.approx(1) and muscat.cells.min() > 0
    assert muscat.outer.shape[1] == 9 and muscat.outer.sum(axis=1) == pytest.approx(1)
    war, serious = muscat.of("war").chance, muscat.of("serious").chance
    assert war.value < serious.value and war.high <= serious.high
    assert muscat.of("serious").chance.value == pytest.approx(muscat.cells[[1, 2, 4, 5, 7, 8]].sum())
    assert muscat.of("open").chance.value == pytest.approx(muscat.cells[:3].sum())


def test_an_agreement_within_ninety_days_starts_from_what_hazards_give(muscat: Baserate):
    # Published shares of agreements within 90 days, by age: .13 to .22.
    assert 0.10 < muscat.of("deal").chance.zero < 0.25
    assert muscat.of("deal").whole is not None and muscat.of("deal").whole > muscat.of("deal").chance.value


def test_every_probability_has_its_range_zero_line_and_claims(muscat: Baserate):
    for row in muscat.rows():
        assert row.chance.low <= row.chance.value <= row.chance.high
        assert row.because and set(row.because) <= set(muscat.case.ledger.by_id)


def test_ten_crises_by_name_the_nearest_first(muscat: Baserate):
    assert len(muscat.near) == 10 and len({n.name for n in muscat.near}) == 10
    alike = [n.alike for n in muscat.near]
    assert alike == sorted(alike, reverse=True) and all(n.year >= 1946 for n in muscat.near)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_mediation_raises_agreements_and_marks_hard_cases_on_one_line(muscat: Baserate, lang: Any):
    counted = shipped().counted["mediated"]
    words = f"{100 * counted.deal / counted.n:.0f}", f"{100 * counted.war / counted.n:.0f}"
    lines = [note for note in muscat.notes(lang) if ("斡旋" if lang == "zh" else "ediat") in note]
    assert len(lines) == 1 and all(f"{w}{'%' if lang == 'zh' else ' %'}" in lines[0] for w in words)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "no skill beyond base rate"), ("zh", "无超出基准率的预测能力")]
)
def test_that_agreements_cannot_be_told_from_the_onset_is_said(muscat: Baserate, lang: Any, words: str):
    assert any(words in note for note in muscat.notes(lang))


def test_what_has_no_class_says_so(muscat: Baserate):
    assert {"held-on-6th", "us-strike-by-t", "collapse"} <= set(muscat.silent)
    assert not {"deal-by-t", "serious-by-t", "war-by-t", "open-at-t"} & set(muscat.silent)
    assert any("collapse of a regime" in note for note in muscat.notes("en"))
    assert any("政权崩溃" in note for note in muscat.notes("zh"))


def test_that_the_timing_of_violence_is_assumed_is_said(muscat: Baserate):
    assert any("assumed" in note and "violence comes" in note for note in muscat.notes("en"))
    assert muscat.rests.assumed > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_and_chart_stand_in_both_languages(muscat: Baserate, lang: Any):
    assert [len(t.rows) > 0 for t in muscat.tables(lang)] == [True] * 4
    assert muscat.headline(lang) and "<svg" in muscat.plot(lang).to_svg()
    assert json.dumps(muscat.to_json(), ensure_ascii=False)


def test_the_same_seed_gives_the_same_numbers():
    again = [baserate(made(), draws=200, seed=3).cells for _ in range(2)]
    assert np.array_equal(*again)


def test_a_case_without_claims_cannot_say():
    found = baserate(case({}), draws=200)
    assert {row.chance.verdict for row in found.rows()} == {"silent"}
    assert all(row.chance.value == pytest.approx(row.chance.zero, abs=0.02) for row in found.rows())
    assert found.near == () and "cannot say" in found.headline("en")


def test_doubting_every_source_leaves_the_zero_line():
    full = made()
    found = baserate(full.without(["a", "b", "c"]), draws=200)
    assert all(row.chance.cited == pytest.approx(row.chance.zero, abs=1e-9) for row in found.rows())
    assert baserate(full, draws=200).of("serious").chance.cited != found.of("serious").chance.cited


def test_swapping_the_parties_changes_nothing():
    swapped = {"right": PARTIES["right"], "left": PARTIES["left"]}
    a, b = (baserate(made(parties=p), draws=200).cells for p in (PARTIES, swapped))
    assert a == pytest.approx(b, abs=1e-12)


# -- what the case yields --------------------------------------------------------------------------------------------


def by_name(file: Any) -> dict[str, Known]:
    return {known.name: known for known in known_columns(file)}


def test_region_state_and_protracted_conflict_come_from_ordinary_sections():
    found = by_name(made().file)
    assert (found["region"].value, found["state-threat"].value, found["protracted"].value) == (
        "middle-east",
        "yes",
        "yes",
    )
    assert set(found["region"].basis.claims) == {"a", "b"} and found["protracted"].basis.claims == ("c",)


def test_a_great_power_does_not_say_where_a_crisis_lies():
    parties = {**PARTIES, "left": {**PARTIES["left"], "territory": "US"}}
    assert by_name(made(parties=parties).file)["region"].value == "middle-east"


def test_sides_of_two_regions_and_one_episode_say_nothing():
    parties = {**PARTIES, "left": {**PARTIES["left"], "territory": "BR"}}
    assert set(by_name(made(parties=parties, history=EPISODES[:1]).file)) == {"state-threat"}


def coded(file: Any, **codes: Any) -> Any:
    """The file with a section ``crisis``, as people would write it."""
    entries = {name.replace("_", "-"): {"is": value, "because": ["a"]} for name, value in codes.items()}
    section = Crisis.model_validate(
        {
            "since": {"on": date(2024, 2, 10), "because": ["b"]},
            "violence": {"is": "serious", "because": ["c"]},
            "codes": entries,
        }
    )
    return file.model_copy(update={"crisis": section})


def test_codes_of_the_crisis_stand_before_what_is_derived_and_set_all_columns_of_their_kind():
    found = by_name(coded(made().file, trigger="military", region="asia", within_war=False))
    assert found["region"].value == "asia" and found["within-war"].columns == {"within-war": 0.0}
    assert (
        found["trigger"].columns["trigger-military"] == 1.0 and sum(found["trigger"].columns.values()) == 1.0
    )
    assert found["trigger"].basis.claims == ("a",)


def test_the_day_it_began_and_the_violence_so_far_are_read():
    came = course(coded(made().file))
    assert (came.days, came.violence) == (30, 1)
    assert (came.since.claims, came.fought.claims) == (("b",), ("c",))


def engine(things: tuple[Known, ...] = (), window: float = 90.0, **changes: Any) -> Engine:
    came = course(made().file)
    from dataclasses import replace

    return Engine(shipped(), things, replace(came, **changes), window, 0)


def test_violence_that_has_come_is_certain_and_none_comes_in_no_time():
    stands = Standing((), True, True)
    fought = engine(violence=1, days=30).cells([stands])[0].mean(axis=0)
    assert fought[[0, 3, 6]].sum() == pytest.approx(0)
    now = engine(window=0.0, days=30).cells([stands])[0].mean(axis=0)
    assert now[0] == pytest.approx(1)


def test_the_longer_the_window_the_less_is_open():
    stands = Standing((), True, True)
    still = [engine(window=w, days=30).cells([stands])[0].mean(axis=0)[:3].sum() for w in (10, 90, 400)]
    assert still[0] > still[1] > still[2]


def test_knowing_that_violence_set_it_off_raises_violence():
    (violent,) = [k for k in known_columns(coded(made().file, trigger="violent")) if k.name == "trigger"]
    (calm,) = [k for k in known_columns(coded(made().file, trigger="political")) if k.name == "trigger"]
    serious = [
        engine((thing,), days=10)
        .cells([Standing((0,), True, True)])[0]
        .mean(axis=0)[[1, 2, 4, 5, 7, 8]]
        .sum()
        for thing in (violent, calm)
    ]
    assert serious[0] > serious[1] + 0.1


def test_no_crisis_is_near_that_was_still_to_come():
    things = [k for k in known_columns(coded(made().file, trigger="violent")) if k.name == "trigger"]
    late, early = nearest(shipped(), things, 2026), nearest(shipped(), things, 1990)
    assert max(row.year for row in late) > 1990
    assert len(early) == 10 and max(row.year for row in early) < 1990


def test_nearest_are_none_where_nothing_is_known():
    assert nearest(shipped(), (), 2026) == ()


# -- the tables that ship --------------------------------------------------------------------------------------------


def test_what_ships_are_the_tables_of_the_data():
    history = read_history(shared_data("crises"))
    again = json.loads(json.dumps(build(history)))
    fresh, there = tables_of(again), shipped()
    assert (
        fresh.counted == there.counted
        and repr(fresh.named) == repr(there.named)
        and fresh.sizes == there.sizes
    )
    assert fresh.fitted.violence.coefficients == pytest.approx(there.fitted.violence.coefficients, abs=2e-3)
    assert fresh.mean == pytest.approx(there.mean, abs=2e-3)


def test_published_base_rates_are_found_again():
    # Shares of crises since 1946, from the table of the methods note (ICB version 14): 36 % of 377 agreed, 43 % serious.
    every, mediated, without = (shipped().counted[k] for k in ("all", "mediated", "not-mediated"))
    assert (
        every.n == 377
        and round(100 * every.deal / every.n) == 36
        and round(100 * every.serious / every.n) == 43
    )
    assert (mediated.n, without.n) == (135, 238)
    assert round(100 * mediated.deal / mediated.n) == 62 and round(100 * mediated.war / mediated.n) == 30
    assert round(100 * without.deal / without.n) == 21 and round(100 * without.war / without.n) == 9


def test_own_data_gives_what_ships(tmp_path: Any):
    own = baserate(made(), draws=200, icb=shared_data("crises"))
    assert own.cells == pytest.approx(baserate(made(), draws=200).cells, abs=5e-3)


def test_a_case_that_says_nothing_of_a_crisis_is_told_so():
    """A dispute over a polluted well has no class among crises between states."""
    silent, crisis = (zopa.baserate(zopa.open_case(name), draws=50) for name in ("elmira", "muscat-2026"))
    assert "does not say what kind of crisis" in silent.notes("en")[1]
    assert "没有说明属于何种危机" in silent.notes("zh")[1]
    assert not any("does not say what kind" in note for note in crisis.notes("en"))
