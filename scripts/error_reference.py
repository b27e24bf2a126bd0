"""Write docs/reference/errors.md: every problem code with its sentences, an example and the remedy, in both languages.

    .venv/bin/python scripts/error_reference.py

The examples are those of the error gallery (tests/errors), so the page shows what the program really says. A test
fails where the page is stale.
"""

import json
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "tests" / "errors"
CATALOGUE = ROOT / "src" / "zopa" / "catalogue" / "problems.json"
PAGE = ROOT / "docs" / "reference" / "errors.md"
WARNINGS = frozenset(
    {
        "anchor-value",
        "known-later",
        "ledger-note-missing",
        "ledger-torn",
        "pair-both-ways",
        "pair-known-unknown",
        "private-tracked",
        "question-past",
        "ranking-partial",
        "source-header",
        "standoff-alone",
        "standoff-too-large",
        "statement-always",
        "statement-never",
        "statement-opposite",
        "statement-repeated",
    }
)
"""Codes that only ask for a look; a test compares them with what the gallery gives."""

HEAD = """# Problems and what to do about them · 问题与对策

Every problem has a code, shown in square brackets. `zopa check CASE` prints all problems of a case folder at once, in
the order of its files; `--lang zh` prints them in Chinese. Most codes stop an analysis; those marked *warning* do not.

每个问题都有代码，写在方括号内。`zopa check 案例` 会按文件顺序一次列出全部问题，加 `--lang zh` 用中文显示。标有
“提醒”的不妨碍分析，其余须先改正。

This page is written by `scripts/error_reference.py` from the error gallery. · 本页由脚本据错误样例生成。
"""


def page() -> str:
    """The whole page."""
    catalogue = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    codes = [key for key in catalogue if not key.endswith(".hint") and key != "hint-label"]
    parts = [HEAD, "## Contents · 目录\n", " · ".join(f"[{code}](#{code})" for code in sorted(codes)) + "\n"]
    for code in sorted(codes):
        parts += _entry(code)
    return "\n".join(parts)


def _entry(code: str) -> Iterator[str]:
    yield f"## {code}\n"
    if code in WARNINGS:
        yield "*warning* · *提醒*\n"
    for lang, path in ((lang, GALLERY / code / f"expected.{lang}.txt") for lang in ("en", "zh")):
        if path.exists():
            yield f"```text\n{_first(path.read_text(encoding='utf-8'), code)}\n```\n"
        else:
            yield f"*(no example yet: {lang})*\n"


def _first(text: str, code: str) -> str:
    """The first problem with this code: its line and all that belongs to it."""
    out: list[str] = []
    for line in text.splitlines():
        starts = line.endswith("]") and "[" in line and not line.startswith(" ")
        if starts and out:
            break
        if out or line.endswith(f"[{code}]"):
            out.append(line)
    return "\n".join(out)


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
