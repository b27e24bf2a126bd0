"""What a later document moved: the structure read from the documents before it and with it, fact by fact, and why.

Both are read by the same rules as a draft (:mod:`zopa.dossier.draft`): who wants which agenda, what a side rules out or
wants, where to meet, what was done on which day, what was foreseen. Nothing of the case file itself is changed.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from zopa.case.folder import read_record
from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier import draft_course as course
from zopa.dossier import draft_forecasts as forecasts
from zopa.dossier import draft_table as table
from zopa.dossier.draft_case import Drafting
from zopa.dossier.draft_words import scale, substance
from zopa.dossier.draft_write import pick, texts
from zopa.dossier.lexicon import adding
from zopa.dossier.own_words import added, words_of
from zopa.words import Language, joined, say

How = Literal["new", "changed", "gone"]
Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that reads differently with the later documents.

    ``kind``: agenda, red-line, aim, setting, move, precondition, judgement, unknown or party. ``before`` and ``after``
    by language, None where there was or is nothing. ``because``: the claims of the later documents behind it; empty
    where it follows from the whole, as when words now point both ways.
    """

    kind: str
    how: How
    before: Text | None
    after: Text | None
    because: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Fact:
    kind: str
    value: object
    text: Text
    claims: tuple[str, ...]


def moved(
    before: Sequence[Source],
    later: Sequence[Source],
    claims: Sequence[Claim],
    *,
    as_of: date,
) -> tuple[Moved, ...]:
    """What the ``later`` sources changed in what ``before`` said; ``claims`` are those of both.

    In the order of a case file, changed facts before new ones. ``as_of`` holds for both sides of the comparison, so
    that they differ by the documents alone.
    """
    late = {source.id for source in later}
    earlier = [claim for claim in claims if claim.source not in late]
    old = _facts(Drafting(before, earlier, None, as_of))
    new = _facts(Drafting([*before, *later], claims, None, as_of))
    by_id = {claim.id: claim for claim in claims if claim.source in late}
    out: list[Moved] = []
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was.value == now.value:
            continue
        fact = now or was
        assert fact is not None
        how: How = "new" if was is None else "gone" if now is None else "changed"
        because = tuple(by_id[i] for i in dict.fromkeys(now.claims if now else ()) if i in by_id)
        out.append(Moved(fact.kind, how, was.text if was else None, now.text if now else None, because))
    order = {kind: k for k, kind in enumerate(KINDS)}
    return tuple(sorted(out, key=lambda m: (order[m.kind], m.how == "new")))


def moved_in(folder: Path, later: Container[str]) -> tuple[Moved, ...]:
    """What the sources with these ids moved in a case: all its documents and claims, less what a reviewer rejected.

    ``CaseFileError`` where the record cannot be read.
    """
    sources, record = read_record(folder)
    new = [source for source in sources.values() if source.id in later]
    old = [source for source in sources.values() if source.id not in later]
    days = [day for source in sources.values() if (day := source.header.published) is not None]
    if not old or not new or not days:
        return ()
    with adding(added(words_of(folder))):
        return moved(old, new, [*record.accepted, *record.waiting], as_of=max(days))


KINDS = ("agenda", "red-line", "aim", "setting", "precondition", "move", "judgement", "unknown", "party")


def _facts(made: Drafting) -> dict[tuple[object, ...], _Fact]:
    """What a draft says, by what it is about."""
    out: dict[tuple[object, ...], _Fact] = {}
    for key, fact in (*_of_table(made), *_of_course(made)):
        out.setdefault((fact.kind, *key), fact)
    return out


Found = Iterator[tuple[tuple[object, ...], _Fact]]


def _of_table(made: Drafting) -> Found:
    for agenda in table.agendas(made.found, made.table, made.issues):
        issues = _issues(agenda.issues)
        for side in agenda.wanted_by:
            text = texts("moved-agenda", party=made.name(side), issues=issues)
            yield (side,), _Fact("agenda", tuple(sorted(agenda.issues)), text, agenda.claims)
    for line in table.red_lines(made.found, made.table, made.issues):
        if line.issue is None:
            text = texts("moved-not-discussed", party=made.name(line.party), issues=_issues(line.rejects))
        else:
            options = {o.id: o.names for o in scale(line.issue).options}
            what = _list([options.get(i, {"en": i}) for i in line.rejects])
            text = texts("moved-red-line", party=made.name(line.party), issue=_issue(line.issue), what=what)
        yield (line.party, line.issue), _Fact("red-line", tuple(sorted(line.rejects)), text, line.claims)
    for want in table.wants(made.found, made.table, made.issues):
        if want.basis != "words":
            # What is merely taken as the opposite moves with the other side.
            continue
        best = scale(want.issue).options[-1 if want.direction > 0 else 0]
        key = "moved-aim-mixed" if want.mixed else "moved-aim"
        text = texts(key, party=made.name(want.side), issue=_issue(want.issue), what=best.names)
        yield (want.side, want.issue), _Fact("aim", (want.direction, want.mixed), text, want.claims)
    for m in made.meetings:
        value = (m.status, tuple(sorted(m.asked_by)), tuple(sorted(m.refused_by)), tuple(sorted(m.observers)))
        status = {lang: say(f"setting.status-{m.status}", _lang(lang)) for lang in ("en", "zh")}
        text = texts("moved-setting", place=m.spot.names, status=status)
        for key, sides in (("moved-proposed", m.asked_by), ("moved-refused", m.refused_by)):
            own = [s for s in sides if s in made.ids]
            if own:
                more = texts(key, parties=made.names(own))
                text = {lang: text[lang] + more[lang] for lang in text}
        yield (m.spot.id,), _Fact("setting", value, text, tuple(m.claims))
    for p in table.preconditions(made.found, made.table, made.issues):
        text = texts("moved-precondition", party=made.name(p.by), text=p.text)
        yield (p.by, p.text), _Fact("precondition", p.text, text, p.claims)


def _of_course(made: Drafting) -> Found:
    for move in course.moves(made.found, made.parts):
        what = texts(f"move-{move.kind}", party=made.name(move.party))
        if move.matter:
            what = texts("move-matter", what=what, matter=course.matter_names(move.matter))
        text = texts("moved-move", day=move.on.isoformat(), what=what)
        yield (move.party, move.kind, move.on, move.matter), _Fact("move", True, text, move.claims)
    for j in forecasts.judgements(made.found, made.parts):
        text = texts("moved-judgement", who=j.who, words=j.words, low=_percent(j.low), high=_percent(j.high))
        yield (j.who, j.words, j.claim.quote), _Fact("judgement", (j.low, j.high), text, (j.claim.id,))
    for u in course.unknowns(made.found, made.parts):
        yield (u.text,), _Fact("unknown", True, {u.language: u.text}, u.claims)
    for part in made.parts:
        yield (part.side,), _Fact("party", True, made.name(part.side), tuple(part.claims))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _lang(lang: str) -> Language:
    return "zh" if lang == "zh" else "en"


def _issue(issue: str) -> Text:
    return {lang: pick(substance()[issue], lang).lower() for lang in ("en", "zh")}


def _issues(issues: Sequence[str]) -> Text:
    return _list([_issue(i) if i in substance() else {"en": i} for i in issues])


def _list(names: Sequence[Text]) -> Text:
    return {lang: joined([pick(name, lang) for name in names], _lang(lang)) for lang in ("en", "zh")}
