"""Many forecasts at once: cases × days × variants × seeds, on this machine or a cluster, taken up where it stopped.

One job is one forecast (see ``_sweep_jobs``); its row is on disk as soon as it is done (``_sweep_store``). Where it ran
changes no digit: the same jobs give the same tables on threads, processes, Dask or Ray.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zopa.case.case import DRAWS, Case
from zopa.case.examples import locate
from zopa.case.folder import read_case
from zopa.case.labels import day as day_words
from zopa.case.variants import Change, Variant, variants
from zopa.claims.lines import suggestion
from zopa.errors import CaseFileError, Problem, ZopaError
from zopa.forecasting._sweep_jobs import VERSION, Job, Packed, done, packed, told
from zopa.forecasting._sweep_store import Store, opened, order, write_tables
from zopa.forecasting.baserate import NAMES
from zopa.forecasting.forecast import PLAYS
from zopa.result import Share, Table, cell, flat
from zopa.words import Language, say
from zopa.workers import KINDS, TRIES, On, Row, backend, stream

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 40
"""Forecasts told in the terminal; the files hold all."""
ALL = "all"
"""Every variant kept beside a case."""
Told = Callable[[int, int], None]
"""Told how many forecasts are done, of how many."""
_Part = tuple[Packed, date, str | None, tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One question of one forecast; ``fact`` is deal, serious, war or open where it is one of those."""

    case: str
    digest: str
    day: date
    variant: str | None
    seed: int
    question: str
    fact: str | None
    kind: str
    by: date
    value: float
    low: float
    high: float
    zero: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A forecast that could not be made, or a case that could not be read: then without day and seed."""

    case: str
    day: date | None
    variant: str | None
    seed: int | None
    code: str
    place: str
    message: Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Sweep:
    """All forecasts of a sweep, in the order of their names, and the problems of those that could not be made."""

    folder: Path
    parameters: Mapping[str, Any]
    done: tuple[Row, ...] = field(repr=False)
    found: tuple[SweepRow, ...] = field(repr=False)
    failures: tuple[Failure, ...]
    kept: int
    """Forecasts that an earlier run of the same sweep had made."""
    handed_again: tuple[int, ...]
    """Forecasts handed out again, each time that workers were lost and the backend gave up."""

    name = "sweep"

    def rows(self) -> tuple[SweepRow, ...]:
        """Every question of every forecast."""
        return self.found

    @property
    def whole(self) -> bool:
        """Whether every forecast could be made."""
        return not self.failures

    def headline(self, lang: Language = "en") -> str:
        """How many forecasts there are, of how many cases, and how many could not be made."""
        cases = {row["digest"] for row in self.done if row["questions"]}
        made = sum(bool(row["questions"]) for row in self.done)
        text = say(
            "sweep.headline",
            lang,
            forecasts=say("sweep.forecasts", lang, n=made),
            cases=say("sweep.of-cases", lang, n=len(cases)),
        )
        return text + (say("sweep.headline-failed", lang, n=len(self.failures)) if self.failures else "")

    def table(self, lang: Language = "en") -> Table:
        """The first forecasts, a line each: the chances of agreement, serious violence, war, and of being open."""
        heads = ("case", "day", "variant", "seed", *NAMES)
        rows = []
        for row in [row for row in self.done if row["questions"]][:SHOWN]:
            facts = {q["fact"]: q for q in row["questions"] if q["fact"] is not None}
            shares = (Share(*(facts[f][k] for k in ("value", "low", "high", "zero"))) for f in NAMES)
            rows.append((*_named(row, lang), *(cell(share) for share in shares)))
        columns = tuple(say(f"sweep.column-{head}", lang) for head in heads)
        return Table(say("sweep.caption", lang), columns, tuple(rows), ((),) * len(rows))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The forecasts, then what could not be made and why."""
        heads = ("case", "day", "variant", "seed", "problem")
        rows = tuple(
            (
                f.case,
                day_words(f.day, lang) if f.day is not None else "—",
                f.variant or say("sweep.plain", lang),
                "—" if f.seed is None else str(f.seed),
                f"{f.place}{': ' if f.place else ''}{f.message[lang]} [{f.code}]",
            )
            for f in self.failures
        )
        columns = tuple(say(f"sweep.column-{head}", lang) for head in heads)
        failed = Table(say("sweep.caption-failed", lang), columns, rows, ((),) * len(rows))
        return tuple(table for table in (self.table(lang), failed) if table.rows)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """Where the tables are, what was there already, and which workers were lost on the way."""
        made = sum(bool(row["questions"]) for row in self.done)
        out = [say("sweep.note-files", lang, folder=self.folder)]
        if made > SHOWN:
            out.append(say("sweep.note-shown", lang, shown=SHOWN, made=made))
        if self.kept:
            out.append(say("sweep.note-kept", lang, n=self.kept))
        out += [say("sweep.note-again", lang, n=n) for n in self.handed_again]
        return (*out, say("sweep.note-days", lang))

    def to_frame(self) -> "pd.DataFrame":
        """The rows as one tidy pandas frame (needs the ``frames`` extra)."""
        import pandas as pd

        return pd.DataFrame([flat(row) for row in self.found])

    def to_json(self) -> dict[str, object]:
        """The one shape of all answers; a row a forecast, with its questions and problems."""
        return {
            "ok": self.whole,
            "command": self.name,
            "case": "",
            "method": say("sweep.method", "en"),
            "parameters": {**self.parameters, "kept": self.kept, "handed_again": list(self.handed_again)},
            "seed": 0,
            "rows": [dict(row) for row in self.done],
        }

    def __repr__(self) -> str:
        return f"Sweep({self.folder.name}: {self.headline('en')})"


