"""Running the command line inside the test process, and reading what it says."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import pytest

from zopa.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer as data; only JSON may be on standard output."""
        return json.loads(self.out)


class _Typed(io.TextIOWrapper):
    """Standard input with what a person would have typed."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8")


def zopa(*arguments: object, typed: str = "") -> Ran:
    """One call of the command; ``typed`` comes from the keyboard."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    sys.stdin = _Typed(typed)
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
    finally:
        sys.stdin = before
    return Ran(int(end.value.code or 0), out.getvalue(), err.getvalue())
