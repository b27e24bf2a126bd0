"""Exercises made of a case: each side sees its own numbers only, invented names stand throughout, pairs are scored."""

import itertools
import re
import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from zopa.brief.roles import exercise
from zopa.brief.roles_dates import Moved
from zopa.brief.roles_names import fictional, real_names
from zopa.brief.roles_pages import counted
from zopa.brief.roles_results import judged, read_results
from zopa.brief.roles_write import chart, roles
from zopa.case.examples import folder, open_case
from zopa.case.fields import Localised
from zopa.case.folder import read_case
from zopa.case.interop import import_csv
from zopa.case.labels import day
from zopa.errors import DossierError
from zopa.words import LANGUAGES, catalogue, say

CASES = ("england-zimbabwe", "muscat-2026")
SHORT_FORMS = ("美方", "美伊", "伊方", "对伊", "美国", "伊朗", "土方", "阿方")
DEMONYMS = (
    "Iranian",
    "American",
    "Omani",
    "Turkish",
    "Israeli",
    "Tehran",
    "Washington",
    "Zimbabwean",
    "English",
    "British",
    "U.S.",
)


def numbers(text: str) -> list[int]:
    """The points column of a sheet."""
    return [
        int(row.split("|")[4].strip().replace("−", "-"))
        for row in text.splitlines()
        if re.match(r"\|[^|]*\| [A-Z] \|", row)
    ]


@pytest.mark.parametrize("name", CASES)
def test_best_options_add_up_to_a_hundred(name: str):
    game = exercise(open_case(name))
    best = sum(points.max(axis=1) for points in game.points)
    np.testing.assert_array_equal(best, [100, 100])
    assert all((points == np.round(points)).all() and (points >= 0).all() for points in game.points)


def test_england_has_its_weights_as_points():
    game = exercise(open_case("england-zimbabwe"))
    # .3031, .3033, .0490, .0490, .2954 of 100 and the values of the fund, 1, 9, 7, 5 ninths.
    assert game.points[0][0].tolist() == [3, 30, 23, 17]
    assert [points[0].max() for points in game.points] == [30, 30, 5, 5, 30]


def test_muscat_red_lines_forbid_or_cost():
    game = exercise(open_case("muscat-2026"))
    told = [(game.parties[n.party], game.issues[n.issue], n.options, n.cost) for n in game.lines]
    # firm: .5 to .9 is played as absolute, .15 to .55 costs the median of .05 to .25.
    assert ("iran", "missiles", (2,), None) in told
    assert ("us", "enrichment", (0, 1, 2), 15) in told
    free = game.score([3, 2, 2, 2, 0])
    assert free[0] == 100
    np.testing.assert_array_equal(
        game.score([2, 2, 2, 2, 0])[0], 100 - game.points[0][0].max() + game.points[0][0, 2] - 15
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_sheet_tells_nothing_of_the_other_side(name: str, lang: str, tmp_path: Path):
    case = open_case(name)
    roles(case, tmp_path, lang=lang)
    game = exercise(case)
    sheets = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("role-*.md"))]
    by_party = sorted(zip(game.parties, (0, 1), strict=True), key=lambda p: case.file.parties[p[0]].name.en)
    for text, (party, p) in zip(sheets, by_party, strict=True):
        assert numbers(text) == [int(v) for points in game.points for v in points[p]]
        other = next(q for q in game.parties if q != party)
        for issue in case.file.issues.values():
            called = issue.called.get(other)
            if called is not None and called.get(lang) != (issue.called.get(party) or issue.name).get(lang):
                assert called.get(lang) not in re.sub(r"（答题表.*?）|\(on the answer form.*?\)", "", text)
        for readings in case.file.readings.values():
            assert not any(r.name is not None and r.name.get(lang) in text for r in readings)
        theirs = [p.text.get(lang) for p in case.file.preconditions if p.by == other and p.text]
        assert not any(t in text for t in theirs)


def test_changing_the_other_side_changes_nothing_on_a_sheet(tmp_path: Path):
    shutil.copytree(folder("england-zimbabwe"), tmp_path / "case")
    roles(read_case(tmp_path / "case"), tmp_path / "before")
    (tmp_path / "case" / "private.yaml").write_text(
        "preferences: {england: {fund: {weight: {is: 5, assumed: true}}, no_deal: {value: 0.9, assumed: true}}}\n",
        encoding="utf-8",
    )
    case = read_case(tmp_path / "case")
    assert case.private
    roles(case, tmp_path / "after")
    for path in (tmp_path / "before").iterdir():
        # What only this desk knows reaches neither sheet, nor the teacher's.
        assert path.read_bytes() == (tmp_path / "after" / path.name).read_bytes()
    (tmp_path / "case" / "private.yaml").unlink()
    text = (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "case" / "case.yaml").write_text(
        text.replace("weight: 0.3031462333758278", "weight: 0.9", 1), encoding="utf-8"
    )
    roles(read_case(tmp_path / "case"), tmp_path / "changed")
    assert (tmp_path / "changed" / "role-zimbabwe.en.md").read_bytes() == (
        tmp_path / "before" / "role-zimbabwe.en.md"
    ).read_bytes()
    assert (tmp_path / "changed" / "role-england.en.md").read_bytes() != (
        tmp_path / "before" / "role-england.en.md"
    ).read_bytes()


