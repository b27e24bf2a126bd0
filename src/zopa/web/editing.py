"""The case file as pages: every value with a field of its own, written back into the author's text and nothing else.

An edit names what stood there when its page was loaded; where something else stands by now, both are shown and nothing
is written. What was done can be taken back, and seen as a difference, for as long as the workbench is open.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from zopa.case.edit import delete_value, replace_text, set_value
from zopa.case.folder import CASE
from zopa.case.labels import section_name
from zopa.case.private import PRIVATE
from zopa.case.quantities import quantities
from zopa.case.yaml_text import Node, Path, find, parse
from zopa.claims.files import MOST_YAML, inside, read_lines
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Place, Problem, ZopaError
from zopa.web.pages import WebPage, drawn

if TYPE_CHECKING:
    from zopa.web.app import Workbench

FILES = (CASE, PRIVATE)
SEPARATOR = "/"
"""Between the steps of a path in an address; ids and keys have none."""
LINE = 90
"""Characters up to which a value has a field of one line."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One value of the file: its key, its path, what is written there, what lies below; ``bounds`` of an estimate."""

    key: str
    path: str
    written: str
    inner: tuple["Branch", ...] = ()
    bounds: tuple[float, float] | None = None
    ends: tuple[float, float] | None = None
    claims: tuple[str, ...] = ()
    name: str = ""


@dataclass
class Edits:
    """What was changed since the workbench was opened, to be seen and taken back."""

    done: list[tuple[str, str, str]] = field(default_factory=list)
    """File, text before, text after, in order."""

    def diff(self, folder: FilePath) -> str:
        """What the files say now against what they said before the first change, as a unified difference."""
        out = []
        for file in dict.fromkeys(name for name, *_ in self.done):
            first = next(before for name, before, _ in self.done if name == file)
            lines = difflib.unified_diff(
                first.splitlines(), text_of(folder, file).splitlines(), file, file, lineterm="", n=2
            )
            out.append("\n".join(lines))
        return "\n".join(part for part in out if part)


def text_of(folder: FilePath, file: str) -> str:
    """The text of a case file; empty where there is none."""
    return read_lines(folder, file, most=MOST_YAML).text if inside(folder, file).exists() else ""


# ---- the tree ----------------------------------------------------------------------------------------------------


def branches(
    node: Node, path: tuple[str, ...] = (), *, bounds: Mapping[str, tuple[float, float]], lang: str
) -> Iterator[Branch]:
    """The values below a node, each with what lies below it."""
    for key, inner in _children(node):
        here = (*path, key)
        known = bounds.get(".".join(here))
        leaf = (
            inner.entries is None and (inner.items is None or len(inner.written) <= LINE)
        ) or known is not None
        yield Branch(
            key,
            SEPARATOR.join(here),
            inner.written.strip(),
            () if leaf else tuple(branches(inner, here, bounds=bounds, lang=lang)),
            known if leaf else None,
            _ends(inner, known) if leaf and known is not None else None,
            tuple(_cited(inner)),
            _name(inner, lang),
        )


def _children(node: Node) -> Iterator[tuple[str, Node]]:
    if node.entries is not None:
        yield from node.entries.items()
    for k, item in enumerate(node.items or ()):
        yield item.id or str(k), item


def _cited(node: Node) -> Iterator[str]:
    found = (node.entries or {}).get("because")
    for item in (found.items or ()) if found is not None else ():
        cited = (item.entries or {}).get("claim", item).scalar
        if isinstance(cited, str):
            yield cited


def _name(node: Node, lang: str) -> str:
    found = (node.entries or {}).get("name")
    if found is None:
        return ""
    chosen = (found.entries or {}).get(lang, found)
    return chosen.scalar if isinstance(chosen.scalar, str) else ""


