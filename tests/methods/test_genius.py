"""The twelve Genius domains and the 31 agendas of England–Zimbabwe: frontier, reference points and shares to 1e-9."""

import numpy as np
import pytest

from tests.methods import genius
from tests.shared import shared_data
from zopa.methods.agendas import agenda_mask, agenda_point, agenda_table
from zopa.methods.counting import count_rational, max_welfare, rational_fraction
from zopa.methods.frontier import frontier
from zopa.methods.solutions import egalitarian, kalai_smorodinsky, nash, utilitarian

FOLDER = shared_data("genius")
EXPECTED = genius.expected(FOLDER)
DOMAINS = {entry["name"]: entry for entry in EXPECTED["domains"]}
AGENDAS = EXPECTED["agenda_subsets_england_zimbabwe"]
EXACT = 1e-9


@pytest.fixture(params=DOMAINS)
def case(request):
    entry = DOMAINS[request.param]
    values, reserve = genius.domain(FOLDER / entry["name"], entry["profiles"])
    return values, reserve, entry


def test_shape_is_the_files(case):
    values, reserve, entry = case
    assert [v.shape[1] for v in values] == entry["issue_sizes"]
    assert reserve == pytest.approx(entry["reserved"])


def test_frontier_size(case):
    values, reserve, entry = case
    assert len(frontier(values, reserve=reserve)) == entry["expected"]["pareto_unique"]


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (nash, "nash"),
        (kalai_smorodinsky, "ks_maximin"),
        (egalitarian, "egalitarian"),
        (utilitarian, "max_welfare"),
    ],
)
def test_reference_points(case, rule, key):
    values, reserve, entry = case
    solution = rule(frontier(values, reserve=reserve))
    assert solution.utilities == pytest.approx(entry["expected"][key], abs=EXACT)
    package = sum(v[:, k] for v, k in zip(values, solution.package, strict=True))
    assert package == pytest.approx(solution.utilities, abs=1e-12)


def test_shares_and_welfare(case):
    values, reserve, entry = case
    answer = entry["expected"]
    assert count_rational(values, reserve).outcomes == answer["n"] == entry["n_outcomes"]
    assert rational_fraction(values, reserve) == pytest.approx(answer["rational_fraction_weak"], abs=EXACT)
    assert rational_fraction(values, reserve, strict=True) == pytest.approx(
        answer["rational_fraction_strict"], abs=EXACT
    )
    assert max_welfare(values) == pytest.approx(answer["max_welfare_sum"], abs=EXACT)


@pytest.fixture(scope="module")
def england():
    entry = DOMAINS["EnglandZimbabwe"]
    values, _ = genius.domain(FOLDER / entry["name"], entry["profiles"])
    status_quo = [v.shape[1] - 1 for v in values]  # "No agreement" and "No" come last in every issue
    return values, status_quo, entry["issues"]


def test_status_quo_utility(england):
    values, status_quo, _ = england
    utility = sum(v[:, k] for v, k in zip(values, status_quo, strict=True))
    assert utility == pytest.approx(AGENDAS["status_quo_utility"], abs=EXACT)


@pytest.mark.parametrize("row", AGENDAS["subsets"], ids=lambda row: "+".join(row["agenda"]))
def test_agendas(england, row):
    values, status_quo, issues = england
    point = agenda_point(values, status_quo, mask=agenda_mask([issues.index(name) for name in row["agenda"]]))
    assert point.outcomes == row["n"]
    assert point.zopa_fraction == pytest.approx(row["zopa_fraction"], abs=EXACT)
    assert point.max_joint_gain == pytest.approx(row["max_joint_gain"], abs=EXACT)
    if row["nash"] is None:
        assert point.nash is None
    else:
        assert point.nash == pytest.approx(row["nash"], abs=EXACT)


def test_agenda_table_finds_the_same_zones(england):
    values, status_quo, issues = england
    reserve = np.array([AGENDAS["status_quo_utility"]])
    table = agenda_table([v[None] for v in values], None, reserve, status_quo, strict=True)
    for row in AGENDAS["subsets"]:
        mask = agenda_mask([issues.index(name) for name in row["agenda"]])
        assert table.exists[mask] == (1.0 if row["zopa_fraction"] > 0 else 0.0)
        assert table.best[mask] == table.exists[mask]  # with one draw, what exists is a fixed package
