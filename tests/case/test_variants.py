"""What if: changes tried on a copy in memory, kept as files, refused where they lead nowhere."""

import shutil
from pathlib import Path

import pytest

import zopa
from zopa.case.examples import locate
from zopa.case.variants import Change, save_variant, variants, varied
from zopa.errors import CaseFileError


@pytest.fixture
def case(tmp_path: Path):
    shutil.copytree(locate("muscat-2026"), tmp_path / "case")
    return zopa.open_case(tmp_path / "case")


def test_a_number_that_is_supposed_cites_nothing(case):
    was = case.file.talks.strike["us"]
    made = varied(case, [Change(set="talks.strike.us", to="0.02 to 0.1")]).file.talks.strike["us"]
    assert was.because and not was.assumed
    assert (made.estimate.params, made.because, made.assumed) == ((0.02, 0.1), (), True)
    assert zopa.open_case(case.folder).file == case.file


def test_the_range_of_ignorance_stays(case):
    made = varied(case, [Change(set="talks.breakdown", to=0.05)]).file.talks.breakdown
    assert made.span == case.file.talks.breakdown.span


def test_red_lines_go_by_name_one_after_the_other(case):
    keys = [line.key for line in case.file.red_lines]
    made = varied(case, [Change(remove=f"red_lines.{keys[0]}"), Change(remove=f"red_lines.{keys[1]}")])
    assert [line.key for line in made.file.red_lines] == keys[2:]
    assert not any(
        name.startswith(f"red_lines.{keys[0]}.")
        for readings in made.file.readings.values()
        for reading in readings
        for name in reading.sets
    )


def test_what_is_no_number_is_set_as_written(case):
    option = case.file.settings.options[0]
    made = varied(case, [Change(set=f"settings.options.{option.id}.status", to="refused")])
    assert made.file.settings.options[0].status == "refused"


def test_other_draws_stay_as_they_are(case):
    """Streams are keyed by name: what a change does not touch is drawn alike, so that differences are the change's."""
    changed = varied(case, [Change(set="talks.strike.us", to=0.02)])
    a, b = (c.draws(200, seed=3) for c in (case, changed))
    assert (a.table.weights == b.table.weights).all()
    assert (a.number("talks.breakdown") == b.number("talks.breakdown")).all()
    assert (b.number("talks.strike.us")[b.stands(b.quantities["talks.strike.us"].basis)] == 0.02).all()


def test_variants_are_kept_and_read_again(case):
    changes = (Change(set="talks.strike.us", to="0.02 to 0.1"), Change(remove="red_lines.0"))
    path = save_variant(case, "soft", {"en": "softer", "zh": "较缓和"}, changes)
    [kept] = variants(case)
    assert (path.name, kept.id, kept.file.changes) == ("soft.yaml", "soft", changes)
    assert kept.file.name.get("zh") == "较缓和"
    with pytest.raises(CaseFileError) as caught:
        save_variant(case, "soft", "again", changes)
    assert caught.value.problems[0].code == "variant-exists"


@pytest.fixture
def small(tmp_path: Path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "case.yaml").write_text(SMALL, encoding="utf-8")
    return zopa.open_case(tmp_path / "small")


SMALL = """\
zopa: 1
title: Border talks
as_of: 2026-02-05
parties:
  us: {name: Us, role: negotiator}
  them: {name: Them, role: negotiator}
talks: {horizon: 2026-05-06, strike: {us: 0.2}, assumed: true}
questions: [{id: q, text: A deal?, by: 2026-05-06, resolves: signed, when: deal}]
"""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(set="talks.strike.us", to=2), "estimate-range"),
        (Change(set="nowhere.at.all", to=1), "unknown-key"),
        (Change(remove="talks.nope"), "edit-missing"),
        (Change(set="talks.horizon", to="2026-05-01"), "question-horizon"),
    ],
)
def test_changes_that_cannot_be_are_told_at_their_place(small, change, code):
    with pytest.raises(CaseFileError) as caught:
        varied(small, [change])
    assert caught.value.problems[0].code == code
    assert caught.value.problems[0].place.file == "case.yaml"
    with pytest.raises(CaseFileError):
        save_variant(small, "never", "never", [change])
    assert variants(small) == ()


def test_every_problem_of_every_variant_file_is_told(small):
    folder = small.folder / "variants"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "zopa: 1\nname: A\nchanges: [{set: talks.x, remove: talks.y}]\n", encoding="utf-8"
    )
    (folder / "b.yaml").write_text("zopa: 1\nname: B\nchanges: []\n", encoding="utf-8")
    with pytest.raises(CaseFileError) as caught:
        variants(small)
    assert {p.place.file for p in caught.value.problems} == {"variants/a.yaml", "variants/b.yaml"}
