"""Invented names for an exercise: every party, person, place and body of a case is called otherwise, throughout.

Names in running text are found by what the case itself calls them and, for states, by the reader's list of names,
demonyms and capitals. The same seed gives the same names.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel

from zopa.brief.roles_dates import CITATION, MONTH, Moved, moved
from zopa.case.fields import Localised
from zopa.case.model import CaseFile
from zopa.dossier import lexicon
from zopa.words import LANGUAGES, Language, catalogue, say

_KINDS = {"outlet": "outlet", "force": "force"}
_SHORT = 4
"""Latin names up to so many letters are matched as they are written: "US" is not "us"."""
_DEMONYM = r"(?P<ending>n|ns|an|ans|ian|ians|i|is|ese|ish)?"
_OF_PEOPLE = re.compile(r"(?:ian|ean|can|ese|ish|ch|ss|tch|eek|[bkmnrtl]i|tian|an)$")
_TAKE_ARTICLE = re.compile(
    r"united\b|[A-Z.]{2,5}$|.*\b(?:republic|federation|union|kingdom|states|emirates|islands|netherlands|philippines"
    r"|bahamas|maldives|gambia|vatican|holy see|hague)$"
)
"""English names of states and places that stand with "the"; an invented one stands without."""
_HEAD = re.compile(
    r"[A-Z]"
    r"|(?:administration|ambassador|army|carrier|congress|constitution|delegates|delegation|diplomat"
    r"|diplomats|economy|election|elections|embassy|envoy|envoys|forces|foreign|fleet|government"
    r"|leader|leaders|leadership|market|media|military|minister|ministry|navy|negotiator|negotiators"
    r"|official|officials|position|press|president|proposal|proposals|public|secretary|side|sides|team"
    r"|territory|troops|vice)$"
)
"""Words before which a state's name is an adjective: "the US delegation", "the US President"."""
_BEFORE = "对与和由向驻涉援访及同从在"
_AFTER = "方国军政核"


@dataclass
class _Names:
    """Old names and the new ones, by language; ``states`` are those whose demonyms are replaced too."""

    seed: int
    taken: set[str] = field(default_factory=set)
    latin: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    """By folded name: the new name, the adjective of it, and whether the old name stands with "the"."""
    chinese: dict[str, str] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)
    """Chinese short forms of one character, as in 美方."""

    def draw(self, kind: str, key: str) -> dict[Language, str]:
        """An invented name that nobody has yet, chosen by the seed and the key."""
        pool = sorted(name for name in catalogue("roles") if name.startswith(f"name-{kind}-"))
        start = int.from_bytes(hashlib.blake2b(f"{self.seed}/{kind}/{key}".encode(), digest_size=4).digest())
        for k in range(10 * len(pool)):
            name, again = pool[(start + k) % len(pool)], k // len(pool)
            if f"{name}/{again}" not in self.taken:
                self.taken.add(f"{name}/{again}")
                mark = f" {again + 1}" if again else ""
                return {
                    lang: "|".join(p + mark for p in say(f"roles.{name}", lang).split("|"))
                    for lang in LANGUAGES
                }
        raise ValueError(f"roles: more than {10 * len(pool)} names of one kind")

    def call(self, name: Localised, new: Mapping[Language, str]) -> None:
        """Note that a name becomes a new one, in each language it is written in."""
        plain, _, adjective = new["en"].partition("|")
        for written in {name.en, name.zh} - {None}:
            self.put(str(written), plain, adjective or plain, new["zh"])

    def put(self, written: str, plain: str, adjective: str, chinese: str) -> None:
        """Note one way of writing a name."""
        bare = re.sub(r"^(?:the|The) ", "", written.strip()).strip("《》“”\"'")
        if not bare:
            return
        if re.search("[\u4e00-\u9fff]", bare):
            self.chinese.setdefault(bare, chinese)
        else:
            folded = bare.casefold() if len(bare) > _SHORT else bare
            article = written.strip().casefold().startswith("the ") or bool(_TAKE_ARTICLE.match(folded))
            self.latin.setdefault(folded, (plain, adjective, article))


def fictional(file: CaseFile, *, seed: int = 0) -> CaseFile:
    """The case with invented names of parties, people, places and bodies in every text, and all dates moved alike."""
    names = _collected(file, seed)
    latin, chinese = _latin_pattern(names), _chinese_pattern(names)

    def replaced(text: str) -> str:
        text = latin.sub(lambda m: _latin(names, m), text) if latin else text
        return chinese.sub(lambda m: _chinese(names, m), text) if chinese else text

    changed = _walk(file, replaced, moved(file, seed=seed))
    assert isinstance(changed, CaseFile)
    return changed


def _collected(file: CaseFile, seed: int) -> _Names:
    names = _Names(seed)
    states = {key: names.draw("state", key) for key in file.parties}
    for key, party in file.parties.items():
        names.call(party.name, states[key])
    for key, place in file.places.items():
        names.call(place.name, names.draw("place", key))
    for key, person in file.people.items():
        new = names.draw("person", key)
        names.call(person.name, new)
        _surname(names, person.name, new)
    for key, body in file.bodies.items():
        names.call(body.name, names.draw(_KINDS.get(body.kind, "body"), key))
    for key, party in file.parties.items():
        for k, member in enumerate(party.members):
            names.call(member, names.draw("state", f"{key}/{k}"))
        _other_words(names, key, party.territory, party.name, states[key])
    return names


