"""Everything the parts of a draft are made from: sides, pages, people and stances of some documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier.draft_names import Names, listed_names, with_groups, with_initials
from zopa.dossier.draft_page import Page, language_of, pages
from zopa.dossier.draft_people import Voices, person_forms, voices
from zopa.dossier.draft_stances import Stance, stances
from zopa.dossier.draft_unknown import Seen, with_unknown
from zopa.dossier.lexicon import Language


@dataclass(frozen=True)
class Survey:
    """What was found in the documents, before any of it becomes an entry of a case."""

    names: Names
    pages: tuple[Page, ...]
    voices: Voices
    stances: tuple[Stance, ...]
    as_of: date
    language: Language
    """The language of most of the text."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in the order of the sources."""
        return tuple(claim for page in self.pages for claim in page.claims)

    def claim_ids(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Ids without repetitions, in the order of the claims."""
        wanted = frozenset(ids)
        return tuple(claim.id for claim in self.claims if claim.id in wanted)


def survey(sources: Sequence[Source], claims: Sequence[Claim], *, as_of: date) -> Survey:
    """The sides, people and stances of these documents."""
    seen = [Seen(s.text, language_of(s), [c for c in claims if c.source == s.id]) for s in sources]
    names = with_groups(listed_names(), [(one.text, one.language) for one in seen])
    names = with_unknown(names, seen)
    names = with_initials(names, [one.text for one in seen if one.language == "zh"])
    heard = voices(pages(sources, claims, names), names)
    for language, forms in person_forms(heard).items():
        names = names.with_forms(language, forms)
    # People's names stand for their sides from here on.
    read = pages(sources, claims, names)
    heard = Voices(heard.people, names, heard.languages)
    written = {"zh": 0, "en": 0}
    for one in seen:
        written[one.language] += len(one.text) * (3 if one.language == "zh" else 1)
    main: Language = "zh" if written["zh"] >= written["en"] else "en"
    return Survey(names, read, heard, stances(read, heard), as_of, main)
