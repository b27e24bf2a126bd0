"""The sides a text names, with every mention: states, organisations, movements, groups of states, and unknown names.

A side nobody has listed (an invented state, a union, a company) is found by the words around it: the offices and titles
that belong to it, what people call it when it talks with another.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from zopa.dossier.draft_words import LANGUAGES, listed, patterns, shared
from zopa.dossier.lexicon import Language, guarded, remembered, table

FIRST_SIGN = 0xE000


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody who could be a party: id, names by language, ISO code where there is one."""

    id: str
    names: Mapping[str, str]
    territory: str | None = None
    third: bool = False
    """An organisation that is usually not itself at the table."""
    group: bool = False
    """Several states that act together and are not named one by one."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a side."""

    start: int
    stop: int
    side: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Text in which every mention is one sign; ``at[k]`` is the position of character k in the original text."""

    text: str
    at: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Where a position of the marked text stands in the original."""
        if not self.at:
            return 0
        return self.at[position] if position < len(self.at) else self.at[-1] + 1


_UNMARKED = re.compile("[\ue000-\uf8ff]")


def mark(text: str, mentions: Sequence[Mention], signs: Mapping[str, str], *, start: int = 0) -> Marked:
    """The text with each mention replaced by its side's sign; apostrophes made plain.

    ``start`` is where the text begins in the one that mentions (and ``at``) count in.
    """
    plain = _UNMARKED.sub(" ", text).replace("’", "'")
    parts: list[str] = []
    at: list[int] = []
    here = start
    for mention in mentions:
        parts.append(plain[here - start : mention.start - start])
        at.extend(range(here, mention.start))
        parts.append(signs[mention.side])
        at.append(mention.start)
        here = mention.stop
    parts.append(plain[here - start :])
    at.extend(range(here, start + len(plain)))
    return Marked("".join(parts), tuple(at))


