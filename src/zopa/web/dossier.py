"""The dossier's pages: documents with their claims marked in them, cards, and decisions on claims."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from zopa.brief.cards import card_of, rivals_of, source_card
from zopa.brief.document import ClaimCard
from zopa.brief.html import anchor
from zopa.case.case import Case
from zopa.case.folder import read_record
from zopa.case.record import settle
from zopa.claims import reviews
from zopa.claims.claim import Claim, quote_at, slug
from zopa.claims.deciding import edited, moment
from zopa.claims.ledger import Ledger
from zopa.claims.lines import shown
from zopa.claims.reviews import UNSURE, Reviewed, under_one_name
from zopa.claims.source import Source
from zopa.claims.typed import CHOICES, LISTS, meant, places, typed
from zopa.claims.validation import complaints
from zopa.claims.voice import unspecified
from zopa.errors import DossierError, Problem, ZopaError
from zopa.web.pages import GROUP_OF, WebPage, drawn, macro
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.web.app import Workbench

FIELDS = (
    "kind", "event", "issues", "speaker_head", "chain", "party", "said_on", "polarity", "modality",
    "credibility", "origin",
)  # fmt: skip
"""What an edit offers, in this order; the ends of the ranges come first."""


AROUND = 200
"""Characters on either side of a claim among which its ends can be moved."""
_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*$")
"""An address on this server: a path that names no other host."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim as the dossier lists it: ``state`` is ``accepted`` or ``candidate``, ``why`` what is doubtful."""

    claim: Claim
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a document's text and the claims it belongs to, the innermost first."""

    text: str
    claims: tuple[Marked, ...]
    first: tuple[str, ...]
    """Claims that begin with this piece: their places can be gone to."""


def pieces(text: str, marked: Sequence[Marked]) -> tuple[Piece, ...]:
    """The whole text cut wherever a range begins or ends; ranges may overlap, nest, cross lines and come in two."""
    ends = sorted(
        {0, len(text), *(at for m in marked for span in m.claim.ranges for at in span if at <= len(text))}
    )
    out = []
    seen: set[str] = set()
    for start, stop in pairwise(ends):
        here = [m for m in marked if any(a <= start and stop <= b for a, b in m.claim.ranges)]
        here.sort(key=lambda m: sum(b - a for a, b in m.claim.ranges))
        new = tuple(m.claim.id for m in here if m.claim.id not in seen)
        seen.update(new)
        out.append(Piece(text[start:stop], tuple(here), new))
    return tuple(out)


def _doubt(claim: Claim) -> str:
    return "disputed" if claim.disputed else "unsure" if claim.confidence < UNSURE else ""


@dataclass(frozen=True, slots=True)
class Quarrel:
    """Two claims that contradict each other, as cards, with what kind of contradiction it is and what came of it."""

    kind: str
    outcome: str
    sides: tuple[ClaimCard, ClaimCard]
    later: str | None


def quarrels(case: Case, lang: Language) -> tuple[Quarrel, ...]:
    """The contradictions of the record, what is not settled first."""
    by_id = case.ledger.by_id
    out = []
    for pair in sorted(case.contradictions, key=lambda pair: pair.settled is not None):
        if pair.a in by_id and pair.b in by_id:
            first, second = (card_of(case.ledger, by_id[name], (), (), lang) for name in (pair.a, pair.b))
            outcome = (
                say("brief.stood", lang, claim=pair.settled)
                if pair.settled
                else say("brief.not-settled", lang)
            )
            out.append(
                Quarrel(say(f"brief.contradiction-{pair.kind}", lang), outcome, (first, second), pair.later)
            )
    return tuple(out)


def _all_marked(record: Reviewed, source: str | None = None) -> tuple[Marked, ...]:
    """Candidates first, what readers differ on before the rest, then accepted claims in the order of the record."""
    waiting = [Marked(c, "candidate", _doubt(c)) for c in reviews.order(record.waiting)]
    standing = [Marked(c, "accepted") for c in record.accepted]
    return tuple(m for m in (*waiting, *standing) if source is None or m.claim.source == source)


