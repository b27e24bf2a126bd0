"""Smallest sets of red lines to lift: against every subset of lines and every package written out."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods import brute
from zopa.methods import red_lines
from zopa.methods.acceptance import exists
from zopa.methods.red_lines import RedLine, openings, with_lines

DRAWS = 6


@st.composite
def lined(draw, *, most=5):
    """A problem free of red lines but with exclusions, and lines of all kinds, several on one option among them."""
    parties = draw(st.integers(2, 3))
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = [rng.integers(0, 6, size=(DRAWS, parties, k)).astype(float) for k in sizes]
    vetoes = [np.broadcast_to(rng.random((DRAWS, 1, k)) < 0.1, (DRAWS, parties, k)).copy() for k in sizes]
    reserve = rng.integers(1, 2 * len(sizes) + 3, size=(DRAWS, parties)).astype(float)
    lines = []
    for _ in range(draw(st.integers(0, most))):
        issue = int(rng.integers(len(sizes)))
        there, absolute = rng.random(DRAWS) < 0.9, rng.random(DRAWS) < 0.6
        cost = np.where(there & ~absolute, rng.integers(1, 4, size=DRAWS), 0).astype(float)
        rejects = rng.random(sizes[issue]) < 0.6
        matter = int(rng.integers(2))
        lines.append(RedLine(int(rng.integers(parties)), issue, rejects, there & absolute, cost, matter))
    return values, vetoes, lines, reserve


def opens(problem, d, lifted):
    """Whether some package suits everybody in draw d when the lines of ``lifted`` are gone: the definition."""
    values, vetoes, lines, reserve = problem
    for package in brute.packages(values):
        utility = np.array(
            [sum(v[d, p, k] for v, k in zip(values, package, strict=True)) for p in range(reserve.shape[1])]
        )
        barred = any(v[d, :, k].any() for v, k in zip(vetoes, package, strict=True))
        losses = {}
        for n, line in enumerate(lines):
            if n in lifted or not line.rejects[package[line.issue]]:
                continue
            barred |= bool(line.absolute[d])
            place = (line.party, line.issue, line.matter)
            losses[place] = max(losses.get(place, 0.0), line.cost[d])
        for (party, _, _), loss in losses.items():
            utility[party] -= loss
        if not barred and (utility >= reserve[d] - 1e-9).all():
            return True
    return False


def subsets(n):
    return [frozenset(s) for s in chain.from_iterable(combinations(range(n), k) for k in range(n + 1))]


@given(lined())
@settings(max_examples=60, deadline=None)
def test_smallest_sets_are_those_of_the_definition(problem):
    found = openings(*problem)
    for d in range(DRAWS):
        opening = [s for s in subsets(len(problem[2])) if opens(problem, d, s)]
        smallest = {s for s in opening if not any(other < s for other in opening)}
        assert len(found[d]) == len(set(found[d]))
        assert set(found[d]) == smallest


@given(lined())
@settings(max_examples=30, deadline=None)
def test_the_empty_set_alone_exactly_where_there_is_a_zone(problem):
    values, vetoes, lines, reserve = problem
    zone = exists(*with_lines(values, vetoes, lines), reserve)
    assert [row == (frozenset(),) for row in openings(*problem)] == zone.tolist()


@given(lined())
@settings(max_examples=30, deadline=None)
def test_lifting_more_never_closes_and_no_answer_holds_another(problem):
    values, vetoes, lines, reserve = problem
    for row in openings(*problem):
        assert not any(a < b for a in row for b in row)
    before = exists(*with_lines(values, vetoes, lines), reserve)
    for k in range(len(lines)):
        after = exists(*with_lines(values, vetoes, lines, lifted=set(range(k + 1))), reserve)
        assert (before <= after).all()
        before = after


@given(lined())
@settings(max_examples=20, deadline=None)
def test_swapping_the_parties_or_the_threads_changes_nothing(problem):
    values, vetoes, lines, reserve = problem
    count = reserve.shape[1]
    turned = [
        RedLine(count - 1 - line.party, line.issue, line.rejects, line.absolute, line.cost, line.matter)
        for line in lines
    ]
    found = openings(*problem, threads=1)
    assert (
        openings([v[:, ::-1] for v in values], [v[:, ::-1] for v in vetoes], turned, reserve[:, ::-1])
        == found
    )
    assert openings(*problem, threads=3) == found


def test_many_lines_are_followed_without_looking_at_every_set():
    """Thirty lines: one of two on each of five issues has to go, which makes 32 smallest sets; twenty do not matter."""
    issues = 5
    values = [np.array([[[0.0, 1.0, 1.0], [0.0, 1.0, 1.0]]]) for _ in range(issues)]
    vetoes = [np.zeros((1, 2, 3), dtype=bool) for _ in range(issues)]
    lines = [
        RedLine(0, i, np.arange(3) == k, np.ones(1, dtype=bool), np.zeros(1))
        for i in range(issues)
        for k in (1, 2)
    ]
    # Lines nobody would cross anyway are in no smallest set, however many there are.
    lines += [RedLine(1, 0, np.arange(3) == 0, np.ones(1, dtype=bool), np.zeros(1)) for _ in range(20)]
    (row,) = openings(values, vetoes, lines, np.full((1, 2), float(issues)))
    assert len(row) == 2**issues
    assert all(len(s) == issues and {k // 2 for k in s} == set(range(issues)) for s in row)


def test_too_many_lines_or_sets_are_refused(monkeypatch):
    line = RedLine(0, 0, np.array([False, True]), np.ones(1, dtype=bool), np.zeros(1))
    values, vetoes = [np.array([[[0.0, 1.0]]])], [np.zeros((1, 1, 2), dtype=bool)]
    with pytest.raises(ValueError, match="63 red lines, but at most 62"):
        openings(values, vetoes, [line] * 63, np.ones((1, 1)))
    assert openings(values, vetoes, [line] * 62, np.ones((1, 1))) == [(frozenset(range(62)),)]
    assert red_lines.MAX_SETS > 3**7
