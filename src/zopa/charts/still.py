"""A drawn chart made ready to be an image: small, and as wide as it was laid out for in whatever font it is shown.

An image in a page is closed: it may not fetch our font, and nobody can look at what its marks say of themselves. So
every line of text is told how wide it is in our font, which a wider one of the reader's is then squeezed into, and
what is meant for readers of the elements is left out, with the digits beyond a hundredth of a pixel.
"""

import re
from html import unescape

from zopa.charts.glyphs import text_width
from zopa.charts.style import FONT

_SPOKEN = re.compile(r' (?:aria-[a-z]+|role|class)="[^"]*"')
_LONG = re.compile(r"(?<=\d)(\.\d\d)\d+(?=[^<>]*>)")
_TEXT = re.compile(r"<text([^>]*)>(.*?)</text>")
_LINE = re.compile(r"<tspan([^>]*)>(.*?)</tspan>")
_SIZE = re.compile(r'font-size="([\d.]+)px"')
_DOWN = re.compile(r'dy="([-\d.]+)"')
_FAMILY = f' font-family="{FONT}"'


def still(svg: str) -> str:
    """The SVG text of a chart as it may stand in an image."""
    bare = _LONG.sub(r"\1", _SPOKEN.sub("", svg)).replace(_FAMILY, "")
    return _TEXT.sub(_fitted, bare).replace("<svg", f"<svg{_FAMILY}", 1)


def _fitted(text: re.Match[str]) -> str:
    """A text with the width of each of its lines; lines become texts of their own, for not all browsers fit a part."""
    look, inner = text[1], text[2]
    lines = _LINE.findall(inner)
    if not lines:
        return f"<text{look}{_width(look, inner)}>{inner}</text>"
    out, at = [], 0.0
    for place, words in lines:
        down = _DOWN.search(place)
        at += float(down[1]) if down else 0.0
        out.append(f'<text y="{at:g}"{_width(look, words)}>{words}</text>')
    return f"<g{look}>{''.join(out)}</g>"


def _width(look: str, words: str) -> str:
    size = _SIZE.search(look)
    plain = unescape(words)
    # Chinese is one em wide in every font, and what has no two characters has nothing between them to give.
    if size is None or len(plain) < 2 or not any("!" <= c <= "\u024f" for c in plain):
        return ""
    wide = text_width(plain, float(size[1]), bold='font-weight="bold"' in look)
    return f' textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"'
