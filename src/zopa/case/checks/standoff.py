"""The standoff as a whole: how many decide, whether its combinations fit into memory, and statements without effect."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.conflict import MOST_PARTIES, conflict_of, decision_makers, fitting, size_values
from zopa.case.expressions import ExpressionError, names, parse
from zopa.case.model import CaseFile
from zopa.case.remarks import remarks
from zopa.case.standoff import Standoff
from zopa.claims.ledger import Ledger
from zopa.errors import IncompleteCaseError, Problem

MOST_LOOKED_AT = 16
"""Options up to which every combination is looked at each time a case is read: some hundredths of a second."""


def standoff(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems of the size of a standoff, and warnings about statements that cannot matter."""
    found = file.standoff
    if found is None or not (found.options or found.states):
        return
    yield from _unbased(found, where)
    parties = decision_makers(found)
    if len(parties) > MOST_PARTIES:
        here = ("standoff", "parties") if len(found.parties) > MOST_PARTIES else ("standoff",)
        yield where.at_key("standoff-parties", here, n=len(parties), most=MOST_PARTIES)
        return
    if len(parties) == 1:
        here = ("standoff", "parties") if found.parties else ("standoff",)
        yield where.warning("standoff-alone", here, party=parties[0])
        return
    most = fitting(len(parties))
    if len(found.options) > most:
        # The case may still be read for everything else: only what needs the standoff is refused.
        values = size_values(len(found.options), len(parties), most)
        yield where.warning("standoff-too-large", ("standoff", "options", most), **values)
    elif len(found.options) <= MOST_LOOKED_AT and _readable(found):
        yield from _remarks(file, where)


def _unbased(found: Standoff, where: Where) -> Iterator[Problem]:
    """A list of states or of pairs holds only where its basis does: without one never."""
    for party, ranking in found.rankings.items():
        listed = ranking.ranking or ranking.prefers or ranking.unknown or ranking.strongly
        if listed and not any(entry.because or entry.assumed for entry in (found, ranking)):
            yield where.at_key("entry-unbased", ("standoff", "rankings", party), name=party)


def _readable(found: Standoff) -> bool:
    """Whether all rules can be worked out; those that cannot are problems of another check."""
    known = {option.id for option in found.options} | {fact for state in found.states for fact in state.holds}
    texts = [rule.when for rule in found.infeasible]
    texts += [s.holds for ranking in found.rankings.values() for s in ranking.statements]
    try:
        return all(name.id in known for text in texts for name in names(parse(text)))
    except ExpressionError:
        return False


def _remarks(file: CaseFile, where: Where) -> Iterator[Problem]:
    try:
        conflict = conflict_of(file.model_copy(update={"standoff": _plain(file)}))
    except IncompleteCaseError as error:
        if error.problems[0].code == "standoff-infeasible":
            yield where.at_key("standoff-infeasible", ("standoff", "infeasible"))
        return
    for remark in remarks(conflict):
        path = ("standoff", "rankings", remark.party, "statements", remark.statement, "holds")
        yield where.warning(remark.code, path, **remark.values)


def _plain(file: CaseFile) -> Standoff:
    """The options, rules and statements alone: state numbers may be wrong, which another check says."""
    assert file.standoff is not None
    rankings = {
        party: ranking.model_copy(
            update={"ranking": (), "misperceived": (), "prefers": (), "unknown": (), "strongly": ()}
        )
        for party, ranking in file.standoff.rankings.items()
    }
    bare = {"arcs": (), "merged": (), "status_quo": None, "outcomes": ()}
    parties = decision_makers(file.standoff)
    return file.standoff.model_copy(update={"rankings": rankings, "parties": parties, **bare})
