"""The member that rests on history: one vote, coherent, and what it says in its limits."""

from dataclasses import replace

import numpy as np
import pytest

from zopa.forecasting.member import Part, Sample, Settings, fit, settings, vote

OWN = Settings(
    violence=Part(("trigger-violent", "protracted"), 1.0, None),
    deal=Part(("neighbours",), 1.0, None),
    levels=("trigger-violent",),
    strength=10,
    half_life=None,
    class_violence=0.25,
    class_deal=0.5,
)
NAMES = ("trigger-violent", "protracted", "neighbours")


@pytest.fixture(scope="module")
def sample() -> Sample:
    random = np.random.default_rng(3)
    x = (random.random((400, 3)) < 0.5).astype(np.float64)
    violence = (random.random(400) < 0.1 + 0.6 * x[:, 0]).astype(np.int64) + (
        random.random(400) < 0.3 * x[:, 0]
    )
    deal = (random.random(400) < 0.2 + 0.4 * x[:, 2]).astype(np.int64)
    return Sample(NAMES, x, 3 * deal + violence, np.full(400, 1960.0))


def test_the_vote_is_a_distribution_in_which_war_is_no_likelier_than_serious_violence(sample: Sample):
    found = fit(sample, year=1970, own=OWN).predict(sample)
    assert found.min() > 0 and found.sum(axis=1) == pytest.approx(1.0)
    assert (found[:, [2, 5]].sum(axis=1) < found[:, [1, 2, 4, 5]].sum(axis=1)).all()


def test_what_raises_violence_and_agreements_in_the_data_raises_them_in_the_vote(sample: Sample):
    cases = Sample(
        NAMES, np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 1]]), np.zeros(3, dtype=np.int64), np.full(3, 1960.0)
    )
    calm, violent, near = fit(sample, year=1970, own=OWN).predict(cases)
    assert violent[[1, 2, 4, 5]].sum() > calm[[1, 2, 4, 5]].sum() + 0.2
    assert near[3:].sum() > calm[3:].sum() + 0.1


def test_with_the_class_alone_the_vote_is_its_rates():
    rates = np.array([[0.3, 0.1, 0.1, 0.2, 0.2, 0.1]])
    own = replace(OWN, class_violence=1.0, class_deal=1.0)
    found = vote(own, np.full((1, 3), 1 / 3), np.full((1, 3), 0.9), rates)
    assert found == pytest.approx(rates)


def test_with_the_model_alone_the_class_plays_no_part():
    own = replace(OWN, class_violence=0.0, class_deal=0.0)
    violence, deal = np.array([[0.5, 0.3, 0.2]]), np.array([[0.2, 0.4, 0.6]])
    found = vote(own, violence, deal, np.array([[0.9, 0.02, 0.02, 0.02, 0.02, 0.02]]))
    assert found == pytest.approx(np.array([[0.4, 0.18, 0.08, 0.1, 0.12, 0.12]]))


def test_a_column_that_is_missing_counts_as_its_mean(sample: Sample):
    fitted = fit(sample, year=1970, own=OWN)
    x = np.array([[np.nan, 0.0, 0.0], [fitted.centre["trigger-violent"], 0.0, 0.0]])
    assert fitted.standard(NAMES[:2], x[:, :2])[0, 0] == pytest.approx(
        fitted.standard(NAMES[:2], x[:, :2])[1, 0]
    )


def test_a_covariate_of_the_class_that_is_missing_leaves_the_wider_class(sample: Sample):
    fitted = fit(sample, year=1970, own=OWN)
    assert fitted.class_counts([np.nan]) is fitted.counts[()]
    assert fitted.class_counts([1.0]) is fitted.counts[(1,)]


def test_crises_long_ago_count_less(sample: Sample):
    year = np.where(np.arange(400) < 200, 1900.0, 1969.0)
    ending = np.where(np.arange(400) < 200, 0, 5)
    old = Sample(NAMES, sample.x, ending, year)
    even = fit(old, year=1970, own=OWN).predict(old)[:, 5].mean()
    recent = replace(
        OWN, half_life=10, violence=replace(OWN.violence, half_life=10), deal=replace(OWN.deal, half_life=10)
    )
    assert fit(old, year=1970, own=recent).predict(old)[:, 5].mean() > even + 0.2


def test_settings_that_ship_say_what_they_were_chosen_on():
    for view in ("onset", "in-crisis"):
        own = settings(view)
        assert own.strength > 0 and 0 <= own.class_violence <= 1 and 0 <= own.class_deal <= 1
        assert set(own.levels) <= set(own.columns)
