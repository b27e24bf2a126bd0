"""Sides nobody has listed: the owners of the offices, titles and bodies through which a text lets people speak."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zopa.claims.claim import Claim
from zopa.dossier.draft_names import Names, Side, ascii_id, generic_forms
from zopa.dossier.draft_words import groups, listed, title_pattern, titles
from zopa.dossier.lexicon import Language, as_words, guarded, remembered, table

_LONGEST = 14


@dataclass(frozen=True)
class Seen:
    """A text with its claims, as far as the search for sides needs them."""

    text: str
    language: Language
    claims: Sequence[Claim]


def with_unknown(names: Names, seen: Sequence[Seen]) -> Names:
    """The names with the unlisted sides of these texts, their short forms and their generic ones."""
    for language in ("zh", "en"):
        mine = [one for one in seen if one.language == language]
        counts: Counter[str] = Counter()
        for one in mine:
            counts.update(_zh_owners(names, one) if language == "zh" else _en_owners(names, one))
        merged = _merged(counts, language)
        taken = set(names.sides)
        sides: list[Side] = []
        forms: dict[str, str] = {}
        for k, (name, variants) in enumerate(merged.items()):
            id_ = _fresh(ascii_id(name) or _kind_id(name) or f"side-{k + 1}", taken)
            sides.append(Side(id_, {language: name}))
            forms.update(dict.fromkeys(variants, id_))
        names = names.with_sides(sides, language, forms)
        names = names.with_forms(language, generic_forms(names, [s.id for s in sides], language))
    return names


def _kind_id(name: str) -> str | None:
    """An id for a body by what it is: union, company, front."""
    for kind, ends in table("zh", "draft")["sides"]["ids"].items():
        if name.endswith(as_words(ends)):
            return str(kind)
    return None


def _fresh(id_: str, taken: set[str]) -> str:
    at, fresh = 2, id_
    while fresh in taken:
        fresh, at = f"{id_}-{at}", at + 1
    taken.add(fresh)
    return fresh


def _merged(counts: Mapping[str, int], language: Language) -> Mapping[str, tuple[str, ...]]:
    """One name a side: adjectives go to their nouns (Savian, Savia), bare nouns of a kind to the full name."""
    out: dict[str, tuple[str, ...]] = {}
    for name in sorted(counts, key=lambda n: (len(n), n) if language == "en" else (-len(n), n)):
        home = next((known for known in out if _same(known, name, language)), None)
        if home is None:
            out[name] = (name,)
        else:
            out[home] = (*out[home], name)
    return out


_ADJECTIVE = re.compile(r"(?:n|an|ian|ese|i|ish|s|er|ers)$")


def _same(known: str, name: str, language: Language) -> bool:
    if language == "zh":
        # The longer came first: 新港港务工会 and 港务工会 are one, 东境政府军 and 东境 too.
        tail = known[len(name) :] if known.startswith(name) else ""
        return len(name) >= 2 and (
            known.endswith(name) or tail in ("政府", "政府军", "军方", "军队", "方面", "当局", "军")
        )
    stem = known[:-1] if known.endswith(("a", "e", "y", "o")) else known
    if len(stem) >= 4 and name.startswith(stem) and _ADJECTIVE.search(name) and len(name) - len(stem) <= 4:
        return True
    return name.lower().endswith(" " + known.lower())


# ---- Chinese -----------------------------------------------------------------------------------------------------

_HAN = re.compile("[\u4e00-\u9fffA-Za-z0-9“”·]+")
_NO_OWNER = re.compile(
    "^(?:中东|海湾|西方|地区|有关|当地|上述|该|这|那|多|各|两|双|某|一|另|前|原|现任|高级|资深|匿名|首席|副|常务|国际|外交|国家|联合|其|他|她|本)"
)


def _zh_owners(names: Names, one: Seen) -> Iterator[str]:
    for claim in one.claims:
        for words in {claim.speaker or "", claim.speaker_head or ""} - {""}:
            owner = zh_owner(words)
            if owner and not names.mentions(owner, "zh"):
                yield owner
    for found in _bodies_in_text().finditer(one.text):
        body = found[2] or _connectives().sub("", found[1])
        if not _NO_OWNER.match(body) and not names.mentions(body, "zh"):
            yield body


@remembered()
def _connectives() -> re.Pattern[str]:
    tags = (*as_words(table("zh", "adverbs")["connectives"]), *as_words(table("zh", "tags")["if_words"]))
    return re.compile(f"^{guarded(tags)}")


@remembered()
def _bodies_in_text() -> re.Pattern[str]:
    """Organisations that open a clause and go on to act, or stand in quotation marks: 港务集团5日发表声明."""
    ends = guarded(listed("zh", "sides", "organisations"))
    then = table("zh", "draft")["sides"]["body_then"]
    return re.compile(
        f"(?:^|[\n。，；：])([\u4e00-\u9fff]{{2,7}}?{ends}){then}|“([\u4e00-\u9fff]{{2,8}}(?:{ends}))”",
        re.MULTILINE,
    )


def zh_owner(mention: str) -> str | None:
    """To whom the office, title or body in a mention belongs: 诺兰外交部发言人莫拉 → 诺兰, 港务工会主席 → 港务工会."""
    found = _HAN.search(mention.rpartition("的")[2])
    if found is None:
        return None
    words = found[0].strip("“”")
    for quantifier in sorted(as_words(table("zh", "roles")["quantifiers"]), key=len, reverse=True):
        words = words.removeprefix(quantifier)
    title = title_pattern("zh").search(words)
    if title and titles("zh")[title[0].lower()].role == "comments":
        return None
    body = _body(words)
    office = _office(words)
    if body is not None and (office is None or len(body) <= office + 6):
        return body
    if office is not None and 2 <= office <= 8 and not _NO_OWNER.match(words):
        owner = words[:office]
        return owner if "·" not in owner and re.fullmatch("[\u4e00-\u9fff]+", owner) else None
    return None


def _body(words: str) -> str | None:
    """The organisation with which a mention begins."""
    ends = [
        found.end()
        for word in listed("zh", "sides", "organisations")
        for found in re.finditer(re.escape(word), words[:_LONGEST])
        if found.end() >= 2
    ]
    if not ends:
        return None
    name = words[: min(ends)]
    # 集团公司, 工会联合会: the body goes on.
    for end in sorted(ends):
        if len(name) < end <= len(name) + 3:
            name = words[:end]
    return None if _NO_OWNER.match(name) and len(name) < 5 else name


def _office(words: str) -> int | None:
    places = [at for office in listed("zh", "sides", "offices") if (at := words.find(office)) >= 2]
    return min(places, default=None)


# ---- English -----------------------------------------------------------------------------------------------------

_PROPER = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?: [A-Z][a-z]+)?"


@remembered()
def _common() -> frozenset[str]:
    """Capitalised words that are no names."""
    return frozenset(listed("en", "sides", "not_names"))


def _en_owners(names: Names, one: Seen) -> Iterator[str]:
    people = _people(one)
    for claim in one.claims:
        for words in {claim.speaker or "", claim.speaker_head or ""} - {""}:
            owner = en_owner(words, people)
            if owner and not names.mentions(owner, "en"):
                yield owner
    for owner in (*_en_pairs(one.text), *_en_owned(one.text)):
        if owner not in people and not _common() & set(owner.split()) and not names.mentions(owner, "en"):
            yield owner


def _people(one: Seen) -> frozenset[str]:
    """Words of the names of persons: what follows a title or stands with another capitalised word as a speaker."""
    out: set[str] = set()
    for claim in one.claims:
        head = (claim.speaker_head or "").split()
        if len(head) >= 2 and all(part[:1].isupper() for part in head):
            out.update(head)
    for found in re.finditer(
        rf"(?:{title_pattern('en').pattern}),? ((?:[A-Z][\w'’-]+ ?){{1,3}})", one.text, re.IGNORECASE
    ):
        out.update(part for part in found[1].split() if part[:1].isupper())
    return frozenset(out)


_OF = re.compile(
    r"(?:ministry|government|president|minister|army|military|parliament|spokes\w+|embassy)[\w ]*? "
    rf"(?:of|for) (?:the )?({_PROPER})$"
)


def en_owner(mention: str, people: frozenset[str] = frozenset()) -> str | None:
    """To whom the office, title or body in a mention belongs: Nolan's chief negotiator → Nolan."""
    words = re.sub(
        r"^(?:the|a|an|one|some|two|three|several|senior|unnamed) ",
        "",
        mention.replace("’", "'").strip(),
        flags=re.IGNORECASE,
    )
    title = title_pattern("en").search(words)
    if title and titles("en")[title[0].lower()].role == "comments":
        return None
    bodies, offices = ("|".join(listed("en", "sides", name)) for name in ("organisations", "offices"))
    body = re.match(rf"((?:[\w'-]+ ){{1,3}}(?:{bodies}))\b", words)
    if body and not re.search(r"\b(?:of|at|for|from|in)\b", body[1]):
        return body[1]
    for shape in (rf"({_PROPER})'s? ", rf"({_PROPER}?) (?:{offices})\b"):
        found = re.match(shape, words)
        if found and not (_common() | people) & set(found[1].split()):
            return found[1]
    if of := _OF.search(words):
        return of[1]
    if title and title.start() > 0:
        before = words[: title.start()].strip()
        if re.fullmatch(_PROPER, before) and not _common() & set(before.split()):
            return before
    if (
        re.fullmatch(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?", words)
        and words not in people
        and words not in _common()
    ):
        return words
    return None


def _en_pairs(text: str) -> Iterator[str]:
    """Both names of "X and Y … talks"."""
    one = r"([A-Z][a-z]+(?:-[A-Z][a-z]+)?)"
    talks = "|".join(re.escape(word) for word in groups("en", "talks"))
    for found in re.finditer(rf"\b{one}(?: and |–|—|/){one}\b[^.;\n]{{0,50}}?\b(?:{talks})\b", text):
        yield found[1]
        yield found[2]


def _en_owned(text: str) -> Iterator[str]:
    """Names that own an office more than once: X's government … X's foreign minister."""
    offices = "|".join(
        (
            *listed("en", "sides", "offices"),
            "troops",
            "forces",
            "soldiers",
            "president",
            "prime minister",
            "foreign minister",
        )
    )
    counts = Counter(m[1] for m in re.finditer(rf"\b([A-Z][a-z]+)(?:['’]s)? (?:{offices})\b", text))
    for name, count in counts.items():
        if count > 1:
            yield name
