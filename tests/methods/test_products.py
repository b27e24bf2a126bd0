"""Sums of products: the same bits in any company."""

import numpy as np
import pytest

from zopa.methods.products import by_rows


@pytest.mark.parametrize("rows", [1, 3, 4, 5, 9])
@pytest.mark.parametrize("columns", [1, 2, 7, 8, 11])
def test_a_sum_is_made_draw_by_draw(rows: int, columns: int) -> None:
    random = np.random.default_rng(10 * rows + columns)
    weights, series = random.random((rows, 57)), random.normal(size=(57, columns))
    expected = np.zeros((rows, columns))
    for draw in range(57):
        expected += weights[:, draw, None] * series[draw]
    assert (by_rows(weights, series) == expected).all()


def test_columns_do_not_depend_on_each_other() -> None:
    random = np.random.default_rng(0)
    weights, series = random.random((7, 301)), random.normal(size=(301, 20))
    together = by_rows(weights, series)
    for column in range(20):
        assert (by_rows(weights, series[:, [column]])[:, 0] == together[:, column]).all()
