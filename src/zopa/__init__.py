"""zopa: which aims of each side fit what it said and did, and whether a workable path to agreement exists.

``case = zopa.open_case("muscat-2026")`` opens a case folder or a shipped example; ``zopa.zone(case)`` and the other
analyses answer one question each. Nothing heavy is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zopa.analysis.agenda import agenda as agenda
    from zopa.analysis.bargain import bargain as bargain
    from zopa.analysis.coalition import coalition as coalition
    from zopa.analysis.influence import influence as influence
    from zopa.analysis.mediation import mediation as mediation
    from zopa.analysis.paths import paths as paths
    from zopa.analysis.record import record as record
    from zopa.analysis.setting import setting as setting
    from zopa.analysis.stability import stability as stability
    from zopa.analysis.wants import wants as wants
    from zopa.analysis.zone import zone as zone
    from zopa.brief.roles_write import roles as roles
    from zopa.brief.write import write_brief as write_brief
    from zopa.case.case import Case as Case
    from zopa.case.examples import open_case as open_case
    from zopa.case.folder import read_case as read_case
    from zopa.case.interop import export as export
    from zopa.case.interop import import_conflict as import_conflict
    from zopa.case.interop import import_csv as import_csv
    from zopa.case.interop import import_genius as import_genius
    from zopa.case.interop import import_geniusweb as import_geniusweb
    from zopa.case.interop import import_gmcr as import_gmcr
    from zopa.case.interop import import_negmas as import_negmas
    from zopa.claims.claim import Claim as Claim
    from zopa.dossier.read import read as read
    from zopa.dossier.read import read_text as read_text
    from zopa.errors import CaseFileError as CaseFileError
    from zopa.errors import DossierError as DossierError
    from zopa.errors import IncompleteCaseError as IncompleteCaseError
    from zopa.errors import ZopaError as ZopaError
    from zopa.forecasting.ask import ask as ask
    from zopa.forecasting.baserate import baserate as baserate
    from zopa.forecasting.drivers import drivers as drivers
    from zopa.forecasting.experts import experts as experts
    from zopa.forecasting.experts import judge as judge
    from zopa.forecasting.forecast import forecast as forecast
    from zopa.forecasting.ledger import resolve as resolve
    from zopa.forecasting.replay import replay as replay
    from zopa.forecasting.score import score as score
    from zopa.forecasting.simulate import simulate as simulate
    from zopa.forecasting.sweep import sweep as sweep
    from zopa.forecasting.whatif import whatif as whatif

__version__ = "0.1.0"

ANALYSES = (
    "record",
    "wants",
    "setting",
    "agenda",
    "zone",
    "bargain",
    "stability",
    "paths",
    "mediation",
    "coalition",
    "influence",
)
"""One name all the way: function, command, file, class, chart, page."""

FORECASTS = ("forecast", "baserate", "experts", "simulate", "drivers", "ask", "replay")
"""The members of a forecast, and the forecast, each under one name all the way like the analyses."""

_HOME = {
    **{name: f"zopa.analysis.{name}" for name in ANALYSES},
    **{name: f"zopa.forecasting.{name}" for name in FORECASTS},
    "judge": "zopa.forecasting.experts",
    "resolve": "zopa.forecasting.ledger",
    "score": "zopa.forecasting.score",
    "sweep": "zopa.forecasting.sweep",
    "whatif": "zopa.forecasting.whatif",
    "write_brief": "zopa.brief.write",
    "roles": "zopa.brief.roles_write",
    **dict.fromkeys(
        (
            "export",
            "import_conflict",
            "import_csv",
            "import_genius",
            "import_geniusweb",
            "import_gmcr",
            "import_negmas",
        ),
        "zopa.case.interop",
    ),
    "Case": "zopa.case.case",
    "read_case": "zopa.case.folder",
    "Claim": "zopa.claims.claim",
    "read": "zopa.dossier.read",
    "read_text": "zopa.dossier.read",
    "CaseFileError": "zopa.errors",
    "DossierError": "zopa.errors",
    "IncompleteCaseError": "zopa.errors",
    "ZopaError": "zopa.errors",
    "open_case": "zopa.case.examples",
}

__all__ = ["ANALYSES", "FORECASTS", "__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'zopa' has no attribute '{name}'")
    # Analyses are modules of their own name: asking the package for one must give the function.
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
