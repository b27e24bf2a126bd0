"""Every id must name something: parties, issues, options, places, claims and all the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from zopa.case.checks.common import Where, entries, numbers
from zopa.case.model import CaseFile
from zopa.case.settings import Settings
from zopa.case.standoff import Standoff
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said, suggestion
from zopa.errors import Problem


def references(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each id that names nothing, with the closest names there are."""
    names = _Names(file, ledger, where)
    yield from _actors(file, names)
    yield from _table(file, names)
    yield from _positions(file, names)
    if file.settings is not None:
        yield from _settings(file.settings, names)
    yield from _influence(file, names)
    yield from _course(file, names)
    yield from _forecasts(file, names)
    if file.standoff is not None:
        yield from _standoff(file.standoff, names)
    yield from _assurances(file, names)
    yield from _citations(file, names)
    yield from _record(ledger, names)


class _Names:
    """All names of the case by kind, and the problem of one that is not among them."""

    def __init__(self, file: CaseFile, ledger: Ledger, where: Where) -> None:
        self.where = where
        self.issues = {key: tuple(o.id for o in issue.options) for key, issue in file.issues.items()}
        settings = file.settings
        standoff = file.standoff
        self.known: Mapping[str, Sequence[str]] = {
            "party": tuple(file.parties),
            "person": tuple(file.people),
            "place": tuple(file.places),
            "issue": tuple(file.issues),
            "voice": (*file.people, *file.parties, *file.bodies),
            "claim": tuple(claim.id for claim in ledger.claims),
            "source": tuple(ledger.sources),
            "setting": tuple(s.id for s in settings.options) if settings else (),
            "criterion": tuple(c.id for c in settings.criteria) if settings else (),
            "prediction": (*(q.id for q in file.questions), *(s.id for s in file.scenarios)),
            "course": tuple(o.id for o in standoff.options) if standoff else (),
        }

    def value(self, kind: str, name: str | None, *path: str | int) -> Iterator[Problem]:
        """The id that stands as a value under the path."""
        if name is not None and name not in self.known[kind] and name not in self.where.gone:
            yield self.where.problem("dangling-id", path, **_values(kind, name, self.known[kind]))

    def each(self, kind: str, names: Iterable[str], *path: str | int) -> Iterator[Problem]:
        """The ids of the list under the path."""
        for k, name in enumerate(names):
            yield from self.value(kind, name, *path, k)

    def keys(self, kind: str, names: Iterable[str], *path: str | int) -> Iterator[Problem]:
        """The ids that are keys of the mapping under the path."""
        for name in names:
            if name not in self.known[kind] and name not in self.where.gone:
                values = _values(kind, name, self.known[kind])
                yield self.where.at_key("dangling-id", (*path, name), **values)

    def option(
        self, issue: str | None, name: str, *path: str | int, at_key: bool = False
    ) -> Iterator[Problem]:
        """The id of an option of an issue; an issue that is itself unknown has no options to compare with."""
        options = self.issues.get(issue or "")
        if options is None or name in options or name in self.where.gone:
            return
        values = _values("option", name, options, issue=issue)
        yield (self.where.at_key if at_key else self.where.problem)("dangling-id", path, **values)

    def package(self, package: Mapping[str, str], *path: str | int) -> Iterator[Problem]:
        """Issues as keys, an option of each as value."""
        yield from self.keys("issue", package, *path)
        for issue, option in package.items():
            yield from self.option(issue, option, *path, issue)


def _values(kind: str, name: str, known: Sequence[str], **more: object) -> dict[str, object]:
    return {"kind": Said(f"checks.kind-{kind}", **more), "name": name, "closest": suggestion(name, known)}


def _actors(file: CaseFile, names: _Names) -> Iterator[Problem]:
    for key, person in file.people.items():
        yield from names.value("party", person.party, "people", key, "party")
    for key, body in file.bodies.items():
        yield from names.value("party", body.party, "bodies", key, "party")
    for k, relation in enumerate(file.relations):
        yield from names.value("party", relation.from_, "relations", k, "from")
        yield from names.value("party", relation.to, "relations", k, "to")


