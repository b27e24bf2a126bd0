"""The single negotiating text: every amendment is what it says, and the path ends where nothing can be improved."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zopa
from tests.known import closed_forms as known
from tests.methods import brute
from tests.methods.problems import one_draw
from zopa.case.bargaining import bargaining
from zopa.estimate import uniforms
from zopa.methods.problem import Block
from zopa.methods.single_text import improvements, proposals, worth


def start_of(drawn, seed):
    """A starting text that blocks allow, or None."""
    allowed = [p for p in brute.packages(drawn.values) if brute.allowed(p, drawn.blocks)]
    return allowed[seed % len(allowed)] if allowed else None


def barred(drawn, package, text):
    """Whether a package puts in a vetoed option that the text does not hold already."""
    return drawn.vetoes is not None and any(
        k != old and v[:, k].any() for v, k, old in zip(drawn.vetoes, package, text, strict=True)
    )


def improving(drawn, text):
    """{package: gains} of the packages worse for nobody and better for somebody."""
    here = brute.utilities(drawn.values, text, drawn.blocks)
    found = {}
    for package in brute.packages(drawn.values):
        gain = brute.utilities(drawn.values, package, drawn.blocks) - here
        open_to_all = brute.allowed(package, drawn.blocks) and not barred(drawn, package, text)
        if open_to_all and (gain >= 0).all() and (gain > 0).any():
            found[package] = gain
    return found


def touched(package, text):
    return sum(a != b for a, b in zip(package, text, strict=True))


@given(one_draw(blocks=True), st.integers(0, 10**6), st.sampled_from([1, 2, 3, None]))
def test_every_amendment_is_the_definition(drawn, seed, at_most):
    text = start_of(drawn, seed)
    if text is None:
        return
    span = sum(v.max(axis=1) - v.min(axis=1) for v in drawn.values)
    for step in improvements(drawn.values, drawn.vetoes, text, at_most=at_most, blocks=drawn.blocks):
        better = improving(drawn, text)
        if at_most is not None:
            reach = max(at_most, min(touched(p, text) for p in better))
            better = {p: gain for p, gain in better.items() if touched(p, text) <= reach}
        scale = np.where(span > 0, span, 1)
        best = brute.leximin({p: gain / scale for p, gain in better.items()})
        fewest = min(touched(p, text) for p in best)
        best = sorted(p for p in best if touched(p, text) == fewest)
        assert step.package == best[0] and step.ties == len(best)
        assert step.gains == pytest.approx(better[step.package] / scale)
        assert step.smallest_gain == step.gains.min()
        assert step.changed == tuple(i for i in range(len(text)) if step.package[i] != text[i])
        assert step.utilities == pytest.approx(worth(drawn.values, step.package, blocks=drawn.blocks))
        text = step.package
    assert not improving(drawn, text)


@given(one_draw(parties=(2, 4)), st.integers(0, 10**6))
def test_swapping_the_parties_changes_no_amendment(drawn, seed):
    text = start_of(drawn, seed)
    turned = None if drawn.vetoes is None else [v[::-1] for v in drawn.vetoes]
    one = improvements(drawn.values, drawn.vetoes, text)
    other = improvements([v[::-1] for v in drawn.values], turned, text)
    assert [s.package for s in one] == [s.package for s in other]


@given(one_draw(parties=(2, 3)), st.integers(0, 10**6), st.integers(0, 2**32 - 1))
def test_the_parties_scales_do_not_matter(drawn, seed, factors):
    text = start_of(drawn, seed)
    factor = 2.0 ** np.random.default_rng(factors).integers(-9, 9, len(drawn.reserve))
    moved = [v * factor[:, None] + 1.0 for v in drawn.values]
    one, other = improvements(drawn.values, drawn.vetoes, text), improvements(moved, drawn.vetoes, text)
    assert [s.package for s in one] == [s.package for s in other]


def test_a_trade_across_two_issues_goes_on_where_single_issues_end():
    """x costs the first .3 and gives the second .6, y the reverse: neither alone passes, together both gain .3 of .9."""
    values = [np.array([[0.0, -0.3], [0.0, 0.6]]), np.array([[0.0, 0.6], [0.0, -0.3]])]
    (step,) = improvements(values, None, (0, 0), at_most=1)
    assert step.package == (1, 1) and step.changed == (0, 1)
    assert step.gains == pytest.approx([1 / 3, 1 / 3])


def test_small_steps_make_a_path_and_any_number_of_issues_a_jump():
    rng = np.random.default_rng(4)
    values = [np.sort(rng.random((2, 5)), axis=1) for _ in range(4)]
    path = improvements(values, None, (0,) * 4, at_most=1)
    assert len(path) == 4 and all(len(s.changed) == 1 for s in path)
    for before, after in pairwise(path):
        assert (after.utilities >= before.utilities).all()
    (jump,) = improvements(values, None, (0,) * 4, at_most=None)
    assert jump.package == path[-1].package == (4,) * 4


def test_an_efficient_text_stays():
    values = [np.array([[1.0, 0.0], [0.0, 1.0]])]
    assert improvements(values, None, (1,)) == ()


def test_a_vetoed_option_of_the_text_may_stay_and_never_comes_back():
    values = [np.array([[1.0, 0.0, 0.5]]), np.array([[0.0, 1.0]])]
    vetoes = [np.array([[True, False, False]]), np.array([[False, False]])]
    assert [s.package for s in improvements(values, vetoes, (0, 0))] == [(0, 1)]
    assert [s.package for s in improvements(values, vetoes, (1, 0))] == [(2, 1)]


def test_a_forbidden_combination_is_passed_by():
    values = [np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])]
    both = Block((0, 1), np.array([[False, True], [True, False]]))
    (step,) = improvements(values, None, (0, 0), at_most=1, blocks=[both])
    assert step.package == (1, 1)


@given(one_draw(), st.integers(0, 10**6), st.booleans())
def test_blind_proposals_are_kept_unless_somebody_objects(drawn, seed, whole):
    """The rule in plain Python, proposal by proposal."""
    start = start_of(drawn, seed)
    sizes = [v.shape[1] for v in drawn.values]
    numbers = np.random.default_rng(seed).random((3, 12, len(sizes) if whole else 2))
    texts, changes = proposals(drawn.values, drawn.vetoes, start, numbers, whole=whole)
    for run in range(3):
        text, changed = start, 0
        for u in numbers[run]:
            if whole:
                proposed = tuple(int(x * k) for x, k in zip(u, sizes, strict=True))
            else:
                i = int(u[0] * len(sizes))
                proposed = (*text[:i], int(u[1] * sizes[i]), *text[i + 1 :])
            gain = brute.utilities(drawn.values, proposed) - brute.utilities(drawn.values, text)
            if (gain >= 0).all() and not barred(drawn, proposed, text):
                changed += proposed != text
                text = proposed
        assert tuple(texts[run]) == text and changes[run] == changed


@cache
def england_zimbabwe():
    """Values per issue (parties, options) and the status quo of the shipped teaching case."""
    problem = bargaining(zopa.open_case("england-zimbabwe").draws(1))
    return [v[0] for v in problem.values], tuple(int(k) for k in problem.table.status_quo)


def chain(values, start, number, *, whole):
    """Share of efficient texts and mean sum of utilities after ``number`` proposals, over the whole distribution."""
    packages = brute.packages(values)
    worth_of = np.array([brute.utilities(values, p) for p in packages])
    at = {p: i for i, p in enumerate(packages)}
    suits = (worth_of[None] >= worth_of[:, None] - 1e-9).all(axis=2)
    step = np.zeros((len(packages), len(packages)))
    for i, text in enumerate(packages):
        if whole:
            step[i] = 1 / len(packages)
            continue
        for issue, array in enumerate(values):
            for option in range(array.shape[1]):
                proposed = at[(*text[:issue], option, *text[issue + 1 :])]
                step[i, proposed] += 1 / len(values) / array.shape[1]
    step *= suits
    step[np.diag_indices(len(step))] += 1 - step.sum(axis=1)
    share = np.linalg.matrix_power(step, number)[at[start]]
    efficient = ~(suits & (worth_of[None] > worth_of[:, None] + 1e-9).any(axis=2)).any(axis=1)
    return share @ efficient, share @ worth_of.sum(axis=1)


@pytest.mark.parametrize("whole", [False, True])
def test_blind_proposals_on_england_zimbabwe(whole):
    values, start = england_zimbabwe()
    name = "packages" if whole else "one issue at a time"
    stream = known.SINGLE_TEXT_RUNS * known.SINGLE_TEXT_PROPOSALS * (numbers := len(values) if whole else 2)
    drawn = uniforms(0, f"mediator, {name}", stream)
    drawn = drawn.reshape(known.SINGLE_TEXT_RUNS, known.SINGLE_TEXT_PROPOSALS, numbers)
    texts, changes = proposals(values, None, start, drawn, whole=whole)
    assert (changes > 0).all()
    ends, counts = np.unique(texts, axis=0, return_counts=True)
    efficient = np.array([improvements(values, None, tuple(end)) == () for end in ends])
    welfare = np.array([worth(values, tuple(end)).sum() for end in ends])
    share, mean = counts @ efficient / counts.sum(), counts @ welfare / counts.sum()
    errors = np.sqrt([share * (1 - share), counts @ (welfare - mean) ** 2 / counts.sum()])
    errors /= np.sqrt(known.SINGLE_TEXT_RUNS)
    published, exact = known.SINGLE_TEXT[name], known.SINGLE_TEXT_EXACT[name]
    ours, theirs, truth = np.array(
        [(share, mean), (published.efficient, published.welfare), (exact.efficient, exact.welfare)]
    )
    assert (abs(ours - truth) <= 3 * errors).all()
    assert (abs(theirs - truth) <= 3 * errors).all()
    assert (abs(ours - theirs) <= 3 * errors).all()
    assert welfare.max() <= known.SINGLE_TEXT_BEST + 1e-9
    computed = chain(values, start, known.SINGLE_TEXT_PROPOSALS, whole=whole)
    assert computed == pytest.approx((exact.efficient, exact.welfare), abs=1e-6)


@pytest.mark.parametrize("at_most", [1, 2, None])
def test_a_mediator_who_knows_ends_efficient_on_england_zimbabwe(at_most):
    values, start = england_zimbabwe()
    path = improvements(values, None, start, at_most=at_most)
    welfare = [worth(values, start).sum(), *(step.utilities.sum() for step in path)]
    assert all(b > a for a, b in pairwise(welfare))
    assert improvements(values, None, path[-1].package) == ()
    # a mediator who proposes blindly ends at 1.473 one issue at a time
    assert welfare[-1] > known.SINGLE_TEXT["one issue at a time"].welfare


def test_what_does_not_fit_is_named():
    values = [np.zeros((2, 3)), np.zeros((2, 2))]
    with pytest.raises(ValueError, match="at_most is 0"):
        improvements(values, None, (0, 0), at_most=0)
    with pytest.raises(ValueError, match=r"package \(3, 0\) leaves the options \(3, 2\)"):
        improvements(values, None, (3, 0))
    with pytest.raises(ValueError, match=r"uniforms must be \(runs, proposals, 2\)"):
        proposals(values, None, (0, 0), np.zeros((1, 1, 3)))
    with pytest.raises(ValueError, match=r"in \[0, 1\)"):
        proposals(values, None, (0, 0), np.ones((1, 1, 2)))
