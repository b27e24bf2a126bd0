"""GeniusWeb JSON, NegMAS YAML and CSV option tables into cases, each utility followed by hand."""

import itertools
import json
from pathlib import Path

import pytest

from zopa.case.folder import read_case
from zopa.case.interop import import_csv, import_geniusweb, import_negmas
from zopa.case.interop.medians import PartyMedians, medians
from zopa.errors import DossierError


def utilities(party: PartyMedians) -> list[float]:
    """Utility of every package, the last issue fastest."""
    parts = [[w * v for v in values] for w, values in zip(party.weights, party.values, strict=True)]
    return [sum(row) for row in itertools.product(*parts)]


def load(folder: Path) -> dict[str, PartyMedians]:
    case = read_case(folder)
    return medians(case.file).parties


# ---- GeniusWeb ---------------------------------------------------------------------------------------------------

DOMAIN = {
    "name": "工作",
    "issuesValues": {
        "lease car": {"values": ["yes", "no"]},
        "薪酬": {"range": {"low": 1000, "high": 3000, "step": 1000}},
    },
}


def profile(name: str, car: tuple[float, float], line: tuple[float, float], bid: object = None) -> str:
    space = {
        "issueUtilities": {
            "lease car": {"DiscreteValueSetUtilities": {"valueUtilities": {"no": car[1], "yes": car[0]}}},
            "薪酬": {
                "NumberValueSetUtilities": {
                    "lowValue": 1000,
                    "lowUtility": line[0],
                    "highValue": 3000,
                    "highUtility": line[1],
                }
            },
        },
        "issueWeights": {"薪酬": 0.75, "lease car": 0.25},
        "domain": DOMAIN,
        "name": name,
        "reservationBid": bid,
    }
    return json.dumps({"LinearAdditiveUtilitySpace": space}, ensure_ascii=False)


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "jobs.json").write_text(json.dumps(DOMAIN), encoding="utf-8")
    bid = {"issuevalues": {"lease car": "no", "薪酬": 2000}}
    (folder / "1.json").write_text(profile("雇主", (0, 1), (1, 0)), encoding="utf-8")
    (folder / "2.json").write_text(profile("employee", (1, 0), (0.0, 1.0), bid), encoding="utf-8")
    return folder


def test_geniusweb_utilities(jobs: Path, tmp_path: Path):
    file = read_case(import_geniusweb(jobs, tmp_path / "case")).file
    employer, employee = medians(file).parties.values()
    # yes 1000, yes 2000, yes 3000, no 1000, …: .25 car + .75 pay, pay on a straight line.
    assert utilities(employer) == pytest.approx([0.75, 0.375, 0, 1, 0.625, 0.25], abs=1e-12)
    assert utilities(employee) == pytest.approx([0.25, 0.625, 1, 0, 0.375, 0.75], abs=1e-12)
    assert (employer.no_deal, employee.no_deal) == pytest.approx((0, 0.375))
    assert [party.name.zh for party in file.parties.values()] == ["雇主", "employee"]
    assert [o.name.en for o in file.issues["issue-2"].options] == ["1000", "2000", "3000"]


def test_geniusweb_old_names_of_functions(jobs: Path, tmp_path: Path):
    text = (jobs / "1.json").read_text(encoding="utf-8")
    text = text.replace("DiscreteValueSetUtilities", "discreteutils").replace(
        "NumberValueSetUtilities", "numberutils"
    )
    (jobs / "1.json").write_text(text, encoding="utf-8")
    employer = next(iter(load(import_geniusweb(jobs, tmp_path / "case")).values()))
    assert utilities(employer)[0] == pytest.approx(0.75)


def test_geniusweb_domains_must_agree(jobs: Path, tmp_path: Path):
    text = (jobs / "2.json").read_text(encoding="utf-8").replace('"yes", "no"', '"yes", "maybe"')
    (jobs / "2.json").write_text(text, encoding="utf-8")
    with pytest.raises(DossierError) as error:
        import_geniusweb(jobs, tmp_path / "case")
    assert {p.code for p in error.value.problems} == {"import-genius-unknown-option"}
    assert all(p.place.file == "2.json" and p.place.line for p in error.value.problems)
    assert not (tmp_path / "case").exists()


# ---- NegMAS ------------------------------------------------------------------------------------------------------

RIVER = """name: River
type: DiscreteCartesianOutcomeSpace
issues:
  - {name: Water, type: CategoricalIssue, values: [half, all]}
  - {name: 价格, type: ContiguousIssue, values: [1, 3]}
"""
UP = """name: 上游
type: LinearAdditiveUtilityFunction
reserved_value: 2.0
weights: [0.5, 2]
values:
  - {type: TableFun, mapping: {half: 4, all: -2}}
  - {type: AffineFun, slope: 1.5, bias: -1}
"""
DOWN = """type: ExpDiscountedUFun
name: scenarios/river/down.yml
discount: 0.9
reserved_value: -.inf
ufun:
  type: negmas.preferences.LinearAdditiveUtilityFunction
  reserved_value: -.inf
  weights: {价格: 1.0, Water: 3.0}
  values:
    Water: {type: TableFun, mapping: {half: 1, all: 5}}
    价格: {type: LinearFun, slope: -1}
"""