def sweep(
    cases: Sequence[str | Path | Case] | str | Path | Case,
    *,
    out: Path | str,
    days: Sequence[date] | None = None,
    variants: Sequence[str] | str = (),
    seeds: int | Sequence[int] = 1,
    draws: int = DRAWS,
    plays: int = PLAYS,
    after_moves: bool = True,
    on: On = "processes",
    address: str | None = None,
    workers: int | None = None,
    progress: Told | None = None,
) -> Sweep:
    """Every forecast of ``cases`` × ``days`` × ``variants`` × ``seeds``, its row on disk when it is done.

    ``days``: records of which days, by default each case's own; ``variants``: their names or ``"all"``, beside the case
    as it stands; ``seeds``: how many from 0 on, or which. ``on``: threads, processes, dask or ray, with ``workers``
    here or at ``address``. What ``out`` holds already is not made again. A forecast that cannot be made is among the
    ``failures``. ``CaseFileError``: a day outside a record, a variant that a case has not, another sweep in ``out``,
    no answer at ``address``, an extra that is missing.
    """
    if on not in KINDS:
        raise ValueError(f"sweep: on is {on!r}, but must be one of {', '.join(KINDS)}")
    if address is not None and on not in ("dask", "ray"):
        raise ValueError(f"sweep: an address is for dask and ray, not for {on}")
    numbers = range(seeds) if isinstance(seeds, int) else seeds
    for name, value in (("draws", draws), ("plays", plays), ("workers", workers), ("seeds", len(numbers))):
        if value is not None and value < 1:
            raise ValueError(f"sweep: {name} is {value}, but must be at least 1")
    meant = [cases] if isinstance(cases, str | Path | Case) else list(cases)
    if not meant:
        raise ValueError("sweep: no case is given")
    found, unread = _read(meant)
    jobs = [
        Job(*parts, seed=seed, draws=draws, plays=plays, after_moves=after_moves, version=VERSION)
        for parts in _parts(found, days, variants)
        for seed in numbers
    ]
    parameters = {"draws": draws, "plays": plays, "after_moves": after_moves, "version": VERSION}
    folder = Path(out)
    with opened(folder) as store:
        wanted = {job.key: job for job in jobs}
        left = [job for key, job in wanted.items() if key not in store.kept]
        again, lost = _work(left, store, len(wanted), on, address, workers, progress)
        rows = sorted((*(store.kept[key] for key in wanted if key in store.kept), *lost), key=order)
        whole = [*rows, *unread]
        write_tables(folder, whole, parameters)
    return Sweep(
        folder=folder,
        parameters=parameters,
        done=tuple(whole),
        found=tuple(row for each in rows for row in _rows(each)),
        failures=tuple(failure for each in whole for failure in _failures(each)),
        kept=len(wanted) - len(left),
        handed_again=tuple(again),
    )


