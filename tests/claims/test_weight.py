"""Was it said: the axioms of P(said) and of an origin's weight, and the numbers of the documentation's example."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims.made import claim, ledger, source
from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger
from zopa.claims.source import Source
from zopa.claims.weight import CEILING, GradeTable, Weigher, shipped_grades
from zopa.estimate import UNIT, parse

TIGHT = 1e-12


@dataclass(frozen=True)
class Copy:
    """One document in which an origin's words stand: outlet, letter, number, and what it was read through."""

    outlet: str
    letter: str
    number: int
    via: str | None


copies = st.builds(
    Copy,
    outlet=st.sampled_from(["Post", "Times", "Agency", "邸报"]),
    letter=st.sampled_from("ABCDEF"),
    number=st.integers(1, 6),
    via=st.sampled_from([None, None, "digest", "feature", "archive"]),
)
piles = st.lists(copies, min_size=1, max_size=6)
ROUTES = (
    source("digest", reliability="C"),
    source("feature", reliability="D", via="archive"),
    source("archive", reliability="B"),
)


def pile(found: Sequence[Copy]) -> Ledger:
    """All copies of one origin's words, each in a document of its own."""
    claims, sources = [], [*ROUTES]
    for k, copy in enumerate(found):
        claims.append(claim(f"c{k}", source=f"s{k}", origin="o", credibility=copy.number))
        sources.append(source(f"s{k}", outlet=copy.outlet, reliability=copy.letter, via=copy.via))
    return Ledger({s.id: s for s in sources}, tuple(claims))


def weigher(record: Ledger, groups: int | None = 40, seed: int = 0) -> Weigher:
    return Weigher(record, shipped_grades(), seed, groups)


def said(found: Sequence[Copy]) -> np.ndarray:
    record = pile(found)
    return weigher(record).said(record.claims)


def medians(**cells: float) -> GradeTable:
    """A grade table of certain numbers: ``A``–``F`` letters, ``n1``–``n6`` numbers, else 1."""
    letters = {k: parse(cells.get(k, 1.0), UNIT) for k in "ABCDEF"}
    numbers = {str(k): parse(cells.get(f"n{k}", 1.0), UNIT) for k in range(1, 7)}
    kinds = {k: parse(cells.get("bearing", 1.0), UNIT) for k in shipped_grades().bearing}
    return GradeTable(letters, numbers, kinds)


def certain(grades: GradeTable, claims: Sequence[Claim], sources: Sequence[Source]) -> float:
    record = ledger(*claims, sources=sources)
    return float(Weigher(record, grades).said(record.claims)[0])


# -- known numbers -------------------------------------------------------------------------------------------------


def test_one_outlet_weighs_letter_times_number():
    one = [source("s-a", outlet="Post", reliability="B")]
    assert certain(medians(B=0.8, n2=0.5), [claim("a")], one) == pytest.approx(0.4)


def test_independent_outlets_add_up():
    sources = [source("s-a", outlet="Post", reliability="B"), source("s-b", outlet="Times", reliability="C")]
    found = certain(medians(B=0.8, C=0.5), [claim("a", origin="o"), claim("b", origin="o")], sources)
    assert found == pytest.approx(1 - 0.2 * 0.5)


def test_two_texts_of_one_outlet_are_one():
    sources = [source("s-a", outlet="Post", reliability="B"), source("s-b", outlet="Post", reliability="C")]
    found = certain(medians(B=0.8, C=0.5), [claim("a", origin="o"), claim("b", origin="o")], sources)
    assert found == pytest.approx(0.8)


def test_ten_papers_read_through_one_digest_are_capped_by_it():
    sources = [source(f"s{k}", outlet=f"Paper {k}", reliability="B", via="digest") for k in range(10)]
    claims = [claim(f"c{k}", source=f"s{k}", origin="o") for k in range(10)]
    assert certain(medians(B=0.8, C=0.5), claims, [*sources, ROUTES[0]]) == pytest.approx(0.5)


def test_documents_read_through_one_another_share_the_outermost_cap():
    # Both the digest and what it quotes reached us through the archive: together they cannot beat it.
    sources = [
        source("archive", outlet="Archive", reliability="B"),
        source("digest", outlet="Digest", reliability="C", via="archive"),
        source("s-a", outlet="Post", reliability="A", via="digest"),
        source("s-b", outlet="Times", reliability="A", via="archive"),
        source("s-c", outlet="Herald", reliability="A"),
    ]
    claims = [claim("a", origin="o"), claim("b", origin="o"), claim("d", source="archive", origin="o")]
    grades = medians(A=0.9, B=0.6, C=0.5)
    assert certain(grades, claims, sources) == pytest.approx(0.6)
    outside = claim("c", source="s-c", origin="o")
    assert certain(grades, [*claims, outside], sources) == pytest.approx(1 - 0.4 * 0.1)


