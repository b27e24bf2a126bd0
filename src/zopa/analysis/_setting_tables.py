"""Settings in words: which suits better than the refused one, what decides, what each feature adds, what would help."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zopa.analysis._setting_effects import EffectRow
from zopa.analysis._setting_features import FeatureRow, level_name
from zopa.analysis._setting_remedies import LEVEL, RemedyRow
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.meeting import Meeting
from zopa.case.names import party_in_text, party_name, setting_name
from zopa.case.settings import Setting as Place
from zopa.estimate import Array
from zopa.result import Chance, Share, Table, cell, ends, percent, verdict
from zopa.result import Verdict as Told
from zopa.words import Language, joined, say


@dataclass(frozen=True, slots=True)
class GapRow:
    """How much more often one setting is acceptable to all than a refused one, draw by draw, with its range.

    ``zero``: the same at total ignorance; ``verdict``: whether the record tells the two apart.
    """

    setting: str
    refused: str
    difference: float
    low: float
    high: float
    zero: float
    verdict: Told
    because: tuple[str, ...]


def gaps(
    made: Mapping[Evidence, Meeting],
    ways: Mapping[Evidence, Draws],
    pairs: Iterable[tuple[str, str]],
    because: Mapping[str, tuple[str, ...]],
) -> Iterable[GapRow]:
    """Each pair of a setting and a refused one."""
    for name, refused in pairs:
        at = [made["all"].settings.index(s) for s in (name, refused)]
        apart: dict[Evidence, Array] = {
            e: m.joint[:, at[0]].astype(float) - m.joint[:, at[1]] for e, m in made.items()
        }
        found = ways["all"].interval(apart["all"], legal=None)
        yield GapRow(
            setting=name,
            refused=refused,
            difference=found.mean,
            low=found.low,
            high=found.high,
            zero=float(apart["none"].mean()),
            verdict=verdict(apart, ways),
            because=tuple(dict.fromkeys((*because[name], *because[refused]))),
        )


def points(value: float) -> str:
    """A difference of shares in whole percentage points, with its sign; none where it rounds to nothing."""
    whole = round(100 * value)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", "−")


def spread_of(low: float, high: float, lang: Language) -> str:
    """The range of a difference in whole points, rounded outwards."""
    first, last = (
        f"{x:+d}".replace("-", "−").replace("+0", "0")
        for x in (math.floor(100 * low + 1e-9), math.ceil(100 * high - 1e-9))
    )
    return say("setting.points-range", lang, low=first, high=last)


def share_cells(value: Share | None) -> tuple[str, str]:
    """A share and its zero line in a table; a dash where there is none."""
    if value is None:
        return "—", "—"
    return cell(value), f"{percent(value.zero)}%" if math.isfinite(value.zero) else "—"


def gap_sentence(case: Case, row: GapRow, lang: Language) -> str:
    """Whether a setting suits all better than a refused one, as a sentence."""
    return say(
        f"setting.gap-{row.verdict}",
        lang,
        setting=setting_name(case.file, row.setting, lang),
        refused=setting_name(case.file, row.refused, lang),
        points=points(row.difference),
        range=spread_of(row.low, row.high, lang),
        zero=points(row.zero),
    )


def gaps_table(case: Case, found: Sequence[GapRow], lang: Language) -> Table:
    """Settings against refused ones."""
    rows = tuple(
        (
            setting_name(case.file, row.setting, lang),
            setting_name(case.file, row.refused, lang),
            f"{points(row.difference)} ({spread_of(row.low, row.high, lang)})",
            points(row.zero),
            say(f"setting.told-{row.verdict}", lang),
        )
        for row in found
    )
    return _table("gaps", ("setting", "refused", "points", "zero", "told"), rows, found, lang)


def deciding_table(case: Case, found: Sequence[EffectRow], shown: Sequence[str], lang: Language) -> Table:
    """The criterion that changes most, for any setting and those ``shown``, for all and for each side."""
    rows, kept = [], []
    for setting in (None, *shown):
        for party in (None, *case.negotiators):
            own = [row for row in found if (row.setting, row.party) == (setting, party)]
            if not own:
                continue
            most = max(own, key=lambda row: abs(row.change))
            kept.append(most)
            rows.append(
                (
                    say("setting.any", lang) if setting is None else setting_name(case.file, setting, lang),
                    _side(case, party, lang),
                    criterion_name(case, most.criterion, lang),
                    f"{points(most.change)} ({spread_of(most.low, most.high, lang)})",
                    points(most.zero),
                    say(f"setting.decides-{'yes' if most.deciding else 'no'}", lang),
                )
            )
    return _table(
        "deciding", ("setting", "side", "criterion", "without", "zero", "decides"), rows, kept, lang
    )


def features_table(case: Case, found: Sequence[FeatureRow], lang: Language) -> Table:
    """What each feature adds, all else alike."""
    rows = tuple(
        (
            _level(case, row.kind, row.level, lang),
            _level(case, row.kind, row.other, lang),
            _side(case, row.party, lang),
            f"{points(row.change)} ({spread_of(row.low, row.high, lang)})",
            points(row.zero),
            say(f"setting.told-{row.verdict}", lang),
        )
        for row in found
    )
    return _table("features", ("feature", "instead", "side", "points", "zero", "told"), rows, found, lang)


def remedies_table(case: Case, found: Sequence[RemedyRow], lang: Language) -> Table:
    """What would make refused settings acceptable."""
    rows = tuple(
        (
            setting_name(case.file, row.setting, lang),
            party_name(case.file, row.party, lang),
            _remedy(case, row, lang),
            cell(row.accepts),
            f"{percent(row.accepts.zero)}%",
            cell(row.joint),
            f"{percent(row.joint.zero)}%",
        )
        for row in found
    )
    return _table(
        "remedies", ("setting", "party", "change", "then", "zero", "then-joint", "zero"), rows, found, lang
    )


def unexplained(
    case: Case, options: Sequence[Place], accepts: Mapping[tuple[str, str], Chance], lang: Language
) -> Iterable[str]:
    """Refusals that the criteria do not explain: the party would accept more often than not."""
    for option in options:
        for party in option.refused_by:
            own = accepts.get((option.id, party))
            if own is not None and own.value >= LEVEL:
                names = {
                    "party": party_in_text(case.file, party, lang, first=True),
                    "setting": setting_name(case.file, option.id, lang),
                }
                shares = {
                    "value": percent(own.value),
                    "range": ends(own.low, own.high),
                    "zero": percent(own.zero),
                }
                yield say("setting.note-unexplained", lang, **shares, **names)


def criterion_name(case: Case, criterion: str, lang: Language) -> str:
    """A criterion's name."""
    settings = case.file.settings
    assert settings is not None
    return next(c.name.get(lang) for c in settings.criteria if c.id == criterion)


