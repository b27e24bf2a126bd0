"""A chart: a Vega-Lite specification with its data inside, and the files and pages made of it.

Nothing is fetched: data stand in the specification, our own font is registered before anything is drawn. A renderer
that finds no font for Chinese draws boxes or leaves out every label, digits too, and reports success; so the font is
checked first.
"""

import hashlib
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from zopa.charts.glyphs import FONT_FILES, FONT_FOLDER, missing_glyphs
from zopa.charts.still import still
from zopa.charts.style import wrap
from zopa.notebook import image

VEGA_LITE = "6.1"
"""Version of Vega-Lite that specifications are written for and drawn with."""
_IDS = re.compile(r'(?<=[ "#(])((?:clip|gradient|pattern)[A-Za-z]*_?)(\d+)(?=[")])')


_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')


class MissingGlyphWarning(UserWarning):
    """A chart drawn to a file has characters that its font lacks."""


@dataclass(frozen=True, repr=False)
class Chart:
    """A picture of a result: ``spec`` is a complete Vega-Lite specification with inline data.

    ``title`` says what is shown in a few words; ``description`` says in a sentence or two what can be seen, for those
    who cannot see it: it becomes the picture's ``aria-label``. ``note`` says how to read its marks, in small print.
    ``narrow`` is the same picture laid out for a phone, where a wide one cannot simply be squeezed.
    """

    spec: Mapping[str, Any]
    title: str
    description: str
    note: str = ""
    narrow: Mapping[str, Any] | None = None

    def full(self, *, titled: bool = True) -> dict[str, Any]:
        """The specification with its description, and with title and note above the picture unless told otherwise."""
        spec = {**self.spec, "description": self.description}
        if not titled:
            spec.pop("title", None)
        elif self.title and "title" not in spec:
            small = {"subtitle": wrap(self.note, 84).split("\n")} if self.note else {}
            spec["title"] = {"text": wrap(self.title, 64).split("\n"), **small}
        return spec

    @property
    def missing(self) -> tuple[str, ...]:
        """Characters in the chart that our font lacks: they show as boxes where no other font has them."""
        return missing_glyphs("".join(_texts(self.full())))

    def to_svg(self, *, titled: bool = True) -> str:
        """The picture as SVG text with an ``aria-label``; the same chart gives the same bytes."""
        svg: str = _renderer().vegalite_to_svg(self.full(titled=titled), vl_version=VEGA_LITE)
        return _labelled(_own_ids(svg), self.description or self.title)

    def to_png(self, *, scale: float = 2) -> bytes:
        """The picture as PNG at ``scale`` × 72 dpi; warns of characters that the font lacks."""
        if lacking := self.missing:
            warnings.warn(
                f"chart '{self.title}': the font lacks {' '.join(lacking)}", MissingGlyphWarning, stacklevel=2
            )
        png: bytes = _renderer().vegalite_to_png(self.full(), vl_version=VEGA_LITE, scale=scale)
        return png

    def save(self, path: str | Path) -> Path:
        """Writes the picture as ``.svg`` or ``.png``, or its specification as ``.json``; ``ValueError`` for others."""
        path = Path(path)
        match path.suffix:
            case ".svg":
                path.write_text(self.to_svg(), encoding="utf-8")
            case ".png":
                path.write_bytes(self.to_png())
            case ".json":
                path.write_text(
                    json.dumps(self.full(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
                )
            case _:
                raise ValueError(f"Chart.save: path must end in .svg, .png or .json, not {path.name!r}")
        return path

    def __repr__(self) -> str:
        return f"Chart({self.title}: {self.description})"

    def _repr_html_(self) -> str:
        svg = self.to_svg()
        width = _WIDTH.search(svg)
        return f"<p>{image(still(svg), self.description or self.title, width[1] if width else '')}</p>"

    def _repr_svg_(self) -> str:
        return self.to_svg()


@cache
def live_bundle() -> str:
    """JavaScript of Vega, Vega-Lite and Vega-Embed in one text, which sets ``window.vegaEmbed``; no network needed.

    Expressions are interpreted, not compiled: a page needs no leave to run made-up code (``scripts/vendor`` makes it).
    """
    return (files("zopa") / "charts" / "live" / "vega.js").read_text(encoding="utf-8")


@cache
def _renderer() -> ModuleType:
    for name in FONT_FILES:
        if not (FONT_FOLDER / name).is_file():
            raise FileNotFoundError(
                f"charts: the font file {name} is missing; without it no label would be drawn"
            )
    import vl_convert

    vl_convert.register_font_directory(str(FONT_FOLDER))
    return vl_convert


def _own_ids(svg: str) -> str:
    # The renderer counts its ids up over the life of the process: two drawings of one chart would differ, and two
    # pictures on one page would clip each other. Ids become the picture's own.
    seen: dict[str, str] = {}
    plain = _IDS.sub(lambda m: seen.setdefault(m[0], f"{m[1]}\0{len(seen)}"), svg)
    mark = hashlib.blake2b(plain.encode(), digest_size=5).hexdigest()
    return plain.replace("\0", f"-{mark}-")


def _labelled(svg: str, label: str) -> str:
    head = f'<svg role="img" aria-label="{escape(label)}"'
    return svg.replace("<svg", head, 1)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
