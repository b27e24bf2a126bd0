"""Thirty days of the Muscat case replayed, 20,000 worlds a day: with claims spread over all days, and with none.

The bar: 60 s on two cores. Run: python benchmarks/replay.py
马斯喀特案例重演三十天，每天两万个世界：主张分散在各天，以及没有新记录。上限：双核60秒。
"""

import time
from dataclasses import replace
from datetime import timedelta

import zopa
from zopa.forecasting.replay import replay

DAYS, DRAWS, PLAYS = 30, 5_000, 4


def spread(case: "zopa.Case", days: int) -> "zopa.Case":
    """The case with its claims known one after the other over some days up to its own."""
    last = case.file.as_of
    claims = case.ledger.claims
    days_of = [last - timedelta(days=days - 1 - k * days // len(claims)) for k in range(len(claims))]
    known = tuple(c.model_copy(update={"known_on": d}) for c, d in zip(claims, days_of, strict=True))
    return replace(case, ledger=replace(case.ledger, claims=known))


def main() -> None:
    """Print a table: days, seconds, seconds a day."""
    case = zopa.open_case("muscat-2026")
    zopa.forecast(case, draws=200, plays=1)  # compiles what is compiled
    print(f"{DRAWS * PLAYS:,} worlds a day")
    for name, made in (("news every day", spread(case, DAYS)), ("news on two days", case)):
        for days in (5, 10, DAYS):
            start = case.file.as_of - timedelta(days=days - 1)
            began = time.perf_counter()
            replay(made, start=start, draws=DRAWS, plays=PLAYS)
            took = time.perf_counter() - began
            print(f"{name:<18}{days:>4} days {took:8.1f} s {took / days:7.2f} s a day", flush=True)


if __name__ == "__main__":
    main()
