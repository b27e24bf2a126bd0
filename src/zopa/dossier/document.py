"""A document as the reader sees it: decoded text, its language, and its blocks (running text, headlines, captions)."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zopa.dossier.lexicon import Language, alternation, remembered, words
from zopa.dossier.quotes import Span, masked, quotations
from zopa.errors import DossierError, Place

BlockKind = Literal["text", "title", "headline", "caption"]
LONGEST_SENTENCE = 1200
"""A longer sentence is cut: no writer means it, and every later step stays linear in the text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, headline or caption; page breaks inside a sentence do not end a block."""

    start: int
    stop: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``start`` to ``stop`` without the final full stop, ``end`` with it; quotations and masked text.

    ``mask`` has the length of ``start`` to ``end``, with the inside of quotations blanked, so that positions in it are
    positions in the text less ``start``.
    """

    start: int
    stop: int
    end: int
    block: int
    first: bool
    mask: str
    quotes: tuple[Span, ...]
    question: bool


@dataclass(frozen=True, slots=True)
class Document:
    """The text with what is known about it from outside."""

    text: str
    language: Language
    published: date | None = None
    outlet: str | None = None
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=(), repr=False)


_CJK = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2,}")


def detect(text: str) -> Language:
    """``zh`` or ``en``, by the share of Chinese characters against Latin words in the first 20,000 characters."""
    head = text[:20_000]
    han = len(_CJK.findall(head))
    return "zh" if han and han >= len(_LATIN.findall(head)) else "en"


def decode(content: bytes) -> str:
    """The text of a plain file: UTF-8 exactly as it stands (line ends included), else by charset-normalizer.

    A byte order mark is dropped. Bytes that fit no encoding come back as replacement characters, never as an error.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for name in ("utf-16", "gb18030", "big5"):
        if name == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-16" or _looks_chinese(text):
            return text
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    return str(best) if best is not None else content.decode("utf-8", "replace")


_BINARY = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""How PDF, zipped (Word, EPUB), old Word and RTF files begin."""


def plain(name: str, content: bytes) -> str:
    """The text of a file that has to be plain text; ``DossierError`` where it is something else, or nothing."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if content.lstrip().startswith(_BINARY) or (b"\x00" in content and not wide):
        raise DossierError.of("document-binary", Place(name), name=name)
    text = decode(content)
    if not text.strip():
        raise DossierError.of("document-empty", Place(name), name=name)
    return text


_COMMON = frozenset(
    "的是在一不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    "，。、“”：；（）！？"
)


def _looks_chinese(text: str) -> bool:
    """Whether a guess at GB18030 or Big5 gave everyday Chinese: enough full stops, 的 and other common characters."""
    head = text[:5_000]
    wide = sum(ord(c) > 0x7F for c in head)
    common = sum(c in _COMMON for c in head)
    return wide > 0 and common / wide > 0.15


_LINE = re.compile(r"[^\n\r\x0b\x0c\u2028\u2029]+")
_ZH_END = "。！？…”」』）)；：:!?\"'.》】;"
_EN_END = ".!?”\"')]:;’"
_BYLINE = r"^By [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,4}(?: (?:and|in) .{0,60})?$"


@remembered()
def _caption(language: Language) -> re.Pattern[str]:
    heads = "|".join(re.escape(word) for word in words(language, "page", "caption_heads"))
    tails = "|".join(re.escape(word) for word in words(language, "page", "caption_tails"))
    if language == "zh":
        return re.compile(rf"^(?:{heads})|(?:{tails})[）)]?。?$")
    return re.compile(rf"{_BYLINE}|^(?:{heads})|(?:{tails})\.?$")


def blocks(text: str, language: Language) -> tuple[Block, ...]:
    """Paragraphs, headlines and captions in order, blank at neither end."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    trimmed = [span for span in (_trim(text, a, b) for a, b in lines) if span is not None]
    out: list[Block] = []
    k = 0
    while k < len(trimmed):
        start, stop = trimmed[k]
        while k + 1 < len(trimmed) and _goes_on(text, start, stop, trimmed[k + 1], language):
            k += 1
            stop = trimmed[k][1]
        out.append(Block(start, stop, _kind(text, start, stop, language, first=not out)))
        k += 1
    return tuple(out)


