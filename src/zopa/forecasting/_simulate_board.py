"""The drawn case as the board that worlds are played on."""

import hashlib
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from zopa.case.bargaining import Bargaining, bargaining
from zopa.case.course import Deadline, Talks
from zopa.case.draws import Draws
from zopa.case.end_state import forces as with_force
from zopa.case.end_state import horizon
from zopa.case.evidence import Bool
from zopa.case.meeting import meeting
from zopa.case.model import CaseFile
from zopa.case.settings import Setting
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array
from zopa.forecasting._simulate_defaults import Numbers
from zopa.methods.problem import BoolArray, FloatArray, IntArray
from zopa.methods.world_board import Board, KeyArray
from zopa.methods.worlds import MOST_PACKAGES, texts

SHORTEST = 0.5
"""Days from one meeting to the next at least."""
EVEN = 0.5
"""Chance that they speak directly where nothing tells."""


@dataclass(frozen=True, eq=False)
class Laid:
    """A board, and the names behind its places: ``forces``, ``regimes``; ``missing`` numbers that nobody wrote;
    ``violent``: whether the case says of anybody that it might use force."""

    board: Board
    forces: tuple[str, ...]
    regimes: tuple[str, ...]
    missing: tuple[str, ...]
    violent: bool


def lay(draws: Draws) -> Laid:
    """The board of some draws; ``IncompleteCaseError`` names the section that is missing."""
    file = draws.case.file
    talks = file.talks
    if talks is None:
        raise IncompleteCaseError.of("needs-talks")
    days = (horizon(file) - file.as_of).days
    if days <= 0:
        raise IncompleteCaseError.of("horizon-passed", horizon=horizon(file), as_of=file.as_of)
    problem = bargaining(draws)
    if problem.packages > MOST_PACKAGES:
        raise IncompleteCaseError.of(
            "simulate-too-large", n=f"{problem.packages:,}", most=f"{MOST_PACKAGES:,}"
        )
    numbers = Numbers(draws, [])
    forces, regimes = with_force(file), tuple(p for p in file.parties if p in talks.regime_breaks)
    start = float(max(0, (talks.starts - file.as_of).days)) if talks.starts is not None else 0.0
    late, direct = _settings(draws)
    agendas, closed, disputed = _agendas(draws, problem)
    missed, pressed = _deadlines(file, talks, forces, days)
    foes = {p: _foes(file, p) for p in forces}
    parties = problem.table.parties
    board = Board(
        values=np.ascontiguousarray(np.concatenate(problem.values, axis=2)),
        starts=np.concatenate([[0], np.cumsum(problem.sizes)]).astype(np.int64),
        vetoed=np.concatenate([veto.any(axis=1) for veto in problem.vetoes], axis=1),
        moves=_moves(problem),
        reserve=np.ascontiguousarray(problem.reserve),
        agendas=agendas,
        closed=closed,
        disputed=disputed,
        exponents=_columns([np.maximum(numbers.get("concession", p), 0.0) for p in parties]),
        due=np.array([_due(file, talks, p, start) for p in parties]),
        patience=numbers.default("patience", "talks.patience"),
        impatience=np.zeros((draws.n, len(parties))),
        interval=np.maximum(numbers.get("round_days"), SHORTEST),
        late=late,
        direct=direct,
        text=_text(numbers, file),
        texts=np.full((len(agendas), 1), -1, dtype=np.int64),
        breakdown=numbers.get("breakdown"),
        resumption=numbers.get("resumption"),
        strike=_columns([numbers.written("strike", p) for p in forces], draws.n),
        answer=_columns([_answer(numbers, talks, p) for p in forces], draws.n),
        outside=_columns([numbers.written("outside_action", p) for p in forces], draws.n),
        breaks=_columns([numbers.written("regime_breaks", p) for p in regimes], draws.n),
        widens=numbers.default("widens", "talks.widens"),
        delay=numbers.default("force_days", "talks.force_days"),
        targets=_table(forces, forces, lambda f, g: g in foes[f]),
        seat=np.array([parties.index(f) if f in parties else -1 for f in forces], dtype=np.int64),
        hits=_table(forces, regimes, lambda f, g: g == f or g in foes[f]),
        deadlines=missed,
        pressed=pressed,
        parties=_keys(parties),
        forces=_keys(forces),
        regimes=_keys(regimes),
        start=start,
        horizon=float(days),
    )
    board = board._replace(texts=texts(board))
    violent = bool(talks.strike or talks.outside_action)
    return Laid(board, forces, regimes, tuple(dict.fromkeys(numbers.missing)), violent)


