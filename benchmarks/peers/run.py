"""The same tasks by zopa and by NegMAS, side by side in one run: ``make bench-peers``.

NegMAS (AGPL-3.0) is installed into an environment of its own, .bench-peers/, and runs in a process of its own; neither
the package nor its tests ever import it. Where it cannot be installed this is said, and nothing fails. A whole run is
recorded in last.json beside this file; the page of results shows it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from _measure import additive, machine, milliseconds, number, on_one_core, seconds, versions  # noqa: E402
from _peers import LAST, heads, told  # noqa: E402
from bargaining import RULES, STEPS, fixed_pair, talk  # noqa: E402

from zopa.methods.frontier import frontier  # noqa: E402

HOME = ROOT / ".bench-peers"
PYTHON = HOME / "bin" / "python"
VERSION = "0.16.0"
ALTERNATIONS = 3
PEER_RUNS, OWN_RUNS = 30, 100_000


@dataclass(frozen=True)
class Row:
    """One task: how fast either program is, in words, and how many times faster this one."""

    task: str
    zopa: str
    peer: str
    ratio: float
    remark: str


def installed() -> bool:
    """Whether NegMAS is there, after trying to install it."""
    if _version() == VERSION:
        return True
    print(f"installing NegMAS {VERSION} into {HOME.name}/ (about 800 MB; a few minutes)", flush=True)
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(HOME)],
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
            "--no-input",
            f"negmas=={VERSION}",
        ],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{command[0]} failed")
            return False
    return _version() == VERSION


def _version() -> str | None:
    if not PYTHON.exists():
        return None
    asked = "import importlib.metadata as m; print(m.version('negmas'))"
    done = subprocess.run([str(PYTHON), "-c", asked], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


class Peer:
    """The other program, answering one task at a time."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("negmas_tasks.py")
        self.process = subprocess.Popen(
            [str(PYTHON), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME
        )
        assert self.process.stdout is not None
        self.version = json.loads(self.process.stdout.readline())["version"]

    def ask(self, task: dict[str, object]) -> dict[str, Any]:
        """What it answers; RuntimeError where it has ended."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the peer ended without an answer; its message stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Lets it end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def frontiers(peer: Peer) -> Iterator[Row]:
    """Ten options an issue, walk-away .3; the peer's frontier is not cut off there, so sizes differ."""
    for parties in (2, 3):
        for issues in (4, 5, 6):
            values, reserve = additive(parties, issues, 10), np.full(parties, 0.3)
            task = {"task": "frontier", "values": [v.tolist() for v in values], "reserve": reserve.tolist()}

            def own(values: Any = values, reserve: Any = reserve) -> Any:
                found = frontier(values, reserve=reserve)
                return [rule(found) for rule in RULES]

            ours, theirs = [], []
            for _ in range(ALTERNATIONS if issues < 6 else 2):
                ours.append(seconds(own))
                answer = peer.ask(task)
                theirs.append(answer["seconds"])
            same = np.allclose(own()[0].utilities, answer["nash"])
            yield Row(
                f"frontier and solutions, {number(10**issues)} packages, {parties} parties",
                milliseconds(min(ours)),
                milliseconds(min(theirs)),
                min(theirs) / min(ours),
                "same Nash point" if same else f"Nash points differ: {answer['nash']}",
            )


def negotiations(peer: Peer) -> Iterator[Row]:
    """1,296 packages, a hundred steps, exponents drawn for every run."""
    values, reserve, exponents = fixed_pair(OWN_RUNS)
    task = {
        "task": "negotiations",
        "values": [v[0].tolist() for v in values],
        "reserve": reserve[0].tolist(),
        "exponents": exponents[:PEER_RUNS].tolist(),
        "steps": STEPS,
    }
    ours, theirs = [], []
    for _ in range(ALTERNATIONS):
        ours.append(OWN_RUNS / seconds(lambda: talk((values, reserve, exponents)), repeats=2))
        answer = peer.ask(task)
        theirs.append(PEER_RUNS / answer["seconds"])
    found = talk((values, reserve, exponents[:PEER_RUNS]))
    mean = float(np.minimum(found.step + 1, STEPS).mean())
    yield Row(
        "alternating offers, 1,296 packages, Boulware on both sides",
        f"{max(ours):,.0f} /s",
        f"{max(theirs):,.0f} /s",
        max(ours) / max(theirs),
        f"{mean:.0f} and {answer['steps']:.0f} steps on average",
    )


def record(rows: list[Row], peer: str) -> None:
    """Keep the run for the page of results: day, machine, versions, rows."""
    LAST.write_text(
        json.dumps(
            {
                "date": date.today().isoformat(),
                "machine": machine(),
                "versions": versions(),
                "peer": f"NegMAS {peer}",
                "rows": [{**asdict(row), "ratio": round(row.ratio)} for row in rows],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n",
        encoding="utf-8",
        newline="\n",
    )


def main() -> None:
    """Install, compare, print, record."""
    if not installed():
        print("NegMAS cannot be installed here (no network, or no such version): nothing was compared")
        return
    on_one_core()
    peer = Peer()
    print(f"one core, processor time, best of {ALTERNATIONS} alternations")
    print(heads(f"NegMAS {peer.version}"))
    rows = []
    for section in (frontiers, negotiations):
        for row in section(peer):
            rows.append(row)
            print(told(asdict(row)), flush=True)
    record(rows, peer.version)
    print(f"recorded in {LAST.relative_to(ROOT)}; make bench shows it on the page of results")
    peer.close()


if __name__ == "__main__":
    main()
