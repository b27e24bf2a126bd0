"""Judgement: which forecasts count, each voice once; from words to cells; users' own; and what the record cannot say."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

import zopa
from tests.case import made
from tests.forecasting.ledgers import AT, QUESTIONS, case_in, forecast
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.dossier.lexicon import word_ranges
from zopa.errors import CaseFileError
from zopa.forecasting._scored import Scored, weights_by_record
from zopa.forecasting._voices import Judged, cell_questions, read_judgements
from zopa.forecasting.experts import Experts, experts, judge, range_of
from zopa.forecasting.ledger import record, resolve
from zopa.methods.end_states import CELLS
from zopa.methods.pooling import QUESTIONS as RULES
from zopa.result import BANDS, word_of
from zopa.words import LANGUAGES

DEAL, SERIOUS, WAR, OPEN = RULES
FEW = 2_000


def case_with(folder: Path, judgements: str, *claims: str) -> Case:
    """A case with these judgements and claims; its estimates are assumed, since a forecast is none's evidence."""
    base = made.CASE.replace("because: [c1]", "assumed: true")
    return read_case(
        made.write(folder, f"{base}{QUESTIONS}judgements:\n{judgements}", claims="".join(claims))
    )


def said(id_: str, origin: str, **more: object) -> str:
    return made.claim_line(id_, 6, 12, origin=origin, kind="forecast", credibility=1, **more)


def entry(
    id_: str, p: str, *, on: str | None = "deal", stake: str = "none", because: str = "c1", **more: object
) -> str:
    place = f"on: {on}, " if on else ""
    given = "".join(f"{k}: {v}, " for k, v in more.items())
    basis = f"because: [{because}]" if because else "assumed: true"
    return f"  - {{id: {id_}, who: 某人, stake: {stake}, words: 如此, probability: {p}, {place}{given}{basis}}}\n"


def use(result: Experts, id_: str) -> str:
    return next(f.use for f in result.forecasts if f.id == id_)


# ---- which questions are sums of cells


def test_questions_on_end_and_violence_are_sums_of_cells_and_no_others(tmp_path):
    cells = cell_questions(case_in(tmp_path))
    assert {k: v.tolist() for k, v in cells.items()} == {
        "deal": DEAL.tolist(),
        "serious": SERIOUS.tolist(),
        "war": WAR.tolist(),
    }
    muscat = cell_questions(zopa.open_case("muscat-2026"))
    # A scenario reads what came first, which a cell does not tell.
    assert set(muscat) == {"deal-by-t", "serious-by-t", "war-by-t", "open-at-t"}


# ---- what counts


def test_the_muscat_forecasts_are_sorted_by_stake_and_question():
    found = experts(zopa.open_case("muscat-2026"), draws=FEW)
    uses = {f.id: f.use for f in found.forecasts}
    assert {k for k, v in uses.items() if v == "pooled"} == {
        "mediators-confrontation",
        "mediators-no-deal",
        "ghattas-deal",
    }
    assert uses["israel-deal"] == "ally"
    assert uses["mediators-no-result"] == uses["vakil-war"] == "no-cells"
    assert uses["analysts-force"] == "no-question"
    # Every forecast among the claims is cited by a judgement.
    assert "found" not in uses.values()
    [deal, serious] = found.rows()
    assert (deal.question, deal.voices, serious.question, serious.voices) == (
        "deal-by-t",
        2,
        "serious-by-t",
        1,
    )
    assert deal.because == ("c103", "c104", "c107", "c120")
    assert deal.chance.value < deal.chance.zero == pytest.approx(1 / 3)
    assert deal.at_their_word == pytest.approx(0.12, abs=0.03)


def test_a_partys_or_an_allys_forecast_moves_nothing(tmp_path):
    claims = said("c1", "o1"), said("c2", "o2"), said("c3", "o3")
    alone = case_with(tmp_path / "a", entry("own", "0.1"), *claims)
    more = (
        entry("own", "0.1")
        + entry("side", "0.9", stake="party", because="c2")
        + entry("friend", "0.9", stake="ally", because="c3")
        + entry("hidden", "0.9", because="c2", party="north")
    )
    every = case_with(tmp_path / "b", more, *claims)
    a, b = experts(alone, draws=FEW), experts(every, draws=FEW)
    assert [use(b, k) for k in ("own", "side", "friend", "hidden")] == ["pooled", "party", "ally", "party"]
    assert b.cells == pytest.approx(a.cells)
    assert "3 forecasts of the sides or their allies" in b.headline("en")
    assert "另有3条出自当事方或其盟友" in b.headline("zh")