def _surname(names: _Names, name: Localised, new: Mapping[Language, str]) -> None:
    for written in {name.en, name.zh} - {None}:
        parts = re.split(r"[\s·]+", str(written).strip())
        # "a senior Iranian source" is a name, but its last word is nobody's surname.
        named = all(part[:1].isupper() or not part.isascii() for part in parts)
        if len(parts) > 1 and len(parts[-1]) > 1 and named:
            last = new["en"].split()[-1]
            names.put(parts[-1], last, last, new["zh"].split("·")[-1])


def _other_words(
    names: _Names, key: str, territory: str | None, name: Localised, new: Mapping[Language, str]
) -> None:
    """Demonyms, capitals and short forms of a state, from the reader's list; the party's id as an abbreviation."""
    plain, _, adjective = new["en"].partition("|")
    if len(key) <= _SHORT and key.isalpha():
        names.put(key.upper(), plain, adjective or plain, new["zh"])
        names.put(".".join(key.upper()) + ".", plain, adjective or plain, new["zh"])
    code = territory or _territory(name)
    if code is None:
        return
    for lang in LANGUAGES:
        for word in lexicon.words(lang, "places", "places", code):
            is_people = lang == "en" and _OF_PEOPLE.search(word) and word[:3] == (name.en or "")[:3]
            names.put(word, adjective if is_people and adjective else plain, adjective or plain, new["zh"])
            if lang == "zh" and len(word) == 2 and word.endswith(("方", "国")):
                names.single.setdefault(word[0], new["zh"])
            if lang == "zh" and len(word) == 1:
                names.single.setdefault(word, new["zh"])
                names.chinese.pop(word, None)


def _territory(name: Localised) -> str | None:
    """The state a party is called after, where the case does not say."""
    for lang in LANGUAGES:
        for code, words in lexicon.table(lang, "places")["places"].items():
            if (name.en if lang == "en" else name.zh) in lexicon.as_words(words):
                return str(code)
    return None


# ---- finding them in text ------------------------------------------------------------------------------------------


def _latin_pattern(names: _Names) -> re.Pattern[str] | None:
    long = sorted((n for n in names.latin if n == n.casefold() and len(n) > _SHORT), key=len, reverse=True)
    short = sorted((n for n in names.latin if n not in long), key=len, reverse=True)
    parts = []
    if long:
        parts.append(f"(?i:{'|'.join(_spaced(n) for n in long)})")
    if short:
        parts.append("|".join(re.escape(n) for n in short))
    if not parts:
        return None
    # "U.S." ends with a stop, so what may not follow is a letter only.
    article = r"(?:(?P<article>(?i:the|an?))\s+)?"
    return re.compile(rf"(?<![A-Za-z]){article}(?P<name>{'|'.join(parts)}){_DEMONYM}(?![A-Za-z])")


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def _latin(names: _Names, match: re.Match[str]) -> str:
    bare = " ".join(match["name"].split())
    plain, adjective, with_article = names.latin.get(bare.casefold()) or names.latin[bare]
    article, ending = match["article"], match["ending"]
    if ending:
        return _after(article, f"{adjective}s" if ending.endswith("s") else adjective)
    if article is None:
        return plain
    if plain.startswith(("the ", "The ")):
        return _after(article, plain[len("the ") :])
    if article.casefold() != "the":
        return _after(article, adjective)
    if not with_article:
        # The article belongs to what follows: "the Iran file".
        return _after(article, plain)
    following = re.match(r"\s+([A-Za-z]+)", match.string[match.end() :])
    if following and _HEAD.match(following[1]):
        return _after(article, adjective)
    return plain


def _after(article: str | None, word: str) -> str:
    """A word after an article, if there was one; "a" becomes "an" where the word asks for it, and the other way."""
    if article is None:
        return word
    if article.casefold() != "the":
        vowel = re.match(r"[AEIOUaeiou]|Ym", word)
        article = article[0] + ("n" if vowel else "")
    return f"{article} {word}"


def _chinese_pattern(names: _Names) -> re.Pattern[str] | None:
    parts = [re.escape(n) for n in sorted(names.chinese, key=len, reverse=True)]
    if names.single:
        chars = "".join(re.escape(c) for c in names.single)
        parts += [f"[{chars}]{{2,}}", f"(?<=[{_BEFORE}])[{chars}]", f"[{chars}](?=[{_AFTER}])"]
    return re.compile("|".join(parts)) if parts else None


def _chinese(names: _Names, match: re.Match[str]) -> str:
    found = match[0]
    if found in names.chinese:
        return names.chinese[found]
    return "与".join(names.single[c] for c in found)


# ---- every text of the case ----------------------------------------------------------------------------------------


def _walk(value: object, change: Callable[[str], str], dates: Moved, name: str = "") -> object:
    """The value with every localised text changed and every date moved."""
    if isinstance(value, Localised):
        texts: dict[str, str] = {
            lang: change(text) if name == CITATION else dates.text(change(text))
            for lang in LANGUAGES
            if (text := getattr(value, lang)) is not None
        }
        return value.model_copy(update=texts)
    if isinstance(value, date):
        return dates.day(value)
    if name == MONTH and isinstance(value, str):
        return dates.month(value)
    if isinstance(value, BaseModel):
        parts = {k: _walk(getattr(value, k), change, dates, k) for k in type(value).model_fields}
        return value.model_copy(update=parts)
    if isinstance(value, Mapping):
        return {k: _walk(v, change, dates) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(_walk(v, change, dates) for v in value)
    return value


def real_names(file: CaseFile) -> Iterator[str]:
    """Every name of a party, person, place or body of a case, in both languages: what may not remain."""
    texts: Iterable[Localised] = (
        *(party.name for party in file.parties.values()),
        *(person.name for person in file.people.values()),
        *(place.name for place in file.places.values()),
        *(body.name for body in file.bodies.values()),
    )
    for text in texts:
        yield from (name for name in (text.en, text.zh) if name)
