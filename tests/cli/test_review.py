"""``zopa review`` with answers from the keyboard: what is shown, what is decided, and what then stands in the case."""

import json
import re
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
        ("quote", "从未说过的话", "would no longer stand"),
        ("ranges", "[[0, 99999]]", "would no longer stand"),
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
    assert ran.out.count("one of a, e, r, s, b, u, m, h, q") == 2


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
    assert (ran.code, ran.out.splitlines()[0]) == (0, f"{case}: no candidate waits for a decision")
    assert "[u]ndo" in ran.out, "what was decided can still be taken back"
    empty = case.parent / "empty"
    zopa("new", empty)
    assert zopa("review", empty).out == f"{empty}: no candidate waits for a decision\n"


def test_accepted_claims_of_the_case_are_read_by_the_analyses(case: Path):
    review(case, "a", "q")
    answer = zopa("record", case, "--json", "--draws", "50").json
    assert answer["ok"]
    assert len(answer["rows"]) >= 1


# --- taking back, merging, ends of words


def log(case: Path) -> list[str]:
    return [str(row["action"]) for row in rows(case, "reviews")]


def test_undo_goes_back_step_by_step_through_earlier_sittings(case: Path):
    first, second, *_ = before = waiting(case)
    review(case, "a", "r", "q")
    ran = review(case, "u", "u", "u", "q")
    assert f"taken back: the rejection of {second} by 张三" in ran.out
    assert f"taken back: the acceptance of {first} by 张三" in ran.out
    assert "there is no decision left to take back" in ran.out
    assert waiting(case) == before
    assert rows(case, "claims") == []
    assert log(case) == ["accept", "reject", "undo", "undo"]
    assert all(row["author"] == "张三" and row["at"] for row in rows(case, "reviews"))
    review(case, "a", "q")
    assert [row["id"] for row in rows(case, "claims")] == [first]


def test_undo_of_an_edit_brings_the_old_values_back(case: Path):
    [claim, *_] = zopa("review", case, "--json").json["rows"]
    review(case, "e", "kind", "threat", "speaker_head", "另一人", "", "q")
    [edited] = rows(case, "claims")
    assert (edited["kind"], edited["speaker_head"]) == ("threat", "另一人")
    assert str(edited["origin"]).startswith("另一人/"), "the origin follows its speaker"
    ran = review(case, "u", "a", "q", lang="zh")
    assert f"对 {claim['id']} 的修改" in ran.out
    [again] = rows(case, "claims")
    assert {**again, "review": "candidate"} == claim


def test_undo_in_the_same_sitting_shows_the_claim_again(case: Path):
    first, *_ = waiting(case)
    ran = review(case, "a", "u", "r", "q")
    assert ran.out.count(f"] {first} ·") == 2
    assert "1 decided" in ran.out
    assert rows(case, "claims") == []


def test_everything_decided_can_still_be_taken_back(case: Path):
    ids = waiting(case)
    review(case, *["a"] * len(ids))
    ran = review(case, "u", "r")
    assert ran.code == 0
    assert [row["id"] for row in rows(case, "claims")] == ids[:-1]


def heads(case: Path) -> list[str | None]:
    from zopa.case.folder import read_case

    return [claim.speaker_head for claim in read_case(case).ledger.claims]


def test_merged_names_answer_to_one_and_the_accepted_lines_stay(case: Path):
    review(case, *["a"] * len(waiting(case)))
    before = (case / "claims.jsonl").read_bytes()
    names = [str(row["speaker_head"]) for row in rows(case, "claims")]
    ran = review(case, "m", f"阿拔斯·阿拉格齐，{names[0]}", "q", lang="zh")
    assert f"{names[0]} 今后归于 阿拔斯·阿拉格齐，共 2 条主张" in ran.out
    assert (case / "claims.jsonl").read_bytes() == before
    assert heads(case).count("阿拔斯·阿拉格齐") == 2
    assert names[0] not in heads(case)
    review(case, "u", "q")
    assert heads(case) == names
    assert (case / "claims.jsonl").read_bytes() == before


