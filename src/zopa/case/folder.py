"""Reading a case folder: every file of it, every problem of every file at once, in file order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.checks import Where, run
from zopa.case.model import CaseFile
from zopa.case.private import PRIVATE, overlay, tracked
from zopa.case.shape import shape
from zopa.case.sources import SourcesRead, read_sources
from zopa.case.yaml_text import Node, parse
from zopa.claims.claim import Claim
from zopa.claims.copies import copies, regrouped
from zopa.claims.files import MOST_LINES, MOST_YAML, read_lines
from zopa.claims.jsonl import CANDIDATES, CLAIMS, Line, Records, read_claims, unverified
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Lines, Said
from zopa.claims.reviews import REVIEWS, Reviewed, apply, read_reviews
from zopa.claims.source import Source
from zopa.errors import CaseFileError, Place, Problem

CASE = "case.yaml"
_ORDER = (CASE, PRIVATE, CLAIMS, CANDIDATES, REVIEWS)
Record = TypeVar("Record", bound=BaseModel)


def read_case(folder: Path | str) -> Case:
    """The case in a folder, checked; ``CaseFileError`` holds every problem of every file, in file order."""
    case, found = read(folder)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors or case is None:
        raise CaseFileError(errors)
    return case


def problems(folder: Path | str) -> tuple[Problem, ...]:
    """All problems and warnings of a case folder, in file order; none for a case without fault."""
    return read(folder)[1]


def read(
    folder: Path | str, *, instead: Mapping[str, str] | None = None
) -> tuple[Case | None, tuple[Problem, ...]]:
    """The case as far as it can be read (None where ``case.yaml`` cannot), and all problems and warnings.

    ``instead`` gives texts to read in place of files, by name: what a change would do before it is written.
    """
    reading = _Reading(Path(folder), instead or {})
    case = reading.case()
    return case, tuple(sorted(reading.problems, key=_file_order))


def read_waiting(folder: Path | str) -> tuple[dict[str, Source], tuple[Claim, ...]]:
    """The sources, and the candidates that nobody has decided on yet; ``CaseFileError`` if the record has problems."""
    sources, record = read_record(folder)
    return sources, record.waiting


def read_record(folder: Path | str) -> tuple[dict[str, Source], Reviewed]:
    """The sources and claims of a case, all decisions made on them applied; ``case.yaml`` is not looked at."""
    reading = _Reading(Path(folder), {})
    sources = reading.sources()
    reviewed, _ = reading.record(sources)
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    if errors:
        raise CaseFileError(sorted(errors, key=_file_order))
    return sources.sources, reviewed


def _kind(problem: Problem) -> str:
    said = problem.values.get("kind")
    return said.key if isinstance(said, Said) else ""


def _file_order(problem: Problem) -> tuple[int, str, int, int]:
    file = problem.place.file or ""
    rank = _ORDER.index(file) if file in _ORDER else len(_ORDER)
    return rank, file, problem.place.line or 0, problem.place.start or 0


@dataclass
class _Reading:
    """One pass over a folder: what has been read and what was found wrong on the way."""

    folder: Path
    instead: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def case(self) -> Case | None:
        root, private = self.tree()
        sources = self.sources()
        reviewed, lined = self.record(sources)
        if root is None:
            return None
        shaped = shape(root, CaseFile, stand_ins={"zopa": 1, "title": "?", "as_of": date.max})
        self.problems += shaped.problems
        if shaped.value is None:
            return None
        heard = reviewed.heard()
        copied = copies(sources.sources, heard)
        ledger = Ledger(sources.sources, regrouped(heard, copied), copied)
        gone = shaped.gone | self.refused | sources.unread
        where = Where(case=shaped.root, headers=sources.headers, claims=lined, gone=gone)
        self.problems += self._once(run(shaped.value, ledger, where), ledger)
        warnings = tuple(p for p in sorted(self.problems, key=_file_order) if p.severity == "warning")
        return Case(shaped.value, ledger, self.folder, private, warnings)

    def _once(self, found: Sequence[Problem], ledger: Ledger) -> Sequence[Problem]:
        """Where the record is missing altogether, that is told once and not for every claim that is cited."""
        if ledger.claims or self.exists(CLAIMS):
            return found
        unknown = [p for p in found if p.code == "dangling-id" and _kind(p) == "checks.kind-claim"]
        if len(unknown) < 2:
            return found
        missing = Problem("claims-missing", Place(CLAIMS), {"n": len({p.values["name"] for p in unknown})})
        return [missing, *(p for p in found if p not in unknown)]

    def tree(self) -> tuple[Node | None, frozenset[str]]:
        """``case.yaml`` with ``private.yaml`` laid over it."""
        root = self.yaml(CASE)
        over = self.yaml(PRIVATE)
        if over is not None and PRIVATE not in self.instead and tracked(self.folder):
            self.problems.append(Problem("private-tracked", Place(PRIVATE), severity="warning"))
        if root is None or over is None or over.is_null:
            return root, frozenset()
        if over.entries is None:
            self.problems.append(over.problem("file-not-mapping"))
            return root, frozenset()
        return overlay(root, over)

    def yaml(self, name: str) -> Node | None:
        if name != CASE and not self.exists(name):
            return None
        if name == CASE and not self.exists(name):
            self.problems.append(Problem("case-missing", Place(name), {"folder": self.folder.name}))
            return None
        lines = self.text(name, MOST_YAML)
        if lines is None:
            return None
        root, found = parse(lines)
        self.problems += found
        if root is None and not found and name == CASE:
            self.problems.append(Problem("case-empty", Place(name)))
        return root

    def exists(self, name: str) -> bool:
        return name in self.instead or (self.folder / name).exists() or (self.folder / name).is_symlink()

    def text(self, name: str, most: int) -> Lines | None:
        if name in self.instead:
            return Lines(name, self.instead[name])
        try:
            return read_lines(self.folder, name, most=most)
        except CaseFileError as error:
            self.problems += error.problems
            return None

    def sources(self) -> SourcesRead:
        found = read_sources(self.folder)
        self.problems += found.problems
        return found

    def record(self, sources: SourcesRead) -> tuple[Reviewed, dict[str, Line]]:
        """The claims as they stand after all decisions, and the line on which each of them stands."""
        accepted = self.claims(CLAIMS, sources, accepted=True)
        proposed = self.claims(CANDIDATES, sources, accepted=False)
        decided = self.lined(REVIEWS, read_reviews)
        reviewed = apply(proposed.records, accepted.records, decided.records)
        lined = {claim.id: line for line, claim in accepted.lined}
        latest = {decision.id: line for line, decision in decided.lined}
        known = {claim.id: claim for claim in accepted.records}
        digests = {id_: source.sha256 for id_, source in sources.sources.items()}
        standing: list[Claim] = []
        for claim in reviewed.accepted:
            if claim == known.get(claim.id):
                standing.append(claim)
                continue
            # What a decision made of a claim must stand in its source like every other.
            line = lined[claim.id] = latest[claim.id]
            problem = None
            if claim.source not in sources.unread:
                problem = unverified(line, claim, sources.sources, digests)
            if problem is None and claim.source not in sources.unread:
                standing.append(claim)
            else:
                self.refused.add(claim.id)
                self.problems += [problem] if problem is not None else []
        # A candidate that was decided on and taken back may have lost its document meanwhile.
        waiting = tuple(claim for claim in reviewed.waiting if claim.sha256 == digests.get(claim.source))
        return Reviewed(tuple(standing), waiting, reviewed.names), lined

    def claims(self, name: str, sources: SourcesRead, *, accepted: bool) -> Records[Claim]:
        unread = frozenset(sources.unread)
        return self.lined(
            name, lambda lines: read_claims(lines, sources.sources, accepted=accepted, unread=unread)
        )

    def lined(self, name: str, read_all: Callable[[Lines], Records[Record]]) -> Records[Record]:
        if not self.exists(name):
            return Records()
        lines = self.text(name, MOST_LINES)
        if lines is None:
            return Records()
        found = read_all(lines)
        self.problems += found.problems
        if name != CANDIDATES:
            self.refused |= found.refused
        return found
