"""The JSON Schema of the case file, for editors: what may stand where, with the meaning of every key."""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from zopa.case.model import CaseFile
from zopa.case.schema_numbers import define_numbers
from zopa.claims.files import write_text_atomic

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generate(GenerateJsonSchema):
    # Defaults of numbers are "not stated": nothing an editor should fill in.
    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"non-serializable-default", "skipped-choice"}  # noqa: RUF012


def schema() -> dict[str, Any]:
    """The schema of ``case.yaml`` as plain data (JSON Schema 2020-12)."""
    out: dict[str, Any] = CaseFile.model_json_schema(by_alias=True, schema_generator=_Generate)
    for model in _models(CaseFile):
        part = out if model is CaseFile else out["$defs"].get(model.__name__, {})
        if inspect.getdoc(model):
            part["description"] = inspect.getdoc(model)
        properties = part.get("properties", {})
        for name, text in _attribute_docs(model):
            info = model.model_fields.get(name)
            key = (info.alias or name) if info is not None else name
            if key in properties:
                properties[key]["description"] = text
    define_numbers(out)
    _as_written(out["$defs"])
    _tidy(out)
    return {"$schema": DIALECT, **out, "title": "zopa case file"}


def write_schema(path: Path) -> None:
    """Write the schema to a file, for editors to find."""
    write_text_atomic(path, json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")


def _as_written(parts: dict[str, Any]) -> None:
    """Where an author may write more than the model holds: a word for a list of one, a text for a rule."""
    preferences = parts["Preferences"]
    issue = {"$ref": "#/$defs/IssuePreference"}
    no_deal = preferences["properties"]["no_deal"]
    preferences["properties"] = {"no_deal": no_deal}
    preferences["additionalProperties"] = issue
    role = parts["Party"]["properties"]["role"]
    parts["Party"]["properties"]["role"] = {"anyOf": [role["items"], role]}
    rules = parts["Standoff"]["properties"]["infeasible"]
    rules["items"] = {"anyOf": [{"type": "string"}, rules["items"]]}
    for name in ("Episode", "Deadline"):
        parts[name]["properties"]["month"]["anyOf"].append({"type": "integer"})


def _tidy(part: Any) -> None:
    """Leave out what only the program means: defaults that nobody would write, and titles made of field names."""
    if isinstance(part, list):
        for item in part:
            _tidy(item)
    if not isinstance(part, dict):
        return
    if not isinstance(part.get("default", ""), str | bool | int) or part.get("default") is None:
        part.pop("default", None)
    if isinstance(part.get("title"), str):
        part.pop("title")
    if "patternProperties" in part:
        part["additionalProperties"] = False
    for key, inner in part.items():
        if key != "properties":
            _tidy(inner)
            continue
        for field in inner.values():
            _tidy(field)


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and all that its fields are made of, each once."""
    seen: set[type[BaseModel]] = set()
    waiting: list[object] = [model]
    while waiting:
        here = waiting.pop()
        if isinstance(here, type) and issubclass(here, BaseModel):
            if here in seen:
                continue
            seen.add(here)
            yield here
            waiting += [info.annotation for info in here.model_fields.values()]
        else:
            waiting += get_args(here)


def _attribute_docs(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The sentence written under each field of a model, those it inherits included."""
    for owner in reversed(model.__mro__):
        if owner is BaseModel or not issubclass(owner, BaseModel):
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for field, text in pairwise(body):
            if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                continue
            if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                yield field.target.id, inspect.cleandoc(str(text.value.value))
