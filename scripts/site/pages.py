"""What is done to every page between the Markdown it is written in and the file a browser opens."""

import json
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from navigation import Section, counterpart, language, sections
from notebook import markdown
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from words import WORDS

PACKAGE = Path(__file__).resolve().parent.parent.parent / "src" / "zopa"
THEME = Path(__file__).resolve().parent / "theme"
LOOKS_END = "/* which edition is shown"  # the rest of page.css is about the brief alone
SEARCH = {"en": "search", "zh": "zh/search"}
GLOSSARIES = ("reference/glossary", "zh/reference/glossary")
SHORT_CODE = 24
INDEX = {"en": "index", "zh": "zh/index"}
# Between two of these a line break in the source is no space: Han, kana, the wide marks of both; beside a stop never.
_WIDE = re.compile(r"[\u2e80-\u303f\u3040-\u30ff\u31c0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…]")
_STOP = re.compile(r"[\u3001-\u3011\uff01-\uff1f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def setup(app: Sphinx) -> None:
    """Take part in Sphinx's build."""
    app.connect("builder-inited", _no_search_of_its_own)
    app.connect("source-read", _source)
    app.connect("html-page-context", _context)
    app.connect("html-collect-pages", _more_pages)
    app.connect("build-finished", _finish)
    app.add_transform(Anchors)
    app.add_transform(Lines)
    app.add_transform(Languages)
    app.add_transform(Terms)
    app.add_post_transform(Tables)


class Anchors(SphinxTransform):
    """A heading's anchor is what a code host makes of its words, Chinese ones too, instead of a number."""

    default_priority = 705  # when myst has added its own, and before links look for them

    def apply(self, **_: Any) -> None:
        """Make it the only one."""
        slugs: dict[str, tuple[int | None, str, str]] = getattr(self.document, "myst_slugs", {})
        for section in self.document.findall(nodes.section):
            slug = section.get("slug")
            if slug and slug in section["ids"]:
                section["ids"] = [slug]
                if slug in slugs:
                    line, _number, text = slugs[slug]
                    slugs[slug] = (line, slug, text)


class Lines(SphinxTransform):
    """A line break between two Chinese characters is where the source wraps, not a space."""

    default_priority = 710

    def apply(self, **_: Any) -> None:
        """Take those out."""
        for block in self.document.findall(nodes.TextElement):
            if isinstance(block, nodes.Inline | nodes.FixedTextElement):
                continue
            texts = [text for text in block.findall(nodes.Text) if str(text)]
            for before, here, after in zip(texts, texts[1:], texts[2:], strict=False):
                ends = str(before)[-1:], str(after)[:1]
                if str(here) == "\n" and (all(map(_WIDE.match, ends)) or any(map(_STOP.match, ends))):
                    # Texts are equal by their letters: the place is that of this very one.
                    place = next(k for k, child in enumerate(here.parent.children) if child is here)
                    here.parent[place] = nodes.Text("")


class Languages(SphinxTransform):
    """On an English page a block in Chinese says so, for fonts and for screen readers."""

    default_priority = 715

    def apply(self, **_: Any) -> None:
        """Mark them."""
        if language(self.env.docname) == "zh":
            return
        for block in self.document.findall(nodes.paragraph):
            text = block.astext()
            if len(_HAN.findall(text)) > 2 * len(_LATIN_WORD.findall(text)):
                block["classes"].append("language-zh-Hans")  # docutils writes lang="zh-Hans"


class Terms(SphinxTransform):
    """A term of the glossary can be linked to and found; a short piece of code stays on one line."""

    default_priority = 720

    def apply(self, **_: Any) -> None:
        """Give the terms their anchors, the code its class."""
        if self.env.docname in GLOSSARIES:
            for block in self.document.findall(nodes.paragraph):
                if term := _term(block):
                    anchor = re.sub(r"[^\w\- ]", "", term.lower()).replace(" ", "-")
                    block["ids"] = [anchor] if anchor not in self.document.ids else []
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT_CODE:
                code["classes"].append("short")


def _term(block: nodes.Element) -> str:
    """The term that a paragraph explains; empty where it explains none."""
    first = next((child for child in block.children if child.astext()), None)
    return first.astext() if isinstance(first, nodes.strong) else ""


class Tables(SphinxPostTransform):
    """A table wider than the window scrolls by itself."""

    default_priority = 500

    def run(self, **_: Any) -> None:
        """Put a box around each."""
        for table in list(self.document.findall(nodes.table)):
            box = nodes.container(classes=["scroll"])
            table.replace_self(box)
            box += table


def _no_search_of_its_own(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]


def _source(app: Sphinx, docname: str, content: list[str]) -> None:
    """Notebooks become Markdown; the two indexes get the navigation as hidden lists."""
    if app.env.doc2path(docname).suffix == ".ipynb":
        content[0] = markdown(content[0])
    for lang, index in INDEX.items():
        if docname == index:
            own = [
                [entry.page for entry in section.entries if language(entry.page) == lang]
                for section in sections(Path(app.srcdir), lang)
            ]
            listed = "".join(_hidden(pages) for pages in own if pages)
            content[0] += listed + (_hidden([INDEX["zh"]]) if lang == "en" else "")


def _hidden(pages: list[str]) -> str:
    return "\n```{toctree}\n:hidden:\n\n" + "".join(f"/{page}\n" for page in pages) + "```\n"


def _context(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    """What the template needs: the language's words, the navigation, the other language's page."""
    lang = language(page)
    docs = app.env.found_docs
    known = {*docs, *SEARCH.values()}
    other = "zh" if lang == "en" else "en"
    twin = counterpart(page)
    for way in ("next", "prev"):
        # The Chinese tree hangs below the English one; readers do not turn the page from one into the other.
        link = context.get(way)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link["link"])) if link else page
        if language(target) != lang:
            context[way] = None
    context |= {
        "words": WORDS[lang],
        "index_page": INDEX[lang],
        "search_page": SEARCH[lang],
        "navigation": list(_navigation(app, lang, page)),
        "twin": twin if twin in known else INDEX[other],
        "has_twin": twin in known,
    }
    if "body" in context:
        context["body"] = context["body"].replace(
            'title="Link to this heading"', f'title="{WORDS[lang]["anchor"]}"'
        )
    if doctree is not None:
        _note(app, page, lang, doctree)


