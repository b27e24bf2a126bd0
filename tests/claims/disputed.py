"""The invented disputes: their claims as a record, their marked oppositions, and how well the rules find them."""

from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from tests.claims.made import claim, ledger
from zopa.claims.contradiction import Contradiction, contradictions
from zopa.claims.ledger import Ledger
from zopa.dossier.tags import polarity, probability

FOLDER = Path(__file__).resolve().parent / "disputes"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))


@dataclass(frozen=True)
class Opposition:
    """Claims that say the same, and claims that each contradict them."""

    kinds: tuple[str, ...]
    one: tuple[str, ...]
    other: tuple[str, ...]

    def holds(self, pair: Contradiction) -> bool:
        """Whether a pair is of this opposition and of its kind."""
        return self.between(pair) and pair.kind in self.kinds

    def between(self, pair: Contradiction) -> bool:
        """Whether a pair is of this opposition, whatever its kind."""
        return {pair.a, pair.b} in [{a, b} for a, b in product(self.one, self.other)]


@dataclass(frozen=True)
class Dispute:
    """A record and what is marked in it."""

    record: Ledger
    parties: tuple[str, ...]
    oppositions: tuple[Opposition, ...]


def dispute(name: str) -> Dispute:
    """One of the disputes, by its file's name."""
    head, _, foot = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("==")
    claims = []
    for line in head.strip().splitlines():
        key, party, kind, issues, on, about, quote = (field.strip() for field in line.split("|"))
        side = None if party == "-" else party
        days = [] if about == "-" else [date.fromisoformat(about)]
        claims.append(
            claim(
                key, quote, party=side, kind=kind, issues=issues.split(), said_on=date.fromisoformat(on),
                about=days, speaker_head=side or f"voice {key}", origin=f"{side or key}/{issues.split()[0]}",
                polarity=polarity(quote, "zh" if name.startswith("zh") else "en"),
                probability=probability(quote, "zh" if name.startswith("zh") else "en"),
            )
        )  # fmt: skip
    marked = []
    for line in foot.strip().splitlines():
        kinds, _, rest = line.partition(":")
        one, _, other = rest.partition("/")
        marked.append(Opposition(tuple(kinds.split()), tuple(one.split()), tuple(other.split())))
    parties = tuple(sorted({c.party for c in claims if c.party}))
    return Dispute(ledger(*claims), parties, tuple(marked))


@dataclass(frozen=True)
class Score:
    """Oppositions found, and pairs that stand in one, each with how many there were."""

    hit: int
    marked: int
    right: int
    found: int
    missed: tuple[Opposition, ...]
    wrong: tuple[Contradiction, ...]


def score(case: Dispute, *, kinds: bool = True) -> Score:
    """What the rules find in one record; ``kinds``: a pair must be of the marked kind as well."""
    pairs = contradictions(case.record, parties=case.parties)
    holds = (lambda o, p: o.holds(p)) if kinds else (lambda o, p: o.between(p))
    missed = tuple(o for o in case.oppositions if not any(holds(o, p) for p in pairs))
    wrong = tuple(p for p in pairs if not any(holds(o, p) for o in case.oppositions))
    marked = len(case.oppositions)
    return Score(marked - len(missed), marked, len(pairs) - len(wrong), len(pairs), missed, wrong)