# ---- pages -------------------------------------------------------------------------------------------------------


async def documents(bench: "Workbench", request: Request) -> Response:
    """All documents, with how many claims stand and wait in each."""
    page = await run_in_threadpool(bench.page, request)
    if page.opened.errors or page.opened.case is None:
        return RedirectResponse("/problems", 303)
    sources, record = await run_in_threadpool(read_record, bench.desk.folder)
    counts: dict[str, list[int]] = {name: [0, 0] for name in sources}
    for k, claims in enumerate((record.accepted, record.waiting)):
        for claim in claims:
            counts.setdefault(claim.source, [0, 0])[k] += 1
    case = page.opened.case
    cards = [source_card(source, (), page.lang) for source in sources.values()]
    people = _people(record)
    return drawn(
        "documents.html.jinja", page, here="dossier", cards=cards, counts=counts, case=case, people=people
    )


def _people(record: Reviewed) -> list[tuple[str, int]]:
    """Names of speakers with the number of their claims, most heard first."""
    heard: dict[str, int] = {}
    for claim in (*record.heard(), *record.waiting):
        name = record.names.get(claim.speaker_head or "", claim.speaker_head)
        if name and not unspecified(name):
            heard[name] = heard.get(name, 0) + 1
    return sorted(heard.items(), key=lambda item: (-item[1], item[0]))


async def document(bench: "Workbench", request: Request) -> Response:
    """One document with its claims marked, and the list of them beside it."""
    page = await run_in_threadpool(bench.page, request)
    sources, record = await run_in_threadpool(read_record, bench.desk.folder)
    source = sources.get(request.path_params["source"])
    if source is None:
        return PlainTextResponse(page.word("missing"), 404)
    marked = _all_marked(record, source.id)
    card = source_card(source, (), page.lang)
    return drawn(
        "document.html.jinja",
        page,
        here="dossier",
        source=source,
        card=card,
        pieces=pieces(source.text, marked),
        marked=marked,
        kinds=[(word, meant("kind", word, page.lang) or word) for word in CHOICES["kind"]],
    )


async def claim(bench: "Workbench", request: Request) -> Response:
    """A claim's card: as a page of its own, or alone for a dialog (``?alone=1``)."""
    page = await run_in_threadpool(bench.page, request)
    found = await run_in_threadpool(_found, bench, request.path_params["claim"])
    if found is None:
        return PlainTextResponse(page.word("missing"), 404)
    mark, sources, record = found
    told = await run_in_threadpool(_told, bench, page, mark, sources, record)
    if "alone" in request.query_params:
        return Response(macro("claims.html.jinja", "card", page, *told.values()), media_type="text/html")
    return drawn("claim.html.jinja", page, here="dossier", **told)


def _found(bench: "Workbench", name: str) -> tuple[Marked, Mapping[str, Source], Reviewed] | None:
    sources, record = read_record(bench.desk.folder)
    found = next((m for m in _all_marked(record) if m.claim.id == name), None)
    return None if found is None else (found, sources, record)


def _told(
    bench: "Workbench", page: WebPage, mark: Marked, sources: Mapping[str, Source], record: Reviewed
) -> dict[str, Any]:
    """What a card shows and asks for."""
    case = page.opened.case
    shown = under_one_name(mark.claim, record.names)
    ledger = Ledger(sources, record.heard()) if case is None else case.ledger
    rivals = () if case is None else rivals_of(case, page.lang).get(shown.id, ())
    card = card_of(ledger, shown, rivals, _used_in(bench, page, shown.id), page.lang)
    values = [(field, _written(getattr(shown, field), field)) for field in FIELDS]
    options = {
        field: [(word, meant(field, word, page.lang) or word) for word in words]
        for field, words in CHOICES.items()
    }
    text = sources[mark.claim.source].text if mark.claim.source in sources else ""
    first = max(0, mark.claim.ranges[0][0] - AROUND)
    around = (first, text[first : mark.claim.ranges[-1][1] + AROUND])
    return {"card_": card, "mark": mark, "values": values, "options": options, "around": around}


