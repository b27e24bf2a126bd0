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
    assert "1 个小组中有 1 个达成协议，其中 1 个在有效边界上" in told.out
    rows = zopa(*arguments, "--out", tmp_path / "o", "--json").json["rows"]
    assert (rows[0]["pair"], rows[0]["package"], rows[0]["distance"]) == ("甲组", [1, 3, 0, 2, 2], 0)
    assert zopa("roles", "england-zimbabwe", "--names", "made-up").code == 2


# --- the standoff


@pytest.mark.parametrize(
    ("format_", "name", "read"),
    [
        ("conflict", "elmira.json", "conflict"),
        ("gmcr", "elmira.gmcr", "gmcr"),
        ("states", "elmira.csv", "csv"),
    ],
)
def test_a_standoff_goes_out_and_comes_in_again(tmp_path: Path, format_: str, name: str, read: str):
    answer = zopa("export", format_, "elmira", tmp_path / name, "--json").json
    assert answer["parameters"] == {"format": format_}
    assert answer["rows"] == [
        {
            "paths": [str(tmp_path / name)],
            "notes": [{"en": "left out too: named outcomes.", "zh": "另未写出：各类结局。"}],
        }
    ]
    ran = zopa("import", read, tmp_path / name, tmp_path / "case", "--as-of", "1997-05-01", "--lang", "zh")
    assert ran.out == f"新案例：{tmp_path}/case\n  接下来：zopa check {tmp_path}/case\n"
    assert zopa("check", tmp_path / "case").code == 0


@pytest.mark.parametrize("format_", ["graphml", "dot"])
def test_the_state_graph(tmp_path: Path, format_: str):
    ran = zopa("export", "elmira", tmp_path / "graph", "--format", format_)
    assert ran.out == f"Written: {tmp_path}/graph\n"
    assert zopa("export", format_, "elmira", tmp_path / "graph").code == 1


def test_a_table_of_a_case_without_issues_is_one_of_states(tmp_path: Path):
    assert zopa("export", "csv", "elmira", tmp_path / "t.csv", "--lang", "zh").code == 0
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").startswith("状态,现状,")


def test_formats_are_told_apart_from_cases(tmp_path: Path):
    wrong = zopa("export", "gmc", "elmira", tmp_path / "x", "--lang", "zh")
    assert (wrong.code, "gmcr" in wrong.err) == (2, True)
    twice = zopa("export", "gmcr", "elmira", tmp_path / "x", "--format", "dot")
    assert (twice.code, "gmcr" in twice.err) == (2, True)
    none = zopa("export", "conflict", "england-zimbabwe", tmp_path / "x", "--json")
    assert (none.code, none.json["errors"][0]["code"]) == (1, "needs-standoff")
    assert not (tmp_path / "x").exists()
