"""Where the lines of a table's cells end, in both languages, on terminals of 80 and 120 columns."""

import itertools
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zopa
from zopa.cli.tables import shared
from zopa.cli.wrapping import LONGEST_CHINESE, broken, height, least
from zopa.errors import width
from zopa.result import Table
from zopa.words import Language

TEXTS = st.text(st.sampled_from("ab 字议题（）；，%5.–方案"), max_size=40)


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("占抽样比例", 8, ["占抽样", "比例"]),
        ("美国可接受", 8, ["美国", "可接受"]),
        ("去掉任一信源", 8, ["去掉任一", "信源"]),
        ("45 % of all", 5, ["45 %", "of", "all"]),
        ("45% (30–50)", 8, ["45%", "(30–50)"]),
        ("零线45%", 6, ["零线", "45%"]),
        ("对伊制裁：按核实进度分步解除", 12, ["对伊制裁：", "按核实进度", "分步解除"]),
        ("2026年2月6日在马斯喀特", 14, ["2026年2月6日", "在马斯喀特"]),
        ("on 6 Feb 2026 in Muscat", 12, ["on", "6 Feb 2026", "in Muscat"]),
    ],
)
def test_words_numbers_and_days_stay_whole(text: str, columns: int, lines: list[str]):
    assert broken(text, columns).split("\n") == lines


def test_a_word_wider_than_its_column_is_cut():
    assert broken("incomprehensible", 6) == "incomp\nrehens\nible"


@given(text=TEXTS, columns=st.integers(4, 30))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, columns: int):
    out = broken(text, columns)
    assert re.sub(r"\s", "", out) == re.sub(r"\s", "", text)
    assert max(map(width, out.split("\n"))) <= columns


@given(text=TEXTS)
def test_a_column_of_the_least_width_cuts_no_part(text: str):
    assert all(width(line) <= least(text) for line in broken(text, least(text)).split("\n"))
    assert height(text, width(text) + 1) == 1


@cache
def tables(name: str, lang: Language) -> tuple[Table, ...]:
    result = getattr(zopa, name)(zopa.open_case("muscat-2026"), draws=100)
    return tuple(result.tables(lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", ["zone", "setting"])
def test_the_tables_of_a_real_case(name: str, lang: Language, columns: int):
    for table in tables(name, lang):
        cells = list(zip(*table.rows, strict=True))
        room = columns - 3 * len(cells) - 1
        for head, body, given_ in zip(table.columns, cells, shared(table.columns, cells, room), strict=True):
            if given_ is None:
                continue
            for text in (head, *body):
                lines = broken(text, given_).split("\n")
                assert max(map(width, lines)) <= given_
                assert not any(re.match(r"[%％，。；：）]", line) for line in lines), (text, lines)
                if given_ >= LONGEST_CHINESE and len(lines) > 1:
                    assert not any(re.fullmatch("[一-鿿]", line) for line in lines), (text, lines)
                assert not any(
                    re.search(r"\d$", a) and re.match(r"\d|\s*%", b) for a, b in itertools.pairwise(lines)
                ), (text, lines)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_table_is_no_taller_than_with_its_text_columns_alone_widened(columns: int):
    """The width goes where it takes lines off: the first column of the zone's table says most."""
    table = tables("zone", "en")[0]
    cells = list(zip(*table.rows, strict=True))
    widths = shared(table.columns, cells, columns - 3 * len(cells) - 1)
    assert None not in widths
    assert max(widths, key=lambda w: w or 0) == widths[0]
