"""Sweeps on one machine: what is made, what is kept, what counts once, and what is refused."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Generator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

import zopa
from zopa import workers
from zopa.case.examples import locate
from zopa.case.fields import Localised
from zopa.case.variants import Change, save_variant, varied
from zopa.errors import CaseFileError
from zopa.forecasting._replay_days import on_day
from zopa.forecasting._sweep_jobs import Job, Row, done, packed
from zopa.forecasting._sweep_store import CSV, JSON, LOCK, ROWS
from zopa.forecasting.sweep import ALL, days_between, sweep
from zopa.workers import IN_VAIN, TRIES, Backend, LostWorkersError, _watched, stream

FEW = {"draws": 50, "plays": 1}
HERE = {**FEW, "on": "threads", "workers": 2}
LAST = date(2026, 2, 5)
CHANGE = Change(set="talks.strike.us", to=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Muscat case with a variant."""
    home = tmp_path_factory.mktemp("cases") / "muscat"
    shutil.copytree(locate("muscat-2026"), home)
    save_variant(zopa.open_case(home), "calm", Localised(en="Calm", zh="平静"), [CHANGE])
    return home


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    """A sweep of two cases, each as it stands, from two seeds."""
    return sweep([folder, "elmira"], out=tmp_path_factory.mktemp("out"), seeds=2, **HERE)


def lines(out: Path) -> list[Row]:
    return [json.loads(line) for line in (out / ROWS).read_text(encoding="utf-8").splitlines()]


def test_a_row_is_the_forecast_itself(folder, made):
    for row in [row for row in made.done if row["case"] == "muscat"]:
        own = zopa.forecast(zopa.open_case(folder), seed=row["seed"], **FEW)
        assert [q["name"] for q in row["questions"]] == [r.name for r in own.rows()]
        for q, r in zip(row["questions"], own.rows(), strict=True):
            assert [q[k] for k in ("value", "low", "high", "zero")] == [
                r.chance.value,
                r.chance.low,
                r.chance.high,
                r.chance.zero,
            ]


def test_each_job_has_one_line_and_tables_follow_their_names(made):
    assert len(lines(made.folder)) == len({row["key"] for row in lines(made.folder)}) == 4
    names = [(row["case"], row["seed"]) for row in made.done]
    assert names == [("elmira", 0), ("elmira", 1), ("muscat", 0), ("muscat", 1)]
    table = (made.folder / CSV).read_text(encoding="utf-8").splitlines()
    assert len(table) == 1 + len(made.rows())
    assert json.loads((made.folder / JSON).read_text(encoding="utf-8"))["rows"] == list(made.done)


def test_days_and_variants_are_those_of_the_case(folder, tmp_path):
    day = LAST - timedelta(days=1)
    found = sweep(folder, out=tmp_path, days=[day, LAST], variants=ALL, **HERE)
    assert [(r["day"], r["variant"]) for r in found.done] == [
        (day.isoformat(), None),
        (day.isoformat(), "calm"),
        (LAST.isoformat(), None),
        (LAST.isoformat(), "calm"),
    ]
    case = zopa.open_case(folder)
    own = zopa.forecast(on_day(varied(case, [CHANGE]), day), **FEW).rows()[0].chance
    deal = next(q for q in found.done[1]["questions"] if q["fact"] == "deal")
    assert (deal["value"], deal["low"], deal["high"]) == (own.value, own.low, own.high)


@pytest.mark.parametrize(("on", "workers"), [("threads", 1), ("threads", 3), ("processes", 2)])
def test_where_and_by_how_many_changes_nothing(made, folder, tmp_path, on, workers):
    sweep(["elmira", folder], out=tmp_path, seeds=[1, 0], **FEW, on=on, workers=workers)
    for name in (CSV, JSON):
        assert (tmp_path / name).read_bytes() == (made.folder / name).read_bytes()


def test_what_is_there_is_not_made_again(made, folder, tmp_path):
    shutil.copytree(made.folder, tmp_path / "out")
    told: list[tuple[int, int]] = []
    again = sweep(
        [folder, "elmira", folder],
        out=tmp_path / "out",
        seeds=3,
        **HERE,
        progress=lambda *n: told.append(n),
    )
    assert again.kept == 4
    assert told == [(4, 6), (5, 6), (6, 6)]
    assert lines(tmp_path / "out")[:4] == lines(made.folder)


def test_a_torn_line_is_cut_off_and_made_again(made, folder, tmp_path):
    shutil.copytree(made.folder, tmp_path / "out")
    path = tmp_path / "out" / ROWS
    path.write_bytes(path.read_bytes()[:-20])
    again = sweep([folder, "elmira"], out=tmp_path / "out", seeds=2, **HERE)
    assert again.kept == 3
    assert (tmp_path / "out" / CSV).read_bytes() == (made.folder / CSV).read_bytes()
    assert len(lines(tmp_path / "out")) == 4


