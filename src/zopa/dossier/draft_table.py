"""What is on the table of the draft: issues, which end each side wants, agendas, red lines, preconditions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zopa.dossier.draft_page import Line
from zopa.dossier.draft_stances import WEIGHT, Stance, holders
from zopa.dossier.draft_survey import Survey
from zopa.dossier.draft_words import patterns, scale, substance


@dataclass(frozen=True, slots=True)
class Want:
    """Which end of an issue a side wants, how that is known, and the candidates that show it.

    ``basis``: ``words`` of the side; ``holder`` or ``target`` of the matter; ``opposite`` of the other side; ``guess``.
    """

    side: str
    issue: str
    direction: int
    basis: str
    claims: tuple[str, ...]
    mixed: bool = False
    """Its words point both ways."""


@dataclass(frozen=True, slots=True)
class AgendaDraft:
    """A set of issues some side would talk about."""

    id: str
    issues: tuple[str, ...]
    wanted_by: tuple[str, ...]
    refused_by: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RedLineDraft:
    """What a side will not accept (``issue``), or will not discuss (``issue`` is None)."""

    party: str
    issue: str | None
    rejects: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreconditionDraft:
    """Something a side demands for talking at all."""

    by: str
    on: str
    text: str
    language: str
    claims: tuple[str, ...]


ASIDE = ("offer", "keep", "admit")
"""Sorts of stances that put nothing on the table by themselves."""


def issues(survey: Survey, table: Sequence[str]) -> tuple[str, ...]:
    """The issues some negotiator demands, refuses or puts on an agenda; what most stances speak of comes first."""
    counts: Counter[str] = Counter()
    for stance in survey.stances:
        if stance.issue is None:
            continue
        scope = stance.sort in ("narrow", "wide")
        if stance.side in table and stance.sort not in ASIDE:
            counts[stance.issue] += 2
        elif stance.side in table or (stance.side is None and scope):
            counts[stance.issue] += 1
    known = list(substance())
    wanted = [i for i in counts if any(_opens(s, i, table) for s in survey.stances)]
    return tuple(sorted(wanted, key=lambda i: (-counts[i], known.index(i))))


def _opens(stance: Stance, issue: str, table: Sequence[str]) -> bool:
    """Whether a stance puts an issue on the table: an offer alone does not."""
    if stance.issue != issue or stance.sort in ASIDE:
        return False
    return stance.side in table or (stance.side is None and stance.sort in ("narrow", "wide"))


# ---- which end each side wants -----------------------------------------------------------------------------------


def wants(survey: Survey, table: Sequence[str], on: Sequence[str]) -> tuple[Want, ...]:
    """For every negotiator and issue an end it wants, with what that rests on."""
    return tuple(want for issue in on for want in _wants(survey, table, issue))


def _wants(survey: Survey, table: Sequence[str], issue: str) -> Iterator[Want]:
    said = {side: _said(survey, side, issue) for side in table}
    known: dict[str, Want] = {side: want for side, want in said.items() if want is not None}
    basis, owners = _owners(survey, table, issue)
    for side in owners:
        end = -1 if basis == "holder" else 1
        known.setdefault(side, Want(side, issue, end, basis, ()))
    fallback = next(iter(known.values())).direction if known else 0
    for k, side in enumerate(table):
        if side in known:
            yield known[side]
        elif known:
            yield Want(side, issue, -fallback, "opposite", ())
        else:
            yield Want(side, issue, 1 if k == 0 else -1, "guess", ())


def _said(survey: Survey, side: str, issue: str) -> Want | None:
    mine = [s for s in survey.stances if s.side == side and s.issue == issue and s.direction]
    total = sum(WEIGHT[s.sort] * s.direction for s in mine)
    if not total:
        return None
    end = 1 if total > 0 else -1
    ids = survey.claim_ids([i for s in mine if s.direction == end for i in s.claims])
    return Want(side, issue, end, "words", ids, any(s.direction == -end for s in mine))


def _owners(survey: Survey, table: Sequence[str], issue: str) -> tuple[str, tuple[str, ...]]:
    """Whose matter the issue is, or against whom it is turned, where the catalogue says that this tells."""
    measure = scale(issue)
    basis = "holder" if measure.holder else "target" if measure.target else ""
    if not basis:
        return "", ()
    counts: Counter[str] = Counter()
    for page in survey.pages:
        for line in page.lines:
            starts = [a for a, _, i in line.issues if i == issue]
            for pattern in patterns(page.language, "stance", basis):
                for found in pattern.finditer(line.marked.text):
                    stop = line.marked.origin(found.end() - 1) + 1
                    if any(0 <= at - stop <= (6 if page.language == "zh" else 25) for at in starts):
                        counts.update(side for side in page.names.of(found["a"]) if side in table)
    best = counts.most_common(1)
    return basis, (best[0][0],) if best else ()


# ---- agendas -----------------------------------------------------------------------------------------------------


def agendas(survey: Survey, table: Sequence[str], on: Sequence[str]) -> tuple[AgendaDraft, ...]:
    """What the sides would talk about, where they differ: each narrow agenda, and all issues for who wants more."""
    narrow, wide, out_of = _scopes(survey, table, on)
    drafts: dict[tuple[str, ...], list[str]] = {}
    turned, days = _turned(survey), _days(survey)
    for side in table:
        if len(narrow[side]) and len(narrow[side]) >= len(wide[side]):
            kept = {i for s in narrow[side] for i in s} - out_of[side]
            kept |= {i for s in narrow[None] if s & kept for i in s} - out_of[side]
            # What a side itself asks for belongs to what it would talk about.
            kept |= {
                s.issue
                for s in survey.stances
                if _asks(s, side)
                and s.issue is not None
                and s.issue in on
                and days[s.source] >= turned.get(side, date.min)
            } - out_of[side]
            kept |= {i for i in on if _admitted(survey, side, i)}
            drafts.setdefault(tuple(i for i in on if i in kept), []).append(side)
        elif wide[side]:
            drafts.setdefault(tuple(on), []).append(side)
    drafts.pop((), None)
    if drafts and tuple(on) not in drafts:
        # Somebody wants less than everything; that nobody is heard to want everything leaves it possible.
        drafts[tuple(on)] = []
    out: list[AgendaDraft] = []
    for issues_, wanted in sorted(drafts.items(), key=lambda d: len(d[0])):
        refused = tuple(s for s in table if s not in wanted and _refuses(s, issues_, narrow, wide, out_of))
        out.append(
            AgendaDraft(
                _agenda_id(issues_, on, out),
                issues_,
                tuple(wanted),
                refused,
                _scope_claims(survey, wanted, issues_),
            )
        )
    # One agenda that nobody refuses is no quarrel.
    return tuple(out) if len(out) > 1 or any(a.refused_by for a in out) else ()


def _asks(stance: Stance, side: str) -> bool:
    return stance.side == side and stance.sort == "demand" and stance.direction > 0


Sets = Mapping[str | None, list[frozenset[str]]]


def _scopes(
    survey: Survey, table: Sequence[str], on: Sequence[str]
) -> tuple[Sets, Sets, Mapping[str | None, set[str]]]:
    """By side: the sets of issues it would limit talks to, those it would add, and what it would leave out."""
    narrow: defaultdict[str | None, list[frozenset[str]]] = defaultdict(list)
    wide: defaultdict[str | None, list[frozenset[str]]] = defaultdict(list)
    out_of: defaultdict[str | None, set[str]] = defaultdict(set)
    grouped: defaultdict[tuple[str | None, str, int, int, str], set[str]] = defaultdict(set)
    turned, days = _turned(survey), _days(survey)
    for s in survey.stances:
        since = turned.get(s.side) if s.side is not None and s.sort in ("narrow", "wide") else None
        past = since is not None and days[s.source] < since
        if s.issue in on and s.issue is not None and not past:
            grouped[s.side, s.source, s.line, s.start, s.sort].add(s.issue)
    for (side, _, _, _, sort), found in grouped.items():
        if side is not None and side not in table:
            continue
        if sort == "narrow":
            narrow[side].append(frozenset(found))
        elif sort == "wide":
            wide[side].append(frozenset(found))
        elif sort == "exclude":
            out_of[side] |= found
    for side in table:
        out_of[side] -= {i for i in on if _admitted(survey, side, i)}
    for side, sets in narrow.items():
        # Layoffs left out of talks on pay: both carry the tag of pay, which is thereby not left out.
        out_of[side] -= {i for s in sets for i in s}
    return narrow, wide, out_of


def _turned(survey: Survey) -> Mapping[str, date]:
    """Sides that spoke of a narrow scope and a wide one on different days, with the last of these: it holds since."""
    days = _days(survey)
    found: defaultdict[str, dict[str, date]] = defaultdict(dict)
    for s in survey.stances:
        if s.side is not None and s.sort in ("narrow", "wide"):
            found[s.side][s.sort] = max(found[s.side].get(s.sort, date.min), days[s.source])
    return {side: max(last.values()) for side, last in found.items() if len(set(last.values())) == 2}


def _days(survey: Survey) -> Mapping[str, date]:
    return {page.source.id: page.source.header.published or date.min for page in survey.pages}


def _refuses(
    side: str, on: Sequence[str], narrow: Sets, wide: Sets, out_of: Mapping[str | None, set[str]]
) -> bool:
    """Whether a side's own words rule an agenda out: it leaves out one of its issues, or misses one."""
    only = {i for s in narrow[side] for i in s}
    must = {i for s in wide[side] for i in s}
    return bool((only and set(on) - only) or (out_of[side] & set(on)) or must - set(on))


