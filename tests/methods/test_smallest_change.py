"""The smallest fixed change: against every set of red lines and every move of one number or of two tried out."""

from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zopa.methods import smallest_change as module
from zopa.methods.acceptance import acceptance_counts, best_fixed_package
from zopa.methods.red_lines import RedLine, with_lines
from zopa.methods.smallest_change import smallest_change

DRAWS = 30


@st.composite
def tables(draw, *, lines=2):
    parties = draw(st.integers(2, 3))
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = [rng.random((DRAWS, parties, k)) / len(sizes) for k in sizes]
    vetoes = [np.zeros((DRAWS, parties, k), dtype=bool) for k in sizes]
    drawn = []
    for _ in range(draw(st.integers(0, lines))):
        issue = int(rng.integers(len(sizes)))
        absolute = rng.random(DRAWS) < 0.6
        cost = np.where(absolute, 0.0, rng.random(DRAWS) / 2)
        drawn.append(
            RedLine(int(rng.integers(parties)), issue, rng.random(sizes[issue]) < 0.7, absolute, cost)
        )
    reserve = rng.random((DRAWS, parties)) * 0.6 + 0.2
    sizes_of_lines = [round(float(v), 2) for v in rng.random(len(drawn)) * 0.4]
    return values, vetoes, drawn, reserve, sizes_of_lines


def best(values, vetoes, lines, reserve, lifted=(), party=None, column=None, by=0.0):
    """Draws the best package wins after a change, by counting all packages anew."""
    made, barred = with_lines(values, vetoes, lines, lifted=lifted)
    floor = reserve.copy()
    if party is not None and column is None:
        floor[:, party] -= by
    if column is not None:
        issue, option = column
        made[issue][:, party, option] += by
    counted = acceptance_counts(made, barred, floor)
    return int(best_fixed_package(counted).group_hits.sum())


def least_pair(values, vetoes, lines, reserve, lifted, aim):
    """The least sum of two walk-away values' falls, in hundredths, after which some package wins: all tried out."""
    made, barred = with_lines(values, vetoes, lines, lifted=lifted)
    least = np.inf
    for package in product(*(range(v.shape[2]) for v in made)):
        worth = sum(v[:, :, k] for v, k in zip(made, package, strict=True))
        never = np.any([b[:, :, k] for b, k in zip(barred, package, strict=True)], axis=0)
        falls = np.ceil(np.maximum(reserve - worth - 1e-9, 0) * 100 - 1e-6)
        falls[never] = np.inf
        for p, q in combinations(range(reserve.shape[1]), 2):
            others = np.delete(falls, (p, q), axis=1).max(axis=1, initial=0)
            for i in range(101):
                need = np.sort(falls[(others == 0) & (falls[:, p] <= i), q])
                if len(need) >= aim and need[aim - 1] <= 100:
                    least = min(least, i + need[aim - 1])
    return least / 100


def columns_of(values):
    return [(i, k) for i, v in enumerate(values) for k in range(v.shape[2])]


@given(tables())
@settings(max_examples=25, deadline=None)
def test_smallest_is_the_smallest_of_all(problem):
    values, vetoes, lines, reserve, sizes = problem
    columns = columns_of(values)
    offers = [np.array([n]) for n in range(len(columns))]
    found = smallest_change(values, vetoes, lines, reserve, sizes=sizes, offers=offers)
    hits = best(values, vetoes, lines, reserve)
    aim = hits + DRAWS // 10
    if found is None:
        assert aim > DRAWS
        return
    assert (found.hits, found.aim) == (hits, aim)
    for k, change in enumerate(found.lines):
        assert change.lifted == {k}
        assert change.hits == best(values, vetoes, lines, reserve, lifted={k})
        assert change.enough == (change.hits >= aim)
    for change in found.moves:
        column = None if change.offer is None else columns[change.offer]
        reached = best(values, vetoes, lines, reserve, (), change.party, column, change.by)
        assert reached == change.hits >= aim
        assert best(values, vetoes, lines, reserve, (), change.party, column, change.by - 0.01) < aim
    sets = chain.from_iterable(combinations(range(len(lines)), n) for n in range(len(lines) + 1))
    least = np.inf
    for lifted in sets:
        size = sum(sizes[k] for k in lifted)
        if best(values, vetoes, lines, reserve, lifted) >= aim:
            least = min(least, size)
            continue
        for party in range(reserve.shape[1]):
            # An offer tied to one option never does more than a walk-away value that falls as far.
            for step in range(1, 101):
                if size + step / 100 >= least:
                    break
                if best(values, vetoes, lines, reserve, lifted, party, None, step / 100) >= aim:
                    least = size + step / 100
        least = min(least, size + least_pair(values, vetoes, lines, reserve, lifted, aim))
    assert found.proven
    assert (found.smallest.size if found.smallest else np.inf) == pytest.approx(least)