# ---- invented names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_no_real_name_remains(name: str, lang: str, tmp_path: Path):
    case = open_case(name)
    roles(case, tmp_path, lang=lang, fictional=True, seed=3)
    real = {n.removeprefix("the ").strip("《》") for n in real_names(case.file)}
    real |= {
        part
        for n in (p.name.en or "" for p in case.file.people.values())
        if n.istitle()
        for part in n.split()
        if len(part) > 3
    }
    for path in tmp_path.iterdir():
        text = path.name + path.read_text(encoding="utf-8")
        for word in (*real, *SHORT_FORMS, *DEMONYMS):
            pattern = rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" if word.isascii() else re.escape(word)
            assert not re.search(pattern, text), f"{word!r} in {path.name}"


def test_invented_names_are_the_same_for_the_same_seed_and_told_apart():
    file = open_case("muscat-2026").file
    once, twice, other = fictional(file), fictional(file), fictional(file, seed=1)
    assert once == twice
    assert once != other
    for lang in LANGUAGES:
        old, new = (
            [e.name.get(lang).casefold() for part in (f.parties, f.people, f.places) for e in part.values()]
            for f in (file, once)
        )
        # A country that is a place too has one name; nobody shares a name that had another before.
        assert len(set(zip(old, new, strict=True))) == len(set(old)) == len(set(new))
    # The same place is called alike wherever it is named.
    assert once.places["muscat"].name.en in once.title.en
    assert once.parties["iran"].name.zh in once.issues["sanctions"].name.zh


def test_articles_follow_the_invented_name():
    """ "The United States" is a name with an article, an invented state's is one without; and "the the" is nothing."""
    file = open_case("muscat-2026").file
    told = {
        "Sanctions the United States lifts": "Sanctions {name} lifts",
        "The United States and Iran": "{name} and {other}",
        "The US President warned": "The {people} President warned",
        "the U.S. delegation": "the {people} delegation",
        "the Iran file": "the {other} file",
        "a US offer": "{an} {people} offer",
        "What the US says.": "What {name} says.",
    }
    for seed in range(12):
        changed = fictional(file, seed=seed)
        name = changed.parties["us"].name.en
        other = changed.parties["iran"].name.en
        pairs = [say(f"roles.{key}", "en").split("|") for key in catalogue("roles") if "name-state-" in key]
        people = dict(pairs)[name]
        an = "an" if people[0] in "AEIOU" or people.startswith("Ym") else "a"
        for text, expected in told.items():
            shown = fictional(
                file.model_copy(update={"title": Localised(en=text, zh="甲")}), seed=seed
            ).title.en
            assert shown == expected.format(name=name, other=other, people=people, an=an)
    for name in ("muscat-2026", "england-zimbabwe"):
        for seed in range(3):
            shown = repr(fictional(open_case(name).file, seed=seed))
            assert not re.search(r"\b(?:the|an?) the\b", shown, re.IGNORECASE)


def test_only_names_change():
    file = open_case("england-zimbabwe").file
    changed = fictional(file)
    assert list(changed.parties) == list(file.parties)
    assert changed.preferences == file.preferences
    assert changed.issues["fund"].name == file.issues["fund"].name
    assert changed.issues["zimbabwe-trade"].name != file.issues["zimbabwe-trade"].name


