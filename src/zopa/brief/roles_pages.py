"""The pages of an exercise in Markdown: one sheet a party, the teacher's sheet, the answer form.

A party's sheet is made of what that party knows: its own points, red lines and walk-away value, and what is public.
"""

import csv
import io
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from zopa.brief.markdown import escape
from zopa.brief.roles import FULL, Exercise
from zopa.case.course import Deadline
from zopa.case.labels import day
from zopa.case.names import issue_name, issues_named, party_name, setting_name
from zopa.case.settings import Setting
from zopa.methods import solutions
from zopa.methods.solutions import Solution
from zopa.words import Language, joined, say, term

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
MOST_SETTINGS = 6


def row(cells: Sequence[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    return [row(head), "|" + "---|" * len(head), *(row(cells) for cells in rows), ""]


def text(key: str, lang: Language, **values: object) -> str:
    """A sentence of the exercise, names in it as plain text of Markdown."""
    return say(f"roles.{key}", lang, **{k: escape(v) if isinstance(v, str) else v for k, v in values.items()})


def points(value: float) -> str:
    """Points as people write them: whole, a real minus sign."""
    return f"{value:.0f}".replace("-", "−") if value else "0"


def counted(value: float, lang: Language) -> str:
    """Points with their noun."""
    return say(f"roles.count-{'one' if abs(round(value)) == 1 else 'many'}", lang, n=points(value))


# ---- one party's sheet -------------------------------------------------------------------------------------------


def sheet(game: Exercise, party: str, lang: Language) -> str:
    """What one party gets: the public situation, its own points, lines and walk-away value, and how to play."""
    name = party_name(game.file, party, lang)
    lines = [f"# {text('sheet-title', lang, party=name)}", "", f"**{escape(game.file.title.get(lang))}**", ""]
    lines += [text("confidential", lang, party=name), ""]
    lines += _situation(game, party, lang)
    lines += _points(game, party, lang)
    lines += _limits(game, party, lang)
    lines += [f"## {text('how', lang)}", ""]
    lines += [f"{k}. {text(f'how-{k}', lang)}" for k in range(1, 7)]
    return "\n".join(lines) + "\n"


def own_issue(game: Exercise, party: str, issue: str, lang: Language) -> str:
    """An issue in the party's own words, with its name on the answer form behind it where that differs."""
    neutral = issue_name(game.file, issue, lang)
    called = game.file.issues[issue].called.get(party)
    own = called.get(lang) if called is not None else neutral
    return own if own == neutral else say("roles.called", lang, own=own, neutral=neutral)


def _situation(game: Exercise, party: str, lang: Language) -> list[str]:
    file = game.file
    others = [party_name(file, p, lang) for p in game.parties if p != party]
    lines = [f"## {text('situation', lang)}", ""]
    lines += [f"- {text('today', lang, day=day(file.as_of, lang))}"]
    lines += [f"- {text('across', lang, parties=joined(others, lang))}"]
    for role in ("host", "mediator", "observer"):
        named = [
            p.name.get(lang) for k, p in file.parties.items() if role in p.role and k not in game.parties
        ]
        if named:
            lines.append(f"- {text(f'role-{role}', lang, parties=joined(named, lang))}")
    own = [
        person.name.get(lang)
        for person in file.people.values()
        if person.party == party and person.role in ("decides", "negotiates")
    ]
    if own:
        lines.append(f"- {text('people', lang, people=joined(own, lang))}")
    lines += [f"- {line}" for line in _dates(game, party, lang)]
    lines += ["", *_issues(game, party, lang), *_demands(game, party, lang), *_settings(game, lang)]
    return lines


def _dates(game: Exercise, party: str, lang: Language) -> list[str]:
    talks = game.file.talks
    if talks is None:
        return []
    out = [text("starts", lang, day=day(talks.starts, lang))] if talks.starts else []
    return out + [
        text("deadline", lang, name=d.name.get(lang), day=_when(d, lang))
        for d in talks.deadlines
        # What presses on another side alone is that side's to know.
        if (d.on or d.month) and (not d.presses or party in d.presses)
    ]


def _when(deadline: Deadline, lang: Language) -> str:
    return day(deadline.on, lang) if deadline.on else str(deadline.month)


def _issues(game: Exercise, party: str, lang: Language) -> list[str]:
    lines = [f"### {text('issues', lang)}", ""]
    for issue in game.issues:
        entry = game.file.issues[issue]
        now = entry.options[entry.index(entry.status_quo)].name.get(lang)
        lines.append(f"- {text('issue', lang, issue=own_issue(game, party, issue, lang), now=now)}")
    return [*lines, ""]


def _demands(game: Exercise, party: str, lang: Language) -> list[str]:
    """Who publicly wants which agenda, and what the party itself has asked for beforehand."""
    lines = []
    for agenda in game.file.agendas.values():
        name = (
            agenda.name.get(lang) if agenda.name is not None else issues_named(game.file, agenda.issues, lang)
        )
        wanted = [party_name(game.file, p, lang) for p in agenda.wanted_by]
        refused = [party_name(game.file, p, lang) for p in agenda.refused_by]
        told = [text("wanted", lang, parties=joined(wanted, lang))] if wanted else []
        told += [text("refused", lang, parties=joined(refused, lang))] if refused else []
        if told:
            mark = "；" if lang == "zh" else "; "
            colon = "：" if lang == "zh" else ": "
            lines.append(f"- {escape(name)}{colon}{mark.join(told)}")
    lines += [
        f"- {text('own-demand', lang, text=p.text.get(lang))}"
        for p in game.file.preconditions
        if p.by == party and p.text is not None
    ]
    return [f"### {text('demands', lang)}", "", *lines, ""] if lines else []


def _settings(game: Exercise, lang: Language) -> list[str]:
    found = game.file.settings
    known: list[Setting] = [s for s in found.options if s.status != "open" or s.proposed_by] if found else []
    lines = []
    for setting in known[:MOST_SETTINGS]:
        name = setting_name(game.file, setting.id, lang)
        lines.append(
            f"- {text('setting', lang, name=name, status=say(f'roles.status-{setting.status}', lang))}"
        )
    return [f"### {text('settings', lang)}", "", *lines, ""] if lines else []


def _points(game: Exercise, party: str, lang: Language) -> list[str]:
    p = game.parties.index(party)
    lines = [f"## {text('points', lang)}", "", text("points-meaning", lang), ""]
    rows = []
    for i, issue in enumerate(game.issues):
        for k, option in enumerate(game.file.issues[issue].options):
            first = own_issue(game, party, issue, lang) if k == 0 else ""
            mark = _mark(game, p, i, k, lang)
            rows.append((first, game.letter(k), option.name.get(lang), points(game.points[i][p, k]), mark))
    heads = ("issue", "letter", "option", "points", "mark")
    return lines + table([say(f"roles.column-{h}", lang) for h in heads], rows)


def _mark(game: Exercise, p: int, i: int, k: int, lang: Language) -> str:
    own = [n for n in game.lines if n.party == p and n.issue == i and k in n.options]
    if any(n.cost is None for n in own):
        return say("roles.never", lang)
    cost = max((n.cost or 0 for n in own), default=0)
    return say("roles.costs", lang, points=counted(cost, lang)) if cost else ""


def _limits(game: Exercise, party: str, lang: Language) -> list[str]:
    p = game.parties.index(party)
    lines = [f"## {text('limits', lang)}", ""]
    lines.append(f"- {text('walk-away', lang, points=counted(game.walk_away[p], lang))}")
    lines.append(f"- {text('red-lines' if any(n.party == p for n in game.lines) else 'no-red-lines', lang)}")
    for line in game.file.red_lines:
        if line.party == party and line.on == "agenda":
            refused = issues_named(game.file, line.rejects, lang)
            lines.append(f"- {text('not-discussed', lang, issues=refused)}")
    for bonus in game.bonuses:
        if bonus.party == p:
            together = combination(game, bonus.when, lang)
            lines.append(f"- {text('bonus', lang, options=together, points=f'{bonus.points:+d}')}")
    lines += _payments(game, party, lang)
    for no in game.excluded:
        lines.append(f"- {text('excluded', lang, options=combination(game, no, lang))}")
    return [*lines, ""]


def _payments(game: Exercise, party: str, lang: Language) -> list[str]:
    """What one unit of the case's side payments is worth to a party; nothing where it gives or takes none."""
    currency = game.file.currency
    worth = currency.worth.get(party) if currency is not None else None
    if currency is None or worth is None:
        return []
    told = f"{FULL * worth.estimate.middle(worth.bounds):.3g}"
    lines = [f"- {text('payments', lang, name=currency.name.get(lang), points=told)}"]
    if currency.most is not None:
        most = f"{currency.most.estimate.middle(currency.most.bounds):.3g}"
        lines.append(f"- {text('payments-most', lang, most=most)}")
    return lines


def combination(game: Exercise, when: dict[int, int], lang: Language) -> str:
    """Options of several issues in words."""
    return joined([settled(game, i, k, lang) for i, k in sorted(when.items())], lang)


def settled(game: Exercise, i: int, k: int, lang: Language) -> str:
    """An issue and the option it is settled with, in neutral words."""
    issue = game.issues[i]
    colon = "：" if lang == "zh" else ": "
    return f"{issue_name(game.file, issue, lang)}{colon}{game.file.issues[issue].options[k].name.get(lang)}"


def package(game: Exercise, options: Sequence[int], lang: Language) -> str:
    """A package in words, every issue of it."""
    return ("；" if lang == "zh" else "; ").join(
        settled(game, i, int(k), lang) for i, k in enumerate(options)
    )


# ---- the answer form ---------------------------------------------------------------------------------------------


def form(game: Exercise, lang: Language) -> str:
    """A blank answer form to print: one choice an issue."""
    lines = [f"# {text('form', lang)}", "", f"**{escape(game.file.title.get(lang))}**", ""]
    lines += [text("form-names", lang), "", text("form-how", lang), ""]
    rows = []
    for issue in game.issues:
        options = game.file.issues[issue].options
        told = "　".join(f"☐ {game.letter(k)} {o.name.get(lang)}" for k, o in enumerate(options))
        rows.append((issue_name(game.file, issue, lang), told))
    lines += table([say("roles.column-issue", lang), say("roles.column-choice", lang)], rows)
    lines += [f"☐ {text('form-none', lang)}", ""]
    return "\n".join(lines) + "\n"


def form_csv(game: Exercise, lang: Language) -> str:
    """The table a teacher fills in: a column for the pair and one an issue."""
    out = io.StringIO()
    issues = [issue_name(game.file, issue, lang) for issue in game.issues]
    csv.writer(out, lineterminator="\n").writerow([say("roles.column-pair", lang), *issues])
    return out.getvalue()


# ---- the teacher's sheet -----------------------------------------------------------------------------------------


def teacher(game: Exercise, lang: Language, picture: str | None = None) -> str:
    """Everything for the debriefing: what was possible, the reference points, who could have traded what."""
    file = game.file
    names = [party_name(file, p, lang) for p in game.parties]
    lines = [f"# {text('teacher', lang)}", "", f"**{escape(file.title.get(lang))}**", ""]
    lines += [text("teacher-only", lang), "", f"## {text('how', lang)}", ""]
    lines += [f"{k}. {text(f'run-{k}', lang)}" for k in range(1, 6)]
    lines += ["", f"## {text('possible', lang)}", ""]
    size, inside = len(game.frontier), len(game.zone)
    lines += [text("frontier-size" if inside else "zone-empty", lang, frontier=size, zone=inside), ""]
    if picture is not None:
        lines += [f"![{text('chart-title', lang)}]({picture})", ""]
    columns = [say("roles.column-package", lang), *names]
    curve = game.zone if inside else game.frontier
    lines += table(
        columns,
        [
            (package(game, options, lang), *(points(v) for v in at))
            for at, options in zip(curve.points, curve.packages, strict=True)
        ],
    )
    lines += [f"## {text('references', lang)}", "", text("references-meaning", lang), ""]
    away = (say("roles.walk-away-short", lang), "", *(points(v) for v in game.walk_away))
    rows = [
        (term(rule, lang), package(game, found.package, lang), *(points(v) for v in found.utilities))
        for rule, found in references(game).items()
    ]
    lines += table([say("roles.column-rule", lang), *columns], [*rows, away])
    lines += _logrolling(game, names, lang)
    lines += [f"## {text('ask', lang)}", "", *(f"- {text(f'ask-{k}', lang)}" for k in range(1, 5)), ""]
    return "\n".join(lines) + "\n"


def references(game: Exercise) -> dict[str, Solution]:
    """The reference points of the exercise; none where nothing leaves everybody at the walk-away value."""
    rules = (solutions.nash, solutions.kalai_smorodinsky, solutions.egalitarian, solutions.utilitarian)
    found = {name: rule(game.zone) for name, rule in zip(RULES, rules, strict=True)}
    return {name: solution for name, solution in found.items() if solution is not None}


def _logrolling(game: Exercise, names: Sequence[str], lang: Language) -> list[str]:
    """How much each issue matters to whom, and which yields on two issues leave both sides better off."""
    lines = [f"## {text('logrolling', lang)}", "", text("logrolling-meaning", lang), ""]
    rows = []
    for i, issue in enumerate(game.issues):
        spread = game.points[i].max(axis=1) - game.points[i].min(axis=1)
        best = [set(np.flatnonzero(own == own.max())) for own in game.points[i]]
        most = [names[int(p)] for p in np.flatnonzero(spread == spread.max())]
        shared = bool(set.intersection(*best))
        told = say("roles.shared", lang) if shared else joined(most, lang)
        rows.append((issue_name(game.file, issue, lang), *(points(v) for v in spread), told))
    lines += table([say("roles.column-issue", lang), *names, say("roles.column-most", lang)], rows)
    trades = _trades(game)
    lines += [
        "- "
        + text(
            "trade",
            lang,
            first=names[a],
            second=names[b],
            one=issue_name(game.file, game.issues[i], lang),
            other=issue_name(game.file, game.issues[j], lang),
            gain=counted(gain_a, lang),
            gains=counted(gain_b, lang),
        )
        for gain_a, gain_b, a, b, i, j in trades
    ]
    return [*lines, "" if trades else text("no-trade", lang), ""]


def _trades(game: Exercise) -> list[tuple[float, float, int, int, int, int]]:
    """Pairs of yields that leave both better off: a on issue i, b on issue j; the most even gains first."""
    out = []
    for a, b in combinations(range(len(game.parties)), 2):
        for i in range(len(game.issues)):
            for j in range(len(game.issues)):
                if i != j and (found := _trade(game, a, b, i, j)) is not None:
                    out.append((*found, a, b, i, j))
    return sorted(out, key=lambda t: -min(t[0], t[1]))


def _trade(game: Exercise, a: int, b: int, i: int, j: int) -> tuple[float, float] | None:
    """Gains of both where issue i goes from a's best to b's, and issue j from b's best to a's."""
    one, other = game.points[i], game.points[j]
    gain = other[a].max() - other[a, other[b].argmax()] - (one[a].max() - one[a, one[b].argmax()])
    gains = one[b].max() - one[b, one[a].argmax()] - (other[b].max() - other[b, other[a].argmax()])
    return (float(gain), float(gains)) if gain > 0 and gains > 0 else None
