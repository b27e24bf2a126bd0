"""What stands in the navigation of each tree: all pages, by kind, in the order of the tree's index."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tutorial": "Tutorial",
        "how-to": "How-to",
        "reference": "Reference",
        "explanation": "Explanation",
    },
    # What a newcomer reads first: the tutorial, then the case file and the glossary, which head the reference.
    "zh": {"tutorial": "入门教程", "reference": "查资料", "how-to": "动手做", "explanation": "理解答案"},
}
FOLDERS: Mapping[str, str] = {"en": "", "zh": "zh/"}
FIRST = ("reference/case-file", "reference/glossary")
SUFFIXES = (".md", ".ipynb")
# A remark right behind a link, that the page is in English, belongs to its name.
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#]+)\)(（[^）]*）)?")


@dataclass(frozen=True)
class Entry:
    """A line of the navigation: the page, and its name where the page's own title is in the other language."""

    page: str
    label: str | None = None


@dataclass(frozen=True)
class Section:
    """The pages of one kind, under what that kind is called."""

    caption: str
    entries: tuple[Entry, ...]


def language(page: str) -> str:
    """The tree that a page belongs to."""
    return "zh" if page.startswith("zh/") else "en"


def counterpart(page: str) -> str:
    """What the same page is called in the other tree, whether or not it is there."""
    return page.removeprefix("zh/") if language(page) == "zh" else f"zh/{page}"


def sections(docs: Path, lang: str) -> tuple[Section, ...]:
    """The navigation of one tree; a kind without pages is left out."""
    folder = FOLDERS[lang]
    named = _named(docs, folder)
    out: list[Section] = []
    for kind, caption in KINDS[lang].items():
        here = {f"{folder}{kind}/{path.stem}" for path in _files(docs / folder / kind)}
        other = {page for page in named if kind == _kind(page)} - here
        order = [page for page in named if page in here | other] + sorted(here - named.keys())
        if lang == "zh":
            order.sort(key=lambda page: FIRST.index(page[3:]) if page[3:] in FIRST else len(FIRST))
        entries = tuple(Entry(page, named[page] if page in other else None) for page in order)
        if entries:
            out.append(Section(caption, entries))
    return tuple(out)


def _kind(page: str) -> str:
    parts = page.removeprefix("zh/").split("/")
    return parts[0] if len(parts) > 1 else ""


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*")) if path.suffix in SUFFIXES]


def _named(docs: Path, folder: str) -> dict[str, str]:
    """Each page that an index links to, with the words of the first link, in the index's order."""
    out: dict[str, str] = {}
    for label, target, remark in _LINK.findall((docs / folder / "index.md").read_text(encoding="utf-8")):
        path = posixpath.normpath(posixpath.join(folder, target))
        page, suffix = posixpath.splitext(path)
        if suffix in SUFFIXES and (docs / path).is_file():
            out.setdefault(page, label + remark)
    return out