def _ends(node: Node, bounds: tuple[float, float]) -> tuple[float, float] | None:
    """Low and high of an estimate written as one number or ``a to b``; None where it is written in another way."""
    said = (node.entries or {}).get("is", node).scalar
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said), float(said)
    parts = said.split(" to ") if isinstance(said, str) else []
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        return bounds if said == "unknown" else None
    return low, high


def _bounds(page: WebPage) -> dict[str, tuple[float, float]]:
    """By path, between which values an estimate lies, where both ends are known: these get a slider."""
    case = page.opened.case
    if case is None:
        return {}
    out = {}
    for path, quantity in quantities(case.file).items():
        low, high = quantity.number.bounds.low, quantity.number.bounds.high
        if isfinite(low) and isfinite(high):
            # The file keeps a party's issues beside no_deal, the model in a mapping of their own.
            out[path] = out[path.replace(".issues.", ".", 1)] = (low, high)
    return out


# ---- pages -------------------------------------------------------------------------------------------------------


async def sections(bench: "Workbench", request: Request) -> Response:
    """The sections of the case file, and what was changed."""
    page = await run_in_threadpool(bench.page, request)
    told = {
        file: [(name, section_name(name, page.lang)) for name in _sections(bench, file)] for file in FILES
    }
    diff = await run_in_threadpool(bench.edits.diff, bench.desk.folder)
    return drawn("case.html.jinja", page, here="case", files=told, diff=diff, edits=len(bench.edits.done))


def _sections(bench: "Workbench", file: str) -> list[str]:
    root, _ = parse(Lines(file, text_of(bench.desk.folder, file)))
    return list((root.entries or {}) if root is not None else ())


async def section(bench: "Workbench", request: Request) -> Response:
    """One section, every value with its field."""
    page = await run_in_threadpool(bench.page, request)
    file, name = request.path_params["file"], request.path_params["section"]
    if file not in FILES:
        return PlainTextResponse(page.word("missing"), 404)
    root, found = parse(Lines(file, text_of(bench.desk.folder, file)))
    node = (root.entries or {}).get(name) if root is not None and not found else None
    if node is None:
        return PlainTextResponse(page.word("missing"), 404)
    inner = tuple(branches(node, (name,), bounds=_bounds(page), lang=page.lang))
    tree = Branch(name, name, node.written.strip(), inner)
    return drawn(
        "section.html.jinja",
        page,
        here="case",
        file=file,
        tree=tree,
        title=section_name(name, page.lang),
        line=LINE,
    )


async def text(bench: "Workbench", request: Request) -> Response:
    """A whole file as text."""
    page = await run_in_threadpool(bench.page, request)
    file = request.path_params["file"]
    if file not in FILES:
        return PlainTextResponse(page.word("missing"), 404)
    written = await run_in_threadpool(text_of, bench.desk.folder, file)
    return drawn("text.html.jinja", page, here="case", file=file, written=written)


# ---- changes -----------------------------------------------------------------------------------------------------


async def change(bench: "Workbench", request: Request) -> Response:
    """Set one value, or take it out; in the address the file, in the form path, value, and what stood there."""

    def done(form: Mapping[str, str], file: str) -> str:
        path = tuple(
            int(step) if step.isdecimal() else step for step in form.get("path", "").split(SEPARATOR)
        )
        old = text_of(bench.desk.folder, file)
        _still(file, old, path, form.get("was"))
        if form.get("action") == "delete":
            delete_value(bench.desk.folder, path, file=file)
        else:
            set_value(bench.desk.folder, path, _value(form.get("value", "")), file=file)
        bench.edits.done.append((file, old, text_of(bench.desk.folder, file)))
        return f"/case/{file}/{path[0]}"

    return await _edited(bench, request, done)


async def rewrite(bench: "Workbench", request: Request) -> Response:
    """Put another text in place of a whole file."""

    def done(form: Mapping[str, str], file: str) -> str:
        # A browser sends line ends its own way; the file keeps to one.
        new, was = (form.get(key, "").replace("\r\n", "\n") for key in ("text", "was"))
        old = text_of(bench.desk.folder, file)
        if old.replace("\r\n", "\n") != was:
            raise CaseFileError.of("edit-stale", Place(file), file=file)
        replace_text(bench.desk.folder, new, file=file, was=old)
        bench.edits.done.append((file, old, new))
        return "/case"

    return await _edited(bench, request, done)


