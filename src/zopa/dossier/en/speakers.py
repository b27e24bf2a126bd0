"""Who the words for an English speaker stand for: names, surnames, he/she/they, "the official", speakers left out."""

import re

from zopa.claims.voice import UNSPECIFIED
from zopa.dossier.document import Document
from zopa.dossier.en.mentions import fold, head, opening_subject
from zopa.dossier.found import Found, Heard, Voice, VoiceKind
from zopa.dossier.lexicon import as_words, guarded, remembered, table, words

_PLURAL = re.compile(r"s$|\band\b|people|police|^(?:many|some|others|both)")
_FULL = re.compile(r"\b([A-Z][a-z][\w’'-]*(?: [A-Z]\.)?) ([A-Z][a-z][\w’'-]*)\b")
_FIRST_NOT = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "By",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "President",
        "Senator",
        "Minister",
        "White",
        "New",
        "North",
        "South",
        "East",
        "West",
        "United",
        "State",
        "Supreme",
        "House",
        "Prime",
        "Foreign",
        "Democratic",
        "Republican",
        "Wall",
        "Federal",
        "National",
        "General",
        "Attorney",
        "Vice",
        "Former",
        "Labour",
        "Labor",
        "Middle",
        "Saudi",
        "Red",
        "Black",
        "Security",
        "Human",
        "High",
        "Central",
        "World",
        "But",
        "And",
        "When",
        "While",
        "After",
        "As",
        "If",
        "For",
        "With",
        "From",
        "Secretary",
        "Speaker",
        "Governor",
        "Representative",
        "Sen",
        "Rep",
        "Gov",
    ]
)
_REMEMBERED = 40


@remembered()
def _outlets() -> re.Pattern[str]:
    listed = guarded(words("en", "roles", "outlets"))
    ends = guarded(words("en", "roles", "outlet_endings"))
    return re.compile(rf"^(?:the )?(?:{listed})(?:['’]s?)?$|(?:^|\s)(?:{ends})$")


@remembered()
def _unnamed() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{guarded(words('en', 'roles', 'unnamed'))})(?!\w)")


@remembered()
def _documents() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:the|its|that|this|a|an)\s+(?:\w+\s+)?{guarded(words('en', 'cues', 'documents'))}$"
    )


@remembered()
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    sides = {
        fold(name): code
        for code, names in table("en", "places")["places"].items()
        for name in as_words(names)
    }
    return re.compile(rf"(?<!\w){guarded(sides)}(?!\w)"), sides


@remembered(4096)
def side(text: str) -> str | None:
    """ISO code of the state that a phrase belongs to (White House officials → US), where exactly one is named."""
    pattern, sides = _places()
    codes = {sides[found] for found in pattern.findall(fold(text))}
    return codes.pop() if len(codes) == 1 else None


def resolve(document: Document, found: list[Found]) -> list[Heard]:
    """Each attribution with its voice, its chain and the outlet that carried it."""
    resolver = _Resolver(document)
    return [resolver.heard(item) for item in found]


