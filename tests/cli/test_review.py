"""``zopa review`` with answers from the keyboard: what is shown, what is decided, and what then stands in the case."""

import json
from pathlib import Path

import pytest

from tests.cli.run import Ran, zopa

ARTICLE = """伊朗外长阿拉格齐4日说，会谈将于6日在马斯喀特举行。
一名美国官员说：“不谈导弹，会谈就没有意义。”
伊朗外长阿拉格齐说，伊朗绝不放弃铀浓缩。
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder, article = tmp_path / "talks", tmp_path / "news.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    zopa("new", folder)
    assert zopa("read", article, "--published", "2026-02-05", "--into", folder).code == 0
    return folder


def review(case: Path, *keys: str, lang: str = "en") -> Ran:
    """A sitting at which these lines are typed."""
    typed = "".join(f"{key}\n" for key in keys)
    return zopa("review", case, "--author", "张三", "--lang", lang, typed=typed)


def rows(case: Path, name: str) -> list[dict[str, object]]:
    path = case / f"{name}.jsonl"
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )


def waiting(case: Path) -> list[str]:
    return [row["id"] for row in zopa("review", case, "--json").json["rows"]]


def test_accept_and_reject(case: Path):
    first, second, *rest = waiting(case)
    ran = review(case, "a", "r", "q")
    assert ran.code == 0
    assert [row["id"] for row in rows(case, "claims")] == [first]
    assert rows(case, "claims")[0]["review"] == "accepted"
    assert waiting(case) == rest
    decisions = rows(case, "reviews")
    assert [(d["action"], d["author"], d["claim"]["id"]) for d in decisions] == [
        ("accept", "张三", first),
        ("reject", "张三", second),
    ]
    assert f"2 decided, {len(rest)} left" in ran.out
    assert zopa("check", case).code == 0


def test_a_claim_is_shown_in_its_context(case: Path):
    [claim, *_] = zopa("review", case, "--json").json["rows"]
    ran = review(case, "q", lang="zh")
    assert f"【{claim['quote']}】" in ran.out
    assert "伊朗外长阿拉格齐4日说" in ran.out
    assert "kind（类型）：fact report（事实陈述）" in ran.out
    assert "a 采纳" in ran.out


def test_edit_changes_what_is_said_about_a_claim(case: Path):
    review(case, "e", "kind", "intent", "issues", '["venue", "talks"]', "said_on", "2026-02-03", "", "q")
    [claim] = rows(case, "claims")
    assert claim["kind"] == "intent"
    assert claim["issues"] == ["venue", "talks"]
    assert claim["said_on"] == "2026-02-03"


def test_lists_may_be_typed_as_words_with_commas(case: Path):
    review(case, "e", "issues", "venue，talks, force", "about", "2026-02-06", "", "q")
    [claim] = rows(case, "claims")
    assert (claim["issues"], claim["about"]) == (["venue", "talks", "force"], ["2026-02-06"])


def test_a_day_without_hyphens_is_a_day_and_not_a_number(case: Path):
    review(case, "e", "said_on", "20260203", "", "q")
    assert rows(case, "claims")[0]["said_on"] == "2026-02-03"


def test_a_wrong_value_is_told_at_once_and_the_others_are_kept(case: Path):
    ran = review(case, "e", "kind", "intent", "said_on", "某日", "said_on", "2026-02-01", "", "q", lang="zh")
    assert "said_on 为 某日，但此处应为日期，如 2026-02-05 [wrong-type]" in ran.out
    [claim] = rows(case, "claims")
    assert (claim["kind"], claim["said_on"]) == ("intent", "2026-02-01")


def test_new_ranges_bring_their_own_words(case: Path):
    start = ARTICLE.index("马斯喀特")
    review(case, "e", "ranges", f"[[{start}, {start + 4}]]", "", "q")
    [claim] = rows(case, "claims")
    assert claim["quote"] == "马斯喀特"
    assert zopa("check", case).code == 0


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("kind", "gossip", "not-a-choice"),
        ("knid", "threat", "unknown-key"),
        ("quote", "从未说过的话", "the words would no longer stand"),
        ("ranges", "[[0, 99999]]", "the words would no longer stand"),
        ("ranges", "here", "[wrong-type]"),
        ("sha256", '"00"', "[wrong-form]"),
        ("said_on", "someday", "said_on is someday, but it must be a date such as 2026-02-05"),
        ("said_on", "20260205x", "it must be a date such as 2026-02-05"),
        ("said_on", "2026-02-30", "no day of the calendar"),
        ("about", "tomorrow", "about is tomorrow, but it must be a date such as 2026-02-05"),
        ("credibility", "high", "it must be a whole number"),
        ("anonymous", "maybe", "it must be true or false"),
    ],
)
def test_an_edit_that_makes_no_claim_is_refused(case: Path, field: str, value: str, told: str):
    before = waiting(case)
    ran = review(case, "e", field, value, "", "q")
    assert ran.code == 0
    assert told in ran.out
    assert "0 decided" in ran.out
    assert rows(case, "claims") == []
    assert waiting(case) == before


def test_an_empty_edit_decides_nothing(case: Path):
    assert "0 decided" in review(case, "e", "", "q").out


def test_back_lets_one_think_again(case: Path):
    first, *_ = waiting(case)
    ran = review(case, "a", "b", "r", "q")
    assert rows(case, "claims") == []
    assert first not in waiting(case)
    assert "1 decided" in ran.out


def test_skip_leaves_a_claim_waiting_and_unknown_keys_are_told(case: Path):
    before = waiting(case)
    ran = review(case, "s", "x", "", "q")
    assert waiting(case) == before
    assert ran.out.count("one of a, e, r, s, b, q") == 2


def test_end_of_input_keeps_what_was_decided(case: Path):
    ran = review(case, "a")
    assert ran.code == 0
    assert len(rows(case, "claims")) == 1


def test_a_decision_is_on_disk_before_the_next_is_asked_for(case: Path, monkeypatch: pytest.MonkeyPatch):
    from zopa.cli import review as module

    shown: list[int] = []
    show = module.Session._show

    def counting(self: module.Session, claim: object, number: int, total: int) -> None:
        shown.append(len(rows(case, "reviews")))
        show(self, claim, number, total)  # type: ignore[arg-type]

    monkeypatch.setattr(module.Session, "_show", counting)
    review(case, "a", "a", "q")
    assert shown == [0, 1, 2]


def test_nothing_left_to_decide(case: Path):
    review(case, *["a"] * len(waiting(case)))
    ran = review(case)
    assert (ran.code, ran.out) == (0, f"{case}: no candidate waits for a decision\n")


def test_accepted_claims_of_the_case_are_read_by_the_analyses(case: Path):
    review(case, "a", "q")
    answer = zopa("record", case, "--json", "--draws", "50").json
    assert answer["ok"]
    assert len(answer["rows"]) >= 1
