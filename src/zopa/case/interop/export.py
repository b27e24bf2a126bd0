"""A case as other programs' files: the negotiation as Genius XML or an option table, the standoff as a conflict file,
a table of states or a graph; every number at its median.

What a format cannot hold is told, never dropped in silence.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from xml.sax.saxutils import quoteattr

from zopa.case.case import Case
from zopa.case.interop.csv_cells import guarded
from zopa.case.interop.csv_table import NO_DEAL
from zopa.case.interop.domain import STATUS_QUO
from zopa.case.interop.export_words import Exported, Told, make_folder, not_there, note, told_apart, write_new
from zopa.case.interop.layout import safe_id
from zopa.case.interop.medians import Medians, PartyMedians, medians
from zopa.case.model import CaseFile
from zopa.case.names import issue_name, option_name, party_name, red_line_name
from zopa.claims.files import write_text_atomic
from zopa.words import Language, joined, say

ExportFormat = Literal["genius", "csv", "conflict", "gmcr", "states", "graphml", "dot"]
FORMATS: tuple[str, ...] = get_args(ExportFormat)
__all__ = ["FORMATS", "ExportFormat", "Exported", "export"]
_CLOSE = 1e-12


@dataclass(frozen=True)
class _Names:
    """Names of issues, options and parties in one language, each told apart from the others."""

    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    parties: Mapping[str, str]


def export(
    case: Case, out: str | Path, *, format: ExportFormat = "genius", lang: Language = "en"
) -> Exported:
    """The case written to ``out``: ``genius`` makes a folder of XML files, all others one file; names are in ``lang``.

    ``genius`` and ``csv`` hold the negotiation; ``conflict`` (JSON), ``gmcr`` and ``states`` (CSV) the standoff;
    ``graphml`` and ``dot`` its states and moves. A case without issues gives ``csv`` its states.
    Uncertain numbers stand at their medians. Reading the files again gives the same utilities; where a scale does not
    reach 1 they are the same up to a factor that is told. ``ValueError`` for a format that does not exist,
    ``IncompleteCaseError`` where the case has no preferences, or no standoff.
    """
    if format not in FORMATS:
        raise ValueError(f"export: format must be among {', '.join(FORMATS)}, not {format!r}")
    if format not in ("genius", "csv") or (format == "csv" and not case.file.issues and case.file.standoff):
        from zopa.case.interop.standoff_export import export_standoff

        return export_standoff(case.file, Path(out), "states" if format == "csv" else format, lang)
    found = medians(case.file)
    names = _names(case.file, lang)
    write: Callable[..., tuple[Path, ...]] = _write_genius if format == "genius" else _write_csv
    warnings = tuple(_warnings(case.file, found, names, format))
    return Exported(write(Path(out), case.file, found, names), warnings)


# ---- names -------------------------------------------------------------------------------------------------------


def _names(file: CaseFile, lang: Language) -> _Names:
    issues = told_apart({key: issue_name(file, key, lang) for key in file.issues})
    options = tuple(
        tuple(told_apart({o.id: option_name(file, key, o.id, lang) for o in issue.options}).values())
        for key, issue in file.issues.items()
    )
    parties = told_apart({key: party_name(file, key, lang) for key in file.negotiators})
    return _Names(tuple(issues.values()), options, parties)


# ---- Genius XML --------------------------------------------------------------------------------------------------


def _write_genius(out: Path, file: CaseFile, found: Medians, names: _Names) -> tuple[Path, ...]:
    if not out.is_dir() or any(out.iterdir()):
        not_there(out)
    make_folder(out)
    stems: list[str] = []
    for k, party in enumerate(found.parties):
        stems.append(f"{k + 1}-{safe_id(names.parties[party], party, ())}")
    paths = [out / "domain.xml", *(out / f"{stem}.xml" for stem in stems)]
    write_text_atomic(paths[0], _domain_xml(names))
    for path, told in zip(paths[1:], found.parties.values(), strict=True):
        write_text_atomic(path, _profile_xml(names, told))
    return tuple(paths)


def _domain_xml(names: _Names) -> str:
    body = _objective(names, lambda i, k: "")
    return (
        f'<negotiation_template>\n<utility_space number_of_issues="{len(names.issues)}">\n{body}'
        "</utility_space>\n</negotiation_template>\n"
    )


def _profile_xml(names: _Names, party: PartyMedians) -> str:
    """Weights and evaluations such that Genius, dividing by each issue's largest evaluation, sees the same shares."""
    most = [max(values) for values in party.values]
    weights = [w * m for w, m in zip(party.weights, most, strict=True)]
    total = sum(weights) or 1.0

    def evaluation(i: int, k: int) -> str:
        return f' evaluation="{(party.values[i][k] / most[i] if most[i] > 0 else 0.0)!r}"'

    stated = "".join(f'  <weight index="{i + 1}" value="{w / total!r}"/>\n' for i, w in enumerate(weights))
    body = _objective(names, evaluation, stated)
    reserve = min(1.0, party.no_deal / total)
    return (
        f"<utility_space>\n{body}"
        f'<reservation value="{reserve!r}"/>\n<discount_factor value="1.0"/>\n</utility_space>\n'
    )


