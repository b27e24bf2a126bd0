"""The pages of the documentation and what stands in their fences."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.shared import ROOT

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "README.zh.md"])
_FENCE = re.compile(r"^```([\w-]*)[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """A piece of code of a page; ``then`` is the language of the fence that follows with nothing but blanks between."""

    page: Path
    line: int
    language: str
    text: str
    output: str | None


def name(page: Path) -> str:
    """A page as a test names it."""
    return page.relative_to(ROOT).as_posix()


def fences(page: Path) -> list[Fence]:
    """All fences of a page in order; a ``text`` fence right behind another is that one's output."""
    text = page.read_text(encoding="utf-8")
    found = list(_FENCE.finditer(text))
    out: list[Fence] = []
    for k, match in enumerate(found):
        output = None
        if (
            k + 1 < len(found)
            and found[k + 1][1] == "text"
            and not text[match.end() : found[k + 1].start()].strip()
        ):
            output = found[k + 1][2]
        out.append(Fence(page, text.count("\n", 0, match.start()) + 1, match[1], match[2], output))
    return out
