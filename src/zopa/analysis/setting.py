"""Why this venue and format; would another be acceptable? Settings judged by criteria whose weights nobody stated.

SMAA-2 (Lahdelma and Salminen 2001): in every draw each side has weights over criteria, scores of every setting, and a
value of not meeting at all; a setting is acceptable to a side that gains by it, and jointly acceptable where every
negotiator gains in the same draw and no absolute red line on the process stands against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zopa.analysis._setting_effects import EffectRow, effects
from zopa.analysis._setting_features import MOST, FeatureRow, combined, drawn_for, feature_effects, size
from zopa.analysis._setting_remedies import RemedyRow, remedies
from zopa.analysis._setting_rows import (
    SettingRow,
    citations,
    first_settings,
    is_refused,
    options_of,
    setting_rows,
    talked_of,
)
from zopa.analysis._setting_tables import (
    GapRow,
    criterion_name,
    deciding_table,
    features_table,
    gap_sentence,
    gaps,
    gaps_table,
    points,
    remedies_table,
    share_cells,
    spread_of,
    unexplained,
)
from zopa.case.case import DRAWS, Case
from zopa.case.meeting import meeting, process_lines
from zopa.case.names import party_in_text, party_name, setting_name
from zopa.case.settings import Setting as Place
from zopa.charts.chart import Chart
from zopa.charts.setting import setting_chart
from zopa.result import (
    Footing,
    ReadingShare,
    Result,
    Table,
    asked,
    by_reading,
    cell,
    chance_words,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, joined, say

LARGEST = 100
"""Settings that can be asked for with all combinations."""
SHOWN = 12
"""Settings in the chart, those in play and the best of the others."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Setting(Result):
    """The settings of a case: whom each suits, and what decides it."""

    found: tuple[SettingRow, ...]
    criteria: tuple[EffectRow, ...]
    changes: tuple[RemedyRow, ...]
    apart: tuple[GapRow, ...]
    features: tuple[FeatureRow, ...]
    """What each feature adds, all else alike; empty where too many are listed to tell apart, or only one of each."""
    readings: Mapping[str, tuple[ReadingShare, ...]]
    """Joint acceptability of the settings agreed and refused, given each reading of a side's aims."""
    effective: float
    """How many draws that differ tell as much as these."""
    footing: Footing = field(repr=False)

    def rows(self) -> tuple[SettingRow, ...]:
        """Every setting, best joint acceptability first: all together, then party by party."""
        return self.found

    def effects(self) -> tuple[EffectRow, ...]:
        """What taking each criterion out changes: of any setting and each one, for all together and each side."""
        return self.criteria

    def remedies(self) -> tuple[RemedyRow, ...]:
        """What would make refused settings acceptable, most promising first for each."""
        return self.changes

    def gaps(self) -> tuple[GapRow, ...]:
        """The setting that suits all best, and the one agreed, each against every refused one."""
        return self.apart

    @cached_property
    def _by(self) -> Mapping[tuple[str, str | None], SettingRow]:
        return {(row.setting, row.party): row for row in self.found}

    @property
    def order(self) -> tuple[str, ...]:
        """Settings, best joint acceptability first."""
        return tuple(row.setting for row in self.found if row.party is None)

    def favourite(self, party: str) -> SettingRow:
        """Of the settings in play, the one that a party likes best most often."""
        own = [row for row in self.found if row.party == party and row.preferred is not None]
        return max(own, key=lambda row: row.preferred.value if row.preferred else 0.0)

    def deciding(self, setting: str | None = None, *, party: str | None = None) -> EffectRow | None:
        """The criterion whose removal most changes how often a setting (any, if None) is acceptable, to all or a party.

        None where no criterion clearly does.
        """
        own = (row for row in self.criteria if (row.setting, row.party) == (setting, party))
        return next((row for row in own if row.deciding), None)

    # -- for people --------------------------------------------------------------------------------------------------

    def headline(self, lang: Language = "en") -> str:
        """Which setting each side prefers and how surely, which one suits all best, and the one on record."""
        parts = [self._preference(party, lang) for party in self.case.negotiators]
        best = self._by[self.order[0], None]
        what = say("setting.what-joint", lang, setting=self._name(best.setting, lang))
        conditions = [say("setting.condition", lang)] if self.footing.assumed > 0 else []
        parts.append(headline(best.accepts, what, lang, conditions=conditions, rests=self.footing))
        agreed = next((s for s in self._options if s.status == "agreed" and s.id != best.setting), None)
        if agreed is not None:
            own = self._by[agreed.id, None].accepts
            values = {"setting": self._name(agreed.id, lang), "chance": chance_words(own, lang)}
            parts.append(say("setting.agreed", lang, zero=percent(own.zero), **values))
        against = next((row for row in self.apart if row.setting == best.setting), None)
        if against is not None:
            parts.append(gap_sentence(self.case, against, lang))
        return (" " if lang == "en" else "").join(parts)

    def _preference(self, party: str, lang: Language) -> str:
        row = self.favourite(party)
        assert row.preferred is not None
        return say(
            f"setting.prefers-{row.preferred.verdict}",
            lang,
            party=party_in_text(self.case.file, party, lang),
            setting=self._name(row.setting, lang),
            value=percent(row.preferred.value),
            range=ends(row.preferred.low, row.preferred.high),
            zero=percent(row.preferred.zero),
        )

    @property
    def _options(self) -> tuple[Place, ...]:
        return self.case.file.settings.options if self.case.file.settings else ()

    def _name(self, setting: str, lang: Language) -> str:
        return setting_name(self.case.file, setting, lang)

    def table(self, lang: Language = "en") -> Table:
        """Every setting: its status, how often it suits all and each, and the criterion that decides where one does."""
        parties = self.case.negotiators
        decides = any(self.deciding(setting) is not None for setting in self.order)
        columns = (
            say("setting.column-setting", lang),
            say("setting.column-status", lang),
            say("setting.column-joint", lang),
            say("setting.column-zero", lang),
            *(
                head
                for p in parties
                for head in (
                    say("setting.column-accepts", lang, party=party_name(self.case.file, p, lang)),
                    say("setting.column-zero", lang),
                )
            ),
            *([say("setting.column-deciding", lang)] if decides else []),
        )
        rows, because = [], []
        for setting in self.order:
            joint = self._by[setting, None]
            rows.append(
                (
                    self._name(setting, lang),
                    self._status(setting, lang),
                    *(
                        text
                        for p in (None, *parties)
                        for own in [self._by[setting, p].accepts]
                        for text in (cell(own), f"{percent(own.zero)}%")
                    ),
                    *([self._deciding(setting, lang)] if decides else []),
                )
            )
            because.append(joint.because)
        return Table(say("setting.caption", lang), columns, tuple(rows), tuple(because))

    def _status(self, setting: str, lang: Language) -> str:
        found = next(s for s in self._options if s.id == setting)
        if not self._by[setting, None].recorded:
            return say("setting.status-unrecorded", lang)
        names = [party_in_text(self.case.file, p, lang) for p in (found.refused_by or found.proposed_by)]
        status = say(f"setting.status-{found.status}", lang)
        by = "refused-by" if found.refused_by else "proposed-by"
        return status + (say(f"setting.{by}", lang, parties=joined(names, lang)) if names else "")

    def _deciding(self, setting: str, lang: Language) -> str:
        row = self.deciding(setting)
        if row is None:
            return say("setting.none-decides", lang)
        return say(
            "setting.deciding",
            lang,
            criterion=criterion_name(self.case, row.criterion, lang),
            change=points(row.change),
            range=spread_of(row.low, row.high, lang),
            zero=points(row.zero),
        )

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The main table; each against the refused one; how each side ranks the settings; what decides; what each
        feature adds; what would make a refused setting acceptable; what holds per reading."""
        case, listed = self.case, self._talked_of
        made = [
            self.table(lang),
            gaps_table(case, self.apart, lang),
            self._ranks_table(lang),
            deciding_table(case, self.criteria, listed, lang),
            features_table(case, self.features, lang),
            remedies_table(case, self.changes, lang),
        ]
        for setting, shares in self.readings.items():
            what = say("setting.reading", lang, setting=self._name(setting, lang))
            made.append(reading_table(case, shares, what, lang, self._by[setting, None].because))
        return tuple(table for table in made if table.rows)

    @property
    def _talked_of(self) -> tuple[str, ...]:
        """The settings agreed and refused, best first."""
        return talked_of(self._options, self.order)

    def _ranks_table(self, lang: Language) -> Table:
        heads = ("party", "setting", "first", "zero", "confidence", "zero", "central", "zero")
        rows, because = [], []
        for party in self.case.negotiators:
            for setting in self.order:
                row = self._by[setting, party]
                assert row.first is not None
                name, (weight, zero) = "", share_cells(None)
                top = max(row.central, key=lambda criterion: row.central[criterion].value, default=None)
                if top is not None:
                    name = f"{criterion_name(self.case, top, lang)} "
                    weight, zero = share_cells(row.central[top])
                rows.append(
                    (
                        party_name(self.case.file, party, lang),
                        self._name(setting, lang),
                        cell(row.first),
                        f"{percent(row.first.zero)}%",
                        *share_cells(row.confidence),
                        name + weight,
                        zero,
                    )
                )
                because.append(row.because)
        columns = tuple(say(f"setting.column-{head}", lang) for head in heads)
        return Table(say("setting.caption-ranks", lang), columns, tuple(rows), tuple(because))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What acceptable means, what the zero line is here, and how exact the shares are."""
        error = f"{100 * max(row.accepts.error for row in self.found):.1f}"
        accepts = {(row.setting, row.party): row.accepts for row in self.found if row.party is not None}
        told = ["accepts", "ranks", "deciding", *(["features"] if self.features else []), "remedies"]
        if self.parameters["combinations"]:
            told.append("combinations")
        notes = [say(f"setting.note-{name}", lang) for name in told]
        notes += unexplained(self.case, self._options, accepts, lang)
        if self.parameters["after_moves"]:
            notes.append(say("result.after-moves-note", lang, effective=round(self.effective)))
        return (*notes, say("setting.note-error", lang, error=error))

    def plot(self, lang: Language = "en") -> Chart:
        """Joint acceptability and each party's, with intervals and zero lines, setting by setting."""
        parties = self.case.negotiators
        names = [party_name(self.case.file, p, lang) for p in parties]
        sides = [(None, say("setting.all", lang)), *zip(parties, names, strict=True)]
        known = [s for s in self.order if self._by[s, None].recorded]
        others = [s for s in self.order if s not in known][: max(0, SHOWN - len(known))]
        shown = [s for s in self.order if s in known or s in others]
        labels = [f"{self._name(s, lang)}\n{self._status(s, lang)}" for s in shown]
        marks = [
            (label, side, self._by[setting, party].accepts)
            for setting, label in zip(shown, labels, strict=True)
            for party, side in sides
        ]
        return setting_chart(marks, [name for _, name in sides], lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: settings, gaps, effects (of a criterion),
        features, remedies or readings."""
        tables: dict[str, Sequence[object]] = {
            "settings": self.rows(),
            "gaps": self.apart,
            "effects": self.criteria,
            "features": self.features,
            "remedies": self.changes,
        }
        rows = [{"table": name, **jsonable(row)} for name, found in tables.items() for row in found]
        for setting, shares in self.readings.items():
            rows += [{"table": "readings", "setting": setting, **jsonable(share)} for share in shares]
        return {**super().to_json(), "rows": rows}


def setting(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    after_moves: bool = False,
    combinations: bool = False,
) -> Setting:
    """How acceptable every setting is to each side and to all, with ``draws`` draws of everything uncertain.

    ``combinations``: also every combination of the listed places, observers, forms and hosts that nobody listed, by the
    scores of their features, marked as not in the record. ``ValueError`` where that makes more than 100 settings.
    """
    asked("setting", case, draws=draws, seed=seed)
    if combinations and size(case) + len(options_of(case)) > LARGEST:
        raise ValueError(
            f"setting: combinations would make over {LARGEST} settings; list fewer places, observers or hosts"
        )
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    wide = combined(case) if size(case) <= MOST or combinations else case
    whole = {e: meeting(drawn_for(drawn, wide)) for e, drawn in ways.items()}
    wider = wide if combinations else case
    made = {e: first_settings(m, len(options_of(wider))) for e, m in whole.items()}
    full, drawn = ways["all"], made["all"]
    cited = citations(wider, full)
    rows = setting_rows(ways, made, wider, cited)
    order = [row.setting for row in rows if row.party is None]
    behind = {s: cited(s, None) for s in order}
    talked = talked_of(options_of(wider), order)
    refused = [s for s in options_of(wider) if is_refused(s)]
    pairs = [(s, r.id) for r in refused for s in dict.fromkeys((order[0], *talked)) if s != r.id]
    lines = [f"red_lines.{line.key}" for line in process_lines(full)]
    rests = footing(case, ("settings", *lines))
    return Setting(
        case=wider,
        method="SMAA-2: share of draws in which a setting is worth meeting for all (Lahdelma and Salminen 2001)",
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "combinations": combinations,
            "criteria": list(drawn.criteria),
            "parties": list(drawn.parties),
        },
        seed=seed,
        found=rows,
        criteria=tuple(
            effects(
                full,
                made,
                [drawn.settings.index(s) for s in order],
                [behind[s] for s in drawn.settings],
            )
        ),
        changes=tuple(r for s in refused for r in remedies(ways, made, s, cited)),
        apart=tuple(gaps(made, ways, pairs, behind)),
        features=tuple(feature_effects(wide, whole, ways, rests.claims)) if size(case) <= MOST else (),
        readings={
            s: by_reading({e: m.joint[:, drawn.settings.index(s)] for e, m in made.items()}, ways)
            for s in talked
        },
        effective=full.effective,
        footing=rests,
    )
