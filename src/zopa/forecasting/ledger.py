"""The record of being right or wrong: every forecast as it was issued, and how its question came out.

``forecasts.jsonl`` in the case folder is only ever added to and sealed line by line, so that nobody, its owners
included, can better a forecast afterwards unnoticed. An entry carries the digest of the case it was made from; what
only this desk knows enters that digest with a secret salt, so that the ledger can be shown to others and gives nothing
away. A forecast made after its question was due is marked retrospective and never scored. A correction is a later
entry.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from zopa.case.case import Case
from zopa.case.end_state import horizon
from zopa.case.private import PRIVATE
from zopa.claims.files import MOST_LINES, MOST_YAML, inside, read_bytes, write_text_atomic
from zopa.claims.lines import Said, Several, suggestion
from zopa.errors import CaseFileError, Place, Problem
from zopa.forecasting._chain import Appended, Chain, append, canonical, read_chain
from zopa.result import Chance, band

SCENARIOS = "scenarios"
"""Stands for the question which of the case's scenarios comes about."""
YES, NO, VOID = "yes", "no", "void"
"""Outcomes of a question; ``void`` where it turned out to have no answer, so that it is never scored."""
NUMBERS = ("probability", "low", "high", "zero", "base")
SHARES = ("shares", "base_shares", "zero_shares")
SALT = "private.salt"
_SALT_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """One forecast to be recorded: of a question by its id, or of all scenarios (``question="scenarios"``).

    ``by``: who makes it, such as ``forecast`` for the pool or a person's name. ``probability`` with its range and zero
    line, or ``shares`` by scenario, in order. ``base``: the class rate at that time; ``members``: what each member of
    the pool gave the question.
    """

    question: str
    by: str
    probability: float | None = None
    low: float | None = None
    high: float | None = None
    zero: float | None = None
    base: float | None = None
    members: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    base_shares: Mapping[str, float] = field(default_factory=dict)
    zero_shares: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = [(name, getattr(self, name)) for name in NUMBERS]
        shares = [pair for name in ("members", *SHARES) for pair in getattr(self, name).items()]
        for name, value in (*numbers, *shares):
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"Forecast: {name} must lie between 0 and 1, not {value!r}")
        if (self.probability is None) != (self.question == SCENARIOS):
            raise ValueError(
                f"Forecast: of {self.question!r} a probability or, for all scenarios, shares are needed"
            )
        if self.question == SCENARIOS and abs(sum(self.shares.values()) - 1.0) > 1e-6:
            raise ValueError("Forecast: shares of the scenarios must sum to one")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A forecast as it stands in the ledger; ``n`` is its number, ``question`` the ledger's name for it."""

    n: int
    at: datetime
    as_of: date
    question: str
    wording: str
    due: date
    retrospective: bool
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a question came out: on which day that was settled, by what, and who entered it when."""

    n: int
    at: datetime
    question: str
    outcome: str
    on: date
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class Book:
    """What a ledger says: forecasts and resolutions in order, and everything that is wrong with the file."""

    forecasts: tuple[Recorded, ...]
    resolutions: tuple[Resolved, ...]
    problems: tuple[Problem, ...]
    entries: int
    seal: str

    @property
    def outcomes(self) -> Mapping[str, Resolved]:
        """The resolution in force of each question: the last one entered."""
        return {resolved.question: resolved for resolved in self.resolutions}

    @property
    def written(self) -> Mapping[int, datetime]:
        """By number, the earliest time at which an entry can have been written: never before the one above it.

        A clock that was set back, or a time given by hand, makes no forecast older than what stands before it.
        """
        found: dict[int, datetime] = {}
        latest = datetime.min.replace(tzinfo=UTC)
        times = {f.n: f.at for f in self.forecasts} | {r.n: r.at for r in self.resolutions}
        for n in sorted(times):
            latest = max(latest, times[n])
            found[n] = latest
        return found

    def as_of(self, day: date) -> "Book":
        """What had been written at the end of a day."""
        known = {n for n, at in self.written.items() if at.astimezone(UTC).date() <= day}
        return replace(
            self,
            forecasts=tuple(f for f in self.forecasts if f.n in known),
            resolutions=tuple(r for r in self.resolutions if r.n in known),
        )


def forecast_of(
    question: str,
    chance: Chance,
    *,
    by: str,
    base: float | None = None,
    members: Mapping[str, float] | None = None,
) -> Forecast:
    """The forecast that a chance with its range and zero line makes, to be recorded; see ``Forecast``."""
    return Forecast(
        question=question,
        by=by,
        probability=chance.value,
        low=chance.low,
        high=chance.high,
        zero=chance.zero,
        base=base,
        members=members or {},
    )


def record(case: Case, forecasts: Sequence[Forecast], *, at: datetime) -> Appended:
    """Add forecasts made from a case at a time (with its zone); on disk when this returns.

    ``CaseFileError`` where a question is none of the case's, or where the ledger is not what was saved.
    """
    folder, stamp = _folder(case), _stamp(at)
    if not forecasts:
        return Appended((), torn=False)
    digests = digest(case)
    contents = []
    for made in forecasts:
        due, wording = _asked(case, made.question)
        contents.append(
            {
                "kind": "forecast",
                "at": stamp,
                "as_of": case.file.as_of.isoformat(),
                "case": digests,
                "question": key_of(case, made.question),
                "wording": wording,
                "due": due.isoformat(),
                "by": made.by,
                **{name: getattr(made, name) for name in NUMBERS},
                "members": dict(made.members),
                # Keys are sorted in the file; the order of scenarios is told apart.
                "order": [_named(case, "scenarios", k) for k in made.shares],
                **{
                    name: {_named(case, "scenarios", k): v for k, v in getattr(made, name).items()}
                    for name in SHARES
                },
                "word": band(made.probability) if made.probability is not None else None,
                "retrospective": case.file.retrospective or at.astimezone(UTC).date() > due,
            }
        )
    return append(folder, contents)


def resolve(
    case: Case, question: str, outcome: str, *, on: date, because: str, by: str, at: datetime
) -> Appended:
    """Enter how a question came out and on which day that was settled; a later entry corrects an earlier one.

    ``outcome``: yes, no or void, or for ``scenarios`` the scenario that came about. ``because``: the source.
    """
    folder = _folder(case)
    _asked(case, question)
    scenarios = tuple(s.id for s in case.file.scenarios)
    allowed = (*scenarios, VOID) if question == SCENARIOS else (YES, NO, VOID)
    if outcome not in allowed:
        raise CaseFileError.of(
            "not-a-choice",
            key=question,
            value=outcome,
            allowed=Several(allowed),
            closest=suggestion(outcome, allowed),
        )
    if on > at.astimezone(UTC).date():
        raise CaseFileError.of("resolve-future", day=on.isoformat())
    if not because.strip():
        raise CaseFileError.of("resolve-because", question=question)
    named = _named(case, "scenarios", outcome) if question == SCENARIOS else outcome
    content = {
        "kind": "resolution",
        "at": _stamp(at),
        "question": key_of(case, question),
        "outcome": named,
        "on": on.isoformat(),
        "because": because.strip(),
        "by": by,
    }
    return append(folder, [content])


def read_book(folder: Path | str) -> Book:
    """The ledger of a case folder, as far as it can be read, and all its problems; empty where there is none."""
    chain = read_chain(Path(folder))
    return _book(chain)


def verify(folder: Path | str) -> tuple[Problem, ...]:
    """What is wrong with the ledger of a case folder, each at its line; nothing where it is as it was saved."""
    return read_chain(Path(folder)).problems


def _book(chain: Chain) -> Book:
    forecasts, resolutions = [], []
    for sealed in chain.records:
        content = sealed.content
        try:
            if content["kind"] == "forecast":
                forecasts.append(_recorded(sealed.n, content))
            elif content["kind"] == "resolution":
                resolutions.append(_resolved(sealed.n, content))
        except (KeyError, TypeError, ValueError, AttributeError):
            # Only a line that was changed by hand has other fields, and its seal has told that already.
            continue
    last = chain.records[-1].seal if chain.records else ""
    return Book(tuple(forecasts), tuple(resolutions), chain.problems, len(chain.records), last)


def _recorded(n: int, content: Mapping[str, Any]) -> Recorded:
    fields: dict[str, Any] = {name: content[name] for name in ("question", "by", *NUMBERS)}
    fields |= {"members": dict(content["members"])}
    for name in SHARES:
        fields[name] = {k: content[name][k] for k in content["order"] if k in content[name]}
    return Recorded(
        n=n,
        at=datetime.fromisoformat(content["at"]),
        as_of=date.fromisoformat(content["as_of"]),
        question=content["question"],
        wording=content["wording"],
        due=date.fromisoformat(content["due"]),
        retrospective=bool(content["retrospective"]),
        forecast=Forecast(**fields),
    )


def _resolved(n: int, content: Mapping[str, Any]) -> Resolved:
    return Resolved(
        n=n,
        at=datetime.fromisoformat(content["at"]),
        question=content["question"],
        outcome=content["outcome"],
        on=date.fromisoformat(content["on"]),
        because=content["because"],
        by=content["by"],
    )


def _folder(case: Case) -> Path:
    if case.folder is None:
        raise ValueError("a case without a folder has no ledger: open it with zopa.open_case")
    return case.folder


def _stamp(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"at must say its time zone, such as datetime.now(UTC), not {at!r}")
    return at.astimezone(UTC).isoformat(timespec="seconds")


# ---- what a question is, and what the case was -------------------------------------------------------------------


def _asked(case: Case, question: str) -> tuple[date, str]:
    """The day a question is due and the digest of its wording; ``CaseFileError`` where the case does not ask it."""
    file = case.file
    if question == SCENARIOS and file.scenarios:
        rules = {s.id: [s.name.model_dump(), s.when] for s in file.scenarios}
        private = any(_partly_private(case, f"scenarios.{s.id}") for s in file.scenarios)
        return horizon(file), _digest(case, canonical(rules).encode(), private=private)
    for asked in file.questions:
        if asked.id == question:
            words = [asked.text.model_dump(), asked.resolves.model_dump(), asked.by.isoformat(), asked.when]
            private = _partly_private(case, f"questions.{question}")
            return asked.by, _digest(case, canonical(words).encode(), private=private)
    known = (*(q.id for q in file.questions), *([SCENARIOS] if file.scenarios else []))
    raise CaseFileError.of(
        "dangling-id", kind=Said("checks.kind-prediction"), name=question, closest=suggestion(question, known)
    )


def key_of(case: Case, question: str) -> str:
    """The ledger's name for a question: its id, or where only this desk knows the question a salted digest of it."""
    return question if question == SCENARIOS else _named(case, "questions", question)


