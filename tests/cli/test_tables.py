"""How the columns of a table share a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from zopa.cli.tables import shared
from zopa.errors import width

CELLS = st.text(st.sampled_from("ab 字，"), max_size=60)


def test_what_fits_is_left_alone():
    assert shared(["a", "b"], [["x"], ["y"]], 40) == [None, None]


def test_the_longest_text_gets_the_most_room_and_no_word_is_cut():
    heads = ["claim", "what", "share"]
    columns = [
        ["c1", "c2"],
        ["the talks will be held in Muscat on the sixth of the month", "no"],
        ["40%", "5%"],
    ]
    widths = shared(heads, columns, 40)
    assert widths == [5, 30, 5]


def test_chinese_heads_keep_four_signs():
    widths = shared(["占抽样比例", "内容"], [["40%"], ["同最佳方案，但铀浓缩限量并接受核查"]], 30)
    assert widths[0] is not None
    assert widths[0] >= width("占抽样比")


def test_a_terminal_too_narrow_for_its_columns_is_left_to_the_library():
    assert shared(["a" * 9, "b" * 9, "c" * 9], [["x"], ["y"], ["z"]], 10) == [None, None, None]


@given(
    rows=st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), min_size=1, max_size=3)),
    room=st.integers(20, 120),
)
def test_shared_columns_fill_the_room_exactly(rows: list[tuple[str, ...]], room: int):
    columns = list(zip(*rows, strict=True))
    heads = [f"h{k}" for k in range(len(columns))]
    widths = shared(heads, columns, room)
    if None in widths:
        assert set(widths) == {None}
    else:
        assert sum(widths) == room
        assert min(widths) >= 1
