"""What if: paired differences that are nothing where nothing changes, and mean what they say where something does."""

import numpy as np
import pytest

import zopa
from zopa.case.variants import Change
from zopa.errors import CaseFileError
from zopa.forecasting._points import by_groups, difference, points, points_cell
from zopa.forecasting.whatif import whatif

FEW = {"draws": 1000, "plays": 2}


@pytest.fixture(scope="module")
def case():
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def calmer(case):
    return whatif(case, [Change(set="talks.strike.us", to=0.0)], **FEW)


def test_a_change_that_changes_nothing_differs_by_exactly_nothing(case):
    same = whatif(case, [Change(set="talks.horizon", to="2026-05-06")], **FEW)
    assert {row.kind for row in same.rows()} == {"question", "event", "scenario", "exists", "best", "lasts"}
    for row in same.rows():
        assert row.before == row.after
        found = row.change
        assert (found.value, found.low, found.high, found.zero, found.clear) == (0, 0, 0, 0, False)
    assert "Nothing moves" in same.headline("en")
    assert "没有任何一项" in same.headline("zh")


def test_each_side_is_what_the_forecast_says_of_it(case, calmer):
    for made, side in ((case, "before"), (calmer.changed, "after")):
        told = zopa.forecast(made, **FEW)
        for row in told.rows():
            assert getattr(calmer.of(row.name), side) == row.chance


def test_each_side_is_what_the_zone_and_stability_say(case, calmer):
    zone = zopa.zone(case, draws=1000)
    assert calmer.of("exists").before == zone.exists
    assert calmer.of("best").before == zone.best.chance
    endings = {row.outcome: row.lasts for row in zopa.stability(case, draws=1000).endings}
    deals = [row for row in calmer.rows() if row.kind == "lasts"]
    assert deals
    for row in deals:
        assert row.before == endings[row.name]


def test_a_chance_of_force_taken_away_takes_force_away(calmer):
    acts = calmer.of("us-acts-by-t") if "us-acts-by-t" in {r.name for r in calmer.rows()} else None
    named = [q.id for q in calmer.case.file.questions if q.when == "us-acts"]
    row = acts or calmer.of(named[0])
    assert row.change.value < 0 and row.change.clear
    assert row.change.value == pytest.approx(row.after.value - row.before.value)
    # The table knows nothing of force: what suits all sides is the same, draw by draw.
    assert calmer.of("exists").change == difference(0.0, 0.0, 0.0, 0.0)


def test_the_range_holds_the_difference(calmer):
    for row in calmer.rows():
        assert row.change.low <= row.change.value <= row.change.high
        assert row.change.value == pytest.approx(row.after.value - row.before.value, abs=1e-9)


def test_a_red_line_gone_cannot_close_the_zone(case):
    absolute = case.file.red_lines[0].key
    found = whatif(case, [Change(remove=f"red_lines.{absolute}")], **FEW)
    assert found.of("exists").change.value >= 0
    assert found.of("best").change.value >= 0


def test_a_setting_refused_keeps_them_from_meeting(case):
    agreed = next(s for s in case.file.settings.options if s.status == "agreed")
    found = whatif(case, [Change(set=f"settings.options.{agreed.id}.status", to="refused")], **FEW)
    meets = next(q.id for q in case.file.questions if q.event == "meeting")
    assert found.of(meets).change.value < 0


def test_what_only_one_side_has_is_told(case):
    scenario = case.file.questions[-1].id
    found = whatif(case, [Change(remove=f"questions.{scenario}")], **FEW)
    assert scenario in found.gone
    assert any(scenario in note for note in found.notes("en"))


def test_a_case_without_a_standoff_has_no_row_of_it():
    england = zopa.open_case("england-zimbabwe")
    issue = next(iter(england.file.issues))
    found = whatif(
        england, [Change(set=f"issues.{issue}.name", to={"en": "Something", "zh": "某事"})], draws=100
    )
    kinds = {row.kind for row in found.rows()}
    assert {"exists", "best"} <= kinds and "lasts" not in kinds
    assert all(row.change.value == 0 for row in found.rows())


def test_a_path_that_leads_nowhere_is_refused(case):
    with pytest.raises(CaseFileError):
        whatif(case, [Change(remove="talks.strike.nobody")], **FEW)


def test_nothing_supposed_is_wrong_use(case):
    with pytest.raises(ValueError, match="changes is empty"):
        whatif(case, [], **FEW)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_told_in_both_languages(calmer, lang):
    table, changes = calmer.tables(lang)
    assert len(table.rows) == len(calmer.rows())
    assert changes.rows == (({"en": "talks.strike.us is 0.0", "zh": "talks.strike.us 为 0.0"}[lang],),)
    assert "talks.strike.us" in calmer.headline(lang)
    assert "aria-label" in calmer.plot(lang).to_svg()
    assert calmer.to_json()["command"] == "what-if"
    assert calmer.to_json()["parameters"]["changes"] == [{"set": "talks.strike.us", "to": 0.0}]


def test_points_are_whole_and_signed():
    assert [points(x) for x in (0.0, 0.004, 0.006, -0.026, 0.3)] == ["0", "0", "+1", "−3", "+30"]
    assert points_cell(difference(0.041, 0.012, 0.075, 0.0)) == "+4 (+1…+8)"
    assert points_cell(difference(0.0, 0.0, 0.0, 0.0)) == "0"


def test_a_difference_is_clear_where_its_whole_range_lies_on_one_side():
    assert by_groups(0.05, np.full(20, 0.05), 0.0).clear
    assert not by_groups(0.0, np.linspace(-0.1, 0.1, 21), 0.0).clear
