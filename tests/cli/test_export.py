"""``zopa export``, ``zopa roles`` and the newer ways of ``zopa import``."""

from pathlib import Path

import pytest

from tests.cli.run import zopa

TABLE = "议题,选项,甲方,乙方\n水量,一半,3,2\n,全部,0,5\n谈不成,,1,1\n"


def test_export_and_import_again(tmp_path: Path):
    ran = zopa("export", "muscat-2026", tmp_path / "xml", "--lang", "zh")
    assert ran.code == 0
    assert "以中位数写出" in ran.out
    assert "未写出美国的红线" in ran.out
    assert zopa("import", "genius", tmp_path / "xml", tmp_path / "case").code == 0
    answer = zopa("export", tmp_path / "case", tmp_path / "t.csv", "--format", "csv", "--json").json
    assert answer["rows"] == [{"paths": [str(tmp_path / "t.csv")], "notes": []}]
    assert zopa("import", "csv", tmp_path / "t.csv", tmp_path / "again").code == 0
    assert zopa("check", tmp_path / "again").code == 0


def test_export_refuses_what_is_there_and_what_it_does_not_know(tmp_path: Path):
    assert zopa("export", "england-zimbabwe", tmp_path, "--format", "csv").code == 1
    wrong = zopa("export", "england-zimbabwe", tmp_path / "x", "--format", "csw", "--lang", "zh")
    assert (wrong.code, "没有 csw 这种导出格式" in wrong.err) == (2, True)


def test_import_of_a_table(tmp_path: Path):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    ran = zopa("import", "csv", tmp_path / "t.csv", tmp_path / "case", "--lang", "zh")
    assert ran.out == f"新案例：{tmp_path}/case\n  接下来：zopa bargain {tmp_path}/case\n"


@pytest.mark.parametrize("kind", ["geniusweb", "negmas"])
def test_an_empty_folder_is_refused(tmp_path: Path, kind: str):
    (tmp_path / "empty").mkdir()
    ran = zopa("import", kind, tmp_path / "empty", tmp_path / "case", "--json")
    assert ran.code == 1
    assert ran.json["errors"][0]["code"] in ("import-profiles", "import-no-domain")


def test_roles_and_results(tmp_path: Path):
    ran = zopa("roles", "england-zimbabwe", "--out", tmp_path / "r", "--names", "fictional", "--lang", "zh")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 6
    blank = (tmp_path / "r" / "results.zh.csv").read_text(encoding="utf-8")
    (tmp_path / "filled.csv").write_text(blank + "甲组,B,D,A,C,C\n", encoding="utf-8")
    arguments = ("roles", "england-zimbabwe", "--names", "fictional", "--results", tmp_path / "filled.csv")
    told = zopa(*arguments, "--out", tmp_path / "o", "--lang", "zh")
    assert "1 个小组中有 1 个达成协议，其中 1 个在前沿上" in told.out
    rows = zopa(*arguments, "--out", tmp_path / "o", "--json").json["rows"]
    assert (rows[0]["pair"], rows[0]["package"], rows[0]["distance"]) == ("甲组", [1, 3, 0, 2, 2], 0)
    assert zopa("roles", "england-zimbabwe", "--names", "made-up").code == 2