def test_one_origin_or_one_person_counts_once(tmp_path):
    claims = said("c1", "o1"), said("c2", "o1"), said("c3", "o2")
    people = "  envoy: {party: north, name: 特使, role: negotiates}\n"
    text = entry("low", "0.1") + entry("low-again", "0.1", because="c2") + entry("high", "0.4", because="c3")
    case = case_with(tmp_path / "a", text, *claims)
    found = experts(case, draws=FEW)
    [row] = found.rows()
    assert row.voices == 2
    voices = {f.id: f.voice for f in found.forecasts}
    assert voices["low"] == voices["low-again"] != voices["high"]
    # Were all three votes, .1 would weigh twice.  √(1/9 · 2/3) = .272 to one.
    assert row.at_their_word == pytest.approx(0.272 / 1.272, abs=0.002)
    speaker = text.replace("assumed", "x").replace("probability: 0.4,", "probability: 0.4, person: envoy,")
    speaker = speaker.replace("id: low,", "id: low, person: envoy,")
    assert people in made.CASE
    [row] = experts(case_with(tmp_path / "b", speaker, *claims), draws=FEW).rows()
    assert row.voices == 1


def test_what_is_assumed_counts_as_the_case_stands_and_not_without_assumptions(tmp_path):
    case = case_with(tmp_path, entry("own", "0.1", because=""))
    [row] = experts(case, draws=FEW).rows()
    assert row.chance.value == pytest.approx(0.1, abs=1e-4)
    assert row.chance.cited == row.chance.zero
    assert row.chance.verdict == "silent"
    assert "cannot say" in experts(case, draws=FEW).headline("en")
    assert "无从回答" in experts(case, draws=FEW).headline("zh")


def test_a_claim_that_nobody_set_beside_a_question_is_shown(tmp_path):
    claims = said("c1", "o1", probability={"word": "可能", "low": 0.3, "high": 0.8}), said("c2", "o2")
    case = case_with(tmp_path, entry("own", "0.1", because="c2"), *claims)
    found = experts(case, draws=FEW)
    [row] = [f for f in found.forecasts if f.source == "claim"]
    assert (row.id, row.use, row.low, row.high, row.question) == ("c1", "found", 0.3, 0.8, None)
    assert [r.question for r in found.rows()] == ["deal"]


def test_what_was_not_known_yet_is_not_there(tmp_path):
    early = said("c1", "o1", known_on="2026-02-01")
    late = said("c2", "o2", known_on="2026-02-04")
    text = (
        entry("first", "0.1")
        + entry("second", "0.6", because="c2")
        + entry("third", "0.5", because="", said_on="2026-02-05")
    )
    case = case_with(tmp_path, text, early, late)
    assert [f.id for f in experts(case, draws=FEW).forecasts] == ["first", "second", "third"]
    assert [f.id for f in experts(case.as_of(date(2026, 2, 3)), draws=FEW).forecasts] == ["first"]
    assert experts(case.as_of(date(2026, 1, 1)), draws=FEW).forecasts == ()


# ---- numbers


def test_a_forecast_counts_as_often_as_it_was_rightly_quoted(tmp_path):
    case = case_with(tmp_path, entry("own", "0.1"), said("c1", "o1"))
    found = experts(case, draws=FEW)
    drawn = case.draws(FEW)
    share = float(
        np.mean(drawn.uniforms("origin/o1") < np.minimum(drawn.switches.said("o1"), 0.95)[drawn.group])
    )
    [row] = found.rows()
    assert 0.5 < share < 1
    assert row.chance.value == pytest.approx(share * 0.1 + (1 - share) / 3, abs=1e-4)
    assert row.at_their_word == pytest.approx(0.1, abs=1e-4)
    # Without its one origin nothing is left of it.
    assert row.chance.highest == pytest.approx(1 / 3)
    assert case.without(["c1"]).ledger.claims == ()
    assert experts(case.without(["c1"]), draws=FEW).rows() == ()


