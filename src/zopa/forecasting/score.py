"""Were the forecasts any good? Scores of what was recorded before its answer was known, beside what no skill would do.

Logarithmic score, Brier score with its parts (Murphy 1973), ranked probability score over scenarios (Epstein 1969),
calibration, and the Brier difference from three forecasters without skill: the class rate at the time, always 50 %, and
the zero line. Its interval is a bootstrap over questions, and over whole cases where that is wider: questions of one
case come out together. Until 30 questions are resolved and the interval excludes 0, skill is not proven.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zopa.case.case import Case
from zopa.charts.chart import Chart
from zopa.charts.score import Bin, score_chart
from zopa.errors import CaseFileError, Problem
from zopa.forecasting._against import ENOUGH, Against, compared, unknown
from zopa.forecasting._member_record import MemberRecord, member_records
from zopa.forecasting._scored import POOL, REASONS, Ranked, Scored, Tally, tally
from zopa.forecasting.ledger import read_book
from zopa.methods.problem import BoolArray, FloatArray
from zopa.methods.scoring import bins_of, brier, ece, log_score, murphy, rps
from zopa.result import Result, Table, asked, jsonable
from zopa.words import Language, say

BINS = 5
BASELINES = ("class", "even", "zero")
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One forecaster: mean scores over its ``n`` resolved questions, of some ``cases``; None where there are none.

    ``reliability − resolution + uncertainty + within`` is the Brier score; ``rps`` is over ``scenarios`` sets of them.
    """

    by: str
    n: int
    cases: int
    log: float | None
    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    within: float | None
    ece: float | None
    rps: float | None
    scenarios: int
    against: tuple[Against, ...]
    against_scenarios: tuple[Against, ...]
    fates: Mapping[str, int]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CurveRow:
    """Forecasts of one forecaster that are about alike: their mean, and how often it came so with a 90 % interval."""

    by: str
    n: int
    forecast: float
    happened: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Score(Result):
    """How the recorded forecasts came out."""

    found: tuple[ScoreRow, ...]
    curve: tuple[CurveRow, ...]
    members: tuple[MemberRecord, ...]
    warnings: tuple[Problem, ...]

    def rows(self) -> tuple[ScoreRow, ...]:
        """The forecasters, in the order in which they first appear."""
        return self.found

    @property
    def first(self) -> ScoreRow | None:
        """The pool, or whoever was recorded first."""
        return next((row for row in self.found if row.by == POOL), self.found[0] if self.found else None)

    @property
    def proven(self) -> bool:
        """Whether the first forecaster's skill is proven against all three baselines."""
        row = self.first
        return row is not None and all(a.proof == "better" for a in row.against)

    def headline(self, lang: Language = "en") -> str:
        """Whether there is proven skill, and on how many questions that rests."""
        row = self.first
        if row is None:
            return say("score.nothing", lang)
        values = {"by": _name(row.by, lang), "n": row.n, "enough": ENOUGH, "brier": _number(row.brier)}
        if row.n < ENOUGH:
            return say("score.not-yet-few" if row.n else "score.not-yet-none", lang, **values)
        proofs = {a.proof for a in row.against}
        key = "better" if proofs == {"better"} else "worse" if "worse" in proofs else "not-yet"
        return say(f"score.{key}", lang, **values)

    def table(self, lang: Language = "en") -> Table:
        """Each forecaster's scores."""
        columns = (
            "by",
            "n",
            "cases",
            "log",
            "brier",
            "reliability",
            "resolution",
            "uncertainty",
            "ece",
            "rps",
        )
        rows = tuple(
            (
                _name(r.by, lang),
                str(r.n),
                str(r.cases),
                *(
                    _number(v)
                    for v in (r.log, r.brier, r.reliability, r.resolution, r.uncertainty, r.ece, r.rps)
                ),
            )
            for r in self.found
        )
        return _table("scores", columns, rows, lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Scores, skill against the three baselines, calibration, and what became of every forecast."""
        skill, fates = [], []
        for r in self.found:
            for kind, found in (("question", r.against), ("scenario", r.against_scenarios)):
                skill += [
                    (
                        _name(r.by, lang),
                        say(f"score.of-{kind}", lang),
                        say(f"score.baseline-{a.baseline}", lang),
                        str(a.n),
                        *_compared(a, lang),
                    )
                    for a in found
                    if a.n or kind == "question"
                ]
            fates.append((_name(r.by, lang), *(str(r.fates[reason]) for reason in REASONS)))
        members = tuple(
            (say(f"forecast.column-{m.name}", lang), str(m.n), _number(m.brier), *_compared(m.beside, lang))
            for m in self.members
        )
        curve = tuple(
            (
                _name(c.by, lang),
                f"{100 * c.forecast:.0f}%",
                f"{100 * c.happened:.0f}% ({100 * c.low:.0f}–{100 * c.high:.0f})",
                str(c.n),
            )
            for c in self.curve
        )
        columns = ("by", "of", "baseline", "n", "difference", "interval", "skill", "proof")
        made = (
            self.table(lang),
            _table("skill", columns, tuple(skill), lang),
            _table("members", ("member", "n", "brier", *columns[4:]), members, lang),
            _table("curve", ("by", "forecast", "happened", "n"), curve, lang),
            _table("fates", ("by", *(f"fate-{reason}" for reason in REASONS)), tuple(fates), lang),
        )
        return tuple(table for table in made if table.rows) or (self.table(lang),)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What counts, how the interval is made, and what the scores cannot say."""
        cases = max((r.cases for r in self.found), default=0)
        keys = ["counts", "scores", "interval", *(["one-case"] if cases == 1 else []), "compare"]
        told = tuple(say(f"score.note-{key}", lang, enough=ENOUGH) for key in keys)
        return (*(problem.message(lang) for problem in self.warnings), *told)

    def plot(self, lang: Language = "en") -> Chart:
        """How likely it was said to be against how often it came so, for the first forecaster."""
        row = self.first
        by = row.by if row is not None else ""
        bins = [Bin(c.forecast, c.happened, c.low, c.high, c.n) for c in self.curve if c.by == by]
        parts = [
            say(
                "score.described",
                lang,
                forecast=f"{100 * b.forecast:.0f}",
                happened=f"{100 * b.happened:.0f}",
                n=b.n,
            )
            for b in bins
        ]
        return score_chart(bins, "; ".join(parts) or self.headline(lang), lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: scores, members or curve."""
        tables: dict[str, Any] = {
            "scores": jsonable(self.found),
            "members": jsonable(self.members),
            "curve": jsonable(self.curve),
        }
        rows = [{"table": name, **row} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def _name(by: str, lang: Language) -> str:
    return say("score.pool", lang) if by == POOL else by


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.3f}".replace("-", "−")


def _compared(against: Against, lang: Language) -> tuple[str, str, str, str]:
    """Difference, interval, skill, and whether that is proven."""
    return (
        _signed(against.difference),
        "—" if against.low is None else f"{_signed(against.low)} … {_signed(against.high)}",
        "—" if against.skill is None else f"{100 * against.skill:.0f}%",
        say(f"score.proof-{against.proof}", lang),
    )


def _table(name: str, columns: Sequence[str], rows: tuple[tuple[str, ...], ...], lang: Language) -> Table:
    heads = tuple(say(f"score.column-{c}", lang) for c in columns)
    return Table(say(f"score.caption-{name}", lang), heads, rows, ((),) * len(rows))


# ---- from the ledgers ------------------------------------------------------------------------------------------------


def score(case: Case, *, also: Sequence[Case] = (), seed: int = 0) -> Score:
    """How the forecasts recorded for a case, and for further ones, came out; ``seed`` of the bootstrap.

    ``CaseFileError`` where a ledger is not what was saved: what was changed is not scored.
    """
    asked("score", case, draws=1, seed=seed)
    cases = (case, *also)
    books = {}
    for k, one in enumerate(cases):
        if one.folder is None:
            raise ValueError("score: a case without a folder has no ledger: open it with zopa.open_case")
        name = one.name if one.name not in books else f"{one.name} {k + 1}"
        books[name] = read_book(one.folder)
    problems = [problem for book in books.values() for problem in book.problems]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise CaseFileError(errors)
    counted = tally(books)
    return Score(
        case=case,
        method=say("score.method", "en"),
        parameters={
            "cases": list(books),
            "entries": {name: book.entries for name, book in books.items()},
            "seals": {name: book.seal for name, book in books.items()},
            "enough": ENOUGH,
        },
        seed=seed,
        found=tuple(_row(by, counted, seed) for by in counted.fates),
        curve=tuple(row for by in counted.fates for row in _curve(by, counted)),
        members=member_records(counted.questions, seed=seed),
        warnings=tuple(problems),
    )


def _row(by: str, counted: Tally, seed: int) -> ScoreRow:
    own = [s for s in counted.questions if s.by == by]
    ranked = [r for r in counted.scenarios if r.by == by]
    p, came = _arrays(own)
    parts = murphy(p, came, bins=BINS) if own else None
    return ScoreRow(
        by=by,
        n=len(own),
        cases=len({s.case for s in own}),
        log=float(log_score(p, came).mean()) if own else None,
        brier=float(brier(p, came).mean()) if own else None,
        reliability=parts.reliability if parts else None,
        resolution=parts.resolution if parts else None,
        uncertainty=parts.uncertainty if parts else None,
        within=parts.within if parts else None,
        ece=ece(p, came, bins=BINS) if own else None,
        rps=float(np.mean([_rps(r.shares, r.came) for r in ranked])) if ranked else None,
        scenarios=len(ranked),
        against=tuple(_against(name, own, seed) for name in BASELINES),
        against_scenarios=tuple(_against_ranked(name, ranked, seed) for name in BASELINES),
        fates=counted.fates[by],
    )


def _arrays(own: Sequence[Scored]) -> tuple[FloatArray, BoolArray]:
    return np.array([s.p for s in own]), np.array([s.happened for s in own], dtype=bool)


def _baseline(name: str, s: Scored) -> float | None:
    return {"class": s.base, "even": 0.5, "zero": s.zero}[name]


def _against(name: str, own: Sequence[Scored], seed: int) -> Against:
    pairs = [(s, base) for s in own if (base := _baseline(name, s)) is not None]
    if not pairs:
        return unknown(name)
    p, came = _arrays([s for s, _ in pairs])
    other = brier(np.array([base for _, base in pairs]), came)
    return compared(name, brier(p, came), other, [s.case for s, _ in pairs], seed)


def _against_ranked(name: str, ranked: Sequence[Ranked], seed: int) -> Against:
    pairs = []
    for r in ranked:
        even = (1 / len(r.shares),) * len(r.shares)
        base = {"class": r.base, "even": even, "zero": r.zero}[name]
        if base is not None:
            pairs.append((r, base))
    if not pairs:
        return unknown(name)
    mine = np.array([_rps(r.shares, r.came) for r, _ in pairs])
    other = np.array([_rps(base, r.came) for r, base in pairs])
    return compared(name, mine, other, [r.case for r, _ in pairs], seed)


def _rps(shares: Sequence[float], came: int) -> float:
    return float(rps(np.array([shares]), np.array([came]))[0]) if len(shares) > 1 else 0.0


def _curve(by: str, counted: Tally) -> list[CurveRow]:
    own = [s for s in counted.questions if s.by == by]
    if not own:
        return []
    p, came = _arrays(own)
    at = bins_of(p, BINS)
    rows = []
    for k in np.unique(at):
        here = at == k
        n, share = int(here.sum()), float(came[here].mean())
        low, high = _wilson(share, n)
        rows.append(CurveRow(by, n, float(p[here].mean()), share, low, high))
    return rows


def _wilson(share: float, n: int) -> tuple[float, float]:
    """90 % interval of a share (Wilson 1927), which stays sensible for few cases and for 0 and 1."""
    z2 = Z90**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 / (1 + z2 / n) * float(np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)))
    return max(0.0, middle - half), min(1.0, middle + half)