def _trim(text: str, start: int, stop: int) -> Span | None:
    line = text[start:stop]
    left = len(line) - len(line.lstrip())
    right = len(line.rstrip())
    return (start + left, start + right) if right > left else None


def _goes_on(text: str, start: int, stop: int, following: Span, language: Language) -> bool:
    """Whether a line breaks off inside a sentence and the next one goes on with it."""
    last, gap = text[stop - 1], text.count("\n", stop, following[0])
    tail = text[max(start, stop - 400) : stop]
    if language == "zh":
        ends = last in _ZH_END
        return (
            not ends and stop - start >= 20 and ("，" in tail or "。" in tail) and _zh_ended(text, following)
        )
    if last in _EN_END or gap > 2:
        return False
    nexts = text[following[0]]
    if gap == 1:
        return stop - start >= 40 and (nexts.islower() or text.find(" ", following[0], following[1]) > 0)
    return stop - start >= 40 and nexts.islower()


def _zh_ended(text: str, span: Span) -> bool:
    return text[span[1] - 1] in "。！？…”」"


def _kind(text: str, start: int, stop: int, language: Language, *, first: bool) -> BlockKind:
    line = text[start : min(stop, start + 300)]
    if language == "zh":
        if stop - start <= 160 and _caption(language).search(line):
            return "caption"
        running = text[stop - 1] in "。！？…!?；：" or text.find("。", start, stop) >= 0 or stop - start > 60
        if text[stop - 1] in "”」":
            running = (
                running
                or text[start] in "“「"
                or text.find("，", start, stop) >= 0
                or text[stop - 2] in "。！？"
            )
    else:
        if stop - start <= 200 and _caption(language).search(line):
            return "caption"
        running = text[stop - 1] in ".!?”\"’':;" or stop - start > 160
    if running:
        return "text"
    return "title" if first else "headline"


# ---- sentences -------------------------------------------------------------------------------------------------

_ZH_STOP = re.compile('[。！？!?]+[）)]*|\x01[”’」』"]|…{2}(?=[\u4e00-\u9fff])')
_EN_STOP = re.compile(r"[.!?]+(?:['\")\]’]{0,2})(?=\s|$)|\x01(?:[”’\"»]|'')")


def with_sentences(document: Document) -> Document:
    """The document with its sentences."""
    out: list[Sentence] = []
    for index, block in enumerate(document.blocks):
        if block.kind != "caption":
            out.extend(_sentences(document, index, block))
    return Document(
        document.text, document.language, document.published, document.outlet, document.blocks, tuple(out)
    )


def _sentences(document: Document, index: int, block: Block) -> list[Sentence]:
    text = document.text
    quoted = quotations(text, block.start, block.stop, single=document.language == "en")
    mask = masked(text, block.start, block.stop, quoted)
    cuts = _zh_cuts(mask) if document.language == "zh" else _en_cuts(mask)
    cuts = _capped([*cuts, len(mask)], mask)
    out: list[Sentence] = []
    at, q = 0, 0
    for cut in cuts:
        start, end = at, cut
        at = cut
        while start < end and mask[start].isspace():
            start += 1
        while end > start and mask[end - 1].isspace():
            end -= 1
        if end <= start:
            continue
        low, high = block.start + start, block.start + end
        while q < len(quoted) and quoted[q][1] <= low:
            q += 1
        inside: list[Span] = []
        for begin, finish in quoted[q : q + 60]:
            if begin >= high:
                break
            inside.append((max(begin, low), min(finish, high)))
        stop = high
        while stop > low and text[stop - 1] in "。！!.；;，, ？?" and not (inside and inside[-1][1] == stop):
            stop -= 1
        question = mask[start:end].rstrip('”’」』"）) ').endswith(("？", "?"))
        out.append(Sentence(low, stop, high, index, not out, mask[start:end], tuple(inside), question))
    return out


