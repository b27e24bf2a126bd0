"""``zopa review``: candidate claims one by one, each in its context; every decision is one appended line."""

import getpass
import json as json_module
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zopa.cli.terminal import (
    CaseArgument,
    JsonOption,
    LangOption,
    add,
    answer_json,
    own_folder,
    print_json,
    put,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.errors import DossierError
from zopa.words import Language, has, say

if TYPE_CHECKING:
    from zopa.claims.claim import Claim
    from zopa.claims.reviews import Decision
    from zopa.claims.source import Source

CONTEXT = 60
"""Characters of the document shown before and after a quotation."""
FIELDS = (
    "kind",
    "issues",
    "speaker_head",
    "party",
    "said_on",
    "polarity",
    "modality",
    "credibility",
    "origin",
)
"""What is shown of a claim and offered to an edit; any other field can be named too."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "review", _review)


def _review(
    case: CaseArgument,
    author: Annotated[str | None, typer.Option("--author", help="cli.review.author", metavar="NAME")] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        from zopa.case.folder import read_waiting
        from zopa.case.record import settle

        folder = own_folder(case)
        sources, waiting = read_waiting(folder)
        if json:
            rows = [claim.model_dump(mode="json") for claim in waiting]
            print_json(answer_json("review", folder.name, rows))
            return
        if not waiting:
            put(say("cli.review.none", language, case=case))
            return
        decided = Session(folder, sources, author or _user(), language).run(waiting)
        put("")
        put(say("cli.review.done", language, decided=decided, left=len(waiting) - decided))
        if decided:
            put(say("cli.review.settled", language, case=case, n=settle(folder)))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("author") from None


class Session:
    """One sitting at the terminal: shows a claim, asks, and appends what was decided before the next is shown."""

    def __init__(self, folder: Path, sources: "Mapping[str, Source]", author: str, lang: Language) -> None:
        self.folder, self.sources, self.author, self.lang = folder, sources, author, lang

    def run(self, waiting: "tuple[Claim, ...]") -> int:
        """Goes through the candidates; the number of claims decided. End of input or ``q`` stops, ``b`` goes back."""
        at, decided = 0, set[str]()
        while at < len(waiting):
            claim = waiting[at]
            self._show(claim, at + 1, len(waiting))
            try:
                key = self._ask("ask").lower()[:1]
                if key == "q":
                    break
                if key in ("s", "b"):
                    at = max(at - 1, 0) if key == "b" else at + 1
                    continue
                decision = self._decide(key, claim)
            except EOFError:
                break
            if decision is not None:
                self._append(decision)
                decided.add(claim.id)
                at += 1
        return len(decided)

    def _ask(self, key: str, **values: object) -> str:
        sys.stdout.write(say(f"cli.review.{key}", self.lang, **values) + " ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def _show(self, claim: "Claim", number: int, total: int) -> None:
        put("")
        put(say("cli.review.head", self.lang, number=number, total=total, id=claim.id, source=claim.source))
        put("  " + " ".join(self._in_context(claim).split()))
        for field in FIELDS:
            value = getattr(claim, field)
            if value not in (None, (), ""):
                put(f"  {self._label(field)}: {self._value(value)}")

    def _in_context(self, claim: "Claim") -> str:
        """The quotation in brackets, with the words around it."""
        source = self.sources.get(claim.source)
        if source is None:
            return f"【{claim.quote}】"
        at = max(0, claim.ranges[0][0] - CONTEXT)
        out = ["…" if at else ""]
        for start, stop in claim.ranges:
            out += [source.text[at:start], f"【{source.text[start:stop]}】"]
            at = stop
        after = source.text[at : at + CONTEXT]
        return "".join([*out, after, "…" if len(source.text) > at + CONTEXT else ""])

    def _label(self, field: str) -> str:
        """The field's key, by which an edit names it, and what it is called."""
        name = say(f"cli.column.{field}", self.lang)
        return field if name == field else f"{field} ({name})"

    def _value(self, value: Any) -> str:
        shown = " ".join(value) if isinstance(value, tuple) else str(value)
        kind = f"brief.kind-{shown.replace(' ', '-')}"
        return f"{shown} ({say(kind, self.lang)})" if self.lang != "en" and has(kind) else shown

    def _decide(self, key: str, claim: "Claim") -> "Decision | None":
        from zopa.claims import reviews

        now = datetime.now(UTC)
        if key == "a":
            return reviews.accept(claim, author=self.author, at=now)
        if key == "r":
            return reviews.reject(claim, author=self.author, at=now)
        if key == "e":
            return self._edit(claim, now)
        put(say("cli.review.keys", self.lang))
        return None

    def _edit(self, claim: "Claim", now: datetime) -> "Decision | None":
        from zopa.claims import reviews

        patch: dict[str, object] = {}
        while field := self._ask("next-field" if patch else "field", fields=" ".join((*FIELDS, "ranges"))):
            patch[field] = _typed(self._ask("value", field=field))
        if not patch:
            return None
        try:
            if "ranges" in patch:
                patch["quote"] = self._quote(claim, patch["ranges"])
            decision = reviews.edit(claim, patch, author=self.author, at=now)
        except DossierError as error:
            put(error.show(self.lang))
            return None
        if not self._stands(decision):
            put(say("cli.review.not-there", self.lang))
            return None
        return decision

    def _stands(self, decision: "Decision") -> bool:
        """Whether the quotation still stands at its ranges after an edit: no claim may be without its words."""
        from zopa.claims.claim import verified

        new = decision.outcome()
        source = self.sources.get(new.source)
        return source is not None and verified(new, source.text)

    def _quote(self, claim: "Claim", ranges: object) -> str:
        """The words at new ranges; the old ones where the ranges cannot be read, which the edit then refuses."""
        from zopa.claims.claim import quote_at

        source = self.sources.get(claim.source)
        if source is None or not isinstance(ranges, list):
            return claim.quote
        pairs = [tuple(pair) for pair in ranges if isinstance(pair, list) and len(pair) == 2]
        whole = tuple((a, b) for a, b in pairs if type(a) is int and type(b) is int and 0 <= a < b)
        return quote_at(source.text, whole) or claim.quote

    def _append(self, decision: "Decision") -> None:
        from zopa.claims import reviews

        reviews.record(self.folder, decision)


def _typed(text: str) -> object:
    """What was typed, as JSON where it is JSON (numbers, lists, null), else as text."""
    try:
        return json_module.loads(text)
    except ValueError:
        return text
