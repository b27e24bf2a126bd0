"""The ledger of forecasts: what an entry says, every kind of tampering found and located, writers killed and in pairs."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forecasting.ledgers import AT, DUE, PRIVATE, case_in, forecast
from tests.shared import ROOT
from zopa.case.folder import read_case
from zopa.errors import CaseFileError
from zopa.forecasting import _chain, ledger
from zopa.forecasting._chain import FORECASTS, LAST, TORN, canonical, read_chain, seal
from zopa.forecasting.ledger import Forecast, read_book, record, resolve, verify
from zopa.result import Chance


@pytest.fixture
def case(tmp_path: Path):
    return case_in(tmp_path / "talks")


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / FORECASTS).read_text("utf-8").splitlines()]


def found(folder: Path) -> list[tuple[str, int | None]]:
    return [(p.code, p.place.line) for p in verify(folder)]


# ---- what an entry says


def test_an_entry_is_canonical_json_sealed_with_the_line_before(case):
    record(case, [forecast(), forecast("war", 0.03)], at=AT)
    record(case, [forecast("deal", 0.2)], at=AT + timedelta(days=1))
    text = (case.folder / FORECASTS).read_text("utf-8")
    before = "0" * 64
    for n, (line, entry) in enumerate(zip(text.splitlines(), lines(case.folder), strict=True), start=1):
        assert line == canonical(entry)
        content = {k: v for k, v in entry.items() if k not in ("n", "before", "seal")}
        assert (entry["n"], entry["before"], entry["seal"]) == (n, before, seal(before, n, content))
        before = entry["seal"]
    assert verify(case.folder) == ()
    assert read_book(case.folder).seal == before
    assert json.loads((case.folder / LAST).read_text()) == {"n": 3, "seal": before}


def test_an_entry_says_what_was_forecast_from_what_and_when(case):
    given = forecast("deal", 0.12, members={"baserate": 0.2, "experts": 0.1})
    record(case, [given], at=AT)
    [entry] = lines(case.folder)
    assert entry["at"] == "2026-02-05T09:30:00+00:00"
    assert (entry["as_of"], entry["due"], entry["by"]) == ("2026-02-05", "2026-05-06", "forecast")
    assert entry["word"] == "very-unlikely"
    assert entry["members"] == {"baserate": 0.2, "experts": 0.1}
    assert not entry["retrospective"]
    [back] = read_book(case.folder).forecasts
    assert back.forecast == given
    assert (back.at, back.due, back.n) == (AT, DUE, 1)


def test_the_time_is_an_argument_and_says_its_zone(case):
    peking = datetime(2026, 5, 7, 6, 0, tzinfo=timezone(timedelta(hours=8)))
    record(case, [forecast()], at=peking)
    assert lines(case.folder)[0]["at"] == "2026-05-06T22:00:00+00:00"
    assert not lines(case.folder)[0]["retrospective"]
    with pytest.raises(ValueError, match="time zone"):
        record(case, [forecast()], at=datetime(2026, 2, 5))


def test_what_is_forecast_after_the_day_is_marked(case):
    day = datetime(2026, 5, 6, 23, 59, tzinfo=UTC)
    record(case, [forecast("deal"), forecast("held")], at=day)
    record(case, [forecast("deal")], at=day + timedelta(minutes=1))
    assert [entry["retrospective"] for entry in lines(case.folder)] == [False, True, True]


def test_the_digest_of_the_wording_changes_with_the_wording_alone(case):
    record(case, [forecast("deal"), forecast("serious", 0.3)], at=AT)
    path = case.folder / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("A deal by 6 May?", "Any deal by 6 May?"), "utf-8")
    record(read_case(case.folder), [forecast("deal"), forecast("serious", 0.3)], at=AT)
    a, b, c, d = (entry["wording"] for entry in lines(case.folder))
    assert a != c
    assert b == d
    one, other = (entry["case"]["public"] for entry in lines(case.folder)[1:3])
    assert one != other


def test_all_scenarios_are_one_entry(case):
    shares = {"peace": 0.2, "fight": 0.3, "drift": 0.5}
    record(case, [Forecast(question="scenarios", by="forecast", shares=shares)], at=AT)
    [entry] = lines(case.folder)
    assert entry["shares"] == shares
    assert (entry["probability"], entry["word"]) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"probability": 1.2}, "probability must lie between 0 and 1"),
        ({"probability": float("nan")}, "probability must lie between 0 and 1"),
        ({"members": {"experts": -0.1}}, "experts must lie between 0 and 1"),
        ({"probability": None}, "a probability"),
        ({"question": "scenarios"}, "a probability or, for all scenarios, shares"),
    ],
)
def test_numbers_that_are_no_probabilities_are_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        forecast(**wrong)
    with pytest.raises(ValueError, match="sum to one"):
        Forecast(question="scenarios", by="forecast", shares={"peace": 0.4, "fight": 0.3})


def test_a_question_nobody_asked_is_refused_with_the_closest(case):
    with pytest.raises(CaseFileError) as refused:
        record(case, [forecast("del")], at=AT)
    [problem] = refused.value.problems
    assert problem.code == "dangling-id"
    assert "deal" in problem.hint()
    assert not (case.folder / FORECASTS).exists()


def test_a_chance_is_recorded_with_its_range_and_zero_line(case):
    chance = Chance(0.2, 0.1, 0.3, 0.33, 0.25, -0.1, -0.2, 0.0, 0.001, "open", 0.2, 0.25)
    made = ledger.forecast_of("deal", chance, by="forecast", base=0.18, members={"baserate": 0.18})
    record(case, [made], at=AT)
    [entry] = lines(case.folder)
    names = ("probability", "low", "high", "zero", "base", "members")
    assert [entry[k] for k in names] == [0.2, 0.1, 0.3, 0.33, 0.18, {"baserate": 0.18}]
    assert record(case, [], at=AT).records == ()


def test_the_ledger_as_it_stood_on_a_day(case):
    record(case, [forecast("deal")], at=AT)
    record(case, [forecast("war")], at=AT + timedelta(days=2))
    record(case, [forecast("serious")], at=AT + timedelta(days=1))  # cannot be older than the entry above it
    book = read_book(case.folder)
    counts = [len(book.as_of(AT.date() + timedelta(days=k)).forecasts) for k in (-1, 0, 1, 2)]
    assert counts == [0, 1, 1, 3]


def test_a_case_without_a_folder_has_no_ledger(case):
    with pytest.raises(ValueError, match="without a folder"):
        record(replace(case, folder=None), [forecast()], at=AT)


# ---- outcomes


def test_the_last_outcome_entered_is_in_force(case):
    resolve(
        case, "deal", "yes", on=date(2026, 4, 1), because="联合声明", by="李四", at=AT + timedelta(days=60)
    )
    resolve(case, "deal", "no", on=DUE, because="声明系误传", by="李四", at=AT + timedelta(days=100))
    resolve(case, "scenarios", "drift", on=DUE, because="c1", by="李四", at=AT + timedelta(days=100))
    outcomes = read_book(case.folder).outcomes
    assert {q: (r.outcome, r.on) for q, r in outcomes.items()} == {
        "deal": ("no", DUE),
        "scenarios": ("drift", DUE),
    }
    assert verify(case.folder) == ()


@pytest.mark.parametrize(
    ("question", "outcome", "given", "code"),
    [
        ("deal", "maybe", {}, "not-a-choice"),
        ("deal", "peace", {}, "not-a-choice"),
        ("scenarios", "yes", {}, "not-a-choice"),
        ("nothing", "yes", {}, "dangling-id"),
        ("deal", "yes", {"on": date(2026, 4, 2)}, "resolve-future"),
        ("deal", "yes", {"because": "  "}, "resolve-because"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(case, question, outcome, given, code):
    values = {
        "on": date(2026, 4, 1),
        "because": "x",
        "by": "y",
        "at": datetime(2026, 4, 1, tzinfo=UTC),
    } | given
    with pytest.raises(CaseFileError) as refused:
        resolve(case, question, outcome, **values)
    assert [p.code for p in refused.value.problems] == [code]
    assert not (case.folder / FORECASTS).exists()


# ---- what only this desk knows


def test_private_content_leaves_no_trace_that_could_be_guessed_at(tmp_path):
    case = case_in(tmp_path / "talks", private__yaml=PRIVATE)
    record(case, [forecast("secret-channel", 0.6), forecast("deal")], at=AT)
    resolve(
        case,
        "secret-channel",
        "yes",
        on=date(2026, 3, 1),
        because="来电",
        by="李四",
        at=AT + timedelta(days=60),
    )
    text = (case.folder / FORECASTS).read_text("utf-8")
    assert "secret" not in text
    assert "密使" not in text
    secret, deal, outcome = lines(case.folder)
    assert secret["question"] == outcome["question"] == ledger.key_of(case, "secret-channel")
    assert deal["question"] == "deal"
    # Who guesses the content cannot check the guess: no plain digest of it stands there.
    import hashlib

    content = (case.folder / "private.yaml").read_bytes()
    [question] = [q for q in case.file.questions if q.id == "secret-channel"]
    words = canonical(
        [question.text.model_dump(), question.resolves.model_dump(), question.by.isoformat(), None]
    )
    for guess in (content, words.encode(), b"secret-channel"):
        assert hashlib.sha256(guess).hexdigest()[:16] not in text
    salt = case.folder / "private.salt"
    assert salt.stat().st_mode & 0o777 == 0o600
    assert salt.read_text().strip() not in text


def test_the_salted_digest_still_tells_whether_the_private_part_is_the_same(tmp_path):
    case = case_in(tmp_path / "talks", private__yaml=PRIVATE)
    first = ledger.digest(case)
    assert ledger.digest(case) == first
    (case.folder / "private.yaml").write_text(PRIVATE.replace("密使", "特使"), "utf-8")
    changed = ledger.digest(case)
    assert changed["public"] == first["public"]
    assert changed["private"] != first["private"]
    other = case_in(tmp_path / "elsewhere", private__yaml=PRIVATE)
    assert ledger.digest(other)["private"] != first["private"]


def test_a_case_with_nothing_private_needs_no_salt(case):
    record(case, [forecast()], at=AT)
    assert lines(case.folder)[0]["case"]["private"] is None
    assert not (case.folder / "private.salt").exists()


def test_a_salt_that_is_none_is_told(tmp_path):
    case = case_in(tmp_path / "talks", private__yaml=PRIVATE)
    (case.folder / "private.salt").write_text("not one\n")
    with pytest.raises(CaseFileError) as refused:
        record(case, [forecast()], at=AT)
    assert [p.code for p in refused.value.problems] == ["ledger-salt"]


# ---- tampering


@pytest.fixture
def six(case):
    """A ledger of six entries."""
    for k in range(6):
        record(case, [forecast("deal", 0.1 + k / 100)], at=AT + timedelta(days=k))
    return case.folder


def rewrite(folder: Path, change) -> None:
    path = folder / FORECASTS
    path.write_text("".join(f"{line}\n" for line in change(path.read_text("utf-8").splitlines())), "utf-8")


def resealed(line: str, before: str, **change) -> str:
    """A line with other content, sealed anew."""
    entry = json.loads(line) | change
    content = {k: v for k, v in entry.items() if k not in ("n", "before", "seal")}
    return canonical(content | {"n": entry["n"], "before": before, "seal": seal(before, entry["n"], content)})


def test_a_changed_number_is_found_at_its_line(six):
    rewrite(six, lambda ls: [line.replace('"probability":0.12', '"probability":0.92') for line in ls])
    assert found(six) == [("ledger-changed", 3)]
    [problem] = verify(six)
    assert problem.show("en").startswith("forecasts.jsonl:3:1: entry 3 was changed")


@pytest.mark.parametrize("at", range(6))
def test_every_single_character_counts(six, at):
    path = six / FORECASTS
    text = path.read_text("utf-8").splitlines()
    rng = random.Random(at)
    for _ in range(25):
        k = rng.randrange(len(text[at]))
        other = chr((ord(text[at][k]) - 32 + rng.randrange(1, 95)) % 95 + 32)
        changed = [*text[:at], text[at][:k] + other + text[at][k + 1 :], *text[at + 1 :]]
        path.write_text("".join(f"{line}\n" for line in changed), "utf-8")
        problems = [p for p in verify(six) if p.severity == "error"]
        # A change to the link or the seal may show at the line below as well, never elsewhere alone.
        assert at + 1 in {p.place.line for p in problems} | {
            p.place.line - 1 for p in problems if p.place.line
        }
        assert {p.place.line for p in problems} <= {at + 1, at + 2}


def test_a_line_taken_out_put_in_moved_or_doubled_is_found(six):
    whole = (six / FORECASTS).read_text("utf-8").splitlines()
    for change, expected in (
        (lambda ls: ls[:2] + ls[3:], [("ledger-link", 3)]),
        (lambda ls: ls[1:], [("ledger-first", 1)]),
        (lambda ls: [*ls[:3], ls[1], *ls[3:]], [("ledger-link", 4), ("ledger-link", 5)]),
        (
            lambda ls: [*ls[:2], ls[3], ls[2], *ls[4:]],
            [("ledger-link", 3), ("ledger-link", 4), ("ledger-link", 5)],
        ),
        (lambda ls: [*ls[:2], "what is this", *ls[2:]], [("ledger-form", 3), ("ledger-link", 4)]),
        (lambda ls: [*ls[:2], "", *ls[2:]], [("ledger-form", 3), ("ledger-link", 4)]),
        (lambda ls: [*ls[:2], '{"n": 3}', *ls[3:]], [("ledger-form", 3)]),
    ):
        rewrite(six, lambda _, change=change: change(whole))
        assert found(six) == expected


def test_a_line_sealed_anew_is_found_at_the_next(six):
    def change(ls):
        before = json.loads(ls[2])["before"]
        return [*ls[:2], resealed(ls[2], before, probability=0.9), *ls[3:]]

    rewrite(six, change)
    assert found(six) == [("ledger-link", 4)]


def test_lines_cut_off_the_end_are_missed(six):
    rewrite(six, lambda ls: ls[:4])
    assert found(six) == [("ledger-short", 4)]
    [problem] = verify(six)
    assert "entry 6 was confirmed" in problem.message()
    (six / FORECASTS).unlink()
    assert found(six) == [("ledger-short", None)]


def test_an_end_written_anew_is_found(six):
    def change(ls):
        last = resealed(ls[5], json.loads(ls[5])["before"], probability=0.9)
        return [*ls[:5], last]

    rewrite(six, change)
    assert found(six) == [("ledger-end", 6)]


def test_the_note_itself_is_looked_after(six):
    (six / LAST).write_text("{}")
    assert found(six) == [("ledger-note", None)]
    (six / LAST).unlink()
    [problem] = verify(six)
    assert (problem.code, problem.severity) == ("ledger-note-missing", "warning")


def test_other_line_ends_are_a_change(six):
    path = six / FORECASTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert {code for code, _ in found(six)} == {"ledger-changed"}


def test_nothing_is_added_to_a_ledger_that_is_not_what_was_saved(six):
    case = read_case(six)
    rewrite(six, lambda ls: ls[:4])
    before = (six / FORECASTS).read_bytes()
    with pytest.raises(CaseFileError) as refused:
        record(case, [forecast()], at=AT)
    assert [p.code for p in refused.value.problems] == ["ledger-short"]
    assert (six / FORECASTS).read_bytes() == before


def test_a_byte_that_is_no_text_is_a_change(six):
    path = six / FORECASTS
    data = path.read_bytes().splitlines(keepends=True)
    data[1] = data[1].replace(b"forecast", b"forecas\xff", 1)
    path.write_bytes(b"".join(data))
    assert found(six) == [("ledger-changed", 2)]


def test_words_that_cut_lines_elsewhere_do_not_cut_one_here(case):
    resolve(
        case, "deal", "no", on=DUE, because="a\u2028b\x85c\nd\re", by="x", at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    assert verify(case.folder) == ()
    assert read_book(case.folder).resolutions[0].because == "a\u2028b\x85c\nd\re"


# ---- killed writers


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1, exclude_max=True))
def test_a_line_torn_at_any_byte_is_set_aside_and_the_ledger_goes_on(tmp_path_factory, where):
    folder = tmp_path_factory.mktemp("torn") / "talks"
    case = case_in(folder)
    record(case, [forecast("deal", 0.1)], at=AT)
    confirmed, note = (folder / FORECASTS).read_bytes(), (folder / LAST).read_bytes()
    record(case, [forecast("deal", 0.2, by="张三")], at=AT)
    line = (folder / FORECASTS).read_bytes()[len(confirmed) :]
    cut = line[: int(where * len(line))]
    (folder / FORECASTS).write_bytes(confirmed + cut)
    (folder / LAST).write_bytes(note)
    expected = [("ledger-torn", 2)] if cut else []
    assert found(folder) == expected
    assert len(read_book(folder).forecasts) == 1
    appended = record(case, [forecast("deal", 0.3)], at=AT)
    assert appended.torn == bool(cut)
    assert verify(folder) == ()
    assert [entry["probability"] for entry in lines(folder)] == [0.1, 0.3]
    assert (folder / TORN).exists() == bool(cut)
    if cut:
        assert (folder / TORN).read_text("utf-8") == cut.decode("utf-8", "replace") + "\n"
    shutil.rmtree(folder)


def test_what_was_set_aside_before_is_kept_too(case):
    record(case, [forecast()], at=AT)
    for part in ('{"at":"2026', '{"a'):
        with (case.folder / FORECASTS).open("a") as file:
            file.write(part)
        assert record(case, [forecast()], at=AT).torn
    assert (case.folder / TORN).read_text() == '{"at":"2026\n{"a\n'


WRITER = """
    import os, sys, time
    from datetime import datetime, UTC
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from zopa.case.folder import read_case
    from zopa.forecasting.ledger import record
    from tests.forecasting.ledgers import AT, forecast

    if {slow}:
        write = os.write
        def some(handle, data):
            time.sleep(0.0005)
            return write(handle, bytes(data)[:7])
        os.write = some
    case = read_case(Path({folder!r}))
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    for k in range({times}):
        made = record(case, [forecast("deal", 0.1, by={name!r}), forecast("war", 0.05, by={name!r})], at=AT)
        sys.stdout.write(f"{{made.records[-1].n}} {{made.records[-1].seal}}\\n")
        sys.stdout.flush()
