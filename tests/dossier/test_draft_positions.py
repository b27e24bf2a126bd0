"""Drafted positions: what the words of a side and their grades leave open of the scale."""

from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zopa.case.folder import read_case
from zopa.claims.weight import shipped_grades
from zopa.dossier.draft import draft_folder
from zopa.dossier.draft_positions import interval

SHARE = st.floats(0, 1)
TEXT = "土耳其和埃及的代表10日在罗马就关税举行谈判。土耳其外长卡亚说，埃及必须取消全部关税。埃及外长萨利姆表示，埃及绝不接受取消关税。\n"


def by_enumeration(first: float, last: float) -> tuple[float, float]:
    """Dempster's rule written out: every pair of focal elements, the empty intersection taken out."""
    ends, whole = (frozenset({0}), frozenset({1})), frozenset({0, 1})
    mass: dict[frozenset[int], float] = {}
    for (a, p), (b, q) in product(
        [(ends[0], first), (whole, 1 - first)], [(ends[1], last), (whole, 1 - last)]
    ):
        mass[a & b] = mass.get(a & b, 0) + p * q
    kept = 1 - mass.pop(frozenset(), 0.0)
    return (
        sum(min(s) * m for s, m in mass.items()) / kept,
        sum(max(s) * m for s, m in mass.items()) / kept,
    )


@given(SHARE, SHARE)
def test_the_interval_is_that_of_dempsters_rule_rounded_outward(first, last):
    assume(first * last < 0.999)
    low, high = interval(first, last)
    lower, upper = by_enumeration(first, last)
    assert 0 <= low <= lower + 1e-8
    assert lower - low < 0.0101
    assert upper - 1e-8 <= high <= 1
    assert high - upper < 0.0101


def test_no_word_leaves_the_whole_scale_and_words_both_ways_leave_a_middle():
    assert interval(0, 0) == (0, 1)
    assert interval(0, 0.3) == (0.3, 1)
    assert interval(0.3, 0) == (0, 0.7)
    low, high = interval(0.5, 0.5)
    assert (low, high) == (0.33, 0.67)


def stakes(tmp_path, name, *documents):
    files = []
    for k, document in enumerate(documents):
        path = tmp_path / f"{name}-{k}.md"
        path.write_text(document, encoding="utf-8")
        files.append(path)
    case = read_case(draft_folder(files, tmp_path / name, published=date(2030, 3, 12)))
    return case.file.influence["tariffs"].actors


def document(outlet: str, letter: str, text: str = TEXT) -> str:
    return f"---\noutlet: {outlet}\nreliability: {letter}\npublished: 2030-03-12\nlanguage: zh\n---\n\n{text}"


def width(stake) -> float:
    low, high = (float(v) for v in stake.position.estimate.written.split(" to "))
    return high - low


def test_each_side_stands_toward_the_end_that_it_asks_for(tmp_path):
    found = stakes(tmp_path, "one", document("甲报", "B"))
    low, high = (float(v) for v in found["turkiye"].position.estimate.written.split(" to "))
    assert (low > 0, high) == (True, 1)
    low, high = (float(v) for v in found["egypt"].position.estimate.written.split(" to "))
    assert (low, high < 1) == (0, True)
    assert not found["egypt"].capability.estimate.known
    assert not found["egypt"].salience.estimate.known


@pytest.mark.parametrize("side", ["turkiye", "egypt"])
def test_better_grades_narrow_and_a_copy_does_not(tmp_path, side):
    weak = width(stakes(tmp_path, "weak", document("甲报", "F"))[side])
    better = width(stakes(tmp_path, "better", document("甲报", "B"))[side])
    copied = width(stakes(tmp_path, "copied", document("甲报", "B"), document("乙报", "B"))[side])
    assert better < weak
    assert copied == better
    # Not even certainty about what was said tells more than words of that kind do.
    table = shipped_grades().bearing
    assert better >= 1 - max(float(e.quantile(0.5)) for e in table.values()) - 0.02
