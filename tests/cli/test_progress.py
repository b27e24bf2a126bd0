"""The progress bar: seen by a person who waits, and by nobody else."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.cli.run import zopa

WAIT = """
import time
from zopa.cli import progress
progress.PATIENCE = {patience}
with progress.working("正在计算：x", "zh", quiet={quiet}) as told:
    time.sleep(0.15)
    told(0.5, "议程")
    {then}
    time.sleep(0.3)
print("done")
"""
COMPILE = "import numba; numba.njit(lambda x: x + 1)(1)"


def in_a_terminal(code: str) -> str:
    """What somebody sees who runs the code in a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        close_fds=True,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert child.wait() == 0, seen.decode("utf-8", "replace")
    return seen.decode("utf-8", "replace")


def test_a_person_who_waits_sees_what_is_being_done():
    seen = in_a_terminal(WAIT.format(patience=0.05, quiet=False, then=""))
    assert "正在计算：x" in seen
    assert "议程" in seen
    assert seen.rstrip().endswith("done")


def test_compiling_for_the_first_use_is_told():
    code = "import numba\n" + WAIT.format(patience=0.05, quiet=False, then=COMPILE)
    assert "首次使用，正在编译算法" in in_a_terminal(code)


@pytest.mark.parametrize(("patience", "quiet"), [(5, False), (0.05, True)])
def test_quick_or_quiet_work_leaves_no_trace(patience: float, quiet: bool):
    seen = in_a_terminal(WAIT.format(patience=patience, quiet=quiet, then=""))
    assert seen.strip() == "done"


SLOW = """
import time
from zopa.cli import progress
progress.PATIENCE = 0.2
{slow}
from zopa.cli.main import main
main({arguments})
"""
SLOW_OPEN = """
from zopa.case import examples
quick = examples.open_case
examples.open_case = lambda case: (time.sleep(0.8), quick(case))[1]
"""
SLOW_CHECK = """
from zopa.case import folder
folder.problems = lambda where: (time.sleep(0.8), ())[1]
"""


@pytest.mark.parametrize(
    ("slow", "arguments", "label"),
    [
        (SLOW_OPEN, ["record", "elmira", "--draws", "50", "--lang", "zh"], "正在计算：record"),
        (SLOW_OPEN, ["zone", "england-zimbabwe", "--draws", "50", "--lang", "en"], "working on zone"),
        (SLOW_CHECK, ["check", "elmira", "--lang", "zh"], "正在检查：elmira"),
    ],
)
def test_opening_and_checking_count_as_work(slow: str, arguments: list[str], label: str):
    assert label in in_a_terminal(SLOW.format(slow=slow, arguments=arguments))


def test_nothing_when_piped():
    code = WAIT.format(patience=0.01, quiet=False, then="")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_json_stands_alone(monkeypatch: pytest.MonkeyPatch):
    called: list[bool] = []
    monkeypatch.setattr("zopa.cli.progress.watched", lambda: bool(called.append(True)))
    ran = zopa("zone", "muscat-2026", "--draws", "50", "--json")
    assert ran.json["ok"]
    assert called == []


def test_the_listener_is_taken_away_again():
    from numba.core import event

    from zopa.cli.progress import _tell_of_compiling

    def listeners() -> int:
        return len(event._registered["numba:compile"])

    before = listeners()
    told: Callable[[bool], None] = lambda begun: None  # noqa: E731
    forget = _tell_of_compiling(told)
    assert listeners() == before + 1
    forget()
    assert listeners() == before