def _objective(names: _Names, evaluation: Callable[[int, int], str], weights: str = "") -> str:
    lines = ['<objective index="0" etype="objective" type="objective" name="any" description="">\n', weights]
    for i, (issue, options) in enumerate(zip(names.issues, names.options, strict=True)):
        kinds = 'etype="discrete" type="discrete" vtype="discrete"'
        lines.append(f'  <issue index="{i + 1}" {kinds} name={quoteattr(issue)}>\n')
        lines += [
            f'    <item index="{k + 1}" value={quoteattr(option)}{evaluation(i, k)}/>\n'
            for k, option in enumerate(options)
        ]
        lines.append("  </issue>\n")
    return "".join([*lines, "</objective>\n"])


# ---- CSV ---------------------------------------------------------------------------------------------------------


def _write_csv(out: Path, file: CaseFile, found: Medians, names: _Names) -> tuple[Path, ...]:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["issue", "option", "status quo", *map(guarded, names.parties.values())])
    parties = list(found.parties.values())
    for i, (issue, entry) in enumerate(zip(names.issues, file.issues.values(), strict=True)):
        for k, option in enumerate(names.options[i]):
            now = "x" if k == entry.index(entry.status_quo) else ""
            points = [repr(100 * party.contribution(i, k)) for party in parties]
            rows.writerow([guarded(issue), guarded(option), now, *points])
    rows.writerow([NO_DEAL[0], "", "", *(repr(100 * party.no_deal) for party in parties)])
    return (write_new(out, text.getvalue()),)


# ---- what the files cannot hold ----------------------------------------------------------------------------------


def _warnings(file: CaseFile, found: Medians, names: _Names, format_: str) -> Iterator[Told]:
    if found.uncertain:
        yield note("export.medians", n=len(found.uncertain))
    if found.unstated:
        yield note("export.unstated", paths=", ".join(found.unstated))
    for party, told in found.parties.items():
        reach = sum(w * max(values) for w, values in zip(told.weights, told.values, strict=True))
        if reach > 0 and abs(reach - 1) > _CLOSE:
            yield note("export.scale", party=lambda g, p=party: party_name(file, p, g), reach=f"{reach:.4g}")
    for line in file.red_lines:
        if line.issue is not None and line.party in file.negotiators:
            yield note(
                "export.red-line",
                party=lambda g, p=line.party: party_name(file, p, g),
                line=lambda g, k=line.key: red_line_name(file, k, g),
            )
    for synergy in file.synergies:
        if synergy.party in file.negotiators:
            yield note(
                "export.synergy",
                party=lambda g, p=synergy.party: party_name(file, p, g),
                options=lambda g, w=synergy.when: _options(file, w, g),
            )
    for exclusion in file.exclusions:
        yield note("export.exclusion", options=lambda g, w=exclusion.not_: _options(file, w, g))
    if format_ == "genius":
        yield from _status_quo(file, names)
    left = [key for key in ("readings", "agendas", "settings", "currency") if getattr(file, key)]
    if left:
        yield note(
            "export.sections", sections=lambda g: joined([say(f"export.section-{k}", g) for k in left], g)
        )


def _status_quo(file: CaseFile, names: _Names) -> Iterator[Told]:
    """Issues whose status quo a reader of the XML would take for another option."""
    lost = []
    for key, issue, options in zip(file.issues, file.issues.values(), names.options, strict=True):
        folded = [option.casefold() for option in options]
        taken = next((folded.index(word) for word in STATUS_QUO if word in folded), 0)
        if taken != issue.index(issue.status_quo):
            lost.append(key)
    if lost:
        yield note("export.status-quo", issues=lambda g: joined([issue_name(file, k, g) for k in lost], g))


def _options(file: CaseFile, chosen: Mapping[str, str], lang: Language) -> str:
    colon = "：" if lang == "zh" else ": "
    return joined(
        [f"{issue_name(file, i, lang)}{colon}{option_name(file, i, o, lang)}" for i, o in chosen.items()],
        lang,
    )
