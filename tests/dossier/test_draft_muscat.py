"""What the draft of the Muscat article must find; facts only, the article itself is no part of the repository."""

from datetime import date

import pytest

import zopa
from tests.shared import shared_data
from zopa.case.case import Case
from zopa.case.folder import problems, read_case
from zopa.case.format import format_case
from zopa.dossier.draft import draft_folder

DAY = date(2026, 2, 4)
ARTICLE = shared_data("dossiers/muscat-2026/article.zh.txt")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = draft_folder([ARTICLE], tmp_path_factory.mktemp("muscat") / "case", published=date(2026, 2, 5))
    assert problems(folder) == ()
    assert format_case(folder, write=False) == ()
    return read_case(folder)


def test_the_parties_and_their_roles(case):
    roles = {key: party.role for key, party in case.file.parties.items()}
    assert roles["us"] == roles["iran"] == ("negotiator",)
    assert roles["oman"] == ("host", "mediator")
    assert roles["israel"] == ("outside",)
    assert {roles[state] for state in ("turkiye", "qatar", "egypt")} == {("mediator",)}
    group = case.file.parties["middle-eastern-states"]
    assert (group.role, group.name.zh) == (("lobby",), "9个中东国家")


def test_the_issues_and_which_end_each_side_wants(case):
    assert set(case.file.issues) == {"nuclear", "missiles", "proxies", "sanctions"}
    best = {
        side: {i: p.best for i, p in preferences.issues.items()}
        for side, preferences in case.file.preferences.items()
    }
    assert best["us"] == {
        "nuclear": "given-up",
        "missiles": "dismantled",
        "proxies": "ended",
        "sanctions": "as-is",
    }
    assert best["iran"] == {
        "nuclear": "as-is",
        "missiles": "as-is",
        "proxies": "as-is",
        "sanctions": "lifted",
    }


def test_both_agendas_and_who_wants_which(case):
    narrow, broad = case.file.agendas["narrow"], case.file.agendas["broad"]
    assert set(narrow.issues) == {"nuclear", "sanctions"}
    assert (narrow.wanted_by, narrow.refused_by) == (("iran",), ("us",))
    assert set(broad.issues) == {"nuclear", "missiles", "proxies", "sanctions"}
    assert (broad.wanted_by, broad.refused_by) == (("us",), ("iran",))


def test_the_red_lines(case):
    lines = {(line.party, line.issue or line.on): line.rejects for line in case.file.red_lines}
    assert lines["iran", "missiles"] == ("range-cap", "dismantled")
    assert lines["iran", "nuclear"] == ("given-up",)  # the right to peaceful use is called inalienable
    assert lines["iran", "agenda"] == ("missiles", "proxies")


def test_the_settings(case):
    found = {s.place: s for s in case.file.settings.options}
    muscat, istanbul = found["muscat"], found["istanbul"]
    assert (muscat.status, muscat.form, muscat.host, muscat.proposed_by) == (
        "agreed",
        "open",
        "oman",
        ("iran",),
    )
    assert (istanbul.status, istanbul.proposed_by, istanbul.refused_by) == ("refused", ("us",), ("iran",))
    assert istanbul.observers == ("observer-states",)
    assert muscat.observers == ()


def test_the_people_and_what_they_do(case):
    people = {person.name.zh: (person.party, person.role) for person in case.file.people.values()}
    assert people["特朗普"] == ("us", "decides")
    assert people["哈梅内伊"] == ("iran", "decides")
    assert people["鲁比奥"] == ("us", "speaks")
    assert people["阿拉格齐"] == ("iran", "negotiates")
    assert people["威特科夫"] == ("us", "negotiates")
    assert {people[name] for name in ("李子昕", "哈勒凡·图基", "金·加塔斯")} == {(None, "comments")}


def test_what_was_done_on_which_day(case):
    done = {(move.party, move.chosen, move.on) for move in case.file.moves}
    assert ("iran", "demanded", date(2026, 2, 3)) in done
    assert ("us", "refused", date(2026, 2, 4)) in done
    assert ("iran", "called-off", date(2026, 2, 4)) in done
    assert ("us", "restored", date(2026, 2, 4)) in done
    assert not any(day > date(2026, 2, 5) for _, _, day in done)


def test_relations_judgements_and_what_is_open(case):
    between = {(r.from_, r.kind, r.to) for r in case.file.relations}
    assert {("us", "asked-to-refrain", "israel"), ("middle-eastern-states", "lobbies", "us")} <= between
    stakes = {(j.party, j.stake, str(j.probability.estimate)) for j in case.file.judgements}
    assert ("israel", "ally", "0.01 to 0.05") in stakes
    open_questions = " ".join(u.text.get("zh") for u in case.file.unknowns)
    assert "何种方式" in open_questions
    assert "议题范围" in open_questions


# ---- beside the example written by hand --------------------------------------------------------------------------------


SUBSTANCE = {"enrichment": "nuclear", "rebuild": "nuclear", "partners": "proxies"}
"""The example tells some of the draft's issues apart, or calls them otherwise."""


@pytest.fixture(scope="module")
def example() -> Case:
    return zopa.open_case("muscat-2026")


def same(issues):
    return frozenset(SUBSTANCE.get(issue, issue) for issue in issues)


def test_the_same_quarrel_over_the_agenda(case, example):
    def quarrel(one):
        return {(same(a.issues), a.wanted_by, a.refused_by) for a in one.file.agendas.values()}

    assert quarrel(case) == quarrel(example)
    # And so the analysis names the same bone of contention.
    for one in (case, example):
        disputed = {frozenset(a.issues) for a in one.file.agendas.values()}
        assert same(max(disputed, key=len) - min(disputed, key=len)) == {"missiles", "proxies"}
        told = zopa.agenda(one, draws=100).headline("en").split(". ")[0]
        assert "missiles" in told.lower()
        assert "on the agenda the United States wants, not on that of Iran" in told


def test_the_same_red_lines_for_the_same_sides(case, example):
    def lines(one):
        return {(r.party, SUBSTANCE.get(r.issue, r.issue) if r.issue else r.on) for r in one.file.red_lines}

    substance = {("iran", "nuclear"), ("iran", "missiles"), ("iran", "agenda"), ("us", "nuclear")}
    assert substance <= lines(case)
    assert substance <= lines(example)
    # A draft claims no red line on substance that the example does not have.
    assert {line for line in lines(case) if line[1] != "venue"} == substance


def test_talks_were_called_off_and_restored(case, example):
    def course(one, off, on):
        moves = {m.chosen: (m.party, m.on) for m in one.file.moves}
        return moves[off], moves[on]

    off, on = course(case, "called-off", "restored")
    assert (off, on) == course(example, "say-off", "agree") == (("iran", DAY), ("us", DAY))


def test_which_setting_each_side_preferred(case, example):
    def preferred(one):
        options = [s for s in one.file.settings.options if s.proposed_by]
        return {(s.place, s.status, s.proposed_by, s.refused_by, bool(s.observers)) for s in options}

    assert preferred(case) == preferred(example)


def test_a_draft_settles_nothing_by_itself(case):
    for answer in (zopa.agenda(case, draws=100), zopa.setting(case, draws=100)):
        assert "cannot say" in answer.headline("en")
