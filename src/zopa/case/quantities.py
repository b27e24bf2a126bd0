"""Every estimate of a case under its stable path, with the basis that holds for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from zopa.case.fields import Citation, Entry, Number
from zopa.case.model import CaseFile
from zopa.case.table import Preferences

_BY_PARTY = frozenset(
    {
        "actors",
        "preferences",
        "readings",
        "views",
        "rankings",
        "worth",
        "concession",
        "outside_action",
        "strike",
        "retaliation",
        "regime_breaks",
        "cost_of_defecting",
    }
)
"""Mappings whose keys are parties."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a number or an entry rests on: claims, or a plain assumption."""

    because: tuple[Citation, ...] = ()
    assumed: bool = False

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of the claims cited."""
        return tuple(c.claim for c in self.because)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An estimate with its path (the name of its stream), its basis, and the party it is about."""

    path: str
    number: Number
    basis: Basis
    party: str | None

    @property
    def section(self) -> str:
        """The top section of the case file it stands in."""
        return self.path.partition(".")[0]


def basis_of(entry: Entry) -> Basis:
    """The basis written on an entry."""
    return Basis(entry.because, entry.assumed)


def quantities(file: CaseFile) -> Mapping[str, Quantity]:
    """All estimates by path, in file order; paths are what ``sets`` of a reading names.

    Numbers nobody wrote (defaults) have no basis and stand at ignorance; the grade table is not among them.
    """
    out: dict[str, Quantity] = {}
    for section in type(file).model_fields:
        if section == "grades":
            continue
        for quantity in _walk(getattr(file, section), section, Basis(), None):
            out[quantity.path] = quantity
    return out


def _walk(value: object, path: str, basis: Basis, party: str | None) -> Iterator[Quantity]:
    if isinstance(value, Number):
        own = Basis(value.because, value.assumed)
        yield Quantity(path, value, own if own.because or own.assumed else basis, party)
    elif isinstance(value, BaseModel):
        yield from _walk_model(value, path, basis, party)
    elif isinstance(value, Mapping):
        tail = path.rpartition(".")[2]
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}", basis, str(key) if tail in _BY_PARTY else party)
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            key = getattr(inner, "key", None) or getattr(inner, "id", None) or str(k)
            yield from _walk(inner, f"{path}.{key}", basis, party)


def _walk_model(model: BaseModel, path: str, basis: Basis, party: str | None) -> Iterator[Quantity]:
    if isinstance(model, Entry) and (model.because or model.assumed):
        basis = basis_of(model)
    owner = getattr(model, "party", None) or getattr(model, "by", None)
    party = owner if isinstance(owner, str) else party
    for name, info in type(model).model_fields.items():
        if name in ("because", "assumed", "note", "sets"):
            continue
        inner = getattr(model, name)
        # In the file a party's issues stand beside its no_deal; paths follow the file.
        flat = isinstance(model, Preferences) and name == "issues"
        if flat:
            for issue, preference in inner.items():
                yield from _walk(preference, f"{path}.{issue}", basis, party)
        else:
            yield from _walk(inner, f"{path}.{info.alias or name}", basis, party)
