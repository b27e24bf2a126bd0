"""The closing sections: what was assumed, what the record itself calls unknown, and what it does not settle."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from zopa.brief.document import Section
from zopa.case.case import Case
from zopa.case.labels import names, path_label, section_name
from zopa.case.names import option_name
from zopa.case.quantities import Quantity, quantities
from zopa.result import Chance, Result, Table, Verdict, cell, percent
from zopa.words import Language, has, joined, say


def verdicts(result: Result) -> Mapping[Verdict, int]:
    """How many probabilities of a result the record shows, leaves open, or is silent on."""
    return Counter(chance.verdict for _, _, chance in _chances(result))


def assumed(case: Case, lang: Language) -> Section:
    """Every written number of the case that rests on no claim of the record, grouped by the section it stands in."""
    every = quantities(case.file).values()
    written = [q for q in every if q.number.estimate.known]
    blank = Counter(q.section for q in every if not q.number.estimate.known)
    groups: dict[str, list[Quantity]] = {}
    for q in written:
        if not any(c in case.ledger.by_id for c in q.basis.claims):
            groups.setdefault(q.section, []).append(q)
    loose, total = sum(len(group) for group in groups.values()), len(written)
    share = percent(loose / total) if total else "0"
    headline = say(f"brief.assumed-{_how_many(loose, total)}", lang, loose=loose, all=total, share=share)
    parts = [
        say("brief.assumed-blank-part", lang, section=section_name(section, lang), n=n)
        for section, n in blank.items()
    ]
    left = (say("brief.assumed-blank", lang, list=joined(parts, lang)),) if parts else ()
    return Section(
        key="assumed",
        kind="closing",
        question=say("brief.question-assumed", lang),
        headline=headline,
        verdicts={},
        paragraphs=(say("brief.assumed-meaning", lang), *left),
        tables=tuple(_assumed_table(case, section, group, lang) for section, group in groups.items()),
    )


def _assumed_table(case: Case, section: str, group: Sequence[Quantity], lang: Language) -> Table:
    rows = tuple(
        (
            path_label(case.file, q.path, lang),
            str(q.number.estimate).replace(" to ", say("brief.estimate-to", lang)),
            # A number may cite claims that this record does not hold: then it stands at ignorance.
            say("brief.basis-assumed" if q.basis.assumed else "brief.basis-ignorance", lang),
        )
        for q in group
    )
    return Table(
        caption=section_name(section, lang),
        columns=tuple(say(f"brief.assumed-{c}", lang) for c in ("what", "number", "basis")),
        rows=rows,
        because=((),) * len(rows),
    )


def unknowns(case: Case, lang: Language) -> Section:
    """The questions that the record itself leaves open, and who could answer them."""
    known = names(case.file, lang)
    every = case.file.unknowns
    rows = tuple(
        (u.text.get(lang), joined(tuple(known.get(a, a) for a in u.answer_from), lang) or "—") for u in every
    )
    table = Table(
        caption=say("brief.unknowns-table", lang),
        columns=(say("brief.unknowns-what", lang), say("brief.unknowns-who", lang)),
        rows=rows,
        because=tuple(tuple(c.claim for c in u.because if c.claim in case.ledger.by_id) for u in every),
    )
    return Section(
        key="unknowns",
        kind="closing",
        question=say("brief.question-unknowns", lang),
        headline=say("brief.unknowns-headline" if rows else "brief.unknowns-nothing", lang, n=len(rows)),
        verdicts={},
        tables=(table,) if rows else (),
    )


def unsettled(case: Case, results: Sequence[Result], lang: Language) -> Section:
    """Every probability that the record does not settle or is silent on, as prominent as the ones it shows."""
    rows: list[tuple[str, ...]] = []
    total = 0
    for result in results:
        found, lines = _subjects(result, lang), result.rows()
        for k, field, chance in _chances(result):
            total += 1
            if chance.verdict != "shows":
                subject = _subject(case, found, k, lines[k], field, lang)
                rows.append((say(f"brief.short-{result.name}", lang), subject, *_ways(chance, lang)))
    columns = ("question", "what", "stands", "cited", "zero", "verdict")
    table = Table(
        caption=say("brief.unsettled-table", lang),
        columns=tuple(say(f"brief.unsettled-{c}", lang) for c in columns),
        rows=tuple(rows),
        # Each number's claims stand with it in its own section; here they would hide what is told.
        because=((),) * len(rows),
    )
    return Section(
        key="unsettled",
        kind="closing",
        question=say("brief.question-unsettled", lang),
        headline=say(f"brief.unsettled-{_how_many(len(rows), total)}", lang, n=len(rows), all=total),
        verdicts={},
        tables=(table,) if rows else (),
        notes=(say("brief.unsettled-meaning", lang),) if rows else (),
    )


def _how_many(n: int, total: int) -> str:
    """The sentence that fits ``n`` of ``total``: none there at all, none of them, all, the only one, or some."""
    if total == 0:
        return "no-numbers"
    if n == 0:
        return "nothing"
    return "headline" if n < total else "one" if total == 1 else "all"


def _ways(chance: Chance, lang: Language) -> tuple[str, ...]:
    """A probability as it stands with its range, without assumptions, without evidence, and what that means."""
    return (
        cell(chance),
        f"{percent(chance.cited)}%",
        f"{percent(chance.zero)}%",
        say(f"brief.verdict-{chance.verdict}", lang),
    )


def _chances(result: Result) -> Iterator[tuple[int, str, Chance]]:
    """Each probability of a result with the place of its row and the name of its field."""
    for k, row in enumerate(result.main()):
        if is_dataclass(row):
            for field in fields(row):
                for chance in _inside(getattr(row, field.name)):
                    yield k, field.name, chance


def _inside(value: object) -> Iterator[Chance]:
    if isinstance(value, Chance):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _inside(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _inside(inner)


def _subjects(result: Result, lang: Language) -> Mapping[int, str]:
    """What each row is of, by its place among the rows: the first cell of its line in the result's main table."""
    rows, table = result.main(), result.table(lang)
    together = len(rows) == len(table.rows) and all(
        tuple(getattr(row, "because", ())) == because
        for row, because in zip(rows, table.because, strict=True)
    )
    return {k: cells[0] for k, cells in enumerate(table.rows)} if together else {}