def ascii_id(name: str) -> str:
    """An id made of a Latin name; empty where nothing Latin is in it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


# ---- what is listed ----------------------------------------------------------------------------------------------


@remembered()
def _listed() -> tuple[Mapping[str, Side], Mapping[Language, Mapping[str, str]]]:
    """All listed sides by id, and for each language which form names which side."""
    sides: dict[str, Side] = {}
    forms: dict[Language, dict[str, str]] = {"zh": {}, "en": {}}
    for id_, entry in shared("bodies")["bodies"].items():
        sides[id_] = Side(
            id_,
            {"en": entry["en"][0], "zh": entry["zh"][0]},
            entry.get("territory"),
            entry.get("third", False),
        )
        for language in LANGUAGES:
            forms[language].update(dict.fromkeys(entry[language], id_))
    ids: dict[str, str] = {}
    for language in LANGUAGES:
        for code, names in table(language, "places")["places"].items():
            id_ = ids.setdefault(code, _territory_id(code))
            sides.setdefault(id_, Side(id_, _territory_names(code), code))
            for name in names:
                if language == "en" or len(name) > 1:
                    forms[language].setdefault(name, id_)
    for city in shared("venues")["cities"].values():
        if city.get("capital") and city["in"] in ids:
            for language in LANGUAGES:
                for name in city[language]:
                    forms[language].setdefault(name, ids[city["in"]])
    return sides, forms


def _territory_id(code: str) -> str:
    english = table("en", "places")["places"].get(code, [code])
    short = next((name for name in english if re.fullmatch("[A-Z]{2,3}", name)), None)
    return (short or ascii_id(_territory_names(code)["en"]) or code).lower()


@remembered()
def _territory_names(code: str) -> Mapping[str, str]:
    from babel import Locale

    out: dict[str, str] = {}
    for language in LANGUAGES:
        known = Locale(language).territories.get(code)
        out[language] = known or str(table(language, "places")["places"][code][0])
    return out


# ---- who is named in these documents -----------------------------------------------------------------------------

_OUTLET_AFTER = re.compile(
    r" (?:Post|Times|Journal|Daily|Herald|Tribune|News|Today|Gazette|Examiner|Observer)\b"
)
_NOT_FANG = "便式法案针程向言才法"
_SHORT_NEXT = "方军媒"
_SHORT_THEN = "外长|总统|总理|首相|防长|财长|政府|代表团|官员|高官|中央|国防|外交"
_PAIR_NEXT = "双两关谈会核间之在将就也已均于终冲战停协贸经高能首元外军达仍都计和"
_SHORT_BEFORE = "对驻访赴援抗反亲"
_SHORT_AFTER_BEFORE = "制裁|政策|施压|谈判|政权|动武|军事|关系|战争|援助|加征|出口|开战|发动|提出|要求|贸易"


@dataclass(frozen=True)
class Names:
    """The sides that some documents can name, and how to find their mentions."""

    sides: Mapping[str, Side]
    forms: Mapping[Language, Mapping[str, str]]
    initials: Mapping[str, str] = field(default_factory=dict)
    """Chinese short forms (美, 伊) of the sides these documents name in full."""

    @cached_property
    def unlisted(self) -> frozenset[str]:
        """Sides that no table lists: found by the words around them."""
        return frozenset(
            id_ for id_, side in self.sides.items() if id_ not in _listed()[0] and not side.group
        )

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """One private-use character a side."""
        return {id_: chr(FIRST_SIGN + k) for k, id_ in enumerate(self.sides)}

    @cached_property
    def _by_sign(self) -> Mapping[str, str]:
        return {sign: id_ for id_, sign in self.signs.items()}

    def of(self, signs: str | None) -> tuple[str, ...]:
        """The sides whose signs stand in a piece of marked text, in order."""
        return tuple(dict.fromkeys(self._by_sign[c] for c in signs or "" if c in self._by_sign))

    def with_forms(self, language: Language, forms: Mapping[str, str]) -> "Names":
        """The same with further forms: a person's name stands for the side."""
        return replace(self, forms={**self.forms, language: {**self.forms[language], **forms}})

    def with_sides(self, sides: Iterable[Side], language: Language, forms: Mapping[str, str]) -> "Names":
        """The same with further sides and their forms."""
        return replace(self, sides={**self.sides, **{s.id: s for s in sides}}).with_forms(language, forms)

    def mentions(self, text: str, language: Language) -> tuple[Mention, ...]:
        """Every mention of a side, left to right, none inside another; groups of states become sides of their own."""
        found = [*self._groups(text, language), *self._named(text, language)]
        taken = _without_overlap(found)
        if language == "zh" and self.initials:
            taken = _without_overlap([*taken, *self._short(text, taken)])
        return tuple(_joined(taken))

    @cached_property
    def _patterns(self) -> Mapping[Language, re.Pattern[str]]:
        zh, en = sorted(self.forms["zh"]), sorted(self.forms["en"], key=len, reverse=True)
        plural = "|".join(re.escape(name) for name in en)
        return {
            "zh": re.compile(guarded(zh) if zh else r"(?!)"),
            "en": re.compile(rf"(?<![\w.-])({plural})(s?)(?![\w])" if en else r"(?!)"),
        }

    def _named(self, text: str, language: Language) -> Iterator[Mention]:
        forms = self.forms[language]
        for found in self._patterns[language].finditer(text):
            name = found[0] if language == "zh" else found[1]
            if name in forms and not (
                _no_side_zh(text, found) if language == "zh" else _no_side_en(text, found)
            ):
                yield Mention(found.start(), found.end(), self._short_side(name) or forms[name])

    def _short_side(self, name: str) -> str | None:
        """Whom 乌方 means here: of the sides named in full in these documents the one that begins so."""
        return self.initials.get(name[0]) if len(name) == 2 and name[1] in _SHORT_NEXT else None

    def _groups(self, text: str, language: Language) -> Iterator[Mention]:
        for side, start, stop in group_mentions(text, language):
            if side.id in self.sides:
                yield Mention(start, stop, side.id)

    def _short(self, text: str, taken: Sequence[Mention]) -> Iterator[Mention]:
        """Chinese one-character names, only where the words around leave no doubt."""
        chars = "".join(self.initials)
        free = list(text)
        for mention in taken:
            free[mention.start : mention.stop] = "\x00" * (mention.stop - mention.start)
        open_text = "".join(free)
        pairs = Counter(
            m[1] for m in re.finditer(f"(?=([{chars}][{chars}]))", open_text) if m[1][0] != m[1][1]
        )
        shapes = (
            rf"([{chars}])(?:[{_SHORT_NEXT}](?![{_NOT_FANG}])|(?={_SHORT_THEN}))",
            rf"(?<=[{_SHORT_BEFORE}])([{chars}])(?={_SHORT_AFTER_BEFORE})",
            rf"(?<=[\x00与和同跟])([{chars}])(?=谈判|会谈|磋商|对话|达成|停火|开战|作战)",
        )
        for shape in shapes:
            for found in re.finditer(shape, open_text):
                yield Mention(found.start(1), found.end(), self.initials[found[1]])
        for found in re.finditer(f"([{chars}])([{chars}])(?![国洲元])", open_text):
            if found[1] == found[2] or self.initials[found[1]] == self.initials[found[2]]:
                continue
            if pairs[found[0]] > 1 or open_text[found.end() : found.end() + 1] in _PAIR_NEXT:
                yield Mention(found.start(1), found.end(1), self.initials[found[1]])
                yield Mention(found.start(2), found.end(2), self.initials[found[2]])


def _no_side_zh(text: str, found: re.Match[str]) -> bool:
    """Whether a Chinese form is here part of another word or of a title in 《》."""
    start, stop, name = found.start(), found.end(), found[0]
    after = text[stop : stop + 1]
    opened, closed = text.rfind("《", max(0, start - 20), start), text.rfind("》", max(0, start - 20), start)
    if opened > closed:
        return True
    if name.endswith("国") and after == "家" and text[max(0, start - 1) : start] in ("南", "北", "拉", "欧"):
        return True
    if name.endswith("方") and (not after or after in _NOT_FANG):
        return bool(after)
    # 马里奥·塞拉 is no Malian.
    return len(name) <= 2 and not name.endswith(("国", "方")) and bool(_DOTTED_NEXT.match(text, stop))


