"""``zopa record``: all its tables, the long ones cut with how to see the rest, and any one of them whole."""

import re

import pytest

import zopa as package
from tests.cli.run import zopa
from zopa.analysis.record import TABLES
from zopa.cli.record import ROWS

FEW = ("--draws", "50")


@pytest.fixture(scope="module")
def tables():
    return package.record(package.open_case("muscat-2026"), draws=50).named_tables("zh")


def test_every_table_is_shown_and_a_long_one_says_how_much_is_left(tables):
    out = zopa("record", "muscat-2026", *FEW, "--as-of", "2026-02-05", "--lang", "zh").out
    # Where no passage stands in two outlets there is no table of them.
    assert tuple(tables) == tuple(name for name in TABLES if name != "copies")
    places = [out.index(table.caption) for table in tables.values()]
    assert places == sorted(places)
    command = "zopa record muscat-2026 --as-of 2026-02-05 --table"
    for name, table in tables.items():
        left = len(table.rows) - ROWS
        line = f"……共{len(table.rows)}行，另有{left}行：{command} {name}\n"
        assert (line in out) == (left > 0), name
    claims = tables["claims"]
    assert len(claims.rows) > ROWS
    assert f" {claims.rows[ROWS - 1][0]} " in out.partition(claims.caption)[2]
    assert f" {claims.rows[ROWS][0]} " not in out.partition(claims.caption)[2]


@pytest.mark.parametrize("name", ["voices", "claims"])
def test_a_table_asked_for_is_shown_whole_and_alone(tables, name):
    out = zopa("record", "muscat-2026", *FEW, "--table", name, "--lang", "zh").out
    assert [table.caption for table in tables.values() if table.caption in out] == [tables[name].caption]
    assert "--table" not in out
    first = [row[0] for row in tables[name].rows]
    assert all(cell[:4] in out for cell in first)


def test_all_of_everything(tables):
    out = zopa("record", "muscat-2026", *FEW, "--table", "all", "--lang", "zh").out
    assert all(table.caption in out for table in tables.values())
    assert f" {tables['claims'].rows[-1][0]} " in out
    assert "--table" not in out


def test_json_of_one_table():
    rows = zopa("record", "muscat-2026", *FEW, "--table", "conflicts", "--json").json["rows"]
    assert {row["table"] for row in rows} == {"conflicts"}
    assert len(rows) == len(package.record(package.open_case("muscat-2026"), draws=50).conflicts())


def test_a_table_that_is_empty_and_one_that_does_not_exist():
    empty = zopa("record", "elmira", *FEW, "--table", "shifts")
    assert (empty.code, "nothing under “shifts”" in empty.out) == (0, True)
    wrong = zopa("record", "muscat-2026", "--table", "claim", "--lang", "zh")
    assert wrong.code == 2
    assert "没有 claim 这张表" in wrong.err
    assert "claims" in wrong.err


def test_a_case_with_a_blank_in_its_path_can_be_called_again(tmp_path):
    import shutil

    from zopa.case.examples import folder

    there = tmp_path / "my case"
    shutil.copytree(folder("muscat-2026"), there)
    assert f"zopa record '{there}' --table claims" in zopa("record", there, *FEW).out


def test_who_says_what_and_the_days(tables):
    voices, days = tables["voices"], tables["timeline"]
    counts = [int(row[1]) for row in voices.rows]
    claims = tables["claims"].rows
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(claims)
    assert [row[0] for row in days.rows] == ["2026年2月3日", "2026年2月4日", "2026年2月5日"]
    assert days.rows[0][1] == "伊朗要求改到阿曼并只由双方参加", "the side is not named twice"
    assert "美国同意在阿曼会谈；伊朗外长宣布" in days.rows[1][1]
    said = sum(int(n) for row in days.rows for n in re.findall(r"(\d+)条", row[2]))
    assert said == sum(row[1] != "—" for row in claims)
