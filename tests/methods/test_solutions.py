"""Reference points: the closed forms of the literature, and the axioms that name them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.known import bargaining as known
from tests.methods import brute
from tests.methods.problems import one_draw, point_sets
from zopa.methods.frontier import frontier
from zopa.methods.solutions import egalitarian, kalai_smorodinsky, nash, raiffa, utilitarian

RULES = [nash, kalai_smorodinsky, egalitarian, utilitarian, raiffa]
SCALE_FREE = [nash, kalai_smorodinsky, raiffa]
TO_THE_MILLIONTH = 1e-6
GRID = np.linspace(0.0, 1.0, 1_200_001)  # 2/3, .5, .55 and .69 are on it


def curve(f, disagreement=(0.0, 0.0), u1=GRID):
    """The frontier (u1, f(u1)) as one issue with very many options."""
    return frontier([np.array([u1, f(u1)])], reserve=np.array(disagreement))


def points(array, reserve=None):
    """Utility points (parties, options) as one issue."""
    return frontier([array], reserve=np.zeros(len(array)) if reserve is None else np.asarray(reserve))


# known answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "f", "disagreement", "answer"),
    [
        (nash, lambda x: 1 - x, (0.2, 0.1), known.NASH_LINEAR),
        (nash, lambda x: np.sqrt(1 - x), (0, 0), known.NASH_ROOT),
        (nash, lambda x: 1 - x**2, (0, 0), known.NASH_PARABOLA),
        (nash, lambda x: np.minimum(1, 2 - 2 * x), (0, 0), known.NASH_KINK),
        (kalai_smorodinsky, lambda x: np.sqrt(1 - x), (0, 0), known.KALAI_SMORODINSKY_GOLDEN),
        (kalai_smorodinsky, lambda x: 1 - x**2, (0, 0), known.KALAI_SMORODINSKY_PARABOLA),
        (kalai_smorodinsky, lambda x: np.minimum(1, 2 - 2 * x), (0, 0), known.KALAI_SMORODINSKY_KINK),
        (egalitarian, lambda x: 1 - x, (0.2, 0.1), known.EGALITARIAN_LINEAR),
    ],
)
def test_closed_forms(rule, f, disagreement, answer):
    assert rule(curve(f, disagreement)).utilities == pytest.approx(answer.answer, abs=TO_THE_MILLIONTH)


def test_bargaining_powers_split_what_is_left():
    solution = nash(curve(lambda x: 1 - x, (0.2, 0.1)), weights=[7, 3])
    assert solution.utilities == pytest.approx(known.NASH_WEIGHTED.answer, abs=TO_THE_MILLIONTH)


def test_raiffa_goes_half_the_way_step_by_step():
    fine = np.unique(np.concatenate([GRID, np.linspace(0.58, 0.63, 500_001)]))
    solution = raiffa(curve(lambda x: 1 - x**2, u1=fine))
    assert solution.utilities == pytest.approx(known.RAIFFA_PARABOLA.answer, abs=TO_THE_MILLIONTH)


def test_raiffa_on_a_straight_frontier_is_the_midpoint_of_what_is_left():
    assert raiffa(curve(lambda x: 1 - x, (0.2, 0.1))).utilities == pytest.approx(
        (0.55, 0.45), abs=TO_THE_MILLIONTH
    )


def test_nice_or_die():
    found = points(np.array([[1.0, 0.16, 0.299], [0.16, 1.0, 0.299]]))
    assert nash(found).utilities == pytest.approx(known.NICE_OR_DIE_NASH.answer)
    assert nash(found).points == pytest.approx(np.array([[1.0, 0.16], [0.16, 1.0]]))
    assert nash(found).ties == 2
    assert egalitarian(found).utilities == pytest.approx(known.NICE_OR_DIE_EGALITARIAN.answer)


def test_two_pies_together_are_worth_more_than_one_after_the_other():
    share = np.linspace(0.0, 1.0, 101)
    pies = [np.array([0.8 * share, 0.2 * (1 - share)]), np.array([0.2 * share, 0.8 * (1 - share)])]
    together = nash(frontier(pies, reserve=np.zeros(2)))
    assert together.utilities == pytest.approx(known.PACKAGE_NASH.answer, abs=TO_THE_MILLIONTH)
    apart = sum(nash(frontier([pie], reserve=np.zeros(2))).utilities for pie in pies)
    assert apart == pytest.approx(known.PIE_BY_PIE.answer, abs=TO_THE_MILLIONTH)
    assert 1 - apart / together.utilities == pytest.approx([0.375, 0.375])


def test_linkage_opens_a_zone():
    x, y = np.array([[0.0, -0.3], [0.0, 0.6]]), np.array([[0.0, 0.6], [0.0, -0.3]])
    for alone in (x, y):
        assert len(frontier([alone], reserve=np.zeros(2), strict=True)) == 0
    linked = frontier([x, y], reserve=np.zeros(2), strict=True)
    for rule in RULES:
        assert rule(linked).utilities == pytest.approx(known.LINKAGE.answer)


# definitions, by going through all packages ---------------------------------------------------------------------------


def picked(solution):
    return {tuple(p) for p in solution.packages}


@given(one_draw(vetoes=True))
def test_rules_are_what_they_say(drawn):
    found = frontier(drawn.values, reserve=drawn.reserve, vetoes=drawn.vetoes)
    open_to_all = brute.table(drawn.values, reserve=drawn.reserve, vetoes=drawn.vetoes)
    if not open_to_all:
        assert all(rule(found) is None for rule in RULES)
        return
    gains = {p: u - drawn.reserve for p, u in open_to_all.items()}
    assert picked(egalitarian(found)) == brute.leximin(gains)
    hope = np.max(list(gains.values()), axis=0)
    shares = {p: np.where(hope > 0, g / np.where(hope > 0, hope, 1), 1.0) for p, g in gains.items()}
    assert picked(kalai_smorodinsky(found)) == brute.leximin(shares)
    welfare = {p: g.sum() for p, g in gains.items()}
    assert picked(utilitarian(found)) == {p for p, w in welfare.items() if w == max(welfare.values())}
    if (np.array(list(gains.values())) > 0).all(axis=1).any():
        product = {p: g.prod() for p, g in gains.items()}
        assert picked(nash(found)) == {p for p, w in product.items() if w == max(product.values())}


@given(one_draw(), st.sampled_from(RULES))
def test_nothing_is_left_on_the_table(drawn, rule):
    found = frontier(drawn.values, reserve=drawn.reserve, vetoes=drawn.vetoes)
    solution = rule(found)
    assume(solution is not None)
    best = brute.undominated(brute.table(drawn.values, reserve=drawn.reserve, vetoes=drawn.vetoes))
    assert picked(solution) <= set(best)
    assert solution.ties == len(solution.packages)
    assert (solution.points >= drawn.reserve).all()
    behind = {p for p, u in best.items() if (np.abs(u - solution.points) < 1e-9).all(axis=1).any()}
    assert picked(solution) == behind


# axioms -----------------------------------------------------------------------------------------------------------------


@given(point_sets(), st.sampled_from(SCALE_FREE), st.integers(0, 2**32 - 1))
def test_the_scales_do_not_matter(array, rule, seed):
    rng = np.random.default_rng(seed)
    reserve = np.zeros(len(array)) + 1.0
    factor, shift = 10.0 ** rng.uniform(-3, 3, len(array)), rng.uniform(-1, 1, len(array))
    shift = shift * factor
    plain = rule(points(array, reserve))
    moved = rule(points(array * factor[:, None] + shift[:, None], reserve * factor + shift))
    assert (plain is None) == (moved is None)
    if plain is not None:
        assert picked(plain) == picked(moved)


@given(point_sets(), st.sampled_from(RULES))
def test_swapping_the_parties_mirrors_the_answer(array, rule):
    one, other = rule(points(array)), rule(points(array[::-1]))
    assert brute.distinct(one.points) == brute.distinct(other.points[:, ::-1])
    assert picked(one) == picked(other)


@given(point_sets(parties=(2, 2)), st.sampled_from(RULES))
def test_a_symmetric_problem_has_a_symmetric_answer(array, rule):
    both = np.concatenate([array, array[::-1]], axis=1)
    answer = brute.distinct(rule(points(both)).points)
    assert answer == {tuple(reversed(u)) for u in answer}


@given(point_sets(size=(2, 9)), st.integers(0, 8))
def test_nash_ignores_packages_it_would_not_pick(array, dropped):
    found = points(array)
    solution = nash(found)
    option = dropped % array.shape[1]
    assume((option,) not in picked(solution))
    assume((solution.utilities > 0).all())
    kept = np.delete(array, option, axis=1)
    assert brute.distinct(nash(points(kept)).points) == brute.distinct(solution.points)


@given(st.floats(1.0, 6.0), st.floats(1.0, 6.0), st.floats(0.2, 1.0), st.floats(0.2, 1.0), st.booleans())
def test_kalai_smorodinsky_never_punishes_a_party_for_more_to_share(steep, steeper, low, high, swap):
    """Two parties, concave frontiers: the first can get at most 1 in both, the second has more everywhere in one."""
    steep, steeper = sorted((steep, steeper))
    low, high = sorted((low, high))
    x = np.linspace(0.0, 1.0, 4001)
    answers = []
    for power, height in ((steep, low), (steeper, high)):
        both = np.array([x, height * (1 - x**power)])
        solution = kalai_smorodinsky(points(both[::-1] if swap else both))
        answers.append(solution.utilities[0 if swap else 1])
    assert answers[1] >= answers[0] - 2e-3  # a step of the grid, where frontiers are up to 6 steep


@given(point_sets(size=(2, 8)), st.integers(0, 2**32 - 1))
def test_the_lowest_share_never_falls_with_more_packages_and_the_same_hopes(array, seed):
    rng = np.random.default_rng(seed)
    hope = array.max(axis=1)
    assume((hope > 0).all())
    more = np.concatenate([array, np.floor(rng.random((len(array), 3)) * (hope[:, None] + 1))], axis=1)
    lowest = [(kalai_smorodinsky(points(a)).utilities / hope).min() for a in (array, more)]
    assert lowest[1] >= lowest[0] - 1e-12


@given(point_sets(size=(2, 8)), st.integers(0, 2**32 - 1))
def test_the_lowest_gain_never_falls_with_more_packages(array, seed):
    more = np.concatenate([array, np.random.default_rng(seed).integers(0, 9, (len(array), 3))], axis=1)
    lowest = [egalitarian(points(a)).utilities.min() for a in (array, more)]
    assert lowest[1] >= lowest[0]


# awkward cases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_an_empty_zone_has_no_reference_point(rule):
    assert rule(points(np.array([[0.0, 1.0], [1.0, 0.0]]), [0.6, 0.6])) is None


@pytest.mark.parametrize("rule", RULES)
def test_a_single_party_takes_what_is_best_for_it(rule):
    solution = rule(frontier([np.array([[1.0, 4.0, 4.0]]), np.array([[0.0, 2.0]])], reserve=np.array([0.0])))
    assert solution.utilities.tolist() == [6.0]
    assert picked(solution) == {(1, 1), (2, 1)}


@pytest.mark.parametrize("rule", RULES)
def test_the_walk_away_utility_is_never_replaced_by_the_worst_package(rule):
    """The second party would rather have no deal than either package below .5, however low its worst utility is."""
    array = np.array([[1.0, 0.6, 0.2], [0.1, 0.5, 0.9]])
    assert rule(points(array, [0.0, 0.5])).utilities[1] >= 0.5
    low = rule(points(array, [-5.0, -5.0]))
    assert low is not None


@pytest.mark.parametrize("rule", RULES)
def test_a_frontier_without_walk_away_utilities_has_no_reference_point(rule):
    with pytest.raises(ValueError, match="make the frontier with reserve="):
        rule(frontier([np.ones((2, 2))]))


def test_where_not_everybody_can_gain_as_many_as_can_do():
    """Three packages: two let the first two parties gain, one the last alone; nobody can please all three."""
    array = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 0.0], [0.0, 0.0, 9.0]])
    solution = nash(points(array))
    assert solution.utilities.tolist() == [1.0, 3.0, 0.0]
    assert solution.ties == 1


def test_every_largest_set_of_gainers_is_given():
    array = np.array([[2.0, 0.0], [0.0, 5.0]])
    assert brute.distinct(nash(points(array)).points) == {(2.0, 0.0), (0.0, 5.0)}


def test_a_party_that_cannot_gain_does_not_stop_the_others():
    array = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 4.0], [5.0, 4.0, 1.0]])
    assert kalai_smorodinsky(points(array)).utilities.tolist() == [0.0, 2.0, 4.0]
    assert raiffa(points(array)).utilities.tolist() == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0], [1.0, np.inf]])
def test_bargaining_powers_must_be_positive(weights):
    with pytest.raises(ValueError, match="weights must be 2 positive numbers"):
        nash(points(np.ones((2, 2))), weights=weights)


def test_an_issue_nobody_cares_about_multiplies_the_ties():
    values = [np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]]).T, np.zeros((2, 4))]
    solution = egalitarian(frontier(values, reserve=np.zeros(2)), limit=3)
    assert solution.package == (2, 0)
    assert solution.ties == 4 and len(solution.packages) == 3
