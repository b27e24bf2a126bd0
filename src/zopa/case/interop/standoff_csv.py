"""Tables of states in CSV: a row a state, a column an option, a column a party with the ranks it gives the states.

Option form: ``state``, ``status quo``, ``PARTY: OPTION`` with Y or N, ``rank: PARTY`` (1 is best, equal ranks are
ties; in brackets, the rank of a state the party does not see; an empty cell, one of which not even that is known).
Which combinations are feasible is said by which have a row; a row ``one way`` says ``on`` or ``off`` under the options
that change in one direction only. Graph form: ``name`` and ``moves: PARTY`` (numbers of the states it can move to)
stand instead of options. What an analysis found may stand beside, ``Nash: stable for``, ``Nash: equilibrium``, ``Nash:
why``; it is never taken over.
"""

import csv
import hashlib
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zopa.case.conflict import MOST_PARTIES, Conflict
from zopa.case.interop.csv_cells import NO, STATUS_QUO, YES, Cell, Row, guarded
from zopa.case.interop.export_words import told_apart, write_new
from zopa.case.interop.layout import comment, comment_file, head, safe_id, words, write_case
from zopa.case.interop.located import Document
from zopa.case.interop.patterns import Pattern
from zopa.case.interop.standoff_form import (
    MOST_OPTIONS,
    RESERVED,
    Maker,
    Option,
    graph_form,
    option_form,
    parties,
)
from zopa.case.interop.standoff_plain import titles
from zopa.case.interop.uncovered import TooScatteredError, uncovered
from zopa.case.names import party_name
from zopa.methods.graph_model import CONCEPTS, Bool, Lattice
from zopa.words import Language, say

STATE = ("state", "n", "状态")
NAME = ("name", "名称")
ONE_WAY = ("one way", "one_way", "单向")
_RANK = re.compile(r"(?:rank|排序)\s*[:：]\s*(.+)", re.IGNORECASE)
_BRACKETED = re.compile(r"[(（]\s*(.+?)\s*[)）]")
_MOVES = re.compile(r"(?:moves|移动)\s*[:：]\s*(.+)", re.IGNORECASE)
_VERDICT = re.compile(
    rf"(?:{'|'.join(CONCEPTS)})\s*[:：]\s*(?:stable for|equilibrium|why|稳定方|均衡|理由)", re.IGNORECASE
)


# ---- writing -----------------------------------------------------------------------------------------------------


def write_standoff_csv(
    conflict: Conflict,
    ranks: NDArray[np.int32],
    verdicts: Mapping[str, Bool],
    reasons: Mapping[str, Sequence[str]],
    path: str | Path,
    *,
    lang: Language = "en",
) -> Path:
    """The table of states written to ``path``, with verdicts and their reasons where there are any; the path.

    ``ranks`` (parties, S), larger better; ``verdicts`` by concept (parties, S): for whom a state is stable;
    ``reasons`` by concept, a text a state (S), in the language of ``lang``. Nothing that exists is overwritten.
    """
    return write_new(Path(path), states_table(conflict, ranks, verdicts, reasons, lang=lang))


def states_table(
    conflict: Conflict,
    ranks: NDArray[np.int32],
    verdicts: Mapping[str, Bool] | None = None,
    reasons: Mapping[str, Sequence[str]] | None = None,
    *,
    lang: Language = "en",
) -> str:
    """The text of ``write_standoff_csv``."""
    names = list(told_apart({p: party_name(conflict.file, p, lang) for p in conflict.parties}).values())
    # Moves of merged states are listed, as in graph form.
    options = conflict.standoff.options if isinstance(conflict.model, Lattice) else ()
    named = titles(conflict.standoff, lang)
    label = {
        key: say(f"export.states-{key}", lang) for key in ("state", "name", "quo", "rank", "moves", "way")
    }
    colon = "：" if lang == "zh" else ": "
    verdicts, reasons = verdicts or {}, reasons or {}

    header = [label["state"], label["quo"]]
    if options:
        header += [f"{names[conflict.parties.index(o.party)]}{colon}{named[o.id]}" for o in options]
    else:
        header += [label["name"], *(f"{label['moves']}{colon}{name}" for name in names)]
    header += [f"{label['rank']}{colon}{name}" for name in names]
    for concept in verdicts:
        shown = {"nash": "Nash"}.get(concept, concept.upper())
        header += [f"{shown}{colon}{say(f'export.states-{key}', lang)}" for key in ("stable", "equilibrium")]
        header += [f"{shown}{colon}{say('export.states-why', lang)}"] if concept in reasons else []

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(map(guarded, header))
    ways = [option.one_way or "" for option in options]
    if any(ways):
        rows.writerow([label["way"], "", *ways, *[""] * (len(header) - 2 - len(ways))])
    unseen = np.zeros(ranks.shape, dtype=np.bool_) if conflict.unseen is None else conflict.unseen
    # Unseen states keep their ranks: what a party is brought to there still deters it.
    places = np.stack([np.unique(-own.astype(np.int64), return_inverse=True)[1] + 1 for own in ranks])
    columns = [conflict.facts[option.id] for option in options]
    for s in range(len(conflict)):
        row = [str(int(conflict.numbers[s])), "x" if s == conflict.status_quo else ""]
        if options:
            row += ["Y" if taken[s] else "N" for taken in columns]
        else:
            row.append(conflict.label(s, lang))
            for party in range(len(names)):
                row.append(" ".join(str(int(conflict.numbers[q])) for q in conflict.graph.moves(party, s)))
        row += [f"({places[i, s]})" if unseen[i, s] else str(places[i, s]) for i in range(len(names))]
        for concept, stable in verdicts.items():
            row.append(
                ("；" if lang == "zh" else "; ").join(
                    n for n, at in zip(names, stable[:, s], strict=True) if at
                )
            )
            row.append(say("export.states-yes" if stable[:, s].all() else "export.states-no", lang))
            row += [reasons[concept][s]] if concept in reasons else []
        rows.writerow(map(guarded, row))
    return text.getvalue()


