"""``zopa share``: a case to hand on, without what only this desk knows and what was chosen to be left out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.terminal import (
    DRAWS,
    CaseArgument,
    DrawsOption,
    JsonOption,
    LangOption,
    SeedOption,
    answer_json,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zopa.brief.share import ShareFormat, Wish
    from zopa.brief.share_words import Remark

FORMATS = ("case", "html", "pdf", "md", "json", "csv", "svg")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("share", cls=Command, help="share.help", epilog="share.example")(_share)


def _format(text: str) -> str:
    if text not in FORMATS:
        raise WrongUse("share-format", name=text, formats=", ".join(FORMATS), among=FORMATS)
    return text


def _share(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", help="share.out", metavar="FOLDER")] = Path("shared"),
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="share.format", metavar="|".join(FORMATS), parser=_format),
    ] = None,
    without_source: Annotated[
        list[str] | None, typer.Option("--without-source", help="share.without-source", metavar="ID")
    ] = None,
    without_speaker: Annotated[
        list[str] | None, typer.Option("--without-speaker", help="share.without-speaker", metavar="NAME")
    ] = None,
    without_claim: Annotated[
        list[str] | None, typer.Option("--without-claim", help="share.without-claim", metavar="ID")
    ] = None,
    marking: Annotated[str, typer.Option("--marking", help="share.marking-option", metavar="TEXT")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="share.preview")] = False,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        from zopa.brief.share import Wish
        from zopa.case.examples import locate
        from zopa.case.left_out import Without

        without = Without.of(
            sources=without_source or (), speakers=without_speaker or (), claims=without_claim or ()
        )
        formats = cast("tuple[ShareFormat, ...]", tuple(dict.fromkeys(format_ or ["case", "html"])))
        wish = Wish(formats, without, marking, language, draws, seed)
        folder = locate(case)
        told, paths = _made(folder, out, wish, language, preview=preview, quiet=json)
        if json:
            rows = [
                *({"kind": "file", "text": str(path)} for path in paths),
                *({"kind": remark.kind, "text": remark.text} for remark in told),
            ]
            parameters = {"formats": list(formats), "draws": draws, "marking": marking, "preview": preview}
            print_json(answer_json("share", folder.name, rows, parameters=parameters, seed=seed))
        else:
            _say(told, paths, wish, language)


def _made(
    folder: Path, out: Path, wish: "Wish", lang: Language, *, preview: bool, quiet: bool
) -> "tuple[Sequence[Remark], tuple[Path, ...]]":
    from zopa.brief import share as sharing
    from zopa.brief.share_words import remarks

    with working(say("cli.working", lang, what=folder.name), lang, quiet=quiet) as progress:
        paths: tuple[Path, ...] = ()
        if preview:
            shared = sharing.preview(folder, wish)
        else:
            shared, paths = sharing.share(folder, out, wish, progress=progress)
    return remarks(shared, folder, lang), paths


def _say(told: "Sequence[Remark]", paths: "Sequence[Path]", wish: "Wish", lang: Language) -> None:
    for remark in told:
        if remark.kind == "done":
            tell(remark.text, "  · ")
    if wish.marking:
        tell(say("share.marking", lang, marking=wish.marking), "  · ")
    put("")
    put(say("share.look-title", lang))
    for remark in told:
        if remark.kind == "look":
            tell(remark.text, "  · ")
    put("")
    put(say("share.written" if paths else "share.nothing-written", lang))
    for path in paths:
        put(str(path))
