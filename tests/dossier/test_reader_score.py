"""Scoring: marked gold text, overlap, and the counts of each stage."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.dossier.gold import parse_marked
from zopa.dossier.read import read_text
from zopa.dossier.score import Score, overlap, same_speaker, stages
from zopa.errors import DossierError


class TestMarkedText:
    def test_marks_are_removed_and_places_counted_without_them(self):
        text, (claim,) = parse_marked("莫拉说，⟦r|莫拉|2026-02-04|refusal|water,talks⟧不会⟦/⟧。")
        assert text == "莫拉说，不会。"
        assert claim.ranges == ((4, 6),)
        assert (claim.type, claim.speakers, claim.said_on) == ("report", ("莫拉",), date(2026, 2, 4))
        assert (claim.kind, claim.issues) == ("refusal", ("water", "talks"))

    def test_claims_nest_have_second_ranges_and_open_fields(self):
        text, gold = parse_marked("⟦n⟧甲⟦p|A/B|||⟧乙⟦/⟧⟦/⟧丙⟦r⟧丁⟦/⟧戊⟦&⟧己⟦/⟧")
        assert text == "甲乙丙丁戊己"
        assert [c.ranges for c in gold] == [((0, 2),), ((1, 2),), ((3, 4), (5, 6))]
        assert gold[1].speakers == ("A", "B")
        assert gold[2].kind is None
        assert gold[2].issues is None

    @pytest.mark.parametrize(("marked", "code"), [("甲⟦/⟧", "gold-unopened"), ("⟦r⟧甲", "gold-unclosed")])
    def test_marks_must_pair(self, marked, code):
        with pytest.raises(DossierError) as error:
            parse_marked(marked)
        assert [p.code for p in error.value.problems] == [code]


@given(st.tuples(st.integers(0, 20), st.integers(1, 20)), st.tuples(st.integers(0, 20), st.integers(1, 20)))
def test_overlap_is_a_symmetric_share(a, b):
    first, second = ((a[0], a[0] + a[1]),), ((b[0], b[0] + b[1]),)
    here = overlap(first, second)
    assert 0 <= here <= 1
    assert here == overlap(second, first)
    assert overlap(first, first) == 1
    places = [set(range(*span[0])) for span in (first, second)]
    assert here == pytest.approx(len(places[0] & places[1]) / len(places[0] | places[1]))


def test_scores_add_up():
    total = Score(1, 2, 2) + Score(1, 1, 2)
    assert (total.precision, total.recall) == (2 / 3, 1 / 2)
    assert total.f1 == pytest.approx(4 / 7)
    assert Score(0, 0, 0).f1 == 0.0
    assert str(Score(1, 1, 1)) == "P 1.000  R 1.000  F1 1.000  (1/1/1)"


def test_stages_count_what_they_say():
    marked = "外长莫拉4日说，⟦r|莫拉|2026-02-04|refusal|water⟧不会放水⟦/⟧。坦科夫说，⟦r|别人||offer|⟧愿意会面⟦/⟧。⟦r|某人|||⟧此事应当很快解决⟦/⟧。"
    text, gold = parse_marked(marked)
    scores = stages(read_text(text, published="2026-02-05"), gold)
    assert scores["range"].right == 3
    assert scores["range"].expected == 3
    assert scores["range+speaker"].right == 1
    assert scores["speaker|matched"] == Score(1, 3, 3)
    assert scores["said_on|matched"] == Score(1, 1, 1)
    assert scores["kind|matched"].right == 2


def test_speakers_are_compared_without_blanks_and_case():
    (claim,) = read_text("Helen Marsh said the offer was weak.")
    _, (gold,) = parse_marked("⟦r|helen  MARSH⟧x⟦/⟧")
    assert same_speaker(claim, gold)
