"""Wrong use of the command line, in the language of the call: what is wrong, what was meant, where help is."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

import typer

from zopa.words import Language, joined, say

USAGE = 2
"""Exit code of wrong use."""

LISTED = 12
"""Most names told where none comes close to what was written."""

UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""All wrong use that typer finds; its own copy of click exports only this subclass."""


class WrongUse(typer.BadParameter):
    """Something on the command line that cannot be; ``key`` and ``values`` make the sentence when it is told.

    ``among`` are the names there are: the closest one is offered.
    """

    def __init__(self, key: str, *, ctx: Any = None, among: Iterable[str] = (), **values: object) -> None:
        super().__init__(key, ctx=ctx)
        self.key, self.among, self.values = key, tuple(among), values


def sentence(error: Any, lang: Language) -> str:
    """What is wrong, in one sentence."""
    if isinstance(error, WrongUse):
        told = say(f"cli.wrong-{error.key}", lang, **error.values)
        closest = _closest(str(error.values.get("name", "")), error.among, lang)
        if not closest and error.key == "unknown" and error.among:
            return told + say("cli.known-here", lang, names=joined(error.among[:LISTED], lang))
        return told + closest
    kind = type(error).__name__
    if kind == "NoSuchOption":
        told = say("cli.wrong-no-option", lang, option=error.option_name)
        return told + _closest(error.option_name, _options(error.ctx), lang)
    if kind == "MissingParameter":
        return say("cli.wrong-missing", lang, what=_written(error.param))
    if kind == "BadOptionUsage":
        key = "needs-value" if "requires" in error.message else "takes-no-value"
        return say(f"cli.wrong-{key}", lang, option=error.option_name)
    extra = re.search(r"unexpected extra argument\S* \((.*)\)", error.message, re.DOTALL)
    if extra:
        return say("cli.wrong-extra", lang, what=extra[1])
    return str(error.format_message())


def where_to_look(error: Any, called: str) -> str:
    """The command that prints the help page meant; ``called`` is the command where typer does not say."""
    path = error.ctx.command_path if error.ctx is not None else f"zopa {called}".rstrip()
    return f"{path} --help"


def _options(ctx: Any) -> Iterator[str]:
    for parameter in ctx.command.get_params(ctx) if ctx is not None else ():
        yield from parameter.opts


def _written(parameter: Any) -> str:
    return str(parameter.metavar if parameter.param_type_name == "argument" else max(parameter.opts, key=len))


def _closest(name: str, among: Iterable[str], lang: Language) -> str:
    found = difflib.get_close_matches(name, tuple(among), n=1, cutoff=0.5)
    return say("cli.closest", lang, name=found[0]) if found else ""
