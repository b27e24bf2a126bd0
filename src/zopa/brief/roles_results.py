"""What many pairs agreed on in an exercise: read from CSV, scored, and set against the frontier."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zopa.brief.roles import Exercise
from zopa.brief.roles_pages import package, points, table, text
from zopa.case.fields import Localised
from zopa.case.interop.csv_cells import Cell, Row, read_rows
from zopa.case.interop.located import Document, read_document
from zopa.case.names import party_name
from zopa.claims.lines import Said, Several, closest
from zopa.words import LANGUAGES, Language, joined, say


@dataclass(frozen=True, slots=True)
class PairResult:
    """One pair: its package (None: no agreement), points by party, and what it left on the table.

    ``distance`` is the straight-line distance in points to the nearest package of the frontier that is no worse for
    anybody, 0 on the frontier and None where a red line was crossed or no agreement was possible. ``better`` is the
    package that would have given everybody most above what they got (None on the frontier), ``gains`` how much.
    ``below`` are the parties under their walk-away value, ``crossed`` those whose red line was crossed.
    """

    pair: str
    package: tuple[int, ...] | None
    points: tuple[float, ...]
    distance: float | None
    better: tuple[int, ...] | None
    gains: tuple[float, ...]
    below: tuple[str, ...]
    crossed: tuple[str, ...]
    impossible: bool


def read_results(game: Exercise, file: Path) -> tuple[PairResult, ...]:
    """The pairs of a CSV file: a column with the pair's name, then one an issue; a row left empty is no agreement.

    Issues and options go by name in either language or by id, options also by their letter. ``DossierError`` with
    every located problem.
    """
    document = read_document(file)
    rows = read_rows(document)
    document.check()
    if len(rows) < 2:
        document.add("results-none", 0, 1)
        document.check()
    columns = _columns(game, rows[0])
    document.check()
    told: dict[str, tuple[int, ...] | None] = {}
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            row[0].add("import-csv-cells", n=len(row), expected=len(rows[0]))
            continue
        if not row[0].text:
            row[0].add("results-pair")
        elif row[0].text in told:
            row[0].add("results-pair-twice", pair=row[0].text)
        else:
            told[row[0].text] = _package(game, row, columns, document)
    document.check()
    return tuple(judged(game, pair, options) for pair, options in told.items())


def _columns(game: Exercise, header: Row) -> list[int]:
    """Of every issue, the column it stands in."""
    names = [_ways(issue, game.file.issues[issue].name) for issue in game.issues]
    found: dict[int, int] = {}
    for k, cell in enumerate(header[1:], start=1):
        at = next((i for i, ways in enumerate(names) if cell.text.casefold() in ways), None)
        if at is None:
            known = [game.file.issues[i].name for i in game.issues]
            cell.add("results-column", column=cell.text, closest=_suggested(cell.text, known))
        elif at in found:
            cell.add("import-csv-twice", name=cell.text)
        else:
            found[at] = k
    for i in range(len(game.issues)):
        if i not in found and not header[0].document.problems:
            header[0].add("results-no-column", issue=_named(game, i))
    return [found.get(i, 0) for i in range(len(game.issues))]


def _ways(id_: str, name: object) -> set[str]:
    return {id_.casefold(), *(str(getattr(name, lang) or "").casefold() for lang in LANGUAGES)} - {""}


def _package(game: Exercise, row: Row, columns: Sequence[int], document: Document) -> tuple[int, ...] | None:
    cells = [row[k] for k in columns]
    if not any(cell.text for cell in cells):
        return None
    out = []
    for i, cell in enumerate(cells):
        if not cell.text:
            cell.add("results-open", pair=row[0].text)
            continue
        option = _option(game, i, cell)
        if option is not None:
            out.append(option)
    return tuple(out) if len(out) == len(cells) else None


def _option(game: Exercise, i: int, cell: Cell) -> int | None:
    options = game.file.issues[game.issues[i]].options
    wanted = cell.text.casefold()
    # A name counts before a letter: an option may be called "B".
    for k, option in enumerate(options):
        if wanted in _ways(option.id, option.name):
            return k
    for k in range(len(options)):
        if wanted == game.letter(k).casefold():
            return k
    known = [option.name for option in options]
    cell.add("results-option", option=cell.text, issue=_named(game, i), closest=_suggested(cell.text, known))
    return None


@dataclass(frozen=True, slots=True)
class _Names:
    """A list of names in the language of the message; templates ask for ``{name:en}``, ``{name:or}``, ``{name:zh}``."""

    names: tuple[Localised, ...]

    def __format__(self, spec: str) -> str:
        lang: Language = "zh" if spec == "zh" else "en"
        return format(Several(dict.fromkeys(name.get(lang) for name in self.names)), spec)


def _suggested(written: str, known: Sequence[Localised]) -> Said:
    """The names closest to what was written in either language, else all of them, in the reader's language only."""
    by_text = {name.get(lang): name for lang in LANGUAGES for name in known}
    near = [by_text[text] for text in closest(written, by_text)]
    return Said(f"checks.{'did-you-mean' if near else 'known-here'}", names=_Names(tuple(near or known)))