def _subject(case: Case, found: Mapping[int, str], k: int, row: Any, field: str, lang: Language) -> str:
    """What a probability is of: its row, and what its field means where a row of this kind holds several."""
    parts = [found[k]] if k in found else _own_names(case, row, lang)
    if has(f"brief.measure-{field}"):
        parts.append(say(f"brief.measure-{field}", lang))
    return " · ".join(part for part in parts if part)


def _measured(case: Case, row: Any, known: Mapping[str, str], lang: Language) -> str:
    """What a row with a measure of its own tells of an option or an actor; empty for any other row."""
    measure = getattr(row, "measure", None)
    if measure is None or not has(f"brief.row-{measure}"):
        return ""
    option = option_name(case.file, row.issue, row.option or "", lang)
    return say(f"brief.row-{measure}", lang, option=option, actor=known.get(row.actor, row.actor))


def _own_names(case: Case, row: Any, lang: Language) -> list[str]:
    """What a row without a line of its own in the table is of: the names of what its fields refer to."""
    known = names(case.file, lang)
    out: list[str] = []
    measured = _measured(case, row, known, lang)
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name == "measure" and measured:
            out.append(measured)
        if field.name == "party" and value is None:
            out.append(say("brief.all-sides", lang))
        if field.name == "because" or (measured and field.name in ("measure", "option", "actor")):
            continue
        texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        if texts and all(isinstance(t, str) for t in texts):
            out.append(joined(tuple(known.get(t, t) for t in texts), lang))
    return out
