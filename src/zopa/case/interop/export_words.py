"""What exports share: names told apart, sentences on what a format cannot hold, files that are never overwritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zopa.case.interop.layout import words
from zopa.claims.files import reason, write_text_atomic
from zopa.errors import DossierError, Place
from zopa.words import Language, say

Told = Mapping[str, str]
"""A sentence by language."""


@dataclass(frozen=True)
class Exported:
    """The files written, and what they could not hold: sentences by language."""

    paths: tuple[Path, ...]
    warnings: tuple[Told, ...]

    def told(self, lang: Language = "en") -> tuple[str, ...]:
        """What the files could not hold, in one language."""
        return tuple(warning[lang] for warning in self.warnings)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The names, with the id behind one that another has too."""
    clean = {key: _printable(name) or key for key, name in names.items()}
    folded = [name.casefold() for name in clean.values()]
    return {k: f"{n} ({k})" if folded.count(n.casefold()) > 1 else n for k, n in clean.items()}


def _printable(text: str) -> str:
    return words("".join(c if c.isprintable() or c.isspace() else "?" for c in text))


def note(key: str, **values: object) -> Told:
    """The sentence in both languages; a value that is a function is asked for its text in each."""
    langs: Sequence[Language] = ("en", "zh")
    return {
        lang: re.sub(
            r"\s+", " ", say(key, lang, **{k: v(lang) if callable(v) else v for k, v in values.items()})
        )
        for lang in langs
    }


# ---- files -------------------------------------------------------------------------------------------------------


def not_there(out: Path) -> None:
    """Refuses a path that exists."""
    if out.exists():
        raise DossierError.of("export-target-exists", Place(str(out)), path=str(out))


def write_new(out: Path, text: str) -> Path:
    """The file written whole, with the folders it needs; one that exists is refused."""
    not_there(out)
    make_folder(out.parent)
    write_text_atomic(out, text)
    return out


def make_folder(folder: Path) -> None:
    """The folder and all above it, as far as they are not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DossierError.of(
            "file-write", Place(str(folder)), name=folder.name, reason=reason(error)
        ) from None
