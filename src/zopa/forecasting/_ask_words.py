"""What ``ask`` asks, whom, and what the answers are, in words that take no side.

Quotation marks stand around words of the record and around nothing else. A question about an aim names no aim, and one
about a number names no number: the answers stand apart from it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zopa.case.case import Case
from zopa.case.names import issue_name, issues_named, option_name, party_in_text, reading_name
from zopa.claims.claim import Claim
from zopa.claims.voice import unspecified, voice_name
from zopa.forecasting._ask_links import Links
from zopa.forecasting._ask_rows import Answer, AskRow, Effect, Matter
from zopa.words import Language, has, joined, say

OF_ITS_OWN_FALL = "talks.regime_breaks."
"""Numbers about a party that it is not the one to be asked for."""
MOST_ASKED = 3
"""People and parties named for one question at most."""
PAIR = ("first", "second")
"""The answers of a contradiction, by which of its two claims holds."""
BY_OTHERS = ("motive", "assessment", "forecast")
"""Kinds of claims that somebody makes about another: who is spoken of knows first."""
_BRACKETS = re.compile(r"\s*[（(][^（）()]*[）)]\s*$")
_ENDS = np.array([0.05, 0.95])


@dataclass(frozen=True)
class Asking:
    """Questions of one case in words."""

    case: Case

    @cached_property
    def links(self) -> Links:
        """What of the record hangs together."""
        return Links(self.case)

    # ---- whom ----------------------------------------------------------------------------------------------------

    def whom(self, matter: Matter, bears: str | None = None) -> tuple[str, ...]:
        """Who would know, best first: ids of people and parties, or a voice as the record has it; ``bears``: the number
        that a claim bears on."""
        file = self.case.file
        if matter.kind == "unknown":
            named = next(u.answer_from for u in file.unknowns if u.id == matter.subject[0])
            if named:
                return named
            return self._of_claims(matter.subject[1:], None, None)
        if matter.kind == "reading":
            return self._some([matter.subject[0], *self._mediators])
        if matter.kind == "number":
            if matter.subject[0].startswith(OF_ITS_OWN_FALL):
                return self._some(self._all_mediators)
            return self._some([*self._owners(matter.subject[0]), *self._mediators])
        question = matter.best.question if matter.best is not None else None
        return self._of_claims(matter.subject, bears, question)

    def _owners(self, path: str) -> list[str]:
        """Whose number it is: a party, or all that negotiate."""
        party = self.links.quantities[path].party
        return [party] if party in self.case.file.parties and party is not None else [*self.case.negotiators]

    def _of_claims(self, origins: Sequence[str], bears: str | None, question: str | None) -> tuple[str, ...]:
        claims = [self._claim(origin, bears, question) for origin in origins]
        voices = [voice for claim in claims if (voice := self.voice(claim)) is not None]
        about = self._owners(bears) if bears is not None else list(self.links.about(origins))
        if not voices and not about:
            about = [*self.case.negotiators]
        # Of what somebody said about another the other knows first; of what it said about itself, who said it.
        others = {c.party for c in claims}.isdisjoint(about) and all(c.kind in BY_OTHERS for c in claims)
        first, then = (about, voices) if others else (voices, about)
        found = [*first, *then]
        if not voices or any(claim.anonymous for claim in claims):
            found += self._mediators
        return self._some(found)

    def _some(self, found: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found))[:MOST_ASKED]

    @property
    def _all_mediators(self) -> list[str]:
        return [p for p, party in self.case.file.parties.items() if "mediator" in party.role]

    @property
    def _mediators(self) -> list[str]:
        """The first who mediates."""
        return self._all_mediators[:1]

    def voice(self, claim: Claim) -> str | None:
        """Who said it: a person, party or body of the case by id, the party for a voice of its own that the case does
        not know, else the voice as the record has it; None for an unattributed report and the text's own words."""
        if claim.type == "narrator":
            return None
        head = claim.speaker_head or claim.speaker
        if head is None or unspecified(head):
            return None
        known = self._by_name.get(head) or self._by_name.get(claim.speaker or head)
        if known is not None:
            return known
        if claim.anonymous:
            for person, entry in self.case.file.people.items():
                if claim.party == entry.party and claim.id in [c.claim for c in entry.because]:
                    return person
        return claim.party if claim.party is not None else head

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        file = self.case.file
        out: dict[str, str] = {}
        for section in (file.people, file.parties, file.bodies):
            for key, entry in section.items():
                for name in (entry.name.get("en"), entry.name.get("zh")):
                    # What stands in brackets tells entries apart and is no part of the name.
                    out.setdefault(_BRACKETS.sub("", name).strip("《》 "), key)
        return out

    def called(self, who: str, lang: Language) -> str:
        """A person's, party's or body's name within a sentence, or a voice as the record has it."""
        file = self.case.file
        if who in file.people:
            return _BRACKETS.sub("", file.people[who].name.get(lang)).strip()
        if who in file.parties:
            return party_in_text(file, who, lang)
        if who in file.bodies:
            return _BRACKETS.sub("", file.bodies[who].name.get(lang)).strip()
        return voice_name(who, lang)

    def listed(self, row: AskRow, lang: Language) -> str:
        """Whom a question is for, in words."""
        return joined([self.called(who, lang) for who in row.whom], lang)

    # ---- questions -----------------------------------------------------------------------------------------------

    def question(self, row: AskRow, lang: Language) -> str:
        """The question, as it could be put."""
        if row.kind == "unknown":
            return next(u.text.get(lang) for u in self.case.file.unknowns if u.id == row.subject[0])
        if row.kind == "reading":
            return say("ask.put-reading", lang, party=party_in_text(self.case.file, row.subject[0], lang))
        if row.kind == "number":
            return number_words(self.case, row.subject[0], lang)
        if row.kind == "contradiction":
            first, second = (self.said(origin, lang, row.because) for origin in row.subject)
            return say("ask.put-contradiction", lang, first=first, second=second)
        origin = row.subject[0]
        claim = self._claim(origin, row.bears_on, row.effect.question)
        kind = claim.kind.replace(" ", "-")
        about = [p for p in self.links.about([origin]) if p != self.voice(claim)]
        if kind == "motive" and about:
            party = party_in_text(self.case.file, about[0], lang)
            ending = say("ask.ends-motive-of", lang, party=party)
        else:
            ending = say(f"ask.ends-{kind}", lang)
        put = say("ask.put-origin", lang, said=self._words(claim, lang, "on-record"), ending=ending)
        if row.bears_on is None:
            return put
        return say("ask.put-number-first", lang, number=number_words(self.case, row.bears_on, lang), put=put)

    def said(self, origin: str, lang: Language, because: Sequence[str] = ()) -> str:
        """An origin's words in the record, with their voice: of the claim in ``because`` where these are the two of a
        contradiction, else of that cited most."""
        claims = self.case.ledger.origins[origin]
        named = [c for c in claims if c.id in because] if len(because) == len(PAIR) else []
        return self._words(named[0] if named else self._claim(origin), lang, "said")

    def _words(self, claim: Claim, lang: Language, area: str) -> str:
        voice, text = self.voice(claim), quoted(claim, lang)
        if voice is None:
            return say(f"ask.{area}-unattributed", lang, text=text)
        unnamed = claim.anonymous and voice in self.case.file.parties
        who = self.called(voice, lang)
        return say(
            f"ask.{area}", lang, who=say("ask.unnamed", lang, party=who) if unnamed else who, text=text
        )

    def decides(self, row: AskRow, lang: Language) -> str:
        """What the answer to one of the case's own unknowns decides here; empty for other questions."""
        if row.kind != "unknown":
            return ""
        said = [self.said(origin, lang, row.because) for origin in row.subject[1:]]
        return say(f"ask.decides-{'one' if len(said) == 1 else 'two'}", lang, list=joined(said, lang))

    def _claim(self, origin: str, number: str | None = None, question: str | None = None) -> Claim:
        return self.case.ledger.by_id[self.links.weightiest(origin, number=number, question=question)]

    # ---- answers -------------------------------------------------------------------------------------------------

    def answer(self, row: AskRow, effect: Effect, answer: Answer, lang: Language) -> str:
        """One answer in a few words."""
        if row.kind == "reading":
            return reading_name(self.case.file, row.subject[0], answer.answer, lang)
        if row.kind == "number":
            quantity = self.links.quantities[row.subject[0]].number
            low, high = (float(x) for x in quantity.estimate.quantile(_ENDS, quantity.bounds))
            value = low if answer.answer == "low" else high
            return say(f"ask.answer-{answer.answer}", lang, value=f"{value:.2g}")
        origins = row.subject[1:] if row.kind == "unknown" else row.subject
        if len(origins) == len(PAIR) and answer.answer in PAIR:
            origin = origins[PAIR.index(answer.answer)]
            voice = self.voice(self._claim(origin))
            if voice is not None:
                return say("ask.answer-as", lang, who=self.called(voice, lang))
        return say(f"ask.answer-{answer.answer}", lang)

    def about(self, row: AskRow, lang: Language) -> str:
        """What a question is about, in a few words for a chart."""
        if row.kind in ("unknown", "number"):
            return self.question(row, lang)
        if row.bears_on is not None:
            return number_words(self.case, row.bears_on, lang)
        if row.kind == "reading":
            return say("ask.about-reading", lang, party=party_in_text(self.case.file, row.subject[0], lang))
        if row.kind == "origin":
            claim = self._claim(row.subject[0], row.bears_on, row.effect.question)
            return self._words(claim, lang, "said")
        said = [self.said(origin, lang, row.because) for origin in row.subject]
        return say("ask.against", lang).join(said)