def places(draws: Draws) -> tuple[IntArray, IntArray]:
    """(draws,) which draw of the case each one is, and how often it came before: what its worlds are keyed by."""
    if draws.pick is None:
        return draws.start + np.arange(draws.n), np.zeros(draws.n, dtype=np.int64)
    _, first = np.unique(draws.pick, return_index=True)
    counts = np.diff([*first, draws.n])
    return draws.pick, np.arange(draws.n) - np.repeat(first, counts)


def _columns(columns: Sequence[Array], draws: int = 0) -> FloatArray:
    return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.zeros((draws, 0))


def _table(rows: Sequence[str], columns: Sequence[str], holds: Callable[[str, str], bool]) -> BoolArray:
    found = [[holds(row, column) for column in columns] for row in rows]
    return np.array(found, dtype=np.bool_).reshape(len(rows), len(columns))


def _keys(names: Iterable[str]) -> KeyArray:
    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.array([int.from_bytes(d, "little") for d in digests], dtype=np.uint64)


def _moves(problem: Bargaining) -> IntArray:
    """(options,) bit mask of the issues that an option, or a combination of joined issues, moves."""
    quo = np.array(problem.table.status_quo)
    masks = [
        ((rows != quo[list(group)]) << np.array(group)).sum(axis=1)
        for group, rows in zip(problem.joined, problem.options, strict=True)
    ]
    return np.concatenate(masks).astype(np.int64)


def _text(numbers: Numbers, file: CaseFile) -> Array:
    """(draws,) chance that a mediator puts a text: none where there is no mediator and nobody wrote one."""
    there = any("mediator" in p.role for p in file.parties.values())
    if there or "talks.mediator_text" in numbers.draws.quantities:
        return numbers.get("mediator_text")
    return np.zeros(numbers.draws.n)


def _answer(numbers: Numbers, talks: Talks, party: str) -> Array:
    """(draws,) chance to answer in kind; unwritten, it matters only where somebody could be struck."""
    if party in talks.retaliation or talks.strike or talks.outside_action:
        return numbers.get("retaliation", party)
    return np.zeros(numbers.draws.n)


def _foes(file: CaseFile, party: str) -> frozenset[str]:
    """Against whom a party would use force: its adversaries, and at the table the others; an outside actor without a
    known adversary, the negotiators that are not its allies."""
    there = [(r.kind, {r.from_, r.to}) for r in file.relations if party in (r.from_, r.to)]
    adversaries = {p for kind, pair in there if kind == "adversary" for p in pair} - {party}
    if party in file.negotiators:
        return frozenset(adversaries | (set(file.negotiators) - {party}))
    allies = {p for kind, pair in there if kind == "ally" for p in pair}
    return frozenset(adversaries or set(file.negotiators) - allies - {party})


# ---- deadlines ---------------------------------------------------------------------------------------------------


def _day(file: CaseFile, deadline: Deadline) -> float | None:
    """Days to a deadline; of a month its last day."""
    if deadline.on is not None:
        return float((deadline.on - file.as_of).days)
    if deadline.month is None:
        return None
    year, month = (int(part) for part in str(deadline.month).split("-")[:2])
    return float((date(year, month, monthrange(year, month)[1]) - file.as_of).days)


def _due(file: CaseFile, talks: Talks, party: str, start: float) -> float:
    days = [_day(file, d) for d in talks.deadlines if not d.presses or party in d.presses]
    return min((day for day in days if day is not None and day > start), default=np.inf)


def _deadlines(
    file: CaseFile, talks: Talks, forces: Sequence[str], days: int
) -> tuple[FloatArray, BoolArray]:
    """(M,) days of the deadlines still to come by the common date, and (M, F) for whom missing one is a failure."""
    found = [(day, d.presses) for d in talks.deadlines if (day := _day(file, d)) is not None]
    found = sorted((day, presses) for day, presses in found if 0 <= day <= days)
    pressed = [[not presses or f in presses for f in forces] for _, presses in found]
    return (
        np.array([day for day, _ in found], dtype=np.float64),
        np.array(pressed, dtype=np.bool_).reshape(len(found), len(forces)),
    )