def _table(file: CaseFile, names: _Names) -> Iterator[Problem]:
    for key, issue in file.issues.items():
        yield from names.keys("party", issue.called, "issues", key, "called")
    for k, exclusion in enumerate(file.exclusions):
        yield from names.package(exclusion.not_, "exclusions", k, "not")
    for k, synergy in enumerate(file.synergies):
        yield from names.value("party", synergy.party, "synergies", k, "party")
        yield from names.package(synergy.when, "synergies", k, "when")
    if file.currency is not None:
        yield from names.keys("party", file.currency.worth, "currency", "worth")
    for key, agenda in file.agendas.items():
        yield from names.each("issue", agenda.issues, "agendas", key, "issues")
        yield from names.each("party", agenda.wanted_by, "agendas", key, "wanted_by")
        yield from names.each("party", agenda.refused_by, "agendas", key, "refused_by")
        yield from names.keys("issue", agenda.freeze, "agendas", key, "freeze")
        for frozen, outcomes in agenda.freeze.items():
            path: Path = ("agendas", key, "freeze", frozen)
            for option in outcomes:
                # An option for certain is the value itself, one of several a key below it.
                listed = names.where.has((*path, option))
                yield from names.option(frozen, option, *path, *([option] if listed else []), at_key=listed)


_PROCESS = {
    "format": ("direct", "indirect"),
    "observers": ("none", "some"),
}
"""What a red line on the form of the talks can reject, besides parties."""


def _positions(file: CaseFile, names: _Names) -> Iterator[Problem]:
    yield from names.keys("party", file.readings, "readings")
    yield from names.keys("party", file.preferences, "preferences")
    for party, preferences in file.preferences.items():
        for issue, preference in preferences.issues.items():
            here = ("preferences", party, "issues", issue)
            yield from names.keys("issue", [issue], *here[:-1])
            yield from names.option(issue, preference.best, *here, "best")
            yield from names.option(issue, preference.worst, *here, "worst")
            for option in preference.values:
                yield from names.option(issue, option, *here, "values", option, at_key=True)
    for k, line in enumerate(file.red_lines):
        yield from names.value("party", line.party, "red_lines", k, "party")
        yield from names.value("issue", line.issue, "red_lines", k, "issue")
        for j, rejected in enumerate(line.rejects):
            yield from _rejected(names, line.issue, line.on, rejected, ("red_lines", k, "rejects", j))
    for k, demand in enumerate(file.preconditions):
        yield from names.value("party", demand.by, "preconditions", k, "by")


def _rejected(
    names: _Names, issue: str | None, on: str | None, rejected: str, path: Path
) -> Iterator[Problem]:
    """What a red line rejects: options of its issue, issues, places, hosts, or features of the form."""
    if issue is not None:
        yield from names.option(issue, rejected, *path)
    elif on == "agenda":
        yield from names.value("issue", rejected, *path)
    elif on == "venue":
        yield from names.value("place", rejected, *path)
    elif on == "host":
        yield from names.value("party", rejected, *path)
    elif on is not None and rejected not in _PROCESS[on]:
        known = (*_PROCESS[on], *(names.known["party"] if on == "observers" else ()))
        if rejected not in known and rejected not in names.where.gone:
            yield names.where.problem("dangling-id", path, **_values("feature", rejected, known))


def _settings(settings: Settings, names: _Names) -> Iterator[Problem]:
    features: dict[str, None] = {}
    for k, setting in enumerate(settings.options):
        here: Path = ("settings", "options", k)
        features |= dict.fromkeys(setting.features())
        yield from names.value("place", setting.place, *here, "place")
        yield from names.value("party", setting.host, *here, "host")
        for part in ("observers", "proposed_by", "refused_by"):
            yield from names.each("party", getattr(setting, part), *here, part)
    scored = (*features, *names.known["setting"])
    yield from names.keys("party", settings.views, "settings", "views")
    for party, view in settings.views.items():
        here = ("settings", "views", party)
        yield from names.keys("criterion", view.weights, *here, "weights")
        for feature, scores in view.scores.items():
            if feature not in scored and feature.partition(":")[2] not in names.where.gone:
                values = _values("feature", feature, scored)
                yield names.where.at_key("dangling-id", (*here, "scores", feature), **values)
            yield from names.keys("criterion", scores, *here, "scores", feature)