def test_a_name_that_no_claim_carries_is_not_merged(case: Path):
    ran = review(case, "m", "阿拉格齐, 阿拉哥齐", "m", "阿拉格齐", "m", "", "q")
    assert "no claim is by 阿拉哥齐; did you mean 阿拉格齐?" in ran.out
    assert "[too-few]" in ran.out
    assert not (case / "reviews.jsonl").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("会谈将于6日", "会谈将于6日"),
        ("会谈……马斯喀特", "会谈马斯喀特"),
        ("-2", "会谈将于6日在马斯喀特"),
        ("<+2", "将于6日在马斯喀特举行"),
        ("<+2 >-2", "将于6日在马斯喀特"),
        ("12-14", "会谈"),
        ("12-14, 20-24", "会谈斯喀特举"),
    ],
)
def test_ends_of_the_words_are_typed_as_people_think_of_them(case: Path, typed: str, words: str):
    review(case, "e", "ranges", typed, "", "q")
    [claim] = rows(case, "claims")
    assert claim["quote"] == words
    assert zopa("check", case).code == 0


def test_the_chain_is_typed_outermost_first_and_names_keep_their_blanks(case: Path):
    review(case, "e", "chain", "Anadolu Agency > 新华社", "", "q")
    assert rows(case, "claims")[0]["chain"] == ["Anadolu Agency", "新华社"]


def test_kinds_and_fields_may_be_named_as_the_screen_names_them(case: Path):
    review(case, "e", "类型", "威胁", "", "q", lang="zh")
    assert rows(case, "claims")[0]["kind"] == "threat"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_tells_every_key(case: Path, lang: str):
    ran = review(case, "h", "q", lang=lang)
    assert [line[2] for line in ran.out.splitlines() if re.match(r"  [a-z]  \S", line)] == list("aersbumhq")


def test_no_colours_and_no_wrapping_where_nobody_watches(case: Path):
    assert "\x1b" not in review(case, "h", "a", "q").out


# --- reading again never takes human work back


def test_the_same_text_read_again_changes_nothing(case: Path, tmp_path: Path):
    review(case, "a", "e", "kind", "threat", "", "r")
    files = {path.name: path.read_bytes() for path in case.glob("*.jsonl")}
    ran = zopa("read", tmp_path / "news.txt", "--published", "2026-02-05", "--into", case)
    assert ran.code == 0
    assert waiting(case) == []
    after = {path.name: path.read_bytes() for path in case.glob("*.jsonl")}
    assert {**after, "candidates.jsonl": b""} == {**files, "candidates.jsonl": b""}


def test_other_rules_propose_and_take_nothing_back(case: Path):
    """After an upgrade the rules cut, tag and number otherwise: what people decided stands word for word."""
    from zopa.case.folder import read_record
    from zopa.case.record import put_candidates, settle

    _, record = read_record(case)
    first, second, third = record.waiting
    review(case, "a", "e", "kind", "threat", "speaker_head", "Wendy Sherman", "", "r")
    decided = rows(case, "claims")
    other = [
        first.model_copy(update={"kind": "forecast", "confidence": 0.2, "speaker_head": "某人"}),
        second.model_copy(update={"id": "news-renamed", "kind": "motive"}),
        third.model_copy(update={"issues": ("venue",)}),
        first.model_copy(update={"id": "news-new", "ranges": ((0, 4),), "quote": ARTICLE[0:4]}),
    ]
    assert [claim.id for claim in put_candidates(case, other)] == ["news-new"]
    settle(case)
    assert rows(case, "claims") == decided
    assert waiting(case) == ["news-new"]


def test_what_was_taken_back_is_proposed_as_it_is_read_now(case: Path):
    from zopa.case.folder import read_record
    from zopa.case.record import put_candidates

    _, record = read_record(case)
    first = record.waiting[0]
    review(case, "e", "kind", "threat", "", "q")
    put_candidates(case, [first.model_copy(update={"kind": "forecast"})])
    review(case, "u", "q")
    _, record = read_record(case)
    assert {claim.id: claim.kind for claim in record.waiting}[first.id] == "forecast"


# --- what is looked at first


def test_unsure_claims_come_before_those_the_reader_is_surer_of(case: Path):
    from zopa.case.folder import read_record
    from zopa.case.record import put_candidates

    _, record = read_record(case)
    *sure, last = record.waiting
    put_candidates(case, [*sure, last.model_copy(update={"confidence": 0.4})])
    assert waiting(case) == [last.id, *(claim.id for claim in sure)]
    ran = review(case, "q")
    assert "the reader is not sure of this one" in ran.out
