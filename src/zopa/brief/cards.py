"""Claims and sources as cards: everything a reader needs to judge a claim, and its words where they stand."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from zopa.brief.document import ClaimCard, Excerpt, Section, SourceCard
from zopa.case.case import Case
from zopa.case.labels import day
from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger
from zopa.claims.source import Source
from zopa.claims.voice import unspecified, voice_name
from zopa.words import Language, pick, say

AROUND = 110
"""Code points of a source shown on either side of a quotation."""
_STOPS = "。！？；\n.!?;"


def claim_cards(case: Case, sections: Sequence[Section], lang: Language) -> tuple[ClaimCard, ...]:
    """Cards of all claims that the sections cite, and of those that contradict them, in the record's order."""
    used: dict[str, dict[str, str]] = {}
    for section in sections:
        for claim in section.claims:
            used.setdefault(claim, {})[section.key] = section.question
    rivals = rivals_of(case, lang)
    wanted = set(used) | {other for claim in used for other, _ in rivals.get(claim, ())}
    return tuple(
        card_of(case.ledger, claim, rivals.get(claim.id, ()), tuple(used.get(claim.id, {}).items()), lang)
        for claim in case.ledger.claims
        if claim.id in wanted
    )


def source_cards(case: Case, claims: Iterable[ClaimCard], lang: Language) -> tuple[SourceCard, ...]:
    """Cards of the documents that the claims stand in, and of those they were read through."""
    by_source: dict[str, list[str]] = {}
    for claim in claims:
        by_source.setdefault(claim.source, []).append(claim.id)
    shown = dict.fromkeys(by_source)
    for key in by_source:
        via = case.ledger.sources[key].header.via if key in case.ledger.sources else None
        while via is not None and via in case.ledger.sources and via not in shown:
            shown[via] = None
            via = case.ledger.sources[via].header.via
    known = [case.ledger.sources[key] for key in shown if key in case.ledger.sources]
    return tuple(source_card(source, tuple(by_source.get(source.id, ())), lang) for source in known)


