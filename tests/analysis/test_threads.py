"""The same numbers, to the last bit, for any number of threads."""

import os
import subprocess
import sys

import zopa

PROGRAM = """
import datetime, hashlib, json, zopa
case = zopa.open_case("muscat-2026")
def told(name, **parameters):
    out = getattr(zopa, name)(case, **parameters).to_json()
    print(name, hashlib.sha256(json.dumps(out, sort_keys=True).encode()).hexdigest())
for name in zopa.ANALYSES:
    more = {} if name in ("record", "wants") else {"after_moves": True}
    for parameters in ({}, more):
        told(name, draws=1500, **parameters)
for name in zopa.FORECASTS:
    told(name, draws=600, **({"start": datetime.date(2026, 2, 4)} if name == "replay" else {}))
"""


def answers(threads: int) -> str:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    given = {**os.environ, **dict.fromkeys(names, str(threads))}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], env=given, capture_output=True, text=True, check=True
    ).stdout


def test_the_number_of_threads_changes_no_bit_of_any_answer() -> None:
    one = answers(1)
    assert one.count("\n") == 2 * len(zopa.ANALYSES) + len(zopa.FORECASTS)
    assert one == answers(2)
