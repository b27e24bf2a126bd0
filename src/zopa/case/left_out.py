"""What a shared case does without: chosen documents, speakers and claims, and all that would give them away.

A claim that is left out takes with it every claim that quotes some of the same words, and of its document only the
words that the remaining claims quote stay: the sentence before it may tell as much as the claim.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zopa.case.model import CaseFile
from zopa.claims.claim import Claim, text_digest
from zopa.claims.lines import suggestion
from zopa.claims.source import Header, Source
from zopa.errors import CaseFileError, Problem

GAP = "[…]"
"""Stands where text is left out, before the first and after the last quotation too: it does not tell how much."""
OUTLET = frozenset({"outlet", "kind", "reliability", "published", "captured", "language"})
"""What stays of the header of a document that is shared in part: no title, no address, nothing it came through."""
ORIGINAL = frozenset({"file", "bytes_sha256"})
"""Name and digest of the original file: they belong to the desk that has it."""
SHORTEST = 2
"""Characters of a name that is looked for in other names."""


@dataclass(frozen=True)
class Without:
    """What is to be left out: documents and claims by id, speakers by name or by their key under ``people``."""

    sources: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, *, sources: Iterable[str] = (), speakers: Iterable[str] = (), claims: Iterable[str] = ()
    ) -> "Without":
        """From any lists of names."""
        return cls(frozenset(sources), frozenset(speakers), frozenset(claims))


@dataclass(frozen=True)
class Record:
    """The record as it is shared: what stays, what is gone, and what to look at before it is handed on."""

    sources: Mapping[str, Source]
    claims: tuple[Claim, ...]
    gone_sources: frozenset[str] = frozenset()
    in_part: frozenset[str] = frozenset()
    """Documents of which only the words quoted by remaining claims are shared."""
    asked: frozenset[str] = frozenset()
    """Claims that were to be left out, by name, by document or by speaker."""
    overlapping: frozenset[str] = frozenset()
    """Claims left out because they quote some of the same words."""
    people: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Every form of the names of speakers left out."""
    companions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By claim left out, claims that stay and come from the same voice on the same matter."""
    related: tuple[str, ...] = ()
    """Documents that stay and came through one left out, or translate it or one shared in part."""

    @cached_property
    def gone(self) -> frozenset[str]:
        """Every claim that is left out."""
        return self.asked | self.overlapping


def remaining(
    file: CaseFile, sources: Mapping[str, Source], claims: Sequence[Claim], without: Without
) -> Record:
    """The record less what is to be left out; ``CaseFileError`` names everything that is not there at all."""
    names, people = _named(file, claims, without.speakers)
    _all_there(sources, claims, without)
    asked = frozenset(
        c.id
        for c in claims
        if c.id in without.claims or c.source in without.sources or (names and _speaks(c, names))
    )
    overlapping = frozenset(_overlapping(claims, asked))
    gone = asked | overlapping
    kept = tuple(c for c in claims if c.id not in gone)
    touched = {c.source for c in claims if c.id in gone}
    # A document of which nothing may stay is gone, not empty.
    gone_sources = without.sources | (touched - {c.source for c in kept})
    in_part = touched - gone_sources
    made, moved = _documents(sources, kept, gone_sources, in_part)
    shared = tuple(moved.get(c.id, c) for c in kept)
    return Record(
        sources=made,
        claims=shared,
        gone_sources=frozenset(gone_sources & set(sources)),
        in_part=frozenset(in_part),
        asked=asked,
        overlapping=overlapping,
        people=people,
        names=names,
        companions=_companions(claims, gone),
        related=tuple(_related(sources, gone_sources, in_part)),
    )


def _all_there(sources: Mapping[str, Source], claims: Sequence[Claim], without: Without) -> None:
    known = {"source": set(sources), "claim": {c.id for c in claims}}
    wanted = {"source": without.sources, "claim": without.claims}
    problems = [
        Problem(f"share-no-{kind}", values={"name": name, "closest": suggestion(name, tuple(known[kind]))})
        for kind, names in wanted.items()
        for name in sorted(names - known[kind])
    ]
    if problems:
        raise CaseFileError(problems)


# ---- speakers ----------------------------------------------------------------------------------------------------


def _named(
    file: CaseFile, claims: Sequence[Claim], speakers: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Every form of the speakers' names, and their keys under ``people``."""
    forms: set[str] = set()
    people: set[str] = set()
    unknown: list[Problem] = []
    voices = {v for c in claims for v in _voices(c)}
    for name in sorted(speakers):
        own, known = {name}, False
        for key, person in file.people.items():
            called = {t for t in (person.name.en, person.name.zh) if t}
            if name == key or any(_same(name, t) for t in called):
                people.add(key)
                known = True
                own |= called
        own -= {name} if name in file.people else set()
        if not known and not any(_same(name, voice) for voice in voices):
            closest = suggestion(name, (*file.people, *sorted(voices)))
            unknown.append(Problem("share-no-speaker", values={"name": name, "closest": closest}))
        forms |= own
    if unknown:
        raise CaseFileError(unknown)
    return frozenset(forms), frozenset(people)


