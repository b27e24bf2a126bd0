"""What the forecast hangs on, as a result: values, changed records, shares of variance, words; forced runs themselves
are tested in ``test_drivers_forced``."""

from dataclasses import replace

import pytest

import zopa
from zopa.case.case import Case
from zopa.claims.ledger import Ledger
from zopa.forecasting._drivers_rows import GROUPS
from zopa.forecasting._drivers_tables import origin_table
from zopa.words import LANGUAGES, say

FEW = 400


@pytest.fixture(scope="module")
def case() -> Case:
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def found(case: Case):
    return zopa.drivers(case, draws=FEW, plays=2)


def test_the_value_is_that_of_the_formula(found):
    """q(1 − q)(p₁ − p₀)², less what of it is noise."""
    row = found.of("serious-by-t")[0]
    plain = row.holds * (1 - row.holds) * (row.on - row.off) ** 2
    assert 0 < row.value.value <= plain + 1e-12
    assert row.value.value == pytest.approx(plain, rel=0.3)
    assert row.value.error > 0


def test_values_are_never_negative_and_sorted_within_a_question(found):
    for question in found.questions:
        values = [row.value.value for row in found.origins if row.question == question]
        assert values == sorted(values, reverse=True)
        assert min(values) >= 0
    assert all(row.value.value >= 0 for row in found.estimates)


def test_a_voice_without_a_stake_decides_where_history_and_judgement_stand_alone(case):
    """With the talks left out, violence hangs most on the one voice that foresees it: without it the pool is history's
    and the other judgements'."""
    plain = tuple(q for q in case.file.questions if q.when in ("deal", "serious", "war", "open"))
    file = case.file.model_copy(update={"talks": None, "questions": plain, "scenarios": ()})
    bare = Case(file, case.ledger, case.folder)
    row = zopa.drivers(bare, draws=FEW).of("serious-by-t")[0]
    claims = {c.claim for j in case.file.judgements if j.on == "serious-by-t" for c in j.because}
    assert claims & set(row.because)
    without = zopa.forecast(Case(file, case.ledger.without(claims), case.folder), draws=FEW)
    assert row.off == pytest.approx(without.of("serious-by-t").chance.value, abs=0.01)
    assert row.on > row.off


def test_overlapping_origins_share_a_rank(case, found):
    first, second = found.of("serious-by-t")[:2]
    apart = [replace(first, overlaps=()), replace(second, overlaps=())]
    together = [replace(first, overlaps=(second.origin,)), replace(second, overlaps=(first.origin,))]
    for rows, ranks in ((apart, ["1", "2"]), (together, ["1", "1="])):
        table = origin_table(case, {"serious-by-t": rows}, {"serious-by-t": "?"}, "en")
        assert [cells[1] for cells in table.rows] == ranks


def test_a_contradiction_is_settled_either_way_in_rows_of_their_own(found):
    pairs = {frozenset(row.subject) for row in found.contrasts if row.kind == "settled"}
    assert pairs
    for pair in pairs:
        assert len({row.subject for row in found.contrasts if frozenset(row.subject) == pair}) == 2


def test_a_claim_less_is_the_case_without_it(found, case):
    row = next(
        r for r in found.contrasts if r.kind == "claim" and r.question == "serious-by-t" and r.difference
    )
    then = zopa.forecast(case.without(row.subject), draws=FEW, plays=2).of("serious-by-t").chance.value
    assert row.value == pytest.approx(then, abs=0.03)
    assert row.low <= row.high


def test_doubted_voices_are_people_and_parties_not_pronouns(found, case):
    known = {*case.file.people, *case.file.parties, *case.file.bodies}
    voices = {row.subject[0] for row in found.contrasts if row.kind == "voice"}
    assert voices
    assert voices <= known


def test_shares_make_up_the_whole(found):
    for question in ("deal", "serious", "war", "open"):
        own = {row.group: row for row in found.shares if row.question == question}
        assert tuple(own) == GROUPS
        assert sum(row.share for row in own.values()) == pytest.approx(1, abs=0.1)
        assert own["chance"].share > 0.3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words(found, lang):
    assert found.headline(lang)
    captions = [table.caption for table in found.tables(lang)]
    assert captions == [
        say(f"drivers.caption-{n}", lang) for n in ("origins", "numbers", "contrasts", "shares")
    ]
    assert all(found.notes(lang))
    assert len(found.plot(lang).spec["vconcat"]) == 2
    tables = {row["table"] for row in found.to_json()["rows"]}
    assert tables == {"origins", "estimates", "contrasts", "shares"}


def test_without_claims_nothing_hangs_on_a_voice(case):
    bare = Case(case.file, Ledger({}), case.folder)
    found = zopa.drivers(bare, draws=200, plays=1)
    assert found.origins == ()
    for lang in LANGUAGES:
        assert found.headline(lang)
        assert found.tables(lang)


@pytest.mark.parametrize("name", ["england-zimbabwe", "elmira"])
def test_a_case_without_talks_is_answered_by_what_there_is(name):
    found = zopa.drivers(zopa.open_case(name), draws=200)
    assert found.shares == ()
    for lang in LANGUAGES:
        assert found.headline(lang)


def test_few_draws_are_enough_for_an_answer(case):
    """Rare cells may then be seen in no world at all."""
    assert zopa.drivers(case, draws=60, plays=1).origins
