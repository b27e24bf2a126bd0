"""The brief as one HTML file: both languages, live charts, every claim; opens from disk and asks no network.

Texts of documents are escaped by the templates, data of charts stand in JSON blocks in which ``<`` is escaped, and a
content policy names the page's own two scripts by their digest: nothing else runs, and nothing is fetched.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from zopa import __version__
from zopa.brief.document import Brief, Edition, Section, shared_claims
from zopa.case.labels import day
from zopa.charts.chart import Chart, live_bundle
from zopa.charts.style import BLUE, PALETTE
from zopa.charts.webfont import font_faces
from zopa.result import BANDS
from zopa.words import LANGUAGES, Language, say

OWN_NAMES = {"en": "English", "zh": "中文"}
_NUMERIC = re.compile(r"^[\s\d.,:;–—\-−+±%‰()（）\[\]<>≈=≤≥/·]*\d[\s\d.,:;–—\-−+±%‰()（）\[\]<>≈=≤≥/·]*$")
_INNER = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-label="[^"]*")')
_FACETS = ("hconcat", "vconcat", "concat", "facet", "repeat")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as the page needs it: a still for readers without scripts, and the specification of the live one."""

    svg: Markup
    spec: Markup
    narrow: Markup | None
    width: int
    fluid: str
    missing: str


@dataclass(frozen=True)
class Page:
    """What ``parts.html.jinja`` asks of the page it stands on: its language, and where things are on it."""

    lang: Language
    draft: bool
    parties: tuple[str, ...]
    """Names of the negotiators, in the order of their colours."""
    answered: tuple[str, ...]
    """Keys of the answers that can be gone to."""

    @property
    def tag(self) -> str:
        """Language tag for ``lang`` attributes."""
        return tag(self.lang)

    @property
    def own_name(self) -> str:
        """The language's name in itself."""
        return OWN_NAMES[self.lang]

    @property
    def colon(self) -> str:
        """The colon between a label and its text."""
        return "：" if self.lang == "zh" else ": "

    @property
    def bands(self) -> Sequence[tuple[str, str, str]]:
        """Probability words with the ends of their ranges in percent."""
        tops = [round(100 * min(top, 1)) for top, _ in BANDS]
        names = [say(f"result.{name}", self.lang) for _, name in BANDS]
        lows = [0, *tops[:-1]]
        return [(str(low), str(top), name) for low, top, name in zip(lows, tops, names, strict=True)]

    def say(self, key: str, **values: object) -> str:
        """A sentence of the brief's catalogue."""
        return say(f"brief.{key}", self.lang, **values)

    def paren(self, text: str) -> str:
        """A text in parentheses of the language."""
        return f"（{text}）" if self.lang == "zh" else f"({text})"

    def party_at(self, cell: str) -> int | None:
        """Position among the negotiators of the party a cell names, or None."""
        return self.parties.index(cell) if cell in self.parties else None

    def section_of(self, cell: str) -> str | None:
        """Key of the answer whose short name a cell holds, or None."""
        return next((key for key in self.answered if self.say(f"short-{key}") == cell), None)

    def to_claim(self, name: str) -> str:
        """Where a claim's card stands."""
        return f"#{self.lang}-claim-{anchor(name)}"

    def to_source(self, name: str) -> str:
        """Where a source's card stands."""
        return f"#{self.lang}-source-{anchor(name)}"

    def to_section(self, key: str) -> str:
        """Where an answer stands."""
        return f"#{self.lang}-{key}"

    def picture(self, section: Section) -> Picture:
        """A section's chart, drawn."""
        assert section.chart is not None
        return picture(section.chart)