def rivals_of(case: Case, lang: Language) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By claim, the claims it contradicts, each with the kind of contradiction and what settled it."""
    out: dict[str, list[tuple[str, str]]] = {}
    for pair in case.contradictions:
        stood = (
            say("brief.stood", lang, claim=pair.settled) if pair.settled else say("brief.not-settled", lang)
        )
        remark = say(f"brief.contradiction-{pair.kind}", lang) + say("brief.semicolon", lang) + stood
        out.setdefault(pair.a, []).append((pair.b, remark))
        out.setdefault(pair.b, []).append((pair.a, remark))
    return out


def card_of(
    ledger: Ledger,
    claim: Claim,
    rivals: Sequence[tuple[str, str]],
    used_in: tuple[tuple[str, str], ...],
    lang: Language,
) -> ClaimCard:
    """The card of one claim; ``rivals`` are claims it contradicts with a remark, ``used_in`` answers that cite it."""
    source = ledger.sources.get(claim.source)
    letter = source.header.reliability if source else "F"
    written = (source.header.language if source else None) or language_of(claim.quote)
    return ClaimCard(
        id=claim.id,
        quote=claim.quote,
        quote_lang=written,
        translation=(claim.translation or {}).get(lang) if written != lang else None,
        kind=say(f"brief.kind-{claim.kind.replace(' ', '-')}", lang),
        said=_voice(claim, lang),
        said_lang=language_of(claim.speaker) if _speaks(claim) and claim.speaker else lang,
        chain=tuple(voice_name(link, lang) for link in claim.chain) if len(claim.chain) > 1 else (),
        outlet=claim.outlet or (_outlet(source, lang) if source else None),
        dates=_dates(ledger, claim, lang),
        grade=f"{letter}{claim.credibility}",
        grade_words=grade_words(letter, claim.credibility, lang),
        origin=claim.origin,
        companions=tuple(c.id for c in ledger.origins.get(claim.origin, ()) if c.id != claim.id),
        rivals=tuple(rivals),
        source=claim.source,
        excerpt=excerpt(source.text, claim.ranges) if source else None,
        used_in=used_in,
    )


def _speaks(claim: Claim) -> bool:
    return claim.type != "narrator" and bool(claim.speaker or claim.speaker_head)


def _voice(claim: Claim, lang: Language) -> str:
    if not _speaks(claim):
        return say("brief.narrator", lang)
    if unspecified(claim.speaker_head) and not claim.speaker:
        return voice_name(claim.speaker_head, lang) or ""
    who = claim.speaker or claim.speaker_head or ""
    return say("brief.unnamed", lang, who=who) if claim.anonymous else who


def _dates(ledger: Ledger, claim: Claim, lang: Language) -> tuple[tuple[str, str], ...]:
    known = ledger.known_on(claim)
    found = [("said-on", claim.said_on), ("known-on", known if known != claim.said_on else None)]
    out = [(say(f"brief.{key}", lang), day(on, lang)) for key, on in found if on is not None]
    if claim.about:
        separator = "、" if lang == "zh" else "; "
        out.append((say("brief.about", lang), separator.join(day(on, lang) for on in claim.about)))
    return tuple(out)


def grade_words(letter: str, number: int, lang: Language) -> str:
    """An Admiralty grade in words: what the letter says of the source and the number of the claim."""
    return (
        say(f"brief.letter-{letter}", lang)
        + say("brief.semicolon", lang)
        + say(f"brief.credibility-{number}", lang)
    )


def language_of(text: str) -> Language:
    """Chinese where a text has any Chinese character, else English: what its ``lang`` mark needs."""
    return "zh" if any("CJK UNIFIED" in unicodedata.name(c, "") for c in text) else "en"


def excerpt(text: str, ranges: Sequence[tuple[int, int]]) -> Excerpt | None:
    """A quotation in its surroundings, cut where sentences end; None where the ranges leave the text."""
    spans = sorted(ranges)
    if not spans or spans[-1][1] > len(text):
        return None
    first, last = spans[0][0], max(stop for _, stop in spans)
    start, end = _back(text, first), _ahead(text, last)
    parts: list[tuple[str, bool]] = []
    at = first
    for lower, stop in spans:
        begin = max(at, lower)
        if begin > at:
            parts.append((_shortened(text[at:begin]), False))
        if stop > begin:
            parts.append((text[begin:stop], True))
        at = max(at, stop)
    before = ("… " if start > 0 and text[:start].strip() else "") + text[start:first].lstrip()
    after = text[last:end].rstrip() + (" …" if text[end:].strip() else "")
    return Excerpt(before, tuple(parts), after)


def _back(text: str, at: int) -> int:
    low = max(0, at - AROUND)
    if low == 0:
        return 0
    cut = next((k + 1 for k in range(low, at) if text[k] in _STOPS), None)
    return low if cut is None else cut


def _ahead(text: str, at: int) -> int:
    high = min(len(text), at + AROUND)
    if high == len(text):
        return high
    cut = next((k + 1 for k in range(high - 1, at - 1, -1) if text[k] in _STOPS), None)
    return high if cut is None else cut


def _shortened(gap: str) -> str:
    return gap if len(gap) <= 2 * AROUND else gap[:AROUND] + " … " + gap[-AROUND:]


def _outlet(source: Source, lang: Language) -> str | None:
    return None if source.header.outlet is None else pick(source.header.outlet, lang)


def source_card(source: Source, claims: tuple[str, ...], lang: Language) -> SourceCard:
    """The card of one document."""
    header = source.header
    about = [
        ("form", say(f"brief.source-{header.kind}", lang)),
        ("via", header.via),
        ("published", day(header.published, lang) if header.published else None),
        ("captured", day(header.captured, lang) if header.captured else None),
        ("language", say(f"brief.language-{header.language}", lang) if header.language else None),
        ("file", header.file),
        ("link", header.link if header.link and not _web(header.link) else None),
    ]
    title = pick(header.title, lang) if header.title else ""
    name = say("brief.semicolon", lang).join(part for part in (_outlet(source, lang), title) if part)
    return SourceCard(
        id=source.id,
        name=name or source.id,
        letter=header.reliability,
        letter_words=say(f"brief.letter-{header.reliability}", lang),
        about=tuple((say(f"brief.source-{key}", lang), value) for key, value in about if value),
        link=header.link if header.link and _web(header.link) else None,
        claims=claims,
    )


def _web(link: str) -> bool:
    # Anything but a plain web address (a script, a local file) is shown as text, never as a link.
    return urlsplit(link).scheme in ("http", "https")
