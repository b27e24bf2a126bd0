"""How answers show themselves in a notebook: plain HTML that needs nothing and still stands where nothing is trusted.

JupyterLab takes SVG elements, style sheets and scripts out of a notebook that somebody else made; a picture in an
``img`` and inline styles stay. So the chart is such an image on its own white ground, text takes the colours of the
page, light or dark, and what is wider or longer than a cell scrolls.
"""

import os
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Protocol

from zopa.words import LANGUAGES, Language, say, sentences

CLAIMS = 4
"""Ids of claims shown in a row; ``rows()`` has them all."""
_CELL = "text-align:left;vertical-align:top"
_BOX = "overflow:auto;max-height:30em"
_COLUMN = 6
"""Width that a column keeps, in ems: a wide table scrolls rather than break every word."""


class Grid(Protocol):
    """What a table is made of."""

    @property
    def caption(self) -> str:
        """What it shows."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Heads of the columns."""
        ...

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Cells as text."""
        ...

    @property
    def because(self) -> tuple[tuple[str, ...], ...]:
        """Ids of the claims behind each row."""
        ...


def spoken() -> Language:
    """The language where nobody asked for one: ``ZOPA_LANG``, else the locale, else English."""
    own = os.environ.get("ZOPA_LANG", "")[:2].lower()
    if own in LANGUAGES:
        return own
    # The first of these that is set decides, as everywhere on the system.
    locale = next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(name))), "")
    return "zh" if locale[:2].lower() == "zh" else "en"


def image(svg: str, described: str, width: str) -> str:
    """An SVG text as an image of some width in pixels, which shrinks with its cell."""
    data = b64encode(svg.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(described)}" width="{width}" '
        'style="max-width:100%;height:auto;background-color:#ffffff">'
    )


def grid(table: Grid, lang: Language, *, shown: bool = True) -> str:
    """A table with the claims behind its rows; told once below where all rows rest on the same."""
    shared = set(table.because) if len(set(table.because)) == 1 else set()
    each = not shared and any(table.because)
    heads = (*table.columns, say("result.notebook-claims", lang)) if each else table.columns
    lines = [
        (*row, _claims(because, lang)) if each else row
        for row, because in zip(table.rows, table.because, strict=True)
    ]
    head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in line) + "</tr>"
        for line in lines
    )
    made = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    held = f'<table style="margin:0;min-width:{_COLUMN * len(heads)}em">{made}</table>'
    below = "".join(
        f"<p>{escape(say('result.notebook-all-rows', lang, claims=_claims(because, lang)))}</p>"
        for because in shared
        if because
    )
    size = say("result.notebook-rows", lang, n=len(table.rows))
    top = f"<summary>{escape(table.caption)} ({size})</summary>"
    return f'<details{" open" * shown}>{top}<div style="{_BOX}">{held}</div>{below}</details>'


def _claims(ids: Sequence[str], lang: Language) -> str:
    first = " ".join(ids[:CLAIMS])
    more = len(ids) - CLAIMS
    return f"{first} {say('result.notebook-more', lang, n=more)}" if more > 0 else first


def answer(
    headline: str, picture: str, tables: Sequence[Grid], notes: Sequence[str], name: str, lang: Language
) -> str:
    """Headline, picture, main table; then by name the tables that the result has besides, and its notes."""
    lead = sentences(headline)[0]
    rest = headline.strip().removeprefix(lead)
    parts = [f"<p><strong>{escape(lead)}</strong>{escape(rest)}</p>", picture]
    parts += [grid(table, lang) for table in tables[:1]]
    if tables[1:]:
        told = say("result.notebook-tables", lang, n=len(tables) - 1)
        others = "".join(
            f'<li><code>.tables("{lang}")[{k}]</code> {escape(table.caption)}</li>'
            for k, table in enumerate(tables[1:], start=1)
        )
        parts.append(f"<details><summary>{escape(told)}</summary><ul>{others}</ul></details>")
    if notes:
        told = say("result.notebook-notes", lang, n=len(notes))
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        parts.append(f"<details><summary>{escape(told)}</summary><ul>{items}</ul></details>")
    code = "zh-Hans" if lang == "zh" else "en"
    return f'<div class="zopa-{escape(name)}" lang="{code}">{"".join(parts)}</div>'