"""


def writer(folder: Path, *, name: str = "a", times: int = 100_000, slow: bool = False) -> subprocess.Popen:
    """A process of its own that records two forecasts again and again and says what was confirmed."""
    code = textwrap.dedent(WRITER).format(
        root=str(ROOT), folder=str(folder), name=name, times=times, slow=slow
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("slow", [False, True])
def test_killed_at_any_instant_the_ledger_is_whole(case, slow):
    """Processes killed at random instants, some of them writing seven bytes at a time so that many lines tear."""
    rng = random.Random(slow)
    confirmed: list[tuple[int, str]] = []
    torn = 0
    for _ in range(4):
        process = writer(case.folder, slow=slow)
        first = process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
        for line in [first, *out.splitlines()]:
            if len(line.split()) == 2 and len(line.split()[1]) == 64:
                confirmed.append((int(line.split()[0]), line.split()[1]))
        chain = read_chain(case.folder)
        assert chain.errors == ()
        torn += bool(chain.torn)
        seals = {r.n: r.seal for r in chain.records}
        assert all(seals.get(n) == sealed for n, sealed in confirmed)
        assert record(case, [forecast()], at=AT).torn == bool(chain.torn)
        assert verify(case.folder) == ()
    assert len(confirmed) >= 4
    assert torn > 0 or not slow
    assert not list(case.folder.glob(".forecasts*"))
    assert [r.n for r in read_chain(case.folder).records] == list(range(1, len(lines(case.folder)) + 1))


def test_two_writers_at_once_lose_nothing(case):
    both = [writer(case.folder, name=name, times=40) for name in ("a", "b")]
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert verify(case.folder) == ()
    names = [entry["by"] for entry in lines(case.folder)]
    assert (names.count("a"), names.count("b")) == (80, 80)
    # Each call's two entries stand together.
    assert all(names[k] == names[k + 1] for k in range(0, 160, 2))


def test_who_waits_too_long_is_told(case):
    import fcntl

    record(case, [forecast()], at=AT)
    handle = os.open(case.folder / FORECASTS, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with patch.object(_chain, "WAIT", 0.05), pytest.raises(CaseFileError) as refused:
            record(case, [forecast()], at=AT)
    finally:
        os.close(handle)
    assert [p.code for p in refused.value.problems] == ["ledger-busy"]
    assert len(lines(case.folder)) == 1


def test_a_disk_that_is_full_leaves_no_half_entry(case):
    record(case, [forecast()], at=AT)
    before = (case.folder / FORECASTS).read_bytes()
    write, written = os.write, []

    def full(handle, data):
        if written:
            raise OSError(28, "No space left on device")
        written.append(1)
        return write(handle, bytes(data)[:20])

    with patch("os.write", full), pytest.raises(CaseFileError) as refused:
        record(case, [forecast()], at=AT)
    assert [p.code for p in refused.value.problems] == ["file-write"]
    assert (case.folder / FORECASTS).read_bytes() == before
    assert verify(case.folder) == ()
