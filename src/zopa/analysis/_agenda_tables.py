"""The further tables and clauses of the agenda analysis, in words."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from zopa.analysis._agenda_contrast import Contrast, ReadingContrast
from zopa.analysis._agenda_sequences import OrderRow, SequenceRow, Spread
from zopa.case.model import CaseFile
from zopa.case.names import issue_name, issues_named, package_name, party_in_text, party_name, reading_name
from zopa.result import EXACT, Chance, Share, Table, cell, ends, percent
from zopa.words import Language, joined, say


class Row(Protocol):
    """What the tables take of an agenda."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def issues(self) -> tuple[str, ...]: ...
    @property
    def wanted_by(self) -> tuple[str, ...]: ...
    @property
    def refused_by(self) -> tuple[str, ...]: ...
    @property
    def exists(self) -> Chance: ...
    @property
    def best(self) -> Chance: ...
    @property
    def options(self) -> tuple[int, ...]: ...
    @property
    def refused(self) -> Mapping[str, Share]: ...
    @property
    def refusal(self) -> Share: ...
    @property
    def willing(self) -> Spread | None: ...
    @property
    def willing_zero(self) -> float | None: ...
    @property
    def mutual(self) -> float: ...
    @property
    def nash(self) -> Mapping[str, float] | None: ...
    @property
    def gain(self) -> Mapping[str, float] | None: ...
    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]: ...
    @property
    def zeros(self) -> Mapping[str, float]: ...
    @property
    def because(self) -> tuple[str, ...]: ...


def agenda_name(file: CaseFile, names: Sequence[str], issues: Sequence[str], lang: Language) -> str:
    """The case's name of an agenda, or its issues."""
    entries = (file.agendas[name] for name in names)
    told = [entry.name.get(lang) for entry in entries if entry.name is not None]
    return told[0] if told else issues_named(file, issues, lang)


def points(value: float) -> str:
    """A difference of probabilities in percentage points, to 1 point, with its sign: "+10", "−5", "0"."""
    told = math.floor(100 * abs(value) + 0.5 + EXACT)
    return f"{'+' if value > 0 else '−'}{told}" if told else "0"


def point_ends(low: float, high: float) -> tuple[str, str]:
    """The ends of a range of differences to 1 point, rounded outwards."""
    return points(math.floor(100 * low + EXACT) / 100), points(math.ceil(100 * high - EXACT) / 100)


def _heads(lang: Language, *names: str) -> tuple[str, ...]:
    return tuple(say(f"agenda.column-{name}", lang) for name in names)


def measure_cell(value: float, ends: tuple[float, float], lang: Language) -> str:
    """A utility or a gain with its range: "0.17 (0.02–0.53)"; without it where all draws give the same."""
    return _ranged(value, *ends, lang)


def nash_table(file: CaseFile, parties: Sequence[str], rows: Sequence[Row], lang: Language) -> Table:
    """What each side has at the Nash point of every agenda, and what it gains over the status quo, side by side."""
    made, because = [], []
    for party in parties:
        for row in rows:
            cells = [party_name(file, party, lang), agenda_name(file, row.names, row.issues, lang)]
            for found, name in ((row.nash, f"nash.{party}"), (row.gain, f"gain.{party}")):
                cells.append("—" if found is None else measure_cell(found[party], row.ranges[name], lang))
                cells.append(_number(row.zeros[name]) if name in row.zeros else "—")
            often = f"{percent(row.mutual)}% ({ends(*row.ranges['mutual'])})"
            made.append((*cells, often, f"{percent(row.zeros['mutual'])}%"))
            because.append(row.because)
    heads = _heads(lang, "side", "agenda", "nash", "zero", "gain", "zero", "mutual", "zero")
    return Table(say("agenda.caption-nash", lang), heads, tuple(made), tuple(because))


def _parties(file: CaseFile, parties: Sequence[str], lang: Language) -> str:
    return joined([party_name(file, p, lang) for p in parties], lang) or "—"