def _agenda_id(issues_: Sequence[str], on: Sequence[str], out: Sequence[AgendaDraft]) -> str:
    if len(issues_) == len(on):
        return "broad"
    taken = [a.id for a in out]
    return "narrow" if "narrow" not in taken else f"narrow-{len(taken) + 1}"


def _scope_claims(survey: Survey, wanted: Sequence[str], issues_: Sequence[str]) -> tuple[str, ...]:
    sorts = ("narrow", "wide", "exclude", "admit")
    mine = [s for s in survey.stances if s.sort in sorts and s.issue is not None]
    return survey.claim_ids(
        [i for s in mine if s.side in wanted or (s.side is None and s.issue in issues_) for i in s.claims]
    )


# ---- red lines and preconditions ---------------------------------------------------------------------------------


def red_lines(survey: Survey, table: Sequence[str], on: Sequence[str]) -> tuple[RedLineDraft, ...]:
    """What the negotiators say they will not accept or not discuss; how firmly they mean it nobody knows."""
    out: list[RedLineDraft] = []
    for side in table:
        for issue in on:
            hard = [
                s
                for s in survey.stances
                if s.side == side and s.issue == issue and s.sort in ("nonneg", "refuse") and s.direction
            ]
            total = sum(WEIGHT[s.sort] * s.direction for s in hard)
            if total:
                end = 1 if total > 0 else -1
                same = [s for s in hard if s.direction == end]
                ids = survey.claim_ids([i for s in same for i in s.claims])
                out.append(RedLineDraft(side, issue, _rejected(issue, end, all(s.entire for s in same)), ids))
        closed = _closed(survey, side, on)
        if closed is not None:
            out.append(closed)
    return tuple(out)


