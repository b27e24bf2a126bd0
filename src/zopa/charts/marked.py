"""A picture with a marking such as CONFIDENTIAL above it, inside the file: it goes wherever the picture goes."""

import re
from html import escape

BAND = 22
"""Pixels that the marking takes above the picture."""
SMALLEST, LARGEST = 6.0, 13.0
_HEAD = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)" viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>')


def marked(svg: str, marking: str) -> str:
    """The picture with the marking on a band of its own above it; as it is where there is no marking."""
    found = _HEAD.search(svg)
    if not marking or found is None:
        return svg
    width, height, inner_width, inner_height = (float(found[k]) for k in range(1, 5))
    head = found[0].replace(
        f'height="{found[2]}" viewBox="0 0 {found[3]} {found[4]}"',
        f'height="{height + BAND:g}" viewBox="0 -{BAND} {inner_width:g} {inner_height + BAND:g}"',
    )
    # As large as fits: what is cut off marks nothing.
    size = max(SMALLEST, min(LARGEST, (width - 16) / max(1, len(marking))))
    text = (
        f'<rect x="0" y="-{BAND}" width="{inner_width:g}" height="{BAND}" fill="#ffffff"/>'
        f'<text x="8" y="-7" font-family="Zopa Sans SC, sans-serif" font-size="{size:g}" font-weight="bold" '
        f'fill="#a34400">{escape(marking)}</text>'
    )
    return svg[: found.start()] + head + text + svg[found.end() :]