def refusal_table(file: CaseFile, rows: Sequence[Row], lang: Language) -> Table:
    """Who proposes which agenda, who is said to refuse it, how often anybody will not discuss it, and P(best) else."""
    made = []
    for row in rows:
        refusing = [
            say(
                "agenda.refusing",
                lang,
                party=party_name(file, p, lang),
                share=cell(s),
                zero=f"{percent(s.zero)}%",
            )
            for p, s in row.refused.items()
            if s.value > 0
        ]
        made.append(
            (
                agenda_name(file, row.names, row.issues, lang),
                _parties(file, row.wanted_by, lang),
                _parties(file, row.refused_by, lang),
                say("agenda.semicolon", lang).join(refusing) or "—",
                cell(row.refusal),
                f"{percent(row.refusal.zero)}%",
                "—"
                if row.willing is None
                else f"{percent(row.willing.value)}% ({ends(row.willing.low, row.willing.high)})",
                "—" if row.willing_zero is None else f"{percent(row.willing_zero)}%",
            )
        )
    heads = _heads(lang, "agenda", "proposed", "refused", "refuses", "blocked", "zero", "willing", "zero")
    return Table(say("agenda.caption-blocks", lang), heads, tuple(made), tuple(r.because for r in rows))


def smallest_table(file: CaseFile, rows: Sequence[Row], threshold: str, lang: Language) -> Table:
    """The agendas from which no issue can be left out."""
    made = tuple(
        (
            agenda_name(file, row.names, row.issues, lang),
            cell(row.best),
            f"{percent(row.best.zero)}%",
            cell(row.exists),
            f"{percent(row.exists.zero)}%",
            package_name(file, row.options, lang),
        )
        for row in rows
    )
    heads = _heads(lang, "agenda", "best", "zero", "exists", "zero", "package")
    caption = say("agenda.caption-smallest", lang, threshold=threshold)
    return Table(caption, heads, made, tuple(row.because for row in rows))


def contrast_table(
    file: CaseFile,
    readings: Sequence[ReadingContrast],
    pair: tuple[str, str],
    lang: Language,
    because: tuple[str, ...],
) -> Table:
    """P(best) of the shorter and of the longer agenda, and their difference, per reading of a side's aims.

    Without evidence a reading sets nothing: the zero line of each side's numbers is one row for all its readings.
    """
    made: list[tuple[str, ...]] = []
    for k, r in enumerate(readings):
        low, high = point_ends(r.low, r.high)
        made.append(
            (
                party_name(file, r.party, lang),
                reading_name(file, r.party, r.reading, lang),
                cell(r.weight),
                cell(r.less),
                cell(r.more),
                f"{points(r.value)} ({low}{say('agenda.to', lang)}{high})",
                "—" if r.cited is None else points(r.cited),
            )
        )
        if k + 1 == len(readings) or readings[k + 1].party != r.party:
            weights = [one.weight.zero for one in readings if one.party == r.party]
            even = sum(weights) / len(weights)
            zeros = (f"{percent(zero)}%" for zero in (even, r.less.zero, r.more.zero))
            name = say("agenda.zero-of-readings", lang)
            made.append((party_name(file, r.party, lang), name, *zeros, points(r.zero), "—"))
    heads = tuple(say(f"result.reading-column-{c}", lang) for c in ("party", "reading", "weight"))
    heads += _heads(lang, "best-shorter", "best-longer", "difference", "cited")
    caption = say("agenda.caption-readings", lang, shorter=pair[0], longer=pair[1])
    return Table(caption, heads, tuple(made), (because,) * len(made))


def reading_clause(file: CaseFile, contrast: Contrast, lang: Language) -> str:
    """Under which readings the scope changes the outcome; nothing where no reading or no claim bears on it."""
    if contrast.verdict == "silent" or not contrast.readings:
        return ""
    clear: dict[str, list[str]] = {}
    for r in contrast.readings:
        if r.clear:
            name = reading_name(file, r.party, r.reading, lang)
            low, high = point_ends(r.low, r.high)
            clear.setdefault(r.party, []).append(
                say(
                    "agenda.one-reading",
                    lang,
                    reading=name,
                    value=points(r.value),
                    low=low,
                    high=high,
                    zero=points(r.zero),
                )
            )
    if not clear:
        return say("agenda.no-reading", lang)
    parts = [
        say("agenda.under-reading", lang, party=party_in_text(file, p, lang), readings=_either(told, lang))
        for p, told in clear.items()
    ]
    return say(f"agenda.by-reading-{contrast.verdict}", lang, parts=_either(parts, lang))