def _capped(cuts: list[int], mask: str) -> list[int]:
    out: list[int] = []
    at = 0
    for cut in cuts:
        while cut - at > LONGEST_SENTENCE:
            soft = max(
                mask.rfind(mark, at + LONGEST_SENTENCE // 2, at + LONGEST_SENTENCE) for mark in "，；, "
            )
            at = soft + 1 if soft > 0 else at + LONGEST_SENTENCE
            out.append(at)
        out.append(cut)
        at = cut
    return out


def _zh_cuts(mask: str) -> list[int]:
    """Ends of Chinese sentences. A full stop inside a quotation ends one only with the quotation itself, and not
    where the speaker follows: “……。”他说。"""
    out: list[int] = []
    start = 0
    for found in _ZH_STOP.finditer(mask):
        end = found.end()
        if found[0][0] == "\x01":
            after = mask[end : end + 1]
            if after and after in "，、；：,的）)":
                continue
            head = mask[start:end].lstrip()
            if head[:1] in '“「"' and "\x00" in head[:3] and _zh_tail().match(mask, end):
                continue
        out.append(end)
        start = end
    return out


@remembered()
def _zh_tail() -> re.Pattern[str]:
    """The speaker of the quotation before: 他说。 负责搜救的上校坦言。"""
    spoken = alternation(word for word in words("zh", "cues", "say") if len(word) > 1)
    return re.compile(
        r"(?:[^，。！？；：“\x00]{0,16}，){0,2}[^，。！？；：“\x00]{0,40}?"
        rf"(?:(?:说|称|道|表示|指出|写道|强调|认为|补充|告诉[^，。“]{{1,10}})(?:[。！]|[，：][“「])|{spoken}[。！])"
    )


_EN_NEXT = re.compile(r"\s*(?:[A-Z“\"‘(—–]|``|-|$)")


@remembered()
def _abbreviation() -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in words("en", "page", "abbreviations"))
    return re.compile(rf"(?:\b(?:{listed})|\b[A-Za-z]|\b(?:[A-Za-z]\.)+[A-Za-z])$")


@remembered()
def _en_tail() -> re.Pattern[str]:
    """The speaker of the quotation before: said X, X said, he later told reporters."""
    spoken = f"(?:{'|'.join(words('en', 'page', 'spoken'))})"
    named = r"(?:[A-Z][\w.'’-]*\s+){1,6}(?:\([^)]{1,12}\)\s+)?(?:later |also |then |once )?"
    pronoun = r"(?:I|He|She|They|We|It)\s+(?:later |also |then )?"
    return re.compile(rf"\s*(?:{spoken}\b|[a-z]|{named}{spoken}\b|{pronoun}{spoken}\b)")


def _en_cuts(mask: str) -> list[int]:
    """Ends of English sentences; abbreviations, initials and decimals do not end one, nor does a quotation whose
    speaker follows."""
    out: list[int] = []
    start = 0
    for found in _EN_STOP.finditer(mask):
        end = found.end()
        if found[0][0] == "\x01":
            head = mask[start:end].lstrip()
            opens = head[:1] in '“"‘«' or head.startswith("``")
            if opens and _en_tail().match(mask, end):
                continue
            if not _EN_NEXT.match(mask[end : end + 8]):
                continue
        elif found[0] == "." or found[0][0] == ".":
            word = mask[max(start, found.start() - 12) : found.start()]
            following = mask[end : end + 12].lstrip()
            if _abbreviation().search(word) and not (
                following[:1] == "" or (word.endswith(("S", "m")) and following[:1].isupper() and "." in word)
            ):
                continue
            if following[:1].islower():
                continue
        out.append(end)
        start = end
    return out
