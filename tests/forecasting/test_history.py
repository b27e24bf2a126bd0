"""The history: what is read, what is known when, and that nothing known later gets into the live claim."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tests.forecasting.made_history import write
from tests.shared import shared_data
from zopa.forecasting.features import FEATURES, LeakError, columns, kin, live, pasts
from zopa.forecasting.history import (
    ACTOR_FIELDS,
    SYSTEM_FIELDS,
    History,
    HistoryError,
    read_history,
    year_start,
)
from zopa.forecasting.member import settings, settings_of

EARLIER = {"yrtrig": 1940, "yrterm": 1940, "viol": 4, "forout": 1}
LATER = {"yrtrig": 1950, "yrterm": 1951}


# -- reading -------------------------------------------------------------------------------------------------------


def test_a_crisis_is_read_with_its_ending_and_days(tmp_path: Path):
    found = read_history(write(tmp_path, [{"viol": 4, "forout": 2, "datrig": 4, "moterm": 3, "daterm": 10}]))
    assert (found.deal.tolist(), found.violence.tolist(), found.days.tolist()) == ([1], [2], [7.0])
    assert found.crises[0].name == "CRISIS 1" and found.version == "14"


@pytest.mark.parametrize(("forout", "deal"), [(1, 1), (2, 1), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0)])
def test_only_formal_and_semi_formal_agreements_count(tmp_path: Path, forout: int, deal: int):
    assert read_history(write(tmp_path, [{"forout": forout}])).deal.tolist() == [deal]


def test_crises_come_by_the_day_they_began_and_uncoded_ones_are_left_out(tmp_path: Path):
    found = read_history(write(tmp_path, [LATER, EARLIER, {"yrtrig": "", "viol": ""}]))
    assert [c.name for c in found.crises] == ["CRISIS 2", "CRISIS 1"]


def test_a_day_the_data_leaves_open_is_the_middle_of_the_month_or_year(tmp_path: Path):
    found = read_history(write(tmp_path, [{"datrig": 88, "moterm": ""}]))
    assert found.crises[0].start == int(year_start(1950)) + 31 + 28 + 14
    assert found.crises[0].end == int(year_start(1950)) + 181


def test_without_a_last_day_it_never_ended(tmp_path: Path):
    found = read_history(write(tmp_path, [{"yrterm": ""}]))
    assert np.isinf(found.end).all() and not found.before(year_start(2000)).any()


def test_the_newest_version_in_the_folder_is_read(tmp_path: Path):
    write(tmp_path, [{}], version=9)
    assert len(read_history(write(tmp_path, [{}, LATER], version=14))) == 2


def spoiled(folder: Path, name: str, change: Mapping[str, str]) -> Path:
    path = write(folder, [{}]) / name
    text = path.read_text(encoding="utf-8")
    for old, new in change.items():
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def test_what_is_wrong_with_the_files_is_located(tmp_path: Path):
    with pytest.raises(HistoryError) as none:
        read_history(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(HistoryError) as empty:
        read_history(tmp_path / "empty")
    with pytest.raises(HistoryError) as column:
        read_history(spoiled(tmp_path / "column", "icb2v14.csv", {"gravty": "gravity"}))
    with pytest.raises(HistoryError) as cut:
        read_history(spoiled(tmp_path / "cut", "icb1v14.csv", {",90,1,4,2": ""}))
    found = [error.value.problems[0] for error in (none, empty, column, cut)]
    assert [p.code for p in found] == ["icb-folder", "icb-file", "icb-columns", "icb-row"]
    assert found[2].values["columns"] == "gravty" and (found[2].place.file, found[2].place.line) == (
        "icb2v14.csv",
        1,
    )
    assert (found[3].place.file, found[3].place.line) == ("icb1v14.csv", 2)


def told(folder: Path) -> list[str]:
    with pytest.raises(HistoryError) as error:
        read_history(folder)
    return [problem.code for problem in error.value.problems]


def test_a_file_that_is_no_text_and_a_year_that_is_no_number_are_told(tmp_path: Path):
    write(tmp_path / "a", [{}])
    (tmp_path / "a" / "icb1v14.csv").write_bytes(b"\xff\xfe\x00crisis")
    assert told(tmp_path / "a") == ["icb-text"]
    assert told(write(tmp_path / "b", [{"yrtrig": "soon", "actors": []}])) == ["icb-day"]
    assert told(write(tmp_path / "c", [{"yrtrig": ""}])) == ["icb-empty"]


# -- known at onset --------------------------------------------------------------------------------------------------


def test_the_live_claim_uses_nothing_that_is_coded_later():
    used = settings("onset").columns
    fields = {f: SYSTEM_FIELDS[f] for n in used for f in FEATURES[n].system}
    fields |= {f"actor {f}": ACTOR_FIELDS[f] for n in used for f in FEATURES[n].actor}
    assert {name: tag for name, tag in fields.items() if tag != "onset"} == {}
    assert live(used) == used


@pytest.mark.parametrize("late", ["mediated", "us-active", "actors", "gravest", "length", "recurred"])
def test_a_later_column_is_refused_wherever_it_is_put(late: str):
    raw = json.loads((files("zopa.forecasting") / "tables" / "settings.json").read_text(encoding="utf-8"))[
        "onset"
    ]
    for part in ("violence", "deal"):
        with pytest.raises(LeakError, match=late):
            settings_of({**raw, part: {**raw[part], "features": [*raw[part]["features"], late]}}, "onset")
    with pytest.raises(LeakError, match=late):
        settings_of({**raw, "class": {**raw["class"], "levels": [late]}}, "onset")
    assert late in settings_of({**raw, "class": {**raw["class"], "levels": [late]}}, "in-crisis").levels


def test_what_happens_after_the_onset_has_outcome_tags():
    assert {SYSTEM_FIELDS[f] for f in ("viol", "forout", "brexit", "yrterm", "outesr")} == {"after"}
    assert {SYSTEM_FIELDS[f] for f in ("mediate", "noactr", "gravcr", "usinv", "gpinv")} == {"in-crisis"}


def test_changing_everything_coded_later_changes_no_column_of_that_crisis(tmp_path: Path):
    earlier = [EARLIER, {**EARLIER, "yrtrig": 1943, "yrterm": 1943, "forout": 4}]
    joined = [
        {},
        {"cracid": 200, "datrig": 20, "gravty": 6, "powsta": 4, "nuclear": 4, "regime": 1, "powdis": 30},
    ]
    plain = read_history(write(tmp_path / "a", [*earlier, LATER]))
    other = read_history(
        write(
            tmp_path / "b",
            [
                *earlier,
                {
                    **LATER, "viol": 4, "forout": 1, "yrterm": 1953, "brexit": 900, "outesr": 1, "noactr": 12,
                    "gravcr": 6, "mediate": 4, "usinv": 4, "suinv": 4, "gpinv": 7, "globactm": 7, "regactmb": 7,
                    "iwcmb": 2, "actors": joined,
                },
            ],
        )
    )  # fmt: skip
    used = settings("onset").columns
    assert columns(plain, used)[2].tolist() == columns(other, used)[2].tolist()
    assert columns(plain, ["mediated"])[2] != columns(other, ["mediated"])[2]


def test_real_crises_keep_their_columns_when_all_that_came_later_is_scrambled():
    history = read_history(shared_data("crises"))
    used = settings("onset").columns
    before = columns(history, used)
    last = int(np.argmax(history.start))
    crisis = history.crises[last]
    system = {f: v if SYSTEM_FIELDS[f] == "onset" else "4" for f, v in crisis.system.items()}
    changed = type(crisis)(system, crisis.actors, crisis.start, crisis.start + 5, frozenset({"2", "999"}))
    again = columns(History((*history.crises[:last], changed, *history.crises[last + 1 :]), "14"), used)
    assert np.array_equal(before[last], again[last], equal_nan=True)


def test_only_earlier_crises_that_had_ended_tell_anything(tmp_path: Path):
    open_then = {"yrtrig": 1949, "yrterm": 1952, "viol": 4, "forout": 1}
    found = read_history(write(tmp_path, [EARLIER, open_then, LATER]))
    past = pasts(kin(found), found.deal, found.violence)[2]
    assert (past.conflict, past.running) == (1, 1)
    # One ended crisis, an agreement, with two more at the overall rate of .31.
    assert past.conflict_deal == pytest.approx((1 + 2 * 0.31) / 3)


def test_other_conflicts_are_no_past(tmp_path: Path):
    found = read_history(write(tmp_path, [{**EARLIER, "pcid": 6}, LATER]))
    assert pasts(kin(found), found.deal, found.violence)[1].conflict == 0


def test_what_belongs_to_no_protracted_conflict_is_alone(tmp_path: Path):
    found = read_history(write(tmp_path, [{**EARLIER, "pcid": 44}, {**LATER, "pcid": 44}]))
    assert len(set(found.conflict.tolist())) == 2
    assert pasts(kin(found), found.deal, found.violence)[1].conflict == 0


def test_violence_between_the_same_two_fades_with_the_years(tmp_path: Path):
    pair = {"trigent": 630, "actors": [{"cracid": 2}, {"cracid": 630}], "pcid": 44}
    found = read_history(write(tmp_path, [{**EARLIER, **pair}, {**LATER, **pair}]))
    past = pasts(kin(found), found.deal, found.violence)[1]
    years = (found.start[1] - found.end[0]) / 365.2425
    assert past.pair == 1 and past.last_war == pytest.approx(0.5 ** (years / 5))


def test_a_war_that_begins_in_the_crisis_is_not_one_that_was_running(tmp_path: Path):
    found = read_history(write(tmp_path, [{"iwcmb": code} for code in (1, 2, 7)]))
    assert columns(found, ["within-war"])[:, 0].tolist() == [0.0, 0.0, 1.0]