# ---- reading -----------------------------------------------------------------------------------------------------


@dataclass
class _Columns:
    """Where what stands: parties by their rank columns, options with their owners, moves by party."""

    ranks: dict[str, int] = field(default_factory=dict)
    options: list[tuple[int, str, str]] = field(default_factory=list)
    """Column, owner, name."""
    moves: dict[str, int] = field(default_factory=dict)
    state: int | None = None
    name: int | None = None
    quo: int | None = None


def is_states(rows: Sequence[Row]) -> bool:
    """Whether a table is one of states: it has a column with the ranks of a party."""
    return bool(rows) and any(_RANK.fullmatch(cell.text) for cell in rows[0])


def import_states(
    file: Path, document: Document, rows: Sequence[Row], into: Path, *, as_of: date | None = None
) -> Path:
    """A case folder made of a table of states; ``DossierError`` with every located problem."""
    columns = _columns(rows[0])
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            row[0].add("import-csv-cells", n=len(row), expected=len(rows[0]))
    document.check()
    makers: list[Maker] = []
    for name in columns.ranks:
        makers.append(Maker(name, safe_id(name, f"party-{len(makers) + 1}", [m.id for m in makers])))
    read = _graph if columns.moves else _options
    standoff = read(rows, columns, makers)
    comments = [
        *comment("states-head"),
        comment_file(file, hashlib.sha256(file.read_bytes()).hexdigest()),
        *comment("conflict-recomputed"),
        *([] if columns.moves else comment("conflict-states")),
        *([] if _marked(rows[1:], columns) else comment("states-quo")),
        *comment("conflict-assumed"),
    ]
    title = words(file.stem)
    data = {
        **head(title, words(f"CSV: {file.name}"), as_of),
        "parties": parties(makers),
        "standoff": standoff,
    }
    return write_case(into, comments, data)


def _columns(header: Row) -> _Columns:
    out = _Columns()
    rest: list[tuple[int, Cell]] = []
    for k, cell in enumerate(header):
        folded = cell.text.casefold()
        if rank := _RANK.fullmatch(cell.text):
            _put(out.ranks, rank[1], k, cell)
        elif moved := _MOVES.fullmatch(cell.text):
            _put(out.moves, moved[1], k, cell)
        elif folded in STATE and out.state is None:
            out.state = k
        elif folded in STATUS_QUO and out.quo is None:
            out.quo = k
        elif folded in NAME and out.name is None:
            out.name = k
        elif not _VERDICT.fullmatch(cell.text):
            rest.append((k, cell))
    named: set[str] = set()
    for k, cell in rest:
        owner = _owner(cell.text, tuple(out.ranks))
        if owner is None or out.moves:
            cell.add("import-states-column", column=cell.text or " ")
        elif cell.text in named:
            cell.add("import-csv-twice", name=cell.text)
        else:
            named.add(cell.text)
            out.options.append((k, owner, cell.text[len(owner) :].lstrip(" :：")))
    for name, k in out.moves.items():
        if name not in out.ranks:
            header[k].add("import-states-no-rank", party=name)
    if len(out.ranks) > MOST_PARTIES:
        header[0].add("import-conflict-makers", n=len(out.ranks), most=MOST_PARTIES)
    if not out.moves and not header[0].document.problems and not 1 <= len(out.options) <= MOST_OPTIONS:
        header[0].add("import-conflict-options", n=len(out.options), most=MOST_OPTIONS)
    if out.moves and out.state is None:
        header[0].add("import-csv-column", column=STATE[0], chinese=STATE[-1])
    return out


def _put(columns: dict[str, int], name: str, k: int, cell: Cell) -> None:
    if name in columns:
        cell.add("import-csv-twice", name=cell.text)
    columns[name] = k


def _owner(text: str, named: Sequence[str]) -> str | None:
    """The party an option column begins with: the longest name that a colon and something else follow."""
    found = [name for name in named if re.match(re.escape(name) + r"\s*[:：]\s*\S", text)]
    return max(found, key=len, default=None)


