"""PLOVER types of 375 headlines: mean F1 over the sixteen types, on the half that the word lists were not written from.

375条标题的PLOVER类型：十六类F1的平均值，以编写词表时未看的那一半为准。

Every second headline was left unread when the lists were made, so none of these is scored by a rule written from it.
The headlines lie outside the repository (``ZOPA_DATA``).
"""

import csv
import sys
from pathlib import Path

from reader import DATA

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    """Print both halves, and the types of the unseen one."""
    from tests.dossier.plover import f1_by_type

    path = DATA / "reading" / "ngec_synthetic_headlines.csv"
    if not path.is_file():
        print("no headlines")
        return
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    unseen = f1_by_type(rows[1::2])
    for name, scores in (
        ("unseen half", unseen),
        ("half the lists were written from", f1_by_type(rows[::2])),
    ):
        print(f"{name}: macro-F1 {sum(scores.values()) / len(scores):.3f} over {len(scores)} types")
    print("  ".join(f"{kind} {score:.2f}" for kind, score in sorted(unseen.items())))


if __name__ == "__main__":
    main()
