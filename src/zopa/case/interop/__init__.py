"""Cases out of other programs' files: Genius XML domains, graph-model conflicts in JSON."""

from zopa.case.interop.conflict import import_conflict
from zopa.case.interop.genius import import_genius

__all__ = ["import_conflict", "import_genius"]
