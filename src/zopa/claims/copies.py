"""Independence: the same copy in ten outlets is one voice, whichever paper it was read in.

Passages of different documents that say the same in nearly the same words are found by their shingles: five characters
of Chinese, three words of English, compared by the Jaccard share; in a large record the pairs worth comparing are found
by MinHash (Broder, A. (1997). On the resemblance and containment of documents) with datasketch. Claims that stand at
the same words of such passages are copies of the earliest one. Nothing of a claim's own line is rewritten.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from zopa.claims.claim import Claim, slug
from zopa.claims.source import Source

ALIKE = 0.7
"""Jaccard share of shingles from which on two passages are copies."""
FEWEST = 12
"""Shingles of the shortest passage that can be told to be a copy: short sentences are alike by chance."""
QUOTE_ALIKE = 0.7
"""The same for the words of two claims in such passages."""
PAIRWISE = 400
"""Passages up to which all pairs are compared; beyond, MinHash finds those worth it."""
PERMUTATIONS = 96
_PASSAGE = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_CJK = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"\w+")
Shingles = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Passage:
    source: str
    start: int
    stop: int
    shingles: Shingles


def copies(sources: Mapping[str, Source], claims: Sequence[Claim]) -> dict[str, str]:
    """By claim that is a copy, the claim it is a copy of: the one published first.

    Of several on one day the one whose outlet another names as its source goes first, then by outlet and place. The
    order in which sources and claims are given plays no part.
    """
    if len({claim.source for claim in claims}) < 2:
        return {}
    holders: dict[int, list[Claim]] = defaultdict(list)
    passages = list(_passages(sources, claims, holders))
    groups = _Groups()
    for a, b in _alike(passages):
        for one in holders[a]:
            for other in holders[b]:
                if _same_words(one, other, sources):
                    groups.join(one.id, other.id)
    by_id = {claim.id: claim for claim in claims}
    out: dict[str, str] = {}
    for ids in groups.all():
        members = sorted((by_id[i] for i in ids), key=_first(sources, [by_id[i] for i in ids]))
        out.update({claim.id: members[0].id for claim in members[1:]})
    return out


def regrouped(claims: Iterable[Claim], copied: Mapping[str, str]) -> tuple[Claim, ...]:
    """The claims, copies under the origin of what they are a copy of.

    Only origins of a reader's making are changed: what a person wrote down as the origin stands.
    """
    told = tuple(claims)
    by_id = {claim.id: claim for claim in told}
    out = []
    for claim in told:
        original = by_id.get(copied.get(claim.id, ""))
        moves = original is not None and claim.reader != "hand" and claim.origin != original.origin
        out.append(claim.model_copy(update={"origin": original.origin}) if moves and original else claim)
    return tuple(out)


# ---- passages ----------------------------------------------------------------------------------------------------


def _passages(
    sources: Mapping[str, Source], claims: Sequence[Claim], holders: dict[int, list[Claim]]
) -> Iterator[_Passage]:
    """The paragraphs in which claims stand, by number in ``holders``."""
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_source[claim.source].append(claim)
    number = 0
    for id_ in sorted(by_source):
        source = sources.get(id_)
        if source is None:
            continue
        for found in _PASSAGE.finditer(source.text):
            inside = [c for c in by_source[id_] if found.start() <= c.ranges[0][0] < found.end()]
            told = shingles(found[0]) if inside else frozenset()
            if len(told) >= FEWEST:
                holders[number] = inside
                number += 1
                yield _Passage(id_, found.start(), found.end(), told)


def shingles(text: str) -> Shingles:
    """The shingles of a text, without regard to blanks, punctuation and case, as numbers."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded)
    if 3 * len(_CJK.findall(folded)) > len(folded):
        line = "".join(words)
        parts: Iterable[str] = (line[k : k + 5] for k in range(len(line) - 4))
    else:
        parts = (" ".join(words[k : k + 3]) for k in range(len(words) - 2))
    return frozenset(_number(part) for part in parts)


