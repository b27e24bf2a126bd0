"""Write the charts of the two READMEs: the agenda question on the Muscat example, docs/images/agenda.{en,zh}.svg.

    .venv/bin/python scripts/readme_images.py

The same case, seed and number of draws give the same bytes.
"""

from pathlib import Path

import zopa
from zopa.words import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Draw both charts."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    result = zopa.agenda(zopa.open_case("muscat-2026"))
    for lang in LANGUAGES:
        result.plot(lang).save(IMAGES / f"agenda.{lang}.svg")


if __name__ == "__main__":
    main()
