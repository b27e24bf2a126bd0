"""``zopa score-reader``: how well a reader does on marked texts; and the texts that a review makes."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.reader import EndpointOption, ModelOption, ReaderOption, SendOption, asked_for, with_consent
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    JsonOption,
    LangOption,
    SeedOption,
    answer_json,
    positive,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.dossier.score import Ends, Scored, Stage
    from zopa.result import Table

DRAWS = 2000
SHARES = ("precision", "recall", "f1")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("score-reader", cls=Command, help="gold.score-reader", epilog="gold.score-reader.example")(
        _score_reader
    )


def _score_reader(
    gold: Annotated[Path, typer.Argument(help="gold.folder", metavar="GOLD")],
    reader: ReaderOption = "rules",
    endpoint: EndpointOption = None,
    model: ModelOption = None,
    send: SendOption = False,
    draws: Annotated[int, typer.Option("--draws", help="gold.draws", metavar="N", parser=positive)] = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    asked = asked_for(reader, endpoint, model)
    with speaking(language, json):
        asked = with_consent([gold], asked, send=send, lang=language)
        with working(say("gold.working", language, name=gold.name), language, quiet=json):
            from zopa.dossier.gold import read_gold
            from zopa.dossier.own_words import words_of
            from zopa.dossier.readers import KEY, reader_of
            from zopa.dossier.score import score_reader

            words = words_of(gold if gold.is_dir() else gold.parent)
            read = reader_of(replace(asked, words=words), key=os.environ.get(KEY))
            scored = score_reader(read_gold(gold), read, draws=draws, seed=seed)
        if json:
            print_json(_json(gold, asked.name, scored))
            return
        counts = {"known": scored.known, "found": scored.found, "verified": scored.verified}
        documents = say("gold.documents", language, n=scored.documents)
        tell(say("gold.headline", language, reader=asked.name, path=gold, documents=documents, **counts))
        put("")
        draw_table(_table(scored, language))
        tell(say("gold.note-reports", language), "  · ")
        tell(say(f"gold.note-over-{scored.over}", language, draws=scored.draws, seed=scored.seed), "  · ")


def _table(scored: "Scored", lang: Language) -> "Table":
    from zopa.result import Table

    heads = tuple(say(f"gold.column-{name}", lang) for name in ("stage", *SHARES, "counts"))
    rows = tuple(_row(stage, lang) for stage in scored.stages)
    return Table(say("gold.caption", lang), heads, rows, ((),) * len(rows))


def _row(stage: "Stage", lang: Language) -> tuple[str, ...]:
    score = stage.score
    name = say(f"gold.stage-{stage.name.replace(' ', '-')}", lang)
    counts = f"{score.right} / {score.predicted} / {score.expected}"
    return (name, *(_share(stage, share) for share in SHARES), counts)


def _share(stage: "Stage", share: str) -> str:
    value, ends = _value(stage, share), _ends(stage, share)
    if value is None:
        return "—"
    return f"{value:.3f}" if ends is None else f"{value:.3f} ({ends[0]:.3f}–{ends[1]:.3f})"


def _value(stage: "Stage", share: str) -> float | None:
    """The share; None where nothing was there to be counted."""
    score = stage.score
    counted = {"precision": score.predicted, "recall": score.expected}.get(
        share, score.predicted + score.expected
    )
    return float(getattr(score, share)) if counted else None


def _ends(stage: "Stage", share: str) -> "Ends | None":
    ends: Ends | None = getattr(stage.interval, share)
    return ends


def _json(gold: Path, reader: str, scored: "Scored") -> dict[str, object]:
    rows = []
    for stage in scored.stages:
        row: dict[str, object] = {"stage": stage.name}
        for share in SHARES:
            low, high = _ends(stage, share) or (None, None)
            row[share] = {"value": _value(stage, share), "low": low, "high": high}
        score = stage.score
        rows.append({**row, "right": score.right, "found": score.predicted, "known": score.expected})
    parameters = {
        "gold": str(gold),
        "reader": reader,
        "draws": scored.draws,
        "documents": scored.documents,
        "known": scored.known,
        "found": scored.found,
        "verified": scored.verified,
        "verified_share": scored.verified / scored.found if scored.found else None,
    }
    method = f"bootstrap over {scored.over}"
    return answer_json("score-reader", "", rows, parameters=parameters, method=method, seed=scored.seed)


def export(case: str, folder: Path, lang: Language, *, as_json: bool) -> None:
    """Writes the decided documents of a case as marked texts and tells which others there are."""
    from zopa.case.examples import locate
    from zopa.dossier.gold import export_gold

    home = locate(case)
    made = export_gold(home, folder)
    if as_json:
        rows: list[dict[str, object]] = [
            {"document": id_, "written": True, "claims": n, "open": 0} for id_, n in made.written.items()
        ]
        rows += [
            {"document": id_, "written": False, "claims": None, "open": n} for id_, n in made.open.items()
        ]
        rows += [{"document": id_, "written": False, "claims": None, "open": 0} for id_ in made.unread]
        print_json(answer_json("review", home.name, rows, parameters={"export_gold": str(folder)}))
        return
    documents = say("gold.documents", lang, n=len(made.written))
    claims = say("gold.claims", lang, n=sum(made.written.values()))
    put(say("gold.exported", lang, documents=documents, claims=claims, folder=folder))
    for id_, n in made.open.items():
        tell(say("gold.open", lang, id=id_, n=n), "  · ")
    for id_ in made.unread:
        tell(say("gold.unread", lang, id=id_), "  · ")
