"""The twelve Genius domains as ``zopa import genius`` and ``zopa bargain --json`` give them, to 1e-9."""

import json
from pathlib import Path
from typing import Any

import pytest

import zopa
from tests.shared import shared_data
from zopa.case.interop import import_genius

FOLDER = shared_data("genius")
DOMAINS: dict[str, dict[str, Any]] = {
    entry["name"]: entry
    for entry in json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["domains"]
}
RULES = {
    "nash": "nash",
    "kalai_smorodinsky": "ks_maximin",
    "egalitarian": "egalitarian",
    "utilitarian": "max_welfare",
}
SIZES = {
    "outcomes": "n",
    "frontier_size": "pareto_unique",
    "max_welfare": "max_welfare_sum",
    "rational_fraction_strict": "rational_fraction_strict",
    "rational_fraction_weak": "rational_fraction_weak",
}


@pytest.mark.parametrize("name", DOMAINS)
def test_a_domain_as_it_is_printed(name: str, tmp_path: Path):
    made = zopa.open_case(import_genius(FOLDER / name, tmp_path / "case"))
    printed = json.loads(json.dumps(zopa.bargain(made, draws=50).to_json()))
    expected = DOMAINS[name]["expected"]
    rows = {row["solution"]: row for row in printed["rows"]}
    assert list(rows) == [*RULES, "raiffa"]
    for rule, key in RULES.items():
        row = rows[rule]
        # Of several tied points the file gives one: all of them are in the row.
        points = [list(u.values()) for u in (row["utilities"], *row["tied"])]
        assert any(point == pytest.approx(expected[key], abs=1e-9) for point in points), rule
        assert row["ties"] >= max(1, len(row["tied"]))
        assert row["low"] is row["high"] is None
        assert set(row["package"]) == set(made.file.issues)
    for parameter, key in SIZES.items():
        assert printed["parameters"][parameter] == pytest.approx(expected[key], abs=1e-9), parameter
