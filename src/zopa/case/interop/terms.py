"""Rules as alternatives: a Boolean expression as the conjunctions of which one must hold."""

from collections.abc import Iterable

from zopa.case.expressions import And, Expression, If, Iff, Name, Not, Or

Term = tuple[tuple[str, bool], ...]
"""A conjunction: options by id and whether each is to be taken; nothing at all always holds."""
MOST = 512
"""Alternatives a rule may have; no rule a person reads comes near."""


class TooManyError(ValueError):
    """A rule that does not come apart into a number of alternatives anybody could read."""


def terms(rule: Expression) -> tuple[Term, ...]:
    """The alternatives of a rule in the order they are written, none that another one covers.

    No alternative means that it never holds. ``TooManyError`` beyond ``MOST`` of them.
    """
    return tuple(tuple(term.items()) for term in _alternatives(rule, wanted=True))


_Term = dict[str, bool]


def _alternatives(rule: Expression, *, wanted: bool) -> list[_Term]:
    match rule:
        case Name(id_):
            return [{id_: wanted}]
        case Not(part):
            return _alternatives(part, wanted=not wanted)
        case And(parts) | Or(parts):
            found = [_alternatives(part, wanted=wanted) for part in parts]
            # Denied, "and" is an "or" of what is denied, and the other way round.
            return (
                _all(found) if isinstance(rule, And) == wanted else _shortest(t for own in found for t in own)
            )
        case If(then, condition):
            return _alternatives(Or((then, Not(condition))), wanted=wanted)
        case Iff(a, b):
            same = Or((And((a, b)), And((Not(a), Not(b)))))
            return _alternatives(same, wanted=wanted)


def _all(found: list[list[_Term]]) -> list[_Term]:
    out: list[_Term] = [{}]
    for own in found:
        joined = ({**a, **b} for a in out for b in own if all(a.get(k, v) == v for k, v in b.items()))
        out = _shortest(joined)
    return out


def _shortest(found: Iterable[_Term]) -> list[_Term]:
    out: list[_Term] = []
    for term in found:
        if any(kept.items() <= term.items() for kept in out):
            continue
        out = [kept for kept in out if not term.items() <= kept.items()] + [term]
        if len(out) > MOST:
            raise TooManyError
    return out
