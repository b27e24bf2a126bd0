"""The package that suits everybody in most draws, and what a search that only asks for enough of them may leave out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.methods.problems import many_draws
from tests.methods.test_agendas import definition
from zopa.methods.agendas import agenda_issues
from zopa.methods.best_package import best_packages
from zopa.methods.problem import problem


@given(many_draws(), st.booleans(), st.integers(0, 4))
def test_packages_that_win_enough_are_all_found(drawn, every_agenda, at_least):
    values, vetoes, reserve, status_quo, refuses = drawn
    checked = problem(values, vetoes, reserve)
    won, packages = best_packages(checked, np.array(status_quo), every_agenda=every_agenda, at_least=at_least)
    masks = range(2 ** len(values)) if every_agenda else [2 ** len(values) - 1]
    for row, mask in enumerate(masks):
        _, best, moved = definition(values, vetoes, reserve, status_quo, refuses & False, mask, False)
        if best >= at_least:
            assert won[row] == best
            changed = np.flatnonzero(packages[row] != np.array(status_quo))
            assert len(changed) == moved and set(changed) <= set(agenda_issues(mask))
        else:
            assert won[row] < at_least
