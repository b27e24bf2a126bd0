"""Records as JSON lines, claims above all: one a line, in the order of their fields, every problem at its place."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from zopa.claims.claim import Claim, quote_at
from zopa.claims.files import write_text_atomic
from zopa.claims.lines import Lines, Said, shown, suggestion
from zopa.claims.source import Source
from zopa.claims.validation import Complaint, Loc, complaints
from zopa.errors import Place, Problem

Record = TypeVar("Record", bound=BaseModel)
CLAIMS = "claims.jsonl"
CANDIDATES = "candidates.jsonl"
Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Line:
    """One record as it stands in its file: its stretch of the text and where its keys and values stand."""

    lines: Lines
    start: int
    stop: int
    keys: Mapping[str, Span] = field(default_factory=dict)
    values: Mapping[str, Span] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the record stands."""
        return self.lines.place(self.start, self.stop)

    def span(self, loc: Loc = (), *, at_key: bool = False) -> Span:
        """Where the value (or the key) of a place stands; the whole record where it has no such key."""
        known = self.keys if at_key else self.values
        return known.get(str(loc[0]), (self.start, self.stop)) if loc else (self.start, self.stop)

    def problem(self, code: str, field: str | None = None, /, **values: object) -> Problem:
        """A problem at the value of a field, or at the whole record."""
        return self.lines.problem(code, self.span(() if field is None else (field,)), **values)

    def written(self, loc: Loc) -> str:
        """The author's text at a place of the record, cut to fit a sentence."""
        return shown(self.lines.text[slice(*self.span(loc))])


@dataclass(frozen=True)
class Records(Generic[Record]):
    """The records of one file with their lines, the problems found, and the ids of records that were refused."""

    lined: tuple[tuple[Line, Record], ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def records(self) -> tuple[Record, ...]:
        """The records alone, in file order."""
        return tuple(record for _, record in self.lined)


def read_records(lines: Lines, model: type[Record]) -> Records[Record]:
    """Every line of a text as a record; what cannot be read is a located problem, the other lines still count."""
    lined: list[tuple[Line, Record]] = []
    problems: list[Problem] = []
    refused: set[str] = set()
    for whole, text, last in _lines(lines):
        try:
            line, doubled = _members(whole, text)
        except _NotJsonError as error:
            problems.append(_not_json(whole, text, error.at, torn=last))
            refused.update(re.findall(r'"(?:id|claim)"\s*:\s*"([^"\\]*)"', text)[:1])
            continue
        found = [*doubled, *_wrong(line, text, model)]
        if not found:
            lined.append((line, model.model_validate_json(text, strict=True)))
            continue
        problems += found
        if "id" in line.values:
            refused.add(
                text[line.values["id"][0] - line.start : line.values["id"][1] - line.start].strip('"')
            )
    return Records(tuple(lined), tuple(problems), frozenset(refused))


def _lines(lines: Lines) -> Iterator[tuple[Line, str, bool]]:
    """Lines with something on them, and whether the line is a last one without a line end."""
    for begin, stop in zip(lines.starts, lines.stops, strict=True):
        start = begin + lines.text.startswith("\ufeff", begin)
        text = lines.text[start:stop]
        if text.strip():
            yield Line(lines, start, stop), text, stop == len(lines.text)


def _not_json(line: Line, text: str, at: int, *, torn: bool) -> Problem:
    if torn:
        return line.problem("line-torn", name=line.lines.file)
    at = min(at, max(0, len(text.rstrip()) - 1))
    return line.lines.problem("line-json", (line.start + at, line.start + at + 1))


def _wrong(line: Line, text: str, model: type[BaseModel]) -> list[Problem]:
    try:
        model.model_validate_json(text, strict=True)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors()):
            # Python reads lone surrogates in escapes; they are no text.
            return [line.problem("line-json")]
        return [_located(line, c) for c in complaints(error, model, written=line.written)]
    return []


def _located(line: Line, complaint: Complaint) -> Problem:
    span = line.span(complaint.loc, at_key=complaint.at_key)
    return line.lines.problem(complaint.code, span, **complaint.values)


# ---- the members of one line, with their places -------------------------------------------------------------------


class _NotJsonError(Exception):
    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(at)


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_SPACE = re.compile(r"[ \t\r]*")


