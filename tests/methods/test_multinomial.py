"""Regularised multinomial logit: against a general minimiser, and what it must not depend on."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from zopa.methods.multinomial import Logit, fit_logit, softmax


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 4))
    truth = random.normal(size=(4, 3))
    y = np.array([random.choice(3, p=row) for row in softmax(x @ truth + [0.5, 0.0, -0.5])])
    return x, y, random.uniform(0.2, 2.0, 200)


def reference(x: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int, penalty: float) -> np.ndarray:
    """The same maximum by a general minimiser: probabilities at the data."""
    design = np.column_stack([np.ones(len(x)), x])

    def loss(flat: np.ndarray) -> float:
        at = flat.reshape(design.shape[1], classes)
        scores = design @ at
        logs = scores[np.arange(len(y)), y] - logsumexp(scores, axis=1)
        return float(-(w * logs).sum() + penalty / 2 * (at[1:] ** 2).sum() + 1e-9 * (at[0] ** 2).sum())

    found = minimize(
        loss,
        np.zeros(design.shape[1] * classes),
        method="L-BFGS-B",
        options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9},
    )
    return softmax(design @ found.x.reshape(design.shape[1], classes))


@pytest.mark.parametrize("penalty", [0.5, 20])
def test_is_the_maximum_a_general_minimiser_finds(data, penalty):
    x, y, w = data
    found = fit_logit(x, y, classes=3, penalty=penalty, weights=w).predict(x)
    assert found == pytest.approx(reference(x, y, w, 3, penalty), abs=2e-4)


def test_two_classes_are_the_binary_logit_with_half_the_penalty(data):
    x, y, _ = data
    yes = (y == 2).astype(np.int64)

    def loss(at: np.ndarray) -> float:
        score = at[0] + x @ at[1:]
        return float(np.logaddexp(0, np.where(yes == 1, -score, score)).sum() + 3.0 / 4 * (at[1:] ** 2).sum())

    best = minimize(loss, np.zeros(5), method="BFGS", options={"gtol": 1e-7}).x
    found = fit_logit(x, yes, classes=2, penalty=3.0).predict(x)[:, 1]
    assert found == pytest.approx(expit(best[0] + x @ best[1:]), abs=1e-4)


def test_renaming_classes_renames_the_answer(data):
    x, y, w = data
    other = np.array([2, 0, 1])
    a = fit_logit(x, y, classes=3, penalty=5, weights=w).predict(x)
    b = fit_logit(x, other[y], classes=3, penalty=5, weights=w).predict(x)
    assert a == pytest.approx(b[:, other], abs=1e-7)


def test_a_weight_of_two_is_two_cases(data):
    x, y, _ = data
    twice = np.where(np.arange(len(y)) < 50, 2.0, 1.0)
    a = fit_logit(x, y, classes=3, penalty=5, weights=twice)
    b = fit_logit(np.concatenate([x, x[:50]]), np.concatenate([y, y[:50]]), classes=3, penalty=5)
    assert a.coefficients == pytest.approx(b.coefficients, abs=1e-6)


def test_an_endless_penalty_leaves_the_rates(data):
    x, y, w = data
    found = fit_logit(x, y, classes=3, penalty=1e9, weights=w).predict(x[:1])[0]
    assert found == pytest.approx(np.bincount(y, w) / w.sum(), abs=1e-5)


def test_a_class_that_never_came_about_gets_next_to_nothing():
    x = np.linspace(-1, 1, 30)[:, None]
    y = (x[:, 0] > 0).astype(np.int64)
    found = fit_logit(x, y, classes=3, penalty=1.0).predict(x)
    assert np.isfinite(found).all() and found[:, 2].max() < 0.01


def test_whole_numbers_as_penalty_are_numbers_too(data):
    x, y, _ = data
    assert fit_logit(x, y, classes=3, penalty=5).coefficients == pytest.approx(
        fit_logit(x, y, classes=3, penalty=5.0).coefficients
    )


def test_probabilities_of_many_cases_at_once():
    logit = Logit(np.array([[0.0, 0.0], [0.0, np.log(3)]]))
    assert logit.predict(np.array([[[1.0]], [[0.0]]])) == pytest.approx(
        np.array([[[0.25, 0.75]], [[0.5, 0.5]]])
    )


@pytest.mark.parametrize(
    "bad",
    [{"penalty": 0.0}, {"classes": 2}, {"weights": np.ones(3)}],
)
def test_what_does_not_fit_is_refused(data, bad):
    x, y, _ = data
    with pytest.raises(ValueError, match="fit_logit"):
        fit_logit(x, y, **{"classes": 3, "penalty": 1.0, **bad})