def _named(game: Exercise, i: int) -> Said:
    """An issue's name in the language of the message."""
    name = game.file.issues[game.issues[i]].name
    return Said("roles.name", en=name.get("en"), zh=name.get("zh"))


def judged(game: Exercise, pair: str, options: tuple[int, ...] | None) -> PairResult:
    """One pair's result against the frontier."""
    got = game.walk_away if options is None else game.score(options)
    lines = () if options is None else game.crossed(options)
    impossible = options is not None and game.impossible(options)
    crossed = tuple(dict.fromkeys(game.parties[n.party] for n in lines))
    below = tuple(p for p, v, w in zip(game.parties, got, game.walk_away, strict=True) if v < w)
    told = tuple(float(v) for v in got)
    if crossed or impossible:
        return PairResult(pair, options, told, None, None, (), below, crossed, impossible)
    curve = game.frontier
    better = np.flatnonzero((curve.points >= got - 1e-9).all(axis=1))
    if not len(better):
        return PairResult(pair, options, told, None, None, (), below, crossed, impossible)
    gains = curve.points[better] - got
    distance = float(np.sqrt((gains**2).sum(axis=1)).min())
    if math.isclose(distance, 0, abs_tol=1e-9):
        return PairResult(pair, options, told, 0.0, None, (), below, crossed, impossible)
    # The most even gain; of equal ones the largest sum.
    pick = max(range(len(better)), key=lambda k: (gains[k].min(), gains[k].sum()))
    found = tuple(int(k) for k in curve.packages[better[pick]])
    return PairResult(
        pair, options, told, distance, found, tuple(map(float, gains[pick])), below, crossed, impossible
    )


# ---- the page ----------------------------------------------------------------------------------------------------


def page(game: Exercise, found: Sequence[PairResult], lang: Language, picture: str | None = None) -> str:
    """All pairs on one page: how many agreed, the chart, a table, and what each left on the table."""
    lines = [f"# {text('results', lang)}", "", f"**{game.file.title.get(lang)}**", ""]
    lines += [summary(found, lang), ""]
    if picture is not None:
        lines += [f"![{text('chart-title', lang)}]({picture})", ""]
    heads, rows = cells(game, found, lang)
    lines += table(heads, rows)
    lines += [text("distance-meaning", lang), ""]
    return "\n".join(lines) + "\n"


def summary(found: Sequence[PairResult], lang: Language) -> str:
    """How many pairs agreed, how many on the frontier, how many against their own interest."""
    return text(
        "summary",
        lang,
        n=len(found),
        agreed=sum(r.package is not None for r in found),
        efficient=sum(r.package is not None and r.distance == 0 for r in found),
        below=sum(bool(r.below) for r in found),
        crossed=sum(bool(r.crossed) for r in found),
    )


def cells(
    game: Exercise, found: Sequence[PairResult], lang: Language
) -> tuple[list[str], list[tuple[str, ...]]]:
    """The table of results: heads and rows of text."""
    names = {p: party_name(game.file, p, lang) for p in game.parties}
    heads = [say("roles.column-pair", lang), say("roles.column-agreed", lang), *names.values()]
    heads += [say(f"roles.column-{key}", lang) for key in ("distance", "broken", "better")]
    rows = []
    for r in found:
        broken = [say("roles.below", lang, party=names[p]) for p in r.below]
        broken += [say("roles.crossed", lang, party=names[p]) for p in r.crossed]
        broken += [say("roles.impossible", lang)] if r.impossible else []
        better = ""
        if r.better is not None:
            gains = joined([f"{n} +{points(g)}" for n, g in zip(names.values(), r.gains, strict=True)], lang)
            better = say("roles.better", lang, package=package(game, r.better, lang), gains=gains)
        rows.append(
            (
                r.pair,
                say("roles.none", lang) if r.package is None else package(game, r.package, lang),
                *(points(v) for v in r.points),
                "—" if r.distance is None else f"{r.distance:.1f}",
                ("；" if lang == "zh" else "; ").join(broken),
                better,
            )
        )
    return heads, rows