def _members(line: Line, text: str) -> tuple[Line, list[Problem]]:
    """The line with the spans of its keys and values, and its doubled keys; ``_NotJsonError`` if it is no object."""
    keys: dict[str, Span] = {}
    values: dict[str, Span] = {}
    doubled: list[Problem] = []
    at = _expect(text, 0, "{")
    if text.startswith("}", _skip(text, at)):
        at = _skip(text, at)
    else:
        while True:
            key, start, stop = _value(text, at)
            if not isinstance(key, str):
                raise _NotJsonError(start)
            _, begin, end = _value(text, _expect(text, stop, ":"))
            span = (line.start + start, line.start + stop)
            if key in keys:
                doubled.append(line.lines.problem("duplicate-key", span, key=key, first=line.place.line))
            keys[key], values[key] = span, (line.start + begin, line.start + end)
            at = _skip(text, end)
            if not text.startswith(",", at):
                break
            at += 1
    end = _expect(text, at, "}")
    if text[end:].strip():
        raise _NotJsonError(_skip(text, end))
    return Line(line.lines, line.start, line.stop, keys, values), doubled


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if not text.startswith(mark, at):
        raise _NotJsonError(at)
    return at + 1


def _value(text: str, at: int) -> tuple[object, int, int]:
    start = _skip(text, at)
    try:
        value, stop = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _NotJsonError(error.pos) from None
    except (ValueError, RecursionError):
        # NaN, Infinity, a number of thousands of digits, or nesting no record has.
        raise _NotJsonError(start) from None
    return value, start, stop


# ---- claims ------------------------------------------------------------------------------------------------------


def read_claims(
    lines: Lines, sources: Mapping[str, Source], *, accepted: bool, unread: frozenset[str] = frozenset()
) -> Records[Claim]:
    """The claims of a file, each verified against its source; one whose words do not stand there is refused.

    ``accepted``: the file holds accepted claims, so one marked otherwise is a problem. ``unread`` names sources that
    exist but could not be read: their claims are left out without a problem of their own.
    """
    raw = read_records(lines, Claim)
    problems = list(raw.problems)
    refused = set(raw.refused)
    kept: list[tuple[Line, Claim]] = []
    first: dict[str, int | None] = {}
    digests = {id_: source.sha256 for id_, source in sources.items()}
    for line, claim in raw.lined:
        problem = None
        if claim.id in first:
            problem = line.problem("claim-id-twice", "id", id=claim.id, first=first[claim.id])
        elif claim.source not in unread:
            problem = unverified(line, claim, sources, digests)
        first.setdefault(claim.id, line.place.line)
        marked = accepted and "review" in claim.model_fields_set
        if problem is None and marked and claim.review != "accepted":
            problem = line.problem("claim-review", "review", id=claim.id, review=claim.review)
        if problem is not None:
            problems.append(problem)
        if problem is not None or claim.source in unread:
            refused.add(claim.id)
        else:
            kept.append((line, claim.model_copy(update={"review": "accepted"}) if accepted else claim))
    return Records(tuple(kept), tuple(problems), frozenset(refused))


def unverified(
    line: Line, claim: Claim, sources: Mapping[str, Source], digests: Mapping[str, str]
) -> Problem | None:
    """Why the claim's quotation is not what its source says, or None where it is."""
    source = sources.get(claim.source)
    if source is None:
        close = suggestion(claim.source, tuple(sources))
        return line.problem("claim-source", "source", id=claim.id, source=claim.source, closest=close)
    if claim.sha256 != digests[source.id]:
        return line.problem(
            "claim-digest", "sha256", id=claim.id, source=source.id, digest=digests[source.id]
        )
    text = source.text
    if any(stop > len(text) for _, stop in claim.ranges) or quote_at(text, claim.ranges) != claim.quote:
        there = shown(quote_at(text, claim.ranges))
        return line.problem(
            "claim-quote", "quote", id=claim.id, source=source.id, there=there, quote=shown(claim.quote),
            where=_whereabouts(text, claim.quote),
        )  # fmt: skip
    if claim.condition is not None and not claim.condition[0] < claim.condition[1] <= len(text):
        return line.problem("claim-range", "condition", key="condition")
    return None


def _whereabouts(text: str, quote: str) -> Said:
    at = text.find(quote)
    if at < 0:
        return Said("checks.quote-nowhere")
    return Said("checks.quote-elsewhere", start=at, stop=at + len(quote))


def record_line(record: BaseModel) -> str:
    """A record as one line of JSON, its fields in the order of its model, Chinese readable."""
    text = json.dumps(record.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    # Line separators of Unicode are legal inside JSON, but many tools would cut the line there.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def write_claims(path: Path, claims: Iterable[Claim]) -> None:
    """Replace a file of claims as a whole: the old file or the new one stands there, never a part."""
    write_text_atomic(path, claim_lines(claims))


def claim_lines(claims: Iterable[Claim]) -> str:
    """The text of a file of claims."""
    return "".join(f"{record_line(claim)}\n" for claim in claims)
