"""Names of a case's entries in the reader's language, as tables, charts and sentences show them."""

import re
from collections.abc import Sequence

from zopa.case.model import CaseFile
from zopa.words import Language, joined, say


def party_name(file: CaseFile, party: str, lang: Language) -> str:
    """A party's name; its id where the case has no such party."""
    found = file.parties.get(party)
    return found.name.get(lang) if found else party


_ARTICLE = re.compile(
    r"""United\ (States|Kingdom|Nations|Arab\ Emirates)\b
      | (Bahamas|Comoros|Gambia|Maldives|Netherlands|Philippines|Vatican|Holy\ See)$
      | (UK|US|USA|UAE|EU|UN|IAEA)$
      | (Republic|Kingdom|Sultanate|State|Federated\ States|Commonwealth|League|Organi[sz]ation|Government)\ of\b
      | People's\ Republic\b
      | .*\b(Republic|Federation|Confederation|Union|Emirates|Islands|League|Organi[sz]ation|Authority|Agency)$
    """,
    re.VERBOSE,
)
"""English names that take the article: plurals, usual abbreviations, and names that begin with or end in a common noun.

Every other name stands bare, and so does one that brings its article along ("The Hague", "the mediators").
"""


def party_in_text(file: CaseFile, party: str, lang: Language, *, first: bool = False) -> str:
    """A party's name as it stands within a sentence; in English with "the" where the name takes it.

    ``first``: at the start of a sentence, with a capital. Columns, legends and lists of labels take ``party_name``.
    """
    name = party_name(file, party, lang)
    if lang != "en":
        return name
    if _ARTICLE.match(name) and not name.casefold().startswith("the "):
        name = f"the {name}"
    return name[:1].upper() + name[1:] if first else name


def reading_name(file: CaseFile, party: str, reading: str, lang: Language) -> str:
    """A reading's name; its id where it has none."""
    found = next((r for r in file.readings.get(party, ()) if r.id == reading), None)
    return found.name.get(lang) if found is not None and found.name is not None else reading


def red_line_name(file: CaseFile, key: str, lang: Language) -> str:
    """What a red line rejects, "Uranium enrichment: none"; what it is about where that is no issue."""
    line = next(line for line in file.red_lines if line.key == key)
    mark = "、" if lang == "zh" else ", "
    if line.issue is None:
        return mark.join(line.rejects)
    rejected = mark.join(option_name(file, line.issue, option, lang) for option in line.rejects)
    return f"{issue_name(file, line.issue, lang)}{'：' if lang == 'zh' else ': '}{rejected}"


def issue_name(file: CaseFile, issue: str, lang: Language) -> str:
    """An issue's neutral name; its id where the case has no such issue."""
    found = file.issues.get(issue)
    return found.name.get(lang) if found else issue


def option_name(file: CaseFile, issue: str, option: str, lang: Language) -> str:
    """An option's name; its id where the issue has no such option."""
    found = file.issues.get(issue)
    names = {o.id: o.name.get(lang) for o in found.options} if found else {}
    return names.get(option, option)


def package_name(
    file: CaseFile, package: Sequence[int], lang: Language, *, beside: Sequence[int] | None = None
) -> str:
    """What a package changes, "issue: option; …": against the status quo, or against another package ``beside`` it.

    Says so where it changes nothing.
    """
    parts: list[str] = []
    colon = "：" if lang == "zh" else ": "
    for at, (k, (key, issue)) in enumerate(zip(package, file.issues.items(), strict=True)):
        if k != (issue.index(issue.status_quo) if beside is None else beside[at]):
            parts.append(f"{issue_name(file, key, lang)}{colon}{issue.options[k].name.get(lang)}")
    return ("；" if lang == "zh" else "; ").join(parts) or say("result.nothing-moves", lang)


def issues_named(file: CaseFile, issues: Sequence[str], lang: Language) -> str:
    """Several issues as a list in words."""
    return joined([issue_name(file, i, lang) for i in issues], lang)


def package_ids(file: CaseFile, package: Sequence[int]) -> dict[str, str]:
    """A package as ``{issue: option}``."""
    return {key: issue.options[k].id for k, (key, issue) in zip(package, file.issues.items(), strict=True)}


def setting_name(file: CaseFile, setting: str, lang: Language) -> str:
    """A setting's own name, or one made of place, observers and form; its id where there is no such setting."""
    options = file.settings.options if file.settings is not None else ()
    found = next((s for s in options if s.id == setting), None)
    if found is None:
        return setting
    if found.name is not None:
        return found.name.get(lang)
    place = file.places.get(found.place)
    parts = [
        place.name.get(lang) if place else found.place,
        say(f"names.observers-{'some' if found.observers else 'none'}", lang),
        say(f"names.form-{found.form}", lang),
    ]
    return ("，" if lang == "zh" else ", ").join(parts)
