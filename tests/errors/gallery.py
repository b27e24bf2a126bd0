"""The error gallery: for each problem code an input and the exact text shown for it, in English and in Chinese.

``tests/errors/<code>/input`` is a case folder (for ``import-…`` the foreign files); what reading it says stands in
``expected.en.txt`` and ``expected.zh.txt``. A few problems cannot lie in a folder (a full disk, a link out of it): ``special.py`` makes them.

    python -m tests.errors.gallery [CODE ...]     rewrites the expected texts; look at the difference before you keep it
"""

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.errors.special import SPECIAL, imported
from zopa.case.folder import problems
from zopa.errors import Problem
from zopa.words import LANGUAGES, Language, catalogue

HERE = Path(__file__).parent


def codes() -> list[str]:
    """All problem codes of the catalogue, in its order."""
    return [key for key in catalogue("problems") if not key.endswith(".hint") and key != "hint-label"]


def found(code: str, scratch: Path) -> Iterable[Problem]:
    """The problems that the gallery's input for a code has; ``scratch`` is an empty folder to work in."""
    folder = scratch / "input"
    if (HERE / code / "input").exists():
        shutil.copytree(HERE / code / "input", folder)
    else:
        folder.mkdir(parents=True)
    return SPECIAL.get(code, imported if code.startswith("import-") else problems)(folder)


def text(code: str, scratch: Path, lang: Language) -> str:
    """What a person sees."""
    return "".join(f"{problem.show(lang)}\n" for problem in found(code, scratch))


def expected(code: str, lang: Language) -> Path:
    """The file with the exact text."""
    return HERE / code / f"expected.{lang}.txt"


def main() -> None:
    """Rewrite the expected texts of the codes given, or of all."""
    for code in sys.argv[1:] or codes():
        for lang in LANGUAGES:
            with tempfile.TemporaryDirectory() as scratch:
                path = expected(code, lang)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text(code, Path(scratch), lang), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
