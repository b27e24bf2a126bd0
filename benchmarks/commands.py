"""How long a person waits: every command on the shipped examples, as a fresh process, the better of two runs.

人要等多久：每条命令用于随附案例，每次另起进程，两次中取较快者。
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zopa import ANALYSES

CALLS = (
    "--help",
    "check muscat-2026",
    *(f"{name} muscat-2026" for name in ANALYSES),
    "forecast muscat-2026 --plays 9",  # 108,000 worlds
    "brief muscat-2026",
    "bargain england-zimbabwe",
)
REPEATS = 2


def seconds(call: str, folder: Path) -> float:
    """The shortest of a few runs, in seconds."""
    command = [str(Path(sys.executable).parent / "zopa"), *call.split()]
    took = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run(
            command, cwd=folder, env={**os.environ, "ZOPA_LANG": "en"}, capture_output=True, check=True
        )
        took.append(time.perf_counter() - start)
    return min(took)


def main() -> None:
    """Print one line a command."""
    with tempfile.TemporaryDirectory() as folder:
        for call in CALLS:
            print(f"zopa {call:26} {seconds(call, Path(folder)):6.2f} s")


if __name__ == "__main__":
    main()
