"""What happened and what may: moves, history, talks, questions, scenarios, judgements, unknowns."""

from typing import Literal

from pydantic import Field

from zopa.case.fields import NOT_STATED, Amount, Day, Entry, Gain, Id, Month, Share, Text


class Consequence(Entry):
    """What an alternative would lead to: a package, no deal, or an event of the standoff, with its chance."""

    chance: Share = NOT_STATED
    package: dict[Id, Id] | None = None
    no_deal: bool = False
    setting: Id | None = None
    event: str | None = None
    gain: Gain | None = None
    """Added to the mover's utility on its own 0–1 scale (a cost is negative)."""


class Alternative(Entry):
    """One thing a party could have done at that point."""

    id: Id
    name: Text | None = None
    nest: Id | None = None
    """Near-identical alternatives share a nest, so that splitting one changes nothing."""
    leaves: bool = False
    """It breaks off the talks: only such choices tell about walk-away values."""
    does: tuple[Id, ...] = ()
    """Options of the standoff that the mover takes by it."""
    undoes: tuple[Id, ...] = ()
    """Options of the standoff that the mover drops by it."""
    moves_to: int | None = Field(default=None, ge=1)
    """State of the standoff it leads to, where the standoff is given as a graph."""
    leads_to: tuple[Consequence, ...] = ()


class Move(Entry):
    """A dated choice: what a party did, over which alternatives."""

    id: Id
    party: Id
    on: Day
    name: Text
    chosen: Id
    over: tuple[Alternative, ...] = ()
    """All alternatives, the chosen one among them."""


class Episode(Entry):
    """An earlier round or episode, how it ended and what broke it off."""

    id: Id
    name: Text
    start: Day | None = None
    end: Day | None = None
    month: Month | None = None
    """Where the record gives no day."""
    rounds: int | None = Field(default=None, ge=0)
    outcome: Text | None = None
    broken_off_by: Text | None = None


class Deadline(Entry):
    """A day that presses on one or more parties."""

    id: Id
    name: Text
    on: Day | None = None
    month: Month | None = None
    presses: tuple[Id, ...] = ()


class Talks(Entry):
    """Calendar and assumptions of the simulated talks."""

    starts: Day | None = None
    horizon: Day | None = None
    deadlines: tuple[Deadline, ...] = ()
    round_days: Amount | None = None
    concession: dict[Id, Amount] = Field(default_factory=dict)
    """Exponent of each negotiator's concession curve: below 1 it concedes early, above 1 late."""
    breakdown: Amount | None = None
    """Breakdowns a month while talks last."""
    resumption: Amount | None = None
    """Resumptions a month while talks are broken off."""
    outside_action: dict[Id, Amount] = Field(default_factory=dict)
    """Unilateral acts a month by parties that can act on their own."""
    strike: dict[Id, Share] = Field(default_factory=dict)
    """Probability that a party with force uses it after failure."""
    retaliation: dict[Id, Share] = Field(default_factory=dict)
    regime_breaks: dict[Id, Share] = Field(default_factory=dict)
    mediator_text: Share | None = None


class Question(Entry):
    """A dated question with wording by which it can be resolved."""

    id: Id
    text: Text
    by: Day
    resolves: Text
    """How it is decided, fixed before the answer is known."""
    when: str | None = None
    """Rule over the end state at the common date: ``deal``, ``serious``, ``war``, ``open``, ``regime_breaks`` or
    ``PARTY-acts``."""
    event: Literal["meeting", "direct", "second-round"] | None = None
    """What it asks of the talks on the way, where it is no rule: whether they meet, speak directly, meet again."""


class Scenario(Entry):
    """One of an exclusive and exhaustive list of endings at one common date."""

    id: Id
    name: Text
    when: str
    """Rule over the end state, read when the first of ``deal``, ``serious`` and ``regime_breaks`` came about."""
    told_by: tuple[Id, ...] = ()


class Judgement(Entry):
    """A forecast somebody made: the words, the range they stand for, and the speaker's stake in it."""

    id: Id
    who: Text
    person: Id | None = None
    party: Id | None = None
    stake: Literal["party", "ally", "none"]
    words: Text
    probability: Share = NOT_STATED
    on: Id | None = None
    """Question or scenario it speaks of."""
    said_on: Day | None = None


class Unknown(Entry):
    """A question the record itself leaves open, and who could answer it."""

    id: Id
    text: Text
    answer_from: tuple[Id, ...] = ()


class ContradictionNote(Entry):
    """A person's word on two claims: that they contradict each other (or do not), and which one stood."""

    a: str
    b: str
    kind: Literal["factual", "position", "agenda", "forecast"] = "factual"
    contradict: bool = True
    settled: str | None = None
    """The claim that stood; ``because`` names what settled it."""
