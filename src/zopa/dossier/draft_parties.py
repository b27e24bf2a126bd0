"""Who is a party of the draft and in which role: read from who talks with whom, who hosts, mediates, urges, strikes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zopa.dossier.draft_page import Line, Page
from zopa.dossier.draft_survey import Survey
from zopa.dossier.draft_words import patterns

ORDER = ("negotiator", "host", "mediator", "outside", "lobby", "observer")


@dataclass(frozen=True, slots=True)
class Part:
    """A party of the draft: the side, its roles in their fixed order, and the candidates that show them."""

    side: str
    roles: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something one side does to or for others, as a sentence says it."""

    kind: str
    side: str
    others: tuple[str, ...]
    line: Line
    start: int


def deeds(page: Page, kind: str) -> Iterator[Deed]:
    """Every place where a pattern of this kind matches.

    Kinds: ``mediator``, ``host``, ``lobby``, ``observer``, ``acts`` (with force), ``refrain`` (is asked to).
    """
    names = page.names
    for line in page.lines:
        for pattern in patterns(page.language, "sides", kind):
            for found in pattern.finditer(line.marked.text):
                sides = names.of(found["a"])
                others = tuple(s for s in names.of(line.marked.text) if s not in sides)
                for side in sides:
                    yield Deed(kind, side, others, line, line.marked.origin(found.start("a")))


def pairs(survey: Survey) -> Counter[tuple[str, str]]:
    """How often two sides are said to talk, or to quarrel, with each other."""
    out: Counter[tuple[str, str]] = Counter()
    for page in survey.pages:
        for line in page.lines:
            for pattern in patterns(page.language, "sides", "pair"):
                for found in pattern.finditer(line.marked.text):
                    a, b = page.names.of(found["a"]), page.names.of(found["b"])
                    if a and b and a != b:
                        out[tuple(sorted((a[0], b[0])))] += 1  # type: ignore[index]
    return out


def negotiators(survey: Survey, third: Mapping[str, int]) -> tuple[str, ...]:
    """The sides at the table: the pair that most often talks, more sides where they talk with these and want something.

    ``third`` counts how often a side mediates; whoever mediates more than it talks is no negotiator.
    """
    talks = pairs(survey)
    wants = _wants(survey)
    weight = {pair: count + 0.5 * min(wants[pair[0]], wants[pair[1]]) for pair, count in talks.items()}
    sides = survey.names.sides

    def fit(pair: tuple[str, str]) -> bool:
        return all(
            not sides[side].group
            and not sides[side].third
            and third.get(side, 0) <= max(talks[pair], wants[side] // 2)
            for side in pair
        )

    ranked = sorted((pair for pair in weight if fit(pair)), key=lambda p: (-weight[p], p))
    if not ranked:
        likely = [
            s
            for s, _ in sorted(wants.items(), key=lambda w: (-w[1], w[0]))
            if not sides[s].group and not sides[s].third
        ]
        return _by_mention(survey, likely[:2])
    table = list(ranked[0])
    for pair in ranked[1:]:
        new = [side for side in pair if side not in table]
        if (
            len(new) == 1
            and 3 * weight[pair] >= weight[ranked[0]]
            and wants[new[0]]
            and not third.get(new[0])
        ):
            table += new
    return _by_mention(survey, table)


def _wants(survey: Survey) -> Counter[str]:
    """How much each side is heard to want or refuse, on any matter; matters of substance count double."""
    out: Counter[str] = Counter()
    for stance in survey.stances:
        if stance.side is not None:
            out[stance.side] += 1 if stance.issue is None else 2
    for claim in survey.claims:
        if claim.kind in ("demand", "refusal", "threat", "offer"):
            out.update(survey.voices.sides(claim))
    return out


def _by_mention(survey: Survey, sides: Sequence[str]) -> tuple[str, ...]:
    """In the order in which the documents name them most."""
    counts = Counter(m.side for page in survey.pages for m in page.mentions)
    return tuple(sorted(sides, key=lambda s: (-counts[s], s)))


def parties(survey: Survey, hosts: Mapping[str, Sequence[str]] | None = None) -> tuple[Part, ...]:
    """All parties of the draft, negotiators first.

    ``hosts`` are the sides in whose territory the talks are agreed to be held, with the candidates that say so.
    """
    found: dict[str, list[Deed]] = {
        kind: [deed for page in survey.pages for deed in deeds(page, kind)]
        for kind in ("mediator", "host", "lobby", "observer", "acts", "refrain")
    }
    table = negotiators(survey, Counter(deed.side for deed in found["mediator"]))
    roles: dict[str, set[str]] = {side: {"negotiator"} for side in table}
    because: defaultdict[str, list[str]] = defaultdict(list)
    for stance in survey.stances:
        if stance.side in table:
            because[stance.side].extend(stance.claims)
    others = [(kind, deed) for kind, listed in found.items() for deed in listed if deed.side not in table]
    for kind, deed in others:
        role = {"acts": "outside", "refrain": "outside"}.get(kind, kind)
        roles.setdefault(deed.side, set()).add(role)
        because[deed.side].extend(deed.line.claims_at(deed.start, deed.start + 1))
    for side, ids in (hosts or {}).items():
        if side not in table:
            roles.setdefault(side, set()).add("host")
            because[side].extend(ids)
    out = [Part(side, _kept(survey, side, roles[side]), survey.claim_ids(because[side])) for side in roles]
    rank = {side: k for k, side in enumerate(_by_mention(survey, list(roles)))}
    kept = [part for part in out if part.roles]
    return tuple(sorted(kept, key=lambda p: (ORDER.index(p.roles[0]), rank[p.side])))


def _kept(survey: Survey, side: str, roles: set[str]) -> tuple[str, ...]:
    """Roles that go together: who mediates or hosts is not also one that merely urges or acts from outside."""
    if survey.names.sides[side].group:
        # States that are not named one by one urge; that "countries of the region mediate" names nobody.
        roles = {"lobby"} if "lobby" in roles else roles & {"mediator", "observer"}
    if roles & {"negotiator", "mediator", "host"}:
        roles = roles - {"lobby", "outside"}
    if "outside" in roles:
        roles = roles - {"lobby"}
    return tuple(role for role in ORDER if role in roles)
