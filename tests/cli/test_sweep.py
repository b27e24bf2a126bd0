"""``zopa sweep``: what is written, what it leaves behind, and its exit codes."""

import shutil
from pathlib import Path

import pytest
import typer

from tests.cli.run import zopa
from zopa.case.examples import locate
from zopa.cli import main as entry
from zopa.cli import sweep as command

FEW = ("--draws", "50", "--plays", "1", "--on", "threads", "--workers", "2")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is part of the application, whether or not it lists it yet."""
    build = entry.build

    def with_it() -> typer.Typer:
        app = build()
        if "sweep" not in {known.name for known in app.registered_commands}:
            command.register(app)
        return app

    monkeypatch.setattr(entry, "build", with_it)


def test_cases_days_and_seeds_are_told_and_kept(tmp_path: Path):
    days = ("--from", "2026-02-03", "--to", "2026-02-05", "--step", "2")
    ran = zopa("sweep", "muscat-2026", *days, "--seeds", "2", *FEW, "--out", tmp_path / "out", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "4 forecasts of 1 case made." in ran.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "rows.jsonl",
        "sweep.csv",
        "sweep.json",
        "sweep.lock",
    ]
    again = zopa(
        "sweep", "muscat-2026", *days, "--seeds", "2", *FEW, "--out", tmp_path / "out", "--lang", "zh"
    )
    assert "已完成 1 个案例的 4 项预测" in again.out and "4 项预测此前已完成" in again.out


def test_a_forecast_that_cannot_be_made_gives_exit_code_1(tmp_path: Path):
    shutil.copytree(locate("elmira"), tmp_path / "broken")
    with (tmp_path / "broken" / "case.yaml").open("a", encoding="utf-8") as handle:
        handle.write("nothing-we-know: 1\n")
    ran = zopa("sweep", "elmira", tmp_path / "broken", *FEW, "--out", tmp_path / "out", "--json")
    assert ran.code == 1
    rows = ran.json["rows"]
    assert ran.json["ok"] is False
    assert [(bool(row["questions"]), [p["code"] for p in row["problems"]]) for row in rows] == [
        (True, []),
        (False, ["unknown-key"]),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--on", "mars"), "does not run on mars"),
        (("--address", "127.0.0.1:9"), "--address names a cluster"),
        (("--from", "2026-02-03"), "--to is missing"),
        (("--to", "2026-02-03"), "--from is missing"),
        (("--day", "tomorrow"), "is not a calendar day"),
        (("--seeds", "0"), "is not a whole number"),
        (("--step", "0"), "is not a whole number"),
        (("--workers", "none"), "is not a whole number"),
    ],
)
def test_wrong_use_is_exit_code_2(tmp_path: Path, arguments, words):
    base = [arg for k, arg in enumerate(FEW) if not ({"--on", "--workers"} & {FEW[k], FEW[k - 1]})]
    ran = zopa("sweep", "elmira", *base, *arguments, "--out", tmp_path, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    chinese = zopa("sweep", "elmira", *base, *arguments, "--out", tmp_path, "--lang", "zh")
    assert chinese.code == 2 and words not in chinese.err


def test_no_case_and_no_folder_are_wrong_use(tmp_path: Path):
    assert zopa("sweep", "--out", tmp_path, "--lang", "en").code == 2
    assert zopa("sweep", "elmira", "--lang", "en").code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--day", "2020-01-01"), "sweep-day"),
        (("--variant", "hard"), "sweep-variant"),
        (("--from", "2026-02-05", "--to", "2026-02-03"), "sweep-days"),
    ],
)
def test_what_the_case_has_not_is_located(tmp_path: Path, arguments, code):
    ran = zopa("sweep", "muscat-2026", *FEW, *arguments, "--out", tmp_path / "out", "--json")
    assert ran.code == 1
    assert [e["code"] for e in ran.json["errors"]] == [code]
    assert not (tmp_path / "out").exists()
    for lang in ("en", "zh"):
        told = zopa("sweep", "muscat-2026", *FEW, *arguments, "--out", tmp_path / "out", "--lang", lang)
        assert told.code == 1 and f"[{code}]" in told.err