def _rejected(issue: str, end: int, entire: bool) -> tuple[str, ...]:
    """Options beyond a line: all but the end that is wanted, or, where only the whole is spoken of, the far end."""
    ids = [option.id for option in scale(issue).options]
    if end < 0:
        return (ids[-1],) if entire else tuple(ids[1:])
    return tuple(ids[:-1]) if entire else (ids[0],)


def _closed(survey: Survey, side: str, on: Sequence[str]) -> RedLineDraft | None:
    """The issues a side will not discuss."""
    shut: dict[str, list[str]] = {}
    wanted = {o.issue for o in survey.stances if o.side == side and o.sort == "narrow"}
    for s in survey.stances:
        if s.side != side or s.issue not in on or s.issue is None:
            continue
        if s.sort == "exclude" and s.issue not in wanted:
            shut.setdefault(s.issue, []).extend(s.claims)
        elif s.sort == "narrow" and s.rest:
            own = {
                o.issue
                for o in survey.stances
                if o.side == side and o.sort == "narrow" and o.line == s.line and o.source == s.source
            }
            for issue in on:
                if issue not in own and not _talks_about(survey, side, issue):
                    shut.setdefault(issue, []).extend(s.claims)
    open_again = {issue: ready for issue in shut if (ready := _admitted(survey, side, issue))}
    shut = {issue: found for issue, found in shut.items() if issue not in open_again}
    if not shut:
        return None
    # What is left out no longer is as much a reason for the line as it stands.
    shut[""] = [i for ready in open_again.values() for i in ready]
    ids = survey.claim_ids([i for found in shut.values() for i in found])
    return RedLineDraft(side, None, tuple(i for i in on if i in shut), ids)


