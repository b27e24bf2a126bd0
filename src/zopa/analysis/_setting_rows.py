"""Every setting as all sides and each side see it, and what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zopa.analysis._setting_ranks import ranked
from zopa.analysis._setting_remedies import Cited
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.meeting import BLOCKED, Meeting, crosses, process_lines, score_paths
from zopa.case.settings import Setting as Place
from zopa.estimate import Array
from zopa.result import Chance, Share, chance_of


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as one side sees it, or all negotiators together (``party`` is None).

    ``accepts``: at least as good as not meeting; ``first``: ranked first among all settings; ``preferred``: first among
    the settings in play, those that somebody proposed, agreed to or refused (None for the others). ``ranks``: share of
    draws with rank 1, 2, …; ``central``: mean criterion weights of the draws that rank it first (empty where none
    does); ``confidence``: share of draws in which it is first with just these weights; the zero line of these two is
    not a number where nothing ranks it first without evidence. All of these but ``accepts`` are empty for all parties
    together. ``recorded``: whether the record knows of it at all.
    """

    setting: str
    party: str | None
    accepts: Chance
    first: Chance | None
    preferred: Chance | None
    ranks: tuple[Share, ...]
    central: Mapping[str, Share]
    confidence: Share | None
    recorded: bool
    because: tuple[str, ...]


def setting_rows(
    ways: Mapping[Evidence, Draws],
    made: Mapping[Evidence, Meeting],
    case: Case,
    cited: Cited,
) -> tuple[SettingRow, ...]:
    """Every setting, best joint acceptability first: all together, then party by party."""
    drawn, options = made["all"], options_of(case)
    likes = {e: met.values - BLOCKED * met.blocked for e, met in made.items()}
    joint = [chance_of({e: met.joint[:, k] for e, met in made.items()}, ways) for k in range(len(options))]
    by_party = [ranked(ways, made, p) for p in range(len(drawn.parties))]
    play = _in_play(case)
    rows: list[SettingRow] = []
    for k in sorted(range(len(options)), key=lambda k: (-joint[k].value, k)):
        option = options[k]
        told, name = _recorded(option), option.id
        rows.append(
            SettingRow(name, None, joint[k], None, None, (), {}, None, told, cited(name, None)),
        )
        for p, party in enumerate(drawn.parties):
            accepts = chance_of({e: met.accepts[:, p, k] for e, met in made.items()}, ways)
            first = chance_of({e: _best_of(liked[:, p], None, k) for e, liked in likes.items()}, ways)
            own = None
            if k in play:
                own = chance_of({e: _best_of(liked[:, p], play, k) for e, liked in likes.items()}, ways)
            one = by_party[p][k]
            rows.append(
                SettingRow(
                    setting=name,
                    party=party,
                    accepts=accepts,
                    first=first,
                    preferred=own,
                    ranks=one.ranks,
                    central=one.central,
                    confidence=one.confidence,
                    recorded=told,
                    because=cited(name, party),
                )
            )
    return tuple(rows)


def first_settings(made: Meeting, count: int) -> Meeting:
    """The first settings of a meeting."""
    if count == len(made.settings):
        return made
    return replace(
        made,
        settings=made.settings[:count],
        scores=np.ascontiguousarray(made.scores[:, :, :count]),
        blocked=made.blocked[:, :, :count],
        costs=made.costs[:, :, :count],
    )


def is_refused(option: Place) -> bool:
    return option.status in ("refused", "dropped") or bool(option.refused_by)


def _recorded(option: Place) -> bool:
    """Whether the record knows of a setting: cited, or more than an open possibility."""
    return bool(option.status != "open" or option.proposed_by or option.refused_by or option.because)


def talked_of(options: Sequence[Place], order: Sequence[str]) -> tuple[str, ...]:
    """The settings agreed and refused, best first."""
    chosen = {s.id for s in options if s.status == "agreed" or is_refused(s)}
    return tuple(s for s in order if s in chosen)


def options_of(case: Case) -> tuple[Place, ...]:
    return case.file.settings.options if case.file.settings else ()


def _in_play(case: Case) -> tuple[int, ...]:
    """Settings that somebody proposed, agreed to, refused or dropped; all of them where that leaves fewer than two."""
    options = options_of(case)
    play = tuple(k for k, s in enumerate(options) if s.status != "open" or s.proposed_by or s.refused_by)
    return play if len(play) > 1 else tuple(range(len(options)))


def _best_of(likes: Array, play: Sequence[int] | None, k: int) -> Bool:
    """Draws in which setting ``k`` is liked no less than any other (in play); ``likes`` (draws, settings)."""
    rivals = likes if play is None else likes[:, list(play)]
    return np.asarray(likes[:, k] >= rivals.max(axis=1) - 1e-12)


def citations(case: Case, drawn: Draws) -> Cited:
    """Claims behind a setting as one party sees it (or all see it): its own, its scores', its red lines'."""
    known = case.ledger.by_id
    settings = case.file.settings
    assert settings is not None

    def cited(name: str, party: str | None) -> tuple[str, ...]:
        option = next(s for s in settings.options if s.id == name)
        found = [c.claim for c in option.because]
        for p in case.negotiators if party is None else (party,):
            paths = [
                path
                for c in settings.criteria
                for path in score_paths(settings.views.get(p), p, option, c.id)
            ]
            found += [claim for path in paths for claim in drawn.quantities[path].basis.claims]
            lines = (line for line in process_lines(drawn) if line.party == p and crosses(line, option))
            found += [c.claim for line in lines for c in line.because]
        return tuple(dict.fromkeys(claim for claim in found if claim in known))

    return cited
