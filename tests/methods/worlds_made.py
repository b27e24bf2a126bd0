"""Boards made by hand for tests of the simulated worlds: nothing happens on them unless it is asked for."""

import hashlib
from typing import Any

import numpy as np

from zopa.methods.world_board import Board
from zopa.methods.worlds import Worlds, texts

NEVER = np.inf


def pie(shares: np.ndarray, reserve: np.ndarray, **changes: Any) -> Board:
    """Two parties who share a pie: option k gives the first ``shares[k]``, the second the rest; ``reserve`` (D, 2)."""
    return split(np.stack([shares, 1.0 - shares]), reserve, **changes)


def split(utilities: np.ndarray, reserve: np.ndarray, **changes: Any) -> Board:
    """One issue whose options are worth ``utilities`` (P, K); the first option is the status quo."""
    values = np.broadcast_to(utilities, (len(reserve), *utilities.shape)).copy()
    return quiet(values, (utilities.shape[1],), reserve, **changes)


def quiet(values: np.ndarray, counts: tuple[int, ...], reserve: np.ndarray, **changes: Any) -> Board:
    """A board on which talks start on day 0, meet every ten days for a hundred, and nothing else happens.

    Both parties have force and would answer it, but neither has any cause to use it; a third could act from outside.
    """
    draws, parties = reserve.shape
    moves = np.concatenate([[0] + [1 << i] * (k - 1) for i, k in enumerate(counts)]).astype(np.int64)
    zeros, ones = np.zeros(draws), np.ones(draws)
    made: dict[str, Any] = {
        "values": np.ascontiguousarray(values, dtype=np.float64),
        "starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "vetoed": np.zeros((draws, sum(counts)), dtype=np.bool_),
        "moves": moves,
        "reserve": np.ascontiguousarray(reserve, dtype=np.float64),
        "agendas": np.array([(1 << len(counts)) - 1] * 2, dtype=np.int64),
        "closed": np.zeros((draws, 2), dtype=np.bool_),
        "disputed": np.zeros((draws, parties, 2), dtype=np.bool_),
        "exponents": np.ones((draws, parties)),
        "due": np.full(parties, NEVER),
        "patience": 100 * ones,
        "impatience": np.zeros((draws, parties)),
        "interval": 10 * ones,
        "late": np.zeros(draws, dtype=np.uint8),
        "direct": zeros,
        "text": zeros,
        "texts": np.full((2, 1), -1, dtype=np.int64),
        "breakdown": zeros,
        "resumption": zeros,
        "strike": np.zeros((draws, 3)),
        "answer": np.ones((draws, 3)),
        "outside": np.zeros((draws, 3)),
        "breaks": np.zeros((draws, 1)),
        "widens": zeros,
        "delay": 5 * ones,
        "targets": np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.bool_),
        "seat": np.array([0, 1, -1], dtype=np.int64),
        "hits": np.array([[True], [True], [True]]),
        "deadlines": np.zeros(0),
        "pressed": np.zeros((0, 3), dtype=np.bool_),
        "parties": 11 * np.arange(1, parties + 1, dtype=np.uint64),
        "forces": np.array([11, 22, 33], dtype=np.uint64),
        "regimes": np.array([22], dtype=np.uint64),
        "start": 0.0,
        "horizon": 100.0,
    }
    return Board(**(made | changes))


def busy(seed: int, draws: int, *, parties: int = 2, counts: tuple[int, ...] = (3, 2, 3)) -> Board:
    """A board on which everything may happen, at random."""
    rng = np.random.default_rng(seed)
    size = sum(counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    weights = rng.dirichlet(np.ones(len(counts)), (draws, parties))
    values = np.empty((draws, parties, size))
    for i, k in enumerate(counts):
        values[:, :, starts[i] : starts[i + 1]] = weights[:, :, i, None] * rng.random((draws, parties, k))
    everything = (1 << len(counts)) - 1
    board = quiet(
        values,
        counts,
        rng.uniform(0.1, 0.6, (draws, parties)),
        vetoed=rng.random((draws, size)) < 0.08,
        agendas=np.array([1, everything, everything], dtype=np.int64),
        closed=np.stack([*(rng.random((2, draws)) < 0.2), np.zeros(draws, bool)], axis=1),
        disputed=rng.random((draws, parties, 3)) < 0.4,
        exponents=rng.choice([0.0, 0.5, 1.0, 3.0], (draws, parties)),
        due=np.where(np.arange(parties) % 2 == 0, 60.0, NEVER),
        patience=rng.uniform(20, 150, draws),
        impatience=rng.uniform(0, 0.5, (draws, parties)),
        interval=rng.uniform(2, 30, draws),
        late=rng.choice([0, 0, 0, 1, 2], draws).astype(np.uint8),
        direct=rng.random(draws),
        text=rng.random(draws),
        breakdown=rng.choice([0.0, 0.5, 3.0], draws),
        resumption=rng.choice([0.0, 1.0, 5.0], draws),
        strike=rng.random((draws, 3)),
        answer=rng.random((draws, 3)),
        outside=rng.choice([0.0, 0.3], (draws, 3)) * np.array([0, 0, 1]),
        breaks=rng.choice([0.0, 0.2, 1.0], (draws, 1), p=[0.4, 0.58, 0.02]),
        widens=rng.random(draws),
        delay=rng.uniform(0, 30, draws),
        deadlines=np.array([3.0, 60.0]),
        pressed=np.array([[True, True, True], [True, False, False]]),
        start=3.0,
        horizon=90.0,
    )
    return board._replace(texts=texts(board, most=3))


def digest(worlds: Worlds) -> str:
    """Worlds in one number, to the last bit."""
    parts = (
        worlds.states.cell,
        worlds.states.acted,
        worlds.package,
        worlds.agreed,
        worlds.struck,
        worlds.over,
    )
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
