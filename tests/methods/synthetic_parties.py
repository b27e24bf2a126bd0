"""Parties made up from a prior, and moves made by the model: does what is learnt from the moves find the truth again?

A party weighs four issues of three options each (flat Dirichlet weights; options worth 0, something between, and 1),
has a walk-away value, one red line on the worst option of the second issue (absolute with chance ``firm``, 0 to 0.5,
else it costs ``cost``, 0 to 0.3), and one of two readings: a middle option is worth little to it on every issue (0 to
0.2), or much (0.8 to 1). Whatever has a range is uniform on it, [0, 1] where none is named; rationality has its prior.
A move takes one of three alternatives: packages at random, each reached with a chance of 95 to 100 % that is known to
within a twentieth, and in some moves leaving the talks. Without an agreement the party gets its walk-away value; where
the move could not have broken off the talks, the mean over all parties, so that nothing is learnt of that value there.

How much ten moves tell depends on these ranges: the more else is unknown, the less is learnt about weights.
"""

from dataclasses import dataclass

import numpy as np

from zopa.methods.choice import log_choice, rationality
from zopa.methods.intervals import weighted_quantiles
from zopa.methods.posterior import posterior

ISSUES, OPTIONS, ALTERNATIVES = 4, 3, 3
LEAVING = 0.3
"""Share of moves in which one of the alternatives is to leave."""
BINS = 20
"""Bins of a weight's histogram, each holding the same share of the prior."""
LEVELS = (0.05, 0.95)
WEIGHTS = tuple(f"weight {i + 1}" for i in range(ISSUES))
CONTINUOUS = (
    *WEIGHTS,
    *(f"middle option {i + 1}" for i in range(ISSUES)),
    "walk-away value",
    "firm",
    "cost",
    "rationality",
)
BINARY = ("absolute", "reading")


@dataclass(frozen=True, eq=False)
class Parties:
    """Parties drawn from the prior: ``parameters`` (n,) each by name, and what each option of each issue adds."""

    parameters: dict[str, np.ndarray]
    contributions: list[list[np.ndarray]]

    def __len__(self):
        return len(self.parameters["firm"])

    def one(self, k):
        """A single party, as arrays of length 1."""
        return Parties(
            {name: value[k : k + 1] for name, value in self.parameters.items()},
            [[option[k : k + 1] for option in issue] for issue in self.contributions],
        )

    def package(self, options):
        """What a package is worth: 0 behind an absolute red line."""
        worth = sum(self.contributions[i][option] for i, option in enumerate(options))
        if options[1] == 0:
            lost = np.where(self.parameters["absolute"] == 1.0, worth, self.parameters["cost"])
            worth = worth - lost
        return worth


def draw(n, rng, *, lam=None):
    """Parties from the prior, or all with the same rationality ``lam``."""
    weights = rng.dirichlet(np.ones(ISSUES), n)
    reading = (rng.random(n) < 0.5).astype(float)
    middles = 0.8 * reading[:, None] + 0.2 * rng.random((n, ISSUES))
    firm = 0.5 * rng.random(n)
    drawn = rationality(rng.random(n))
    parameters = {
        **{name: weights[:, i].copy() for i, name in enumerate(WEIGHTS)},
        **{f"middle option {i + 1}": middles[:, i].copy() for i in range(ISSUES)},
        "walk-away value": rng.random(n),
        "firm": firm,
        "cost": 0.3 * rng.random(n),
        "rationality": drawn if lam is None else np.full(n, float(lam)),
        "absolute": (rng.random(n) < firm).astype(float),
        "reading": reading,
    }
    contributions = [
        [np.zeros(n), weights[:, i] * middles[:, i], weights[:, i].copy()] for i in range(ISSUES)
    ]
    return Parties(parameters, contributions)


@dataclass(frozen=True, eq=False)
class Offer:
    """One choice put to a party: ``packages`` with None for leaving, and the ``chances`` of reaching each."""

    packages: tuple
    chances: tuple

    @property
    def leaving(self):
        return None in self.packages

    def utilities(self, parties, noise):
        """(n, alternatives): expected utilities; ``noise`` (n, alternatives) uniform, on the chances."""
        nothing = parties.parameters["walk-away value"] if self.leaving else 0.5
        columns = []
        for k, package in enumerate(self.packages):
            if package is None:
                columns.append(np.broadcast_to(nothing, len(parties)))
                continue
            chance = np.minimum(self.chances[k] + 0.05 * (noise[:, k] - 0.5), 1.0)
            columns.append(chance * parties.package(package) + (1.0 - chance) * nothing)
        return np.stack(columns, axis=1)


