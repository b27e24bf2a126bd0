"""A case with some of its numbers supposed to be others, at once: what a slider asks for.

``variants`` changes the text of the case file and checks it anew, which takes half a second; here only the estimate
under a path is another, and it cites nothing, as with every supposition.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.fields import Number
from zopa.case.table import Preferences
from zopa.claims.validation import advice, limits
from zopa.errors import CaseFileError, Place, Problem
from zopa.estimate import EstimateError, parse


def supposed(case: Case, numbers: Mapping[str, str]) -> Case:
    """The case with the estimates under these paths (as ``quantities`` names them) written otherwise.

    ``CaseFileError``: there is no number under a path, or what is written is no estimate that may stand there.
    """
    file = case.file
    for path, written in numbers.items():
        try:
            file = _with(file, path.split("."), written)
        except KeyError:
            raise CaseFileError.of("edit-missing", path=path) from None
        except EstimateError as error:
            key = path.rpartition(".")[2]
            values: dict[str, Any] = {"key": key, "advice": advice(key), **error.values}
            if "low" in values:
                values["limit"] = limits(values["low"], values["high"])
            raise CaseFileError([Problem(error.code, Place(path), values)]) from None
    return replace(case, file=file)


def _with(value: Any, steps: Sequence[str], written: str) -> Any:
    """The value with another number under a path; ``KeyError`` where the path leads to none."""
    if not steps:
        if not isinstance(value, Number):
            raise KeyError
        said: object = written
        with suppress(ValueError):
            said = float(written)
        return replace(value, estimate=parse(said, value.bounds), because=(), assumed=True)
    step, rest = steps[0], steps[1:]
    if isinstance(value, BaseModel):
        if isinstance(value, Preferences) and step in value.issues:
            # In the file a party's issues stand beside its no_deal.
            return value.model_copy(
                update={"issues": {**value.issues, step: _with(value.issues[step], rest, written)}}
            )
        name = next((n for n, info in type(value).model_fields.items() if step in (n, info.alias)), None)
        if name is None:
            raise KeyError(step)
        return value.model_copy(update={name: _with(getattr(value, name), rest, written)})
    if isinstance(value, Mapping):
        key = next((k for k in value if str(k) == step), None)
        if key is None:
            raise KeyError(step)
        return {**value, key: _with(value[key], rest, written)}
    if isinstance(value, tuple):
        for k, inner in enumerate(value):
            if step == (getattr(inner, "key", None) or getattr(inner, "id", None) or str(k)):
                return (*value[:k], _with(inner, rest, written), *value[k + 1 :])
    raise KeyError(step)
