"""The mediator's single text: from a starting text, the amendments to which no party objects at the medians."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.analysis._bargain_common import by_party, combinations
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import package_ids, package_name, party_name
from zopa.methods.problem import TOLERANCE
from zopa.methods.single_text import improvements
from zopa.result import Chance, Share, Table, cell, chance_of, percent, share_of
from zopa.words import Language, say


@dataclass(frozen=True, slots=True)
class TextStep:
    """One amendment of the single text.

    ``changes`` what it puts in, ``package`` the text after it; ``gains`` by party at the medians, on the party's own
    scale; ``objects`` by party: in how many draws the step is worse for it, or puts in an option behind a red line it
    will not cross; ``unopposed``: that no party objects.
    """

    step: int
    changes: Mapping[str, str]
    package: Mapping[str, str]
    options: tuple[int, ...]
    before: tuple[int, ...]
    gains: Mapping[str, float]
    objects: Mapping[str, Share]
    unopposed: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SingleText:
    """The amendments in turn, from ``start``; ``whole``: that no party objects to any of them; None without any."""

    start: tuple[int, ...]
    steps: tuple[TextStep, ...]
    whole: Chance | None


def single_text(
    case: Case,
    problems: Mapping[Evidence, Bargaining],
    ways: Mapping[Evidence, Draws],
    start: tuple[int, ...],
    because: tuple[str, ...],
) -> SingleText:
    """The amendments at the median utilities, the largest smallest gain first, and who objects over the draws."""
    problem = problems["all"]
    values = [np.median(v, axis=0) for v in problem.values]
    vetoes = [v.mean(axis=0) > 0.5 for v in problem.vetoes]
    here = combinations(problem, start)
    rows: list[TextStep] = []
    whole: dict[Evidence, Bool] = {e: np.ones(len(p.reserve), dtype=bool) for e, p in problems.items()}
    for number, step in enumerate(improvements(values, vetoes, here), start=1):
        against = {e: _against(p, here, step.package) for e, p in problems.items()}
        fine: dict[Evidence, Bool] = {e: np.asarray(~a.any(axis=1)) for e, a in against.items()}
        whole = {e: whole[e] & fine[e] for e in fine}
        gains = sum(v[:, b] - v[:, a] for v, a, b in zip(values, here, step.package, strict=True))
        before, after = problem.package(here), problem.package(step.package)
        ids = package_ids(case.file, after)
        rows.append(
            TextStep(
                step=number,
                changes={k: o for (k, o), a, b in zip(ids.items(), before, after, strict=True) if a != b},
                package=ids,
                options=after,
                before=before,
                gains=by_party(case.negotiators, np.asarray(gains)),
                objects={
                    party: share_of({e: a[:, p] for e, a in against.items()}, ways)
                    for p, party in enumerate(case.negotiators)
                },
                unopposed=chance_of(fine, ways),
                because=because,
            )
        )
        here = step.package
    return SingleText(start, tuple(rows), chance_of(whole, ways) if rows else None)


def _against(problem: Bargaining, before: Sequence[int], after: Sequence[int]) -> Bool:
    """(D, P) whether each party objects: worse for it than the text before, or an option put in that it vetoes."""
    change = np.zeros(problem.reserve.shape)
    barred = np.zeros(problem.reserve.shape, dtype=bool)
    for v, veto, a, b in zip(problem.values, problem.vetoes, before, after, strict=True):
        if a != b:
            change += v[:, :, b] - v[:, :, a]
            barred |= veto[:, :, b] & ~veto[:, :, a]
    return np.asarray(barred | (change < -len(problem.values) * TOLERANCE))


def text_table(case: Case, text: SingleText, lang: Language) -> Table:
    """Step, what it changes, what each party gains, who objects how often, and how often nobody does."""
    names = [party_name(case.file, p, lang) for p in case.negotiators]
    columns = (
        say("bargain.column-step", lang),
        say("bargain.column-change", lang),
        *(say("bargain.column-gain", lang, party=name) for name in names),
        *(say("bargain.column-objects", lang, party=name) for name in names),
        *(say(f"bargain.column-{c}", lang) for c in ("unopposed", "cited", "zero")),
    )
    rows = [
        (
            str(step.step),
            package_name(case.file, step.options, lang, beside=step.before),
            *(f"{step.gains[p]:+.2f}" for p in case.negotiators),
            *(_objection(step.objects[p], lang) for p in case.negotiators),
            *_chance(step.unopposed),
        )
        for step in text.steps
    ]
    because = [step.because for step in text.steps]
    if text.whole is not None and len(rows) > 1:
        blank = ("—",) * (2 * len(names))
        rows.append(("—", say("bargain.text-whole", lang), *blank, *_chance(text.whole)))
        because.append(text.steps[0].because)
    caption = say("bargain.caption-text", lang, start=package_name(case.file, text.start, lang))
    return Table(caption, columns, tuple(rows), tuple(because))


def _chance(value: Chance) -> tuple[str, str, str]:
    return cell(value), f"{percent(value.cited)}%", f"{percent(value.zero)}%"


def _objection(share: Share, lang: Language) -> str:
    return say("bargain.share", lang, share=cell(share), zero=percent(share.zero))
