"""Which characters our chart font can draw, read from the font's own character map."""

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
    regular, bold = (frozenset(_code_points((FONT_FOLDER / name).read_bytes())) for name in FONT_FILES)
    return regular & bold


def _code_points(font: bytes) -> Iterator[int]:
    # OpenType: table directory at byte 12, one 16-byte record a table; cmap subtables of format 4 and 12.
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * k) for k in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for offset in {struct.unpack_from(">HHL", font, start + 4 + 8 * k)[2] for k in range(subtables)}:
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 4:
            yield from _format_4(font, start + offset)
        elif kind == 12:
            yield from _format_12(font, start + offset)


def _format_4(font: bytes, at: int) -> Iterator[int]:
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
                yield code


def _format_12(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">L", font, at + 12)
    for k in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * k)
        yield from range(first + (glyph == 0), last + 1)
