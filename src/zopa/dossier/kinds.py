"""What a claim does: demand, refusal, threat, offer, assessment, motive, forecast, intent, or a report of fact."""

import re
from dataclasses import dataclass

from zopa.claims.claim import ClaimType, Kind, Modality
from zopa.dossier.lexicon import Language, guarded, remembered, words


@remembered()
def _content(language: Language, name: str) -> re.Pattern[str]:
    listed = words(language, "kinds", "content", name)
    return re.compile(guarded(listed) if language == "zh" else rf"\b{guarded(listed)}(?!\w)")


@remembered()
def _cue(language: Language, name: str) -> re.Pattern[str]:
    listed = words(language, "kinds", "cue", name)
    return re.compile(guarded(listed) if language == "zh" else rf"\b{guarded(listed)}")


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a claim before its kind: words (English in lower case), verb, rule, and its other tags.

    ``expert``: a commentator, analyst or medium, whose "will" and "may" are forecasts rather than plans and threats.
    """

    content: str
    language: Language
    type: ClaimType
    cue: str = ""
    rule: str = ""
    expert: bool = False
    conditional: bool = False
    modal: Modality = "none"
    negated: bool = False

    def holds(self, name: str) -> bool:
        """Whether the content has a word of a list."""
        return _content(self.language, name).search(self.content) is not None

    def verb(self, name: str) -> bool:
        """Whether the verb of saying is one of a list."""
        return bool(self.cue) and _cue(self.language, name).search(self.cue) is not None

    @property
    def bare(self) -> str:
        """The content without an opening quotation mark."""
        return self.content.lstrip('“"「‘`')

    @property
    def quoted(self) -> bool:
        """Whether the whole claim is a quotation."""
        return self.bare != self.content


def classify(said: Said) -> Kind:
    """The kind of a claim from its words, its verb of saying and who speaks."""
    if said.type == "position":
        return _position(said)
    if said.type == "narrator":
        return _narrated(said)
    return _third_party(said) if said.expert else _party(said)


_STANCES: tuple[Kind, ...] = ("refusal", "threat", "offer")


def _position(said: Said) -> Kind:
    for name in _STANCES:
        if said.verb(name):
            return name
    return "refusal" if not said.verb("demand") and said.holds("refusal") else "demand"


def _narrated(said: Said) -> Kind:
    if said.holds("motive"):
        return "motive"
    if said.holds("narrated_intent"):
        return "intent"
    return "assessment" if said.holds("narrated_assessment") else "fact report"


def _third_party(said: Said) -> Kind:
    if said.holds("motive"):
        return "motive"
    if said.verb("forecast"):
        return "forecast"
    told = said.verb("fact") or said.rule.endswith("according")
    if told and not said.holds("strong_assessment"):
        return "fact report"
    if said.holds("forecast") or said.modal in ("will", "may"):
        return "forecast"
    return "demand" if said.verb("demand") or said.modal in ("must", "should") else "assessment"


def _party(said: Said) -> Kind:
    if _threatens(said):
        return "threat"
    if said.verb("refusal"):
        return "refusal"
    if said.verb("demand"):
        return "demand"
    if said.holds("motive"):
        return "motive"
    own = said.bare.startswith(words(said.language, "kinds", "content", "own_refusal"))
    refuses = own or said.holds("refusal")
    looks_ahead = said.conditional and said.modal in ("will", "may")
    if said.verb("forecast") or (looks_ahead and not refuses):
        return "forecast"
    if refuses:
        return "refusal"
    if said.verb("offer") or (said.holds("offer") and not said.negated):
        return "offer"
    if said.holds("demand") or said.modal in ("must", "should"):
        return "demand"
    return _told(said)


def _threatens(said: Said) -> bool:
    if said.verb("threat") or said.holds("strong_threat"):
        return True
    own = said.modal == "will" and said.holds("own_side")
    return said.conditional and said.modal != "may" and (own or said.holds("threat"))


def _told(said: Said) -> Kind:
    """What is neither asked, refused, offered nor threatened."""
    if said.verb("assessment"):
        return "forecast" if said.modal == "will" or said.holds("think_forecast") else "assessment"
    if said.verb("fact"):
        return "intent" if said.holds("intent") else "fact report"
    if said.holds("forecast"):
        return "forecast"
    if said.holds("assessment"):
        return "assessment"
    if said.holds("intent"):
        return "intent"
    # Whole sentences are quoted for their judgement more often than for their facts.
    return "assessment" if said.quoted else "fact report"
