"""Typed access to located JSON: each function notes what is wrong at its place and gives an empty value instead."""

from collections.abc import Collection, Sequence
from itertools import islice

from zopa.case.interop.layout import words
from zopa.case.interop.located import Node

_SHOWN = 10
"""States a message names before it breaks off."""


def as_object(node: Node) -> dict[str, Node]:
    """The entries of an object."""
    if isinstance(node.value, dict):
        return node.value
    node.add("import-conflict-object")
    return {}


def as_list(node: Node | None) -> list[Node]:
    """The items of a list; none where there is no node at all."""
    if node is None:
        return []
    if isinstance(node.value, list):
        return node.value
    node.add("import-conflict-list")
    return []


def as_text(node: Node) -> str:
    """A text with its white space tidied."""
    if isinstance(node.value, str) and words(node.value):
        return words(node.value)
    node.add("import-conflict-text")
    return ""


def as_state(node: Node, most: int | None = None) -> int:
    """A state number, 0 after noting that it is none."""
    n = node.value
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        node.add("import-conflict-number")
        return 0
    if most is not None and n > most:
        node.add("import-conflict-unknown-state", n=n, most=most)
        return 0
    return n


def required(node: Node, key: str) -> Node | None:
    """What stands under a key that may not be missing."""
    held = as_object(node)
    if key in held:
        return held[key]
    node.add("import-conflict-missing", key=key)
    return None


def read_tiers(
    node: Node, expected: Sequence[int], most: int, unseen: Collection[int] = ()
) -> list[list[int]]:
    """Tiers of states, best first: each state once, none of those expected left out but those a party does not see."""
    tiers: list[list[int]] = []
    seen: set[int] = set()
    for tier in as_list(node):
        states = []
        for entry in as_list(tier) if isinstance(tier.value, list) else [tier]:
            n = as_state(entry, most)
            if n in seen:
                entry.add("import-conflict-repeated", name=n)
            elif n:
                seen.add(n)
                states.append(n)
        if states:
            tiers.append(states)
    left = list(islice((n for n in expected if n not in seen and n not in unseen), _SHOWN + 1))
    if left and not node.document.problems:
        shown = ", ".join(map(str, left[:_SHOWN])) + (" …" if len(left) > _SHOWN else "")
        node.add("import-conflict-left-out", states=shown)
    return tiers