def _marked(rows: Sequence[Row], columns: _Columns) -> Row | None:
    """The row of the status quo; a second mark, or one that is none, is noted."""
    out: Row | None = None
    for row in rows if columns.quo is not None else ():
        cell = row[columns.quo or 0]
        if cell.text.casefold() in NO:
            continue
        if cell.text.casefold() not in YES:
            cell.add("import-csv-mark", value=cell.text)
        elif out is not None:
            cell.add("import-states-quo")
        out = out or row
    return out


def _options(rows: Sequence[Row], columns: _Columns, makers: Sequence[Maker]) -> dict[str, object]:
    document = rows[0][0].document
    place = {maker.name: k for k, maker in enumerate(makers)}
    ways: dict[int, str] = {}
    states: dict[int, Row] = {}
    for row in rows[1:]:
        if columns.state is not None and row[columns.state].text.casefold() in ONE_WAY:
            ways |= {bit: way for bit, (k, _, _) in enumerate(columns.options) if (way := _way(row[k]))}
            continue
        bits = sum(_taken(row[k]) << bit for bit, (k, _, _) in enumerate(columns.options))
        if bits in states and not document.problems:
            row[0].add("import-states-twice", row=row[0].text or " ")
        states.setdefault(bits, row)
    if not states:
        rows[0][0].add("import-csv-empty")
    document.check()
    masks = np.array(sorted(states), dtype=np.int64)
    numbers = {bits: n for n, bits in enumerate(sorted(states), start=1)}
    for maker in makers:
        _rank(maker, columns.ranks[maker.name], {numbers[bits]: row for bits, row in states.items()}, rows[0])
    marked = _marked(rows[1:], columns)
    quo = next((numbers[bits] for bits, row in states.items() if row is marked), 1)
    try:
        cubes = uncovered(masks, len(columns.options))
    except TooScatteredError as error:
        rows[0][0].add("import-states-scattered", most=error.most)
        cubes = []
    document.check()
    options: list[Option] = []
    for bit, (_, owner, name) in enumerate(columns.options):
        taken = {*RESERVED, *(option.id for option in options)}
        id_ = safe_id(name, f"option_{bit + 1}", taken, joint="_")
        options.append(Option(id_, place[owner], name, ways.get(bit)))
    return option_form(options, makers, [Pattern(cube) for cube in cubes], masks, quo)


def _taken(cell: Cell) -> bool:
    if cell.text.casefold() not in (*YES, *NO):
        cell.add("import-states-yes-no", value=cell.text)
    return cell.text.casefold() in YES


def _way(cell: Cell) -> str | None:
    if cell.text.casefold() not in ("", "on", "off"):
        cell.add("import-states-one-way", value=cell.text)
    return cell.text.casefold() or None


def _rank(maker: Maker, column: int, states: Mapping[int, Row], header: Row) -> None:
    """Tiers of states from the ranks in a column; states with theirs in brackets, or without one, are not seen."""
    tiers: dict[float, list[int]] = {}
    for n, row in sorted(states.items()):
        cell = row[column]
        if not cell.text:
            maker.blind.append(n)
            continue
        bracketed = _BRACKETED.fullmatch(cell.text)
        try:
            rank = float(bracketed[1] if bracketed else cell.text)
        except ValueError:
            rank = math.nan
        if not math.isfinite(rank):
            cell.add("import-csv-number", value=cell.text)
            continue
        if bracketed:
            maker.blind.append(n)
        tiers.setdefault(rank, []).append(n)
    maker.ranking = [tiers[rank] for rank in sorted(tiers)]
    if not tiers and not header[0].document.problems:
        header[column].add("import-states-no-ranks", party=maker.name)


def _graph(rows: Sequence[Row], columns: _Columns, makers: Sequence[Maker]) -> dict[str, object]:
    document = rows[0][0].document
    assert columns.state is not None  # or the header has been refused
    states: dict[int, Row] = {}
    for row in rows[1:]:
        cell = row[columns.state]
        n = _number(cell.text)
        if not n:
            cell.add("import-states-number", value=cell.text or " ")
        elif n in states:
            cell.add("import-states-twice", row=cell.text)
        else:
            states[n] = row
    if len(rows) == 1:
        rows[0][0].add("import-csv-empty")
    document.check()
    states = dict(sorted(states.items()))
    for maker in makers:
        _rank(maker, columns.ranks[maker.name], states, rows[0])
        for n, row in states.items() if maker.name in columns.moves else ():
            _moves(maker, n, row[columns.moves[maker.name]], states)
    marked = _marked(rows[1:], columns)
    document.check()
    quo = next((n for n, row in states.items() if row is marked), min(states))
    name = columns.name
    names = {n: (row[name].text if name is not None else "") or str(n) for n, row in states.items()}
    return graph_form(names, makers, quo)


def _moves(maker: Maker, source: int, cell: Cell, states: Mapping[int, Row]) -> None:
    for text in re.split(r"[\s,;，；、]+", cell.text) if cell.text else ():
        target = _number(text)
        if target not in states:
            cell.add("import-states-target", value=text or " ")
        elif target == source:
            cell.add("import-conflict-loop", n=source)
        elif (source, target) not in maker.moves:
            maker.moves.append((source, target))


def _number(text: str) -> int:
    """A state's number, 0 where the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
