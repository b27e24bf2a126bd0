"""Writing an exercise to a folder: sheets, answer form, teacher's sheet, and the results of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zopa.brief.roles import Exercise, exercise
from zopa.brief.roles_pages import form, form_csv, references, sheet, teacher
from zopa.brief.roles_results import PairResult, page, read_results
from zopa.case.case import Case
from zopa.case.interop.layout import safe_id
from zopa.case.names import party_name
from zopa.charts.chart import Chart
from zopa.charts.roles import roles_chart
from zopa.words import Language


@dataclass(frozen=True)
class RolesWritten:
    """The files of an exercise, the game itself, and the results read."""

    paths: tuple[Path, ...]
    game: Exercise
    results: tuple[PairResult, ...] = ()


def roles(
    case: Case,
    out_dir: str | Path,
    *,
    lang: Language = "en",
    fictional: bool = False,
    results: str | Path | None = None,
    seed: int = 0,
) -> RolesWritten:
    """Sheets for an exercise with the case, in ``out_dir``: one a party, answer forms, the teacher's with its chart.

    ``fictional`` gives everybody and everything invented names (the same for the same ``seed``). With ``results``, a
    CSV of what pairs agreed on, the page and the chart of the results are written instead. ``IncompleteCaseError``
    names what the case lacks, ``DossierError`` every located problem of the results.
    """
    game = exercise(case, invented=fictional, seed=seed)
    folder = Path(out_dir)
    if results is not None:
        found = read_results(game, Path(results))
        return RolesWritten(_results(game, found, folder, lang), game, found)
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[str] = []
    for k, party in enumerate(game.parties):
        taken.append(safe_id(party_name(game.file, party, "en"), f"party-{k + 1}", taken))
    pages = {
        f"role-{name}.{lang}.md": sheet(game, party, lang)
        for name, party in zip(taken, game.parties, strict=True)
    }
    picture = f"frontier.{lang}.svg"
    pages[f"answer-form.{lang}.md"] = form(game, lang)
    pages[f"results.{lang}.csv"] = form_csv(game, lang)
    pages[f"teacher.{lang}.md"] = teacher(game, lang, picture)
    paths = [_put(folder / name, text) for name, text in pages.items()]
    return RolesWritten((*paths, chart(game, (), lang).save(folder / picture)), game)


def chart(game: Exercise, found: Sequence[PairResult], lang: Language) -> Chart:
    """The frontier of the exercise with the reference points, and the pairs where there are any."""
    names = [party_name(game.file, p, lang) for p in game.parties]
    points = {key: [float(v) for v in at.utilities] for key, at in references(game).items()}
    curve = [[float(v) for v in at] for at in game.frontier.points]
    return roles_chart(found, curve, [float(v) for v in game.walk_away], points, names, lang)


def _results(game: Exercise, found: Sequence[PairResult], folder: Path, lang: Language) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    stem = "pairs"
    drawn = chart(game, found, lang)
    paths = [drawn.save(folder / f"{stem}.{lang}.{kind}") for kind in ("svg", "png")]
    return (_put(folder / f"{stem}.{lang}.md", page(game, found, lang, paths[0].name)), *paths)


def _put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
