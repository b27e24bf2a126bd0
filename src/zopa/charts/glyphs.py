"""Which characters our chart font can draw and how wide they are, read from the font's own tables."""

import struct
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

FONT_FOLDER = Path(str(files("zopa") / "charts" / "fonts"))
FONT_FILES = ("ZopaSansSC-Regular.otf", "ZopaSansSC-Bold.otf")


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Characters of the text that the chart font lacks, each once, in order; control characters need no glyph."""
    have = covered()
    return tuple(dict.fromkeys(c for c in text if ord(c) not in have and c.isprintable()))


@cache
def covered() -> frozenset[int]:
    """All code points that both weights of the chart font can draw."""
    regular, bold = (
        frozenset(code for code, _ in _glyphs((FONT_FOLDER / n).read_bytes())) for n in FONT_FILES
    )
    return regular & bold


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that one line of text takes; a character that the font lacks counts as a Chinese one."""
    widths = _advances(FONT_FILES[bold])
    return size * sum(widths.get(ord(char), 1.0) for char in text)


@cache
def _advances(name: str) -> dict[int, float]:
    """How wide each character is, in ems."""
    font = (FONT_FOLDER / name).read_bytes()
    at = {tag: _table(font, tag) for tag in (b"head", b"hhea", b"hmtx")}
    (em,) = struct.unpack_from(">H", font, at[b"head"] + 18)
    (count,) = struct.unpack_from(">H", font, at[b"hhea"] + 34)
    widths = [w for w, _ in struct.iter_unpack(">Hh", font[at[b"hmtx"] : at[b"hmtx"] + 4 * count])]
    return {code: widths[min(glyph, count - 1)] / em for code, glyph in _glyphs(font)}


def _table(font: bytes, name: bytes) -> int:
    # OpenType: table directory at byte 12, one 16-byte record a table.
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * k) for k in range(tables))
    return int(next(offset for tag, _, offset, _ in records if tag == name))


def _glyphs(font: bytes) -> Iterator[tuple[int, int]]:
    # Code points with their glyphs: cmap subtables of format 4 and 12.
    start = _table(font, b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for offset in {struct.unpack_from(">HHL", font, start + 4 + 8 * k)[2] for k in range(subtables)}:
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 4:
            yield from _format_4(font, start + offset)
        elif kind == 12:
            yield from _format_12(font, start + offset)


def _format_4(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    n = double // 2
    ends = struct.unpack_from(f">{n}H", font, at + 14)
    starts = struct.unpack_from(f">{n}H", font, at + 16 + 2 * n)
    deltas = struct.unpack_from(f">{n}h", font, at + 16 + 4 * n)
    ranges_at = at + 16 + 6 * n
    offsets = struct.unpack_from(f">{n}H", font, ranges_at)
    for k, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            if code == 0xFFFF:
                continue
            if offset == 0:
                glyph = (code + delta) % 65536
            else:
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * k + offset + 2 * (code - first))
            if glyph:
                yield code, glyph


def _format_12(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">L", font, at + 12)
    for k in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * k)
        for code in range(first + (glyph == 0), last + 1):
            yield code, glyph + code - first