def _used_in(bench: "Workbench", page: WebPage, name: str) -> tuple[tuple[str, str], ...]:
    """Answers, of those that are there, that rest on a claim."""
    out = []
    for key in GROUP_OF:
        run = bench.runs.get(bench.order(page, key))
        section = run.answer.sections[page.lang] if run is not None and run.answer is not None else None
        if section is not None and name in section.claims:
            out.append((key, section.question))
    return tuple(out)


def _written(value: object, field: str) -> str:
    if value is None:
        return ""
    if field == "ranges":
        return " ".join(f"{start}-{stop}" for start, stop in cast("Iterable[tuple[int, int]]", value))
    if isinstance(value, tuple):
        return (" > " if field == "chain" else ", ").join(map(str, value))
    return str(value)


# ---- decisions ---------------------------------------------------------------------------------------------------


async def decide(bench: "Workbench", request: Request) -> Response:
    """Accept, edit, reject or take back; the decision is on disk before the answer leaves."""
    name: str = request.path_params["claim"]
    back = str((await request.form()).get("back", ""))

    def done(form: Mapping[str, str]) -> str:
        decided(bench.desk.folder, name, form.get("action", ""), form, author=bench.author)
        return name

    return await _changed(
        bench, request, done, lambda page, _: back if _INSIDE.match(back) else page.to_claim(name)
    )


def _messages(problems: Iterable[Problem], lang: Language) -> list[str]:
    return [" ".join(filter(None, (p.message(lang), p.hint(lang)))) for p in problems]


def decided(folder: Path, name: str, action: str, form: Mapping[str, str], *, author: str) -> None:
    """Write down what a person decided about a claim (``accept``, ``edit``, ``reject``) or took back (``undo``).

    It is on disk when this returns; a ``ZopaError`` says why it cannot be, and nothing is written then.
    """
    log = reviews.decisions(folder)
    at = moment(log)
    if action == "undo":
        latest = reviews.last(log)
        if latest is None:
            raise DossierError.of("undo-none")
        decision = reviews.undo(latest, author=author, at=at)
    else:
        sources, record = read_record(folder)
        claim = next((c for c in (*record.waiting, *record.accepted) if c.id == name), None)
        if claim is None:
            raise DossierError.of("claim-gone", claim=name)
        if action == "accept":
            decision = reviews.accept(claim, author=author, at=at)
        elif action == "reject":
            decision = reviews.reject(claim, author=author, at=at)
        else:
            source = sources.get(claim.source)
            decision = edited(claim, _patch(claim, form, source), source, author=author, at=at)
    reviews.record(folder, decision)
    settle(folder)


def _patch(claim: Claim, form: Mapping[str, str], source: Source | None) -> dict[str, object]:
    """The fields of a form whose text is another than the claim's."""
    out: dict[str, object] = {}
    for field in ("ranges", *FIELDS):
        if field not in form:
            continue
        text = form[field].strip()
        now = (
            " ".join(f"{a}-{b}" for a, b in claim.ranges)
            if field == "ranges"
            else _written(getattr(claim, field), field)
        )
        if text == now:
            continue
        if not text and field not in ("ranges", "kind", "polarity", "modality", "origin", "credibility"):
            out[field] = [] if field in LISTS else None
        else:
            out[field] = typed(field, text, claim=claim, document=None if source is None else source.text)
    return out


# ---- by hand -----------------------------------------------------------------------------------------------------


async def add(bench: "Workbench", request: Request) -> Response:
    """A claim by hand: words of the document, who says them, of what kind they are."""
    source = request.path_params["source"]

    def done(form: Mapping[str, str]) -> str:
        return add_claim(bench.desk.folder, source, form, author=bench.author)

    return await _changed(
        bench, request, done, lambda page, name: page.to_source(source) + f"#at-{anchor(name)}"
    )


