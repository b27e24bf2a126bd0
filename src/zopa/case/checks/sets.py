"""What a reading sets must be an estimate of the case, and the value it sets must be legal there."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.case.quantities import quantities
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import NOTHING, Said, suggestion
from zopa.claims.validation import advice, limits
from zopa.errors import Problem
from zopa.estimate import EstimateError, parse


def sets(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each path of ``sets`` that names no estimate, and for each value that cannot stand there."""
    known = quantities(file)
    for party, readings in file.readings.items():
        for k, reading in enumerate(readings):
            for target, value in reading.sets.items():
                path: Path = ("readings", party, k, "sets", target)
                if target in known:
                    bounds = known[target].number.bounds
                    try:
                        parse(value, bounds)
                    except EstimateError as error:
                        name = target.rpartition(".")[2]
                        limit = limits(bounds.low, bounds.high)
                        values = {**error.values, "key": target, "advice": advice(name), "limit": limit}
                        yield where.problem(error.code, path, **values)
                elif not any(part in where.gone for part in target.split(".")):
                    values = {"kind": Said("checks.kind-quantity"), "name": target}
                    near = suggestion(target, tuple(known)) if len(known) < 5000 else NOTHING
                    yield where.at_key("dangling-id", path, **values, closest=near)
