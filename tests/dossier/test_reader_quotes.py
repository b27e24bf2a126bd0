"""Quotations: outermost pairs of every kind of mark, also where marks are missing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.dossier.quotes import masked, quotations


def inside(text, *, single=False):
    return [text[a:b] for a, b in quotations(text, 0, len(text), single=single)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“愿意谈判。”", ["“愿意谈判。”"]),
        ("“他说‘不’，”她说", ["“他说‘不’，”"]),
        ("「外層『內層』」說", ["「外層『內層』」"]),
        ('he said "no" and "never"', ['"no"', '"never"']),
        ("`` no '' he said", ["`` no ''"]),
        ("«jamais» dit-il", ["«jamais»"]),
        ("无引号", []),
        ("结尾多一个”", ["结尾多一个”"]),
        ("“没有关上，后面还有“一对”", ["“没有关上，后面还有“一对”"]),
        ("前文“没有关上", []),
        ('odd " mark', []),
    ],
)
def test_outermost_quotations(text, expected):
    assert inside(text) == expected


def test_apostrophes_are_no_quotation_marks():
    assert inside("it’s the dockers’ ‘final offer’, they say", single=True) == ["‘final offer’"]


def test_masking_keeps_length_marks_and_what_ends_the_quotation():
    text = "他说：“愿意。”然后"
    mask = masked(text, 0, len(text), quotations(text, 0, len(text), single=False))
    assert len(mask) == len(text)
    assert mask == "他说：“\x00\x00\x01”然后"


@given(st.text("“”‘’「」\"`'他说ab。，. ", max_size=60))
def test_quotations_are_in_order_and_apart_and_masks_keep_length(text):
    spans = quotations(text, 0, len(text), single=True)
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert len(masked(text, 0, len(text), spans)) == len(text)
