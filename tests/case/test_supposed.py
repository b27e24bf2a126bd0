"""A number supposed to be another: the same as the variant that writes it, everywhere in the file, and nothing else."""

import numpy as np
import pytest

import zopa
from zopa.case.quantities import quantities
from zopa.case.supposed import supposed
from zopa.case.variants import Change, varied
from zopa.errors import CaseFileError


@pytest.fixture(scope="module")
def case():
    return zopa.open_case("muscat-2026")


def test_every_number_of_the_case_can_be_supposed_and_no_other_changes(case):
    before = quantities(case.file)
    for path in before:
        changed = supposed(case, {path: "unknown"})
        after = quantities(changed.file)
        assert list(after) == list(before)
        assert not after[path].number.estimate.known
        assert after[path].basis.assumed
        assert after[path].basis.claims == ()
        others = [p for p in before if p != path]
        assert all(after[p] == before[p] for p in others), path


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("influence.enrichment.actors.us.position", "0.1 to 0.2"),
        ("influence.enrichment.actors.iran.salience", "0.5"),
    ],
)
def test_it_is_the_variant_that_writes_the_number(case, path, written):
    quick = supposed(case, {path: written})
    value = float(written) if written.replace(".", "").isdigit() else written
    slow = varied(case, [Change(set=path, to=value)])
    a, b = zopa.influence(quick, draws=200), zopa.influence(slow, draws=200)
    assert a.to_json()["rows"] == b.to_json()["rows"]
    assert a.to_json()["rows"] != zopa.influence(case, draws=200).to_json()["rows"]


def test_draws_of_other_numbers_stay_as_they_are(case):
    path = "influence.enrichment.actors.us.position"
    a, b = case.draws(100), supposed(case, {path: "0.1"}).draws(100)
    assert np.array_equal(
        a.number("influence.enrichment.actors.iran.position"),
        b.number("influence.enrichment.actors.iran.position"),
    )
    assert np.all(b.number(path) == 0.1)


@pytest.mark.parametrize(
    ("path", "written", "code"),
    [
        ("influence.nowhere.actors.us.position", "0.5", "edit-missing"),
        ("influence", "0.5", "edit-missing"),
        ("title", "0.5", "edit-missing"),
        ("influence.enrichment.actors.us.position", "1.4", "estimate-range"),
        ("influence.enrichment.actors.us.position", "soon", "estimate-form"),
    ],
)
def test_what_cannot_be_supposed_is_told(case, path, written, code):
    with pytest.raises(CaseFileError) as told:
        supposed(case, {path: written})
    assert told.value.problems[0].code in (code, "estimate-out", "estimate-bounds")
    assert all(told.value.problems[0].show(lang) for lang in ("en", "zh"))
