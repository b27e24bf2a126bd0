"""A case as other programs' files: Genius XML or an option table in CSV, every number at its median.

What a format cannot hold is told, never dropped in silence.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from xml.sax.saxutils import quoteattr

from zopa.case.case import Case
from zopa.case.interop.csv_table import NO_DEAL
from zopa.case.interop.domain import STATUS_QUO
from zopa.case.interop.layout import safe_id, words
from zopa.case.interop.medians import Medians, PartyMedians, medians
from zopa.case.model import CaseFile
from zopa.case.names import issue_name, option_name, party_name, red_line_name
from zopa.claims.files import reason, write_text_atomic
from zopa.errors import DossierError, Place
from zopa.words import Language, joined, say

ExportFormat = Literal["genius", "csv"]
FORMATS: tuple[str, ...] = get_args(ExportFormat)
_CLOSE = 1e-12


@dataclass(frozen=True)
class Exported:
    """The files written, and what they could not hold: sentences by language."""

    paths: tuple[Path, ...]
    warnings: tuple[Mapping[str, str], ...]

    def told(self, lang: Language = "en") -> tuple[str, ...]:
        """What the files could not hold, in one language."""
        return tuple(warning[lang] for warning in self.warnings)


@dataclass(frozen=True)
class _Names:
    """Names of issues, options and parties in one language, each told apart from the others."""

    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    parties: Mapping[str, str]


def export(
    case: Case, out: str | Path, *, format: ExportFormat = "genius", lang: Language = "en"
) -> Exported:
    """The case written to ``out``: ``genius`` makes a folder of XML files, ``csv`` one file; names are in ``lang``.

    Uncertain numbers stand at their medians. Reading the files again gives the same utilities; where a scale does not
    reach 1 they are the same up to a factor that is told. ``ValueError`` for a format that does not exist,
    ``IncompleteCaseError`` where the case has no preferences.
    """
    if format not in FORMATS:
        raise ValueError(f"export: format must be among {', '.join(FORMATS)}, not {format!r}")
    found = medians(case.file)
    names = _names(case.file, lang)
    write: Callable[..., tuple[Path, ...]] = _write_genius if format == "genius" else _write_csv
    warnings = tuple(_warnings(case.file, found, names, format))
    return Exported(write(Path(out), case.file, found, names), warnings)


# ---- names -------------------------------------------------------------------------------------------------------


def _names(file: CaseFile, lang: Language) -> _Names:
    issues = _told_apart({key: issue_name(file, key, lang) for key in file.issues})
    options = tuple(
        tuple(_told_apart({o.id: option_name(file, key, o.id, lang) for o in issue.options}).values())
        for key, issue in file.issues.items()
    )
    parties = _told_apart({key: party_name(file, key, lang) for key in file.negotiators})
    return _Names(tuple(issues.values()), options, parties)


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The names, with the id behind one that another has too."""
    clean = {key: _printable(name) or key for key, name in names.items()}
    folded = [name.casefold() for name in clean.values()]
    return {k: f"{n} ({k})" if folded.count(n.casefold()) > 1 else n for k, n in clean.items()}


def _printable(text: str) -> str:
    return words("".join(c if c.isprintable() or c.isspace() else "?" for c in text))


# ---- Genius XML --------------------------------------------------------------------------------------------------


def _write_genius(out: Path, file: CaseFile, found: Medians, names: _Names) -> tuple[Path, ...]:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DossierError.of("export-target-exists", Place(str(out)), path=str(out))
    _make(out)
    stems: list[str] = []
    for k, party in enumerate(found.parties):
        stems.append(f"{k + 1}-{safe_id(names.parties[party], party, ())}")
    paths = [out / "domain.xml", *(out / f"{stem}.xml" for stem in stems)]
    write_text_atomic(paths[0], _domain_xml(names))
    for path, told in zip(paths[1:], found.parties.values(), strict=True):
        write_text_atomic(path, _profile_xml(names, told))
    return tuple(paths)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DossierError.of(
            "file-write", Place(str(folder)), name=folder.name, reason=reason(error)
        ) from None


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
    if out.exists():
        raise DossierError.of("export-target-exists", Place(str(out)), path=str(out))
    _make(out.parent)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["issue", "option", "status quo", *names.parties.values()])
    parties = list(found.parties.values())
    for i, (issue, entry) in enumerate(zip(names.issues, file.issues.values(), strict=True)):
        for k, option in enumerate(names.options[i]):
            now = "x" if k == entry.index(entry.status_quo) else ""
            points = [repr(100 * party.contribution(i, k)) for party in parties]
            rows.writerow([issue, option, now, *points])
    rows.writerow([NO_DEAL[0], "", "", *(repr(100 * party.no_deal) for party in parties)])
    write_text_atomic(out, text.getvalue())
    return (out,)


# ---- what the files cannot hold ----------------------------------------------------------------------------------


def _warnings(file: CaseFile, found: Medians, names: _Names, format_: str) -> Iterator[Mapping[str, str]]:
    if found.uncertain:
        yield _both("export.medians", n=len(found.uncertain))
    if found.unstated:
        yield _both("export.unstated", paths=", ".join(found.unstated))
    for party, told in found.parties.items():
        reach = sum(w * max(values) for w, values in zip(told.weights, told.values, strict=True))
        if reach > 0 and abs(reach - 1) > _CLOSE:
            yield _both("export.scale", party=lambda g, p=party: party_name(file, p, g), reach=f"{reach:.4g}")
    for line in file.red_lines:
        if line.issue is not None and line.party in file.negotiators:
            yield _both(
                "export.red-line",
                party=lambda g, p=line.party: party_name(file, p, g),
                line=lambda g, k=line.key: red_line_name(file, k, g),
            )
    for synergy in file.synergies:
        if synergy.party in file.negotiators:
            yield _both(
                "export.synergy",
                party=lambda g, p=synergy.party: party_name(file, p, g),
                options=lambda g, w=synergy.when: _options(file, w, g),
            )
    for exclusion in file.exclusions:
        yield _both("export.exclusion", options=lambda g, w=exclusion.not_: _options(file, w, g))
    if format_ == "genius":
        yield from _status_quo(file, names)
    left = [key for key in ("readings", "agendas", "settings", "currency") if getattr(file, key)]
    if left:
        yield _both(
            "export.sections", sections=lambda g: joined([say(f"export.section-{k}", g) for k in left], g)
        )


def _status_quo(file: CaseFile, names: _Names) -> Iterator[Mapping[str, str]]:
    """Issues whose status quo a reader of the XML would take for another option."""
    lost = []
    for key, issue, options in zip(file.issues, file.issues.values(), names.options, strict=True):
        folded = [option.casefold() for option in options]
        taken = next((folded.index(word) for word in STATUS_QUO if word in folded), 0)
        if taken != issue.index(issue.status_quo):
            lost.append(key)
    if lost:
        yield _both("export.status-quo", issues=lambda g: joined([issue_name(file, k, g) for k in lost], g))


def _options(file: CaseFile, chosen: Mapping[str, str], lang: Language) -> str:
    colon = "：" if lang == "zh" else ": "
    return joined(
        [f"{issue_name(file, i, lang)}{colon}{option_name(file, i, o, lang)}" for i, o in chosen.items()],
        lang,
    )


def _both(key: str, **values: object) -> dict[str, str]:
    """The sentence in both languages; a value that is a function is asked for its text in each."""
    langs: Sequence[Language] = ("en", "zh")
    return {
        lang: re.sub(
            r"\s+", " ", say(key, lang, **{k: v(lang) if callable(v) else v for k, v in values.items()})
        )
        for lang in langs
    }
