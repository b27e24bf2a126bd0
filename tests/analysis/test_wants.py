"""What each side wants: stated against revealed, what moved it, and what would tell the readings apart."""

import json
import re
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

import zopa
import zopa.case.draws
from tests.case.test_moves import move, with_moves
from zopa.analysis._wants_rows import LEARNT
from zopa.analysis.wants import Wants
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE
from zopa.words import Language

N = 2000


def rows(found: Wants, kind: str, party: str = "left") -> dict[str, Any]:
    return {row.item: row for row in found.rows() if row.kind == kind and row.party == party}


@pytest.fixture(scope="module")
def stays() -> Wants:
    moves = [move(id=f"stay-{k}", on=f"2024-02-0{k + 1}", because=[f"c{k}"]) for k in range(3)]
    return zopa.wants(with_moves(*moves), draws=N)


@pytest.fixture(scope="module")
def muscat() -> Wants:
    return zopa.wants(zopa.open_case("muscat-2026"), draws=N)


def test_stated_is_before_the_moves_and_revealed_after_them(stays: Wants):
    case = stays.case
    before, after = case.draws(N), case.draws(N, after_moves=True)
    for party in case.negotiators:
        p = case.negotiators.index(party)
        for i, issue in enumerate(case.file.issues):
            row = rows(stays, "weight", party)[issue]
            assert row.stated.value == pytest.approx(np.median(before.table.weights[:, p, i]), abs=2e-3)
            assert row.revealed.value == pytest.approx(np.median(after.table.weights[:, p, i]), abs=0.02)
    eager = rows(stays, "reading")["eager"]
    assert eager.stated.value == pytest.approx((before.reading("left") == 0).mean())
    assert eager.revealed.value == pytest.approx((after.reading("left") == 0).mean())


def test_firmness_is_told_of_the_draws_in_which_the_line_is_there(muscat: Wants):
    case = muscat.case
    before, after, blank = case.draws(N), case.draws(N, after_moves=True), case.draws(N, evidence="none")
    for party in case.negotiators:
        absolute = rows(muscat, "absolute", party)
        for key, row in rows(muscat, "firm", party).items():
            for drawn, shown in ((before, row.stated), (after, row.revealed)):
                there, hard, _ = drawn.red_line(key)
                assert shown.value == pytest.approx(hard[there].mean())
                assert 0 <= shown.low <= shown.value <= shown.high <= 1
            assert row.revealed.value >= absolute[key].revealed.value
            # No line is there at total ignorance: its firmness is what the case's number is worth then.
            assert not blank.red_line(key)[0].any()
            assert row.zero == pytest.approx(blank.number(f"red_lines.{key}.firm").mean(), abs=0.03)
            assert row.chance is not None
            there, hard, _ = case.draws(N, evidence="cited", after_moves=True).red_line(key)
            if there.any():
                assert row.chance.cited == pytest.approx(hard[there].mean())


def test_staying_speaks_for_the_reading_that_wants_an_agreement(stays: Wants):
    eager = rows(stays, "reading")["eager"]
    assert eager.learnt and eager.revealed.value > eager.stated.value
    assert eager.moved_by[0].change > 0
    walk_away = rows(stays, "no_deal")["no_deal"]
    assert walk_away.learnt and walk_away.shrink is not None and walk_away.shrink >= LEARNT
    assert walk_away.revealed.value < walk_away.stated.value
    # Nobody has told anything about the other side.
    for row in stays.rows():
        if row.party == "right":
            assert not row.learnt, row


def test_what_would_tell_the_readings_apart(stays: Wants):
    (first, *_) = stays.moves
    assert first.weighed and [a.alternative for a in first.alternatives] == ["stay", "go"]
    stay, go = first.alternatives
    assert stay.chosen and not go.chosen
    assert stay.by_reading["eager"] > stay.by_reading["other"]
    assert stay.likelihood + go.likelihood == pytest.approx(1.0)
    for reading in stay.by_reading:
        assert stay.by_reading[reading] + go.by_reading[reading] == pytest.approx(1.0)


def test_a_move_whose_claim_is_gone_moves_nothing():
    found = zopa.wants(with_moves(move()).without(["c5"]), draws=N)
    assert not any(row.learnt for row in found.rows())
    assert all(m.change == pytest.approx(0.0) for row in found.rows() for m in row.moved_by)
    for row in found.rows():
        assert row.revealed.value == pytest.approx(row.stated.value)
    assert found.effective == pytest.approx(N)


def test_of_alike_moves_each_moves_as_much():
    moves = [move(id=f"m{k}", because=[], assumed=True) for k in range(3)]
    eager = rows(zopa.wants(with_moves(*moves), draws=N), "reading")["eager"]
    changes = [m.change for m in eager.moved_by]
    assert changes == pytest.approx([changes[0]] * 3)
    assert changes[0] > 0


def test_many_moves_are_tempered_all_alike():
    moves = [move(id=f"m{k}", on="2024-02-01") for k in range(40)]
    found = zopa.wants(
        with_moves(
            *moves,
        ),
        draws=N,
    )
    assert found.exponent < 1
    assert found.effective == pytest.approx(N / 2, rel=0.01)
    assert any("0." in note and "exponent" in note for note in found.notes("en"))