def quoted(claim: Claim, lang: Language) -> str:
    """The words of a claim as they stand between quotation marks: marks within them are single ones."""
    text = claim.text(lang)
    if lang == "zh":
        return text.replace("“", "‘").replace("”", "’")
    return "".join(_single(text))


def _single(text: str) -> Iterable[str]:
    opening = True
    for char in text:
        if char == '"':
            yield "‘" if opening else "’"
            opening = not opening
        else:
            yield {"“": "‘", "”": "’"}.get(char, char)


# ---- numbers ---------------------------------------------------------------------------------------------------------


def number_words(case: Case, path: str, lang: Language) -> str:
    """The question that a number answers; its path where no words are kept for it."""
    parts = path.split(".")
    kind, values = _number(case, parts, lang)
    key = f"ask.number-{kind}"
    return say(key, lang, **values) if has(key) else say("ask.number-other", lang, path=path)


def _number(case: Case, parts: Sequence[str], lang: Language) -> tuple[str, dict[str, str]]:
    file = case.file

    def party(key: str) -> str:
        return party_in_text(file, key, lang)

    match list(parts):
        case ["talks", kind, who]:
            return kind, {"party": party(who)}
        case ["talks", kind]:
            return kind, {}
        case ["preferences", who, "no_deal", "value"]:
            return "no_deal", {"party": party(who)}
        case ["preferences", who, issue, "weight"]:
            return "weight", {"party": party(who), "issue": issue_name(file, issue, lang)}
        case ["preferences", who, issue, "values", option]:
            names = {"issue": issue_name(file, issue, lang), "option": option_name(file, issue, option, lang)}
            return "value", {"party": party(who), **names}
        case ["red_lines", key, kind]:
            line = next(line for line in file.red_lines if line.key == key)
            return kind, {"party": party(line.party), "line": line_words(case, key, lang)}
        case ["settings", "views", who, "not_meeting"]:
            return "not_meeting", {"party": party(who)}
        case ["settings", "views", who, "weights", criterion]:
            return "criterion", {"party": party(who), "criterion": _criterion(case, criterion, lang)}
        case ["settings", "views", who, "scores", _, criterion]:
            return "score", {"party": party(who), "criterion": _criterion(case, criterion, lang)}
        case ["standoff", "rankings", who, "statements", statement, "chance"]:
            return "statement", {"party": party(who), "statement": _statement(case, who, statement, lang)}
    return "other", {}


def _criterion(case: Case, key: str, lang: Language) -> str:
    settings = case.file.settings
    found = next((c for c in settings.criteria if c.id == key), None) if settings is not None else None
    return found.name.get(lang) if found is not None and found.name is not None else key


def _statement(case: Case, party: str, key: str, lang: Language) -> str:
    ranking = case.file.standoff.rankings.get(party) if case.file.standoff is not None else None
    found = next((s for s in ranking.statements if s.id == key), None) if ranking is not None else None
    return found.name.get(lang) if found is not None and found.name is not None else key


def line_words(case: Case, key: str, lang: Language) -> str:
    """What a red line shuts out, in words."""
    file = case.file
    line = next(line for line in file.red_lines if line.key == key)
    if line.issue is not None:
        options = joined([option_name(file, line.issue, o, lang) for o in line.rejects], lang)
        return say("ask.line-issue", lang, issue=issue_name(file, line.issue, lang), options=options)
    if all(rejected in file.issues for rejected in line.rejects):
        return say("ask.line-agenda", lang, issues=issues_named(file, line.rejects, lang))
    known = f"ask.line-{line.on}-{'-'.join(line.rejects)}"
    return say(known, lang) if has(known) else joined(list(line.rejects), lang)