def offer(rng):
    """A choice at random: three different packages, or two and leaving."""
    numbers = rng.choice(OPTIONS**ISSUES, ALTERNATIVES, replace=False)
    packages = [tuple(int(k) for k in np.unravel_index(n, (OPTIONS,) * ISSUES)) for n in numbers]
    if rng.random() < LEAVING:
        packages[-1] = None
    return Offer(tuple(packages), tuple(rng.uniform(0.95, 1.0, ALTERNATIVES)))


def mistaken(made, rng):
    """The same choice with what one alternative leads to reported wrongly: another package at random."""
    wrong = tuple(int(k) for k in rng.integers(OPTIONS, size=ISSUES))
    return Offer((wrong, *made.packages[1:]), made.chances)


def moves_of(party, offers, rng):
    """What a party takes of each offer, by the model."""
    taken = []
    for made in offers:
        u = made.utilities(party, rng.random((1, ALTERNATIVES)))[0]
        force = np.exp(party.parameters["rationality"][0] * (u - u.max()))
        taken.append(int(rng.choice(ALTERNATIVES, p=force / force.sum())))
    return taken


@dataclass(frozen=True)
class Found:
    """Over all parties: ``coverage`` of 90 % intervals by parameter; ``gain``, nats a weight that the log score of the
    true weight is better than the prior's; ``exponents`` and effective ``sizes`` of each."""

    coverage: dict
    gain: float
    exponents: np.ndarray
    sizes: np.ndarray


def study(*, parties=200, moves=10, draws=20_000, seed=0, lam=None, wrong=0):
    """Learn each party from its moves, all from one shared sample of the prior.

    ``lam``: the true rationality of all, which the learner does not know; ``wrong``: so many moves are reported with
    what one alternative leads to mistaken. The score of a true weight is the log of the posterior share of its bin, of
    bins equally likely a priori, each bin smoothed by one effective draw spread evenly; what is told apart within a
    bin is not counted.
    """
    rng = np.random.default_rng(seed)
    prior, truth = draw(draws, rng), draw(parties, rng, lam=lam)
    edges = {name: np.quantile(prior.parameters[name], np.arange(1, BINS) / BINS) for name in WEIGHTS}
    bins = {name: np.searchsorted(edges[name], prior.parameters[name]) for name in WEIGHTS}
    # Sorted once: quantiles of numbers in order are found much faster.
    order = {name: np.argsort(prior.parameters[name]) for name in CONTINUOUS}
    sorted_ = {name: prior.parameters[name][order[name]] for name in CONTINUOUS}
    inside = {name: [] for name in (*CONTINUOUS, *BINARY)}
    gains, exponents, sizes = [], [], []
    for k in range(parties):
        party = truth.one(k)
        offers = [offer(rng) for _ in range(moves)]
        taken = moves_of(party, offers, rng)
        told = [mistaken(made, rng) if j < wrong else made for j, made in enumerate(offers)]
        found = posterior(log_likelihoods(prior, told, taken, rng), u=rng.random())
        exponents.append(found.exponent)
        sizes.append(found.effective)
        for name in CONTINUOUS:
            low, high = weighted_quantiles(sorted_[name], found.weights[order[name]], LEVELS)
            inside[name].append(low <= party.parameters[name][0] <= high)
        for name in BINARY:
            inside[name].append(_within(prior, party, found.weights, name, rng.random()))
        for name in WEIGHTS:
            share = np.bincount(bins[name], weights=found.weights, minlength=BINS)
            share = (share * found.effective + 1.0 / BINS) / (found.effective + 1.0)
            gains.append(np.log(share[np.searchsorted(edges[name], party.parameters[name][0])] * BINS))
    coverage = {name: float(np.mean(hits)) for name, hits in inside.items()}
    return Found(coverage, float(np.mean(gains)), np.array(exponents), np.array(sizes))


def log_likelihoods(prior, offers, taken, rng):
    """(moves, draws): of what was taken of each offer."""
    rows = [
        log_choice(
            made.utilities(prior, rng.random((len(prior), ALTERNATIVES))),
            chosen,
            rationality=prior.parameters["rationality"],
            weight=1.0,
            nests=range(ALTERNATIVES),
        )
        for made, chosen in zip(offers, taken, strict=True)
    ]
    return np.stack(rows)


def _within(prior, party, weights, name, u):
    """Whether a yes-or-no truth lies in the central 90 %, the jump at its value broken by a uniform number."""
    yes = float(weights @ prior.parameters[name])
    at = 1.0 - yes + u * yes if party.parameters[name][0] == 1.0 else u * (1.0 - yes)
    return LEVELS[0] <= at <= LEVELS[1]