async def merge(bench: "Workbench", request: Request) -> Response:
    """Names that are one person."""
    names = [str(name) for name in (await request.form()).getlist("names")]

    def done(form: Mapping[str, str]) -> str:
        log = reviews.decisions(bench.desk.folder)
        kept = [form["kept"]] if form.get("kept", "").strip() else []
        reviews.record(bench.desk.folder, reviews.merge([*kept, *names], author=bench.author, at=moment(log)))
        settle(bench.desk.folder)
        return ""

    return await _changed(bench, request, done, lambda page, _: page.to("/dossier"))


async def _changed(
    bench: "Workbench",
    request: Request,
    done: Callable[[Mapping[str, str]], str],
    where: Callable[[WebPage, str], str],
) -> Response:
    """Do what a form asks for, one change at a time, and go where it can be seen; a problem is told instead."""
    page = await run_in_threadpool(bench.page, request)
    form = await bench.form(request)
    if form is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    if bench.desk.example:
        return drawn("refused.html.jinja", page, 409, here="dossier", told=[page.word("example-closed")])

    def locked() -> str:
        with bench.desk.writing:
            return done({key: str(value) for key, value in form.items()})

    try:
        name = await run_in_threadpool(locked)
    except ZopaError as error:
        return drawn(
            "refused.html.jinja", page, 422, here="dossier", told=_messages(error.problems, page.lang)
        )
    return RedirectResponse(where(page, name), 303)


def add_claim(folder: Path, source_id: str, form: Mapping[str, str], *, author: str) -> str:
    """A claim made by hand goes into the record; gives its id. ``ZopaError`` says what makes it none.

    ``words`` are looked for in the document nearest to the place ``near``; ``speaker`` empty is the text itself.
    """
    sources, _ = read_record(folder)
    source = sources.get(source_id)
    words = form.get("words", "").strip()
    near = int(form["near"]) if form.get("near", "").isdecimal() else 0
    spans = places(words, [(near, near + 1)], source.text) if source is not None and words else None
    if source is None or not spans:
        raise DossierError.of("claim-words", words=shown(words))
    ranges = tuple((start, stop) for start, stop in spans)
    speaker = form.get("speaker", "").strip() or None
    kind = form.get("kind") or "fact report"
    matters = typed("issues", form.get("issues", ""), claim=None, document=None) if form.get("issues") else []
    issues = tuple(str(one) for one in cast("list[object]", matters))
    outlet = source.outlet if source.header.outlet is not None else None
    voice = slug(speaker or outlet or source.id)
    made = {
        "id": f"{source.id}-{ranges[0][0]}-{ranges[-1][1]}-hand",
        "source": source.id,
        "sha256": source.sha256,
        "ranges": ranges,
        "quote": quote_at(source.text, ranges),
        "type": "report" if speaker else "narrator",
        "speaker": speaker,
        "speaker_head": speaker,
        "outlet": outlet,
        "origin": f"{voice}/{issues[0] if issues else 'general'}",
        "known_on": source.header.published,
        "kind": kind,
        "issues": issues,
    }
    try:
        claim = Claim.model_validate(made)
    except ValidationError as error:
        found = complaints(error, Claim, written=lambda loc: shown(str(made.get(str(loc[0]), ""))))
        raise DossierError(Problem(c.code, values=c.values) for c in found) from None
    log = reviews.decisions(folder)
    reviews.record(folder, reviews.accept(claim, author=author, at=moment(log)))
    settle(folder)
    return claim.id


ROUTES: tuple[tuple[Any, ...], ...] = (
    ("/dossier", documents),
    ("/dossier/merge", merge, "POST"),
    ("/dossier/{source}", document),
    ("/dossier/{source}/add", add, "POST"),
    ("/claim/{claim}", claim),
    ("/claim/{claim}/decide", decide, "POST"),
)
