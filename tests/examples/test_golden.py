"""Every analysis says of every example what it said when somebody last looked (see ``frames``)."""

import json
from typing import Any

import pytest

from tests.examples.frames import ASKED, GOLDEN, frame, place
from zopa.case.examples import names

CLOSE = 0.0015
"""Three decimals, and the last digit's due."""


def differences(found: Any, kept: Any, where: str = "") -> list[str]:
    """Places at which two frames differ by more than rounding."""
    if isinstance(found, dict) and isinstance(kept, dict):
        keys = [k for k in {**found, **kept} if k not in found or k not in kept]
        inside = (differences(found[k], kept[k], f"{where}.{k}") for k in found if k in kept)
        return [f"{where}.{k}: only in one" for k in keys] + [d for part in inside for d in part]
    if isinstance(found, list) and isinstance(kept, list) and len(found) == len(kept):
        parts = (differences(a, b, f"{where}[{k}]") for k, (a, b) in enumerate(zip(found, kept, strict=True)))
        return [d for part in parts for d in part]
    if isinstance(found, float) and isinstance(kept, int | float) and abs(found - kept) <= CLOSE:
        return []
    return [] if found == kept else [f"{where}: {kept} then, {found} now"]


@pytest.mark.parametrize("analysis", ASKED)
@pytest.mark.parametrize("case", names())
def test_an_example_says_what_it_said(case: str, analysis: str):
    kept = json.loads(place(case, analysis).read_text(encoding="utf-8"))
    found = json.loads(json.dumps(frame(case, analysis)))
    assert differences(found, kept) == [], "if this is meant: python -m tests.examples.frames"


def test_every_frame_is_of_an_example_and_an_analysis():
    assert {path.name for path in GOLDEN.iterdir()} == {
        place(case, analysis).name for case in names() for analysis in ASKED
    }


def test_differences_are_found():
    kept = {"a": [0.5, 1.0], "b": {"c": "x"}, "gone": 1}
    assert differences({"a": [0.501, 1.0], "b": {"c": "x"}, "gone": 1}, kept) == []
    assert sorted(differences({"a": [0.51, 1.0], "b": {"c": "y"}, "new": 1}, kept)) == [
        ".a[0]: 0.5 then, 0.51 now",
        ".b.c: x then, y now",
        ".gone: only in one",
        ".new: only in one",
    ]
    assert differences({"a": [0.5]}, {"a": [0.5, 1.0]}) == [".a: [0.5, 1.0] then, [0.5] now"]
