"""``zopa new``, ``check``, ``format`` and ``schema`` on folders of one's own."""

import json
from pathlib import Path

import pytest

from tests.cli.run import zopa

SKEWED = """zopa: 1
title: 边界谈判
as_of: 2026-02-05
parties:
    north:   {name: 北方, role: negotiator, assumed: true}   # 注释留在原处
    south: {name: 南方, role: negotiator, assumed: true}
"""
WRONG = SKEWED.replace("role: negotiator, assumed: true}   #", "role: negotiatr, assumed: true}   #")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "谈判"
    assert zopa("new", made).code == 0
    return made


def test_a_new_case_has_no_problems_and_says_what_comes_next(tmp_path: Path):
    ran = zopa("new", tmp_path / "talks", "--title", "Border talks", "--lang", "en")
    assert ran.code == 0
    assert (
        ran.out.splitlines()[1]
        == f"  next: fill in {tmp_path}/talks/case.yaml, then zopa check {tmp_path}/talks"
    )
    assert "title: Border talks" in (tmp_path / "talks" / "case.yaml").read_text(encoding="utf-8")
    assert zopa("check", tmp_path / "talks", "--lang", "en").out == f"{tmp_path}/talks: no problems\n"


def test_a_new_case_takes_its_folders_name_as_title(folder: Path):
    assert "title: 谈判" in (folder / "case.yaml").read_text(encoding="utf-8")


def test_a_new_case_does_not_overwrite_another(folder: Path):
    before = (folder / "case.yaml").read_bytes()
    ran = zopa("new", folder, "--lang", "zh")
    assert ran.code == 1
    assert "case-exists" in ran.err
    assert (folder / "case.yaml").read_bytes() == before


def test_new_as_json(tmp_path: Path):
    answer = zopa("new", tmp_path / "a", "--json").json
    assert answer == {
        "ok": True, "command": "new", "case": "a", "method": "", "parameters": {"title": None, "from": None}, "seed": 0,
        "rows": [{"folder": str(tmp_path / "a")}],
    }  # fmt: skip


def test_check_shows_the_authors_own_line_and_ends_with_1(folder: Path):
    (folder / "case.yaml").write_text(WRONG, encoding="utf-8")
    ran = zopa("check", folder, "--lang", "zh")
    assert ran.code == 1
    assert ran.err == ""
    assert "case.yaml:5:" in ran.out
    assert "negotiatr" in ran.out
    assert "^^^^" in ran.out
    assert ran.out.endswith(f"{folder}：1 个问题\n")


def test_check_as_json_gives_every_problem_its_place(folder: Path):
    (folder / "case.yaml").write_text(WRONG, encoding="utf-8")
    ran = zopa("check", folder, "--json")
    assert ran.code == 1
    [problem] = ran.json["errors"]
    line = WRONG.splitlines()[problem["line"] - 1]
    assert line[problem["start"] - 1 : problem["stop"] - 1] == "negotiatr"
    assert problem["hint"]


def test_check_tells_warnings_apart(folder: Path):
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "note.md").write_text("没有文件头的正文。", encoding="utf-8")
    ran = zopa("check", folder, "--lang", "en")
    assert ran.code == 0
    assert ran.out.endswith(f"{folder}: no problems, 1 warning\n")
    assert [row["code"] for row in zopa("check", folder, "--json").json["rows"]] == ["source-header"]


def test_format_moves_lines_and_keeps_comments(folder: Path):
    (folder / "case.yaml").write_text(SKEWED, encoding="utf-8")
    ran = zopa("format", folder, "--check", "--lang", "en")
    assert (ran.code, ran.out) == (1, f"{folder}/case.yaml: not in the house layout\n")
    assert (folder / "case.yaml").read_text(encoding="utf-8") == SKEWED
    ran = zopa("format", folder, "--json")
    assert (ran.code, ran.json["rows"]) == (0, [{"file": "case.yaml"}])
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert "\n  north:" in text
    assert "# 注释留在原处" in text
    assert zopa("format", folder, "--lang", "zh").out == f"{folder}：版式已符合要求\n"


def test_format_refuses_what_it_cannot_read(folder: Path):
    (folder / "case.yaml").write_text("zopa: 1\ntitle: [\n", encoding="utf-8")
    ran = zopa("format", folder)
    assert ran.code == 1
    assert "case.yaml:" in ran.err
    assert "Traceback" not in ran.err


def test_schema_is_one_json_document():
    plain = json.loads(zopa("schema").out)
    assert plain["$schema"].startswith("https://json-schema.org/")
    assert "parties" in plain["properties"]
    assert zopa("schema", "--json").json["rows"] == [plain]
