"""Quotations in running text: where each outermost one begins and ends, in one pass, also where marks are missing."""

import re

# Curly, corner and straight double marks, guillemets, and the two-character marks of tokenised corpora.
_MARK = re.compile(r"[“”„「」『』«»\"]|``|''|‘|’")
_CLOSERS = {"“": "”", "„": "“”", "「": "」", "『": "』", "«": "»", "``": "''", "‘": "’"}
_ENDERS = frozenset("。！？!?….")
INNER, INNER_END = "\x00", "\x01"
"""What stands for quoted text in masked text; the second where the quotation ends with a full stop or the like."""

Span = tuple[int, int]


def quotations(text: str, start: int, stop: int, *, single: bool) -> list[Span]:
    """Outermost quotations between two places, marks included, in order.

    ``single`` also reads ‘…’ as a quotation (and keeps ’ as an apostrophe before a letter). A mark that never closes
    opens a quotation only at the head of the stretch (a paragraph that goes on quoting); one that closes without
    having opened ends a quotation that began at the head, if nothing was quoted before.
    """
    pairs: list[Span] = []
    stack: list[tuple[str, int]] = []
    for found in _MARK.finditer(text, start, stop):
        mark, at, end = found[0], found.start(), found.end()
        if mark in "‘’" and not _single_mark(text, mark, at, stop, single=single):
            continue
        if mark == '"':
            _straight(stack, pairs, at, end)
        elif mark in _CLOSERS and not (stack and mark in _CLOSERS.get(stack[-1][0], "")):
            stack.append((mark, at))
        else:
            _close(stack, pairs, mark, end)
            if not pairs and not stack and mark in ("”", "''") and end > start + 1:
                pairs.append((start, end))
    if stack and not text[start : stack[0][1]].strip():
        return [(stack[0][1], stop)]
    return _outermost(pairs)


def _single_mark(text: str, mark: str, at: int, stop: int, *, single: bool) -> bool:
    if not single:
        return False
    after = text[at + 1] if at + 1 < stop else " "
    return not after.isalnum() if mark == "’" else at == 0 or not text[at - 1].isalnum()


def _straight(stack: list[tuple[str, int]], pairs: list[Span], at: int, end: int) -> None:
    """A straight mark closes what a straight mark opened, else it opens."""
    for depth in range(len(stack) - 1, max(-1, len(stack) - 9), -1):
        if stack[depth][0] == '"':
            pairs.append((stack[depth][1], end))
            del stack[depth:]
            return
    stack.append(('"', at))


def _close(stack: list[tuple[str, int]], pairs: list[Span], mark: str, end: int) -> None:
    # Look a few levels down only: deeper disorder is no quotation, and the pass stays linear.
    for depth in range(len(stack) - 1, max(-1, len(stack) - 9), -1):
        if mark in _CLOSERS.get(stack[depth][0], ""):
            pairs.append((stack[depth][1], end))
            del stack[depth:]
            return


def _outermost(pairs: list[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out


def masked(text: str, start: int, stop: int, quoted: list[Span]) -> str:
    """The stretch with the inside of its quotations blanked: same length, marks kept."""
    if not quoted:
        return text[start:stop]
    parts: list[str] = []
    at = start
    for begin, end in quoted:
        parts.append(text[at : begin + 1])
        inside = max(0, end - 1 - (begin + 1))
        if inside:
            last = text[end - 2]
            parts.append(INNER * (inside - 1) + (INNER_END if last in _ENDERS else INNER))
        at = max(begin + 1, end - 1)
    parts.append(text[at:stop])
    return "".join(parts)
