"""What the draft of the Muscat article must find; facts only, the article itself is no part of the repository."""

from datetime import date

import pytest

from tests.shared import shared_data
from zopa.case.case import Case
from zopa.case.folder import problems, read_case
from zopa.case.format import format_case
from zopa.dossier.draft import draft_folder

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
