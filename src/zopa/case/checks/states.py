"""States of a standoff by number: those named in rankings, arcs, outcomes and as status quo must exist."""

from collections.abc import Iterator, Sequence

from zopa.case.checks.common import Where
from zopa.case.conflict import feasible_states
from zopa.case.expressions import ExpressionError, names, parse
from zopa.case.model import CaseFile
from zopa.case.standoff import Ranking, Standoff
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def states(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems of state numbers: unknown ones, and numbers given to two states or ranked twice."""
    standoff = file.standoff
    if standoff is None:
        return
    if standoff.options and (standoff.states or standoff.arcs):
        yield where.at_key("standoff-form", ("standoff", "states" if standoff.states else "arcs"))
        return
    first: dict[int, int] = {}
    for k, state in enumerate(standoff.states):
        if state.n in first:
            other = where.mention(("standoff", "states", first[state.n]))
            yield where.problem("id-twice", ("standoff", "states", k, "n"), id=state.n, first=other)
        first.setdefault(state.n, k)
    most = _count(standoff)
    if most is None:
        return
    for path, n in _numbers(standoff):
        exists = 1 <= n <= most if standoff.options else n in first
        if not exists:
            yield where.problem("state-unknown", path, n=n, most=most)
    yield from _twice([m.states for m in standoff.merged], ("standoff", "merged"), where, inside="states")
    for party, ranking in standoff.rankings.items():
        here: Path = ("standoff", "rankings", party, "ranking")
        twice = tuple(_twice(ranking.ranking, here, where))
        yield from twice
        known = range(1, most + 1) if standoff.options else first
        if not twice and all(n in known for tier in ranking.ranking for n in tier):
            yield from _left_out(standoff, ranking, len(known), here, where)
        yield from _pairs(party, ranking, where)


def _pairs(party: str, ranking: Ranking, where: Where) -> Iterator[Problem]:
    """Pairs of states given both ways, or as preferred and as unknown."""
    given: set[tuple[int, int]] = set()
    for part in ("prefers", "strongly", "unknown"):
        for k, (a, b) in enumerate(getattr(ranking, part)):
            path: Path = ("standoff", "rankings", party, part, k)
            if part == "unknown" and {(a, b), (b, a)} & given:
                yield where.warning("pair-known-unknown", path, party=party, a=a, b=b)
            elif part != "unknown" and (b, a) in given and a != b:
                yield where.warning("pair-both-ways", path, party=party, a=a, b=b)
            if part != "unknown":
                given.add((a, b))


def _count(standoff: Standoff) -> int | None:
    """How many states there are: those listed, or the feasible combinations; None where that cannot be told."""
    if not standoff.options:
        return len(standoff.states)
    k = len(standoff.options)
    if k > 20 or not any(True for _ in _numbers(standoff)):
        # Nobody numbers a million states by hand; where none is named there is nothing to compare with.
        return None
    options = {option.id for option in standoff.options}
    for rule in standoff.infeasible:
        try:
            known = all(name.id in options for name in names(parse(rule.when)))
        except ExpressionError:
            return None
        if not known:
            return None
    return len(feasible_states(standoff))


def _numbers(standoff: Standoff) -> Iterator[tuple[Path, int]]:
    if standoff.status_quo is not None:
        yield ("standoff", "status_quo"), standoff.status_quo
    for k, arc in enumerate(standoff.arcs):
        yield ("standoff", "arcs", k, "from"), arc.from_
        yield ("standoff", "arcs", k, "to"), arc.to
    for k, merged in enumerate(standoff.merged):
        for j, n in enumerate(merged.states):
            yield ("standoff", "merged", k, "states", j), n
    for k, outcome in enumerate(standoff.outcomes):
        for j, n in enumerate(outcome.states):
            yield ("standoff", "outcomes", k, "states", j), n
    for party, ranking in standoff.rankings.items():
        here: Path = ("standoff", "rankings", party)
        for k, tie in enumerate(ranking.ranking):
            for j, n in enumerate(tie):
                yield (*here, "ranking", k, j), n
        for j, n in enumerate(ranking.misperceived):
            yield (*here, "misperceived", j), n
        for part in ("prefers", "unknown", "strongly"):
            for k, pair in enumerate(getattr(ranking, part)):
                for j, n in enumerate(pair):
                    yield (*here, part, k, j), n


def _twice(lists: Sequence[tuple[int, ...]], path: Path, where: Where, inside: str = "") -> Iterator[Problem]:
    seen: dict[int, Path] = {}
    for k, numbers in enumerate(lists):
        for j, n in enumerate(numbers):
            here = (*path, k, inside, j) if inside else (*path, k, j)
            if n in seen:
                yield where.problem("id-twice", here, id=n, first=where.mention(seen[n]))
            seen.setdefault(n, here)


def _left_out(standoff: Standoff, ranking: Ranking, most: int, path: Path, where: Where) -> Iterator[Problem]:
    """States a direct ranking leaves out; of merged ones one is enough, and those a party does not see do not count."""
    listed = {n for tier in ranking.ranking for n in tier} | set(ranking.misperceived)
    for merged in standoff.merged:
        if listed & set(merged.states):
            listed |= set(merged.states)
    if ranking.ranking and len(listed) < most:
        yield where.warning("ranking-partial", path, n=most - len(listed), most=most)