def test_a_job_done_twice_counts_once(made, folder, tmp_path):
    shutil.copytree(made.folder, tmp_path / "out")
    path = tmp_path / "out" / ROWS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[0] + "\n", encoding="utf-8")
    again = sweep([folder, "elmira"], out=tmp_path / "out", seeds=2, **HERE)
    assert (again.kept, len(again.done)) == (4, 4)


def test_a_broken_line_within_is_located(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "out")
    path = tmp_path / "out" / ROWS
    text = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([text[0], text[1][:-5], *text[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(CaseFileError) as error:
        sweep("elmira", out=tmp_path / "out", **HERE)
    assert [(p.code, p.place.file, p.place.line) for p in error.value.problems] == [("sweep-row", ROWS, 2)]


def test_two_sweeps_do_not_write_to_one_folder(tmp_path):
    handle = os.open(tmp_path / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(CaseFileError) as error:
            sweep("elmira", out=tmp_path, **HERE)
    finally:
        os.close(handle)
    assert [p.code for p in error.value.problems] == ["sweep-busy"]
    assert not (tmp_path / ROWS).exists()


def test_a_changed_case_is_another_job(folder, made, tmp_path):
    shutil.copytree(folder, tmp_path / "muscat")
    before = packed(zopa.open_case(folder))
    assert packed(zopa.open_case(tmp_path / "muscat")).digest == before.digest
    with (tmp_path / "muscat" / "case.yaml").open("a", encoding="utf-8") as handle:
        handle.write("# a remark\n")
    assert packed(zopa.open_case(tmp_path / "muscat")).digest != before.digest


def test_the_key_is_of_everything_that_determines_the_row(folder):
    case = packed(zopa.open_case(folder))
    base = {"seed": 0, "draws": 50, "plays": 1, "after_moves": True, "version": "1"}
    jobs = [Job(case, LAST, None, (), **base), Job(case, LAST - timedelta(days=1), None, (), **base)]
    jobs += [
        Job(case, LAST, None, (), **{**base, k: v}) for k, v in [("seed", 1), ("draws", 60), ("plays", 2)]
    ]
    jobs += [
        Job(case, LAST, None, (), **{**base, k: v}) for k, v in [("after_moves", False), ("version", "2")]
    ]
    jobs += [Job(case, LAST, "calm", (CHANGE,), **base)]
    jobs += [Job(case, LAST, "calm", (Change(set="talks.strike.us", to=0.1),), **base)]
    assert len({job.key for job in jobs}) == len(jobs)


def test_what_is_private_enters_the_digest_with_a_salt(folder, tmp_path):
    digests = set()
    for name in ("one", "two"):
        shutil.copytree(folder, tmp_path / name / "muscat")
        (tmp_path / name / "muscat" / "private.yaml").write_text(
            "title: {en: Ours, zh: 我方}\n", encoding="utf-8"
        )
        digests.add(packed(zopa.open_case(tmp_path / name / "muscat")).digest)
    assert len(digests) == 2


def test_one_case_that_fails_does_not_stop_the_others(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "broken")
    with (tmp_path / "broken" / "case.yaml").open("a", encoding="utf-8") as handle:
        handle.write("nothing-we-know: 1\n")
    shutil.copytree(folder, tmp_path / "stale")
    gone = tmp_path / "stale" / "variants" / "calm.yaml"
    gone.write_text(gone.read_text(encoding="utf-8").replace("strike.us", "strike.nobody"), encoding="utf-8")
    found = sweep([tmp_path / "broken", tmp_path / "stale"], out=tmp_path / "out", variants="all", **HERE)
    assert not found.whole
    assert [(f.case, f.variant, f.place.partition(":")[0]) for f in found.failures] == [
        ("stale", "calm", "case.yaml"),
        ("broken", None, "case.yaml"),
    ]
    assert {row.case for row in found.rows()} == {"stale"}
    table = (tmp_path / "out" / CSV).read_text(encoding="utf-8")
    assert "[unknown-key]" in table and "[dangling-id]" in table
    for lang in ("en", "zh"):
        assert len(found.tables(lang)[1].rows) == 2
    # What cannot be made has been found out already.
    again = sweep([tmp_path / "stale"], out=tmp_path / "out", variants="all", **HERE)
    assert (again.kept, len(again.failures)) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"days": [LAST + timedelta(days=1)]}, ["sweep-day"]),
        (
            {"days": [date(2020, 1, 1), date(2027, 1, 1)], "variants": ["clam"]},
            ["sweep-variant", "sweep-day", "sweep-day"],
        ),
        ({"on": "dask", "address": "127.0.0.1:9"}, ["workers-address"]),
        ({"on": "ray", "address": "127.0.0.1:9"}, ["workers-address"]),
        ({"on": "dask", "address": "nowhere"}, ["workers-address"]),
    ],
)
def test_wrong_use_is_told_before_anything_is_made(folder, tmp_path, asked, codes):
    if asked.get("on") in ("dask", "ray"):
        pytest.importorskip({"dask": "distributed", "ray": "ray"}[asked["on"]])
    started = time.monotonic()
    with pytest.raises(CaseFileError) as error:
        sweep(folder, out=tmp_path / "out", **{**HERE, **asked})
    assert [p.code for p in error.value.problems] == codes
    assert time.monotonic() - started < 30
    assert not (tmp_path / "out" / ROWS).exists()
    for lang in ("en", "zh"):
        assert all(p.hint(lang) for p in error.value.problems)


