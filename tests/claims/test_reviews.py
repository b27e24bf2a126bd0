"""Decisions on claims: a log that is only added to, and a record that no later reading takes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import made
from zopa.claims.jsonl import read_records, record_line
from zopa.claims.lines import Lines
from zopa.claims.reviews import (
    Decision,
    accept,
    apply,
    edit,
    in_force,
    last,
    merge,
    one_name,
    order,
    read_reviews,
    record,
    reject,
    under_one_name,
    undo,
)
from zopa.errors import CaseFileError, DossierError

NOW = datetime(2026, 2, 6, 9, 30, tzinfo=UTC)
TEXT = "北方说不。南方说是。"


def claim(id_, start=0, stop=4, **more):
    values = {
        "source": "s",
        "sha256": made.text_digest(TEXT),
        "ranges": [[start, stop]],
        "review": "candidate",
    }
    return made.claim(id_, TEXT[start:stop], **(values | more))


def by(decide, claim, *patch):
    return decide(claim, *patch, author="陈", at=NOW)


def standing(claim, **more):
    return claim.model_copy(update={"review": "accepted", **more})


A, B = claim("a"), claim("b", 5, 9)


def test_accepted_rejected_and_waiting():
    out = apply([A, B, claim("c", 0, 2)], [], [by(accept, A), by(reject, B)])
    assert out.accepted == (standing(A),)
    assert [c.id for c in out.waiting] == ["c"]


def test_an_edit_is_accepted_with_its_new_values():
    decision = by(edit, A, {"kind": "refusal", "said_on": "2026-02-04", "party": None})
    assert decision.patch == {"kind": "refusal", "said_on": "2026-02-04"}
    assert apply([A], [], [decision]).accepted == (standing(A, kind="refusal", said_on=date(2026, 2, 4)),)


def test_later_decisions_win():
    assert apply([A], [], [by(accept, A), by(reject, A)]).accepted == ()
    assert apply([A], [], [by(reject, A), by(accept, A)]).accepted == (standing(A),)
    log = [by(edit, A, {"credibility": 3}), by(edit, standing(A, credibility=3), {"credibility": 4})]
    assert apply([A], [], log).accepted == (standing(A, credibility=4),)


def test_a_claim_changed_by_hand_keeps_its_words():
    """Whoever edits claims.jsonl after the decision has the last word on what they changed."""
    decision = by(edit, A, {"kind": "refusal", "credibility": 3})
    hand = standing(A, kind="threat", credibility=2)
    assert apply([A], [hand], [decision]).accepted == (hand.model_copy(update={"credibility": 3}),)


def test_a_rejection_taken_back_leaves_the_standing_claim_alone():
    hand = standing(A, speaker="corrected by hand")
    assert apply([A], [hand], [by(reject, A), by(accept, A)]).accepted == (hand,)
    assert apply([A], [hand], [by(accept, A), by(reject, A)]).accepted == ()


def test_ids_that_moved_to_other_words_wait_under_their_own():
    again = [claim("a", 5, 9), claim("a-2", 0, 2), claim("x", 0, 4)]
    out = apply(again, [], [by(accept, A)])
    assert out.accepted == (standing(A),)
    assert [(c.id, c.ranges) for c in out.waiting] == [("a-3", ((5, 9),)), ("a-2", ((0, 2),))]


def test_an_edited_range_is_still_the_same_claim():
    decision = by(edit, A, {"ranges": [[0, 2]], "quote": TEXT[0:2]})
    assert apply([A], [], [decision]).waiting == ()
    assert apply([A], [decision.outcome()], []).waiting == ()


CLAIMS = st.sampled_from([A, B, claim("c", 2, 7), claim("d", 0, 9)])
PATCHES = st.dictionaries(st.sampled_from(["credibility", "confidence"]), st.just(1), min_size=1)
DECISIONS = st.one_of(
    CLAIMS.map(lambda c: by(accept, c)),
    CLAIMS.map(lambda c: by(reject, c)),
    st.tuples(CLAIMS, PATCHES).map(lambda p: by(edit, *p)),
)


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), st.lists(DECISIONS, max_size=8))
def test_settling_changes_nothing(candidates, log):
    """The record written out and read again under the same log is the same record."""
    out = apply(candidates, [], log)
    assert apply(candidates, out.accepted, log) == out


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), st.lists(DECISIONS, max_size=8))
def test_no_reading_takes_a_decision_back(candidates, log):
    """Whatever is proposed anew, the accepted claims are those that people decided on."""
    assert apply(candidates, [], log).accepted == apply([], [], log).accepted
    last = {decision.id: decision.action for decision in log}
    assert {c.id for c in apply(candidates, [], log).accepted} == {
        k for k, action in last.items() if action != "reject"
    }
    decided = {(d.claim.sha256, d.claim.ranges) for d in log}
    assert not decided & {(c.sha256, c.ranges) for c in apply(candidates, [], log).waiting}


@given(DECISIONS)
def test_a_decision_reads_back(decision):
    found = read_records(Lines("reviews.jsonl", record_line(decision) + "\n"), Decision)
    assert found.problems == ()
    assert found.records == (decision,)


def test_patches_that_make_no_claim_are_refused_in_words():
    with pytest.raises(DossierError) as caught:
        by(edit, A, {"credibilty": 3, "id": "z"})
    assert [(p.code, p.hint()) for p in caught.value.problems] == [
        ("unknown-key", "did you mean credibility?"),
        ("unknown-key", caught.value.problems[1].hint()),
    ]
    with pytest.raises(DossierError) as caught:
        by(edit, A, {"credibility": 9, "kind": "demands"})
    assert [p.code for p in caught.value.problems] == ["not-a-choice", "number-range"]
    assert "credibility is 9" in caught.value.show("en")


def test_a_log_with_faults_is_told_line_by_line():
    good = record_line(by(accept, A))
    lines = [
        good,
        good.replace('"action": "accept"', '"action": "agree"'),
        good.replace('"author": "陈"', '"author": ""'),
        good.replace("2026-02-06T09:30:00Z", "2026-02-06T09:30:00"),
        good.replace('"patch": {}', '"patch": {"credibility": 9}'),
    ]
    found = read_reviews(Lines("reviews.jsonl", "\n".join(lines) + "\n"))
    assert [(p.code, p.place.line) for p in found.problems] == [
        ("not-a-choice", 2),
        ("text-empty", 3),
        ("wrong-type", 4),
        ("number-range", 5),
    ]
    assert len(found.records) == 1


def test_the_log_is_only_added_to(tmp_path):
    record(tmp_path, by(accept, A))
    first = (tmp_path / "reviews.jsonl").read_bytes()
    record(tmp_path, reject(B, author="李", at=NOW + timedelta(hours=1), note="重复"))
    both = (tmp_path / "reviews.jsonl").read_bytes()
    assert both.startswith(first)
    assert [d.author for d in read_reviews(Lines("", both.decode())).records] == ["陈", "李"]


def test_nothing_is_glued_to_a_torn_line(tmp_path):
    record(tmp_path, by(accept, A))
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    before = path.read_bytes()
    with pytest.raises(CaseFileError) as caught:
        record(tmp_path, by(accept, B))
    assert [p.code for p in caught.value.problems] == ["line-torn"]
    assert path.read_bytes() == before


# --- taking decisions back


def at(k):
    return NOW + timedelta(seconds=k)


def timed(steps):
    """A log with moments of its own; a number takes back the decision made that many before it."""
    log = []
    for k, step in enumerate(steps):
        if not isinstance(step, int):
            log.append(step.model_copy(update={"at": at(k)}))
        elif log:
            log.append(undo(log[-1 - step % len(log)], author="李", at=at(k)))
    return log


def plain_in_force(log):
    """The definition, followed one decision at a time from the end."""
    taken, kept = set(), []
    for decision in reversed(log):
        if decision.at in taken:
            continue
        kept.insert(0, decision)
        if decision.action == "undo":
            taken.add(decision.undoes)
    return kept


STEPS = st.lists(st.one_of(DECISIONS, st.integers(0, 8)), max_size=10)


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), STEPS)
def test_a_log_with_decisions_taken_back_is_the_log_without_them(candidates, steps):
    log = timed(steps)
    assert list(in_force(log)) == plain_in_force(log)
    without = [decision for decision in plain_in_force(log) if decision.action != "undo"]
    out, plain = apply(candidates, [], log), apply(candidates, [], without)
    assert out.accepted == plain.accepted
    assert set(out.waiting) - set(plain.waiting) <= {d.claim for d in log if d.claim is not None}
    assert set(plain.waiting) <= set(out.waiting)


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), STEPS)
def test_settling_changes_nothing_after_undoing_either(candidates, steps):
    log = timed(steps)
    out = apply(candidates, [], log)
    assert apply(candidates, out.accepted, log) == out


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), STEPS, STEPS)
def test_settling_on_the_way_changes_nothing_in_the_end(candidates, before, after):
    """However often the record was written out between the decisions, the last word is the same."""
    log = timed([*before, *after])
    halfway = apply(candidates, [], timed(before)).accepted
    stepped = apply(candidates, halfway, log)
    assert {c.id: c for c in stepped.accepted} == {c.id: c for c in apply(candidates, [], log).accepted}


@given(st.lists(CLAIMS, unique_by=lambda c: c.id), st.lists(DECISIONS, max_size=6))
def test_undoing_everything_leaves_nothing_decided(candidates, steps):
    log = timed(steps)
    k = len(log)
    while (latest := last(log)) is not None:
        log.append(undo(latest, author="李", at=at(k)))
        k += 1
    assert len(log) == 2 * len(steps)
    out = apply(candidates, [], log)
    assert out.accepted == ()
    assert set(candidates) <= set(out.waiting)


def test_an_undo_can_be_taken_back_too():
    first = by(accept, A)
    second = undo(first, author="陈", at=at(1))
    third = undo(second, author="陈", at=at(2))
    assert apply([A], [], [first, second]).waiting == (A,)
    assert apply([A], [], [first, second, third]).accepted == (standing(A),)


def test_a_standing_claim_stands_again_when_its_rejection_is_taken_back():
    mine = standing(A)
    gone = by(reject, mine)
    assert apply([], [mine], [gone]).accepted == ()
    assert apply([], [], [gone, undo(gone, author="陈", at=at(1))]).accepted == (mine,)


# --- one name for one person


def test_merges_follow_each_other():
    names = [
        merge(["鲁比奥", "卢比奥"], author="陈", at=at(0)),
        merge(["马尔科·鲁比奥", "鲁比奥", "国务卿"], author="陈", at=at(1)),
    ]
    assert one_name(names) == dict.fromkeys(["卢比奥", "鲁比奥", "国务卿"], "马尔科·鲁比奥")
    back = merge(["卢比奥", "马尔科·鲁比奥"], author="陈", at=at(2))
    assert set(one_name([*names, back]).values()) == {"卢比奥"}
    assert "卢比奥" not in one_name([*names, back])


def test_a_claim_is_heard_under_the_one_name_everywhere():
    mine = claim("a", speaker_head="鲁比奥", chain=["新华社", "鲁比奥"], origin="鲁比奥/nuclear")
    heard = under_one_name(mine, {"鲁比奥": "马尔科·鲁比奥"})
    assert (heard.speaker_head, heard.chain) == ("马尔科·鲁比奥", ("新华社", "马尔科·鲁比奥"))
    assert heard.origin == "马尔科-鲁比奥/nuclear", "two names of one voice are no two origins"
    hand = mine.model_copy(update={"origin": "statement-of-4-february"})
    assert under_one_name(hand, {"鲁比奥": "马尔科·鲁比奥"}).origin == "statement-of-4-february"


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=3, unique=True), max_size=8))
def test_merged_names_are_classes_with_one_name_each(groups):
    names = one_name(merge(group, author="陈", at=NOW) for group in groups)
    joined = {name: {name} for name in "abcdef"}
    for group in groups:
        whole = set().union(*(joined[name] for name in group))
        for name in whole:
            joined[name] = whole
    for name in "abcdef":
        for other in "abcdef":
            assert (names.get(name, name) == names.get(other, other)) == (other in joined[name])
    assert not set(names) & set(names.values())


def test_a_line_of_the_log_says_only_what_belongs_to_it():
    lines = [
        record_line(by(accept, A)),
        record_line(merge(["x", "y"], author="陈", at=at(1))),
        record_line(undo(by(accept, A), author="陈", at=at(2))),
    ]
    assert '"names"' not in lines[0]
    assert (
        lines[1]
        == '{"action": "merge", "author": "陈", "at": "2026-02-06T09:30:01Z", "names": ["x", "y"], "note": null}'
    )
    assert '"undoes": "2026-02-06T09:30:00Z"' in lines[2]
    assert '"claim"' not in lines[2]
    found = read_reviews(Lines("reviews.jsonl", "\n".join(lines) + "\n"))
    assert (found.problems, len(found.records)) == ((), 3)


def test_decisions_on_nothing_are_told_line_by_line():
    lines = [
        '{"action": "accept", "author": "陈", "at": "2026-02-06T09:30:00Z"}',
        '{"action": "merge", "author": "陈", "at": "2026-02-06T09:30:00Z", "names": ["x", "x"]}',
        '{"action": "undo", "author": "陈", "at": "2026-02-06T09:30:00Z"}',
        '{"action": "undo", "author": "陈", "at": "2026-02-06T09:30:02Z", "undoes": "2026-02-06T09:30:00Z"}',
    ]
    found = read_reviews(Lines("reviews.jsonl", "\n".join(lines) + "\n"))
    assert [(p.code, p.place.line) for p in found.problems] == [
        ("missing-key", 1),
        ("too-few", 2),
        ("missing-key", 3),
        ("undo-nothing", 4),
    ]
    with pytest.raises(DossierError):
        merge(["x", " x "], author="陈", at=NOW)


def test_disputed_claims_come_first_then_unsure_ones():
    told = claim("d", disputed=["kind"])
    unsure = claim("u", confidence=0.3)
    assert [c.id for c in order([A, unsure, B, told])] == ["d", "u", "a", "b"]
