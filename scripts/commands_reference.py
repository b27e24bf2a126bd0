"""Write docs/reference/commands.md: the help page of every command, in both languages, as the program prints it.

    .venv/bin/python scripts/commands_reference.py

A test fails where the page is stale.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from zopa.cli.help import Group, page
from zopa.cli.main import build
from zopa.words import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "commands.md"
COLUMNS = 92

HEAD = """# Commands · 命令

One file a command under `src/zopa/cli`. Where an analysis has a command, it has a function of the same name: `zopa zone
CASE` is `zopa.zone(case)`.

每条命令在 `src/zopa/cli` 下各有一个文件。每项分析的命令都有同名函数：`zopa zone 案例` 即 `zopa.zone(case)`。

**Language · 语言**: `--lang zh|en`, else `ZOPA_LANG`, else the locale. · 依次取 `--lang`、`ZOPA_LANG`、系统区域设置。

**Exit codes · 退出码**: 0 done · 1 problems in your files, each with its place and a remedy · 2 wrong use · 130 stopped
with Ctrl-C. · 0 完成；1 文件有问题，逐一注明位置与对策；2 用法有误；130 以 Ctrl-C 中止。

**`--json`** prints one document and nothing else on standard output. An answer is `{"ok": true, "command", "case",
"method", "parameters", "seed", "rows": [...]}`; an analysis may add keys behind these. A failure is `{"ok": false,
"errors": [{"code", "severity", "file", "line", "start", "stop", "message", "hint"}]}`: lines and columns count from 1,
`stop` is the column after the last one, and all of them are null where there is no place.
标准输出只有一份 JSON。行列从 1 起算，`stop` 为末列之后一列；没有位置时均为 null。

A progress bar shows on standard error after a second of work, in a terminal only. · 超过一秒的工作在标准错误上显示进度
条，仅在终端中显示。

This page is written by `scripts/commands_reference.py`. · 本页由脚本生成。
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    for path, command in _commands(get_command(build()), "zopa"):
        parts.append(f"\n## {path}\n")
        for lang in LANGUAGES:
            ctx = command.make_context(path, [], resilient_parsing=True, obj=lang)
            parts.append(f"\n```text\n{page(command, ctx, COLUMNS)}```\n")
    return "".join(parts)


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    if isinstance(command, Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
