"""The same numbers, to the last bit, for any number of threads."""

import os
import subprocess
import sys

import zopa

PROGRAM = """
import hashlib, json, zopa
case = zopa.open_case("muscat-2026")
for name in zopa.ANALYSES:
    more = {} if name in ("record", "wants") else {"after_moves": True}
    for parameters in ({}, more):
        out = getattr(zopa, name)(case, draws=1500, **parameters).to_json()
        print(name, hashlib.sha256(json.dumps(out, sort_keys=True).encode()).hexdigest())
"""


def answers(threads: int) -> str:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    given = {**os.environ, **dict.fromkeys(names, str(threads))}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], env=given, capture_output=True, text=True, check=True
    ).stdout


def test_the_number_of_threads_changes_no_bit_of_any_answer() -> None:
    one = answers(1)
    assert one.count("\n") == 2 * len(zopa.ANALYSES)
    assert one == answers(2)