def _number(part: str) -> int:
    return int.from_bytes(blake2b(part.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def jaccard(a: Shingles, b: Shingles) -> float:
    """The share of the shingles of both that both have."""
    both = len(a & b)
    return both / (len(a) + len(b) - both) if both else 0.0


def _alike(passages: Sequence[_Passage]) -> Iterator[tuple[int, int]]:
    """Pairs of passages of different sources that are nearly the same."""
    for a, b in _worth_comparing(passages):
        one, other = passages[a], passages[b]
        if one.source != other.source and jaccard(one.shingles, other.shingles) >= ALIKE:
            yield a, b


def _worth_comparing(passages: Sequence[_Passage]) -> Iterable[tuple[int, int]]:
    if len(passages) <= PAIRWISE:
        return ((a, b) for b in range(len(passages)) for a in range(b))
    return _by_minhash(passages)


def _by_minhash(passages: Sequence[_Passage]) -> Iterator[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=ALIKE - 0.1, num_perm=PERMUTATIONS)
    empty = MinHash(num_perm=PERMUTATIONS, hashfunc=_as_is)
    for number, passage in enumerate(passages):
        made = empty.copy()
        made.update_batch([value & 0xFFFFFFFF for value in sorted(passage.shingles)])
        for other in sorted(index.query(made)):
            yield other, number
        index.insert(number, made, check_duplication=False)


def _as_is(value: int) -> int:
    return value


# ---- claims in them ----------------------------------------------------------------------------------------------


def _same_words(a: Claim, b: Claim, sources: Mapping[str, Source]) -> bool:
    """Whether two claims of different documents say the same of the same speaker in nearly the same words."""
    if a.source == b.source or (
        (a.speaker_head or "") != (b.speaker_head or "") and not _of_home(a, b, sources)
    ):
        return False
    one, other = _folded(a.quote), _folded(b.quote)
    return one == other or _grams(one, other) >= QUOTE_ALIKE


def _of_home(a: Claim, b: Claim, sources: Mapping[str, Source]) -> bool:
    """Whether both are the document's own words, or nobody's in particular: then the name of the paper is no voice."""
    return all(_home_origin(claim, sources) for claim in (a, b))


def _home_origin(claim: Claim, sources: Mapping[str, Source]) -> bool:
    source = sources.get(claim.source)
    homes = {slug(claim.source), slug(claim.outlet or ""), slug(source.outlet) if source else ""}
    voice = claim.origin.partition("/")[0].removeprefix("unspecified-")
    return claim.type == "narrator" or claim.speaker_head is None or voice in homes


def _folded(text: str) -> str:
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _grams(a: str, b: str) -> float:
    def of(text: str) -> Shingles:
        return frozenset(_number(text[k : k + 3]) for k in range(max(1, len(text) - 2)))

    return jaccard(of(a), of(b))


class _Groups:
    """Ids that belong together, however the pairs came in."""

    def __init__(self) -> None:
        self.above: dict[str, str] = {}

    def _top(self, id_: str) -> str:
        at = self.above.setdefault(id_, id_)
        while at != self.above[at]:
            at = self.above[at]
        self.above[id_] = at
        return at

    def join(self, a: str, b: str) -> None:
        low, high = sorted((self._top(a), self._top(b)))
        self.above[high] = low

    def all(self) -> list[list[str]]:
        out: dict[str, list[str]] = defaultdict(list)
        for id_ in sorted(self.above):
            out[self._top(id_)].append(id_)
        return list(out.values())


def _first(
    sources: Mapping[str, Source], members: Sequence[Claim]
) -> Callable[[Claim], tuple[date, bool, str, str, tuple[tuple[int, int], ...]]]:
    """The order in which copies were made, as far as the record tells."""
    named = {name for claim in members for name in (*claim.chain[:1], claim.outlet or "") if name}

    def key(claim: Claim) -> tuple[date, bool, str, str, tuple[tuple[int, int], ...]]:
        source = sources.get(claim.source)
        header = source.header if source else None
        day = claim.known_on or (header.published or header.captured if header else None) or date.max
        outlet = source.outlet if source else claim.source
        others = named - {claim.outlet or ""} if claim.outlet != outlet else named
        return day, outlet not in others, outlet, claim.source, claim.ranges

    return key