def _work(
    left: Sequence[Job],
    store: Store,
    total: int,
    on: On,
    address: str | None,
    workers: int | None,
    progress: Told | None,
) -> tuple[list[int], list[Row]]:
    """Make what is left: how many forecasts were handed out again, each time that workers were lost, and a row for
    each that was given up. Those are not kept: on another machine they may well be made."""
    again: list[int] = []
    lost: list[Row] = []
    ready = total - len(left)
    if progress is not None:
        progress(ready, total)
    if not left:
        return again, lost

    def given_up(job: Job) -> None:
        problem = Problem("sweep-lost", values={"n": TRIES})
        lost.append({"key": job.key, **job.names(), "questions": [], "problems": told([problem])})

    with (
        backend(done, on, address=address, workers=workers) as made,
        closing(stream(left, made, again.append, given_up)) as rows,
    ):
        for row in rows:
            ready += store.add(row)
            if progress is not None:
                progress(ready, total)
    return again, lost


# ---- what is to be done ----------------------------------------------------------------------------------------------


def _read(meant: Sequence[str | Path | Case]) -> tuple[list[Case], list[Row]]:
    """The cases, and a row for each that cannot be read; ``CaseFileError`` where there is no case at all."""
    found: list[Case] = []
    unread: list[Row] = []
    for one in meant:
        if isinstance(one, Case):
            found.append(one)
            continue
        folder = locate(one)
        try:
            found.append(read_case(folder))
        except ZopaError as error:
            blank = dict.fromkeys(("day", "variant", "seed"))
            name = folder.resolve().name
            unread.append(
                {"case": name, "digest": "", **blank, "questions": [], "problems": told(error.problems)}
            )
    return found, unread


def _parts(cases: Sequence[Case], days: Sequence[date] | None, asked: Sequence[str] | str) -> list[_Part]:
    """Of every case each day and each variant, the case as it stands first; all that is wrong is told at once."""
    problems: list[Problem] = []
    parts: list[_Part] = []
    for case in cases:
        taken: list[Variant] = []
        try:
            kept = variants(case) if asked else ()
            taken = list(kept) if asked == ALL else [_variant(case, kept, name) for name in asked]
        except CaseFileError as error:
            problems += error.problems
        wanted = [case.file.as_of] if days is None else list(days)
        problems += [problem for day in wanted for problem in _outside(case, day)]
        files = packed(case)
        for day in wanted:
            parts.append((files, day, None, ()))
            parts += [(files, day, variant.id, variant.file.changes) for variant in taken]
    if problems:
        raise CaseFileError(problems)
    return parts


def _variant(case: Case, kept: Sequence[Variant], name: str) -> Variant:
    for variant in kept:
        if name in (variant.id, variant.file.name.en, variant.file.name.zh):
            return variant
    near = suggestion(name, [variant.id for variant in kept])
    raise CaseFileError.of("sweep-variant", case=case.name, name=name, closest=near)


def _outside(case: Case, day: date) -> Iterator[Problem]:
    """The problem of a day on which the case has no record yet, or that it has not come to."""
    known = [on for claim in case.ledger.claims if (on := case.ledger.known_on(claim)) is not None]
    # As in a replay, the day before anything was known is the first that can be asked for.
    first = min(known) - timedelta(days=1) if known else case.file.as_of
    if not first <= day <= case.file.as_of:
        values = {"case": case.name, "day": day, "first": first, "last": case.file.as_of}
        yield Problem("sweep-day", values=values)


def days_between(start: date, end: date, step: int = 1) -> tuple[date, ...]:
    """Every ``step``-th day from ``start`` to ``end``, both included where the steps meet them; ``CaseFileError`` for
    days out of order."""
    if end < start:
        raise CaseFileError.of("sweep-days", start=start, end=end)
    return tuple(start + timedelta(days=k) for k in range(0, (end - start).days + 1, step))


# ---- what came of it -------------------------------------------------------------------------------------------------


def _rows(row: Row) -> Iterator[SweepRow]:
    for q in row["questions"]:
        yield SweepRow(
            case=row["case"],
            digest=row["digest"],
            day=date.fromisoformat(row["day"]),
            variant=row["variant"],
            seed=row["seed"],
            question=q["name"],
            fact=q["fact"],
            kind=q["kind"],
            by=date.fromisoformat(q["by"]),
            **{name: q[name] for name in ("value", "low", "high", "zero", "verdict")},
        )


def _failures(row: Row) -> Iterator[Failure]:
    day = date.fromisoformat(row["day"]) if row["day"] is not None else None
    for p in row["problems"]:
        yield Failure(row["case"], day, row["variant"], row["seed"], p["code"], p["place"], p["message"])


def _named(row: Row, lang: Language) -> tuple[str, str, str, str]:
    day = day_words(date.fromisoformat(row["day"]), lang)
    return row["case"], day, row["variant"] or say("sweep.plain", lang), str(row["seed"])
