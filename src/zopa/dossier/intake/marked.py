"""Markdown: the words as a reader of the page sees them, without marks, links and pictures."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from zopa.dossier.intake.page import Page


def markdown_page(text: str) -> Page | None:
    """The text of a Markdown document; its first heading is its title. None where it holds no words."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    out: list[str] = []
    title: str | None = None
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            words = _words(token)
            if title is None and before is not None and before.type == "heading_open":
                title = words or None
            out.append(words)
        elif token.type in ("fence", "code_block"):
            out.append(token.content.strip())
    whole = "\n\n".join(line for line in out if line)
    return Page(text=whole, title=title) if whole else None


def _words(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts).strip()
