"""``zopa review``: candidate claims one by one, each in its context; every decision is one appended line."""

import getpass
import json as json_module
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
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
    tell,
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
    "event",
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
LISTS, DAYS = ("issues", "chain", "about"), ("said_on", "known_on")
_WIDE = r"[\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN = re.compile(f"(?<={_WIDE}) (?={_WIDE})")
"""The space for a line break, which Chinese text does not have between characters."""


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
        session = Session(folder, sources, author or _user(), language)
        ended = session.run(waiting)
        decided = len(session.decided)
        put("")
        put(say("cli.review.done", language, decided=decided, left=len(waiting) - decided))
        if decided:
            put(say("cli.review.settled", language, case=case, n=settle(folder)))
        if not ended:
            raise KeyboardInterrupt


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("author") from None


class Session:
    """One sitting at the terminal: shows a claim, asks, and appends what was decided before the next is shown."""

    def __init__(self, folder: Path, sources: "Mapping[str, Source]", author: str, lang: Language) -> None:
        self.folder, self.sources, self.author, self.lang = folder, sources, author, lang
        self.decided: dict[str, Decision] = {}

    def run(self, waiting: "tuple[Claim, ...]") -> bool:
        """Goes through the candidates. End of input, ``q`` or Ctrl-C stops (then it gives False), ``b`` goes back."""
        at, shown = 0, -1
        while at < len(waiting):
            claim = waiting[at]
            if at != shown:
                self._show(claim, at + 1, len(waiting))
            shown = at
            try:
                key = self._ask("ask").lower()[:1]
                if key == "q":
                    break
                if key in ("s", "b"):
                    at, shown = (max(at - 1, 0) if key == "b" else at + 1), -1
                    continue
                decision = self._decide(key, claim)
            except EOFError:
                put("")
                break
            except KeyboardInterrupt:
                put("")
                return False
            if decision is not None:
                self._append(decision)
                self.decided[claim.id] = decision
                at += 1
        return True

    def _ask(self, key: str, **values: object) -> str:
        prompt = say(f"cli.review.{key}", self.lang, **values)
        prompt += "" if self.lang == "zh" else " "
        if sys.stdin.isatty() and sys.stdout.isatty():
            with suppress(ImportError):
                # Lets the line be edited with the arrow keys, which the terminal alone does not.
                import readline  # noqa: F401
            return input(prompt).strip()
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def _show(self, claim: "Claim", number: int, total: int) -> None:
        put("")
        put(say("cli.review.head", self.lang, number=number, total=total, id=claim.id, source=claim.source))
        tell(_BETWEEN.sub("", " ".join(self._in_context(claim).split())), "  ")
        colon = "：" if self.lang == "zh" else ": "
        for field in FIELDS:
            value = getattr(claim, field)
            if value not in (None, (), ""):
                tell(f"{self._label(field)}{colon}{self._value(field, value)}", "  ")
        if claim.id in self.decided:
            put("  " + say(f"cli.review.was-{self.decided[claim.id].action}", self.lang))

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
        return field if name == field else f"{field}{self._aside(name)}"

    def _value(self, field: str, value: Any) -> str:
        """A value as an edit would write it, and what it means where the reader's language has another word for it."""
        from zopa.claims.voice import voice_name

        if field == "speaker_head":
            return voice_name(str(value), self.lang)
        written = value if isinstance(value, tuple) else (str(value),)
        return ("、" if self.lang == "zh" else ", ").join(self._meant(field, one) for one in written)

    def _meant(self, field: str, word: str) -> str:
        name = word.replace(" ", "-")
        keys = {
            "kind": f"brief.kind-{name}",
            "event": f"cli.event-{name}",
            "issues": f"record.issue-{name}",
            "polarity": f"cli.polarity-{name}",
            "modality": f"cli.modality-{name}",
        }
        key = keys.get(field)
        if self.lang == "en" or key is None or not has(key):
            return word
        return word + self._aside(say(key, self.lang))

    def _aside(self, text: str) -> str:
        return f"（{text}）" if self.lang == "zh" else f" ({text})"

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
        from zopa.claims.lines import Several

        patch: dict[str, object] = {}
        while field := self._ask("next-field" if patch else "field", fields=" ".join((*FIELDS, "ranges"))):
            try:
                # A field that a claim does not have, and a value that does not fit, are told before more is typed.
                reviews.edit(claim, {field: getattr(claim, field, None)}, author=self.author, at=now)
                value = _typed(field, self._ask(self._how(field), field=field, now=self._now(claim, field)))
                reviews.edit(claim, {field: value}, author=self.author, at=now)
            except DossierError as error:
                put(error.show(self.lang))
            else:
                patch[field] = value
        if not patch:
            return None
        if "ranges" in patch:
            patch["quote"] = self._quote(claim, patch["ranges"])
        decision = reviews.edit(claim, patch, author=self.author, at=now)
        if not self._stands(decision):
            put(say("cli.review.not-there", self.lang))
            return None
        put(say("cli.review.edited", self.lang, fields=Several(f for f in patch if f != "quote")))
        return decision

    def _how(self, field: str) -> str:
        """The question for a new value: lists are typed in one line, days as days, all else as it is."""
        return "value-list" if field in LISTS else "value-day" if field in DAYS else "value"

    def _now(self, claim: "Claim", field: str) -> str:
        value = getattr(claim, field)
        if value in (None, (), ""):
            return "—"
        if field in LISTS:
            return ("、" if self.lang == "zh" else ", ").join(str(one) for one in value)
        return json_module.dumps(value) if isinstance(value, tuple) else str(value)

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


def _typed(field: str, text: str) -> object:
    """What was typed, as JSON where it is JSON (numbers, lists, null), else as text; lists may be words with commas."""
    try:
        value = json_module.loads(text)
    except ValueError:
        value = text
    if field in LISTS and isinstance(value, str | int | float) and not isinstance(value, bool):
        return [word for word in re.split(r"[\s,，、;；]+", text) if word]
    # 20260205 is JSON too, but nobody means a number.
    return text if field in DAYS and isinstance(value, int) else value
