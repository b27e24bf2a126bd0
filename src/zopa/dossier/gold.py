"""Gold: a text with its known claims marked in it, read and written; what people decided in a review becomes gold.

A claim stands between ``⟦type|speaker head|said on|kind|issues⟧`` and ``⟦/⟧``, with ``r``, ``p`` or ``n`` for the type.
Claims may nest; ``⟦/2⟧`` closes the last mark but one, for claims that overlap. ``⟦&⟧…⟦/⟧`` gives the claim closed
before it a second range, ``⟦&2⟧`` the one closed before that. An empty field is open and not scored, ``-`` says that
there is nothing; ``/`` parts names that are equally right. Behind the five stand named fields: ``event=REQUEST``,
``chain=A>B``, ``polarity=``, ``modality=``, ``about=`` (days). A backslash takes a character as it is, ``⟦⟦⟧`` is a ⟦.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import get_args

from zopa.case.folder import read_record
from zopa.case.shape import shape
from zopa.case.yaml_text import parse
from zopa.case.yaml_write import inline
from zopa.claims.claim import Claim, ClaimType, EventType, Kind, Modality, Polarity
from zopa.claims.files import MOST_TEXT, read_lines, reason, write_text_atomic
from zopa.claims.lines import Lines, Several, did_you_mean, shown, suggestion
from zopa.claims.reviews import decisions, in_force
from zopa.claims.source import RULE, Header, Source, split_header
from zopa.errors import CaseFileError, DossierError, Place, Problem

Spans = tuple[tuple[int, int], ...]
TYPES: Mapping[str, ClaimType] = {"r": "report", "p": "position", "n": "narrator"}
LETTERS = {name: letter for letter, name in TYPES.items()}
NONE = "-"
"""What a field says where there is nothing to be found, as against an open one."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "event": get_args(EventType),
    "polarity": get_args(Polarity),
    "modality": get_args(Modality),
}
NAMED = ("event", "chain", "polarity", "modality", "about")
"""Fields that stand behind the five with their names, each scored by whether a reader gives the very same."""
SHOWN = ("event", "chain", "polarity", "modality")
"""Those of them that a reviewer has seen and so decided on."""
_MARK = re.compile(r"⟦(⟦|(?:\\.|[^⟧⟦\\])*)⟧|⟦", re.DOTALL)
_SPECIAL = re.compile(r"([\\|/,>⟧⟦])")


@dataclass(frozen=True, slots=True)
class Gold:
    """A claim as an annotator wrote it down; None where the annotation leaves a field open.

    ``undated`` says that the text gives no day of utterance. ``named`` holds the named fields that are given.
    """

    ranges: Spans
    type: ClaimType
    speakers: tuple[str, ...] = ()
    said_on: date | None = None
    kind: str | None = None
    issues: tuple[str, ...] | None = None
    undated: bool = False
    named: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marked:
    """A document with its known claims."""

    source: Source
    gold: tuple[Gold, ...]


# ---- reading -----------------------------------------------------------------------------------------------------


def parse_marked(marked: str) -> tuple[str, tuple[Gold, ...]]:
    """The plain text and its gold claims, by place; ``DossierError`` holds every mark that cannot be read."""
    text, gold, problems = read_marked(Lines("", marked))
    if problems:
        raise DossierError(problems)
    return text, gold


def read_marked(lines: Lines) -> tuple[str, tuple[Gold, ...], tuple[Problem, ...]]:
    """The plain text, its gold claims by place, and the located problems of its marks."""
    reading = _Marks(lines)
    return (
        reading.text(),
        tuple(sorted(reading.gold, key=lambda claim: claim.ranges)),
        tuple(reading.problems),
    )


@dataclass
class _Open:
    span: tuple[int, int]
    start: int
    claim: Gold | None
    more_of: int | None = None


