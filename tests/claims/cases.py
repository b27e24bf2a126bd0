"""Small cases made by hand for tests: sections as plain data, claims as a ledger, no files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.claims.made import ledger
from zopa.case.case import Case
from zopa.case.model import CaseFile
from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger

AS_OF = date(2024, 3, 10)


def case(file: Mapping[str, Any], *claims: Claim, record: Ledger | None = None) -> Case:
    """A case of the given sections; two negotiators, ``left`` and ``right``, unless parties are given."""
    given = {
        "zopa": 1,
        "title": {"en": "A made-up case", "zh": "虚构案例"},
        "as_of": AS_OF,
        "parties": {
            "left": {"name": {"en": "Left", "zh": "左方"}, "role": "negotiator"},
            "right": {"name": {"en": "Right", "zh": "右方"}, "role": "negotiator"},
        },
        **file,
    }
    return Case(CaseFile.model_validate(given), record if record is not None else ledger(*claims))
