"""Readers by name: a reader is a function from a document to claims that are verified at their places in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier.into import claims_of
from zopa.dossier.lexicon import adding
from zopa.dossier.merging import merged
from zopa.dossier.own_words import added

if TYPE_CHECKING:
    from zopa.dossier.model_reader.reader import Unaligned

Reader = Callable[[Source], tuple[Claim, ...]]
RULES, MODEL = "rules", "llm"
NAMES = (RULES, MODEL)
KEY = "ZOPA_LLM_KEY"
"""The environment variable that holds the key of the endpoint; it is never printed, logged or stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which readers are asked for, in order of precedence, and where the model is, if one of them is one."""

    names: tuple[str, ...] = (RULES,)
    endpoint: str | None = None
    model: str | None = None
    timeout: float = 120.0
    consented: bool = False
    """Whether somebody agreed that the text of the documents goes to the endpoint."""

    words: str = field(default="", repr=False)
    """Words of a case, as ``own_words.words_of`` gives them."""

    @property
    def name(self) -> str:
        """How claims and lines name this reader."""
        return "+".join(self.names)


BY_RULES = Asked()


@dataclass(frozen=True, slots=True)
class Estimate:
    """What asking a model about documents takes, roughly: pieces sent, tokens sent and answered."""

    host: str
    characters: int
    calls: int
    tokens_sent: int
    tokens_answered: int


def reader_of(
    asked: Asked, *, key: str | None = None, extra: Mapping[str, tuple[str, ...]] | None = None
) -> Reader:
    """The reader asked for; several are merged, the first one's claims standing.

    ``ValueError``: a name that is none, the same twice, or a model without endpoint, name, or consent to send the text.
    """
    made = [_one(name, asked, key, extra or {}) for name in asked.names]
    if not made or len(set(asked.names)) < len(asked.names):
        raise ValueError(
            f"readers: {', '.join(asked.names) or 'none'}; name each once, out of {', '.join(NAMES)}"
        )
    one = made[0] if len(made) == 1 else _Merged(tuple(made))
    return _Adding((one,), asked.words) if asked.words else one


@dataclass(frozen=True, slots=True)
class _Adding:
    """A reader that knows a case's own words too."""

    models: tuple[Reader]
    words: str

    def __call__(self, source: Source) -> tuple[Claim, ...]:
        with adding(added(self.words)):
            return self.models[0](source)


@dataclass(frozen=True, slots=True)
class _Merged:
    """Several readers one after the other, their claims merged."""

    models: tuple[Reader, ...]

    def __call__(self, source: Source) -> tuple[Claim, ...]:
        claims = self.models[0](source)
        for other in self.models[1:]:
            claims = merged(claims, other(source))
        return claims


def unaligned_of(reader: Reader) -> "tuple[Unaligned, ...]":
    """What the language models behind a reader said of the documents so far and the texts do not bear out."""
    inner: tuple[Reader, ...] = getattr(reader, "models", ())
    return (*getattr(reader, "unaligned", ()), *(said for made in inner for said in unaligned_of(made)))


def _one(name: str, asked: Asked, key: str | None, extra: Mapping[str, tuple[str, ...]]) -> Reader:
    if name == RULES:
        return claims_of
    if name != MODEL:
        raise ValueError(f"readers: there is no reader {name}; there are {', '.join(NAMES)}")
    if not asked.endpoint or not asked.model:
        raise ValueError("readers: a language model needs an endpoint and the name of a model")
    if not asked.consented:
        raise ValueError("readers: the text goes to the endpoint; agree to that with consented=True")
    from zopa.dossier.model_reader.client import Endpoint
    from zopa.dossier.model_reader.reader import ModelReader

    return ModelReader(Endpoint(asked.endpoint, asked.model, key, asked.timeout), extra)


def estimate(endpoint: str, characters: int, documents: int, *, chinese: float = 1.0) -> Estimate:
    """What a model would be sent and asked to write for so many characters; ``chinese`` is their share."""
    from zopa.dossier.model_reader.asking import PIECE, TASK
    from zopa.dossier.model_reader.client import Endpoint

    calls = documents + characters // PIECE
    # About a token for 1.4 Chinese characters and for four of English; half of the text comes back, with its frame.
    text = characters * (chinese / 1.4 + (1 - chinese) / 4)
    return Estimate(
        host=Endpoint(endpoint, "").host,
        characters=characters,
        calls=calls,
        tokens_sent=round(text + calls * len(TASK) / 4),
        tokens_answered=round(0.9 * text),
    )
