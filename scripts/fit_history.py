"""Make the history's derived tables and the page of its tests from a copy of the ICB data.

    .venv/bin/python scripts/fit_history.py --icb FOLDER            src/zopa/forecasting/tables/history.json
    .venv/bin/python scripts/fit_history.py --icb FOLDER --page     docs/reference/backtest.md and its Chinese twin

FOLDER holds ``icb1v*.csv`` and ``icb2v*.csv``. The same files give the same tables and the same page. Settings are not
chosen here: they stand in ``tables/settings.json`` and were fixed on crises that began before 1985.
"""

import argparse
import json
from pathlib import Path

from zopa.forecasting._backtest_page import page
from zopa.forecasting.backtest import backtest
from zopa.forecasting.history import read_history
from zopa.forecasting.shipped import build
from zopa.words import Language

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "src" / "zopa" / "forecasting" / "tables"
PAGES: dict[Language, Path] = {
    "en": ROOT / "docs" / "reference" / "backtest.md",
    "zh": ROOT / "docs" / "zh" / "reference" / "backtest.md",
}


def main() -> None:
    """Write the tables, or the page of the tests."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--icb", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--page", action="store_true", help="run the tests and write the page instead")
    asked = parser.parse_args()
    if not asked.page:
        _write(TABLES / "history.json", compact(build(read_history(asked.icb))))
        return
    found = backtest(asked.icb)
    runs = json.loads((TABLES / "test_runs.json").read_text(encoding="utf-8"))
    for lang, path in PAGES.items():
        _write(path, page(found, runs, lang))


def compact(tables: dict[str, object]) -> str:
    """JSON with one line an entry, so that a change shows where it is."""
    lines = []
    for key, value in tables.items():
        if isinstance(value, list) and value and isinstance(value[0], list | dict):
            inner = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value)
            lines.append(f'"{key}": [\n{inner}\n]')
        else:
            lines.append(f'"{key}": {json.dumps(value, ensure_ascii=False, separators=(",", ":"))}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(text)} characters")


if __name__ == "__main__":
    main()
