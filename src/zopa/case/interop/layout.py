"""How imported cases are written: safe ids, sentences in both languages, and the folder itself."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from datetime import date
from pathlib import Path

from zopa.case.yaml_write import block
from zopa.claims.files import reason, write_text_atomic
from zopa.errors import DossierError, Place
from zopa.words import LANGUAGES, say

_LONGEST_ID = 48


def both(key: str, **values: object) -> dict[str, object]:
    """A sentence of the import catalogue in both languages, as a case file holds it."""
    return {lang: say(f"interop.{key}", lang, **values) for lang in LANGUAGES}


def comment(key: str, **values: object) -> list[str]:
    """A sentence of the import catalogue as one comment line a language."""
    return ["# " + say(f"interop.{key}", lang, **values) for lang in LANGUAGES]


def comment_file(path: Path, digest: str) -> str:
    """A comment line that names a file as it was read."""
    name = "".join(c if c.isprintable() else "?" for c in path.name)
    return f"#   {name}  sha256 {digest}"


def words(text: str) -> str:
    """A name with its white space tidied; what is no character (in names of files) becomes a question mark."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def safe_id(name: str, fallback: str, taken: Container[str], *, joint: str = "-") -> str:
    """A short lower-case id made of a name, none of those taken; the fallback where no Latin letter or digit is left.

    ``joint`` stands between words; with ``_`` the id starts with a letter and can stand in an expression.
    """
    spread = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(c for c in spread if not unicodedata.combining(c))
    folded = re.sub(r"^\s*[-−]\s*(?=\d)", "minus ", folded)
    parts = re.findall(r"[a-z0-9]+", folded.replace("'", ""))
    while len(parts) > 1 and len(joint.join(parts)) > _LONGEST_ID:
        parts.pop()
    base = joint.join(parts)[:_LONGEST_ID] or fallback
    if joint == "_" and not base[0].isalpha():
        base = f"{fallback}_{base}"
    out, k = base, 1
    while out in taken:
        k += 1
        out = f"{base}{joint}{k}"
    return out


def head(title: str, cite: str, as_of: date | None) -> dict[str, object]:
    """The first keys of an imported case. Nobody has looked at it yet, so it is a draft.

    Without ``as_of`` (no day was given and the files name none) ``write_case`` puts the day of the import.
    """
    return {"zopa": 1, "title": title, "status": "draft", "as_of": as_of, "cite": cite}


def write_case(into: Path, comments: Iterable[str], data: Mapping[str, object]) -> Path:
    """Write ``case.yaml`` (last, and whole) and an empty record; a folder that holds a case already is refused."""
    if into.exists() and (not into.is_dir() or (into / "case.yaml").exists()):
        raise DossierError.of("import-target-exists", Place(str(into)), folder=str(into))
    try:
        into.mkdir(parents=True, exist_ok=True)
        (into / "sources").mkdir(exist_ok=True)
        (into / "claims.jsonl").touch()
    except OSError as error:
        raise DossierError.of("file-write", Place(str(into)), name=into.name, reason=reason(error)) from None
    # A blank line before each section keeps a long file readable.
    sections = [
        "\n".join([*comment("as-of-today"), block({key: date.today()})])
        if key == "as_of" and value is None
        else "\n" * isinstance(value, dict) + block({key: value})
        for key, value in data.items()
    ]
    write_text_atomic(into / "case.yaml", "\n".join([*comments, *sections]) + "\n")
    return into
