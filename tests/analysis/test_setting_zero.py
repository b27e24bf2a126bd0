"""Settings: ranks, central weights, confidence factors, effects and remedies, each with its range and zero line."""

import numpy as np
import pytest

import zopa
from tests.analysis.test_setting import DRAWS, certain, rows, uncertain
from tests.claims.cases import case
from zopa.analysis._setting_effects import accepts_without
from zopa.analysis._setting_tables import share_cells
from zopa.case.meeting import meeting
from zopa.methods.smaa import ranks_of, weighted_utilities
from zopa.result import Share, given


@pytest.mark.parametrize("party", ["left", "right"])
def test_the_measures_of_smaa_and_their_zero_lines_are_those_of_the_definition(party: str):
    """One draw at a time: who is first, what weighs then, who would be first with these weights."""
    file, claims = uncertain()
    whole = case(file, *claims)
    found = rows(zopa.setting(whole, draws=DRAWS))
    for evidence in ("all", "none"):
        drawn = meeting(whole.draws(DRAWS, evidence=evidence))
        p = drawn.parties.index(party)
        x, w = drawn.criteria_of(p), drawn.weights[:, p]
        for k, name in enumerate(drawn.settings):
            first = [d for d in range(DRAWS) if x[d, k] @ w[d] >= max(x[d] @ w[d]) - 1e-12]
            central = np.mean([w[d] for d in first], axis=0)
            held = np.mean([x[d, k] @ central >= max(x[d] @ central) - 1e-12 for d in range(DRAWS)])
            row = found[name, party]
            for shown, told in (
                (row.ranks[0], len(first) / DRAWS),
                (row.confidence, held),
                *zip((row.central[c] for c in drawn.criteria), central, strict=True),
            ):
                assert (shown.value if evidence == "all" else shown.zero) == pytest.approx(told)
                assert 0.0 <= shown.low <= shown.value <= shown.high <= 1.0


def test_central_weights_have_the_range_of_the_ratio_over_the_grade_table():
    muscat = zopa.open_case("muscat-2026")
    found = rows(zopa.setting(muscat, draws=1000))
    drawn = muscat.draws(1000)
    made = meeting(drawn)
    p, k = made.parties.index("iran"), made.settings.index("muscat-open")
    first = ranks_of(weighted_utilities(made.criteria_of(p), made.weights[:, p]))[:, k] == 1
    for c, criterion in enumerate(made.criteria):
        shown = found["muscat-open", "iran"].central[criterion]
        weight = made.weights[:, p, c]
        spread = drawn.interval(given(weight, first))
        assert (shown.value, shown.low, shown.high) == pytest.approx((spread.mean, spread.low, spread.high))


def test_a_setting_that_nothing_ranks_first_without_evidence_has_no_zero_line_for_its_weights():
    assert share_cells(Share(0.2, 0.1, 0.3, float("nan"))) == ("20% (10–30)", "—")
    assert share_cells(None) == ("—", "—")
    assert share_cells(Share(0.2, 0.1, 0.3, 0.15)) == ("20% (10–30)", "15%")


def test_what_removing_a_criterion_changes_stands_beside_the_same_without_evidence():
    file, claims = uncertain()
    whole = case(file, *claims)
    found = zopa.setting(whole, draws=DRAWS)
    none = meeting(whole.draws(DRAWS, evidence="none"))
    for row in found.effects():
        then = accepts_without(none, none.criteria.index(row.criterion))
        before, after = none.accepts, then
        if row.party is None:
            before, after = before.all(axis=1), after.all(axis=1)
        else:
            p = none.parties.index(row.party)
            before, after = before[:, p], after[:, p]
        if row.setting is None:
            before, after = before.any(axis=1), after.any(axis=1)
        else:
            k = none.settings.index(row.setting)
            before, after = before[:, k], after[:, k]
        assert row.zero == pytest.approx(after.mean() - before.mean())


def test_remedies_stand_beside_the_same_change_without_evidence():
    """right falls short by .15; what is needed without evidence is drawn, and the same rise of .3 then made."""
    whole = case(certain())
    found = zopa.setting(whole, draws=DRAWS).remedies()
    none = meeting(whole.draws(DRAWS, evidence="none"))
    for row in found:
        needs = none.needed(1, 1, none.criteria.index(row.criteria[0]))
        assert row.change_zero == pytest.approx(np.sort(needs)[DRAWS // 2 - 1])
        assert row.accepts.zero == pytest.approx((needs <= row.change).mean())
        assert row.joint.zero == pytest.approx(((needs <= row.change) & none.accepts[:, 0, 1]).mean())
        assert row.now.zero == pytest.approx(none.accepts[:, 1, 1].mean())
