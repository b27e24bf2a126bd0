"""Which packages would no side refuse, and where do the classical rules of division point? The bargaining set.

In every draw the exact Pareto frontier at or above the walk-away values is found, and on it the solution each rule
picks. They are reference points for a mediator, not predictions. Sources: Nash (1950), Kalai and Smorodinsky (1975),
Kalai (1977), Raiffa (1953); conventions in ``methods/solutions.py``. Beside them the mediator's single text and the
trades across issues (Raiffa 1982), and, asked for, lotteries between packages.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zopa.analysis._bargain_common import by_party, refuse_if_too_large, written
from zopa.analysis._bargain_lotteries import LotteryRow, lottery_rows, lottery_table
from zopa.analysis._bargain_solve import Points, alone, band, cloud, sizes, solve
from zopa.analysis._bargain_text import SingleText, single_text, text_table
from zopa.analysis._bargain_trades import Trade, trade_table, trades
from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import issue_name, option_name, package_ids, package_name, party_in_text, party_name
from zopa.charts.bargain import BandPoint, Pair, bargain_chart, rule_name
from zopa.charts.chart import Chart
from zopa.methods.acceptance import exists
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Share,
    Table,
    Verdict,
    asked,
    by_reading,
    cell,
    chance_of,
    ends,
    footing,
    jsonable,
    percent,
    reading_table,
    rests_on,
    share_of,
    three_ways,
)
from zopa.words import Language, joined, say

STANDS_OUT = 0.1
"""Share of draws in which a package has to be picked to stand out."""
TOLD = 2
"""Options of the Nash solution given per reading of a side's aims, at most."""


@dataclass(frozen=True, slots=True)
class BargainRow:
    """One rule's reference point.

    ``utilities`` by party: the number itself where nothing is uncertain, else the median over draws that have a zone,
    with the 5th and 95th percentile in ``low`` and ``high``. ``package`` is the one picked most often, in ``share`` of
    all draws (None where no draw has a zone). ``ties``: how many packages do equally well in the draw that picked it
    first, ``tied`` their utilities where these differ and nothing is uncertain.
    """

    solution: str
    utilities: Mapping[str, float]
    low: Mapping[str, float] | None
    high: Mapping[str, float] | None
    package: Mapping[str, str] | None
    options: tuple[int, ...] | None
    share: Share | None
    ties: int
    tied: tuple[Mapping[str, float], ...]
    because: tuple[str, ...]

    @property
    def stands_out(self) -> bool:
        """Whether the package picked most often is picked in a tenth of all draws at least."""
        return self.share is not None and self.share.value >= STANDS_OUT


