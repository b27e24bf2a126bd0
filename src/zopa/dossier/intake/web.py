"""Web pages: the main text without menus, adverts and comments, and the facts in the page's head.

The main text is found by trafilatura (Barbaresi, A. (2021). Trafilatura: a web scraping library and command-line tool
for text discovery and extraction. ACL demonstrations).
"""

import json
import re
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import trafilatura
from lxml import etree, html
from trafilatura.settings import DEFAULT_CONFIG

from zopa.dossier.document import decode
from zopa.dossier.intake.page import Page

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
_HEAD = 4096
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)|^((?:19|20)\d{2})(\d{2})(\d{2})"
)
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "publish_date",
    "publish-date", "publication_date", "publishtime", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.issued", "dc.date", "citation_publication_date", "weibo:article:create_at", "apub:time", "date",
)  # fmt: skip
_SITE = ("og:site_name", "application-name", "dc.publisher", "citation_journal_title")
_SOURCE = ("source", "article:source", "contentsource", "mediaid")
_TITLE = ("og:title", "twitter:title", "dc.title", "citation_title")
_EMPTY = frozenset({"", "-", "none", "null", "unknown", "互联网", "本站原创", "原创"})


def web_page(data: bytes) -> Page | None:
    """The main text and the facts of a web page; None where there is no text in it."""
    markup = _markup(data)
    try:
        tree = html.fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    text = _main(markup, tree)
    facts = _metas(tree)
    linked = tuple(_linked(tree))
    title = _first(facts, _TITLE) or _of(linked, "headline") or _title(tree)
    source, site = _first(facts, _SOURCE), _first(facts, _SITE) or _of(linked, "publisher")
    if not text:
        return None
    return Page(
        text=_headed(title, text),
        title=title,
        outlet=source or site,
        via=site if source and site and site != source else None,
        published=_published(facts, linked, tree),
        link=_link(tree, facts),
    )


def _markup(data: bytes) -> str:
    """The page as text: its own word about the encoding counts where the bytes are not UTF-8."""
    declared = _CHARSET.search(data[:_HEAD])
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    text = None
    if declared and not marked:
        name = declared[1].decode("ascii").lower()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            # GB2312 and GBK are parts of GB18030, and pages that name one use the others.
            name = "gb18030" if name.startswith(("gb", "x-gb", "hz")) else name
            try:
                text = data.decode(name, "replace")
            except LookupError:
                text = None
    text = decode(data) if text is None else text
    # An XML declaration about bytes has no place in front of text that is decoded already.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")


@cache
def _settings() -> ConfigParser:
    """Short items count as articles: a Chinese one of forty characters says as much as an English one of 250."""
    config: ConfigParser = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "40")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return config


def _main(markup: str, tree: html.HtmlElement) -> str:
    found = trafilatura.extract(
        markup, include_comments=False, include_tables=True, output_format="txt", config=_settings()
    )
    lines = (found or "").splitlines()
    if len(lines) < 2:
        # Where it finds no structure it gives all in one line; the paragraphs are better read apart.
        apart = [" ".join(p.text_content().split()) for p in tree.iter("p")]
        lines = apart if any(apart) else lines
    return "\n\n".join(line.strip() for line in lines if line.strip())


def _headed(title: str | None, text: str) -> str:
    """The text under its title; pages keep it apart or repeat it."""
    if not title or " ".join(title.split()) in " ".join(text[: 2 * len(title) + 200].split()):
        return text
    return f"{title}\n\n{text}"


# ---- facts -----------------------------------------------------------------------------------------------------


def _metas(tree: html.HtmlElement) -> Mapping[str, str]:
    """What the page's ``meta`` elements say, by name in lower case; the first of a name counts."""
    out: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for key in ("property", "name", "itemprop"):
            name = (meta.get(key) or "").strip().lower()
            if name and content.lower() not in _EMPTY:
                out.setdefault(name, content[:500])
    return out


def _first(facts: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((facts[name] for name in names if name in facts), None)


def _linked(tree: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects of the page's JSON-LD that can hold facts of an article."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            todo = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        for _ in range(200):
            if not todo:
                break
            node = todo.pop()
            if isinstance(node, list):
                todo += node
            elif isinstance(node, dict):
                yield node
                todo += [value for key, value in node.items() if key in ("@graph", "mainEntity")]


def _of(linked: tuple[Mapping[str, Any], ...], key: str) -> str | None:
    for node in linked:
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:500]
    return None


def _title(tree: html.HtmlElement) -> str | None:
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            words = " ".join(element.text_content().split())
            if words:
                # Title elements end with the name of the site.
                return words if tag == "h1" else re.split(r"\s[-_|–—]\s|[_|]", words)[0].strip() or words
    return None


def _published(
    facts: Mapping[str, str], linked: tuple[Mapping[str, Any], ...], tree: html.HtmlElement
) -> date | None:
    told = [*(facts[name] for name in _PUBLISHED if name in facts), _of(linked, "datePublished")]
    told += [time.get("datetime") for time in tree.iter("time") if time.get("pubdate") is not None]
    return next((day for value in told if value and (day := day_in(value)) is not None), None)


def day_in(words: str) -> date | None:
    """The first calendar day in such a value, as it stands there: 2026-02-05T23:30:00Z, 2026年2月5日, 20260205."""
    found = _DAY.search(words.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _link(tree: html.HtmlElement, facts: Mapping[str, str]) -> str | None:
    links = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    found = next((link for link in [*links, facts.get("og:url")] if link), None)
    return found if found is not None and found.startswith(("http://", "https://")) else None
