"""A claim: something somebody said or a text states, tied to its words in a document."""

import hashlib
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

ClaimType = Literal["report", "position", "narrator"]
Kind = Literal[
    "fact report",
    "demand",
    "refusal",
    "threat",
    "offer",
    "assessment",
    "motive",
    "forecast",
    "intent",
]
EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
"""The event types of PLOVER."""
Polarity = Literal["affirmed", "negated"]
Modality = Literal["none", "must", "should", "will", "can", "may"]
Review = Literal["candidate", "accepted", "rejected"]
Range = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


def _day(value: object) -> object:
    """A day is written as text: pydantic would take a number for seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("date-impossible", "date-impossible") from None


Day = Annotated[date, BeforeValidator(_day)]


class Frozen(BaseModel):
    """Immutable data that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, populate_by_name=True)


class VerbalProbability(Frozen):
    """A probability given in words, with the range documented for the word."""

    word: str
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class Claim(Frozen):
    """One attributed statement.

    ``ranges`` are 0-based half-open code-point ranges of the source's text (after its header); ``quote`` is the
    text at these ranges, one after the other. ``chain`` runs from the outermost voice to the innermost.
    """

    id: str
    source: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    ranges: tuple[Range, ...] = Field(min_length=1)
    quote: str = Field(min_length=1)
    translation: dict[str, str] | None = None
    type: ClaimType
    speaker: str | None = None
    speaker_head: str | None = None
    chain: tuple[str, ...] = ()
    outlet: str | None = None
    origin: str = Field(min_length=1)
    anonymous: bool = False
    said_on: Day | None = None
    known_on: Day | None = None
    about: tuple[Day, ...] = ()
    condition: Range | None = None
    polarity: Polarity = "affirmed"
    modality: Modality = "none"
    probability: VerbalProbability | None = None
    kind: Kind
    event: EventType | None = None
    issues: tuple[str, ...] = ()
    party: str | None = None
    credibility: int = Field(default=6, ge=1, le=6)
    reader: str = "hand"
    rule: str | None = None
    confidence: float = Field(default=1.0, ge=0, le=1)
    disputed: tuple[str, ...] = ()
    """What two readers differ on."""
    review: Review = "candidate"

    @model_validator(mode="after")
    def _ranges_in_order(self) -> "Claim":
        for start, stop in self.ranges:
            if stop <= start:
                raise ValueError("a range must end after it starts")
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_empty(self, dump: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Only claims that two readers read say whether these differ."""
        out: dict[str, object] = dump(self)
        if not self.disputed:
            out.pop("disputed", None)
        return out

    def text(self, lang: str) -> str:
        """The quotation, or its labelled translation where the reader's language differs and one is given."""
        return (self.translation or {}).get(lang, self.quote)


def text_digest(text: str) -> str:
    """sha256 of a source's text (after its header), as claims carry it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def quote_at(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
    """The text at the ranges, one after the other; what a claim's ``quote`` must equal."""
    return "".join(text[start:stop] for start, stop in ranges)


def verified(claim: Claim, text: str) -> bool:
    """Whether the claim's quotation stands at its ranges in this very text."""
    return (
        claim.sha256 == text_digest(text)
        and all(stop <= len(text) for _, stop in claim.ranges)
        and quote_at(text, claim.ranges) == claim.quote
    )


def slug(text: str) -> str:
    """A short stable id made of a name: letters of any script and digits, the rest as hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    out = "".join(c if c.isalnum() else "-" for c in folded)
    return "-".join(part for part in out.split("-") if part) or "unnamed"
