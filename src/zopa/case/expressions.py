"""Rules over options as people write them: ``strike and not (deal or talks)``, 「strike 且 非 (deal 或 talks)」.

Binding, tightest first: not (非), and (且), or (或), if (若), iff (当且仅当). ``a if b`` says that a holds whenever b
does; two of them, or two ``iff``, need brackets. Words may be written in capitals, as ``&``, ``|``, ``!``, or in
Chinese; brackets may be full-width.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zopa.claims.lines import Said

Bool = NDArray[np.bool_]
DEEPEST = 40
"""Brackets and negations inside one another; no rule a person reads has ten."""


@dataclass(frozen=True, slots=True)
class Name:
    """An option (or an event), true where it is taken; ``start`` and ``stop`` say where it stands in the text."""

    id: str
    start: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """True where its part is not."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """True where all parts are."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True where some part is."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class If:
    """``then if condition``: false only where the condition is true and ``then`` is not."""

    then: "Expression"
    condition: "Expression"


@dataclass(frozen=True, slots=True)
class Iff:
    """True where both parts are, or neither is."""

    a: "Expression"
    b: "Expression"


Expression = Name | Not | And | Or | If | Iff


class ExpressionError(ValueError):
    """A rule that cannot be read: where in its text, and what stood or should stand there."""

    def __init__(self, why: Said, start: int, stop: int) -> None:
        self.why = why
        self.start = start
        self.stop = stop
        super().__init__(format(why, "en"))


_WORDS: Final[Mapping[str, str]] = {
    "not": "not", "!": "not", "¬": "not", "~": "not", "非": "not",
    "and": "and", "&": "and", "&&": "and", "∧": "and", "且": "and",
    "or": "or", "|": "or", "||": "or", "∨": "or", "或": "or",
    "iff": "iff", "<->": "iff", "↔": "iff", "当且仅当": "iff",
    "if": "if", "<-": "if", "若": "if",
    "(": "(", "（": "(", ")": ")", "）": ")",
}  # fmt: skip
_TOKEN = re.compile(r"当且仅当|<->|<-|&&|\|\||[!¬~非&∧且|∨或↔若()（）]|[A-Za-z0-9_][A-Za-z0-9_-]*")
_SPACE = re.compile(r"[\s\u3000]*")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    stop: int


def parse(text: str) -> Expression:
    """The rule a text states; ``ExpressionError`` says where it stops making sense."""
    reader = _Reader(list(_tokens(text)), len(text))
    if reader.peek.kind == "end":
        raise ExpressionError(Said("checks.rule-empty"), 0, max(1, len(text)))
    found = reader.iff(0)
    if reader.peek.kind != "end":
        raise reader.unexpected("checks.rule-joint")
    return found


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at == len(text):
            break
        found = _TOKEN.match(text, at)
        if found is None:
            raise ExpressionError(Said("checks.rule-character", text=text[at]), at, at + 1)
        word = found.group()
        yield _Token(_WORDS.get(word.casefold(), "name"), word, at, found.end())
        at = found.end()
    yield _Token("end", "", len(text), len(text) + 1)


class _Reader:
    """Recursive descent, one method a level of binding; ``depth`` counts what stands inside what."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.at = 0

    @property
    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self, kind: str) -> bool:
        if self.peek.kind != kind:
            return False
        self.at += 1
        return True

    def unexpected(self, key: str) -> ExpressionError:
        token = self.peek
        if token.kind == "end":
            start = max(0, self.length - 1)
            return ExpressionError(Said("checks.rule-ends"), start, self.length)
        return ExpressionError(Said(key, text=token.text), token.start, token.stop)

    def iff(self, depth: int) -> Expression:
        left = self.if_(depth)
        return Iff(left, self.if_(depth)) if self.take("iff") else left

    def if_(self, depth: int) -> Expression:
        left = self.or_(depth)
        return If(left, self.or_(depth)) if self.take("if") else left

    def or_(self, depth: int) -> Expression:
        parts = [self.and_(depth)]
        while self.take("or"):
            parts.append(self.and_(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def and_(self, depth: int) -> Expression:
        parts = [self.not_(depth)]
        while self.take("and"):
            parts.append(self.not_(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def not_(self, depth: int) -> Expression:
        token = self.peek
        if depth > DEEPEST:
            raise ExpressionError(Said("checks.rule-deep", most=DEEPEST), token.start, token.stop)
        if self.take("not"):
            return Not(self.not_(depth + 1))
        if self.take("("):
            inner = self.iff(depth + 1)
            if not self.take(")"):
                if self.peek.kind == "end":
                    raise ExpressionError(Said("checks.rule-open"), token.start, token.stop)
                raise self.unexpected("checks.rule-joint")
            return inner
        if self.take("name"):
            return Name(token.text, token.start, token.stop)
        raise self.unexpected("checks.rule-operand")


def names(expression: Expression) -> Iterator[Name]:
    """All names of a rule in the order they are written, repeats included."""
    match expression:
        case Name():
            yield expression
        case Not(part):
            yield from names(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from names(part)
        case If(then, condition):
            yield from names(then)
            yield from names(condition)
        case Iff(a, b):
            yield from names(a)
            yield from names(b)


def evaluate(expression: Expression, columns: Mapping[str, Bool]) -> Bool:
    """Where the rule holds; ``columns`` gives each name's truth by state, ``KeyError`` names one that is missing."""
    match expression:
        case Name(id_):
            return np.asarray(columns[id_], dtype=np.bool_)
        case Not(part):
            return np.logical_not(evaluate(part, columns))
        case And(parts):
            return np.asarray(np.logical_and.reduce([evaluate(part, columns) for part in parts]))
        case Or(parts):
            return np.asarray(np.logical_or.reduce([evaluate(part, columns) for part in parts]))
        case If(then, condition):
            return np.logical_or(evaluate(then, columns), np.logical_not(evaluate(condition, columns)))
        case Iff(a, b):
            return np.equal(evaluate(a, columns), evaluate(b, columns))
