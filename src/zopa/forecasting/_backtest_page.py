"""The results of the tests as a page of the reference, in either language."""

from collections.abc import Mapping, Sequence

from zopa.forecasting.backtest import Backtest
from zopa.forecasting.shipped import CITATION
from zopa.result import Table
from zopa.words import Language, say


def page(found: Backtest, runs: Sequence[Mapping[str, str]], lang: Language) -> str:
    """The page in Markdown; ``runs`` says of every test run when it was, with which settings, and what it was."""
    parts = [f"# {say('backtest.page-title', lang)}", say("backtest.page-what", lang), found.headline(lang)]
    bars, *scores = found.tables(lang)
    parts += [f"## {bars.caption}", _table(bars)]
    for table in scores:
        parts += [f"## {table.caption}", _table(table)]
    parts += [f"## {say('backtest.page-read', lang)}", "\n".join(f"- {note}" for note in found.notes(lang))]
    parts += [f"## {say('backtest.page-runs', lang, n=len(runs))}"]
    parts += ["\n".join(f"{k}. {run['on']}, {run['settings']}: {run[lang]}" for k, run in enumerate(runs, 1))]
    source = CITATION.format(version=found.version)
    parts += [say("backtest.page-source", lang, citation=source, crises=found.crises, seed=found.seed)]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    head = "| " + " | ".join(table.columns) + " |"
    rule = "|" + "---|" * len(table.columns)
    return "\n".join([head, rule, *("| " + " | ".join(row) + " |" for row in table.rows)])