def _navigation(app: Sphinx, lang: str, page: str) -> Iterator[Mapping[str, Any]]:
    found: dict[str, tuple[Section, ...]] = app.env.__dict__.setdefault("zopa_sections", {})
    if lang not in found:
        found[lang] = sections(Path(app.srcdir), lang)
    for section in found[lang]:
        yield {
            "caption": section.caption,
            "entries": [
                {
                    "page": entry.page,
                    "title": entry.label or app.env.titles[entry.page].astext(),
                    "here": entry.page == page,
                    "foreign": language(entry.page) != lang,
                }
                for entry in section.entries
            ],
        }


def _more_pages(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    for lang, page in SEARCH.items():
        yield page, {"title": WORDS[lang]["search"]}, "search.html"


# --- the index of the search: every section with its text, as one script that a page can load from a folder


def _note(app: Sphinx, page: str, lang: str, doctree: nodes.document) -> None:
    places: list[list[str]] = app.env.__dict__.setdefault("zopa_places", [])
    # A page without a version in the other language serves readers of both.
    serves = lang if counterpart(page) in app.env.found_docs else "both"
    title = app.env.titles[page].astext()
    for section in doctree.findall(nodes.section):
        head = next(iter(section.findall(nodes.title)), None)
        own = [child for child in section.children if not isinstance(child, nodes.section | nodes.title)]
        if page in GLOSSARIES:
            terms = [child for child in own if isinstance(child, nodes.paragraph) and child["ids"]]
            places += [
                [serves, f"{page}.html#{child['ids'][0]}", title, _term(child), child.astext()]
                for child in terms
            ]
            own = [child for child in own if child not in terms]
        text = " ".join(" ".join(_texts(child)) for child in own)
        address = f"{page}.html"
        if not isinstance(section.parent, nodes.document):
            address += f"#{section['ids'][0]}"
        places.append([serves, address, title, head.astext() if head else title, re.sub(r"\s+", " ", text)])


def _texts(node: nodes.Node) -> Iterator[str]:
    """The words of a block, cell by cell; what was drawn in a notebook is none."""
    if isinstance(node, nodes.raw):
        return
    if isinstance(node, nodes.TextElement):
        yield node.astext()
        return
    for child in node.children:
        yield from _texts(child)


def _finish(app: Sphinx, failed: Exception | None) -> None:
    """The search's index, and from the package its colours and its icon."""
    if failed is not None:
        return
    out = Path(app.outdir)
    places = sorted(app.env.__dict__.get("zopa_places", []), key=lambda place: str(place[1]))
    text = json.dumps(places, ensure_ascii=False, separators=(",", ":"))
    (out / "search-index.js").write_text(f"var PLACES={text};\n", encoding="utf-8")
    looks = (PACKAGE / "brief" / "templates" / "page.css").read_text(encoding="utf-8")
    (out / "_static" / "base.css").write_text(looks.partition(LOOKS_END)[0], encoding="utf-8")
    shutil.copyfile(PACKAGE / "web" / "assets" / "icon.svg", out / "_static" / "icon.svg")
    shutil.rmtree(out / "_sources", ignore_errors=True)
    ours = {"base.css", "icon.svg"} | {path.name for path in (THEME / "static").iterdir()}
    for path in [*(out / "_static").iterdir(), out / "objects.inv"]:
        if path.name not in ours:
            path.unlink()
