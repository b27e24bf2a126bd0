"""Positions, capabilities and saliences on one issue, drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zopa.case.draws import Draws
from zopa.case.influence import Stake
from zopa.case.model import CaseFile
from zopa.case.quantities import Basis, basis_of, quantities
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array


@dataclass(frozen=True)
class Standing:
    """One issue, drawn: ``positions`` (D, N) on the scale from 0 to 1, ``capability`` (D, N) as shares of one,
    ``salience`` (D, N) from 0 to 1; ``options`` (K,) where the options lie on the scale."""

    issue: str
    actors: tuple[str, ...]
    options: Array
    positions: Array
    capability: Array
    salience: Array

    @cached_property
    def weights(self) -> Array:
        """(D, N) capability × salience, each actor's share of the whole; alike where nobody cares at all."""
        raw = self.capability * self.salience
        total = raw.sum(axis=1, keepdims=True)
        return np.asarray(
            np.where(total > 0, raw / np.where(total > 0, total, 1.0), 1 / len(self.actors)), dtype=float
        )


def arenas(file: CaseFile) -> tuple[str, ...]:
    """The issues on which the case says who stands where; ``IncompleteCaseError`` where there is none."""
    if not file.influence:
        raise IncompleteCaseError.of("needs-influence")
    return tuple(file.influence)


def standing(draws: Draws, issue: str) -> Standing:
    """Who stands where on one issue of the case's ``influence``; ``KeyError`` for an issue without it.

    Ignorance: a position and a salience are uniform from 0 to 1, capabilities take flat Dirichlet shares.
    """
    actors = draws.case.file.influence[issue].actors
    prefix = f"influence.{issue}.actors"
    scale = len(draws.case.file.issues[issue].options)
    return Standing(
        issue=issue,
        actors=tuple(actors),
        options=np.linspace(0.0, 1.0, scale),
        positions=np.stack([_position(draws, issue, a, stake) for a, stake in actors.items()], axis=1),
        capability=draws.shares([f"{prefix}.{a}.capability" for a in actors]),
        salience=np.stack([draws.number(f"{prefix}.{a}.salience") for a in actors], axis=1),
    )


def _position(draws: Draws, issue: str, actor: str, stake: Stake) -> Array:
    path = f"influence.{issue}.actors.{actor}.position"
    values, holds = draws.stated(path)
    if stake.option is not None:
        found = draws.case.file.issues[issue]
        at = found.index(stake.option) / (len(found.options) - 1)
        # A reading may place the actor elsewhere: what it sets goes before the option.
        values = np.where(holds, values, at)
        holds = holds | draws.stands(draws.quantity(path).basis)
    return np.where(holds, values, draws.uniforms(f"{path}/ignorance"))


def inputs(file: CaseFile, issue: str) -> tuple[tuple[str, ...], tuple[Basis, ...]]:
    """What the numbers of an issue are made of: paths of estimates, and the bases of options stood for and of readings
    that set any of them."""
    every = quantities(file)
    prefix = f"influence.{issue}.actors"
    sections = [
        f"{prefix}.{a}.{part}" for a in file.influence[issue].actors for part in _parts(file, issue, a)
    ]
    bases = [
        every[f"{prefix}.{a}.position"].basis
        for a, stake in file.influence[issue].actors.items()
        if stake.option is not None
    ]
    for party, basis in _readings(file, prefix):
        sections.append(f"readings.{party}")
        bases.append(basis)
    return tuple(dict.fromkeys(sections)), tuple(bases)


def _parts(file: CaseFile, issue: str, actor: str) -> tuple[str, ...]:
    placed = file.influence[issue].actors[actor].option is not None
    return ("capability", "salience") if placed else ("position", "capability", "salience")


def _readings(file: CaseFile, prefix: str) -> Iterator[tuple[str, Basis]]:
    for party, readings in file.readings.items():
        for reading in readings:
            if any(path.startswith(prefix + ".") for path in reading.sets):
                yield party, basis_of(reading)