def _either(parts: Sequence[str], lang: Language) -> str:
    """ "A, B or C"."""
    *first, last = parts
    return say("agenda.or", lang, first=say("agenda.comma", lang).join(first), last=last) if first else last


def _ranged(value: float, low: float, high: float, lang: Language, sign: str = "", *, digits: int = 2) -> str:
    told, first, last = (_number(v, sign, digits=digits) for v in (value, low, high))
    mark = say("agenda.to", lang) if sign or low < 0 else "–"
    return told if told == first == last else f"{told} ({first}{mark}{last})"


def _number(value: float, sign: str = "", *, digits: int = 2) -> str:
    told = round(value, digits) + 0.0
    return format(told, f"{sign if told else ''}.{digits}f").replace("-", "−")


def _sequence_name(file: CaseFile, row: SequenceRow, lang: Language) -> str:
    if row.kind == "package" or (row.kind == "issues" and row.judged == "apart"):
        return say(f"agenda.sequence-{row.kind}-{row.judged}", lang)
    named = [issues_named(file, basket, lang) for basket in row.baskets]
    order = say("agenda.then", lang).join(named)
    return say(f"agenda.sequence-{row.kind}-{row.judged}", lang, order=order)


def sequence_table(file: CaseFile, rows: Sequence[SequenceRow], lang: Language) -> Table:
    """One package, baskets, issue by issue: what all accept in the end, and side by side what each gains."""
    made, because = [], []
    for row in rows:
        shared = (_sequence_name(file, row, lang), cell(row.accepted), f"{percent(row.accepted.zero)}%")
        for party, gain in row.gain.items():
            linked = "—", "—"
            if row.linkage is not None and row.linkage_zero is not None:
                linked = _worth(row.linkage[party], row.linkage_zero[party], lang, "+", digits=2)
            own = _worth(gain, row.gain_zero[party], lang, digits=2)
            made.append((*shared, party_name(file, party, lang), *own, *linked))
            because.append(row.because)
    heads = _heads(lang, "sequence", "accepted", "zero", "side", "above", "zero", "linkage", "zero")
    return Table(say("agenda.caption-sequences", lang), heads, tuple(made), tuple(because))


def order_table(file: CaseFile, rows: Sequence[OrderRow], lang: Language, because: tuple[str, ...]) -> Table:
    """The best and the worst order of the issues for each side, what each is worth to it, and the difference."""
    then, made = say("agenda.then", lang), []
    for row in rows:
        side = party_name(file, row.party, lang)
        if row.best == row.worst:
            made.append((side, say("agenda.any-order", lang), *_worth(row.best_gain, row.best_zero, lang)))
            continue
        for key, order, gain, zero in (
            ("best", row.best, row.best_gain, row.best_zero),
            ("worst", row.worst, row.worst_gain, row.worst_zero),
        ):
            named = then.join(issue_name(file, i, lang) for i in order)
            made.append((side, say(f"agenda.{key}-order", lang, order=named), *_worth(gain, zero, lang)))
        difference = _worth(row.difference, row.difference_zero, lang, "+")
        made.append((side, say("agenda.order-difference", lang), *difference))
    heads = _heads(lang, "side", "order", "above-short", "zero")
    return Table(say("agenda.caption-orders", lang), heads, tuple(made), (because,) * len(made))


def _worth(found: Spread, zero: float, lang: Language, sign: str = "", *, digits: int = 3) -> tuple[str, str]:
    told = _ranged(found.value, found.low, found.high, lang, sign, digits=digits)
    return told, _number(zero, sign, digits=digits)
