"""A case as other programs' files and back: the same utilities, and what is lost is told."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shared import shared_data
from zopa.case.examples import open_case
from zopa.case.folder import read_case
from zopa.case.interop import export, import_csv, import_genius
from zopa.case.interop.domain import scale
from zopa.case.interop.medians import medians
from zopa.case.model import CaseFile
from zopa.errors import DossierError

DOMAINS = [
    "Camera",
    "Car",
    "CarA2012",
    "EnglandZimbabwe",
    "EnglandvsZimbabweA",
    "IS_BT_Acquisition",
    "ItexvsCypress",
    "Laptop",
    "NiceOrDie",
    "Politics3",
    "Travel",
    "UltimatumRV",
]


def shares(file: CaseFile) -> list[np.ndarray]:
    """Per party what every option adds, then the walk-away value."""
    return [
        np.array([w * v for w, vs in zip(p.weights, p.values, strict=True) for v in vs] + [p.no_deal])
        for p in medians(file).parties.values()
    ]


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("name", DOMAINS)
def test_the_twelve_domains_come_back_as_they_went(name: str, raw: bool, tmp_path: Path):
    case = read_case(import_genius(shared_data(f"genius/{name}"), tmp_path / "case", raw=raw))
    before = shares(case.file)
    assert export(case, tmp_path / "xml").warnings == ()
    export(case, tmp_path / "table.csv", format="csv")
    for again in (
        import_genius(tmp_path / "xml", tmp_path / "again"),
        import_genius(tmp_path / "xml", tmp_path / "again-raw", raw=True),
        import_csv(tmp_path / "table.csv", tmp_path / "again-csv"),
    ):
        back = read_case(again)
        assert list(back.file.parties) == list(case.file.parties)
        for a, b in zip(before, shares(back.file), strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_england_and_zimbabwe_keep_names_and_numbers(tmp_path: Path, lang: str):
    case = open_case("england-zimbabwe")
    made = export(case, tmp_path / "xml", lang=lang)
    back = read_case(import_genius(tmp_path / "xml", tmp_path / "back"))
    for a, b in zip(shares(case.file), shares(back.file), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)
    names = [issue.name.get(lang) for issue in case.file.issues.values()]
    assert [issue.name.en for issue in back.file.issues.values()] == names
    assert [path.name for path in made.paths[:1]] == ["domain.xml"]
    root = ET.parse(made.paths[1]).getroot()
    assert sum(float(w.get("value")) for w in root.iter("weight")) == pytest.approx(1, abs=1e-12)


def test_a_table_keeps_the_status_quo(tmp_path: Path):
    case = open_case("england-zimbabwe")
    export(case, tmp_path / "table.csv", format="csv", lang="zh")
    back = read_case(import_csv(tmp_path / "table.csv", tmp_path / "back")).file
    before = [issue.index(issue.status_quo) for issue in case.file.issues.values()]
    assert [issue.index(issue.status_quo) for issue in back.issues.values()] == before


def test_what_is_lost_is_told_by_name(tmp_path: Path):
    made = export(open_case("muscat-2026"), tmp_path / "xml")
    told = " ".join(made.told("en"))
    assert "uncertain numbers stand at their medians" in told
    assert "the red line of Iran (Ballistic missiles: an agreed limit on range) is left out" in told
    assert told.count("the red line of") == 5
    for section in ("rival readings of aims", "agendas", "settings"):
        assert section in told
    assert "伊朗的红线（弹道导弹：约定射程上限）" in " ".join(made.told("zh"))


def test_a_scale_that_does_not_reach_one_is_told(tmp_path: Path):
    table = "issue,option,A,B\nx,low,0,5\n,high,10,0\ny,one,0,1\n,two,1,0\nno deal,,2,1\n"
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    folder = import_csv(tmp_path / "t.csv", tmp_path / "case")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("high: 1.0", "high: 0.5", 1), encoding="utf-8")
    case = read_case(folder)
    made = export(case, tmp_path / "xml")
    (warning,) = (w for w in made.told("en") if "scale of A" in w)
    reach = (10 * 0.5 + 1) / 11
    assert f"{reach:.4g}" in warning
    first, second = (
        shares(case.file),
        shares(read_case(import_genius(tmp_path / "xml", tmp_path / "back")).file),
    )
    np.testing.assert_allclose(first[0] / reach, second[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(first[1], second[1], rtol=0, atol=1e-12)


def test_nothing_is_overwritten_and_no_format_is_made_up(tmp_path: Path):
    case = open_case("england-zimbabwe")
    export(case, tmp_path / "xml")
    with pytest.raises(DossierError, match="exists already"):
        export(case, tmp_path / "xml")
    with pytest.raises(ValueError, match="format must be among genius, csv"):
        export(case, tmp_path / "x", format="yaml")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(
        st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_points_of_any_sign_keep_their_differences(points: list[list[tuple[int, int]]]):
    for party in (0, 1):
        rows = [[pair[party] for pair in issue] for issue in points]
        on = scale(rows)
        if on.unit == 0:
            continue
        for issue, (row, weight, values) in enumerate(zip(rows, on.weights, on.values, strict=True)):
            assert all(0 <= v <= 1 for v in values), issue
            np.testing.assert_allclose(weight * (values[0] - values[-1]), row[0] - row[-1], atol=1e-9)
        total = sum(w * v[0] for w, v in zip(on.weights, on.values, strict=True))
        assert total + on.zero == pytest.approx(sum(row[0] for row in rows), abs=1e-9)