def _named(case: Case, section: str, name: str) -> str:
    if f"{section}.{name}" not in case.private:
        return name
    return f"private-{_digest(case, name.encode(), private=True)[:16]}"


def _partly_private(case: Case, path: str) -> bool:
    """Whether the entry at a path, or some part of it, comes from the private file."""
    return any(p == path or p.startswith(f"{path}.") for p in case.private)


def _digest(case: Case, content: bytes, *, private: bool) -> str:
    return hmac.new(_salt(_folder(case)), content, hashlib.sha256).hexdigest() if private else _sha(content)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest(case: Case) -> dict[str, str | None]:
    """Digests of the case a forecast is made from: ``public``, which anybody with the same files gets, and ``private``,
    salted, None where the case has nothing private."""
    folder = _folder(case)
    found: dict[str, str] = {}
    for name in ("case.yaml", "claims.jsonl", "reviews.jsonl"):
        path = inside(folder, name)
        if path.exists():
            found[name] = _sha(read_bytes(path, name, most=MOST_LINES))
    found |= {f"sources/{name}": source.sha256 for name, source in case.ledger.sources.items()}
    private = inside(folder, PRIVATE)
    secret = None
    if private.exists():
        secret = _digest(case, read_bytes(private, PRIVATE, most=MOST_YAML), private=True)
    return {"public": _sha(canonical(found).encode()), "private": secret}


def _salt(folder: Path) -> bytes:
    """The secret of this case's private digests, made when first needed; only its owner can read the file."""
    path = inside(folder, SALT)
    if not path.exists():
        part = path.with_name(f".{SALT}.{secrets.token_hex(6)}")
        write_text_atomic(part, secrets.token_hex(_SALT_BYTES) + "\n", mode=0o600)
        # Of two that make it at once the first wins: a salt that is in use is never replaced.
        with suppress(FileExistsError):
            os.link(part, path)
        part.unlink()
    text = read_bytes(path, SALT, most=1000).decode("ascii", "replace").strip()
    try:
        made = bytes.fromhex(text)
    except ValueError:
        made = b""
    if len(made) != _SALT_BYTES:
        raise CaseFileError.of("ledger-salt", Place(SALT), name=SALT)
    return made
