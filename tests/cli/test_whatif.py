"""``zopa what-if``: what is written, what is kept, and what is refused."""

import shutil
from pathlib import Path

import pytest
import typer

from tests.cli.run import zopa
from zopa.case.examples import locate
from zopa.cli import main as entry
from zopa.cli import whatif as command
from zopa.cli.usage import WrongUse
from zopa.cli.whatif import _value

FEW = ("--draws", "100", "--plays", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(locate("muscat-2026"), tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is part of the application, whether or not it lists it yet."""
    build = entry.build

    def with_it() -> typer.Typer:
        app = build()
        if "what-if" not in {known.name for known in app.registered_commands}:
            command.register(app)
        return app

    monkeypatch.setattr(entry, "build", with_it)


def test_a_difference_is_told_in_both_languages(folder):
    for lang, words in (("en", "Supposing talks.strike.us is 0.02 to 0.1"), ("zh", "假设talks.strike.us 为")):
        ran = zopa("what-if", folder, "--set", "talks.strike.us=0.02 to 0.1", *FEW, "--lang", lang)
        assert (ran.code, ran.err) == (0, "")
        assert words in ran.out


def test_json_holds_the_changes_in_order(folder):
    key = "red_lines.0"
    ran = zopa(
        "what-if", folder, "--set", "talks.strike.us=0", "--remove", key, *FEW, "--json", "--as-stated"
    )
    assert ran.code == 0
    made = ran.json
    assert made["command"] == "what-if"
    assert made["parameters"]["changes"] == [{"set": "talks.strike.us", "to": 0}, {"remove": key}]
    assert made["parameters"]["after_moves"] is False


def test_changes_are_kept_listed_and_taken_up_again(folder):
    assert "no variants" in zopa("what-if", folder, "--list", "--lang", "en").out
    kept = zopa("what-if", folder, "--set", "talks.strike.us=0", "--save", "No strike", *FEW, "--lang", "en")
    assert (kept.code, "Kept as variants/no-strike.yaml." in kept.out) == (0, True)
    listed = zopa("what-if", folder, "--list", "--lang", "zh").out
    assert "no-strike" in listed and "talks.strike.us 为 0" in listed
    assert [row["id"] for row in zopa("what-if", folder, "--list", "--json").json["rows"]] == ["no-strike"]
    first = zopa("what-if", folder, "--variant", "no-strike", *FEW, "--json").json
    second = zopa("what-if", folder, "--variant", "No strike", *FEW, "--json").json
    plain = zopa("what-if", folder, "--set", "talks.strike.us=0", *FEW, "--json").json
    assert first["rows"] == plain["rows"] == second["rows"]


def test_a_name_taken_is_refused_before_anything_is_worked_out(folder):
    arguments = ("what-if", folder, "--set", "talks.strike.us=0", "--save", "soft", *FEW)
    assert zopa(*arguments).code == 0
    again = zopa(*arguments, "--json")
    assert (again.code, [e["code"] for e in again.json["errors"]]) == (1, ["variant-exists"])


def test_an_example_stays_what_it_is():
    ran = zopa("what-if", "muscat-2026", "--set", "talks.strike.us=0", "--save", "soft", *FEW)
    assert ran.code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing is supposed"),
        (("--set", "talks.strike.us"), "must have the form name=value"),
        (("--set", "talks..us=1"), "is no path"),
        (("--set", "talks.strike.us="), "cannot be read as a value"),
        (("--set", "talks.strike.us=a: b"), "cannot be read as a value"),
        (("--remove", "a b"), "is no path"),
        (("--variant", "hard"), "has no 'hard' here"),
    ],
)
def test_wrong_use_is_told_with_a_remedy(folder, arguments, words):
    ran = zopa("what-if", folder, *arguments, *FEW, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    chinese = zopa("what-if", folder, *arguments, *FEW, "--lang", "zh")
    assert chinese.code == 2 and words not in chinese.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--set", "talks.strike.us=1.4"), "estimate-range"),
        (("--remove", "talks.strike.nobody"), "edit-missing"),
        (("--set", "talks.horizon=2026-02-30"), "date-impossible"),
    ],
)
def test_what_cannot_be_is_located_with_a_remedy(folder, arguments, code):
    found = zopa("what-if", folder, *arguments, *FEW, "--json")
    assert found.code == 1
    errors = found.json["errors"]
    assert errors[0]["code"] == code
    # What must lie between 0 and 1 says its remedy in the message.
    assert all(e["message"] and (e["hint"] or e["code"] == "estimate-range") for e in errors)
    for lang in ("en", "zh"):
        told = zopa("what-if", folder, *arguments, *FEW, "--lang", lang)
        assert told.code == 1 and f"[{code}]" in told.err and "case.yaml" in told.err


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.3", 0.3), ("0.02 to 0.1", "0.02 to 0.1"), ("true", True), ("[a, b]", ["a", "b"]), ("'1'", "1")],
)
def test_a_value_is_read_as_yaml(text, value):
    assert _value(text) == value


def test_nothing_is_no_value():
    with pytest.raises(WrongUse):
        _value("~")
