"""The brief as PDF: a few pages to hand round, tagged for screen readers (PDF/UA), the same bytes for the same brief.

Set by typst. Everything the pages say goes in as JSON and is set as text: no word of a document can become markup.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from zopa import __version__
from zopa.brief.document import Brief, Section
from zopa.brief.html import text_of
from zopa.case.labels import day
from zopa.charts.glyphs import FONT_FOLDER
from zopa.errors import width
from zopa.words import Language, say

WIDE, TALLEST = 176.0, 84.0
"""Millimetres that a chart may be wide and high."""
LEGIBLE = 0.66
"""A chart that would have to be made smaller than this gives way to the first rows of its table: words of eleven pixels
become five and a half points."""
FIRST = 5
"""Rows of a table that stand on paper."""
ROWS = 8
"""Open questions of the record that are listed; the page says how many there are."""
CLAIMS = 14
"""Claims named below an answer."""
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')


def render(brief: Brief, *, lang: Language = "zh") -> bytes:
    """The brief in one language as a PDF, with its marking on every page."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONT_FOLDER)])
    made: bytes = typst.compile(
        text_of("brief.typ").encode(),
        font_paths=fonts,
        format="pdf",
        sys_inputs={"data": json.dumps(pages(brief, lang), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=datetime(brief.day.year, brief.day.month, brief.day.day, tzinfo=UTC),
    )
    return made


def pages(brief: Brief, lang: Language) -> dict[str, Any]:
    """What the pages say, as plain data."""
    e = brief.edition(lang)
    unsettled = next((s for s in e.closing if s.key == "unsettled"), None)
    draft = brief.status == "draft"
    return {
        "lang": lang,
        "title": e.title,
        "draft": say("brief.draft-meaning", lang) if draft else "",
        "summary": e.summary,
        "marking": " · ".join(m for m in (brief.mark(lang), say("brief.draft", lang) if draft else "") if m),
        "redacted": say("brief.redacted-meaning", lang) if brief.redacted else "",
        "day": [brief.day.year, brief.day.month, brief.day.day],
        "facts": e.facts,
        "answers": [_answer(section, lang) for section in e.answers],
        "unsettled": unsettled.headline if unsettled is not None else "",
        "open": [
            {"name": say(f"brief.short-{s.key}", lang), "verdicts": _verdicts(s, lang)}
            for s in e.answers
            if s.verdicts.get("open") or s.verdicts.get("silent")
        ],
        "closing": [_closing(s, lang) for s in e.closing if s.key != "unsettled"],
        "footer": say(
            "brief.footer", lang, version=__version__, case=brief.case, day=day(brief.day, lang),
            draws=brief.draws, seed=brief.seed,
        ),
        "labels": {
            "answers": say("brief.answers", lang),
            "unsettled": say("brief.question-unsettled", lang),
            "basis": say("brief.basis", lang),
            "whole": say("brief.paper-whole", lang, n=len(e.claims)),
        },
    }  # fmt: skip


def _answer(s: Section, lang: Language) -> dict[str, Any]:
    chart = _chart(s)
    return {
        "question": s.question,
        "lead": s.lead,
        "second": s.second,
        "rest": s.rest,
        "verdicts": _verdicts(s, lang),
        "paragraphs": s.paragraphs,
        "chart": chart,
        "table": _table(s, lang) if chart is None and s.tables else None,
        "claims": _claims(s.claims, lang),
        "reading": s.reading,
    }


def _verdicts(s: Section, lang: Language) -> Sequence[Mapping[str, str]]:
    colon = "：" if lang == "zh" else ": "
    return [
        {
            "kind": kind,
            "text": say(f"brief.verdict-{kind}", lang)
            + colon
            + say("brief.verdict-count", lang, n=s.verdicts[kind]),
        }
        for kind in ("shows", "open", "silent")
        if s.verdicts.get(kind)
    ]


def _chart(s: Section) -> dict[str, Any] | None:
    """The picture with its size on paper in millimetres; None where there is none, or it would be too small to read."""
    if s.chart is None:
        return None
    svg = s.chart.to_svg(titled=False)
    size = _SIZE.search(svg)
    # Pixels of 96 to the inch.
    width, height = (float(size[k]) * 25.4 / 96 for k in (1, 2)) if size else (WIDE, TALLEST)
    scale = min(1.0, WIDE / width, TALLEST / height)
    if scale < LEGIBLE:
        return None
    title, note = s.chart.title, s.chart.note
    return {
        "svg": svg,
        "alt": s.chart.description or title,
        "title": title,
        "note": note,
        "height": height * scale,
    }


def _table(s: Section, lang: Language) -> dict[str, Any]:
    table = s.tables[0]
    more = len(table.rows) - FIRST
    note = say("brief.paper-rows", lang, n=FIRST, all=len(table.rows)) if more > 0 else ""
    rows = table.rows[:FIRST]
    # Long cells get more of the width, but not in proportion: the square root balances lines against columns.
    lengths = [
        max([width(cell) for cell in column] or [1]) for column in zip(table.columns, *rows, strict=True)
    ]
    shares = [max(2.4, min(length, 160) ** 0.5) for length in lengths]
    return {"caption": table.caption, "columns": table.columns, "rows": rows, "note": note, "shares": shares}


def _claims(ids: Sequence[str], lang: Language) -> str:
    if not ids:
        return ""
    shown = ("、" if lang == "zh" else ", ").join(ids[:CLAIMS])
    more = say("brief.more", lang, n=len(ids) - CLAIMS) if len(ids) > CLAIMS else ""
    colon = "：" if lang == "zh" else ": "
    stop = "。" if lang == "zh" else ". "
    return f"{say('brief.rests-on', lang)}{colon}{shown} {more}".rstrip() + stop


def _closing(s: Section, lang: Language) -> dict[str, Any]:
    rows = [" · ".join(row) for table in s.tables for row in table.rows] if s.key == "unknowns" else []
    return {
        "question": s.question,
        "headline": s.headline,
        "paragraphs": s.paragraphs[:1],
        "rows": rows[:ROWS],
    }
