"""Foreign files read so that every problem can point at its place: a text with line numbers, safe XML, located JSON.

Both readers give trees whose nodes know where they stand in the text. Neither ever opens another file, builds an
object from the text or expands an entity.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from zopa.claims.files import read_bytes
from zopa.claims.lines import Lines, shown
from zopa.errors import DossierError, Place, Problem

MOST_BYTES = 20_000_000
"""Larger files are refused before they are read: a conflict or a domain of that size is a mistake."""
DEEPEST = 60
"""Deeper nesting is refused: no real file has it, and hostile ones use it to exhaust the reader."""
_ENCODINGS = {
    "utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252",
    "gb2312", "gbk", "gb18030", "big5",
}  # fmt: skip
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")


@dataclass(eq=False)
class Document:
    """A foreign file's text and the problems found in it so far."""

    lines: Lines
    problems: list[Problem] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file's name."""
        return self.lines.file

    @property
    def text(self) -> str:
        """The whole text."""
        return self.lines.text

    def add(self, code: str, start: int, stop: int, /, **values: object) -> None:
        """Note a problem at a range of code points; reading goes on so that all problems come at once."""
        told = {k: shown(v, 80) if isinstance(v, str) and k != "path" else v for k, v in values.items()}
        self.problems.append(self.lines.problem(code, (start, stop), **told))

    def check(self) -> None:
        """Raise everything noted so far, in file order; nothing noted, nothing happens."""
        if self.problems:
            raise DossierError(sorted(self.problems, key=lambda p: (p.place.line or 0, p.place.start or 0)))

    def refuse(self, code: str, start: int, stop: int, /, **values: object) -> DossierError:
        """The error to raise where reading cannot go on, together with all that was noted before."""
        self.add(code, start, stop, **values)
        return DossierError(self.problems)


def read_document(path: Path) -> Document:
    """The file as text: UTF-8 (or UTF-16 by its mark, or the encoding its XML declaration names)."""
    place = Place(path.name)
    if not path.exists():
        raise DossierError.of("import-not-found", place, path=str(path))
    data = read_bytes(path, path.name, most=MOST_BYTES)
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif found := _DECLARED.match(data[:200]):
        named = found[1].decode("ascii").lower()
        encoding = named if named in _ENCODINGS and not named.startswith("utf") else encoding
    try:
        return Document(Lines(path.name, data.decode(encoding)))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DossierError.of(
            "import-encoding", Place(path.name, line), encoding=encoding.removesuffix("-sig").upper()
        ) from None


# ---- XML ---------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Element:
    """One XML element: its attributes, its child elements, and where its start tag begins."""

    tag: str
    attributes: Mapping[str, str]
    document: Document = field(repr=False)
    start: int
    children: list["Element"] = field(default_factory=list)

    def all(self, tag: str) -> list["Element"]:
        """The child elements with a tag, in file order."""
        return [child for child in self.children if child.tag == tag]

    def add(self, code: str, attribute: str | None = None, /, **values: object) -> None:
        """Note a problem at the value of an attribute, or at the tag's name."""
        start, stop = self._span(attribute)
        self.document.add(code, start, stop, **values)

    def _span(self, attribute: str | None) -> tuple[int, int]:
        name_end = self.start + 1 + len(self.tag)
        found = _ATTRIBUTE.match(self.document.text, name_end)
        while attribute is not None and found:
            if found[1] == attribute:
                group = 2 if found[2] is not None else 3
                return found.span(group) if found[group] else found.span(1)
            found = _ATTRIBUTE.match(self.document.text, found.end())
        return self.start + 1, name_end


