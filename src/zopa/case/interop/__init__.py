"""Other programs' files: cases out of them, and cases as such files."""

from zopa.case.interop.conflict import import_conflict
from zopa.case.interop.csv_table import import_csv
from zopa.case.interop.export import Exported, export
from zopa.case.interop.genius import import_genius
from zopa.case.interop.geniusweb import import_geniusweb
from zopa.case.interop.gmcr import import_gmcr
from zopa.case.interop.negmas import import_negmas
from zopa.case.interop.standoff_csv import write_standoff_csv

__all__ = [
    "Exported",
    "export",
    "import_conflict",
    "import_csv",
    "import_genius",
    "import_geniusweb",
    "import_gmcr",
    "import_negmas",
    "write_standoff_csv",
]
