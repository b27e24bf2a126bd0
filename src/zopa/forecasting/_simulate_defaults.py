"""What the simulation takes where a case writes nothing: each an estimate with its reason, counted as assumed."""

from dataclasses import dataclass

import numpy as np

from zopa.case.draws import Draws
from zopa.estimate import UNIT, Array, Bounds, ignorance, parse


@dataclass(frozen=True, slots=True)
class Default:
    """An estimate as a case would write it, its legal range, and where it comes from."""

    estimate: str
    bounds: Bounds
    source: str


DEFAULTS = {
    "round_days": Default("7 to 60", Bounds(1.0, 365.0), "one to eight weeks from one meeting to the next"),
    "concession": Default(
        "0.5 to 4", Bounds(0.2, 10.0), "from conceder to holding out: Faratin, Sierra and Jennings 1998"
    ),
    "breakdown": Default(
        "0.05 to 0.4",
        Bounds(0.0, 3.0),
        "of crises since 1945 open on day 30, a third end within 90 days without agreement, .13 a month: ICB v14",
    ),
    "resumption": Default("0.2 to 1.5", Bounds(0.0, 6.0), "three weeks to five months to come back"),
    "mediator_text": Default("0.1 to 0.5", UNIT, "where a mediator is among the parties"),
    "retaliation": Default("0.5 to 0.9", UNIT, "who is struck answers more often than not"),
    "widens": Default(
        "0.3 to 0.8",
        UNIT,
        "39 % of crises since 1945 with serious violence were wars (ICB v14); some 70 % of those struck answer",
    ),
    "force_days": Default("4 to 40", Bounds(0.0, 180.0), "mean days from a failure to the use of force"),
    "patience": Default(
        "90 to 365",
        Bounds(30.0, 730.0),
        "72 % of crises since 1945 were over within 180 days, 92 % within a year: ICB v14",
    ),
}
"""By name; those that ``talks`` has a word for stand under it in a case."""


@dataclass
class Numbers:
    """Numbers of the section ``talks`` in some draws; remembers which of them nobody wrote."""

    draws: Draws
    missing: list[str]

    def get(self, name: str, party: str | None = None) -> Array:
        """(draws,) as written in the case, for a party where it is by party; else the default."""
        path = f"talks.{name}" if party is None else f"talks.{name}.{party}"
        if path in self.draws.quantities:
            return self.draws.number(path)
        return self.default(name, path)

    def default(self, name: str, path: str) -> Array:
        """(draws,) the default; at ignorance unless assumptions count."""
        default = DEFAULTS[name]
        self.missing.append(name)
        if self.draws.evidence == "all":
            u = self.draws.uniforms(path)
            return parse(default.estimate, default.bounds).quantile(u, default.bounds)
        return ignorance(self.draws.uniforms(f"{path}/ignorance"), default.bounds)

    def written(self, name: str, party: str) -> Array:
        """(draws,) as written in the case, 0 where nobody wrote it: nobody said that this could be."""
        path = f"talks.{name}.{party}"
        return self.draws.number(path) if path in self.draws.quantities else np.zeros(self.draws.n)