@given(tables())
@settings(max_examples=15, deadline=None)
def test_threads_change_nothing_and_fewer_packages_prove_nothing(problem):
    values, vetoes, lines, reserve, sizes = problem
    offers = [np.array([0])]
    one, three = (
        smallest_change(values, vetoes, lines, reserve, sizes=sizes, offers=offers, threads=n) for n in (1, 3)
    )
    assert one == three
    some = smallest_change(values, vetoes, lines, reserve, sizes=sizes, offers=offers, packages=np.arange(1))
    assert some is None or not some.proven
    if one is not None and some is not None:
        assert some.hits <= one.hits


def test_two_numbers_a_little_where_one_would_have_to_move_far():
    """In four draws of ten both fall short by .05 at once; in three one of them alone by .40, in three the other."""
    worth = np.array([[0.45, 0.45]] * 4 + [[0.10, 0.60]] * 3 + [[0.60, 0.10]] * 3)
    values, vetoes = [worth[:, :, None]], [np.zeros((10, 2, 1), dtype=bool)]
    found = smallest_change(values, vetoes, [], np.full((10, 2), 0.5), sizes=[], offers=[], gain=0.4)
    assert found is not None
    assert found.moves == ()
    change = found.smallest
    assert change is not None
    assert (change.party, change.by, change.also, change.also_by) == (0, 0.05, 1, 0.05)
    assert (change.size, change.hits, change.enough, found.proven) == (0.1, 4, True, True)


def test_a_larger_aim_takes_a_larger_change():
    rng = np.random.default_rng(2)
    values, reserve = [rng.random((200, 2, 4))], rng.random((200, 2))
    vetoes = [np.zeros((200, 2, 4), dtype=bool)]
    found = [
        smallest_change(values, vetoes, [], reserve, sizes=[], offers=[], gain=g) for g in (0.05, 0.1, 0.15)
    ]
    sizes = [f.smallest.size for f in found if f is not None and f.smallest is not None]
    assert len(sizes) == 3
    assert sizes == sorted(sizes)


def test_the_search_says_where_it_stopped(monkeypatch):
    """Six lines on one option, all to be lifted: with too little time the answer is called unproven."""
    values = [np.array([[[0.0, 1.0], [0.0, 1.0]]])]
    vetoes = [np.zeros((1, 2, 2), dtype=bool)]
    lines = [RedLine(0, 0, np.array([False, True]), np.ones(1, bool), np.zeros(1)) for _ in range(6)]
    reserve = np.full((1, 2), 0.9)
    arguments = {"sizes": [0.1] * 6, "offers": [], "gain": 0.5}
    full = smallest_change(values, vetoes, lines, reserve, **arguments)
    assert full is not None
    assert full.proven
    assert full.smallest is not None
    assert full.smallest.lifted == frozenset(range(6))
    monkeypatch.setattr(module, "MAX_LOOKS", 20)
    cut = smallest_change(values, vetoes, lines, reserve, **arguments)
    assert cut is not None
    assert not cut.proven


def test_every_red_line_needs_a_size():
    with pytest.raises(ValueError, match="sizes: 1 numbers for 0 red lines"):
        smallest_change(
            [np.ones((1, 2, 2))], [np.zeros((1, 2, 2), bool)], [], np.ones((1, 2)), sizes=[1.0], offers=[]
        )