def _voices(claim: Claim) -> Iterator[str]:
    yield from (v for v in (claim.speaker, claim.speaker_head, *claim.chain) if v)


def _speaks(claim: Claim, names: frozenset[str]) -> bool:
    return any(_same(name, voice) for voice in _voices(claim) for name in names)


def _same(one: str, other: str) -> bool:
    """Whether one name stands in the other: 阿拉格齐 in 伊朗外长阿拉格齐, Rubio in Marco Rubio."""
    a, b = one.casefold().strip(), other.casefold().strip()
    return _holds(a, b) or _holds(b, a)


def _holds(long: str, short: str) -> bool:
    if len(short) < SHORTEST:
        return False
    return f" {short} " in f" {long} " if short.isascii() else short in long


# ---- claims ------------------------------------------------------------------------------------------------------


def _overlapping(claims: Sequence[Claim], asked: frozenset[str]) -> Iterator[str]:
    """Claims that quote words of one left out, or of one that goes for that reason."""
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        by_source.setdefault(claim.source, []).append(claim)
    for inside in by_source.values():
        out = [c for c in inside if c.id in asked]
        rest = [c for c in inside if c.id not in asked]
        while out:
            words = [span for c in out for span in _spans(c)]
            out = [c for c in rest if any(a < d and b < e for b, d in _spans(c) for a, e in words)]
            yield from (c.id for c in out)
            rest = [c for c in rest if c not in out]


def _spans(claim: Claim) -> list[tuple[int, int]]:
    return [*claim.ranges, *([claim.condition] if claim.condition else [])]


def _companions(claims: Sequence[Claim], gone: frozenset[str]) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    by_origin: dict[str, list[str]] = {}
    for claim in claims:
        if claim.id not in gone:
            by_origin.setdefault(claim.origin, []).append(claim.id)
    for claim in claims:
        if claim.id in gone and claim.origin in by_origin:
            out[claim.id] = tuple(by_origin[claim.origin])
    return out


# ---- documents ---------------------------------------------------------------------------------------------------


def _documents(
    sources: Mapping[str, Source], kept: Sequence[Claim], gone: frozenset[str], in_part: set[str]
) -> tuple[dict[str, Source], dict[str, Claim]]:
    """The documents that stay, and the claims whose places in them are others."""
    made: dict[str, Source] = {}
    moved: dict[str, Claim] = {}
    for id_, source in sources.items():
        if id_ in gone:
            continue
        told = source.header.model_dump(exclude_unset=True)
        drop = {key for key in ("via", "translation_of") if told.get(key) in gone} | ORIGINAL
        told = {k: v for k, v in told.items() if k not in drop and (id_ not in in_part or k in OUTLET)}
        # The header comes from data: what is written beside it in the file is a remark of the desk.
        header = Header.model_validate(told)
        if id_ not in in_part:
            made[id_] = Source(id=id_, header=header, text=source.text)
            continue
        own = [c for c in kept if c.source == id_]
        text, at = _excerpt(source.text, sorted(span for c in own for span in _spans(c)))
        made[id_] = Source(id=id_, header=header, text=text)
        for c in own:
            ranges = tuple(at(span) for span in c.ranges)
            condition = None if c.condition is None else at(c.condition)
            moved[c.id] = c.model_copy(
                update={"ranges": ranges, "condition": condition, "sha256": text_digest(text)}
            )
    return made, moved


def _excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, "_At"]:
    """The text at the spans with a gap around each, and where a place of the whole text is in it."""
    joined: list[list[int]] = []
    for a, b in spans:
        if joined and a <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], b)
        else:
            joined.append([a, b])
    out, starts = f"{GAP}\n", []
    for a, b in joined:
        starts.append((a, len(out)))
        out += f"{text[a:b]}\n{GAP}\n"
    return out, _At(tuple(starts))


@dataclass(frozen=True)
class _At:
    """Where a stretch of the whole text is in the excerpt."""

    starts: tuple[tuple[int, int], ...]

    def __call__(self, span: tuple[int, int]) -> tuple[int, int]:
        old, new = max(pair for pair in self.starts if pair[0] <= span[0])
        return span[0] + new - old, span[1] + new - old


def _related(sources: Mapping[str, Source], gone: frozenset[str], in_part: set[str]) -> Iterator[str]:
    touched = gone | in_part
    turned = {sources[t].header.translation_of for t in touched if t in sources}
    for id_, source in sources.items():
        via, of = source.header.via, source.header.translation_of
        if id_ not in touched and (via in touched or of in touched or id_ in turned):
            yield id_
