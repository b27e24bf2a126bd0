"""The help pages: every text from the catalogue, so that both languages read alike, wrapped by what a terminal shows.

Commands and options name the catalogue's key where typer expects a text; the sentence is looked up when a page is
shown, in the language of that call.
"""

import re
import shutil
from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand, TyperGroup

from zopa.cli.language import language, of_context
from zopa.cli.usage import WrongUse
from zopa.errors import width
from zopa.words import Language, has, say

WIDEST = 100
"""Columns of a help page at most: longer lines are hard to read."""
GUTTER = 2
_UNIT = re.compile(r"[\u2e80-\u9fff\uf900-\uff60]|[^\s\u2e80-\u9fff\uf900-\uff60]+|\s+")
_NEVER_FIRST = "，。；：、？！）》”’…·"


class Command(TyperCommand):
    """A command whose help page comes from the catalogue."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(page(self, ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The command in one sentence, for lists of commands."""
        return text(self.help, language())


class Group(TyperGroup):
    """A command of commands whose help page comes from the catalogue."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(page(self, ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The group in one sentence, for lists of commands."""
        return text(self.help, language())

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command meant; one that does not exist is wrong use, with the closest match."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            raise WrongUse("no-command", ctx=ctx, name=name, among=self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def text(key: str | None, lang: Language) -> str:
    """The sentence under a key of the catalogue."""
    return say(key, lang) if key else ""


def parameters(command: Any, ctx: Any) -> Iterator[tuple[str, str, bool]]:
    """Of every argument and option of a command: how it is written, its meaning, and whether it is an argument."""
    lang = of_context(ctx)
    for parameter in command.get_params(ctx):
        if parameter.param_type_name == "argument":
            yield parameter.metavar, text(parameter.help, lang), True
            continue
        # Options that typer brings along are known by their names.
        key = f"cli.option-{parameter.name}"
        meaning = say(key, lang) if has(key) else text(parameter.help, lang)
        written = ", ".join(sorted(parameter.opts, key=len))
        if parameter.metavar and not parameter.is_flag:
            written += f" {parameter.metavar}"
        default = parameter.default
        if default and not callable(default) and not parameter.is_flag and isinstance(default, str | int):
            meaning += say("cli.default", lang, value=default)
        yield written, meaning, False


def page(command: Any, ctx: Any, columns: int | None = None) -> str:
    """The whole help page of a command, in the language of the call, as wide as the terminal unless told otherwise."""
    lang = of_context(ctx)
    columns = columns or min(shutil.get_terminal_size().columns, WIDEST)
    rows = list(parameters(command, ctx))
    arguments = [(written, meaning) for written, meaning, is_argument in rows if is_argument]
    options = [(written, meaning) for written, meaning, is_argument in rows if not is_argument]
    commands = [
        (name, text(inner.help, lang))
        for name in (command.list_commands(ctx) if isinstance(command, Group) else ())
        if (inner := command.get_command(ctx, name)) is not None
    ]
    out = [usage_line(command, ctx), "", *_indented(text(command.help, lang), columns)]
    for key, pairs in (("arguments", arguments), ("commands", commands), ("options", options)):
        if pairs:
            out += ["", say(f"cli.{key}", lang), *_list(pairs, columns)]
    if command.epilog:
        examples = text(command.epilog, lang).split("\n")
        out += ["", say("cli.example", lang), *(f"  {line}" for line in examples)]
    return "\n".join(out) + "\n"


def usage_line(command: Any, ctx: Any) -> str:
    """How a command is written, in one line."""
    lang = of_context(ctx)
    parts = [p.metavar for p in command.get_params(ctx) if p.param_type_name == "argument"]
    if isinstance(command, Group):
        parts = [say("cli.usage-command", lang)]
    return say("cli.usage", lang, command=" ".join([ctx.command_path, *parts]))


def _indented(sentence: str, columns: int) -> list[str]:
    return [f"  {line}" for line in wrapped(sentence, columns - GUTTER)]


def _list(pairs: list[tuple[str, str]], columns: int) -> Iterator[str]:
    """Names on the left, their meanings beside them."""
    left = max(width(name) for name, _ in pairs) + GUTTER
    for name, meaning in pairs:
        lines = wrapped(meaning, columns - left - GUTTER) or [""]
        yield f"  {name}{' ' * (left - width(name))}{lines[0]}"
        yield from (f"  {' ' * left}{line}" for line in lines[1:])


def wrapped(sentence: str, columns: int) -> list[str]:
    """A text in lines that fit: Latin words stay whole, Chinese breaks anywhere but before a closing mark."""
    lines, line = [], ""
    for unit in _UNIT.findall(sentence):
        if width(line) + width(unit.rstrip()) > columns and line.strip():
            carried = ""
            if unit in _NEVER_FIRST:
                line, carried = line[:-1], line[-1]
            lines.append(line.rstrip())
            line = carried + unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()] if line.strip() else lines
