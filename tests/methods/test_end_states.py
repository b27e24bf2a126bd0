"""The finite list of end states: what can and what cannot be together."""

from itertools import product

import pytest

from zopa.methods.end_states import CELLS, ENDS, FIRSTS, VIOLENCE, possible


def by_hand(forces):
    """Every tuple that makes sense, told one rule at a time."""
    out = set()
    for end, violence, first, acted, breaks in product(ENDS, VIOLENCE, FIRSTS, range(1 << forces), (0, 1)):
        happened = {"deal": end == "deal", "serious": violence != "none", "breaks": breaks == 1}
        if (violence != "none") != (acted > 0):
            continue
        if first == "nothing" and any(happened.values()):
            continue
        if first != "nothing" and not happened[first]:
            continue
        out.add((end, violence, first, acted, breaks))
    return out


@pytest.mark.parametrize("forces", [0, 1, 2, 3])
def test_all_that_can_come_about_and_nothing_else(forces):
    found = possible(forces)
    told = [
        (ENDS[e], VIOLENCE[v], FIRSTS[f], int(a), int(b))
        for e, v, f, a, b in zip(
            found.end, found.violence, found.first, found.acted, found.breaks, strict=True
        )
    ]
    assert len(set(told)) == len(told)
    assert set(told) == by_hand(forces)


def test_cells_are_end_and_violence():
    found = possible(2)
    assert set(found.cell.tolist()) == set(range(CELLS))
    assert all(c == 3 * e + v for c, e, v in zip(found.cell, found.end, found.violence, strict=True))
    few = found.picked(found.violence == 2)
    assert (few.violence == 2).all() and 0 < len(few) < len(found)


def test_more_forces_than_a_byte_holds():
    with pytest.raises(ValueError, match="9 parties with force, at most 8"):
        possible(9)