@dataclass(frozen=True)
class View(Page):
    """One edition with the words around it; attributes it lacks are the edition's own."""

    edition: Edition
    brief: Brief

    @classmethod
    def of(cls, brief: Brief, lang: Language) -> "View":
        """The view of a brief in one language."""
        edition = brief.edition(lang)
        answered = tuple(section.key for section in edition.answers)
        return cls(lang, brief.status == "draft", edition.parties, answered, edition, brief)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.edition, name)

    @property
    def footer(self) -> str:
        """How the file was made, in one line."""
        brief = self.brief
        return say(
            "brief.footer",
            self.lang,
            version=__version__,
            case=brief.case,
            day=day(brief.day, self.lang),
            draws=brief.draws,
            seed=brief.seed,
        )


def render(brief: Brief, *, lang: Language = "zh") -> str:
    """The whole page as text; ``lang`` is the language it opens in."""
    order = (lang, *(other for other in LANGUAGES if other != lang))
    script = text_of("charts.js") + text_of("page.js")
    charts = any(section.chart is not None for section in brief.edition(lang).sections)
    bundle = _inline(live_bundle()) if charts else ""
    page = _environment().get_template("page.html.jinja")
    return page.render(
        brief=brief,
        draft=brief.status == "draft",
        editions=[View.of(brief, each) for each in order],
        lang=lang,
        policy=_policy(bundle, script),
        bundle=Markup(bundle),
        script=Markup(script),
        style=Markup(style()),
        version=__version__,
    )


def picture(chart: Chart) -> Picture:
    """A chart as a page needs it."""
    svg, spec = chart.to_svg(titled=False), chart.full(titled=False)
    found = re.search(r'<svg[^>]* width="(\d+)', svg)
    narrow = chart.narrow and safe_json({**chart.narrow, "description": spec["description"]})
    return Picture(
        svg=Markup(_lean(svg)),
        spec=safe_json(spec),
        narrow=narrow or None,
        width=int(found[1]) if found else 720,
        fluid="yes" if fluid(spec) else "no",
        missing=" ".join(chart.missing),
    )


def _lean(svg: str) -> str:
    # The picture is one image with one label for a screen reader; labels of its marks, which no one is told, were a
    # third of its size.
    head, mark, body = svg.partition(">")
    return head + mark + _INNER.sub("", body)


def safe_json(value: object) -> Markup:
    """JSON for a script block: characters as they are, but no ``<`` that could end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def fluid(spec: Any) -> bool:
    """Whether a chart can take the width of its page: composed charts keep theirs and scroll."""
    faceted = any(channel in spec.get("encoding", {}) for channel in ("row", "column", "facet"))
    return isinstance(spec.get("width"), int) and not faceted and not any(key in spec for key in _FACETS)


def tag(lang: str) -> str:
    """BCP 47 tag of a language."""
    return "zh-Hans" if lang == "zh" else lang


def anchor(name: str) -> str:
    """A claim's or source's id as part of an address within the page."""
    return re.sub(r"[^\w.-]", lambda m: f"~{ord(m[0]):x}~", name)


def _numeric(cell: str) -> bool:
    return bool(_NUMERIC.match(cell))


def text_of(name: str) -> str:
    """A template, script or style sheet of the brief, by its name."""
    return (files("zopa") / "brief" / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return environment(text_of)


def environment(load: Callable[[str], str]) -> Environment:
    """Templates by the name that ``load`` gives the text of: texts are escaped, what is missing is an error."""
    made = Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(anchor=anchor, tag=tag, numeric=_numeric, shared=shared_claims)
    return made


def style() -> str:
    """The look of a brief, fonts and the colours of parties included."""
    return font_faces() + sheet()


def sheet() -> str:
    """The style sheet by itself, for pages that get the fonts from elsewhere."""
    parties = "".join(f".p{k}{{background:{colour}}}" for k, colour in enumerate(PALETTE))
    return text_of("page.css").replace("/* parties */", parties).replace("#0072B2", BLUE)


def _inline(script: str) -> str:
    # Inside a script element only these two strings could end it or open a comment in it.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(*scripts: str) -> str:
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts if s]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )
