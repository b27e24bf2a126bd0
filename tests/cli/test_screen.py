"""``zopa review`` and the progress bar in a real terminal, with a person at the keys."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import zopa
from tests.cli.screen import Seen, at_the_keys

ARTICLE = """伊朗外长阿拉格齐4日说，会谈将于6日在马斯喀特举行。
据报道，会谈可能推迟。
一名美国官员说：“不谈导弹，会谈就没有意义。”
伊朗外长阿拉格齐说，伊朗绝不放弃铀浓缩。
"""
ASK, FIELD, NEXT = "q 退出：", "要改的字段", "再改一个字段"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder, article = tmp_path / "talks", tmp_path / "news.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    zopa("new", folder)
    assert zopa("read", article, "--published", "2026-02-05", "--into", folder).code == 0
    return folder


def sitting(case: Path, *keys: tuple[str, str], lang: str = "zh") -> Seen:
    return at_the_keys(["review", case, "--author", "张三", "--lang", lang], keys)


def kept(case: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (case / "claims.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_sitting_in_chinese(case: Path):
    """Accept, edit with a wrong date first, reject, and leave the last one: the screen says each time what happened."""
    seen = sitting(
        case,
        (ASK, "a\n"),
        (ASK, "e\n"),
        (FIELD, "said_on\n"),
        ("said_on 的新值", "某日\n"),
        (FIELD, "said_on\n"),
        ("said_on 的新值", "2026-02-04\n"),
        (NEXT, "issues\n"),
        ("issues 的新值", "venue，talks\n"),
        (NEXT, "\n"),
        (ASK, "r\n"),
        (ASK, "q\n"),
    )
    assert seen.code == 0
    assert "said_on 为 某日，但此处应为日期，如 2026-02-05 [wrong-type]" in seen.text
    assert "已采纳，并改动了 said_on、issues" in seen.text
    assert "speaker_head（发言者）：未注明出处的报道" in seen.text
    assert "unspecified" not in seen.text.replace("unspecified-news", "")
    assert "已审定 3 条，余 1 条" in seen.text
    first, second = kept(case)
    assert (first["review"], second["said_on"], second["issues"]) == (
        "accepted",
        "2026-02-04",
        ["venue", "talks"],
    )


def test_a_sitting_in_english(case: Path):
    seen = sitting(case, ("[q]uit: ", "a\n"), ("[q]uit: ", "x\n"), ("[q]uit: ", "q\n"), lang="en")
    assert seen.code == 0
    assert "speaker_head (speaker): an unattributed report" in seen.text
    assert "one of a, e, r, s, b, u, m, h, q" in seen.text
    assert seen.text.count("[2/4]") == 1, "a wrong key asks again, it does not fill the screen again"
    assert "1 decided, 3 left" in seen.text


def test_ctrl_c_keeps_what_was_decided(case: Path):
    seen = sitting(case, (ASK, "a\n"), ("［2/4］", ""), (ASK, "\x03"))
    assert seen.code == 130
    assert "已审定 1 条，余 3 条" in seen.text
    assert seen.text.rstrip().endswith("已中止。")
    assert "Traceback" not in seen.text
    assert len(kept(case)) == 1


def test_ctrl_c_in_the_middle_of_an_edit_changes_nothing(case: Path):
    seen = sitting(case, (ASK, "e\n"), (FIELD, "kind\n"), ("null）：", "\x03"))
    assert seen.code == 130
    assert "已审定 0 条，余 4 条" in seen.text
    assert not (case / "reviews.jsonl").exists()


def test_ctrl_d_ends_the_sitting(case: Path):
    seen = sitting(case, (ASK, "a\n"), ("［2/4］", ""), (ASK, "\x04"))
    assert (seen.code, len(kept(case))) == (0, 1)


def test_going_back_shows_what_was_decided(case: Path):
    seen = sitting(case, (ASK, "r\n"), (ASK, "b\n"), ("（本次已否决）", ""), (ASK, "q\n"))
    assert seen.code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [60, 120])
def test_no_line_is_wider_than_the_terminal(case: Path, columns: int, lang: str):
    from zopa.errors import width

    quit_ = ASK if lang == "zh" else "[q]uit: "
    keys = [(quit_, "h\n"), (quit_, "q\n")]
    seen = at_the_keys(["review", case, "--author", "张三", "--lang", lang], keys, columns=columns)
    lines = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", seen.text).split("\n")
    assert any("】" in line for line in lines)
    assert [line for line in lines if width(line) > columns] == []


def test_colours_only_where_a_person_watches(case: Path, monkeypatch: pytest.MonkeyPatch):
    keys = [(ASK, "q\n")]
    arguments = ["review", case, "--author", "张三", "--lang", "zh"]
    assert "\x1b[1m【" in at_the_keys(arguments, keys).text
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[1m" not in zopa(*arguments, typed="q\n").out


BAR = "正在计算：agenda"


def slow(*more: str) -> list[str]:
    return ["agenda", "muscat-2026", "--lang", "zh", "--draws", "2000", *more]


def test_the_bar_comes_and_leaves_nothing_behind():
    seen = at_the_keys(slow())
    assert seen.code == 0
    assert BAR in seen.text
    before, after = seen.text.split(BAR)[0], seen.text.split(BAR)[-1]
    assert re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", before).strip("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ") == "", (
        "the bar is what is shown first"
    )
    # The line of the bar is erased and the cursor shown again before the answer is printed.
    assert "\x1b[2K" in after
    assert "\x1b[?25h" in after
    assert not re.search("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━]", after.split("\x1b[2K")[-1])


def test_no_bar_with_json_even_in_a_terminal():
    seen = at_the_keys(slow("--json"))
    assert seen.code == 0
    assert "\x1b" not in seen.text
    assert json.loads(seen.text)["ok"]


def test_no_bar_when_piped():
    done = subprocess.run(
        [sys.executable, "-c", "from zopa.cli.main import main; main()", *slow()],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert BAR not in done.stdout
