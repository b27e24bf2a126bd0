"""Patterns over yes/no options: ``{"o1": "Y", "any": [{…}, …]}`` as a test of states and as an expression in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.interop.located import Node
from zopa.claims.lines import suggestion

Masks = NDArray[np.int64]
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Pattern:
    """All of these options as wanted, and one of each list of alternatives; nothing at all is always true."""

    wants: tuple[tuple[int, bool], ...] = ()
    any_of: tuple[tuple["Pattern", ...], ...] = ()

    def holds(self, states: Masks) -> NDArray[np.bool_]:
        """For each state (option k = bit k), whether it matches."""
        out = np.ones(len(states), dtype=bool)
        for bit, wanted in self.wants:
            out &= ((states >> bit & 1) == 1) == wanted
        for alternatives in self.any_of:
            one = np.zeros(len(states), dtype=bool)
            for pattern in alternatives:
                one |= pattern.holds(states)
            out &= one
        return out

    def text(self, ids: Sequence[str]) -> str:
        """The pattern as an expression of ``not``, ``and``, ``or`` over option ids."""
        parts = [ids[bit] if wanted else f"not {ids[bit]}" for bit, wanted in self.wants]
        if not parts and len(self.any_of) == 1:
            return self._either(self.any_of[0], ids)
        # "or" binds weaker than "and", so only what holds an "or" needs its brackets.
        told = [self._either(alternatives, ids) for alternatives in self.any_of]
        parts += [f"({text})" if " or " in text else text for text in told]
        return " and ".join(parts)

    @staticmethod
    def _either(alternatives: tuple["Pattern", ...], ids: Sequence[str]) -> str:
        texts = [pattern.text(ids) for pattern in alternatives]
        if len(texts) == 1:
            return texts[0]
        return " or ".join(f"({text})" if " and " in text or " or " in text else text for text in texts)


def read_pattern(node: Node, bits: Mapping[str, int]) -> Pattern:
    """The pattern a JSON object writes; unknown options and values other than Y and N are noted as problems."""
    if not isinstance(node.value, dict):
        node.add("import-conflict-object")
        return Pattern()
    if not node.value:
        node.add("import-conflict-empty-pattern")
    wants: list[tuple[int, bool]] = []
    any_of: list[tuple[Pattern, ...]] = []
    for key, value in node.value.items():
        if key == "any":
            any_of.append(tuple(_alternatives(value, bits)))
        elif key not in bits:
            node.add("import-conflict-unknown-option", key, option=key, closest=suggestion(key, tuple(bits)))
        elif value.value not in ("Y", "N"):
            value.add("import-conflict-yes-no")
        else:
            wants.append((bits[key], value.value == "Y"))
    return Pattern(tuple(wants), tuple(any_of))


def _alternatives(node: Node, bits: Mapping[str, int]) -> Iterator[Pattern]:
    if not isinstance(node.value, list) or not node.value:
        node.add("import-conflict-list")
        return
    for inner in node.value:
        yield read_pattern(inner, bits)


def feasible_states(options: int, infeasible: Sequence[Pattern]) -> Masks:
    """All states no infeasible pattern matches, by increasing binary value: state n of the conflict is entry n − 1."""
    kept = []
    for start in range(0, 1 << options, _CHUNK):
        states = np.arange(start, min(start + _CHUNK, 1 << options), dtype=np.int64)
        bad = np.zeros(len(states), dtype=bool)
        for pattern in infeasible:
            bad |= pattern.holds(states)
        kept.append(states[~bad])
    return np.concatenate(kept)