def test_a_missing_extra_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(workers.importlib.util, "find_spec", lambda name: None)
    for on in ("dask", "ray"):
        with pytest.raises(CaseFileError) as error:
            sweep("elmira", out=tmp_path, on=on, **FEW)
        assert f"pip install 'zopa[{on}]'" in str(error.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"on": "mars"},
        {"address": "127.0.0.1:9"},
        {"workers": 0},
        {"seeds": 0},
        {"draws": 0},
        {"plays": 0},
        {"seeds": []},
    ],
)
def test_what_makes_no_sense_is_a_value_error(tmp_path, asked):
    with pytest.raises(ValueError, match="sweep: "):
        sweep("elmira", out=tmp_path, **{**HERE, **asked})
    with pytest.raises(ValueError, match="no case"):
        sweep([], out=tmp_path, **HERE)


def test_days_run_from_one_to_another_in_steps():
    assert days_between(LAST, LAST) == (LAST,)
    assert days_between(date(2026, 2, 1), LAST, 2) == (date(2026, 2, 1), date(2026, 2, 3), LAST)
    with pytest.raises(CaseFileError):
        days_between(LAST, date(2026, 2, 1))


def test_a_worker_of_another_version_is_refused(folder):
    job = Job(packed(zopa.open_case(folder)), LAST, None, (), 0, 50, 1, True, "0.0.0")
    with pytest.raises(CaseFileError) as error:
        done(job)
    assert [p.code for p in error.value.problems] == ["sweep-version"]


# ---- workers that are lost -------------------------------------------------------------------------------------------


def made_up(n: int) -> list[Job]:
    case = packed(zopa.open_case("elmira"))
    return [Job(case, LAST, None, (), seed, 50, 1, True, "1") for seed in range(n)]


class Failing:
    """A backend that loses its workers after so many rows of each call; -1: never."""

    def __init__(self, *after: int) -> None:
        self.after, self.asked = list(after), list[int]()

    def run(self, jobs: Sequence[Job]) -> Generator[Row, None, None]:
        self.asked.append(len(jobs))
        stop = self.after.pop(0) if self.after else -1
        for k, job in enumerate(jobs):
            if k == stop:
                raise LostWorkersError
            yield {"key": job.key}

    def backend(self) -> Backend:
        return Backend(self.run, (LostWorkersError,))


def test_jobs_left_are_handed_out_again():
    jobs, failing, said = made_up(5), Failing(2, 1), list[int]()
    rows = list(stream(jobs, failing.backend(), said.append, lambda job: None))
    assert sorted(row["key"] for row in rows) == sorted(job.key for job in jobs)
    assert failing.asked == [5, 3, 2]
    assert said == [3, 2]


def test_a_job_that_ends_every_worker_is_found_and_given_up():
    jobs, given_up, asked = made_up(5), list[Job](), list[int]()

    def run(handed: Sequence[Job]) -> Generator[Row, None, None]:
        asked.append(len(handed))
        if jobs[2] in handed:
            raise LostWorkersError  # and with it the others that were under way
        yield from ({"key": job.key} for job in handed)

    rows = list(stream(jobs, Backend(run, (LostWorkersError,)), lambda n: None, given_up.append))
    assert [job.seed for job in given_up] == [2]
    assert {row["key"] for row in rows} == {job.key for job in jobs} - {jobs[2].key}
    assert asked == [5, 1, 1, *[1] * TRIES, 2]


def test_workers_that_never_do_anything_end_the_sweep():
    failing = Failing(*[0] * 20)
    with pytest.raises(CaseFileError) as error:
        list(stream(made_up(4), failing.backend(), lambda n: None, lambda job: None))
    assert [p.code for p in error.value.problems] == ["workers-lost"]
    assert len(failing.asked) == IN_VAIN * (1 + TRIES)


def test_a_cluster_that_gave_jobs_up_is_noticed():
    def rows() -> Generator[Row, None, None]:
        yield {"key": "a"}
        time.sleep(8)

    watched = _watched(rows, lambda: False)
    assert next(watched) == {"key": "a"}
    with pytest.raises(LostWorkersError):
        next(watched)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_told_in_both_languages(made, lang):
    assert "4" in made.headline(lang)
    assert len(made.table(lang).rows) == 4
    assert all(made.notes(lang))
    assert made.to_json()["ok"] is True
