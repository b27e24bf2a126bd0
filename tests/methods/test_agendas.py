"""Every agenda at once: the definition, what must grow with the agenda, and linkage."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import bargaining as known
from tests.methods import brute
from tests.methods.problems import many_draws
from tests.methods.test_acceptance import accepts
from zopa.methods import agendas, best_package
from zopa.methods.agendas import (
    agenda_issues,
    agenda_mask,
    agenda_point,
    agenda_table,
    inclusion_minimal,
    smallest_agendas,
)
from zopa.methods.gains import gains_over


def definition(values, vetoes, reserve, status_quo, refuses, mask, strict):
    """Draws with a zone, most draws of one package, and the fewest issues such a package moves."""
    on = agenda_issues(mask)
    willing = ~refuses[:, :, list(on)].any(axis=(1, 2))
    zone, best = np.zeros(len(reserve), dtype=bool), (-1, 0)
    for package in brute.packages(values):
        moved = [i for i, k in enumerate(package) if k != status_quo[i]]
        if not set(moved) <= set(on):
            continue
        hits = accepts(values, vetoes, reserve, package, strict=strict).all(axis=1) & willing
        zone |= hits
        best = max(best, (int(hits.sum()), -len(moved)))
    return zone, best[0], -best[1]


@given(many_draws(), st.booleans(), st.booleans(), st.booleans())
def test_the_table_is_the_definition(problem, strict, refusing, listed):
    values, vetoes, reserve, status_quo, refuses = problem
    refuses = refuses & refusing
    group = np.arange(len(reserve)) % 3
    subsets = list(range(2 ** len(values)))
    table = agenda_table(
        values,
        vetoes,
        reserve,
        status_quo,
        subsets=subsets if listed else None,
        group=group,
        refuses=refuses,
        strict=strict,
    )
    assert table.masks.tolist() == subsets
    for row, mask in enumerate(subsets):
        zone, won, moved = definition(values, vetoes, reserve, status_quo, refuses, mask, strict)
        assert table.exists[row] == zone.mean()
        assert table.best[row] == won / len(reserve)
        assert (table.packages[row] != status_quo).sum() == moved
        assert table.exists_hits[row].tolist() == np.bincount(group, weights=zone, minlength=3).tolist()
        assert table.best_hits[row].sum() == won
        assert table.issues(row) == agenda_issues(mask)


@given(many_draws())
def test_nothing_is_lost_by_a_larger_agenda(problem):
    values, vetoes, reserve, status_quo, _ = problem
    table = agenda_table(values, vetoes, reserve, status_quo)
    for mask in range(2 ** len(values)):
        for i in range(len(values)):
            assert table.exists[mask | 1 << i] >= table.exists[mask]
            assert table.best[mask | 1 << i] >= table.best[mask]


@given(many_draws(parties=(2, 3)))
def test_swapping_the_parties_changes_no_share(problem):
    values, vetoes, reserve, status_quo, refuses = problem
    one = agenda_table(values, vetoes, reserve, status_quo, refuses=refuses)
    barred = None if vetoes is None else [v[:, ::-1] for v in vetoes]
    other = agenda_table(
        [v[:, ::-1] for v in values], barred, reserve[:, ::-1], status_quo, refuses=refuses[:, ::-1]
    )
    assert one.exists.tolist() == other.exists.tolist() and one.best.tolist() == other.best.tolist()


def test_linkage_opens_a_zone():
    values = [np.array([[[0.0, -0.3], [0.0, 0.6]]]), np.array([[[0.0, 0.6], [0.0, -0.3]]])]
    table = agenda_table(values, None, np.zeros((1, 2)), [0, 0], strict=True)
    assert table.exists.tolist() == [0.0, 0.0, 0.0, 1.0]
    assert table.packages[3].tolist() == [1, 1]
    point = agenda_point([v[0] for v in values], [0, 0], mask=agenda_mask([0, 1]))
    assert point.nash == pytest.approx(known.LINKAGE.answer)
    assert point.max_joint_gain == pytest.approx(0.6)
    assert agenda_point([v[0] for v in values], [0, 0], mask=agenda_mask([0])).nash is None


def test_a_refusal_to_discuss_can_make_the_larger_agenda_worse():
    """One side walks out of every second meeting that has missiles on the agenda."""
    values = [np.array([[[0.0, 0.4], [0.0, 0.4]]] * 4), np.array([[[0.0, 0.4], [0.0, 0.4]]] * 4)]
    refuses = np.zeros((4, 2, 2), dtype=bool)
    refuses[::2, 1, 1] = True
    table = agenda_table(values, None, np.full((4, 2), 0.3), [0, 0], refuses=refuses)
    assert table.exists.tolist() == [0.0, 1.0, 0.5, 0.5]
    assert table.best.tolist() == [0.0, 1.0, 0.5, 0.5]


def test_what_is_off_the_agenda_keeps_its_weight():
    """Nine tenths of the stakes lie off the agenda and stay at the status quo: one tenth cannot reach half of all."""
    values = [np.array([[[0.0, 0.1]]]), np.array([[[0.0, 0.9]]])]
    table = agenda_table(values, None, np.array([[0.5]]), [0, 0])
    assert table.exists.tolist() == [0.0, 0.0, 1.0, 1.0]


def test_sixteen_issues():
    rng = np.random.default_rng(0)
    values = [np.array([[[0.0, 0.06 + 0.02 * rng.random()], [0.0, -0.03]]]) for _ in range(8)]
    values += [v[:, ::-1] for v in values]
    values = [np.repeat(v, 5, axis=0) for v in values]
    reserve = np.full((5, 2), 0.1)
    table = agenda_table(values, None, reserve, [0] * 16)
    # utilities of the agendas whose every issue is settled in the only way there is to settle it
    masks = np.arange(2**16)
    settled = sum((masks >> i & 1)[:, None] * values[i][0, :, 1] for i in range(16))
    suits = (settled >= 0.1).all(axis=1)
    for i in range(16):
        on = (masks >> i & 1).astype(bool)
        suits[on] |= suits[masks[on] ^ (1 << i)]
    assert (table.exists == suits).all() and (table.best == suits).all()
    listed = agenda_table(values, None, reserve, [0] * 16, subsets=[0, 257, 2**16 - 1])
    assert listed.exists.tolist() == table.exists[[0, 257, 2**16 - 1]].tolist()


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_no_digit(threads):
    rng = np.random.default_rng(2)
    values, reserve = [rng.random((60, 2, 3)) for _ in range(5)], rng.uniform(2.0, 3.2, (60, 2))
    one = agenda_table(values, None, reserve, [0] * 5, group=np.arange(60) // 10, threads=1)
    other = agenda_table(values, None, reserve, [0] * 5, group=np.arange(60) // 10, threads=threads)
    assert (one.exists_hits == other.exists_hits).all() and (one.packages == other.packages).all()


@given(many_draws(parties=(1, 3), draws=1))
def test_one_agenda_without_uncertainty(problem):
    values, vetoes, _, status_quo, _ = problem
    plain, barred = [v[0] for v in values], None if vetoes is None else [v[0] for v in vetoes]
    now = brute.utilities(plain, status_quo)
    for mask in range(2 ** len(plain)):
        point = agenda_point(plain, status_quo, mask=mask, vetoes=barred)
        on = agenda_issues(mask)
        choices = [
            p for p in brute.packages(plain) if all(i in on or p[i] == status_quo[i] for i in range(len(p)))
        ]
        better = {
            p: brute.utilities(plain, p) - now
            for p in choices
            if (brute.utilities(plain, p) > now + 1e-9).all() and not brute.vetoed(barred, p)
        }
        assert point.outcomes == len(choices)
        assert point.zopa_fraction == len(better) / len(choices)
        assert point.max_joint_gain == max((g.sum() for g in better.values()), default=0.0)
        if better:
            assert better[point.package].prod() == max(g.prod() for g in better.values())
        else:
            assert point.nash is None and point.package is None


def test_masks_and_issues():
    assert agenda_issues(0b10110) == (1, 2, 4)
    assert agenda_mask([4, 1, 2, 1]) == 0b10110


def test_what_cannot_be_tabled_is_named(monkeypatch):
    values, reserve = [np.zeros((4, 2, 2))] * 3, np.zeros((4, 2))
    with pytest.raises(ValueError, match="status_quo is"):
        agenda_table(values, None, reserve, [0, 0, 2])
    with pytest.raises(ValueError, match="masks between 0 and 7"):
        agenda_table(values, None, reserve, [0, 0, 0], subsets=[8])
    with pytest.raises(ValueError, match="refuses must be boolean"):
        agenda_table(values, None, reserve, [0, 0, 0], refuses=np.zeros((4, 2, 2), dtype=bool))
    with pytest.raises(ValueError, match="21 issues have more agendas than can be tabled"):
        agenda_table([np.zeros((1, 1, 1))] * 21, None, np.zeros((1, 1)), [0] * 21)
    monkeypatch.setattr(agendas, "MAX_COUNTS", 10)
    with pytest.raises(ValueError, match="8 agendas × 2 groups"):
        agenda_table(values, None, reserve, [0, 0, 0], group=np.array([0, 0, 1, 1]))


def test_a_search_that_is_not_finished_says_so(monkeypatch):
    rng = np.random.default_rng(1)
    monkeypatch.setattr(best_package, "MAX_VISITS", 20)
    values, reserve = [rng.random((9, 2, 3)) for _ in range(4)], np.full((9, 2), 2.0)
    with pytest.raises(ValueError, match="3 × 3 × 3 × 3 options over 9 draws was not proven within 20"):
        agenda_table(values, None, reserve, [0] * 4)


# -- the smallest agendas --------------------------------------------------------------------------------------------


@given(many_draws(), st.booleans(), st.sampled_from([0.1, 0.25, 0.5, 0.75, 1.0]), st.booleans())
def test_smallest_agendas_are_the_definition(problem, refusing, threshold, one_by_one):
    values, vetoes, reserve, status_quo, refuses = problem
    refuses = refuses & refusing
    reached = [
        mask
        for mask in range(1, 2 ** len(values))
        if definition(values, vetoes, reserve, status_quo, refuses, mask, False)[1]
        >= threshold * len(reserve)
    ]
    least = {m for m in reached if not any(k != m and k & m == k for k in reached)}
    with pytest.MonkeyPatch.context() as patched:
        if one_by_one:
            patched.setattr(agendas, "MAX_SPREAD", 0)
        found = smallest_agendas(values, vetoes, reserve, status_quo, threshold=threshold, refuses=refuses)
    assert set(found.masks) == least and len(found.masks) == len(least)
    assert found.whole == len(values)
    assert [m.bit_count() for m in found.masks] == sorted(m.bit_count() for m in found.masks)


def test_agendas_too_many_to_measure_are_looked_at_size_by_size(monkeypatch):
    values = [np.array([[[0.0, 0.1], [0.0, 0.1]]])] * 6
    monkeypatch.setattr(agendas, "MAX_SPREAD", 0)
    monkeypatch.setattr(agendas, "ONE_BY_ONE", 30)
    some = smallest_agendas(values, None, np.full((1, 2), 0.15), [0] * 6, threshold=0.5)
    assert some.masks == tuple(agenda_mask(pair) for pair in combinations(range(6), 2))
    assert (some.whole, some.measured) == (6, 21)
    none = smallest_agendas(values, None, np.full((1, 2), 0.35), [0] * 6, threshold=0.5)
    assert (none.masks, none.whole, none.measured) == ((), 2, 21)
    with pytest.raises(ValueError, match=r"threshold is 1\.5"):
        smallest_agendas(values, None, np.full((1, 2), 0.35), [0] * 6, threshold=1.5)


def test_sets_that_hold_no_other():
    assert inclusion_minimal([0b111, 0b011, 0b100, 0b110, 0b011]) == (0b100, 0b011)
    assert inclusion_minimal([]) == ()


@given(many_draws(parties=(1, 3)))
def test_gains_are_those_of_every_agenda_point(problem):
    """Package by package, and by frontiers (``agenda_point``)."""
    values, vetoes, _, status_quo, _ = problem
    barred = [np.zeros(v.shape, dtype=bool) for v in values] if vetoes is None else vetoes
    now = sum(v[:, :, k] for v, k in zip(values, status_quo, strict=True))
    found = gains_over(values, barred, now)
    mask = 2 ** len(values) - 1
    for d in range(len(now)):
        point = agenda_point([v[d] for v in values], status_quo, mask=mask, vetoes=[v[d] for v in barred])
        assert found.better[d] == point.zopa_fraction
        assert found.joint[d] == point.max_joint_gain
        if point.nash is None:
            assert found.gain[d].tolist() == [0.0] * now.shape[1]
        else:
            assert found.gain[d].prod() == (point.nash - now[d]).prod()
