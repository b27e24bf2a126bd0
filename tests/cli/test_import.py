"""``zopa import``: case folders from other programs' files."""

import json
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
    assert (answer["command"], answer["parameters"]) == ("import genius", {"raw": True})
    assert answer["rows"] == [{"folder": str(tmp_path / "case")}]


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
