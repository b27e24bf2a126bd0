"""Rows of ``ask``: what is asked, what each answer would make of which conclusion, and what that is worth."""

from dataclasses import dataclass
from typing import Literal

from zopa.methods.sensitivity import Information
from zopa.result import Chance

Kind = Literal["unknown", "contradiction", "origin", "reading", "number"]
KINDS: tuple[Kind, ...] = ("unknown", "contradiction", "origin", "reading", "number")
"""Of two questions worth the same, the one in the case's own words comes first."""
On = Literal["forecast", "zone", "wants"]
SMALL = 0.01
"""One point: an answer that moves a conclusion by less is not worth a meeting's time."""
CLEAR = 4.0
"""Standard errors by which a value must exceed nothing: some thousands of them are compared, and of that many noise
alone would put a few beyond three."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, how likely it is as the case stands (None for a number's ends), and the conclusion given it."""

    answer: str
    share: float | None
    forecast: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What the answers make of one conclusion: a question of the forecast, P(exists) of the ``zone``, or how likely a
    reading is in ``wants`` (``question`` its party and id with a dot)."""

    on: On
    question: str
    now: float
    answers: tuple[Answer, ...]
    value: Information

    @property
    def clear(self) -> bool:
        """Whether the answers move it by a point at least, and by more than noise."""
        if not self.answers:
            return False
        reach = max(abs(answer.forecast - self.now) for answer in self.answers)
        return reach >= SMALL and self.value.value > CLEAR * self.value.error


@dataclass(frozen=True, slots=True)
class AskRow:
    """One question worth putting.

    ``subject``: the origins of a claim or a contradiction; of an unknown its id, then origins; a party; or the path of
    a number. ``whom``: ids of people and parties, or a voice as the record has it. ``stands``: the probability it moves
    most, as the case stands, and ``effect`` what the answers make of it; ``also``: what else it clearly moves.
    ``shared``: subjects of further questions about the same matter. ``bears_on``: the number by which a claim moves it
    most, by path.
    """

    rank: int
    kind: Kind
    subject: tuple[str, ...]
    whom: tuple[str, ...]
    stands: Chance
    effect: Effect
    also: tuple[Effect, ...]
    shared: tuple[str, ...]
    bears_on: str | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that could be asked, with all it could move; ``core`` is what it is about, ``touches`` what else an
    answer would speak of, ``beside`` what some entry of the case cites beside it."""

    kind: Kind
    subject: tuple[str, ...]
    effects: tuple[Effect, ...]
    core: frozenset[str]
    touches: frozenset[str]
    beside: frozenset[str]
    because: tuple[str, ...]

    @property
    def best(self) -> Effect | None:
        """What it moves most: of the forecast if it moves that at all, else of the rest; None where nothing moves."""
        clear = [effect for effect in self.effects if effect.clear]
        first = [effect for effect in clear if effect.on == "forecast"] or clear
        return max(first, key=lambda effect: effect.value.value, default=None)

    def overlaps(self, other: "Matter") -> bool:
        """Whether the two are about the same matter; also where an entry that either holds up moves the same."""
        if self.core & other.touches or other.core & self.touches:
            return True
        best, others = self.best, other.best
        same = best is not None and others is not None and best.question == others.question
        return same and bool(self.core & other.beside or other.core & self.beside)


def chosen(matters: list[Matter], most: int) -> list[tuple[Matter, tuple[Matter, ...]]]:
    """The matters worth most, no two about the same, each with those about the same that it stands for."""
    moving = [matter for matter in matters if matter.best is not None]
    moving.sort(key=_order)
    kept: list[tuple[Matter, list[Matter]]] = []
    for matter in moving:
        same = [others for first, others in kept if first.overlaps(matter)]
        if same:
            same[0].append(matter)
        elif len(kept) < most:
            kept.append((matter, []))
    return [(first, tuple(others)) for first, others in kept]


def _order(matter: Matter) -> tuple[bool, float, int, tuple[str, ...]]:
    best = matter.best
    if best is None:
        raise ValueError("a matter that moves nothing has no place")
    return best.on != "forecast", -best.value.value, KINDS.index(matter.kind), matter.subject