async def undo(bench: "Workbench", request: Request) -> Response:
    """Take the last change of this workbench back, if nothing was changed since."""

    def done(form: Mapping[str, str], _: str) -> str:
        if not bench.edits.done:
            raise CaseFileError.of("undo-none")
        file, before, after = bench.edits.done[-1]
        replace_text(bench.desk.folder, before, file=file, was=after)
        bench.edits.done.pop()
        return "/case"

    return await _edited(bench, request, done)


async def _edited(bench: "Workbench", request: Request, done: Any) -> Response:
    page = await run_in_threadpool(bench.page, request)
    form = await bench.form(request)
    if form is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    if bench.desk.example:
        return drawn("refused.html.jinja", page, 409, here="case", told=[page.word("example-closed")])
    file = request.path_params.get("file", CASE)
    if file not in FILES:
        return PlainTextResponse(page.word("missing"), 404)
    values = {key: str(value) for key, value in form.items()}

    def locked() -> str:
        with bench.desk.writing:
            where: str = done(values, file)
            return where

    try:
        return RedirectResponse(page.to(await run_in_threadpool(locked)) + values.get("at", ""), 303)
    except ZopaError as error:
        return _refused(bench, page, file, values, error.problems)


def _refused(
    bench: "Workbench", page: WebPage, file: str, values: Mapping[str, str], problems: tuple[Problem, ...]
) -> Response:
    """What is wrong with a change, with the two versions where somebody was faster."""
    stale = any(problem.code == "edit-stale" for problem in problems)
    now = ""
    if stale and values.get("path"):
        now = (
            _written_at(text_of(bench.desk.folder, file), file, tuple(values["path"].split(SEPARATOR))) or ""
        )
    elif stale:
        now = text_of(bench.desk.folder, file)
    shown = [problem.show(page.lang) for problem in problems]
    return drawn(
        "not-written.html.jinja",
        page,
        409 if stale else 422,
        here="case",
        shown=shown,
        stale=stale,
        now=now,
        mine=values.get("value", values.get("text", "")),
        file=file,
    )


def _still(file: str, written: str, path: Path, was: str | None) -> None:
    """Whether there still stands what the page showed."""
    if was is not None and (_written_at(written, file, path) or "") != was.replace("\r\n", "\n").strip():
        raise CaseFileError.of("edit-stale", Place(file), file=file)


def _written_at(text: str, file: str, path: Path) -> str | None:
    root, found = parse(Lines(file, text))
    if root is None or found:
        return None
    steps = tuple(int(step) if isinstance(step, str) and step.isdecimal() else step for step in path)
    node, _, whole = find(root, steps)
    return node.written.strip().replace("\r\n", "\n") if whole else None


def _value(written: str) -> object:
    """A value as YAML reads it; what is no YAML is told with its place in what was typed."""
    lines = Lines("value", f"value: {written.strip()}\n" if "\n" not in written.strip() else _block(written))
    root, problems = parse(lines)
    if problems:
        raise CaseFileError(problems)
    data = root.data() if root is not None else None
    return data.get("value") if isinstance(data, dict) else None


def _block(written: str) -> str:
    body = "\n".join(f"  {line}" for line in written.strip("\n").replace("\r\n", "\n").split("\n"))
    return f"value:\n{body}\n"


ROUTES: tuple[tuple[Any, ...], ...] = (
    ("/case", sections),
    ("/case/undo", undo, "POST"),
    ("/case/{file}/text", text),
    ("/case/{file}/text", rewrite, "POST"),
    ("/case/{file}/set", change, "POST"),
    ("/case/{file}/{section}", section),
)
