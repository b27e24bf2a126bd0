"""The command as a whole: help, languages, wrong use, exit codes, and what it must not do while starting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import zopa
from zopa.cli.help import wrapped
from zopa.cli.language import language
from zopa.cli.main import build
from zopa.errors import width
from zopa.words import LANGUAGES, catalogue

COMMANDS = [
    "brief", "new", "check", "format", "schema", "read", "review", "record", "setting", "agenda", "zone", "bargain",
    "wants", "influence", "import genius", "import conflict", "import geniusweb", "import negmas", "import csv", "import gmcr", "stability", "paths", "mediation", "coalition",
    "export", "roles",
]  # fmt: skip
HEAVY = (
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "pydantic",
    "ruamel.yaml",
    "jinja2",
    "babel",
    "vl_convert",
    "rich",
)
LOCALES = ("ZOPA_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch):
    """Every test says itself which language it wants."""
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A shell line in which ``zopa`` is the command of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


# --- starting


@pytest.mark.parametrize("call", ["import zopa.cli.main", "from zopa.cli.main import main; main(['--help'])"])
def test_help_imports_nothing_heavy(call: str):
    code = f"""
import sys
try:
    {call}
except SystemExit:
    pass
print("heavy:", *[m for m in {HEAVY!r} if m in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_version():
    ran = zopa("--version")
    assert (ran.code, ran.out) == (0, "zopa 0.1.0\n")


# --- help


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_and_fits_the_terminal(command: str, lang: str):
    ran = zopa(*command.split(), "--help", "--lang", lang)
    assert ran.code == 0
    head, example = ran.out.rsplit("\n\n", 1)
    assert head.startswith("用法：" if lang == "zh" else "Usage:")
    assert example.startswith("示例：\n" if lang == "zh" else "Example:\n")
    assert f"  zopa {command} " in example or command == "schema"
    assert "--json" in head
    assert "--lang zh|en" in head
    assert all(width(line) <= 100 for line in ran.out.splitlines())


def test_help_lists_every_command_in_chinese():
    ran = zopa("--help", "--lang", "zh")
    assert ran.code == 0
    for command in ("brief", "zone", "import"):
        assert f"\n  {command} " in ran.out
    assert "Usage" not in ran.out
    assert "Options" not in ran.out
    assert "显示本页。" in ran.out


def test_every_text_of_the_command_line_is_in_the_catalogue():
    def texts(app: object) -> list[str | None]:
        groups = [g.typer_instance for g in app.registered_groups]
        own = [t for c in app.registered_commands for t in (c.help, c.epilog)]
        return [app.info.help, app.info.epilog, *own, *(t for g in groups for t in texts(g))]

    for text in texts(build()):
        area, _, key = str(text).partition(".")
        assert key in catalogue(area), text


@pytest.mark.parametrize("arguments", [[], ["import"]])
def test_a_command_that_is_not_finished_shows_its_help(arguments: list[str]):
    ran = zopa(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("Usage: zopa")
    assert ran.out == ""


def test_chinese_breaks_anywhere_but_before_a_closing_mark():
    assert wrapped("一二三四，五六", 8) == ["一二三", "四，五六"]
    assert wrapped("a word, 字字", 7) == ["a word,", "字字"]
    assert wrapped("", 10) == []


# --- language


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "en"),
        (["zone", "--lang", "zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
        (["zone", "--lang=zh"], {}, "zh"),
        (["--lang", "en", "zone"], {"ZOPA_LANG": "zh"}, "en"),
        ([], {"ZOPA_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        ([], {"LANG": "de_AT.UTF-8"}, "en"),
        (["zone", "--lang"], {}, "en"),
        (["zh"], {}, "en"),
    ],
)
def test_the_language_of_a_call(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], expected: str
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(arguments) == expected


def test_the_language_may_stand_before_the_command():
    ran = zopa("--lang", "zh", "check", "elmira")
    assert (ran.code, ran.out) == (0, "elmira：没有问题\n")


# --- wrong use


@pytest.mark.parametrize(
    ("call", "en", "zh"),
    [
        ("zoen elmira", "there is no command zoen; did you mean zone?", "没有命令 zoen；是否想用 zone？"),
        ("import geneus a b", "there is no command geneus; did you mean genius?", "没有命令 geneus；是否想用 genius？"),
        ("zone", "CASE is missing", "缺少 CASE"),
        ("zone elmira --sed 3", "there is no option --sed; did you mean --seed?", "没有选项 --sed；是否想用 --seed？"),
        ("zone elmira --seed", "--seed needs a value after it", "--seed 后面要写一个值"),
        ("zone elmira --json=1", "--json takes no value", "--json 不带值"),
        ("zone elmira more", "too much on the line: more", "多出的内容：more"),
        ("zone elmira --draws 0", "0 is not a whole number from 50 to 1000000", "0 不是 50 到 1000000 之间的整数"),
        ("zone elmira --draws 二十", "二十 is not a whole number from 50 to 1000000", "二十 不是 50 到 1000000 之间的整数"),
        ("zone elmira --as-of 2026-02-30", "2026-02-30 is not a calendar day", "2026-02-30 不是日历日期"),
        ("read a.txt --published yesterday", "yesterday is not a calendar day", "yesterday 不是日历日期"),
        ("read a.xlsx", "a.xlsx is not a document that can be read; save it as one of: .txt .md", "a.xlsx 不是可读的文档"),
        ("brief elmira --format docx", "a brief has no format docx; use html, pdf or md", "简报没有 docx 格式"),
        ("brief elmira --published 2026-02-05", "--published is for a document; elmira is a case", "--published 只用于文档"),
        ("format elmira", "elmira is a shipped example and is not written to", "elmira 是内置示例，不能写入"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_both_languages(call: str, en: str, zh: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for lang, expected in (("en", en), ("zh", zh)):
        monkeypatch.setenv("ZOPA_LANG", lang)
        ran = zopa(*call.split())
        assert ran.code == 2
        assert ran.out == ""
        first, second = ran.err.splitlines()
        assert expected in first
        command = " ".join(call.split()[: 2 if call.startswith("import") else 1])
        assert second.strip().removeprefix("help: ").removeprefix("帮助：") in (
            f"zopa {command} --help",
            "zopa --help",
            "zopa import --help",
        )


def test_wrong_use_names_an_unknown_language():
    ran = zopa("zone", "elmira", "--lang", "fr")
    assert ran.code == 2
    assert ran.err.startswith("zopa: fr is not a language of zopa; use zh or en")


def test_wrong_use_as_json_has_the_one_shape():
    ran = zopa("zone", "elmira", "--sed", "3", "--json")
    assert ran.code == 2
    assert ran.err == ""
    assert ran.json == {
        "ok": False,
        "errors": [
            {
                "code": "usage",
                "severity": "error",
                "file": None,
                "line": None,
                "start": None,
                "stop": None,
                "message": "there is no option --sed; did you mean --seed?",
                "hint": "zopa zone --help",
            }
        ],
    }


# --- how it ends


def test_a_case_that_is_not_there_is_a_problem_not_a_traceback():
    ran = zopa("zone", "nowhere", "--json")
    assert ran.code == 1
    assert [e["code"] for e in ran.json["errors"]] == ["no-case"]
    ran = zopa("zone", "nowhere", "--lang", "zh")
    assert ran.code == 1
    assert "nowhere" in ran.err
    assert "muscat-2026" in ran.err


def test_control_c_ends_quietly(monkeypatch: pytest.MonkeyPatch):
    def interrupted(case: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zopa.case.examples.open_case", interrupted)
    ran = zopa("zone", "elmira")
    assert ran.code == 130
    assert ran.err.strip() == "Stopped."
    assert zopa("zone", "elmira", "--lang", "zh").err.strip() == "已中止。"


def test_a_reader_that_goes_away_is_no_error():
    done = shell("zopa schema | head -n 1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_a_terminal_without_chinese_letters_still_gets_an_answer():
    done = shell("zopa check elmira --lang zh", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\\u" in done.stdout
    assert done.stderr == ""


def test_formats_of_export_are_those_that_can_be_written():
    from zopa.case.interop.export import FORMATS
    from zopa.cli import exporter

    assert exporter.FORMATS == FORMATS
