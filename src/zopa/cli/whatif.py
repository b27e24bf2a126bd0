"""``zopa what-if``: something supposed to be another, and the paired difference it makes."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    DRAWS,
    AsOfOption,
    CaseArgument,
    DrawsOption,
    JsonOption,
    LangOption,
    SeedOption,
    add,
    answer_json,
    opened,
    own_folder,
    positive,
    print_json,
    put,
    show_result,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, joined, say

if TYPE_CHECKING:
    from zopa.case.case import Case
    from zopa.case.variants import Change, Variant

PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "what-if", _what_if)


def _what_if(
    case: CaseArgument,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="cli.what-if.set", metavar="PATH=VALUE")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", help="cli.what-if.remove", metavar="PATH")
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", help="cli.what-if.variant", metavar="NAME")
    ] = None,
    save: Annotated[str | None, typer.Option("--save", help="cli.what-if.save", metavar="NAME")] = None,
    list_: Annotated[bool, typer.Option("--list", help="cli.what-if.list")] = False,
    as_of: AsOfOption = None,
    as_stated: Annotated[bool, typer.Option("--as-stated", help="cli.as-stated")] = False,
    plays: Annotated[int, typer.Option("--plays", help="cli.plays", metavar="N", parser=positive)] = 4,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        from zopa.forecasting.whatif import whatif

        if save is not None:
            own_folder(case)
        meant = opened(case, as_of)
        if list_:
            _list(meant, language, json)
            return
        known = _variant(meant, variant) if variant is not None else None
        changes = [*(known.file.changes if known else ()), *_written(set_ or (), remove or ())]
        if not changes:
            raise WrongUse("no-change")
        # Kept first: changes that bring problems are told before anything is worked out.
        kept = _save(meant, save, changes) if save is not None else None
        with working(say("cli.working", language, what="what-if"), language, quiet=json):
            result = whatif(
                meant,
                changes,
                draws=draws,
                plays=plays,
                seed=seed,
                after_moves=not as_stated,
                variant=variant,
            )
        show_result(result, language, json)
        if kept is not None and not json:
            put(say("whatif.saved", language, path=kept))


def _written(set_: Sequence[str], remove: Sequence[str]) -> list["Change"]:
    """The changes as they are written on the command line."""
    from zopa.case.variants import Change

    made = []
    for text in set_:
        path, equals, value = text.partition("=")
        if not equals:
            raise WrongUse("pair", text=text)
        made.append(Change(set=_path(path), to=_value(value)))
    return [*made, *(Change(remove=_path(text)) for text in remove)]


def _path(text: str) -> str:
    if PATH.fullmatch(text.strip()) is None:
        raise WrongUse("path", text=text)
    return text.strip()


def _value(text: str) -> object:
    """A value as YAML reads it: a number, a word, an estimate such as "0.02 to 0.1", a list in brackets."""
    from zopa.case.yaml_text import parse
    from zopa.claims.lines import Lines

    root, problems = parse(Lines("value", f"value: {text.strip()}\n"))
    data = root.data() if root is not None and not problems else None
    value = data.get("value") if isinstance(data, dict) else None
    if value is None:
        raise WrongUse("value", text=text)
    return value


def _variant(case: "Case", name: str) -> "Variant":
    """The variant of an id, or of a name in either language."""
    from zopa.case.variants import variants

    kept = variants(case)
    for variant in kept:
        if name in (variant.id, variant.file.name.en, variant.file.name.zh):
            return variant
    raise WrongUse("unknown", name=name, among=tuple(variant.id for variant in kept))


def _save(case: "Case", name: str, changes: Sequence["Change"]) -> str:
    """Keep the changes under an id made of the name; the path within the case."""
    from zopa.case.fields import Localised
    from zopa.case.variants import save_variant
    from zopa.claims.claim import slug

    path = save_variant(case, slug(name), Localised(en=name, zh=name), changes)
    return f"{path.parent.name}/{path.name}"


def _list(case: "Case", lang: Language, as_json: bool) -> None:
    from zopa.case.variants import variants
    from zopa.forecasting.whatif import told
    from zopa.result import Table

    kept = variants(case)
    if as_json:
        rows = [{"id": v.id, **v.file.model_dump(mode="json", exclude_unset=True)} for v in kept]
        print_json(answer_json("what-if", case.name, rows))
        return
    if not kept:
        put(say("whatif.no-variants", lang))
        return
    cells = tuple(
        (v.id, v.file.name.get(lang), joined([told(change, lang) for change in v.file.changes], lang))
        for v in kept
    )
    columns = tuple(say(f"whatif.column-{c}", lang) for c in ("id", "name", "supposed"))
    draw_table(Table(say("whatif.caption-variants", lang), columns, cells, ((),) * len(cells)))