def test_the_interval_comes_from_the_range_of_the_words_and_the_grades(tmp_path):
    wide = experts(case_with(tmp_path / "a", entry("own", "0.05 to 0.6", because="")), draws=FEW)
    narrow = experts(case_with(tmp_path / "b", entry("own", "0.25 to 0.3", because="")), draws=FEW)
    [a], [b] = wide.rows(), narrow.rows()
    assert (a.chance.low, a.chance.high) == pytest.approx((0.05, 0.6), abs=0.05)
    assert (b.chance.low, b.chance.high) == pytest.approx((0.25, 0.3), abs=0.01)
    graded = experts(case_with(tmp_path / "c", entry("own", "0.1"), said("c1", "o1")), draws=12_000)
    [c] = graded.rows()
    assert c.chance.high - c.chance.low > 0.02


def test_cells_are_a_distribution_and_the_groups_average_to_them(tmp_path):
    text = entry("a", "0.05 to 0.2") + entry("b", "0.3 to 0.8", on="serious", because="c2")
    found = experts(case_with(tmp_path, text, said("c1", "o1"), said("c2", "o2")), draws=FEW)
    assert found.cells.sum() == pytest.approx(1)
    assert found.outer.shape == (80, CELLS)
    assert found.outer.mean(axis=0) == pytest.approx(found.cells)
    for row, rule in zip(found.rows(), (DEAL, SERIOUS), strict=True):
        assert row.chance.value == pytest.approx(float(found.cells[rule].sum()))
        assert row.chance.low <= row.chance.value <= row.chance.high
    # War is not spoken of: its share of serious violence stays the prior's.
    assert found.cells[WAR].sum() == pytest.approx(found.cells[SERIOUS].sum() / 2)


def test_the_prior_is_what_nobody_spoke_of(tmp_path):
    prior = np.array([30, 5, 2, 12, 1, 1, 35, 9, 5]) / 100
    case = case_with(tmp_path, entry("own", "0.3", because=""))
    found = experts(case, draws=FEW, prior=prior)
    [row] = found.rows()
    assert row.chance.zero == pytest.approx(float(prior[DEAL].sum()))
    assert row.chance.value == pytest.approx(0.3, abs=1e-4)
    assert found.cells[DEAL] / found.cells[DEAL].sum() == pytest.approx(
        prior[DEAL] / prior[DEAL].sum(), abs=1e-5
    )
    with pytest.raises(ValueError, match="prior must be 9 probabilities"):
        experts(case, prior=np.ones(9))


def test_the_order_of_forecasts_changes_nothing(tmp_path):
    texts = [
        entry("a", "0.05 to 0.2"),
        entry("b", "0.3 to 0.8", on="serious", because="c2"),
        entry("c", "0.4", because="c3"),
    ]
    claims = said("c1", "o1"), said("c2", "o2"), said("c3", "o3")
    one = experts(case_with(tmp_path / "a", "".join(texts), *claims), draws=FEW)
    other = experts(case_with(tmp_path / "b", "".join(texts[::-1]), *claims[::-1]), draws=FEW)
    assert other.cells == pytest.approx(one.cells)
    assert experts(one.case, draws=FEW, seed=1).cells != pytest.approx(one.cells, abs=1e-9)


def test_forecasts_that_cannot_both_be_right_are_met_halfway(tmp_path):
    text = entry("a", "0.3", on="serious", because="") + entry("b", "0.5", on="war", because="")
    found = experts(case_with(tmp_path, text), draws=FEW)
    assert [r.chance.value for r in found.rows()] == pytest.approx([0.4, 0.4], abs=1e-4)


def test_removing_the_citation_never_narrows_it(tmp_path):
    claims = said("c1", "o1"), said("c2", "o2")
    both = experts(case_with(tmp_path / "a", entry("own", "0.1", because="c1, c2"), *claims), draws=FEW)
    one = experts(case_with(tmp_path / "b", entry("own", "0.1", because="c1"), *claims), draws=FEW)
    assert both.rows()[0].chance.value < one.rows()[0].chance.value < one.rows()[0].chance.zero


# ---- users' own


def judged(by: str, low: float, high: float, *, day: int = 5, question: str = "deal") -> Judged:
    return Judged(by=by, at=datetime(2026, 2, day, tzinfo=UTC), question=question, low=low, high=high)


