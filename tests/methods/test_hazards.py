"""Hazards: by hand, in closed form, against Aalen–Johansen and against simulated crises."""

import numpy as np
import pytest

from zopa.methods.hazards import (
    EDGES,
    LifeTable,
    aalen_johansen,
    eventually,
    incidence,
    life_table,
    standing,
    within,
)


def constant(deal: float, other: float) -> np.ndarray:
    return np.tile([deal, other], (len(EDGES), 1))


def test_aalen_johansen_by_hand():
    # Five at risk: at 2 one ends by cause 0; at 3 one leaves unseen; at 5 one ends by cause 1; at 7 one by cause 0.
    days, cause = np.array([2.0, 3.0, 5.0, 7.0, 9.0]), np.array([0, -1, 1, 0, -1])
    found = aalen_johansen(days, cause, np.array([1.0, 2.0, 6.0, 8.0]), causes=2)
    after5 = 0.8 * (1 / 3)
    assert found == pytest.approx(
        np.array([[0, 0], [0.2, 0], [0.2, after5], [0.2 + 0.8 * (2 / 3) / 2, after5]])
    )


def test_constant_hazards_have_a_closed_form():
    found = incidence(constant(0.01, 0.03), np.array([0.0, 10.0, 90.0, 4000.0]))
    gone = -np.expm1(-0.04 * np.array([0.0, 10.0, 90.0, 4000.0]))
    assert found == pytest.approx(np.stack([0.25 * gone, 0.75 * gone], axis=1))
    assert eventually(constant(0.01, 0.03)) == pytest.approx([0.25, 0.75])


def test_with_constant_hazards_the_age_reached_does_not_matter():
    for age in (0, 30, 500):
        assert within(constant(0.01, 0.03), age, 90) == pytest.approx(within(constant(0.01, 0.03), 0, 90))


def test_no_hazard_leaves_all_open_and_a_certain_one_none():
    assert within(constant(0, 0), 30, 90) == pytest.approx([0, 0, 1])
    assert within(constant(50.0, 0), 0, 90) == pytest.approx([1, 0, 0])


def test_life_table_counts_days_and_ends_by_piece():
    table = life_table(np.array([5.0, 7.0, 10.0, 20.0]), np.array([0, 1, 0, -1]), causes=2, edges=(0, 7, 14))
    assert table.exposure == pytest.approx([5 + 7 + 7 + 7, 3 + 7, 6])
    assert table.ends == pytest.approx(np.array([[1, 1], [1, 0], [0, 0]]))


def test_pieces_come_close_to_aalen_johansen():
    random = np.random.default_rng(0)
    days = np.ceil(random.lognormal(4.3, 1.2, 3000))
    cause = (random.random(3000) < 0.6).astype(np.int64)
    cause[random.random(3000) < 0.1] = -1
    at = np.array([30.0, 90.0, 365.0])
    pieces = incidence(life_table(days, cause, causes=2).hazards(), at)
    assert pieces == pytest.approx(aalen_johansen(days, cause, at, causes=2), abs=0.012)


def test_a_wider_table_counts_as_so_many_ends():
    wide = life_table(np.full(100, 50.0), np.arange(100) % 2, causes=2)
    none = LifeTable(np.zeros_like(wide.ends), np.zeros_like(wide.exposure))
    assert none.shrunken(wide, 20).hazards()[3] == pytest.approx(wide.hazards()[3])
    both = wide.shrunken(wide, 20)
    assert both.ends[3] == pytest.approx(wide.ends[3] + 10)


def test_draws_of_hazards_scatter_around_them():
    table = life_table(np.full(400, 10.0), np.arange(400) % 2, causes=2)
    drawn = table.draws(4000, seed=2)
    assert drawn[:, 1].mean(axis=0) == pytest.approx(table.hazards()[1], rel=0.02)
    assert drawn.shape == (4000, len(EDGES), 2)


def test_what_was_never_at_risk_has_no_hazard():
    with pytest.raises(ValueError, match="at risk"):
        LifeTable(np.zeros((len(EDGES), 2)), np.zeros(len(EDGES))).hazards()


def simulated(
    hazards: np.ndarray, endings: np.ndarray, age: float, window: float, front: float, so_far: int
) -> np.ndarray:
    """Cells of crises drawn one by one: ending, days it takes, moment of the first violence."""
    random = np.random.default_rng(7)
    n = 400_000
    ending = random.choice(6, size=n, p=endings)
    grid = np.concatenate([np.linspace(0, 3000, 6001)])
    grown = incidence(hazards, grid) / eventually(hazards)
    took = np.where(
        ending >= 3,
        np.interp(random.random(n), grown[:, 0], grid),
        np.interp(random.random(n), grown[:, 1], grid),
    )
    violence, moment = ending % 3, took * random.beta(1, front, n)
    begun = moment <= age
    kept = took > age
    kept &= (violence >= so_far) & begun if so_far else (violence == 0) | ~begun
    over, came = took <= age + window, moment <= age + window
    end = np.where(over, np.where(ending >= 3, 1, 2), 0)
    level = np.where(came, violence, 0)
    cells = np.bincount((3 * end + level)[kept], minlength=9)
    return cells / cells.sum()


@pytest.mark.parametrize(("age", "front"), [(1.0, 1.0), (40.0, 1.0), (40.0, 3.0)])
def test_standing_is_what_simulated_crises_come_to(age, front):
    hazards = constant(0.004, 0.008)
    endings = np.array([0.3, 0.15, 0.15, 0.2, 0.1, 0.1])
    cells = endings @ standing(hazards, age, 90.0, front=front)
    assert cells / cells.sum() == pytest.approx(simulated(hazards, endings, age, 90.0, front, 0), abs=0.006)


def test_without_violence_standing_is_the_hazards_alone():
    hazards = life_table(np.array([10.0, 40, 80, 200, 400]), np.array([0, 1, 0, 1, 0]), causes=2).hazards()
    late = eventually(hazards)
    cells = (np.array([late[1], 0, 0, late[0], 0, 0]) @ standing(hazards, 30, 90)).reshape(3, 3).sum(axis=1)
    deal, other, still = within(hazards, 30, 90)
    assert cells / cells.sum() == pytest.approx([still, deal, other], abs=2e-3)


def test_violence_that_has_come_stays():
    found = standing(constant(0.004, 0.008), 40.0, 90.0, so_far=1)
    assert found[[0, 3]].sum() == 0 and found[:, [0, 3, 6]].sum() == 0
    assert found[1, [2, 5, 8]].sum() == 0 and found[2, [1, 4, 7]].sum() > 0


def test_nothing_can_happen_in_no_time():
    found = standing(constant(0.004, 0.008), 40.0, 0.0)
    assert found[:, 3:].sum() == pytest.approx(0) and found[:, [1, 2]].sum() == pytest.approx(0)