class _Marks:
    """One pass over a marked text."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.marked = lines, lines.text
        self.gold: list[Gold] = []
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.length = 0

    def text(self) -> str:
        parts: list[str] = []
        at = 0
        for found in _MARK.finditer(self.marked):
            parts.append(self.marked[at : found.start()])
            self.length += found.start() - at
            at = found.end()
            if found[1] == "⟦":
                parts.append("⟦")
                self.length += 1
            else:
                self._mark(found[1], found.span())
        parts.append(self.marked[at:])
        for left in self.open:
            self._wrong("gold-unclosed", left.span)
        return "".join(parts)

    def _wrong(self, code: str, span: tuple[int, int], **values: object) -> None:
        self.problems.append(self.lines.problem(code, span, **values))

    def _mark(self, content: str | None, span: tuple[int, int]) -> None:
        if content is None:
            self._wrong("gold-mark", span)
        elif number := re.fullmatch(r"/(\d*)", content):
            self._close(int(number[1] or 1), span)
        elif number := re.fullmatch(r"&(\d*)", content):
            k = int(number[1] or 1)
            if not 1 <= k <= len(self.gold):
                self._wrong("gold-second", span)
            self.open.append(_Open(span, self.length, None, len(self.gold) - k))
        else:
            self.open.append(_Open(span, self.length, self._claim(content, span)))

    def _close(self, k: int, span: tuple[int, int]) -> None:
        if not 1 <= k <= len(self.open):
            self._wrong("gold-unopened", span)
            return
        mark = self.open.pop(-k)
        if mark.start == self.length:
            self._wrong("gold-empty", mark.span)
        elif mark.claim is not None:
            self.gold.append(replace(mark.claim, ranges=((mark.start, self.length),)))
        elif mark.more_of is not None and 0 <= mark.more_of < len(self.gold):
            claim = self.gold[mark.more_of]
            self.gold[mark.more_of] = replace(claim, ranges=(*claim.ranges, (mark.start, self.length)))

    # -- the fields of a mark

    def _claim(self, content: str, span: tuple[int, int]) -> Gold:
        places = _split(content, "|", span[0] + 1)
        first, *rest = places
        letter = first[0].strip()
        if letter not in TYPES:
            self._wrong("gold-type", first[1] if letter else span, value=shown(letter))
        head, said, kind, issues = ([*rest[:4], *[("", span)] * 4])[:4]
        claim = Gold(
            (),
            TYPES.get(letter, "report"),
            tuple(_bare(name) for name, _ in _split(head[0], "/", 0) if name.strip()),
            self._day("said on", *said) if said[0].strip() not in ("", NONE) else None,
            self._choice("kind", *kind) if kind[0].strip() else None,
            _listed(issues[0], ",") if issues[0].strip() else None,
            said[0].strip() == NONE,
        )
        named = dict(filter(None, (self._named(*place) for place in rest[4:])))
        return replace(claim, named=named)

    def _named(self, written: str, span: tuple[int, int]) -> tuple[str, object] | None:
        key, sign, value = written.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or key not in NAMED:
            self._wrong("gold-field", span, value=shown(written), closest=suggestion(key, NAMED))
            return None
        if not value:
            return None
        if key == "chain":
            return key, _listed(value, ">")
        if key == "about":
            days = [] if value == NONE else [self._day(key, day, span) for day in value.split(",")]
            return key, tuple(sorted(day for day in days if day is not None))
        return key, None if value == NONE else self._choice(key, value, span)

    def _day(self, key: str, written: str, span: tuple[int, int]) -> date | None:
        try:
            return date.fromisoformat(written.strip())
        except ValueError:
            self._wrong("date-impossible", span, key=key, value=shown(written))
            return None

    def _choice(self, key: str, written: str, span: tuple[int, int]) -> str:
        value, allowed = written.strip(), CHOICES[key]
        if value not in allowed:
            closest = did_you_mean(value, allowed)
            self._wrong(
                "not-a-choice", span, key=key, value=shown(value), allowed=Several(allowed), closest=closest
            )
        return value


def _split(text: str, sign: str, offset: int) -> list[tuple[str, tuple[int, int]]]:
    """The parts of a mark between signs that no backslash takes as they are, with their places; escapes are kept."""
    out: list[tuple[str, tuple[int, int]]] = []
    at = k = 0
    while k <= len(text):
        if k == len(text) or text[k] == sign:
            out.append((text[at:k], (offset + at, offset + k)))
            at = k + 1
        k += 2 if text[k : k + 1] == "\\" else 1
    return out if at > len(text) else [*out, (text[at:], (offset + at, offset + len(text)))]


def _bare(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written.strip())


def _listed(written: str, sign: str) -> tuple[str, ...]:
    if written.strip() == NONE:
        return ()
    return tuple(_bare(part) for part, _ in _split(written, sign, 0) if part.strip())


def read_gold(path: Path) -> tuple[Marked, ...]:
    """The marked documents of a folder, or of one file, by name; ``CaseFileError`` holds every problem of every file.

    ``.md`` and ``.txt`` files count, less those named README and hidden ones.
    """
    files = [path]
    if path.is_dir():
        files = sorted(
            p
            for p in path.iterdir()
            if p.suffix in (".md", ".txt") and not p.name.startswith((".", "README"))
        )
    if not files or not files[0].exists():
        raise CaseFileError.of("gold-none", Place(path.name), path=path.name)
    out: list[Marked] = []
    problems: list[Problem] = []
    for file in files:
        try:
            out.append(_document(file))
        except CaseFileError as error:
            problems += error.problems
    if problems:
        raise CaseFileError(problems)
    return tuple(out)


def _document(path: Path) -> Marked:
    lines = read_lines(path.parent, path.name, most=MOST_TEXT)
    top, body, first = split_header(lines.text)
    header = Header()
    problems: list[Problem] = []
    if top is not None:
        root, found = parse(Lines(path.name, top, first=2))
        problems += found
        if root is not None and not root.is_null and not found:
            shaped = shape(root, Header, stand_ins={})
            problems += shaped.problems
            header = shaped.value or header
    text, gold, wrong = read_marked(Lines(path.name, body, first=first))
    if problems or wrong:
        raise CaseFileError([*problems, *wrong])
    return Marked(Source(id=path.stem, header=header, text=text), gold)


# ---- writing -----------------------------------------------------------------------------------------------------


def marked(text: str, gold: Sequence[Gold]) -> str:
    """The text with its claims marked in it; reads back as the same text and the same claims."""
    parts: list[str] = []
    opened: list[tuple[int, int]] = []
    closed: list[int] = []
    done = 0
    for at, closing, claim, part in _events(gold):
        parts.append(text[done:at].replace("⟦", "⟦⟦⟧"))
        done = at
        if not closing:
            opened.append((claim, part))
            k = len(closed) - closed.index(claim) if part else 0
            parts.append(f"⟦&{k if k > 1 else ''}⟧" if part else f"⟦{_fields(gold[claim])}⟧")
            continue
        k = len(opened) - opened.index((claim, part))
        opened.pop(-k)
        parts.append(f"⟦/{k if k > 1 else ''}⟧")
        if not part:
            closed.append(claim)
    return "".join([*parts, text[done:].replace("⟦", "⟦⟦⟧")])


def _events(gold: Sequence[Gold]) -> Iterator[tuple[int, bool, int, int]]:
    """Where marks open and close: at one place those that close before those that open, and in an order that nests."""
    rows = [
        (start, stop, claim, part)
        for claim, known in enumerate(gold)
        for part, (start, stop) in enumerate(_disjoint(known.ranges))
    ]
    opening = [((at, 1, -stop, claim), (at, False, claim, part)) for at, stop, claim, part in rows]
    closing = [((stop, 0, -start, -claim), (stop, True, claim, part)) for start, stop, claim, part in rows]
    yield from (event for _, event in sorted([*opening, *closing]))


def _disjoint(ranges: Spans) -> Spans:
    """Ranges in the order of the text, those that overlap as one."""
    out: list[tuple[int, int]] = []
    for start, stop in sorted(ranges):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return tuple(out)


def _fields(claim: Gold) -> str:
    said = claim.said_on.isoformat() if claim.said_on is not None else NONE if claim.undated else ""
    issues = "" if claim.issues is None else ",".join(map(_safe, claim.issues)) or NONE
    five = (LETTERS[claim.type], "/".join(map(_safe, claim.speakers)), said, claim.kind or "", issues)
    return "|".join([*five, *(f"{key}={_named(claim.named[key])}" for key in NAMED if key in claim.named)])


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _named(value: object) -> str:
    if isinstance(value, tuple):
        days = all(isinstance(item, date) for item in value)
        return ("," if days else ">").join(_safe(str(item)) for item in value) or NONE
    return NONE if value is None else _safe(str(value))


# ---- what people decided, as gold ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exported:
    """What became gold: claims by document. ``open`` counts the candidates of documents that wait for decisions.

    ``unread`` are the documents of which nobody has proposed or decided anything.
    """

    written: Mapping[str, int]
    open: Mapping[str, int]
    unread: tuple[str, ...]


def export_gold(case: Path, folder: Path) -> Exported:
    """Write the decided documents of a case as marked texts, one ``ID.md`` each; those with open candidates are left.

    ``CaseFileError`` where a file of that name with another content stands there already; nothing is written then.
    """
    sources, record = read_record(case)
    log = [decision for decision in in_force(decisions(case)) if decision.claim is not None]
    waiting = Counter(claim.source for claim in record.waiting)
    touched = {claim.source for claim in record.accepted} | {decision.read.source for decision in log}
    ready = {id_: source for id_, source in sources.items() if id_ in touched and id_ not in waiting}
    texts: dict[str, str] = {}
    written: dict[str, int] = {}
    for id_, source in ready.items():
        claims = [claim for claim in record.accepted if claim.source == id_]
        known = [as_gold(claim, record.names) for claim in claims]
        texts[f"{id_}.md"] = _page(source, marked(source.text, known))
        written[id_] = len(known)
    _write(folder, texts)
    unread = tuple(id_ for id_ in sources if id_ not in touched and id_ not in waiting)
    return Exported(written, {id_: waiting[id_] for id_ in sources if id_ in waiting}, unread)


def as_gold(claim: Claim, names: Mapping[str, str]) -> Gold:
    """An accepted claim as an annotator would have written it; all names of one person are equally right."""
    heads: list[str] = []
    if claim.speaker_head is not None:
        kept = names.get(claim.speaker_head, claim.speaker_head)
        heads = [kept, *sorted(old for old, new in names.items() if new == kept)]
    return Gold(
        claim.ranges,
        claim.type,
        tuple(heads),
        claim.said_on,
        claim.kind,
        claim.issues,
        claim.said_on is None,
        {key: getattr(claim, key) for key in SHOWN},
    )


def _page(source: Source, body: str) -> str:
    header = source.header.model_dump(exclude_unset=True)
    lines = "".join(f"{key}: {inline(value)}\n" for key, value in header.items())
    return f"{RULE}\n{lines}{RULE}\n\n{body}"


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    taken = [name for name, text in texts.items() if _differs(folder / name, text)]
    if taken:
        raise CaseFileError(Problem("gold-target", Place(name), {"name": name}) for name in taken)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        name = folder.name
        raise CaseFileError.of("file-write", Place(name), name=name, reason=reason(error)) from None
    for name, text in texts.items():
        write_text_atomic(folder / name, text)


def _differs(path: Path, text: str) -> bool:
    return path.exists() and (not path.is_file() or path.read_bytes() != text.encode("utf-8"))