# ---- what to talk about, and how to meet -------------------------------------------------------------------------


def _agendas(draws: Draws, problem: Bargaining) -> tuple[IntArray, BoolArray, BoolArray]:
    """(A,) masks, (D, A) closed and (D, P, A) disputed; the last agenda is everything.

    An agenda is closed where somebody absolutely refuses to discuss an issue on it. Where the case lists none, the
    agenda is whatever nobody refuses.
    """
    table, file = problem.table, draws.case.file
    bits = 1 << np.arange(len(table.issues), dtype=np.int64)
    refused = table.refuses.any(axis=1) @ bits
    everything = int(bits.sum())
    if file.agendas:
        listed = list(file.agendas.values())
        masks = np.array([sum(int(bits[table.issues.index(i)]) for i in set(a.issues)) for a in listed])
        closed = (masks[None, :] & refused[:, None]) != 0
        disputed = np.zeros((draws.n, len(table.parties), len(masks) + 1), dtype=np.bool_)
        for k, agenda in enumerate(listed):
            stands = draws.entry_stands(agenda)
            for p, party in enumerate(table.parties):
                if party in agenda.refused_by:
                    disputed[:, p, k] = stands
    else:
        masks = np.unique(everything & ~refused)
        closed = (everything & ~refused)[:, None] != masks[None, :]
        disputed = np.zeros((draws.n, len(table.parties), len(masks) + 1), dtype=np.bool_)
    closed = np.concatenate([closed, np.zeros((draws.n, 1), dtype=np.bool_)], axis=1)
    return np.append(masks, everything).astype(np.int64), closed, disputed


def _settings(draws: Draws) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint8]], Array]:
    """(D,) 0 where how to meet is settled, 1 where it is a round later, 2 where nothing suits; and the chance that they
    then speak directly.

    What was agreed is settled where the record of it stands, or where it suits all anyway. Else another setting that
    suits all and was not refused or dropped is found a round later.
    """
    settings = draws.case.file.settings
    if settings is None or not settings.criteria:
        return np.zeros(draws.n, dtype=np.uint8), np.full(draws.n, EVEN)
    joint = meeting(draws).joint
    off = [s.status in ("refused", "dropped") for s in settings.options]
    usable = joint.copy()
    for k, setting in enumerate(settings.options):
        if off[k]:
            usable[:, k] &= ~draws.entry_stands(setting)
    form = np.array([{"direct": 1.0, "indirect": 0.0}.get(s.form, EVEN) for s in settings.options])
    suits = usable.sum(axis=1)
    direct = np.where(suits > 0, usable @ form / np.maximum(suits, 1), EVEN)
    late = np.where(suits > 0, 1, 2)
    agreed = next((k for k, s in enumerate(settings.options) if s.status == "agreed"), None)
    if agreed is not None:
        chosen = settings.options[agreed]
        settled = draws.entry_stands(chosen) | joint[:, agreed]
        late = np.where(settled, 0, late)
        direct = np.where(settled, _directness(settings.options, chosen, joint), direct)
    return late.astype(np.uint8), np.asarray(direct)


def _directness(options: Sequence[Setting], chosen: Setting, joint: Bool) -> Array:
    """(D,) chance of direct talks in the setting agreed on; where its form is open, by which form suits all."""
    if chosen.form != "open":
        return np.full(len(joint), 1.0 if chosen.form == "direct" else 0.0)
    alike = (chosen.place, set(chosen.observers), chosen.host)
    suits = {
        form: np.any(
            [
                joint[:, k]
                for k, s in enumerate(options)
                if s.form == form and (s.place, set(s.observers), s.host) == alike
            ],
            axis=0,
        )
        for form in ("direct", "indirect")
    }
    direct, indirect = (np.broadcast_to(found, len(joint)).astype(np.float64) for found in suits.values())
    both = direct + indirect
    return np.where(both > 0, direct / np.maximum(both, 1.0), EVEN)
