"""The value of every origin of the Muscat case on every question: seconds, worlds a side, and how far errors reach.

The bar: 60 s on two cores at 25,000 worlds a side at most, errors printed, for at least 60 claims. Then growth with
worlds, and with claims, the record thinned to its first third and two thirds. Run: python benchmarks/drivers.py
马斯喀特案例每个信源对每个问题的价值：用时、每侧的推演次数与误差。上限：双核60秒，每侧至多25,000次。
"""

import time

import zopa
from zopa.forecasting._ask_links import Links
from zopa.forecasting._drivers_rows import OriginValue
from zopa.forecasting._drivers_runs import Runs
from zopa.forecasting._drivers_values import origin_values
from zopa.forecasting._pooled import pooled
from zopa.forecasting.drivers import SIDE_DRAWS, SIDE_PLAYS

BAR = 60.0
WORLDS = ((1_000, 4), (SIDE_DRAWS, SIDE_PLAYS), (4_000, 6))
"""Draws, and worlds a draw, on each side; the middle one is what the command takes."""
THIRDS = 3


def thinned(case: "zopa.Case", share: float) -> "zopa.Case":
    """The case with the first so many of its claims."""
    claims = [claim.id for claim in case.ledger.claims]
    return case.without(claims[round(share * len(claims)) :])


def valued(case: "zopa.Case", draws: int, plays: int) -> tuple[list[OriginValue], float, float]:
    """Every origin on every question, and the seconds it took once the forecast is there: by the clock, and of
    processor time on all cores together, which other work on the machine does not add to."""
    told = zopa.forecast(case)
    pool = pooled(told.members.all_, learnt=told.members.learnt)
    runs = Runs(case.draws(draws, seed=0), told.members, pool, True, plays)
    began, used = time.perf_counter(), time.process_time()
    known = runs.told(runs.base)
    now = {row.name: row.chance.value for row in told.rows() if row.name in known}
    rows = origin_values(runs, now, Links(case).touches)
    return rows, time.perf_counter() - began, time.process_time() - used


def line(name: str, rows: list[OriginValue], worlds: int, took: float, used: float) -> str:
    """One line of the table; the error is the largest of any value, in thousandths of Brier's score."""
    origins, questions = {row.origin for row in rows}, {row.question for row in rows}
    moved = {row.origin for row in rows if row.value.value > 0}
    error = max(row.value.error for row in rows)
    return (
        f"{name:<20}{len(origins):>4} origins ({len(moved)} touch a question) × {len(questions)} questions"
        f"{worlds:>8,} worlds a side{took:>8.1f} s ({used:.1f} s of processor time)"
        f"   largest error {1000 * error:.2f}‰"
    )


def main() -> None:
    """Print one line a size, the bar, and the origins worth most with their errors."""
    case = zopa.open_case("muscat-2026")
    valued(case, 200, 1)  # compiles what is compiled
    rows: list[OriginValue] = []
    for draws, plays in WORLDS:
        rows, took, used = valued(case, draws, plays)
        print(line(f"{len(case.ledger.claims)} claims", rows, draws * plays, took, used), flush=True)
    print(f"bar: {BAR:.0f} s on two cores, at 25,000 worlds a side at most")
    for third in range(1, THIRDS):
        part = thinned(case, third / THIRDS)
        found, took, used = valued(part, SIDE_DRAWS, SIDE_PLAYS)
        print(
            line(f"{len(part.ledger.claims)} claims", found, SIDE_DRAWS * SIDE_PLAYS, took, used), flush=True
        )
    print("origins worth most, with standard errors (thousandths of Brier's score)")
    for row in sorted(rows, key=lambda r: -r.value.value)[:10]:
        said = f"{1000 * row.value.value:8.2f} ± {1000 * row.value.error:.2f}"
        print(f"  {said}  {row.question:<24}{', '.join(row.because[:3])}")


if __name__ == "__main__":
    main()
