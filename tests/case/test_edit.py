"""Editing one value: everything else stays byte for byte, the result is checked before it is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case.yamls import TEXTS, texts
from zopa.case.edit import GONE, delete_value, edited, set_value
from zopa.case.folder import read_case
from zopa.case.yaml_text import find, parse
from zopa.case.yaml_write import block, inline, scalar
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError

CASE = """\
# 边界会谈 · a case
zopa: 1
title: {en: Border talks,   zh: 边界会谈}    # aligned by hand
as_of: 2026-02-05

parties:
  north:  {name: 北方, role: negotiator}   # first
  south:
    name: 南方
    role: negotiator      # 谈判方
issues:
  border:
    name: The border
    status_quo: closed
    options:
      - {id: closed, name: closed}
      # the middle one
      - {id: gates, name: two gates}
      - id: open
        name: open
# the end
"""


def change(path, value, text=CASE):
    return edited(Lines("case.yaml", text), path, value)


def changed_lines(new, text=CASE):
    """The lines that are not as they were: (old, new), from the first difference to the last."""
    old, now = text.split("\n"), new.split("\n")
    while old and now and old[0] == now[0]:
        old, now = old[1:], now[1:]
    while old and now and old[-1] == now[-1]:
        old, now = old[:-1], now[:-1]
    return old, now


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("as_of",), date(2026, 3, 1), ["as_of: 2026-02-05"], ["as_of: 2026-03-01"]),
        (
            ("title", "zh"),
            "边界：第二轮",
            ["title: {en: Border talks,   zh: 边界会谈}    # aligned by hand"],
            ['title: {en: Border talks,   zh: "边界：第二轮"}    # aligned by hand'],
        ),
        (("parties", "south", "role"), ["host", "mediator"], ["    role: negotiator      # 谈判方"], ["    role: [host, mediator]      # 谈判方"]),
        (("issues", "border", "options", "open", "name"), "fully open", ["        name: open"], ["        name: fully open"]),
        (("issues", "border", "options", 0, "name"), "shut", ["      - {id: closed, name: closed}"], ["      - {id: closed, name: shut}"]),
        (("parties", "north", "territory"), "OM", ["  north:  {name: 北方, role: negotiator}   # first"], ["  north:  {name: 北方, role: negotiator, territory: OM}   # first"]),
        (("parties", "south", "territory"), "OM", [], ["    territory: OM"]),
        (("parties", "east"), {"name": "East", "role": "host"}, [], ["  east: {name: East, role: host}"]),
        (("summary",), "two\nlines", [], ['summary: "two\\nlines"']),
        (("issues", "border", "options", "half"), {"name": "half"}, [], ["      - {id: half, name: half}"]),
        (("issues", "border", "called", "south", "zh"), "旧线", [], ["    called: {south: {zh: 旧线}}"]),
    ],
)  # fmt: skip
def test_one_value_one_line(path, value, old, new):
    assert changed_lines(change(path, value)) == (old, new)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (("parties", "north"), ["  north:  {name: 北方, role: negotiator}   # first"], []),
        (("title", "en"), ["title: {en: Border talks,   zh: 边界会谈}    # aligned by hand"], ["title: {zh: 边界会谈}    # aligned by hand"]),
        (("title", "zh"), ["title: {en: Border talks,   zh: 边界会谈}    # aligned by hand"], ["title: {en: Border talks}    # aligned by hand"]),
        (("issues", "border", "options", "gates"), ["      - {id: gates, name: two gates}"], []),
        (("issues", "border", "options", "open"), ["      - id: open", "        name: open"], []),
        (("issues", "border", "options", "open", "id"), ["      - id: open", "        name: open"], ["      - name: open"]),
        (("issues",), CASE.split("\n")[10:20], []),
    ],
)  # fmt: skip
def test_taking_out(path, old, new):
    assert changed_lines(change(path, GONE)) == (old, new)


def test_a_block_is_replaced_by_a_value_beside_its_key():
    assert changed_lines(change(("parties", "south"), {"name": "South", "role": "host"})) == (
        ["  south:", "    name: 南方", "    role: negotiator      # 谈判方"],
        ["  south: {name: South, role: host}      # 谈判方"],
    )


def test_the_last_entry_leaves_an_empty_collection():
    assert change(("a", "b"), GONE, "a:\n  b: 1\n") == "a:\n  {}\n"
    assert change(("a", 0), GONE, "a: [1]   # one\n") == "a: []   # one\n"


def test_an_empty_file_and_an_empty_value_take_their_first_key():
    assert change(("preferences", "us", "no_deal"), 1, "") == "preferences: {us: {no_deal: 1}}\n"
    assert change(("a", "b"), 1, "# only a remark\n") == "# only a remark\na: {b: 1}\n"
    assert change(("a", "b"), 1, "a:\nc: 2") == "a: {b: 1}\nc: 2"
    assert change(("d",), 1, "a:\nc: 2") == "a:\nc: 2\nd: 1\n"


def test_a_value_shared_by_an_alias_is_not_changed_behind_its_back():
    with pytest.raises(CaseFileError) as caught:
        change(("b", "x"), 2, "a: &s {x: 1}\nb: *s\n")
    assert [p.code for p in caught.value.problems] == ["edit-in-place"]
    assert change(("b",), 2, "a: &s {x: 1}\nb: *s\n") == "a: &s {x: 1}\nb: 2\n"


def test_what_is_not_there_cannot_be_taken_out():
    with pytest.raises(CaseFileError) as caught:
        change(("parties", "east"), GONE)
    assert [p.code for p in caught.value.problems] == ["edit-missing"]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def edits(draw):
    """A text, a path of it, and a new value."""
    text = draw(texts())
    node = parse(Lines("case.yaml", text))[0]
    path = []
    for _ in range(draw(st.integers(1, 4))):
        steps = list(node.entries or range(len(node.items or ())))
        if not steps:
            break
        path.append(draw(st.sampled_from(steps)))
        node = node.child(path[-1])
    return text, tuple(path), draw(PLAIN)


@given(edits())
def test_any_value_can_be_set_and_no_line_outside_it_changes(edit):
    text, path, value = edit
    lines = Lines("case.yaml", text)
    root = parse(lines)[0]
    node = root
    for step in path:
        node = node.child(step)
    new = edited(lines, path, value)
    again = parse(Lines("case.yaml", new))[0]
    for step in path:
        again = again.child(step)
    assert again.data() == value
    first, last = lines.index(node.start), lines.index(max(node.start, node.stop - 1))
    key = find(root, path)[1]
    if node.style == "block" and key is not None:
        first = lines.index(key.start)
    before, after = text.splitlines(keepends=True), new.splitlines(keepends=True)
    assert after[:first] == before[:first]
    rest = before[last + 1 :]
    assert not rest or after[-len(rest) :] == rest


@given(edits())
def test_setting_what_stands_there_changes_no_byte(edit):
    text, path, _ = edit
    node = parse(Lines("case.yaml", text))[0]
    for step in path:
        node = node.child(step)
    assert edited(Lines("case.yaml", text), path, node.data()) == text


@given(PLAIN)
def test_data_on_one_line_reads_back(value):
    assert parse(Lines("x", f"key: {inline(value)}\n"))[0].data() == {"key": value}


@given(st.dictionaries(TEXTS, PLAIN, min_size=1, max_size=4))
def test_data_as_a_block_reads_back(value):
    assert parse(Lines("x", block(value) + "\n"))[0].data() == value


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_reads_back(text):
    assert parse(Lines("x", f"key: {scalar(text)}\n"))[0].data() == {"key": text}


# ---- on disk


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8", newline="")
    return tmp_path


def test_a_good_change_is_written(folder):
    set_value(folder, ("issues", "border", "status_quo"), "gates")
    assert read_case(folder).file.issues["border"].status_quo == "gates"
    delete_value(folder, ("issues", "border", "options", "open"))
    assert len(read_case(folder).file.issues["border"].options) == 2


def test_a_change_touches_one_file_and_the_same_value_none(folder):
    (folder / "sources").mkdir()
    for name in ("claims.jsonl", "candidates.jsonl", "private.yaml", ".gitignore", "sources/a.txt"):
        (folder / name).write_text("", encoding="utf-8")
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    set_value(folder, ("title", "zh"), "边界会谈")
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in before} == before
    set_value(folder, ("title", "zh"), "第二轮")
    changed = [p.name for p in before if (p.read_bytes(), p.stat().st_mtime_ns) != before[p]]
    assert changed == ["case.yaml"]
    assert set(before) == {p for p in folder.rglob("*") if p.is_file()}


def test_a_bad_change_is_refused_with_its_place_and_nothing_written(folder):
    with pytest.raises(CaseFileError) as caught:
        set_value(folder, ("issues", "border", "status_quo"), "ajar")
    assert [(p.code, p.place.line) for p in caught.value.problems] == [("status-quo", 14)]
    assert (folder / "case.yaml").read_text(encoding="utf-8") == CASE
    assert sorted(p.name for p in folder.iterdir()) == ["case.yaml"]


def test_problems_that_were_there_before_do_not_stand_in_the_way(folder):
    (folder / "case.yaml").write_text(
        CASE.replace("status_quo: closed", "status_quo: ajar"), encoding="utf-8"
    )
    set_value(folder, ("parties", "north", "name"), "North")
    assert "name: North" in (folder / "case.yaml").read_text(encoding="utf-8")


def test_private_values_go_to_their_own_file_which_others_cannot_read(folder):
    set_value(folder, ("parties", "north", "name"), "the real name", file="private.yaml")
    assert (folder / "private.yaml").read_text(
        encoding="utf-8"
    ) == "parties: {north: {name: the real name}}\n"
    assert (folder / "private.yaml").stat().st_mode & 0o077 == 0
    assert read_case(folder).file.parties["north"].name.en == "the real name"
    assert (folder / "case.yaml").read_text(encoding="utf-8") == CASE


def test_no_other_file_can_be_edited(folder):
    with pytest.raises(ValueError, match="claims"):
        set_value(folder, ("a",), 1, file="claims.jsonl")
    with pytest.raises(ValueError, match="outside"):
        set_value(folder, ("a",), 1, file="../outside.yaml")
