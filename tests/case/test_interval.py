"""The range of a number over the grade table: likelihoods of switch states, checked against frequencies."""

import numpy as np
import pytest

from zopa.case.draws import INNER
from zopa.case.examples import open_case
from zopa.methods.intervals import outer_interval


def test_likelihood_of_what_a_draw_decided_matches_its_frequency() -> None:
    draws = open_case("muscat-2026").draws(200 * INNER, seed=3)
    switches = draws.switches
    log = switches.log_likelihood()
    assert log.shape == (200, draws.n)
    own = log[draws.group, np.arange(draws.n)]
    assert np.isfinite(own).all()
    # Among equally likely groups, a group's own draws are more likely there than draws of other groups are.
    others = np.where(np.arange(200)[:, None] == draws.group[None, :], np.nan, log)
    assert own.mean() > np.nanmean(np.where(np.isfinite(others), others, np.nan))


def test_the_range_is_that_of_many_more_draws() -> None:
    case = open_case("muscat-2026")
    path = "preferences.iran.no_deal.value"
    few, many = (case.draws(n, seed=1, evidence="cited") for n in (2000, 50_000))
    a, b = (d.interval(d.stated(path)[1]) for d in (few, many))
    # Whether a cited estimate stands depends on the grade table alone: its range is wide against its mean.
    assert b.high - b.low > b.mean
    assert a.low == pytest.approx(b.low, abs=0.02) and a.high == pytest.approx(b.high, abs=0.03)


def test_total_ignorance_has_hardly_a_range_over_the_grade_table() -> None:
    case = open_case("muscat-2026")
    ours, groups = [], []
    for seed in range(8):
        draws = case.draws(2000, seed=seed, evidence="none")
        hits = (draws.number("preferences.us.no_deal.value") > 0.5).astype(float)
        found, plain = draws.interval(hits), outer_interval(hits, draws.group)
        ours.append(found.high - found.low)
        groups.append(plain.high - plain.low)
    assert np.mean(ours) < 0.07
    assert max(ours) < max(groups)


def test_too_few_draws_for_a_range_are_refused() -> None:
    draws = open_case("muscat-2026").draws(30)
    with pytest.raises(ValueError, match="at least 50"):
        draws.interval(np.ones(30))
