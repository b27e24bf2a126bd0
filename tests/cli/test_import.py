"""``zopa import``: case folders from other programs' files."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli.run import zopa

DOMAIN = """<negotiation_template>
  <utility_space>
    <objective index="0" etype="objective" type="objective" name="talks">
      <issue index="1" etype="discrete" type="discrete" vtype="discrete" name="Border">
        <item index="1" value="closed"/><item index="2" value="open"/>
      </issue>
    </objective>
  </utility_space>
</negotiation_template>
"""
PROFILE = """<utility_space>
  <objective index="0" etype="objective" type="objective" name="talks">
    <issue index="1" etype="discrete" type="discrete" vtype="discrete" name="Border">
      <item index="1" value="closed" evaluation="{closed}"/><item index="2" value="open" evaluation="{open}"/>
    </issue>
    <weight index="1" value="1.0"/>
  </objective>
</utility_space>
"""
CONFLICT = {
    "name": "Game of chicken",
    "decision_makers": ["A", "B"],
    "options": [
        {"dm": "A", "name": "swerve", "reversible": "both"},
        {"dm": "B", "name": "swerve", "reversible": "both"},
    ],
}


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    folder = tmp_path / "Border"
    folder.mkdir()
    (folder / "domain.xml").write_text(DOMAIN, encoding="utf-8")
    (folder / "north.xml").write_text(PROFILE.format(closed=4, open=1), encoding="utf-8")
    (folder / "south.xml").write_text(PROFILE.format(closed=1, open=4), encoding="utf-8")
    return folder


def test_genius(domain: Path, tmp_path: Path):
    ran = zopa("import", "genius", domain, tmp_path / "case", "--lang", "zh")
    assert ran.code == 0
    assert ran.out == f"新案例：{tmp_path}/case\n  接下来：zopa bargain {tmp_path}/case\n"
    assert zopa("check", tmp_path / "case").code == 0
    assert zopa("bargain", tmp_path / "case", "--json", "--draws", "50").json["ok"]


def test_genius_as_json(domain: Path, tmp_path: Path):
    answer = zopa("import", "genius", domain, tmp_path / "case", "--raw", "--json").json
    assert (answer["command"], answer["parameters"]) == ("import genius", {"raw": True, "as_of": None})
    assert answer["rows"] == [{"folder": str(tmp_path / "case")}]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "issues and options were read from the profile north.xml"),
        ("zh", "议题与选项读自偏好文件 north.xml"),
    ],
)
def test_profiles_without_their_domain_file_are_imported_and_told(
    domain: Path, tmp_path: Path, lang: str, told: str
):
    (domain / "domain.xml").unlink()
    ran = zopa("import", "genius", domain, tmp_path / "case", "--lang", lang)
    assert ran.code == 0
    assert told in ran.out
    answer = zopa("import", "genius", domain, tmp_path / "other", "--json").json
    assert answer["rows"] == [{"folder": str(tmp_path / "other"), "issues_from": "north.xml"}]


def test_files_that_are_no_domain_are_located(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    ran = zopa("import", "genius", tmp_path / "empty", tmp_path / "case")
    assert ran.code == 1
    assert "[import-" in ran.err
    assert not (tmp_path / "case").exists()


def test_a_folder_that_holds_a_case_is_left_alone(domain: Path, tmp_path: Path):
    zopa("new", tmp_path / "case")
    before = (tmp_path / "case" / "case.yaml").read_bytes()
    assert zopa("import", "genius", domain, tmp_path / "case").code == 1
    assert (tmp_path / "case" / "case.yaml").read_bytes() == before


def test_conflict_by_name(tmp_path: Path, shared_data):
    conflicts = shared_data("standoff/conflicts.json")
    name = next(case["name"] for case in json.loads(conflicts.read_text(encoding="utf-8"))["cases"])
    ran = zopa("import", "conflict", conflicts, tmp_path / "case", "--name", name)
    assert ran.code == 0
    assert zopa("check", tmp_path / "case").code == 0


def test_a_conflict_that_cannot_be_read_is_located(tmp_path: Path):
    path = tmp_path / "conflict.json"
    path.write_text('{"name": "x",\n "decision_makers": [}', encoding="utf-8")
    ran = zopa("import", "conflict", path, tmp_path / "case", "--json")
    assert ran.code == 1
    assert ran.json["errors"][0]["line"] == 2


GMCR = {
    "decisionMakers": [
        {"name": "North", "options": [0], "preferences": [[[0, "Y"]]]},
        {"name": "South", "options": [], "preferences": [[[0, "N"]]]},
    ],
    "options": [{"name": "Block", "permittedDirection": "both"}],
    "infeasibles": [],
    "useManualPreferenceRanking": False,
}


def test_gmcr(tmp_path: Path):
    path = tmp_path / "road.gmcr"
    path.write_text(json.dumps(GMCR), encoding="utf-8")
    ran = zopa("import", "gmcr", path, tmp_path / "case")
    assert ran.out == f"New case: {tmp_path}/case\n  next: zopa check {tmp_path}/case\n"
    path.write_text(json.dumps({**GMCR, "options": []}, indent=1), encoding="utf-8")
    ran = zopa("import", "gmcr", path, tmp_path / "other", "--json")
    assert ran.code == 1
    assert (ran.json["errors"][0]["code"], ran.json["errors"][0]["line"]) == ("import-gmcr-position", 6)


def test_a_table_of_states(tmp_path: Path):
    path = tmp_path / "road.csv"
    path.write_text("state,North: Block,rank: North,rank: South\n1,N,2,1\n2,Y,1,2\n", encoding="utf-8")
    ran = zopa("import", "csv", path, tmp_path / "case")
    assert ran.out.endswith(f"next: zopa check {tmp_path}/case\n")


# --- the day of the case

TABLE = "issue,option,North,South\nBorder,closed,1,0\n,open,0,1\n"
STANDOFF = {
    "name": "Road",
    "decision_makers": [
        {"name": "North", "options": [{"id": "o1", "name": "Block"}], "ranking": [[1], [2]]},
        {"name": "South", "options": [], "ranking": [[2], [1]]},
    ],
}
UNDATED = "The files name no day: as_of below is the day of the import."


def files_of(kind: str, domain: Path, folder: Path) -> Path:
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    (folder / "road.json").write_text(json.dumps(STANDOFF), encoding="utf-8")
    return {"genius": domain, "csv": folder / "table.csv", "conflict": folder / "road.json"}[kind]


@pytest.mark.parametrize("kind", ["genius", "csv", "conflict"])
def test_with_a_day_the_same_files_give_the_same_case_on_any_day(
    kind: str, domain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source, texts = files_of(kind, domain, tmp_path), []
    for year in (2026, 2030):
        monkeypatch.setattr("zopa.case.interop.layout.date", today_is(date(year, 1, 2)))
        into = tmp_path / str(year)
        assert zopa("import", kind, source, into, "--as-of", "2024-03-06").code == 0
        texts.append((into / "case.yaml").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert "as_of: 2024-03-06\n" in texts[0]
    assert UNDATED not in texts[0]


@pytest.mark.parametrize("kind", ["genius", "csv", "conflict"])
def test_without_a_day_the_case_says_that_its_day_is_that_of_the_import(
    kind: str, domain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("zopa.case.interop.layout.date", today_is(date(2030, 1, 2)))
    assert zopa("import", kind, files_of(kind, domain, tmp_path), tmp_path / "case").code == 0
    lines = (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8").splitlines()
    at = lines.index("as_of: 2030-01-02")
    assert lines[at - 2].startswith(f"# {UNDATED}")
    assert lines[at - 1].startswith("# 文件未载日期：下面的 as_of 是导入当天")
    assert zopa("check", tmp_path / "case").code == 0


def today_is(day: date) -> type[date]:
    class Clock(date):
        @classmethod
        def today(cls) -> date:
            return day

    return Clock


def test_a_conflict_may_name_its_own_day(tmp_path: Path):
    file = tmp_path / "road.json"
    for day, given, found in (
        ("1997-05-01", (), "1997-05-01"),
        ("1997-05-01", ("--as-of", "1998-01-01"), "1998-01-01"),
    ):
        file.write_text(json.dumps({**STANDOFF, "as_of": day}), encoding="utf-8")
        into = tmp_path / found
        assert zopa("import", "conflict", file, into, *given).code == 0
        text = (into / "case.yaml").read_text(encoding="utf-8")
        assert f"as_of: {found}\n" in text
        assert UNDATED not in text
    file.write_text(json.dumps({**STANDOFF, "as_of": "1997-02-30"}), encoding="utf-8")
    ran = zopa("import", "conflict", file, tmp_path / "wrong")
    assert ran.code == 1
    assert "[date-impossible]" in ran.err


# --- without a format


def test_json_without_a_format_says_which_there_are():
    ran = zopa("import", "--json", "--lang", "zh")
    assert ran.code == 2
    [error] = ran.json["errors"]
    assert error["code"] == "usage"
    assert error["message"] == "请写明要导入的格式：genius, conflict, geniusweb, negmas, csv, gmcr"
    assert zopa("import").code == 2


def test_json_may_stand_before_the_format(domain: Path, tmp_path: Path):
    answer = zopa("import", "--json", "genius", domain, tmp_path / "case").json
    assert (answer["ok"], answer["command"]) == (True, "import genius")