def test_all_dates_move_alike_by_whole_weeks():
    file = open_case("muscat-2026").file
    offsets = set()
    for seed in range(20):
        shown = fictional(file, seed=seed)
        moved_by = {
            new - old
            for old, new in (
                (file.as_of, shown.as_of),
                (file.talks.starts, shown.talks.starts),
                (file.talks.horizon, shown.talks.horizon),
                *((a.on, b.on) for a, b in zip(file.talks.deadlines, shown.talks.deadlines, strict=True)),
                *((a.by, b.by) for a, b in zip(file.questions, shown.questions, strict=True)),
                *((a.on, b.on) for a, b in zip(file.moves, shown.moves, strict=True)),
            )
        }
        (offset,) = moved_by
        assert offset.days % 7 == 0
        assert 3 * 364 < offset.days < 14 * 364
        assert shown.as_of.month != file.as_of.month
        offsets.add(offset)
        for old, new in zip(file.questions, shown.questions, strict=True):
            for lang in LANGUAGES:
                if day(old.by, lang) in old.text.get(lang):
                    assert day(new.by, lang) in new.text.get(lang)
        assert shown.cite is None or "2026" in shown.cite.get("zh")
    assert len(offsets) > 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_hold_none_of_the_real_days(lang: str, tmp_path: Path):
    roles(open_case("muscat-2026"), tmp_path, lang=lang, fictional=True)
    for path in tmp_path.glob("*.md"):
        assert not re.search(
            "2026|2025|6 February|3 November|2月6日|11月3日", path.read_text(encoding="utf-8")
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by 6 May 2026", "by 23 April 2031"),
        ("on 27 and 29 February 2024", "on 13 and 15 February 2029"),
        ("30 April or 2 May 2026", "17 April or 19 April 2031"),
        ("16 to 20 April 2026", "3 to 7 April 2031"),
        ("10 to 16 May 2026", "27 April to 3 May 2031"),
        ("May 6, 2026, at noon", "April 23, 2031, at noon"),
        ("on 6 May they met", "on 23 April they met"),
        ("since June 2025, 2025 soldiers in 2019", "since June 2030, 2030 soldiers in 2019"),
        ("2,025 and 2025.5 and 2025–26", "2,025 and 2025.5 and 2025–26"),
        ("31 February 2026", "31 February 2026"),
        ("到2026年5月6日，2019年6月以来", "到2031年4月23日，2024年6月以来"),
        ("2026 年 5 月 6 日，2025 年底", "2031年4月23日，2030 年底"),
        ("5月6日与2025年", "4月23日与2030年"),
        ("“12日战争”，2026 年 13 月", "“12日战争”，2026 年 13 月"),
    ],
)
def test_dates_in_texts(text: str, expected: str):
    # 259 weeks are 1,813 days, thirteen or fourteen short of five years.
    moved = Moved(timedelta(weeks=259), 2026, frozenset({2025, 2026}))
    assert moved.text(text) == expected


def test_one_point_is_singular(tmp_path: Path):
    roles(open_case("muscat-2026"), tmp_path)
    text = (tmp_path / "teacher.en.md").read_text(encoding="utf-8")
    assert re.search(r"gains 1 point and .* 17 points\.", text)
    assert not re.search(r"\b1 points", text)
    assert [counted(n, "en") for n in (0, 1, -1, 2)] == ["0 points", "1 point", "−1 point", "2 points"]


# ---- results -----------------------------------------------------------------------------------------------------

RESULTS = """pair,fund,Impact on other aid,Zimbabwe's trade policy,英格兰贸易政策,Forum on other health issues
王明,B,D,A,C,fund-committee
Zoe,10 billion dollars,half,C,C,D
Max,,,,,
"""


def test_results_against_all_packages(tmp_path: Path):
    (tmp_path / "r.csv").write_text(RESULTS, encoding="utf-8")
    game = exercise(open_case("england-zimbabwe"))
    found = {r.pair: r for r in read_results(game, tmp_path / "r.csv")}
    every = np.array([game.score(p) for p in itertools.product(*(range(x.shape[1]) for x in game.points))])
    assert len(every) == 576
    for r in found.values():
        above = every[(every >= np.array(r.points)).all(axis=1)]
        efficient = [p for p in above if not ((above >= p).all(axis=1) & (above > p).any(axis=1)).any()]
        nearest = min(np.hypot(*(p - np.array(r.points))) for p in efficient)
        assert r.distance == pytest.approx(nearest)
        assert (r.distance == 0) == (r.better is None)
        if r.better is not None:
            np.testing.assert_allclose(game.score(r.better) - r.points, r.gains)
            assert min(r.gains) == max(min(p - np.array(r.points)) for p in efficient)
    assert found["王明"].distance == 0
    assert found["Max"].package is None
    assert found["Max"].points == (0, 0)


def test_what_a_pair_did_against_its_instructions():
    game = exercise(open_case("muscat-2026"))
    # Iran gives up enrichment for good and accepts a cap on missiles: two of its absolute lines.
    crossed = judged(game, "a", (3, 2, 2, 2, 0))
    assert (crossed.crossed, crossed.distance) == (("iran",), None)
    assert "iran" in crossed.below
    below = judged(game, "b", (1, 1, 0, 0, 3))
    assert below.below == ("us",)