class _Resolver:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[Voice] = []
        self.full: dict[str, str] = {}
        for name in _FULL.finditer(document.text):
            if name[1].split()[0] not in _FIRST_NOT and fold(name[2]) not in words("en", "roles", "titles"):
                self.full.setdefault(re.sub(r"[’']s?$", "", name[2]), re.sub(r"[’']s?$", "", name[0]))

    def heard(self, item: Found) -> Heard:
        if item.type == "narrator":
            self._told_of(item)
            return Heard(item, Voice(None, None, "unknown"), (), None)
        voice = self._voice(item)
        if voice.kind not in ("unspecified", "text") and voice.head:
            self.stack.append(voice)
            del self.stack[:-_REMEMBERED]
        carriers = [self._named(" ".join(mention.text.split())) for mention in item.outer]
        outlet = voice.head if voice.kind == "outlet" else None
        outlet = next((c.head for c in carriers if c.kind == "outlet"), outlet)
        heads = [c.head for c in carriers if c.head] + ([voice.head] if voice.head else [])
        return Heard(item, voice, tuple(dict.fromkeys(heads)), outlet)

    def _told_of(self, item: Found) -> None:
        """Whom a narrated sentence begins with also answers to he, she and they."""
        sentence = self.document.sentences[item.sentence]
        place = opening_subject(sentence.mask, fold(sentence.mask))
        if place is None:
            return
        voice = self._named(self.document.text[sentence.start + place[0] : sentence.start + place[1]])
        if voice.kind in ("person", "group"):
            self.stack.append(voice)
            del self.stack[:-_REMEMBERED]

    def _voice(self, item: Found) -> Voice:
        mention = item.mention
        if mention is None:
            if not self.stack:
                return Voice(None, UNSPECIFIED, "unspecified", anonymous=True)
            return _as(self.stack[-1], None)
        text = " ".join(mention.text.split())
        low = fold(text)
        if low in ("he", "she", "i", "who", "himself", "herself"):
            return self._back(text, plural=False)
        if low in ("they", "we", "both", "the two", "the pair", "themselves"):
            return self._back(text, plural=True)
        if low in ("it", "which"):
            return self._latest(text, ("body", "outlet", "group", "official", "person", "unknown"))
        if _documents().match(low) and text.split(maxsplit=1)[-1].islower():
            found = self._latest(text, ("body", "outlet", "unknown", "group", "person", "official"))
            return found if found.head != text else Voice(text, head(text), "text", anonymous=True)
        if _BODY_NOUN.match(low):
            found = self._latest(text, ("body", "unknown"))
            return found if found.head != text else self._named(text)
        if re.match(r"(?:the|that|this|these|those)\s", low) and not re.fullmatch(
            r"[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){1,3}", head(text)
        ):
            pointed = self._pointed(text, low)
            if pointed is not None:
                return pointed
        return self._named(text)

    def _latest(self, text: str, kinds: tuple[VoiceKind, ...]) -> Voice:
        for kind in kinds:
            for voice in reversed(self.stack[-8:]):
                if voice.kind == kind:
                    return _as(voice, text)
        return Voice(text, text, "unknown")

    def _back(self, text: str, *, plural: bool) -> Voice:
        for voice in reversed(self.stack):
            many = bool(_PLURAL.search(voice.head or "")) and voice.kind != "person"
            if voice.kind in ("person", "official", "group", "unknown") and many == plural:
                return _as(voice, text)
        for voice in reversed(self.stack):
            if voice.kind != "outlet":
                return _as(voice, text)
        return Voice(text, text, "unknown")

    def _pointed(self, text: str, low: str) -> Voice | None:
        """“the official”, “the diplomats, who spoke…”: whoever was introduced with that word."""
        core = low.split(",", maxsplit=1)[0].rsplit(maxsplit=1)[-1]
        for voice in reversed(self.stack):
            spoken = fold(f"{voice.speaker or ''} {voice.head or ''}")
            if re.search(rf"\b{re.escape(core)}\b", spoken) and fold(voice.head or "") != low:
                return _as(voice, text)
        return None

    def _named(self, text: str) -> Voice:
        core = head(text)
        single = re.fullmatch(r"[A-Z][\w’'-]+", core)
        if single:
            full = self._known_surname(core)
            core = full or core
        kind = self._kind(text, core)
        anonymous = kind in ("official", "group") and _unnamed().search(fold(core)) is not None
        return Voice(text, core, kind, anonymous, side(text))

    def _known_surname(self, name: str) -> str | None:
        for voice in reversed(self.stack):
            if voice.kind == "person" and voice.head and voice.head.split()[-1] == name:
                return voice.head
        return self.full.get(name)

    def _kind(self, text: str, core: str) -> VoiceKind:
        low = fold(core)
        if _outlets().search(low):
            return "outlet"
        if _unnamed().search(low) and not re.fullmatch(r"[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){1,3}", core):
            return "group" if _PLURAL.search(low) else "official"
        if (
            side(core) is not None
            and len(core.split()) <= 2
            and core[:1].isupper()
            and fold(core) in _places()[1]
        ):
            return "body"
        if re.fullmatch(
            r"[A-Z][\w’'.-]*(?:\s+(?:de|da|van|von|der|bin|al|el|la|[A-Z][\w’'.-]*))*", core
        ) and not _BODY.search(core):
            return (
                "person"
                if " " in core
                or core in self.full
                or core in self.full.values()
                or re.search(r"\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Ss]en|[Rr]ep|[Gg]ov)\.?\s", text)
                else "unknown"
            )
        return (
            "body"
            if _BODY.search(core) or re.search(r"[A-Z]", core)
            else "group"
            if _PLURAL.search(low)
            else "unknown"
        )


def _as(voice: Voice, text: str | None) -> Voice:
    return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)


_BODY_NOUN = re.compile(
    r"(?:the|its|that) (?:company|firm|operator|government|ministry|union|party|campaign|agency|"
    r"group|organi[sz]ation|department|bank|court|council|committee)$"
)
_BODY = re.compile(
    r"(?i)\b(?:house|party|ministry|department|committee|council|union|association|institute|"
    r"university|company|corp|group|bank|court|senate|congress|office|agency|commission|board|"
    r"fund|foundation|states|nations|campaign|army|forces|center|centre|organi[sz]ation|authority|"
    r"government|administration|federation|alliance|front|movement|league|bureau|parliament|"
    r"pentagon|kremlin|team|operator|firm)\b"
)