_DOTTED_NEXT = re.compile("[\u4e00-\u9fff]{0,2}[·•]")


def _no_side_en(text: str, found: re.Match[str]) -> bool:
    """Whether an English form is here part of a newspaper's name."""
    return _OUTLET_AFTER.match(text, found.end()) is not None


def _without_overlap(mentions: Iterable[Mention]) -> list[Mention]:
    out: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.stop)):
        if not out or mention.start >= out[-1].stop:
            out.append(mention)
    return out


def _joined(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Neighbouring names of one side are one mention: 美国白宫."""
    last: Mention | None = None
    for mention in mentions:
        if last is not None and last.side == mention.side and last.stop == mention.start:
            last = Mention(last.start, mention.stop, last.side)
            continue
        if last is not None:
            yield last
        last = mention
    if last is not None:
        yield last


# ---- groups of states --------------------------------------------------------------------------------------------

_SAME_REGION = {"拉丁美洲": "拉美", "邻": "周边"}
_DIGITS_ZH = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WORDS_EN = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


@remembered()
def _regions() -> Mapping[str, tuple[str, str]]:
    """Every word for a region, in lower case, with its Chinese name and its English adjective."""
    out: dict[str, tuple[str, str]] = {}
    for zh, english in shared("bodies")["regions"].items():
        out.update({word.lower(): (zh, english[0]) for word in (zh, *english)})
    out.update({word: out[same] for word, same in _SAME_REGION.items()})
    return out


def group_mentions(text: str, language: Language) -> Iterator[tuple[Side, int, int]]:
    """Unnamed groups of states (nine Middle Eastern states, 中东9国), each as a side of its own."""
    for found in patterns(language, "sides", "group")[0].finditer(text):
        parts = found.groupdict()
        named = _regions().get((parts.get("region") or parts.get("region2") or "").lower())
        number = _number((parts.get("number") or parts.get("number2") or "").lower())
        if named is None or (number is not None and number < 2):
            continue
        zh, en = named
        many_zh, many_en = (f"{number}个", f"{number} ") if number else ("多个", "several ")
        id_ = f"{ascii_id(en)}-states"
        side = Side(id_, {"en": f"{many_en}{en} states", "zh": f"{many_zh}{zh}国家"}, group=True)
        yield side, found.start(), found.end()


def _number(written: str) -> int | None:
    if written.isdigit():
        return int(written)
    if written in _WORDS_EN:
        return _WORDS_EN.index(written)
    if written and all(c in _DIGITS_ZH for c in written):
        tens, _, ones = written.rpartition("十")
        if "十" in written:
            return 10 * (_DIGITS_ZH.get(tens, 1) if tens else 1) + _DIGITS_ZH.get(ones, 0)
        return _DIGITS_ZH[written] if len(written) == 1 else None
    return None


# ---- putting it together -----------------------------------------------------------------------------------------


def listed_names() -> Names:
    """The names of all listed states, organisations and movements."""
    sides, forms = _listed()
    return Names(sides, forms)


def with_groups(names: Names, texts: Iterable[tuple[str, Language]]) -> Names:
    """The names with the unnamed groups of states these texts speak of; the largest number said of a group stands."""
    best: dict[str, tuple[int, Side]] = {}
    for text, language in texts:
        for side, _, _ in group_mentions(text, language):
            number = int(re.sub(r"\D", "", side.names["en"]) or 0)
            if side.id not in best or number > best[side.id][0]:
                best[side.id] = (number, side)
    return replace(names, sides={**names.sides, **{id_: side for id_, (_, side) in best.items()}})


def with_initials(names: Names, texts: Iterable[str]) -> Names:
    """The names with the Chinese short forms of the sides these texts name in full; the most-named side wins."""
    counts: Counter[str] = Counter()
    for text in texts:
        full = (
            m
            for m in names.mentions(text, "zh")
            if m.stop - m.start > 2 or text[m.stop - 1] not in _SHORT_NEXT
        )
        counts.update(mention.side for mention in full)
    initials: dict[str, str] = {}
    for id_, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        side = names.sides[id_]
        name = side.names.get("zh", "")
        if not side.group and len(name) > 1 and "\u4e00" <= name[0] <= "\u9fff":
            initials.setdefault(name[0], id_)
    return replace(names, initials=initials)


def generic_forms(names: Names, unknown: Sequence[str], language: Language) -> Mapping[str, str]:
    """What a text calls its one union, company or government for short: 工会, the company."""
    out: dict[str, str] = {}
    for kind in ("unions", "employers", "governments"):
        words = listed(language, "sides", kind)
        own = [id_ for id_ in unknown if _is_kind(names.sides[id_].names.get(language, ""), words, language)]
        if len(own) == 1:
            out.update({word: own[0] for word in words if word not in names.forms[language]})
    return out


def _is_kind(name: str, words: Sequence[str], language: Language) -> bool:
    if language == "zh":
        return name.endswith(tuple(words)) or any(word in name for word in words if len(word) > 1)
    return any(re.search(rf"\b{re.escape(word)}\b", name.lower()) for word in words)