def test_a_users_forecast_is_written_down_and_counts(tmp_path):
    case = case_in(tmp_path)
    judge(case, "deal", "很可能", by="张三", at=AT)
    judge(case, "deal", 0.2, by="Li", at=AT)
    judge(case, "serious", "0.1 to 0.3", by="Li", at=AT)
    lines = [json.loads(line) for line in (tmp_path / "judgements.jsonl").read_text("utf-8").splitlines()]
    assert [(j["by"], j["question"], j["low"], j["high"], j["words"]) for j in lines] == [
        ("张三", "deal", 0.8, 0.95, "很可能"),
        ("Li", "deal", 0.2, 0.2, None),
        ("Li", "serious", 0.1, 0.3, None),
    ]
    found = experts(case, draws=FEW)
    assert [(r.question, r.voices) for r in found.rows()] == [("deal", 2), ("serious", 1)]
    assert found.rows()[0].chance.verdict == "silent"
    assert experts(case, draws=FEW, own=()).rows() == ()


def test_of_several_by_one_person_the_last_one_of_the_day_the_case_stands_at_counts(tmp_path):
    case = case_in(tmp_path)
    own = [judged("Li", 0.1, 0.1, day=3), judged("Li", 0.4, 0.4, day=4), judged("Li", 0.7, 0.7, day=9)]
    found = experts(case, draws=FEW, own=own)
    assert [f.use for f in found.forecasts] == ["replaced", "pooled", "later"]
    assert found.rows()[0].chance.value == pytest.approx(0.4, abs=1e-4)
    earlier = experts(case.as_of(date(2026, 2, 3)), draws=FEW, own=own)
    assert [f.use for f in earlier.forecasts] == ["pooled", "later", "later"]


def test_a_forecast_after_the_day_of_its_question_never_counts(tmp_path):
    case = case_in(tmp_path)
    later = replace(case, file=case.file.model_copy(update={"as_of": date(2026, 6, 1)}))
    own = [Judged(by="Li", at=datetime(2026, 5, 7, tzinfo=UTC), question="deal", low=0.99, high=0.99)]
    assert [f.use for f in experts(later, draws=FEW, own=own).forecasts] == ["late"]


def test_users_weigh_alike_before_twenty_resolved_questions_and_by_record_after(tmp_path):
    own = [judged("good", 0.1, 0.1), judged("bad", 0.6, 0.6)]
    case = case_in(tmp_path)
    alike = experts(case, draws=FEW, own=own)
    assert [f.weight for f in alike.forecasts] == [1.0, 1.0]
    assert alike.rows()[0].chance.value == pytest.approx(0.29, abs=0.005)  # √(1/9 · 3/2) = .408 to one
    by_record = experts(case, draws=FEW, own=own, weights={"good": 2.0, "bad": 0.5})
    assert by_record.rows()[0].chance.value < 0.2


def outcomes(name: str, p: float, n: int, *, happened: bool = False) -> list[Scored]:
    made, came = date(2026, 1, 1), date(2026, 5, 6)
    return [
        Scored("talks", f"q{k}", name, k, made, p, happened, base=None, zero=None, members={}, known=came)
        for k in range(n)
    ]


def test_a_record_weighs_from_twenty_resolved_questions_on():
    assert weights_by_record(outcomes("good", 0.1, 19) + outcomes("bad", 0.7, 19)) == {}
    found = weights_by_record(outcomes("good", 0.1, 20) + outcomes("bad", 0.7, 20))
    assert found["good"] > 1 > found["bad"] > 1 / 3
    assert set(weights_by_record(outcomes("good", 0.1, 20) + outcomes("bad", 0.7, 19))) == {"good"}


def test_easy_questions_help_nobody():
    hard = [replace(s, question=f"hard {s.question}", happened=True) for s in outcomes("b", 0.5, 25)]
    others = [replace(s, by="other") for s in (*outcomes("a", 0.05, 25), *hard)]
    found = weights_by_record([*outcomes("a", 0.05, 25), *hard, *others])
    # Each did just as well as everybody on the same questions.
    assert found == pytest.approx({"a": 1.0, "b": 1.0, "other": 1.0})