def _side(case: Case, party: str | None, lang: Language) -> str:
    return say("setting.all", lang) if party is None else party_name(case.file, party, lang)


def _level(case: Case, kind: str, level: str, lang: Language) -> str:
    return (
        level_name(case, kind, level, lang) if level or kind == "observers" else say("setting.no-host", lang)
    )


def _remedy(case: Case, row: RemedyRow, lang: Language) -> str:
    parts = []
    if row.criteria:
        names = joined([criterion_name(case, c, lang) for c in row.criteria], lang)
        key = "weight" if row.kind == "weight" else "raise" if row.change is not None else "raise-fails"
        if len(row.criteria) > 1:
            key = "raise-both"
        parts.append(say(f"setting.{key}", lang, criterion=names, change=_size(row, lang)))
    if row.red_lines:
        parts.append(say("setting.lift", lang) if len(row.red_lines) == 1 else say("setting.lift-both", lang))
    return joined(parts, lang)


def _size(row: RemedyRow, lang: Language) -> str:
    if row.change is None or row.change_low is None:
        return ""
    beyond = say("setting.beyond", lang)
    low, high, zero = (
        beyond if end is None else f"{end:.2f}" for end in (row.change_low, row.change_high, row.change_zero)
    )
    key = "size-one" if low == high else "size" if row.change_high is not None else "size-open"
    return say(f"setting.{key}", lang, change=f"{row.change:.2f}", low=low, high=high, zero=zero)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Iterable[tuple[str, ...]],
    found: Sequence[GapRow] | Sequence[EffectRow] | Sequence[FeatureRow] | Sequence[RemedyRow],
    lang: Language,
) -> Table:
    columns = tuple(say(f"setting.column-{head}", lang) for head in heads)
    return Table(say(f"setting.caption-{name}", lang), columns, tuple(rows), tuple(r.because for r in found))
