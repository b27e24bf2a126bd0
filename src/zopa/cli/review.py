"""``zopa review``: candidate claims one by one, each in its context; every decision is one appended line."""

import getpass
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zopa.cli.screen import FAINT, LEFT, RIGHT, YELLOW, packed, paint, show
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
from zopa.words import Language, joined, say

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
    "chain",
    "party",
    "said_on",
    "polarity",
    "modality",
    "credibility",
    "origin",
)
"""What is shown of a claim and offered to an edit; any other field can be named too."""
KEYS = ("a", "e", "r", "s", "b", "u", "m", "h", "q")
_WIDE = r"[\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN = re.compile(f"(?<={_WIDE}) (?={_WIDE})")
"""The space for a line break, which Chinese text does not have between characters."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "review", _review)


def _review(
    case: CaseArgument,
    author: Annotated[str | None, typer.Option("--author", help="cli.review.author", metavar="NAME")] = None,
    export_gold: Annotated[
        Path | None, typer.Option("--export-gold", help="gold.option", metavar="FOLDER")
    ] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        if export_gold is not None:
            from zopa.cli.score_reader import export

            export(case, export_gold, language, as_json=json)
            return
        from zopa.case.folder import read_waiting
        from zopa.case.record import settle
        from zopa.claims.reviews import decisions, order

        folder = own_folder(case)
        sources, waiting = read_waiting(folder)
        queue = order(waiting)
        if json:
            rows = [claim.model_dump(mode="json") for claim in queue]
            print_json(answer_json("review", folder.name, rows))
            return
        if not queue:
            put(say("cli.review.none", language, case=case))
            if not decisions(folder):
                return
        session = Session(folder, sources, author or _user(), language)
        ended = session.run(queue)
        put("")
        put(say("cli.review.done", language, decided=len(session.decided), left=session.left))
        if session.changed:
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
        self.queue: list[Claim] = []
        self.changed = False
        self.names: Mapping[str, str] = {}

    @property
    def left(self) -> int:
        """Candidates on which nothing was decided."""
        return sum(claim.id not in self.decided for claim in self.queue)

    def run(self, waiting: "tuple[Claim, ...]") -> bool:
        """Goes through the candidates. End of input, ``q`` or Ctrl-C stops (then it gives False), ``b`` goes back."""
        from zopa.claims.reviews import decisions, in_force, one_name

        self.queue = list(waiting)
        log = decisions(self.folder)
        self.names = one_name(in_force(log))
        # With nothing to decide on, a sitting is for taking back and for merging names.
        idle = not waiting
        at, shown = 0, -1
        while at < len(self.queue) or idle:
            claim = self.queue[at] if at < len(self.queue) else None
            if claim is not None and at != shown:
                self._show(claim, at + 1, len(self.queue))
            shown = at
            try:
                key = self._ask_key(claim).lower()[:1]
                if key == "q":
                    break
                if key in ("s", "b") and claim is not None:
                    at, shown = (max(at - 1, 0) if key == "b" else at + 1), -1
                elif key == "u":
                    back = self._undo(at)
                    at, shown = (at, shown) if back is None else (back, -1)
                elif key == "m":
                    self._merge()
                else:
                    at += self._decided(key, claim)
            except EOFError:
                put("")
                break
            except KeyboardInterrupt:
                put("")
                return False
        return True

    # -- asking --------------------------------------------------------------------------------------------------

    def _ask_key(self, claim: "Claim | None") -> str:
        keys = KEYS if claim is not None else ("u", "m", "h", "q")
        items = [say(f"cli.review.key-{key}", self.lang) for key in keys]
        *before, last = packed(items, "　" if self.lang == "zh" else "  ")
        for line in before:
            put(line)
        return self._read(last + ("：" if self.lang == "zh" else ": "))

    def _ask(self, key: str, **values: object) -> str:
        return self._read(say(f"cli.review.{key}", self.lang, **values) + ("" if self.lang == "zh" else " "))

    def _read(self, prompt: str) -> str:
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

    # -- showing -------------------------------------------------------------------------------------------------

    def _show(self, claim: "Claim", number: int, total: int) -> None:
        from zopa.claims.reviews import UNSURE, under_one_name

        put("")
        head = say("cli.review.head", self.lang, number=number, total=total, id=claim.id, source=claim.source)
        show(head, style=FAINT)
        places = ", ".join(f"{start}-{stop}" for start, stop in claim.ranges)
        by = f"{claim.reader}/{claim.rule}" if claim.rule else claim.reader
        told = say("cli.review.by", self.lang, places=places, reader=by, confidence=f"{claim.confidence:g}")
        show(told, indent="  ", style=FAINT)
        if claim.disputed:
            fields = joined([say(f"cli.review.off-{key}", self.lang) for key in claim.disputed], self.lang)
            show(say("cli.review.disputed", self.lang, fields=fields), indent="  ", style=YELLOW)
        elif claim.confidence < UNSURE:
            show(say("cli.review.unsure", self.lang), indent="  ", style=YELLOW)
        show(_BETWEEN.sub("", " ".join(self._in_context(claim).split())), indent="  ")
        colon = "：" if self.lang == "zh" else ": "
        heard = under_one_name(claim, self.names)
        for field in FIELDS:
            value = getattr(heard, field)
            if value not in (None, (), ""):
                show(f"{self._label(field)}{colon}{self._value(field, value)}", indent="  ")
        if claim.id in self.decided:
            put("  " + say(f"cli.review.was-{self.decided[claim.id].action}", self.lang))

    def _in_context(self, claim: "Claim") -> str:
        """The quotation in brackets, with the words around it."""
        source = self.sources.get(claim.source)
        if source is None:
            return f"{LEFT}{claim.quote}{RIGHT}"
        at = max(0, claim.ranges[0][0] - CONTEXT)
        out = ["…" if at else ""]
        for start, stop in claim.ranges:
            out += [source.text[at:start], f"{LEFT}{source.text[start:stop]}{RIGHT}"]
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
        if field == "chain":
            return " > ".join(voice_name(str(name), self.lang) for name in value)
        written = value if isinstance(value, tuple) else (str(value),)
        return ("、" if self.lang == "zh" else ", ").join(self._meant(field, one) for one in written)

    def _meant(self, field: str, word: str) -> str:
        from zopa.claims.typed import meant

        name = meant(field, word, self.lang)
        return word if self.lang == "en" or name is None else word + self._aside(name)

    def _aside(self, text: str) -> str:
        return f"（{text}）" if self.lang == "zh" else f" ({text})"

    # -- deciding ------------------------------------------------------------------------------------------------

    def _decided(self, key: str, claim: "Claim | None") -> int:
        """Records what a key decides about a claim; how many claims to go on by."""
        decision = self._decide(key, claim)
        if decision is None or claim is None:
            return 0
        self._append(decision)
        self.decided[claim.id] = decision
        return 1

    def _decide(self, key: str, claim: "Claim | None") -> "Decision | None":
        from zopa.claims import reviews

        if key == "a" and claim is not None:
            return reviews.accept(claim, author=self.author, at=self._now())
        if key == "r" and claim is not None:
            return reviews.reject(claim, author=self.author, at=self._now())
        if key == "e" and claim is not None:
            return self._edit(claim)
        if key in ("h", "?", "？"):
            put("")
            for known in KEYS if claim is not None else ("u", "m", "h", "q"):
                show(f"{known}  {say(f'cli.review.help-{known}', self.lang)}", indent="  ")
            return None
        put(say("cli.review.keys" if claim is not None else "cli.review.keys-idle", self.lang))
        return None

    def _now(self) -> datetime:
        from zopa.claims.deciding import moment
        from zopa.claims.reviews import decisions

        return moment(decisions(self.folder))

    def _edit(self, claim: "Claim") -> "Decision | None":
        from zopa.claims import reviews
        from zopa.claims.deciding import edited
        from zopa.claims.lines import Several

        source = self.sources.get(claim.source)
        document = None if source is None else source.text
        now = self._now()
        patch: dict[str, Any] = {}
        while field := self._ask("next-field" if patch else "field", fields=" ".join((*FIELDS, "ranges"))):
            field = self._field(field)
            try:
                # A field that a claim does not have, and a value that does not fit, are told before more is typed.
                reviews.edit(claim, {field: getattr(claim, field, None)}, author=self.author, at=now)
                value = self._typed(claim, field, document)
                reviews.edit(claim, {field: value}, author=self.author, at=now)
            except DossierError as error:
                put(paint(error.show(self.lang), YELLOW))
            else:
                patch[field] = value
        if not patch:
            return None
        try:
            decision = edited(claim, patch, source, author=self.author, at=now)
        except DossierError as error:
            put(paint(error.show(self.lang), YELLOW))
            return None
        changed = [field for field in decision.patch if field != "quote"] or [*patch]
        put(say("cli.review.edited", self.lang, fields=Several(changed)))
        return decision

    def _field(self, written: str) -> str:
        """The field meant: by its key, or by what the screen calls it."""
        called = {say(f"cli.column.{field}", self.lang): field for field in FIELDS}
        return called.get(written, written)

    def _typed(self, claim: "Claim", field: str, document: str | None) -> object:
        from zopa.claims.typed import typed

        text = self._ask(self._how(field), field=field, now=self._now_is(claim, field))
        return typed(field, text, claim=claim, document=document)

    def _how(self, field: str) -> str:
        """The question for a new value: lists are typed in one line, days as days, all else as it is."""
        from zopa.claims.typed import DAYS, LISTS

        if field == "ranges":
            return "value-ranges"
        return "value-list" if field in LISTS else "value-day" if field in DAYS else "value"

    def _now_is(self, claim: "Claim", field: str) -> str:
        from zopa.claims.typed import LISTS

        value = getattr(claim, field)
        if value in (None, (), ""):
            return "—"
        if field == "ranges":
            return " ".join(f"{start}-{stop}" for start, stop in value)
        if field in LISTS:
            return ("、" if self.lang == "zh" else ", ").join(str(one) for one in value)
        return str(value)

    # -- merging and taking back -----------------------------------------------------------------------------------

    def _merge(self) -> None:
        """Asks for names that are one person; a name that no claim carries is told and nothing is decided."""
        from zopa.case.folder import read_record
        from zopa.claims import reviews
        from zopa.claims.lines import suggestion

        _, record = read_record(self.folder)
        heads = [claim.speaker_head for claim in (*record.accepted, *record.waiting)]
        known = tuple(dict.fromkeys(head for head in heads if head is not None))
        typed = self._ask("names")
        names = [name.strip() for name in re.split("[,，、;；=＝]", typed) if name.strip()]
        if not names:
            return
        strange = [name for name in names[1:] if name not in known and name not in record.names]
        for name in strange:
            closest = suggestion(name, known).text(self.lang)
            show(say("cli.review.no-name", self.lang, name=name, closest=closest), style=YELLOW)
        if strange:
            return
        try:
            decision = reviews.merge(names, author=self.author, at=self._now())
        except DossierError as error:
            put(paint(error.show(self.lang), YELLOW))
            return
        self._append(decision)
        self.names = reviews.one_name(reviews.in_force(reviews.decisions(self.folder)))
        n = sum(head in decision.names for head in heads)
        kept, *others = decision.names
        show(say("cli.review.merged", self.lang, kept=kept, others=joined(others, self.lang), n=n))

    def _undo(self, at: int) -> int | None:
        """Takes back the last decision in force, of this sitting or an earlier one; the claim to show next, if any."""
        from zopa.case.folder import read_waiting
        from zopa.claims import reviews

        decision = reviews.last(reviews.decisions(self.folder))
        if decision is None:
            put(say("cli.review.nothing-to-undo", self.lang))
            return None
        self._append(reviews.undo(decision, author=self.author, at=self._now()))
        what = decision.id or joined(decision.names, self.lang)
        when = f"{decision.at.astimezone(UTC):%Y-%m-%d %H:%M}"
        key = f"cli.review.undone-{decision.action}"
        show(say(key, self.lang, what=what, author=decision.author, when=when))
        log = reviews.in_force(reviews.decisions(self.folder))
        self.names = reviews.one_name(log)
        earlier = [known for known in log if known.id == decision.id and decision.id]
        self.decided.pop(decision.id, None)
        if earlier and any(claim.id == decision.id for claim in self.queue):
            self.decided[decision.id] = earlier[-1]
        _, waiting = read_waiting(self.folder)
        again = next((claim for claim in waiting if claim.id == decision.id), None)
        for k, claim in enumerate(self.queue):
            if claim.id == decision.id:
                return k
        if again is None:
            return None
        self.queue.insert(at, again)
        return at

    def _append(self, decision: "Decision") -> None:
        from zopa.claims import reviews

        reviews.record(self.folder, decision)
        self.changed = True