def test_a_route_that_leads_back_to_itself_ends():
    sources = [
        source("s-a", outlet="Post", reliability="B", via="x"),
        source("x", reliability="C", via="y"),
        source("y", reliability="D", via="x"),
    ]
    assert certain(medians(B=0.8, C=0.5, D=0.3), [claim("a")], sources) == pytest.approx(0.3)


def test_a_source_that_the_record_lacks_weighs_as_unknown():
    record = Ledger({}, (claim("a", source="gone"),))
    assert float(Weigher(record, medians(F=0.2)).said(record.claims)[0]) == pytest.approx(0.2)


def test_an_origin_weighs_what_was_said_times_what_it_tells_and_is_never_certain():
    record = ledger(claim("a", kind="threat"), claim("b", kind="offer", origin="o-a"))
    grades = shipped_grades()
    found = Weigher(record, grades)
    says = found.said(record.claims)
    assert found.weight(record.claims) == pytest.approx(says * grades.bearing["offer"].middle(UNIT))
    sure = Weigher(ledger(claim("a")), medians())
    assert float(sure.weight(sure.ledger.claims)[0]) == CEILING
    assert float(sure.weight(())[0]) == 0.0


# -- axioms --------------------------------------------------------------------------------------------------------


@given(found=piles, data=st.data())
def test_the_order_of_claims_does_not_matter(found: list[Copy], data: st.DataObject):
    order = data.draw(st.permutations(range(len(found))))
    record = pile(found)
    again = Ledger(record.sources, tuple(record.claims[k] for k in order))
    assert np.array_equal(weigher(record).said(record.claims), weigher(again).said(again.claims))


@given(found=piles, another=copies)
def test_another_text_never_lowers_what_was_said(found: list[Copy], another: Copy):
    assert (said([*found, another]) >= said(found) - TIGHT).all()


@given(found=piles, at=st.integers(0, 5), letter=st.sampled_from("ABCDEF"))
def test_a_better_letter_never_lowers_what_was_said(found: list[Copy], at: int, letter: str):
    better = [replace(c, letter=min(c.letter, letter)) if k == at else c for k, c in enumerate(found)]
    falling = medians(A=0.9, B=0.7, C=0.5, D=0.3, E=0.2, F=0.1)
    low, high = (float(Weigher(r, falling).said(r.claims)[0]) for r in (pile(found), pile(better)))
    assert high >= low - TIGHT


@given(found=piles)
def test_what_was_said_is_a_probability_and_grows_with_no_copy_of_a_copy(found: list[Copy]):
    value = said(found)
    assert ((value >= 0) & (value <= 1)).all()
    assert said([*found, found[0]]) == pytest.approx(value)


@given(found=piles, route=st.sampled_from(["digest", "feature", "archive"]))
def test_everything_read_through_one_document_is_capped_by_it(found: list[Copy], route: str):
    record = pile([Copy(c.outlet, c.letter, c.number, route) for c in found])
    cap = weigher(record).reliability(route)
    assert (weigher(record).said(record.claims) <= cap + TIGHT).all()


@given(seed=st.integers(0, 10), groups=st.integers(1, 60), more=st.integers(1, 40))
def test_a_group_s_numbers_do_not_depend_on_how_many_groups_there_are(seed: int, groups: int, more: int):
    record = pile([Copy("Post", "B", 2, None)])
    few, many = (weigher(record, n, seed).weight(record.claims) for n in (groups, groups + more))
    assert np.array_equal(few, many[:groups])


def test_a_citation_s_own_bearing_moves_with_its_estimate_and_not_with_chance():
    record = ledger(claim("a"))
    table = weigher(record)
    low, high = (table.bearing(record.claims[0], parse(text, UNIT)) for text in ("0.2 to 0.4", "0.3 to 0.5"))
    assert (high > low).all()
    assert np.corrcoef(low, high)[0, 1] > 0.99


def test_the_grade_table_s_ranges_are_those_that_ship():
    spans = {k: e.span(UNIT) for k, e in shipped_grades().reliability.items()}
    assert spans["B"] == pytest.approx((0.6, 0.9))
    # "Cannot be judged" is low and wide, not one half.
    assert spans["F"] == pytest.approx((0.05, 0.4))
    assert shipped_grades().credibility["6"].span(UNIT) == pytest.approx((0.05, 0.4))
