"""Signs read off the worlds by hand, and what tells readings apart by Bayes' rule."""

import numpy as np
import pytest

import zopa
from zopa.case.draws import Draws
from zopa.forecasting._ask_links import Links
from zopa.forecasting._indicators import CLEAR, MOST, indicator_rows
from zopa.forecasting._matrix import TELLS, matrix_rows
from zopa.forecasting._simulate_rows import Played, played

DRAWS = 2000


@pytest.fixture(scope="module")
def case():
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def plain(case) -> Draws:
    return case.draws(DRAWS)


@pytest.fixture(scope="module")
def worlds(case) -> Played:
    return played(case.draws(DRAWS, after_moves=True), plays=2)


@pytest.fixture(scope="module")
def signs(case, worlds, plain):
    return indicator_rows(case, worlds, plain, ("c01",))


# ---- signs


def test_a_question_on_the_way_is_read_off_the_worlds(case, worlds, signs):
    row = next(row for row in signs if row.name == "held-on-6th")
    met = worlds.worlds.met < 2  # from the 5th to the end of the 6th
    asked = next(q for q in case.file.questions if q.id == row.question)
    assert asked.when == "open"
    still = worlds.worlds.states.end == 0
    assert row.share == pytest.approx(met.mean())
    assert row.now == pytest.approx(still.mean())
    assert row.seen == pytest.approx(still[met].mean())
    assert row.unseen == pytest.approx(still[~met].mean())
    q = met.mean()
    assert row.value.value == pytest.approx(q * (1 - q) * (row.seen - row.unseen) ** 2, rel=0.1)


def test_signs_are_few_clear_and_in_order(signs):
    assert 0 < len(signs) <= MOST
    values = [row.value.value for row in signs]
    assert values == sorted(values, reverse=True)
    for row in signs:
        assert row.value.value > CLEAR * row.value.error
        assert row.share * row.seen + (1 - row.share) * row.unseen == pytest.approx(row.now)


def test_no_sign_is_part_of_the_answer(case, signs):
    rules = {q.id: q.when for q in case.file.questions} | {s.id: s.when for s in case.file.scenarios}
    for row in signs:
        rule = rules.get(row.question) or row.question
        if row.name == "force":
            assert not any(word in rule for word in ("serious", "war", "acts"))
        if row.name in ("agreed", "over"):
            assert not any(word in rule for word in ("deal", "open"))


def test_a_move_tells_by_what_would_have_made_it_likely(case, worlds, plain, signs):
    row = next(row for row in signs if row.sign == "move")
    move = next(m for m in case.file.moves if m.id == row.name)
    assert row.by is None and row.alternative in [a.id for a in move.over]
    assert set(row.because) <= {c.claim for c in move.because}


def test_what_is_seen_comes_before_the_common_date(case, signs):
    for row in signs:
        if row.by is not None:
            assert case.file.as_of <= row.by < case.file.talks.horizon


# ---- readings × claims


@pytest.fixture(scope="module")
def matrix(case, plain):
    return matrix_rows(case, plain, zopa.wants(case, draws=DRAWS))


def test_likelihoods_are_those_of_the_draws(case, plain, matrix):
    for row in matrix:
        if row.kind == "claims" and row.tells:
            taken, holds = plain.reading(row.party), plain.switches.holds[row.item]
            for k, reading in enumerate(case.file.readings[row.party]):
                assert row.by_reading[reading.id] == pytest.approx(holds[taken == k].mean())
            # Bayes' rule: the odds of a reading given the claim are those before times the likelihoods' ratio.
            first, second = list(row.by_reading)[:2]
            a, b = taken == 0, taken == 1
            if min((holds & a).sum(), (holds & b).sum()) > 0:
                odds = (holds & a).sum() / (holds & b).sum() / (a.sum() / b.sum())
                assert row.by_reading[first] / row.by_reading[second] == pytest.approx(odds)


def test_what_tells_readings_apart_stands_first_and_the_rest_fits_all_alike(matrix):
    for party in dict.fromkeys(row.party for row in matrix):
        rows = [row for row in matrix if row.party == party]
        tells = [row.tells for row in rows]
        assert tells == sorted(tells, reverse=True)
        ratios = [row.ratio for row in rows if row.tells]
        assert ratios == sorted(ratios, reverse=True) and min(ratios) >= TELLS
        for row in rows:
            if row.kind == "claims" and len(set(row.by_reading.values())) <= 1:
                assert row.ratio == 1.0 and not row.tells


def test_claims_cited_for_a_reading_say_so_with_their_grade(case, matrix):
    cited = {
        (party, reading.id, case.ledger.by_id[c.claim].origin)
        for party, readings in case.file.readings.items()
        for reading in readings
        for c in (*reading.because, *reading.prior.because)
    }
    found = {(row.party, reading, row.item) for row in matrix for reading in row.cited_for}
    assert found == cited
    wsj = next(row for row in matrix if row.item == "wsj/us-aim")
    assert wsj.grades == ("C3",) and wsj.because == ("c115",)


def test_moves_have_the_likelihoods_of_wants(case, matrix):
    wants = zopa.wants(case, draws=DRAWS)
    by = {m.move: next(a.by_reading for a in m.alternatives if a.chosen) for m in wants.moves if m.weighed}
    for row in matrix:
        if row.kind == "move":
            assert dict(row.by_reading) == by[row.item]
            assert row.ratio == pytest.approx(max(row.by_reading.values()) / min(row.by_reading.values()))


def test_a_case_without_readings_has_no_matrix():
    england = zopa.open_case("england-zimbabwe")
    assert matrix_rows(england, england.draws(200), zopa.wants(england, draws=200)) == ()


# ---- what hangs together


def test_a_contradiction_ties_two_origins_and_nothing_ties_two_that_share_nothing(case):
    links = Links(case)
    assert "ghattas/us-aim" in links.touches["wsj/us-aim"]
    assert "narrator/war-2025" not in links.touches["araghchi/talks"]
    for origin, touched in links.touches.items():
        assert origin in touched
        assert all(origin in links.touches[other] for other in touched)


def test_who_was_overtaken_need_not_be_asked(case):
    assert "iran-unnamed/talks-off" in Links(case).overtaken


def test_a_move_seen_again_counts_draws_by_how_likely_they_make_it(case, worlds, plain):
    from zopa.case.moves import choices
    from zopa.methods.choice import log_choices, rationality

    row = next(r for r in indicator_rows(case, worlds, plain, ()) if r.sign == "move")
    choice = next(c for c in choices(plain) if c.move.id == row.name)
    rational = rationality(plain.uniforms(f"moves.{choice.move.party}/rationality"))
    k = [a.id for a in choice.move.over].index(str(row.alternative))
    (logs,) = log_choices(choice.utilities, [k], rationality=rational, weight=1.0, nests=choice.nests)
    weight = np.exp(logs)[worlds.draws.pick]
    assert row.share == pytest.approx(weight.mean())
