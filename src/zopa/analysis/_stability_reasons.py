"""Why a state holds or does not, side by side: the improvement, the sanction, and the answer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.case.conflict import Conflict
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import party_name
from zopa.case.rankings import overruling
from zopa.case.verdicts import Central
from zopa.methods.graph_model import Lattice
from zopa.methods.preferences import Ranks
from zopa.methods.verdicts import Answer, explain
from zopa.result import Share, share_of
from zopa.words import Language, joined, say


@dataclass(frozen=True, slots=True)
class Step:
    """One move: whose, and from which state to which, by number."""

    party: str
    start: int
    to: int


@dataclass(frozen=True, slots=True)
class Told:
    """One improvement of a side, the answer that would take it away (in moves of the others), and its way out of it."""

    to: int
    answer: tuple[Step, ...]
    escape: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a side would stay in a state, or leave it, in the central rankings; ``share``: in how many draws it stays.

    ``tempting``: where it would gain by moving to most often, by number, and in how many draws. ``outcomes``: the
    endings of which it is the steadiest state, None for the status quo.
    """

    n: int
    outcomes: tuple[str | None, ...]
    party: str
    concept: str
    stable: bool
    share: Share | None
    improvements: tuple[Told, ...]
    tempting: tuple[int, Share] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose verdict on which state, by index, and under which concept."""

    state: int
    party: int
    concept: str


@dataclass(frozen=True, eq=False)
class Lures:
    """Where each party would gain by moving to, in every draw: ``rankings`` (D, P, S) by way to draw."""

    conflict: Conflict
    ways: Mapping[Evidence, Draws]
    rankings: Mapping[Evidence, Ranks]

    def strongest(self, party: int, state: int) -> tuple[int, Share] | None:
        """The move a party would gain by in most draws, by number, and in how many; None where it never would."""
        moves = self.conflict.graph.moves(party, state)
        if not len(moves):
            return None
        gains = [self._gains("all", party, state, int(to)) for to in moves]
        best = int(np.argmax([found.mean() for found in gains]))
        if not gains[best].any():
            return None
        to = int(moves[best])
        hits: dict[Evidence, Bool] = {"all": gains[best], "none": self._gains("none", party, state, to)}
        return int(self.conflict.numbers[to]), share_of(hits, self.ways)

    def _gains(self, evidence: Evidence, party: int, state: int, to: int) -> Bool:
        """(D,) where a state is better than another, single pairs included."""
        own = self.rankings[evidence][:, party]
        better = np.broadcast_to(own[:, to] > own[:, state], self.ways[evidence].n)
        named = overruling(self.ways[evidence], self.conflict)
        for (who, best, worst), on in zip(named.pairs, named.on.T, strict=True):
            if who == party and {best, worst} == {to, state}:
                better = np.where(on, best == to, better)
        return np.asarray(better)


def reason_at(
    conflict: Conflict,
    central: Central,
    asked: Asked,
    *,
    share: Share | None = None,
    lures: Lures | None = None,
    outcomes: tuple[str | None, ...] = (),
) -> Reason:
    """The reason of one side at one state."""
    assert central.better is not None
    found = explain(
        conflict.model,
        central.better,
        party=asked.party,
        state=asked.state,
        concept=asked.concept,
        unseen=conflict.unseen,
    )
    return Reason(
        n=int(conflict.numbers[asked.state]),
        outcomes=outcomes,
        party=conflict.parties[asked.party],
        concept=asked.concept,
        stable=found.stable,
        share=share,
        improvements=tuple(_told(conflict, answer) for answer in found.improvements),
        tempting=None if lures is None else lures.strongest(asked.party, asked.state),
    )


def _told(conflict: Conflict, answer: Answer) -> Told:
    number = conflict.numbers
    steps = tuple(
        Step(conflict.parties[p], int(number[a]), int(number[b])) for p, a, b in answer.sanction or ()
    )
    return Told(
        to=int(number[answer.to]),
        answer=steps,
        escape=None if answer.escape is None else int(number[answer.escape]),
    )


# ---- in words --------------------------------------------------------------------------------------------------------


def said(conflict: Conflict, reason: Reason, lang: Language) -> str:
    """The reason as a sentence: of several improvements the one that decides, the others counted."""
    if not reason.improvements:
        return say("stability.reason-nothing", lang)
    loose = [told for told in reason.improvements if not told.answer or told.escape is not None]
    deciding = reason.improvements if reason.stable else loose
    told, more = deciding[0], len(deciding) - 1
    text = say(
        f"stability.reason-{_kind(reason, told)}",
        lang,
        to=change(conflict, reason.n, told.to, lang),
        answer=_answer(conflict, told.answer, lang),
        escape=change(conflict, told.answer[-1].to, told.escape, lang) if told.answer and told.escape else "",
    )
    return text + (say("stability.reason-more", lang, n=more) if more else "")


def _kind(reason: Reason, told: Told) -> str:
    if reason.stable:
        return {"smr": "held-no-way-out", "sseq": "held-no-way-out", "sim": "held-sim"}.get(
            reason.concept, "held"
        )
    # Each concept counts other answers: none, any, those that are better for who gives them, those made at once.
    return (
        "escape"
        if told.answer
        else f"free-{ {'smr': 'gmr', 'sseq': 'seq'}.get(reason.concept, reason.concept) }"
    )


def _answer(conflict: Conflict, steps: Sequence[Step], lang: Language) -> str:
    parts = [
        say(
            "stability.answer",
            lang,
            party=party_name(conflict.file, step.party, lang),
            change=change(conflict, step.start, step.to, lang),
        )
        for step in steps
    ]
    return ("；" if lang == "zh" else "; ").join(parts)


def change(conflict: Conflict, start: int, to: int, lang: Language) -> str:
    """A move in words: what it takes up and what it ends; in graph form, where it leads."""
    if not isinstance(conflict.model, Lattice):
        name = conflict.label(conflict.places[to], lang)
        return say("stability.to-state", lang, n=to, name=name)
    before, after = (conflict.taken(conflict.places[n]) for n in (start, to))
    names = {o.id: o.name.get(lang) for o in conflict.standoff.options}
    changed = [o for o in conflict.options if before[o] != after[o]]
    # What begins comes first: "the end of A and B" would leave open whether B ends too.
    parts = [
        say("stability.taking" if after[o] else "stability.dropping", lang, option=names[o])
        for o in sorted(changed, key=lambda o: before[o])
    ]
    return joined(parts, lang)
