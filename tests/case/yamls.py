"""Random YAML texts as people write them: nested blocks and flows, comments, odd indentation, Chinese and English."""

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["north", "南方", "0.2 to 0.6", "it is open", "1", "0.5", "true", "null", "2026-02-05", "~", "x-y"]
)
TEXTS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cs", "Cc"],
        exclude_characters="\ufeff\u200b\u2060\u202a\u202b\u202c\u202d\u202e\ufffe\uffff",
    ),
    max_size=8,
)
KEYS = st.sampled_from(["a", "b-1", "名称", "issues", "on", "no", "x y", "because"])


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


SCALARS = st.one_of(WORDS, TEXTS.map(quoted), st.integers(-5, 99).map(str))


@st.composite
def flow(draw, depth=2):
    """A value on one line."""
    kind = draw(st.sampled_from(["scalar", "scalar", "list", "map"])) if depth else "scalar"
    if kind == "scalar":
        return draw(SCALARS)
    if kind == "list":
        return "[" + ", ".join(draw(st.lists(flow(depth=depth - 1), max_size=3))) + "]"
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    gap = draw(st.sampled_from([" ", "   "]))
    return "{" + ", ".join(f"{k}:{gap}{draw(flow(depth=depth - 1))}" for k in keys) + "}"


@st.composite
def remark(draw, column):
    """Nothing, or comment and blank lines."""
    lines = draw(st.lists(st.sampled_from(["", "# why", "# 说明: 一二", "#   more", "   "]), max_size=2))
    where = draw(st.sampled_from([column, column, 0, column + 1]))
    return [" " * where + line if line.startswith("#") else line for line in lines]


@st.composite
def block(draw, column=0, depth=3):
    """Lines of a block mapping whose keys start in a column."""
    out = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)):
        out += draw(remark(column))
        head = " " * column + f"{key}:"
        kind = draw(st.sampled_from(["flow", "flow", "map", "list", "literal", "null"])) if depth else "flow"
        tail = draw(st.sampled_from(["", "", "   # 备注", " # x: y"]))
        if kind == "flow":
            out.append(head + draw(st.sampled_from([" ", "   "])) + draw(flow()) + tail)
        elif kind == "null":
            out.append(head + tail)
        elif kind == "literal":
            inner = column + draw(st.integers(1, 5))
            out.append(head + " |")
            out += [" " * inner + line for line in ("first", "  second # no comment", "第三")]
        elif kind == "map":
            out.append(head + tail)
            out += draw(block(column + draw(st.integers(1, 4)), depth - 1))
        else:
            out.append(head + tail)
            out += draw(items(column + draw(st.integers(0, 4)), depth - 1))
    return out


@st.composite
def items(draw, column, depth):
    """Lines of a block list whose dashes stand in a column."""
    out = []
    for _ in range(draw(st.integers(1, 3))):
        out += draw(remark(column))
        gap = draw(st.integers(1, 3))
        if draw(st.booleans()) or not depth:
            out.append(" " * column + "-" + " " * gap + draw(flow()))
        else:
            lines = draw(block(column + 1 + gap, depth - 1))
            start = next(
                k for k, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")
            )
            out += [" " * column + "-" + lines[start][column + 1 :], *lines[start + 1 :]]
    return out


@st.composite
def texts(draw):
    """A whole file."""
    lines = [*draw(remark(0)), *draw(block()), *draw(remark(0))]
    return draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines) + draw(st.sampled_from(["\n", "\n", ""]))
