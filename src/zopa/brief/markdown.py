"""The brief as Markdown: one language, charts as SVG files beside it, claims as foot of the page."""

import re
from collections.abc import Iterable, Mapping

from zopa import __version__
from zopa.brief.document import Brief, ClaimCard, Edition, Section, SourceCard, shared_claims
from zopa.case.labels import day
from zopa.result import Table, Verdict
from zopa.words import Language, say

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")
_ORDER: tuple[Verdict, ...] = ("shows", "open", "silent")


def render(brief: Brief, *, lang: Language = "zh", charts: Mapping[str, str] | None = None) -> str:
    """The brief in one language; ``charts`` gives the address of each section's picture, by section key."""
    e = brief.edition(lang)
    shown = charts or {}
    draft = brief.status == "draft"
    mark = f"**[{say('brief.draft', lang)}]** " if draft else ""
    marking = [f"**{escape(brief.mark(lang))}**", ""] if brief.mark(lang) else []
    lines = [*marking, f"# {mark}{escape(e.title)}", ""]
    if e.summary:
        lines += [escape(e.summary), ""]
    if brief.redacted:
        lines += [f"> {say('brief.redacted-meaning', lang)}", ""]
    if draft:
        lines += [f"> **{say('brief.draft', lang)}** {say('brief.draft-meaning', lang)}", ""]
    lines += [f"- {name}{_colon(lang)}{escape(value)}" for name, value in e.facts]
    lines += ["", f"## {mark}{say('brief.answers', lang)}", ""]
    for k, s in enumerate(e.answers, 1):
        lines += [f"{k}. {escape(s.question)}  ", f"   **{escape(s.headline)}**"]
    for k, s in enumerate(e.answers, 1):
        lines += _section(s, f"## {mark}{k}. ", lang, shown)
    lines += ["", f"## {mark}{say('brief.basis', lang)}"]
    for s in e.closing:
        lines += _section(s, f"### {mark}", lang, shown)
    lines += _annex(e, mark, lang)
    lines += ["", "---", "", say("brief.will-not", lang), ""]
    lines += [
        say(
            "brief.footer",
            lang,
            version=__version__,
            case=escape(brief.case),
            day=day(brief.day, lang),
            draws=brief.draws,
            seed=brief.seed,
        )
    ]
    return "\n".join([*lines, *(["", marking[0]] if marking else [])]) + "\n"


def escape(text: str) -> str:
    """Text of a document as Markdown that shows just that text: no markup, no HTML, one line."""
    flat = " ".join(text.split())
    return _LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", flat).replace("&", "&amp;"))


def _colon(lang: Language) -> str:
    return "：" if lang == "zh" else ": "


def _section(s: Section, head: str, lang: Language, charts: Mapping[str, str]) -> list[str]:
    lines = ["", f"{head}{escape(s.question)}", "", f"**{escape(s.headline)}**", ""]
    counts = [
        say(f"brief.verdict-{v}", lang) + _colon(lang) + say("brief.verdict-count", lang, n=s.verdicts[v])
        for v in _ORDER
        if s.verdicts.get(v)
    ]
    if counts:
        lines += [" · ".join(counts), ""]
    for text in s.paragraphs:
        lines += [escape(text), ""]
    if s.chart is not None and s.key in charts:
        lines += [f"![{escape(s.chart.description)}]({charts[s.key]})", "", f"*{escape(s.chart.title)}*", ""]
    for table in s.tables:
        lines += [*_table(table, lang), ""]
    lines += [f"- {escape(note)}" for note in s.notes]
    if s.reading:
        lines += ["", escape(s.reading)]
    return lines


def _table(table: Table, lang: Language) -> list[str]:
    shared = shared_claims(table)
    cited = not shared and any(table.because)
    head = [*table.columns, *([say("brief.claims-column", lang)] if cited else [])]
    lines = [f"**{escape(table.caption)}**", "", _row(head), "|" + "---|" * len(head)]
    for cells, because in zip(table.rows, table.because, strict=True):
        last = [_refs(because) or say("brief.no-claim", lang)] if cited else []
        lines.append("| " + " | ".join([*(escape(c) for c in cells), *last]) + " |")
    if shared:
        lines += ["", say("brief.all-rows", lang) + _colon(lang) + _refs(shared)]
    return lines


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def _refs(ids: Iterable[str]) -> str:
    return " ".join(f"[{escape(i)}](#claim-{anchor(i)})" for i in ids)


def anchor(name: str) -> str:
    """A claim's id as part of an address within the page."""
    return re.sub(r"[^\w.-]", lambda m: f"~{ord(m[0]):x}~", name)


def _annex(e: Edition, mark: str, lang: Language) -> list[str]:
    if not e.claims:
        return []
    lines = ["", f"## {mark}{say('brief.claims', lang)}", "", say("brief.claims-meaning", lang), ""]
    for claim in e.claims:
        lines += _claim(claim, lang)
    lines += [f"## {mark}{say('brief.sources', lang)}", "", say("brief.sources-meaning", lang), ""]
    for source in e.sources:
        lines += _source(source, lang)
    return lines


def _claim(c: ClaimCard, lang: Language) -> list[str]:
    colon = _colon(lang)
    lines = [
        f'<a id="claim-{anchor(c.id)}"></a>**{escape(c.id)}** {c.kind} · {c.grade}',
        "",
        f"> {escape(c.quote)}",
        "",
    ]
    if c.translation:
        lines += [f"{say('brief.translation', lang)}{colon}{escape(c.translation)}", ""]
    parts = [(say("brief.voice", lang), c.said)]
    if c.chain:
        parts.append((say("brief.chain", lang), " → ".join(c.chain)))
    if c.outlet:
        parts.append((say("brief.outlet", lang), c.outlet))
    parts += c.dates
    parts += [
        (say("brief.grade", lang), f"{c.grade} · {c.grade_words}"),
        (say("brief.origin", lang), c.origin),
    ]
    lines += [f"- {name}{colon}{escape(value)}" for name, value in parts]
    if c.rivals:
        rivals = "; ".join(f"{_refs([i])} {escape(remark)}" for i, remark in c.rivals)
        lines.append(f"- {say('brief.rivals', lang)}{colon}{rivals}")
    lines.append(f"- {say('brief.source', lang)}{colon}[{escape(c.source)}](#source-{anchor(c.source)})")
    if c.excerpt is not None:
        words = "".join(f"**{escape(t)}**" if q else escape(t) for t, q in c.excerpt.parts)
        around = f"{escape(c.excerpt.before)}{words}{escape(c.excerpt.after)}"
        lines.append(f"- {say('brief.in-source', lang)}{colon}{around}")
    return [*lines, ""]


def _source(s: SourceCard, lang: Language) -> list[str]:
    about = say("brief.semicolon", lang).join(
        f"{name}{_colon(lang)}{escape(value)}" for name, value in s.about
    )
    link = f" <{s.link}>" if s.link and not re.search(r"[<>\s]", s.link) else ""
    head = f'- <a id="source-{anchor(s.id)}"></a>**{escape(s.id)}** {s.letter} · {escape(s.name)}'
    return [f"{head}{link}  ", f"  {about}"]
