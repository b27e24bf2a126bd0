"""Run every benchmark of this folder and write docs/reference/benchmarks.md: ``run.py [--date DAY] [NAME ...]``.

A benchmark is a script that prints its figures; the first paragraph of its docstring says what they are, in Chinese the
second.
"""

import argparse
import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from _measure import machine, versions
from _peers import section

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"

HEAD = """# Benchmarks · 测速

Figures of one machine on one day, for comparison with the next change rather than for boasting. `make bench` runs every
script under `benchmarks` and writes this page.

某台机器某一天的数字，供与下一次改动比较。`make bench` 运行 `benchmarks` 下的全部脚本并写出本页。
"""


def scripts() -> list[Path]:
    """Every benchmark, in the order of names."""
    return sorted(
        p for p in HERE.glob("*.py") if p.name != Path(__file__).name and not p.name.startswith("_")
    )


def about(script: Path) -> str:
    """What the figures are: the docstring's first paragraph, and the next ones that are Chinese."""
    first, *rest = (ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or "").split("\n\n")
    return "\n\n".join([first, *(part for part in rest if "\u4e00" <= part[:1] <= "\u9fff")])


def page(day: date, wanted: list[str]) -> Iterator[str]:
    """The parts of the page, each as soon as its benchmark is done."""
    yield f"{HEAD}\n{day.isoformat()} · {machine()}; {versions()}\n"
    for script in scripts():
        if wanted and script.stem not in wanted:
            continue
        done = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, encoding="utf-8", check=True
        )
        yield f"\n## {script.stem}\n\n{about(script)}\n\n```text\n{done.stdout.rstrip()}\n```\n"
    if not wanted:
        yield section()


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date.today(), help="day that stands on the page"
    )
    parser.add_argument("names", nargs="*", help="benchmarks to run; all unless given")
    given = parser.parse_args()
    parts: list[str] = []
    for part in page(given.date, given.names):
        print(part, end="", flush=True)
        parts.append(part)
    if not given.names:
        # A page of some benchmarks only would pass for the whole.
        PAGE.write_text("".join(parts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
