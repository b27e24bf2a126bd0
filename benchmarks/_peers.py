"""The last recorded comparison with another program: where it lies, and its rows as text."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LAST = Path(__file__).resolve().parent / "peers" / "last.json"
ABOUT = """The same tasks by zopa and by another program in turn, on one core, as last recorded by `make bench-peers`;
not measured anew with the rest of this page.

zopa 与另一程序在单核上轮流完成同样的任务；为 `make bench-peers` 最近一次的记录，不随本页其余各项重测。"""


def heads(peer: str) -> str:
    """The line above the rows."""
    return f"{'':60} {'zopa':>12} {peer:>13} {'ratio':>9}"


def told(row: Mapping[str, Any]) -> str:
    """One row."""
    return f"{row['task']:60} {row['zopa']:>12} {row['peer']:>13} {row['ratio']:>8,.0f}x  {row['remark']}"


def section() -> str:
    """The part of the results page; empty where no comparison was ever recorded."""
    if not LAST.is_file():
        return ""
    last = json.loads(LAST.read_text(encoding="utf-8"))
    lines = [f"{last['date']} · {last['machine']}", last["versions"], "", heads(last["peer"])]
    lines += [told(row) for row in last["rows"]]
    text = "\n".join(lines)
    return f"\n## peers\n\n{ABOUT}\n\n```text\n{text}\n```\n"
