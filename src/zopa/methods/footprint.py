"""How much memory stability takes, told without loading what works it out."""

from collections.abc import Sequence

from zopa.methods.graph_model import CONCEPTS

MOST_THREADS = 8
"""Threads that judge one conflict at most: each keeps two values a state."""


def memory_needed(options: int, parties: int, *, concepts: Sequence[str] = CONCEPTS) -> int:
    """Most bytes that a conflict of so many options takes while it is judged, its rankings included."""
    # A state: its number, its place, two running values a thread; a party: its rank, its place in an orbit and in a
    # tile, its place on one-way options, a verdict a concept, and for simultaneous answers two spans.
    reacting = 8 if "sim" in concepts else 0
    working = 8 * min(MOST_THREADS, parties * max(1, len(concepts)))
    return (8 + 4 + working + parties * (16 + len(concepts) + reacting)) << options