@dataclass(frozen=True, slots=True)
class NashOption:
    """How often there is a zone and the Nash solution in it holds an option; ``moved``: it is not the status quo."""

    issue: str
    option: str
    chance: Chance
    moved: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Bargain(Result):
    """Reference points on the frontier; ``certain`` where every draw is the same.

    ``exists``: that some package suits everybody, without which there is nothing to point at; ``held``: how often the
    Nash solution holds each option.
    """

    found: tuple[BargainRow, ...]
    held: tuple[NashOption, ...]
    exists: Chance
    silent: bool
    certain: bool
    footing: Footing
    curve: tuple[BandPoint, ...] = field(repr=False)
    """What two sides can have together, over the draws; empty for more than two."""
    cloud: tuple[Pair, ...] = field(repr=False)
    """Nash solutions of single draws, for two sides."""
    walk_away: Mapping[str, float] = field(repr=False)
    """Median walk-away value by party."""
    text: SingleText = field(repr=False)
    """The mediator's single text."""
    trades: tuple[Trade, ...] = field(repr=False)
    """Concessions that could be exchanged across issues."""
    mixed: tuple[LotteryRow, ...] = field(repr=False)
    """Reference points with lotteries; empty unless asked for."""
    readings: tuple[tuple[NashOption, tuple[ReadingShare, ...]], ...] = field(repr=False)
    """How often the Nash solution holds what it holds most often, given each reading of a side's aims."""
    effective: float
    """How many draws that differ tell as much as these."""

    def rows(self) -> tuple[BargainRow, ...]:
        """One row a rule."""
        return self.found

    @property
    def mostly(self) -> tuple[NashOption, ...]:
        """Options off the status quo that the Nash solution holds in more than half of the draws that have a zone."""
        return tuple(o for o in self.held if o.moved and o.chance.value > self.exists.value / 2)

    @property
    def verdict(self) -> Verdict:
        """What the record says of the Nash solution: it shows it where it shows every option of ``mostly``."""
        if self.silent:
            return "silent"
        mostly = self.mostly
        return "shows" if mostly and all(o.chance.verdict == "shows" for o in mostly) else "open"

    def headline(self, lang: Language = "en") -> str:
        """Where the Nash solution points, how surely, and how often there is nothing to point at."""
        nash = self.found[0]
        opening = say(f"bargain.{self.verdict}", lang)
        rests = say("result.rests-sentence", lang, rests=rests_on(self.footing, lang))
        if nash.options is None:
            return opening + say("bargain.headline-empty", lang, zero=percent(1 - self.exists.zero)) + rests
        mostly = [self._often(o, lang) for o in self.mostly]
        key = "certain" if self.certain else "mostly" if mostly else "spread"
        sentence = say(
            f"bargain.headline-{key}",
            lang,
            package=package_name(self.case.file, nash.options, lang),
            mostly=say("bargain.semicolon", lang).join(mostly),
            utilities=self._utilities(nash, lang),
            empty=percent(1 - self.exists.value),
            range=ends(1 - self.exists.high, 1 - self.exists.low),
            zero=percent(1 - self.exists.zero),
            n=self.parameters["frontier_size"],
        )
        spread = "" if nash.stands_out else say("bargain.headline-none-stands-out", lang)
        return opening + sentence + spread + rests

    def _often(self, held: NashOption, lang: Language) -> str:
        file, chance = self.case.file, held.chance
        return say(
            "bargain.often",
            lang,
            issue=issue_name(file, held.issue, lang),
            option=option_name(file, held.issue, held.option, lang),
            value=percent(chance.value),
            range=ends(chance.low, chance.high),
            cited=percent(chance.cited),
            zero=percent(chance.zero),
        )

    def _utilities(self, row: BargainRow, lang: Language) -> str:
        space = "" if lang == "zh" else " "
        names = {p: party_in_text(self.case.file, p, lang) for p in self.case.negotiators}
        return joined([f"{name}{space}{_number(row, p, lang)}" for p, name in names.items()], lang)

    def table(self, lang: Language = "en") -> Table:
        """Rule, package, utilities, how often, ties."""
        parties = [party_name(self.case.file, p, lang) for p in self.case.negotiators]
        columns = (
            say("bargain.column-rule", lang),
            say("bargain.column-package-certain" if self.certain else "bargain.column-package", lang),
            *(say("bargain.column-utility", lang, party=p) for p in parties),
            say("bargain.column-share", lang),
            say("bargain.column-ties", lang),
        )
        rows = tuple(self._cells(row, lang) for row in self.found)
        return Table(say("bargain.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def _cells(self, row: BargainRow, lang: Language) -> tuple[str, ...]:
        rule = rule_name(row.solution, lang)
        if row.options is None or row.share is None:
            return (rule, "—", *("—" for _ in self.case.negotiators), "0%", "0")
        share = say("bargain.share", lang, share=cell(row.share), zero=percent(row.share.zero))
        numbers = (_number(row, p, lang) for p in self.case.negotiators)
        package = package_name(self.case.file, row.options, lang)
        if not row.stands_out:
            package = say("bargain.none-stands-out", lang, package=package)
        return (rule, package, *numbers, share, str(row.ties))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The rules, how often the Nash solution holds each option, lotteries, the single text, and trades."""
        made = [self.table(lang)]
        if not self.certain and self.held:
            made.append(self._options_table(lang))
        if self.mixed:
            made.append(lottery_table(self.case, self.mixed, _number, lang))
        made += [text_table(self.case, self.text, lang), trade_table(self.case, self.trades, lang)]
        for held, shares in self.readings:
            what = say(
                "bargain.reading-nash",
                lang,
                issue=issue_name(self.case.file, held.issue, lang),
                option=option_name(self.case.file, held.issue, held.option, lang),
            )
            made.append(reading_table(self.case, shares, what, lang, self.footing.claims))
        return tuple(table for table in made if table.rows)

    def _options_table(self, lang: Language) -> Table:
        file = self.case.file
        rows = tuple(
            (
                issue_name(file, o.issue, lang),
                option_name(file, o.issue, o.option, lang),
                cell(o.chance),
                f"{percent(o.chance.cited)}%",
                f"{percent(o.chance.zero)}%",
            )
            for o in self.held
        )
        heads = ("issue", "option", "chance", "cited", "zero")
        columns = tuple(say(f"bargain.column-{head}", lang) for head in heads)
        caption = say("bargain.caption-options", lang)
        return Table(caption, columns, rows, tuple(self.footing.claims for _ in rows))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """The conventions behind the numbers."""
        draws, solved = self.parameters["draws"], self.parameters["solved"]
        size = say(
            "bargain.note-size",
            lang,
            outcomes=self.parameters["outcomes"],
            frontier=self._frontier_size(lang),
            draws=say(
                "bargain.all-solved" if self.certain or solved == draws else "bargain.some-solved",
                lang,
                solved=solved,
                draws=draws,
            ),
        )
        told = ["reference", "conventions", "scales", *(() if self.certain else ("medians",))]
        unclear = any(row.share is not None and not row.stands_out for row in self.found)
        there = {"spread": unclear, "lotteries": self.mixed, "trades": self.trades}
        told += [name for name, given in there.items() if given]
        notes = [say(f"bargain.note-{name}", lang) for name in told]
        start = package_name(self.case.file, self.text.start, lang)
        notes.append(
            say("bargain.note-text" if self.text.steps else "bargain.note-text-none", lang, start=start)
        )
        power = self.parameters["power"]
        if power is not None:
            space = "" if lang == "zh" else " "
            listed = [f"{party_name(self.case.file, p, lang)}{space}{w:g}" for p, w in power.items()]
            notes.append(say("bargain.note-power", lang, powers=joined(listed, lang)))
        notes.append(size)
        if self.parameters["after_moves"]:
            notes.append(say("result.after-moves-note", lang, effective=round(self.effective)))
        return tuple(notes)

    def _frontier_size(self, lang: Language) -> str:
        size = self.parameters["frontier_size"]
        if self.certain:
            return str(size)
        ends_ = {end: str(self.parameters[f"frontier_size_{end}"]) for end in ("low", "high")}
        return say("bargain.number", lang, value=str(size), **ends_)

    def plot(self, lang: Language = "en") -> Chart:
        """The frontier with the reference points on it."""
        names = [party_name(self.case.file, p, lang) for p in self.case.negotiators]
        return bargain_chart(self.found, self.curve, self.cloud, self.walk_away, names, lang)

    def whole(self) -> Mapping[str, Any]:
        """How often there is a zone, what the Nash solution holds, the frontier's band, the single text, trades,
        lotteries, and what holds per reading."""
        given = [
            {"issue": held.issue, "option": held.option, **jsonable(share)}
            for held, shares in self.readings
            for share in shares
        ]
        return {
            "exists": self.exists,
            "held": self.held,
            "curve": self.curve,
            "text": self.text,
            "trades": self.trades,
            "mixed": self.mixed,
            "readings": given,
        }


def bargain(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    after_moves: bool = False,
    power: Mapping[str, float] | None = None,
    lotteries: bool = False,
    start: Mapping[str, str] | None = None,
) -> Bargain:
    """The reference points of a case, with ``draws`` draws of everything uncertain in it.

    ``power`` by negotiator, positive, adds the Nash solution with these bargaining powers; ``lotteries`` adds the Nash
    and Kalai–Smorodinsky solutions with lotteries between packages; ``start`` is the text the single text begins with,
    ``{issue: option}``, the status quo where it says nothing. ValueError for what the case does not have.
    """
    asked("bargain", case, draws=draws, seed=seed)
    text = written(case, start)
    weights = _powers(case, power)
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    problems = {evidence: bargaining(drawn) for evidence, drawn in ways.items()}
    refuse_if_too_large(problems["all"])
    solved = {evidence: solve(problem, weights) for evidence, problem in problems.items()}
    full, problem = solved["all"], problems["all"]
    sections, entries = inputs(case.file)
    rests = footing(case, sections, entries=entries)
    held = _held(case, solved, ways)
    zone = chance_of({e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}, ways)
    return Bargain(
        case=case,
        method=say("bargain.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "power": None if power is None else dict(zip(case.negotiators, weights or (), strict=True)),
            "lotteries": lotteries,
            "start": package_ids(case.file, text),
            "solved": len(full.which.at),
            **sizes(case, problem, full),
        },
        seed=seed,
        found=tuple(_row(case, problem, rule, solved, ways, rests, weights) for rule in full.rules),
        held=held,
        exists=zone,
        silent=problems["cited"].same_as(problems["none"]),
        certain=problem.certain,
        footing=rests,
        curve=band(problem, full),
        cloud=cloud(full, problem.certain),
        walk_away=by_party(case.negotiators, np.median(problem.reserve, axis=0)),
        text=single_text(case, problems, ways, text, rests.claims),
        trades=trades(case, problems, ways, rests.claims),
        mixed=lottery_rows(case, problem, rests.claims) if lotteries else (),
        readings=_per_reading(case, solved, held, ways),
        effective=ways["all"].effective,
    )


def _powers(case: Case, power: Mapping[str, float] | None) -> tuple[float, ...] | None:
    if power is None:
        return None
    if set(power) != set(case.negotiators) or not all(math.isfinite(w) and w > 0 for w in power.values()):
        raise ValueError(
            f"bargain: power needs a positive number for each of {', '.join(case.negotiators)}, not {dict(power)}"
        )
    return tuple(float(power[party]) for party in case.negotiators)


def _row(
    case: Case,
    problem: Bargaining,
    rule: str,
    solved: Mapping[Evidence, Points],
    ways: Mapping[Evidence, Draws],
    rests: Footing,
    weights: Sequence[float] | None,
) -> BargainRow:
    full, parties = solved["all"], case.negotiators
    there = ~np.isnan(full.utilities[rule]).any(axis=1)
    if not there.any():
        return BargainRow(rule, {}, None, None, None, None, None, 0, (), rests.claims)
    points = full.utilities[rule][there]
    picked = Counter(map(tuple, full.packages[rule][there].tolist()))
    # Equally frequent ones: the first in the case's order of options, so that no draw is more equal than others.
    package = min(picked, key=lambda p: (-picked[p], p))
    first = int(np.flatnonzero((full.packages[rule] == package).all(axis=1))[0])
    solution = alone(problem, int(full.which.at[first]), rule, weights)
    low, mid, high = (by_party(parties, q) for q in np.quantile(points, [0.05, 0.5, 0.95], axis=0))
    certain = problem.certain
    hits: Mapping[Evidence, Bool] = {
        e: solved[e].which.spread((solved[e].packages[rule] == package).all(axis=1)) for e in ("all", "none")
    }
    return BargainRow(
        solution=rule,
        utilities=by_party(parties, points[0]) if certain else mid,
        low=None if certain else low,
        high=None if certain else high,
        package=package_ids(case.file, package),
        options=package,
        share=share_of(hits, ways),
        ties=solution.ties,
        tied=tuple(by_party(parties, p) for p in solution.points)
        if certain and len(solution.points) > 1
        else (),
        because=rests.claims,
    )


def _held(
    case: Case, solved: Mapping[Evidence, Points], ways: Mapping[Evidence, Draws]
) -> tuple[NashOption, ...]:
    return tuple(
        NashOption(
            issue=key,
            option=option.id,
            chance=chance_of(
                {e: s.which.spread(s.packages["nash"][:, i] == k) for e, s in solved.items()}, ways
            ),
            moved=option.id != issue.status_quo,
        )
        for i, (key, issue) in enumerate(case.file.issues.items())
        for k, option in enumerate(issue.options)
    )


def _per_reading(
    case: Case, solved: Mapping[Evidence, Points], held: Sequence[NashOption], ways: Mapping[Evidence, Draws]
) -> tuple[tuple[NashOption, tuple[ReadingShare, ...]], ...]:
    """Of the options off the status quo, those that the Nash solution holds most often, given each reading."""
    if not case.file.readings:
        return ()
    issues = list(case.file.issues)
    top = sorted((o for o in held if o.moved), key=lambda o: -o.chance.value)[:TOLD]
    out = []
    for o in top:
        i = issues.index(o.issue)
        k = case.file.issues[o.issue].index(o.option)
        hits = {e: found.which.spread(found.packages["nash"][:, i] == k) for e, found in solved.items()}
        out.append((o, by_reading(hits, ways)))
    return tuple(out)


def _number(row: BargainRow | LotteryRow, party: str, lang: Language) -> str:
    value = row.utilities[party]
    if row.low is None or row.high is None:
        return f"{value:.3f}"
    return say(
        "bargain.number",
        lang,
        value=f"{value:.2f}",
        low=f"{row.low[party]:.2f}",
        high=f"{row.high[party]:.2f}",
    )