def test_the_record_of_the_ledger_weighs(tmp_path):
    questions = "".join(f"  - {{id: q{k}, text: 问, by: 2026-05-06, resolves: 答}}\n" for k in range(20))
    text = made.CASE + QUESTIONS.replace("scenarios:", questions + "scenarios:")
    case = read_case(made.write(tmp_path, text))
    for name, p in (("good", 0.1), ("bad", 0.8)):
        record(case, [forecast(f"q{k}", p, by=name) for k in range(20)], at=AT)
    for k in range(20):
        resolve(case, f"q{k}", "no", on=date(2026, 5, 6), because="x", by="y", at=AT + timedelta(days=100))
    own = [judged("good", 0.1, 0.1), judged("bad", 0.8, 0.8)]
    # On the case's own day nothing had come out yet.
    assert [f.weight for f in experts(case, draws=FEW, own=own).forecasts] == [1.0, 1.0]
    good, bad = (f.weight for f in experts(case.as_of(date(2026, 6, 1)), draws=FEW, own=own).forecasts)
    assert good > 1 > bad


@pytest.mark.parametrize("wrong", ["1.5", "-0.1", "0.4 to 0.2", "sort of", "unknown", "", float("nan"), 2.0])
def test_what_is_no_probability_is_refused(tmp_path, wrong):
    with pytest.raises(CaseFileError) as refused:
        judge(case_in(tmp_path), "deal", wrong, by="Li", at=AT)
    assert [p.code for p in refused.value.problems] == ["judge-probability"]
    assert not (tmp_path / "judgements.jsonl").exists()


def test_nothing_is_added_behind_a_torn_line(tmp_path):
    case = case_in(tmp_path)
    judge(case, "deal", 0.2, by="Li", at=AT)
    with (tmp_path / "judgements.jsonl").open("a") as file:
        file.write('{"by": "L')
    with pytest.raises(CaseFileError) as refused:
        judge(case, "deal", 0.3, by="Li", at=AT)
    assert [p.code for p in refused.value.problems] == ["line-torn"]
    with pytest.raises(CaseFileError):
        read_judgements(tmp_path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_table_is_read_as_the_reader_reads_it(lang):
    for word, (low, high) in word_ranges(lang).items():
        assert range_of(word)[:2] == (low, high)


# ---- what is printed


def test_a_case_without_forecasts_cannot_say():
    for lang, says in (("en", "cannot say what anybody expects"), ("zh", "记录无从说明")):
        found = experts(zopa.open_case("elmira"), draws=FEW)
        assert says in found.headline(lang)
        assert found.rows() == ()
        assert not found.takes_part
        assert found.cells == pytest.approx(1 / 9)
        found.plot(lang).to_svg()


def test_nothing_pooled_says_why(tmp_path):
    case = case_with(tmp_path, entry("side", "0.9", stake="party"), said("c1", "o1"))
    found = experts(case, draws=FEW)
    assert "nothing can be pooled" in found.headline("en")
    assert "无从合并" in found.headline("zh")
    assert [t.caption for t in found.tables("en")] == ["Every forecast found"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_notes_and_chart(lang):
    found = experts(zopa.open_case("muscat-2026"), draws=FEW)
    pooled, every = found.tables(lang)
    assert (len(pooled.rows), len(every.rows)) == (2, 13)
    assert len(found.notes(lang)) == 5
    assert "zopa" not in found.plot(lang).to_svg()[:20]
    texts = " ".join([found.headline(lang), *(c for t in found.tables(lang) for row in t.rows for c in row)])
    assert "{" not in texts
    shown = found.to_json()
    assert {row["table"] for row in shown["rows"]} == {"pooled", "forecasts"}
    json.dumps(shown, allow_nan=False)


def test_words_are_printed_with_the_range_they_stand_for():
    assert word_of(0.1, "en") == "very unlikely (5–20 %)"
    assert word_of(0.1, "zh") == "很不可能（5–20%）"
    assert word_of(0.0, "en") == "almost no chance (1–5 %)"
    assert word_of(1.0, "zh") == "几乎肯定（95–99%）"
    edges = [0.0, *(top for top, _ in BANDS[:-1])]
    assert len({word_of(p, "en") for p in edges}) == len({word_of(p, "zh") for p in edges}) == 7


def test_the_same_numbers_however_often_it_is_asked():
    case = zopa.open_case("muscat-2026")
    one, other = experts(case, draws=FEW, seed=4), experts(zopa.open_case("muscat-2026"), draws=FEW, seed=4)
    assert (one.cells == other.cells).all()
    assert one.rows() == other.rows()