def _admitted(survey: Survey, side: str, issue: str) -> tuple[str, ...]:
    """The claims by which a side is ready to talk about an issue, in a later document than any that leaves it out."""
    when = {page.source.id: (page.source.header.published, k) for k, page in enumerate(survey.pages)}

    def later(a: str, b: str) -> bool:
        (day, k), (other, n) = when[a], when[b]
        return day > other if day is not None and other is not None and day != other else k > n

    own = [s for s in survey.stances if s.side == side]
    ready = [s for s in own if s.sort == "admit" and s.issue == issue]
    against = [s for s in own if (s.sort == "exclude" and s.issue == issue) or s.sort == "narrow"]
    last = [s for s in ready if all(later(s.source, other.source) for other in against)]
    return tuple(i for s in last for i in s.claims) if against else ()


def _talks_about(survey: Survey, side: str, issue: str) -> bool:
    """Whether an issue belongs to what this side, or nobody in particular, would limit the talks to."""
    sets: defaultdict[tuple[str, int, int], set[str | None]] = defaultdict(set)
    for s in survey.stances:
        if s.sort == "narrow" and s.side in (side, None):
            sets[s.source, s.line, s.start].add(s.issue)
    return any(issue in found for found in sets.values())


def preconditions(survey: Survey, table: Sequence[str], on: Sequence[str]) -> tuple[PreconditionDraft, ...]:
    """What a negotiator says must come before or with any talks."""
    out: list[PreconditionDraft] = []
    for page in survey.pages:
        for line in page.lines:
            for pattern in patterns(page.language, "stance", "precondition"):
                found = pattern.search(line.marked.text)
                if found is None:
                    continue
                at = line.marked.origin(found.start())
                for side in holders(line, survey.voices, at):
                    if side in table and _demands(survey, line, side):
                        ids = line.claims_at(at, at + 1)
                        out.append(
                            PreconditionDraft(
                                side, _matter(survey, line, on), _tidy(line.text), page.language, ids
                            )
                        )
                break
    return tuple({(p.by, p.text): p for p in out}.values())


def _demands(survey: Survey, line: Line, side: str) -> bool:
    if any(c.kind == "threat" and side in survey.voices.sides(c) for c in line.claims):
        return True
    return any(
        s.side == side
        and s.line == line.number
        and s.source == line.page.source.id
        and s.sort in ("demand", "wide", "nonneg", "refuse")
        for s in survey.stances
    )


def _matter(survey: Survey, line: Line, on: Sequence[str]) -> str:
    here = [s for s in survey.stances if s.line == line.number and s.source == line.page.source.id]
    if any(s.sort in ("wide", "narrow", "exclude") for s in here):
        return "agenda"
    return next((s.issue for s in here if s.issue in on and s.issue is not None), "talks")


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" 　。")
