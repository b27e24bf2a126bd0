"""The Latin letters, figures and signs of our font for pages: labels as wide there as the chart was laid out for.

Chinese characters are one em wide in every font, so that those come from the reader's own.
"""

import base64
from collections.abc import Callable
from functools import cache

from zopa.charts.glyphs import FONT_FOLDER
from zopa.charts.style import FAMILY

RANGE = "U+20-24F, U+370-3FF, U+2000-206F, U+2190-22FF, U+25A0-25FF"
WEIGHTS = {"Regular": 400, "Bold": 700}


def font_faces(address: Callable[[str], str] | None = None) -> str:
    """CSS that declares the font in both weights; ``address`` tells where a file is to be had, else it is inside."""
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};unicode-range:{RANGE};'
        f'src:url("{(address or _inside)(font_file(name))}") format("woff")}}'
        for name, weight in WEIGHTS.items()
    )


def font_file(weight: str) -> str:
    """The name of the file of a weight (``Regular`` or ``Bold``)."""
    return f"ZopaSansSC-Latin-{weight}.woff"


@cache
def _inside(name: str) -> str:
    content = (FONT_FOLDER / name).read_bytes()
    return f"data:font/woff;base64,{base64.b64encode(content).decode()}"
