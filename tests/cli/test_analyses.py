"""Every analysis as a command: what a person reads and what a program gets."""

import csv
import json
from pathlib import Path

import pytest

import zopa as package
from tests.cli.run import zopa

EXAMPLE = "england-zimbabwe"
FEW = ("--draws", "50")
SHAPE = ["ok", "command", "case", "method", "parameters", "seed", "rows"]


@pytest.mark.parametrize("name", package.ANALYSES)
def test_json_is_the_result_of_the_function_of_the_same_name(name: str):
    ran = zopa(name, "muscat-2026", *FEW, "--seed", "3", "--json")
    assert (ran.code, ran.err) == (0, "")
    expected = getattr(package, name)(package.open_case("muscat-2026"), draws=50, seed=3).to_json()
    assert list(ran.json)[: len(SHAPE)] == SHAPE
    assert ran.json == json.loads(json.dumps(expected))
    assert ran.json["seed"] == 3


@pytest.mark.parametrize("name", package.ANALYSES)
def test_text_is_headline_tables_and_notes(name: str):
    result = getattr(package, name)(package.open_case("muscat-2026"), draws=50)
    for lang in ("en", "zh"):
        ran = zopa(name, "muscat-2026", *FEW, "--lang", lang)
        assert ran.code == 0
        assert ran.out.startswith(result.headline(lang) + "\n")
        for table in result.tables(lang):
            # A caption longer than its table is broken over lines.
            assert "".join(table.caption.split()) in "".join(ran.out.split())
        for note in result.notes(lang):
            assert f"  · {note}\n" in ran.out


def test_the_same_seed_gives_the_same_answer_and_another_one_another():
    first, again, other = (zopa("zone", "muscat-2026", *FEW, "--seed", s, "--json").out for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_fewest_draws_are_those_an_interval_needs():
    from zopa.case import case
    from zopa.case.draws import INNER
    from zopa.cli.terminal import DRAWS, FEWEST_DRAWS

    assert (DRAWS, FEWEST_DRAWS) == (case.DRAWS, 2 * INNER)
    assert zopa("zone", "muscat-2026", "--draws", FEWEST_DRAWS - 1).code == 2


def test_as_of_takes_the_record_of_an_earlier_day():
    late = zopa("record", "muscat-2026", *FEW, "--json").json["rows"]
    early = zopa("record", "muscat-2026", *FEW, "--as-of", "2026-02-01", "--json").json["rows"]
    assert len(early) < len(late)


def test_a_case_without_what_a_question_needs_is_told_what_to_add():
    ran = zopa("zone", "elmira", "--lang", "zh")
    assert ran.code == 1
    assert ran.out == ""
    assert "issues" in ran.err
    assert "[needs-issues]" in ran.err


def test_a_cell_with_brackets_is_text_not_markup(capsys: pytest.CaptureFixture[str]):
    from zopa.cli.tables import draw_table
    from zopa.result import Table

    draw_table(Table("[bold]案例[/]", ("列 [a]",), (("[red]值[/red] \\[x]",),), ((),)))
    out = capsys.readouterr().out
    assert "[bold]案例[/]" in out
    assert "列 [a]" in out
    assert "[red]值[/red] \\[x]" in out


def test_options_of_single_analyses():
    plain = zopa("bargain", "england-zimbabwe", "--draws", 50, "--json")
    powers = zopa("bargain", "england-zimbabwe", "--draws", 50, "--json", "--power", "england=3")
    rules = [[row["solution"] for row in json.loads(ran.out)["rows"]] for ran in (plain, powers)]
    assert rules[1] == [*rules[0], "nash_weighted"]
    assert json.loads(powers.out)["parameters"]["power"] == {"england": 3.0, "zimbabwe": 1.0}
    for name, option in (("zone", "--lotteries"), ("bargain", "--lotteries"), ("setting", "--combinations")):
        ran = zopa(name, "muscat-2026", "--draws", 60, option, "--json")
        assert ran.code == 0 and json.loads(ran.out)["parameters"][option.removeprefix("--")] is True


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--power", "us"], "name=value"),
        (["--power", "us=-1"], "above 0"),
        (["--power", "uss=1"], "did you mean us"),
        (["--start", "enrichmnt=none"], "did you mean enrichment"),
        (["--start", "enrichment=non"], "did you mean none"),
    ],
)
def test_wrong_starts_and_powers(options: list[str], told: str):
    ran = zopa("bargain", "muscat-2026", "--draws", 60, "--lang", "en", *options)
    assert ran.code == 2 and told in ran.err


def test_stability_writes_all_states_as_a_table(tmp_path: Path):
    """Ranks, for whom each state is stable and why; nothing that exists is overwritten."""
    out = tmp_path / "states.csv"
    ran = zopa("stability", "elmira", *FEW, "--csv", str(out))
    assert ran.code == 0
    assert ran.out.endswith(f"Written: {out}\n")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    states = {row["state"]: row for row in rows}
    assert states["7"]["Nash: equilibrium"] == "yes"
    assert "Local government: Gains by" in states["1"]["SEQ: why"]
    again = zopa("stability", "elmira", *FEW, "--csv", str(out))
    assert again.code == 1
    assert "[export-target-exists]" in again.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("stability", "elmira", "--state", "99"), "there is no state 99"),
        (("coalition", "elmira", "--bloc", "moe"), "two or more decision makers"),
        (("coalition", "elmira", "--bloc", "moe,uniroyall"), "did you mean uniroyal?"),
        (("mediation", "elmira", "--wish", "closur"), "did you mean closure?"),
        (("mediation", "elmira", "--wish", "13"), "there is no state 13"),
    ],
)
def test_what_the_standoff_does_not_have_is_told(words: tuple[str, ...], told: str):
    ran = zopa(*words)
    assert ran.code == 2
    assert told in ran.err


def test_a_state_a_bloc_and_a_wish_are_answered():
    assert "State 7, side by side" in zopa("stability", "elmira", *FEW, "--state", "7").out
    assert zopa("coalition", "elmira", *FEW, "--bloc", "moe,uniroyal").code == 0
    assert zopa("mediation", "elmira", *FEW, "--wish", "closure").code == 0
    assert zopa("mediation", "elmira", *FEW, "--wish", "10").code == 0