def _influence(file: CaseFile, names: _Names) -> Iterator[Problem]:
    yield from names.keys("issue", file.influence, "influence")
    for issue, arena in file.influence.items():
        here = ("influence", issue, "actors")
        yield from names.keys("party", arena.actors, *here)
        for actor, stake in arena.actors.items():
            if stake.option is not None:
                yield from names.option(issue, stake.option, *here, actor, "option")


def _course(file: CaseFile, names: _Names) -> Iterator[Problem]:
    for k, move in enumerate(file.moves):
        yield from names.value("party", move.party, "moves", k, "party")
        over = tuple(alternative.id for alternative in move.over)
        if over and move.chosen not in over and move.chosen not in names.where.gone:
            values = _values("alternative", move.chosen, over)
            yield names.where.problem("dangling-id", ("moves", k, "chosen"), **values)
        for j, alternative in enumerate(move.over):
            for i, consequence in enumerate(alternative.leads_to):
                here = ("moves", k, "over", j, "leads_to", i)
                yield from names.package(consequence.package or {}, *here, "package")
                yield from names.value("setting", consequence.setting, *here, "setting")
    if file.talks is not None:
        for k, deadline in enumerate(file.talks.deadlines):
            yield from names.each("party", deadline.presses, "talks", "deadlines", k, "presses")
        for part in ("concession", "outside_action", "strike", "retaliation", "regime_breaks"):
            yield from names.keys("party", getattr(file.talks, part), "talks", part)


def _forecasts(file: CaseFile, names: _Names) -> Iterator[Problem]:
    for k, scenario in enumerate(file.scenarios):
        yield from names.each("voice", scenario.told_by, "scenarios", k, "told_by")
    for k, judgement in enumerate(file.judgements):
        yield from names.value("person", judgement.person, "judgements", k, "person")
        yield from names.value("party", judgement.party, "judgements", k, "party")
        yield from names.value("prediction", judgement.on, "judgements", k, "on")
    for k, unknown in enumerate(file.unknowns):
        yield from names.each("voice", unknown.answer_from, "unknowns", k, "answer_from")
    for k, note in enumerate(file.contradictions):
        for part in ("a", "b", "settled"):
            yield from names.value("claim", getattr(note, part), "contradictions", k, part)


def _standoff(standoff: Standoff, names: _Names) -> Iterator[Problem]:
    yield from names.each("party", standoff.parties, "standoff", "parties")
    for k, option in enumerate(standoff.options):
        yield from names.value("party", option.party, "standoff", "options", k, "party")
    for k, threat in enumerate(standoff.threats):
        yield from names.value("party", threat.by, "standoff", "threats", k, "by")
    yield from names.keys("party", standoff.rankings, "standoff", "rankings")
    for k, arc in enumerate(standoff.arcs):
        yield from names.value("party", arc.party, "standoff", "arcs", k, "party")


def _assurances(file: CaseFile, names: _Names) -> Iterator[Problem]:
    for k, assurance in enumerate(file.assurances):
        here = ("assurances", k)
        yield from names.value("party", assurance.offered_by, *here, "offered_by")
        yield from names.each("party", assurance.to, *here, "to")
        yield from names.value("course", assurance.option, *here, "option")
        yield from names.keys("party", assurance.cost_of_defecting, *here, "cost_of_defecting")


def _citations(file: CaseFile, names: _Names) -> Iterator[Problem]:
    cited = [(path, entry.because) for path, entry in entries(file)]
    cited += [(step.path, number.because) for step, number in numbers(file)]
    for path, because in cited:
        for k, citation in enumerate(because):
            yield from names.value("claim", citation.claim, *path, "because", k)


def _record(ledger: Ledger, names: _Names) -> Iterator[Problem]:
    for id_, source in ledger.sources.items():
        yield from names.value("source", source.header.translation_of, "sources", id_, "translation_of")
    for claim in ledger.claims:
        if names.known["party"]:
            yield from names.value("party", claim.party, "claims", claim.id, "party")