def test_below_two_thousand_draws_the_notes_say_that_the_floor_is_lowered():
    case = with_moves(*(move(id=f"m{k}", on="2024-02-01") for k in range(40)))
    few, enough, none = (
        zopa.wants(case, draws=800),
        zopa.wants(case, draws=N),
        zopa.wants(with_moves(), draws=800),
    )
    assert few.least == 400 and enough.least == 1000
    assert few.effective == pytest.approx(400, rel=0.01)
    said = " ".join(few.notes("en"))
    assert (
        "With only 800 draws the floor under that number is lowered from 1000 to half of the draws, 400."
        in said
    )
    assert "at least 400 draws carry the answer" in said
    assert "由于只抽样800次，这一数目的下限由1000次降为抽样次数的一半，即400次。" in " ".join(few.notes("zh"))
    # Also where enough draws tell something without any tempering; and nowhere else.
    light = zopa.wants(with_moves(move()), draws=800)
    assert light.exponent == 1 and "lowered from 1000" in " ".join(light.notes("en"))
    for found in (enough, none):
        assert not any("lowered" in note for note in found.notes("en"))


def test_in_pieces_the_answer_is_the_same(muscat: Wants):
    """Many draws are drawn piece by piece: no number depends on where they are cut."""
    with patch.object(zopa.case.draws, "PIECE", 301):
        found = zopa.wants(zopa.open_case("muscat-2026"), draws=N)
    assert found.parameters["effective"] == pytest.approx(muscat.parameters["effective"], rel=1e-12)
    for row, other in zip(found.rows(), muscat.rows(), strict=True):
        assert (row.party, row.kind, row.item, row.learnt) == (
            other.party,
            other.kind,
            other.item,
            other.learnt,
        )
        assert row.stated == other.stated and row.zero == other.zero
        assert row.revealed.low == pytest.approx(other.revealed.low, abs=1e-12)
        assert [m.change for m in row.moved_by] == pytest.approx(
            [m.change for m in other.moved_by], abs=1e-12
        )
    for one, another in zip(found.moves, muscat.moves, strict=True):
        assert (one.move, one.stands, one.weighed) == (another.move, another.stands, another.weighed)
        for a, b in zip(one.alternatives, another.alternatives, strict=True):
            assert a.likelihood == pytest.approx(b.likelihood, rel=1e-12)
            assert a.by_reading == pytest.approx(b.by_reading, rel=1e-12)


def test_a_case_without_moves_answers_with_what_was_stated():
    found = zopa.wants(with_moves(), draws=N)
    assert found.moves == () and len(found.tables("en")) == 1
    assert not any(row.learnt for row in found.rows())
    assert "do not tell its readings apart" in found.headline("en")


def test_a_case_without_claims_cannot_say():
    found = zopa.open_case("muscat-2026")
    silent = zopa.wants(found.without(found.ledger.by_id), draws=200)
    assert silent.headline("en").startswith("The record cannot say")
    assert silent.headline("zh").startswith("哪些目标与各方所作所为相符，记录无从说明")


def test_a_case_without_readings_says_so():
    found = zopa.wants(with_moves(move(), readings={}), draws=200)
    assert "no rival readings" in found.headline("en")


def test_a_bystander_is_named_as_not_weighed(muscat: Wants):
    assert [m.move for m in muscat.moves if not m.weighed] == ["region-lobbies"] or any(
        not m.weighed for m in muscat.moves
    )
    assert any("Not weighed" in note for note in muscat.notes("en"))


def test_every_analysis_can_be_asked_after_the_moves(muscat: Wants):
    case = muscat.case
    for name in ("setting", "agenda", "zone", "bargain", "influence"):
        plain = getattr(zopa, name)(case, draws=400)
        after = getattr(zopa, name)(case, draws=400, after_moves=True)
        assert plain.parameters["after_moves"] is False and after.parameters["after_moves"] is True
        assert plain.headline("en") != after.headline("en") or plain.rows() != after.rows()


def test_the_legend_shows_the_marks_as_they_are_drawn(muscat: Wants):
    """Hollow circle by its words, filled diamond after its moves; the key speaks of marks, not of dots."""
    svg = muscat.plot("en").to_svg()
    symbols = svg.split("role-legend-symbol")[1:]
    assert [re.findall(r'fill="(#[^"]+)"', symbol)[0] for symbol in symbols] == ["#FFFFFF", BLUE]
    assert "dot" not in muscat.plot("en").note
    assert "圆点" not in muscat.plot("zh").note


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_for_people(muscat: Wants, lang: Language):
    main, moves = muscat.tables(lang)
    assert len(main.rows) == len(muscat.rows())
    assert len(moves.rows) == sum(len(m.alternatives) for m in muscat.moves)
    assert isinstance(muscat.plot(lang), Chart)
    text = " ".join([muscat.headline(lang), *muscat.notes(lang)])
    assert "{" not in text
    assert ("记录" in text) == (lang == "zh")


def test_json(muscat: Wants):
    found = json.loads(json.dumps(muscat.to_json()))
    assert set(found) == {"ok", "command", "case", "method", "parameters", "seed", "rows"}
    assert {row["kind"] for row in found["rows"]} == {
        "reading",
        "weight",
        "absolute",
        "firm",
        "cost",
        "no_deal",
    }


def test_the_parties_swapped_everything_is_mirrored():
    a, b = (zopa.wants(with_moves(move(), parties=_parties(flip)), draws=N) for flip in (False, True))
    key = {(row.party, row.kind, row.item): row for row in b.rows()}
    for row in a.rows():
        other = key[row.party, row.kind, row.item]
        assert row.revealed.value == pytest.approx(other.revealed.value)


def _parties(flip: bool) -> dict[str, Any]:
    sides = {side: {"name": side, "role": "negotiator"} for side in ("left", "right")}
    return dict(reversed(sides.items())) if flip else sides
