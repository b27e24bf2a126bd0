"""``zopa judge``, ``resolve`` and ``score``: what is written down, what a person reads, and what is refused."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from tests.cli.run import Ran, zopa
from tests.forecasting.ledgers import case_in, forecast
from zopa.cli import ledger as commands
from zopa.cli import main as application
from zopa.forecasting.ledger import record, resolve
from zopa.words import LANGUAGES


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are part of the application, whether or not it lists them yet."""
    build = application.build

    def with_them() -> typer.Typer:
        app = build()
        if "judge" not in {command.name for command in app.registered_commands}:
            commands.register(app)
        return app

    monkeypatch.setattr(application, "build", with_them)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case whose days all lie ahead."""
    case_in(tmp_path / "talks")
    path = tmp_path / "talks" / "case.yaml"
    text = path.read_text("utf-8").replace("2026-02-05", "2126-02-05")
    path.write_text(text.replace("by: 2026-", "by: 2126-"), "utf-8")
    return tmp_path / "talks"


def entries(folder: Path, name: str = "forecasts.jsonl") -> list[dict]:
    path = folder / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def judge(folder: Path, *words: object, lang: str = "en") -> Ran:
    return zopa("judge", folder, *words, "--by", "张三", "--lang", lang)


def test_a_judgement_is_written_down_and_entered_in_the_ledger(folder: Path):
    ran = judge(folder, "deal", "0.1 to 0.3")
    assert (ran.code, ran.err) == (0, "")
    assert "张三 on “A deal by 6 May?”: 10–30%" in ran.out
    assert "Entry 1 of the ledger" in ran.out
    [own] = entries(folder, "judgements.jsonl")
    assert (own["by"], own["question"], own["low"], own["high"]) == ("张三", "deal", 0.1, 0.3)
    [entry] = entries(folder)
    assert (entry["by"], entry["probability"], entry["retrospective"]) == ("张三", pytest.approx(0.2), False)


@pytest.mark.parametrize(
    ("word", "low", "high"), [("很可能", 0.8, 0.95), ("Very Unlikely", 0.05, 0.2), ("30%", 0.3, 0.3)]
)
def test_a_word_stands_for_its_range(folder: Path, word: str, low: float, high: float):
    assert judge(folder, "deal", word, lang="zh").code == 0
    [own] = entries(folder, "judgements.jsonl")
    assert (own["low"], own["high"]) == (low, high)


def test_a_scenario_is_judged_but_not_scored_by_itself(folder: Path):
    ran = judge(folder, "peace", "0.2", lang="zh")
    assert ran.code == 0
    assert "单个情景不单独计分" in ran.out
    assert len(entries(folder, "judgements.jsonl")) == 1
    assert entries(folder) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("del", "0.1"), "dangling-id"),
        (("deal", "1.5"), "judge-probability"),
        (("deal", "0.4 to 0.2"), "judge-probability"),
        (("deal", "so so"), "judge-probability"),
        (("deal", "unknown"), "judge-probability"),
    ],
)
def test_what_is_no_forecast_is_refused(folder: Path, words: tuple[str, str], code: str):
    for lang in LANGUAGES:
        ran = judge(folder, *words, lang=lang)
        assert ran.code == 1
        assert f"[{code}]" in ran.err
    assert not (folder / "judgements.jsonl").exists()
    assert entries(folder) == []
    ran = zopa("judge", folder, *words, "--by", "x", "--json")
    assert [e["code"] for e in ran.json["errors"]] == [code]


def test_what_is_judged_too_late_is_told(tmp_path: Path):
    case_in(tmp_path / "talks")
    for lang, says in (("en", "never scored"), ("zh", "不计分")):
        ran = judge(tmp_path / "talks", "held", "0.9", lang=lang)
        assert ran.code == 0
        assert says in ran.out
    assert [entry["retrospective"] for entry in entries(tmp_path / "talks")] == [True, True]


def test_shipped_examples_stay_what_they_are():
    for words in (
        ("judge", "muscat-2026", "deal-by-t", "0.1"),
        ("resolve", "muscat-2026", "deal-by-t", "no", "--because", "x"),
    ):
        assert zopa(*words).code == 2


def test_an_outcome_is_entered_and_corrected(folder: Path):
    ran = zopa(
        "resolve",
        folder,
        "deal",
        "yes",
        "--on",
        "2026-01-02",
        "--because",
        "c1",
        "--by",
        "李四",
        "--lang",
        "en",
    )
    assert (ran.code, ran.err) == (0, "")
    assert "“A deal by 6 May?” yes, settled on 2026-01-02" in ran.out
    ran = zopa(
        "resolve", folder, "scenarios", "peace", "--because", "两国声明", "--by", "李四", "--lang", "zh"
    )
    assert "“实际出现的情景”和平" in ran.out
    assert [entry["outcome"] for entry in entries(folder)] == ["yes", "peace"]
    shown = zopa("resolve", folder, "deal", "void", "--because", "c1", "--json").json
    assert shown["rows"][0]["outcome"] == "void"
    assert shown["rows"][0]["entry"] == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("deal", "perhaps"), "not-a-choice"),
        (("nothing", "yes"), "dangling-id"),
        (("deal", "yes", "--on", "2126-01-01"), "resolve-future"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(folder: Path, words: tuple[str, ...], code: str):
    ran = zopa("resolve", folder, *words, "--because", "x", "--lang", "zh")
    assert ran.code == 1
    assert f"[{code}]" in ran.err
    assert zopa("resolve", folder, "deal", "yes").code == 2  # how is it known?


def test_a_no_before_its_day_is_taken_and_said_to_be_early(tmp_path: Path):
    case_in(tmp_path / "talks")
    path = tmp_path / "talks" / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("by: 2026-02-08", "by: 2126-02-08"), "utf-8")
    held = ("resolve", tmp_path / "talks", "held")
    ran = zopa(*held, "no", "--because", "c1", "--by", "张三", "--lang", "en")
    assert ran.code == 0, ran.err
    assert "is open until 8 February 2126" in ran.out
    ran = zopa(*held, "yes", "--because", "c1", "--by", "张三", "--lang", "zh")
    assert ran.code == 0 and "到期" not in ran.out


def test_nobody_goes_by_a_name_of_the_ledgers_own(folder: Path):
    ran = zopa("judge", folder, "deal", "0.9", "--by", "forecast", "--lang", "en")
    assert ran.code == 1
    assert "judge-name" in ran.err
    assert entries(folder) == []


def test_a_forecast_of_an_earlier_day_is_not_recorded(folder: Path):
    ran = zopa("forecast", folder, "--record", "--as-of", "2026-02-01", "--draws", "50", "--lang", "en")
    assert ran.code == 2
    assert "--record and --as-of" in ran.err
    assert entries(folder) == []


def test_a_living_case_goes_on_after_a_question_was_due(tmp_path: Path):
    case_in(tmp_path / "talks")
    path = tmp_path / "talks" / "case.yaml"
    later = path.read_text("utf-8").replace("as_of: 2026-02-05", "as_of: 2026-02-10")
    path.write_text(re.sub(r"\n  - \{id: (?:deal|serious|war).*|\nscenarios:(?:\n  .*)*", "", later), "utf-8")
    ran = zopa("check", tmp_path / "talks", "--lang", "en")
    assert ran.code == 0 and "question-past" in ran.out + ran.err
    ran = zopa("resolve", tmp_path / "talks", "held", "no", "--because", "c1", "--by", "张三", "--lang", "en")
    assert ran.code == 0, ran.err


def test_a_score_of_nothing_says_so(folder: Path):
    ran = zopa("score", folder, "--lang", "en")
    assert ran.code == 0
    assert ran.out.startswith("No proven skill yet")
    assert zopa("score", folder, "--lang", "zh").out.startswith("预测能力尚未得到证明")
    assert zopa("score", folder, "--json").json["rows"] == []


def test_scores_of_several_cases(tmp_path: Path):
    at = datetime(2026, 2, 5, 9, 0, tzinfo=UTC)
    for k in range(3):
        case = case_in(tmp_path / f"talks-{k}")
        record(case, [forecast("deal", 0.2), forecast("serious", 0.7)], at=at)
        for question, outcome in (("deal", "no"), ("serious", "yes")):
            resolve(
                case,
                question,
                outcome,
                on=case.file.questions[0].by,
                because="x",
                by="y",
                at=at + timedelta(days=100),
            )
    ran = zopa("score", tmp_path / "talks-0", tmp_path / "talks-1", tmp_path / "talks-2", "--lang", "en")
    assert ran.code == 0
    assert "6 resolved questions of the pooled forecast, 30 are needed" in ran.out
    assert ran.out.count("last seal") == 3
    [row, *_] = zopa("score", tmp_path / "talks-0", "--json").json["rows"]
    assert (row["by"], row["n"], row["cases"]) == ("forecast", 2, 1)
    assert row["brier"] == pytest.approx((0.04 + 0.09) / 2)


def test_a_ledger_that_was_changed_is_not_scored(folder: Path):
    judge(folder, "deal", "0.2")
    path = folder / "forecasts.jsonl"
    path.write_text(path.read_text("utf-8").replace('"probability":0.2', '"probability":0.9'), "utf-8")
    for words in (("score", folder), ("judge", folder, "deal", "0.3", "--by", "x")):
        ran = zopa(*words, "--lang", "en")
        assert ran.code == 1
        assert "forecasts.jsonl:1:1: entry 1 was changed after it was saved" in ran.err
    assert zopa("score", folder, "--json").json["errors"][0]["line"] == 1


def test_an_unfinished_line_is_told_and_set_aside(folder: Path):
    judge(folder, "deal", "0.2")
    with (folder / "forecasts.jsonl").open("a") as file:
        file.write('{"at":"21')
    assert "was not written to its end" in zopa("score", folder, "--lang", "en").out
    assert "forecasts.torn" in judge(folder, "deal", "0.3").out
    assert len(entries(folder)) == 2


@pytest.mark.parametrize("command", ["judge", "resolve", "score"])
def test_help_in_both_languages(command: str):
    for lang in LANGUAGES:
        ran = zopa(command, "--help", "--lang", lang)
        assert ran.code == 0
        assert f"zopa {command}" in ran.out
