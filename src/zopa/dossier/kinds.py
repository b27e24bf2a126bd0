"""What a claim does: demand, refusal, threat, offer, assessment, motive, forecast, intent, or a report of fact."""

import re
from functools import cache

from zopa.claims.claim import ClaimType, Kind, Modality
from zopa.dossier.found import Voice
from zopa.dossier.lexicon import Language, guarded, words


@cache
def _content(language: Language, name: str) -> re.Pattern[str]:
    listed = words(language, "kinds", "content", name)
    return re.compile(guarded(listed) if language == "zh" else rf"\b{guarded(listed)}(?!\w)")


@cache
def _cue(language: Language, name: str) -> re.Pattern[str]:
    listed = words(language, "kinds", "cue", name)
    return re.compile(guarded(listed) if language == "zh" else rf"\b{guarded(listed)}")


def _in(content: str, language: Language, name: str) -> bool:
    return _content(language, name).search(content) is not None


def classify(
    content: str,
    language: Language,
    *,
    type: ClaimType,
    cue: str,
    voice: Voice,
    expert: bool,
    conditional: bool,
    rule: str,
    modal: Modality,
) -> Kind:
    """The kind of a claim from its words, its verb of saying and who speaks.

    ``expert``: a commentator, analyst or medium, whose "will" and "may" are forecasts rather than plans and threats.
    English content and cue are given in lower case.
    """
    if type == "position":
        return _position(content, language, cue)
    if type == "narrator":
        return _narrated(content, language)
    if expert:
        return _third_party(content, language, cue, rule, modal)
    return _party(content, language, cue, conditional=conditional, modal=modal)


def _says(cue: str, language: Language, name: str) -> bool:
    return bool(cue) and _cue(language, name).search(cue) is not None


def _position(content: str, language: Language, cue: str) -> Kind:
    for name in ("refusal", "threat", "offer"):
        if _says(cue, language, name):
            return name
    if not _says(cue, language, "demand") and _in(content, language, "refusal"):
        return "refusal"
    return "demand"


def _narrated(content: str, language: Language) -> Kind:
    if _in(content, language, "motive"):
        return "motive"
    if _in(content, language, "narrated_intent"):
        return "intent"
    return "assessment" if _in(content, language, "narrated_assessment") else "fact report"


def _third_party(content: str, language: Language, cue: str, rule: str, modal: Modality) -> Kind:
    if _in(content, language, "motive"):
        return "motive"
    if _says(cue, language, "forecast"):
        return "forecast"
    told = _says(cue, language, "fact") or rule.endswith("according")
    if told and not _in(content, language, "strong_assessment"):
        return "fact report"
    if _in(content, language, "forecast") or modal in ("will", "may"):
        return "forecast"
    if _says(cue, language, "demand") or modal in ("must", "should"):
        return "demand"
    return "assessment"


def _party(content: str, language: Language, cue: str, *, conditional: bool, modal: Modality) -> Kind:
    if _says(cue, language, "threat") or _in(content, language, "strong_threat"):
        return "threat"
    if conditional and (
        _in(content, language, "threat") or (modal == "will" and _in(content, language, "own_side"))
    ):
        return "threat"
    for name in ("refusal", "demand"):
        if _says(cue, language, name):
            return name
    if _in(content, language, "motive"):
        return "motive"
    if _says(cue, language, "forecast"):
        return "forecast"
    if conditional and modal in ("will", "may") and not _in(content, language, "refusal"):
        return "forecast"
    if _in(content, language, "refusal"):
        return "refusal"
    if _says(cue, language, "offer") or _in(content, language, "offer"):
        return "offer"
    if _in(content, language, "demand") or modal in ("must", "should"):
        return "demand"
    if _says(cue, language, "assessment"):
        return "forecast" if modal == "will" or _in(content, language, "think_forecast") else "assessment"
    if _says(cue, language, "fact"):
        return "intent" if _in(content, language, "intent") else "fact report"
    if _in(content, language, "forecast"):
        return "forecast"
    if _in(content, language, "assessment"):
        return "assessment"
    return "intent" if _in(content, language, "intent") else "fact report"
