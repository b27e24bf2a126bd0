"""`zopa format`: the same data and comments, in one layout, the same when run again."""

import pytest
from hypothesis import given

from tests.case.yamls import texts
from zopa.case.format import format_case, formatted
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError


def house(text):
    return formatted(Lines("case.yaml", text))


def test_indentation_of_keys_dashes_and_comments():
    assert (
        house(
            """\
# top
parties:
    us:     {name: 美国}     # kept: 对齐
    # about Iran
    iran:
       name: Iran\x20\x20
       members:
       - one
       -   two
issues:
-   id: x
    text: |
        first
          second

        last
    flow: {a: 1,
           b: 2   # inside
          }
-
   id: y
# end
"""
        )
        == """\
# top
parties:
  us:     {name: 美国}     # kept: 对齐
  # about Iran
  iran:
    name: Iran
    members:
      - one
      - two
issues:
  - id: x
    text: |
        first
          second

        last
    flow: {a: 1,
           b: 2   # inside
          }
  -
    id: y
# end
"""
    )


@given(texts())
def test_same_data_same_comments_same_lines_and_idempotent(text):
    new = house(text)
    assert parse(Lines("case.yaml", new))[0].data() == parse(Lines("case.yaml", text))[0].data()
    assert comments(new) == comments(text)
    assert "".join(new.split()) == "".join(text.split())
    assert new.rstrip().count("\n") == text.rstrip().count("\n")
    assert house(new) == new


def comments(text):
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


def test_blocks_stand_at_two_columns_a_level():
    new = house("a:\n     b:\n        - c:\n             d: 1\n          e: 2\n")
    assert new == "a:\n  b:\n    - c:\n        d: 1\n      e: 2\n"


def test_windows_line_ends_stay():
    assert house("a:\r\n    b: 1\r\n") == "a:\r\n  b: 1\r\n"


def test_a_missing_last_line_end_is_added_but_not_to_a_text_that_would_grow():
    assert house("a: 1") == "a: 1\n"
    assert house("a: |\n  x") == "a: |\n  x"


def test_a_file_with_problems_is_left_alone():
    with pytest.raises(CaseFileError) as caught:
        house("a: 1\na: 2\n")
    assert [p.code for p in caught.value.problems] == ["duplicate-key"]


def test_both_files_of_a_case_and_no_others(tmp_path):
    (tmp_path / "case.yaml").write_text("a:\n    b: 1\n", encoding="utf-8")
    (tmp_path / "private.yaml").write_text("a: 2\n", encoding="utf-8")
    assert format_case(tmp_path, write=False) == ("case.yaml",)
    assert (tmp_path / "case.yaml").read_text(encoding="utf-8") == "a:\n    b: 1\n"
    assert format_case(tmp_path) == ("case.yaml",)
    assert (tmp_path / "case.yaml").read_text(encoding="utf-8") == "a:\n  b: 1\n"
    assert format_case(tmp_path) == ()


def test_nothing_is_written_when_one_file_cannot_be_formatted(tmp_path):
    (tmp_path / "case.yaml").write_text("a:\n    b: 1\n", encoding="utf-8")
    (tmp_path / "private.yaml").write_text("a: [\n", encoding="utf-8")
    with pytest.raises(CaseFileError):
        format_case(tmp_path)
    assert (tmp_path / "case.yaml").read_text(encoding="utf-8") == "a:\n    b: 1\n"
