"""Why a state holds or does not, side by side: the improvement, the sanction, and the answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.case.conflict import Conflict
from zopa.case.names import party_name
from zopa.case.verdicts import Central
from zopa.methods.graph_model import Lattice
from zopa.methods.preferences import Ranks
from zopa.methods.verdicts import Answer, explain
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
    share: float
    improvements: tuple[Told, ...]
    tempting: tuple[int, float] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose verdict on which state, by index, and under which concept."""

    state: int
    party: int
    concept: str


def tempting(conflict: Conflict, rankings: Ranks, asked: Asked) -> tuple[int, float] | None:
    """The move a party would gain by in most draws, and in how many; None where it never would.

    ``rankings`` (D, P, S) as drawn.
    """
    moves = conflict.graph.moves(asked.party, asked.state)
    if not len(moves):
        return None
    own = rankings[:, asked.party]
    shares = (own[:, moves] > own[:, asked.state, None]).mean(axis=0)
    best = int(shares.argmax())
    return (int(conflict.numbers[moves[best]]), float(shares[best])) if shares[best] > 0 else None


def reason_at(
    conflict: Conflict,
    central: Central,
    rankings: Ranks,
    asked: Asked,
    *,
    share: float,
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
        tempting=tempting(conflict, rankings, asked),
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
        return "held-no-way-out" if reason.concept in ("smr", "sseq") else "held"
    return "escape" if told.answer else "free"


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
