"""A pile of documents into a case: seconds, documents a second and peak memory for growing piles, one worker and two.

一大批文档读入案例：随文档数增长的用时、每秒份数与内存峰值，一个与两个工作进程。

Each document is two of our own marked texts and a number of its own, every fifth as a web page. Memory is that of all
processes together (proportional set size), sampled while they run.
"""

import os
import random
import re
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from _measure import in_new_process

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SIZES = ((250, 1), (1000, 1), (2000, 1), (2000, 2))


def make(folder: Path, documents: int) -> None:
    """Write the documents."""
    from tests.dossier.making import web_page

    marked = sorted((ROOT / "tests" / "dossier" / "gold").glob("*-*.md"))
    texts = [re.sub("⟦[^⟧]*⟧", "", p.read_text(encoding="utf-8").split("---\n", 2)[-1]) for p in marked]
    draw = random.Random(1)
    for k in range(documents):
        text = "\n".join(draw.sample(texts, 2)) + f"\n编号{k}。"
        name, content = (f"n{k}.html", web_page(text.split("\n"))) if k % 5 == 0 else (f"n{k}.txt", text)
        (folder / name).write_text(content, encoding="utf-8")


class Memory(threading.Thread):
    """The most that this process and those it started have held, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.done = 0.0, threading.Event()

    def run(self) -> None:
        """Sample until told to stop."""
        while not self.done.wait(0.25):
            self.peak = max(self.peak, sum(_held(pid) for pid in _family()))


def _family() -> list[str]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[pid] = rest[1]
    own = {str(os.getpid())}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return sorted(own)


def _held(pid: str) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def measured(documents: int, workers: int) -> str:
    """One line of the table."""
    from zopa.case.new import new_case
    from zopa.dossier.pile import read_pile

    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        (home / "papers").mkdir()
        make(home / "papers", documents)
        case = new_case(home / "case", title="pile", as_of=date(2026, 2, 5))
        memory = Memory()
        memory.start()
        began = time.perf_counter()
        on = "processes" if workers > 1 else "threads"
        claims = sum(
            reading.claims
            for reading in read_pile(
                [home / "papers"], case, published=date(2026, 2, 5), on=on, workers=workers
            )
        )
        took = time.perf_counter() - began
        memory.done.set()
        memory.join()
    return (
        f"{documents:>6} {workers:>8} {took:>8.1f} {documents / took:>12.0f} {claims:>8,} {memory.peak:>9.0f}"
    )


def main() -> None:
    """Print the table, each line measured in a process of its own."""
    if len(sys.argv) > 2:
        print(measured(int(sys.argv[1]), int(sys.argv[2])))
        return
    print("  docs  workers        s  documents/s   claims   peak MB")
    for documents, workers in SIZES:
        print(in_new_process(__file__, str(documents), str(workers)).rstrip(), flush=True)


if __name__ == "__main__":
    main()