def test_the_frontier_is_that_of_all_packages():
    game = exercise(open_case("muscat-2026"))
    every = list(itertools.product(*(range(x.shape[1]) for x in game.points)))
    allowed = np.array([game.score(p) for p in every if not game.crossed(p)])
    best = {tuple(p) for p in allowed if not ((allowed >= p).all(axis=1) & (allowed > p).any(axis=1)).any()}
    assert {tuple(p) for p in game.frontier.points} == best


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fictional_answer_forms_are_read_back(lang: str, tmp_path: Path):
    case = open_case("england-zimbabwe")
    made = roles(case, tmp_path, lang=lang, fictional=True)
    blank = (tmp_path / f"results.{lang}.csv").read_text(encoding="utf-8")
    (tmp_path / "filled.csv").write_text(blank + "甲,A,B,C,A,D\n", encoding="utf-8")
    again = roles(case, tmp_path / "out", lang=lang, fictional=True, results=tmp_path / "filled.csv")
    assert again.results[0].package == (0, 1, 2, 0, 3)
    assert {path.suffix for path in again.paths} == {".md", ".svg", ".png"}
    assert len(made.paths) == 6
    page = next(path for path in again.paths if path.suffix == ".md").read_text(encoding="utf-8")
    assert not re.search("England|Zimbabwe|英格兰|津巴布韦", page)


def test_problems_of_the_results_are_located(tmp_path: Path):
    (tmp_path / "r.csv").write_text(RESULTS.replace("D,A,C", "E,A,").replace("Max", "Zoe"), encoding="utf-8")
    with pytest.raises(DossierError) as error:
        read_results(exercise(open_case("england-zimbabwe")), tmp_path / "r.csv")
    assert [(p.place.line, p.code) for p in error.value.problems] == [
        (2, "results-option"),
        (2, "results-open"),
        (4, "results-pair-twice"),
    ]


def test_hints_list_names_in_the_readers_language_only(tmp_path: Path):
    rows = RESULTS.replace("D,A,C,fund", "D,F,C,fund").replace("Impact on other aid", "对其他援助的影向")
    (tmp_path / "r.csv").write_text(rows, encoding="utf-8")
    game = exercise(open_case("england-zimbabwe"))
    with pytest.raises(DossierError) as column:
        read_results(game, tmp_path / "r.csv")
    (tmp_path / "r.csv").write_text(RESULTS.replace("D,A,C,fund", "D,F,C,fund"), encoding="utf-8")
    with pytest.raises(DossierError) as option:
        read_results(game, tmp_path / "r.csv")
    (one,), (two,) = column.value.problems, option.value.problems
    assert "Impact on other aid" in one.hint("en")
    assert "对其他援助的影响" in one.hint("zh")
    for problem in (one, two):
        assert not re.search("[\u4e00-\u9fff]", problem.hint("en"))
        assert not re.search("[A-Za-z]", problem.hint("zh"))


def test_three_parties_and_bonuses(tmp_path: Path):
    table = "issue,option,A,B,C\nx,l,0,6,3\n,h,6,0,3\ny,l,4,0,5\n,h,0,4,0\nno deal,,2,2,1\n"
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    made = import_csv(tmp_path / "t.csv", tmp_path / "case")
    text = (made / "case.yaml").read_text(encoding="utf-8")
    text += "synergies: [{party: c, when: {x: h, y: h}, adds: 0.5, assumed: true}]\n"
    text += "exclusions: [{not: {x: l, y: h}, assumed: true}]\n"
    text += (
        "currency: {name: fund, worth: {a: 0.05, c: 0.02}, most: {is: 8, range: [0, 10]}, assumed: true}\n"
    )
    (made / "case.yaml").write_text(text, encoding="utf-8")
    case = read_case(made)
    game = exercise(case)
    assert game.score([1, 1]).tolist() == [60, 40, 38 + 50]
    assert game.impossible([0, 1])
    assert judged(game, "p", (0, 1)).impossible
    roles(case, tmp_path / "out", lang="zh")
    assert "得分变动 +50" in (tmp_path / "out" / "role-c.zh.md").read_text(encoding="utf-8")
    # Each learns what a payment is worth to itself, and nobody what it is worth to another.
    paid = {p: (tmp_path / "out" / f"role-{p}.zh.md").read_text(encoding="utf-8") for p in "abc"}
    assert [[f"加 {n} 分" in paid[p] for n in (5, 2)] for p in "abc"] == [
        [True, False],
        [False] * 2,
        [False, True],
    ]
    assert "最多可支付 8 个单位" in paid["a"]
    for party in ("a", "b"):
        assert "+50" not in (tmp_path / "out" / f"role-{party}.zh.md").read_text(encoding="utf-8")
    assert chart(game, (judged(game, "甲", (1, 1)),), "zh").to_svg().count("<path") > 5