@pytest.fixture
def river(tmp_path: Path) -> Path:
    folder = tmp_path / "river"
    folder.mkdir()
    for name, text in (("domain.yml", RIVER), ("up.yml", UP), ("down.yaml", DOWN), ("_info.yml", "a: 1\n")):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_negmas_utilities_are_the_raw_ones_up_to_scale(river: Path, tmp_path: Path):
    down, up = load(import_negmas(river, tmp_path / "case")).values()
    # Upstream: .5 × (4 or −2) + 2 × (1.5 price − 1), so 2 or −1, plus 1, 4, 7: from 0 to 9 in points.
    raw = [2 + p for p in (1, 4, 7)] + [-1 + p for p in (1, 4, 7)]
    # The scale starts at −1 (the lowest of water; price has none below 0) and is 3 + 7 long.
    assert utilities(up) == pytest.approx([(u + 1) / 10 for u in raw], abs=1e-12)
    assert up.no_deal == pytest.approx((2 + 1) / 10)
    # Downstream: 3 × (1 or 5) − price; nothing is reserved, so the worst package stands for no deal.
    raw = [3 - p for p in (1, 2, 3)] + [15 - p for p in (1, 2, 3)]
    told = utilities(down)
    unit = (raw[3] - raw[0]) / (told[3] - told[0])
    assert [t - told[0] for t in told] == pytest.approx([(r - raw[0]) / unit for r in raw], abs=1e-12)
    assert down.no_deal == pytest.approx(min(told))


def test_negmas_parties_are_called_by_name_or_file(river: Path, tmp_path: Path):
    file = read_case(import_negmas(river, tmp_path / "case")).file
    assert [party.name.en for party in file.parties.values()] == ["down", "上游"]
    assert [o.name.en for o in file.issues["issue-2"].options] == ["1", "2", "3"]


def test_negmas_problems_of_all_files_come_at_once(river: Path, tmp_path: Path):
    (river / "up.yml").write_text(
        UP.replace("all: -2", "al: -2").replace("AffineFun", "SinFun"), encoding="utf-8"
    )
    (river / "down.yaml").write_text(DOWN.replace("slope: -1", "slope: steep"), encoding="utf-8")
    with pytest.raises(DossierError) as error:
        import_negmas(river, tmp_path / "case")
    found = [(p.place.file, p.place.line, p.code) for p in error.value.problems]
    assert found == [
        ("down.yaml", 11, "import-number"),
        ("up.yml", 6, "import-genius-missing-option"),
        ("up.yml", 6, "import-genius-unknown-option"),
        ("up.yml", 7, "import-function"),
    ]


# ---- CSV ---------------------------------------------------------------------------------------------------------

WIDE = '议题,选项,现状,上游国,"下游,国"\n水量,一半,,40,30\n,全部,x,0,60\n电力,共享,x,20,40\n,自用,,60,0\n谈不成,,,25,20\n'
LONG = """party;issue;option;points
Up;Water;half;40
Up;Water;all;0
Down;Water;half;30
Down;Water;all;60
Up;no deal;;10
"""


def table(tmp_path: Path, text: str) -> Path:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    return import_csv(tmp_path / "table.csv", tmp_path / "case")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_table(tmp_path: Path, mark: str):
    file = read_case(table(tmp_path, mark + WIDE)).file
    up, down = medians(file).parties.values()
    assert utilities(up) == pytest.approx([0.6, 1.0, 0.2, 0.6])
    assert utilities(down) == pytest.approx([0.7, 0.3, 1.0, 0.6])
    assert (up.no_deal, down.no_deal) == pytest.approx((0.25, 0.2))
    assert [party.name.zh for party in file.parties.values()] == ["上游国", "下游,国"]
    assert [issue.index(issue.status_quo) for issue in file.issues.values()] == [1, 0]


def test_long_table_with_semicolons(tmp_path: Path):
    up, down = load(table(tmp_path, LONG)).values()
    assert utilities(up) == pytest.approx([1, 0])
    assert utilities(down) == pytest.approx([0.5, 1])
    # Down says nothing of no deal: 0 points.
    assert (up.no_deal, down.no_deal) == pytest.approx((0.25, 0))


def test_a_table_full_of_mistakes_is_refused_whole(tmp_path: Path):
    with pytest.raises(DossierError) as error:
        table(tmp_path, WIDE.replace("40,30", "forty,30").replace("60,0", "60,").replace("共享,x", "共享,?"))
    assert [(p.place.line, p.code) for p in error.value.problems] == [
        (2, "import-csv-number"),
        (4, "import-csv-mark"),
        (5, "import-csv-number"),
    ]
    assert not (tmp_path / "case").exists()
