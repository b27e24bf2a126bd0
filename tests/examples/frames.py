"""Golden frames: what every analysis says of every shipped example, rounded, as it stood when somebody last looked.

    python -m tests.examples.frames [CASE ...]      rewrites them; look at the difference before you keep it

A frame holds the first rows of an analysis and its parameters, numbers to three decimals. Shares of ``DRAWS`` draws
have no more decimals than that, so that no last digit hangs on rounding.
"""

import json
import sys
from pathlib import Path
from typing import Any

import zopa
from zopa.case.examples import names
from zopa.errors import IncompleteCaseError
from zopa.result import jsonable

GOLDEN = Path(__file__).parent / "golden"
DRAWS = 500
ROWS = 8
ASKED = (*zopa.ANALYSES, *(name for name in zopa.FORECASTS if name != "replay"))
"""A replay is the forecast day by day, and takes as many times as long."""


def frame(case: str, analysis: str) -> dict[str, Any]:
    """What an analysis says of an example, or which section it lacks."""
    try:
        result = getattr(zopa, analysis)(zopa.open_case(case), draws=DRAWS, seed=0)
    except IncompleteCaseError as error:
        return {"lacks": [problem.code for problem in error.problems]}
    return {
        "method": result.method,
        "parameters": rounded(jsonable(result.parameters)),
        "count": len(result.rows()),
        "rows": [rounded(_short(jsonable(row))) for row in result.rows()[:ROWS]],
    }


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its claims counted instead of listed."""
    return {k: len(v) if k == "because" else v for k, v in row.items()}


def rounded(value: Any) -> Any:
    """Every number to three decimals; minus nothing is nothing."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, 3) + 0.0 if isinstance(value, float) else value


def place(case: str, analysis: str) -> Path:
    """Where the frame lies."""
    return GOLDEN / f"{case}.{analysis}.json"


def text(found: dict[str, Any]) -> str:
    """The frame as it is kept: one row a line, so that a difference shows which."""
    parts = [
        f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in found.items() if k != "rows"
    ]
    if "rows" in found:
        rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in found["rows"])
        parts.append(f' "rows": [\n{rows}\n ]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Rewrite the frames of the examples given, or of all."""
    GOLDEN.mkdir(exist_ok=True)
    for case in sys.argv[1:] or names():
        for analysis in ASKED:
            place(case, analysis).write_text(text(frame(case, analysis)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