_ATTRIBUTE = re.compile(r"""\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class _Refused(Exception):
    """Stops the XML parser from inside a handler: what it met, and where (byte)."""

    def __init__(self, code: str, at: int) -> None:
        self.code = code
        self.at = at
        super().__init__(code)


class _TreeBuilder:
    """Collects elements; refuses document types (and with them every entity) and deep nesting as soon as they begin."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data = document.text.encode("utf-8", "surrogatepass")
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.open: list[Element] = []
        self.root: Element | None = None
        self._bytes = self._points = 0

    def build(self) -> Element:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError:
            at = self._point(max(self.parser.ErrorByteIndex, 0))
            raise self.document.refuse("import-xml-broken", at, at + 1) from None
        except _Refused as refused:
            at = self._point(refused.at)
            raise self.document.refuse(refused.code, at, at + 1, most=DEEPEST) from None
        assert self.root is not None  # expat has accepted the file, so there is a root
        return self.root

    def _point(self, byte: int) -> int:
        # Events come in file order, so each byte is decoded once in all.
        if byte < self._bytes:
            self._bytes = self._points = 0
        self._points += len(self.data[self._bytes : byte].decode("utf-8", "replace"))
        self._bytes = byte
        return self._points

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        if len(self.open) >= DEEPEST:
            raise _Refused("import-nesting", at)
        element = Element(tag, attributes, self.document, self._point(at))
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _close(self, _tag: str) -> None:
        self.open.pop()

    def _doctype(self, *_: object) -> None:
        raise _Refused("import-xml-doctype", self.parser.CurrentByteIndex)


def read_xml(document: Document) -> Element:
    """The root element; ``DossierError`` where the text is no well-formed XML or declares a document type."""
    return _TreeBuilder(document).build()


# ---- JSON --------------------------------------------------------------------------------------------------------

Value = None | bool | int | float | str | list["Node"] | dict[str, "Node"]


@dataclass(eq=False)
class Node:
    """One JSON value with its path (``cases[0].name``) and its range in the text."""

    value: Value
    path: str
    document: Document = field(repr=False)
    start: int
    stop: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)
    """Of an object, where each key stands."""

    def add(self, code: str, at: str | None = None, /, **values: object) -> None:
        """Note a problem at this value (at its opening bracket where it has one), or at one of its keys."""
        start, stop = (self.start, self.stop) if at is None else self.keys[at]
        if at is None and isinstance(self.value, list | dict):
            stop = start + 1
        self.document.add(code, start, stop, path=self.path or "$", **values)


_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_MOST_DIGITS = 40
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None}


class _JsonReader:
    """A JSON reader (RFC 8259) that keeps positions and refuses repeated keys, deep nesting and non-numbers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.at = 0

    def read(self) -> Node:
        node = self._value("", 0)
        self._skip()
        if self.at < len(self.text):
            raise self._broken()
        return node

    def _skip(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _broken(self) -> DossierError:
        return self.document.refuse("import-json-broken", self.at, self.at + 1)

    def _take(self, mark: str) -> None:
        if self._skip() != mark:
            raise self._broken()
        self.at += 1

    def _value(self, path: str, depth: int) -> Node:
        first = self._skip()
        start = self.at
        if depth > DEEPEST:
            raise self.document.refuse("import-nesting", start, start + 1, most=DEEPEST)
        if first == "{":
            return self._object(path, depth)
        if first == "[":
            return self._list(path, depth)
        value: Value
        if first == '"':
            value = self._string()
        elif found := _NUMBER.match(self.text, start):
            if len(found[0]) > _MOST_DIGITS:
                raise self._broken()
            value = float(found[0]) if found[1] or found[2] else int(found[0])
            self.at = found.end()
        else:
            word = next((w for w in _WORDS if self.text.startswith(w, start)), None)
            if word is None:
                raise self._broken()
            value = _WORDS[word]
            self.at += len(word)
        return Node(value, path, self.document, start, self.at)

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            raise self._broken()
        try:
            value = str(json.loads(found[0]))
        except json.JSONDecodeError as error:
            self.at += error.pos
            raise self._broken() from None
        self.at = found.end()
        # A lone half of a surrogate pair is no character; no file could hold it again.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _list(self, path: str, depth: int) -> Node:
        start = self.at
        self.at += 1
        items: list[Node] = []
        while self._skip() != "]" or items:
            items.append(self._value(f"{path}[{len(items)}]", depth + 1))
            if self._skip() == "]":
                break
            self._take(",")
        self._take("]")
        return Node(items, path, self.document, start, self.at)

    def _object(self, path: str, depth: int) -> Node:
        start = self.at
        self.at += 1
        items: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        while self._skip() != "}" or items:
            if self._skip() != '"':
                raise self._broken()
            begin = self.at
            key = self._string()
            if key in items:
                self.document.add("import-json-repeated", begin, self.at, key=key)
            keys[key] = (begin, self.at)
            self._take(":")
            items[key] = self._value(f"{path}.{key}" if path else key, depth + 1)
            if self._skip() == "}":
                break
            self._take(",")
        self._take("}")
        return Node(items, path, self.document, start, self.at, keys)


def read_json(document: Document) -> Node:
    """The located value; ``DossierError`` where the text is no JSON. Repeated keys are noted, not raised."""
    return _JsonReader(document).read()
