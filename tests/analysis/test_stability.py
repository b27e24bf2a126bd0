"""The standoff's analysis: known conflicts, ignorance, words, and what the numbers mean."""

import json
from datetime import date
from pathlib import Path

import pytest

import zopa
from tests.shared import shared_data
from zopa.analysis import _stability_rows
from zopa.case import verdicts
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.case.interop import import_conflict
from zopa.case.model import CaseFile
from zopa.case.rankings import profiles
from zopa.case.standoff import Merged
from zopa.case.verdicts import concepts_of, drawn_verdicts
from zopa.claims.ledger import Ledger
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import CONCEPTS
from zopa.methods.stability import stable


@pytest.fixture(scope="module")
def muscat():
    return zopa.stability(zopa.open_case("muscat-2026"), draws=400)


@pytest.fixture(scope="module")
def elmira():
    return zopa.stability(zopa.open_case("elmira"), draws=100)


# ---- known answers ---------------------------------------------------------------------------------------------------


def test_elmira_has_its_published_equilibria(elmira):
    """Hipel, Kilgour, Fang and Peng (1997), as in the case file's head."""
    for concept, states in {
        "nash": {5, 6, 7, 10, 11, 12},
        "gmr": {1, 4, 5, 6, 7, 10, 11, 12},
        "smr": {1, 4, 5, 6, 7, 10, 11, 12},
        "seq": {5, 6, 7, 10, 11, 12},
        "sseq": {5, 6, 7, 10, 11, 12},
        "sim": {5, 6, 7, 10, 11, 12},
    }.items():
        assert {row.n for row in elmira.rows() if row.under(concept).equilibrium} == states


def test_every_shared_conflict_is_answered_as_its_file_says(tmp_path: Path):
    source = shared_data("standoff") / "conflicts.json"
    cases = json.loads(source.read_text(encoding="utf-8"))["cases"]
    for k, given in enumerate(cases):
        one = tmp_path / f"{k}.json"
        one.write_text(json.dumps(given), encoding="utf-8")
        case = zopa.open_case(import_conflict(one, tmp_path / f"case-{k}"))
        found = zopa.stability(case, draws=50).to_json()
        parties = found["parameters"]["parties"]
        assert [row["n"] for row in found["rows"]] == list(range(1, len(given["states"]) + 1))
        for concept, states in given["equilibria_definition"].items():
            own = [row["n"] for row in found["rows"] if row[concept]["equilibrium"]]
            assert own == states, (given["name"], concept)
        for concept, sides in given.get("stable_for_definition", {}).items():
            for party, states in zip(parties, sides, strict=True):
                own = [row["n"] for row in found["rows"] if party in row[concept]["stable_for"]]
                assert own == states, (given["name"], concept, party)
        if given["form"] == "option":
            ids = list(found["rows"][0]["options"])
            for row, state in zip(found["rows"], given["states"], strict=True):
                pattern = "".join("Y" if row["options"][o] else "N" for o in ids)
                assert pattern == state["pattern"]


def test_draws_are_judged_each_on_its_own(muscat):
    conflict, drawn = conflict_of(muscat.case.file), muscat.case.draws(400)
    found = drawn_verdicts(drawn, conflict)
    for at, ranks in enumerate(profiles(drawn, conflict)[:60]):
        verdicts = stable(conflict.model, ranks)
        for concept in CONCEPTS:
            assert (found.equilibrium(concept)[at] == verdicts[concept].all(axis=0)).all()
            for p in range(len(conflict.parties)):
                assert (found.stable(concept, p)[at] == verdicts[concept][p]).all()
    for k, row in enumerate(muscat.rows()):
        assert row.seq.share.value == pytest.approx(found.equilibrium("seq")[:, k].mean())


# ---- what the numbers mean -------------------------------------------------------------------------------------------


def test_rows_and_endings_agree(muscat):
    """An ending lasts at least as often as any one of its states."""
    for ending in muscat.endings:
        states = [r for r in muscat.rows() if ending.outcome in r.outcomes]
        if ending.outcome is not None:
            assert len(states) == ending.states
            assert ending.lasts.value >= max(r.seq.share.value for r in states) - 1e-9
    assert muscat.ending("us-strike").lasts.zero == 1.0
    assert muscat.ending("deal").lasts.verdict in ("open", "shows")


def test_concepts_are_nested_in_every_share(muscat):
    for row in muscat.rows():
        assert row.nash.share.value <= row.smr.share.value <= row.gmr.share.value
        assert row.nash.share.value <= row.seq.share.value <= row.gmr.share.value
        assert row.sseq.share.value <= min(row.smr.share.value, row.seq.share.value)


def test_a_case_without_claims_cannot_say():
    case = zopa.open_case("muscat-2026")
    bare = Case(case.file, Ledger({}), case.folder)
    found = zopa.stability(bare, draws=300)
    assert all(ending.lasts.verdict == "silent" for ending in found.endings)
    assert "cannot say" in found.headline("en")
    assert "无从回答" in found.headline("zh")


def test_no_standoff_is_told():
    case = zopa.open_case("england-zimbabwe")
    with pytest.raises(IncompleteCaseError) as caught:
        zopa.stability(case, draws=100)
    assert caught.value.problems[0].code == "needs-standoff"


def test_an_unknown_state_is_a_value_error():
    with pytest.raises(ValueError, match="stability: state is 99, but the states run from 1 to 12"):
        zopa.stability(zopa.open_case("elmira"), draws=100, state=99)


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verdict_is_explained(elmira, lang):
    for row in elmira.rows():
        table = elmira.explain(row.n, lang)
        assert len(table.rows) == 3 * len(elmira.concepts)
        assert all(cells[2] for cells in table.rows)


def test_the_words_say_what_the_engine_found(elmira):
    """State 1: the local government gains by insisting; under GMR an answer would take the gain away."""
    told = {cells[:2]: cells[2] for cells in elmira.explain(1, "en").rows}
    assert told["SEQ", "Local government"].startswith("Gains by “Insist on the original order”")
    assert told["GMR", "Local government"].startswith("Would gain by “Insist on the original order”; but")
    assert told["Nash", "Uniroyal Chemical"] == "Has no move that it would prefer."
    stays = {cells[:2]: cells[3] for cells in elmira.explain(1, "en").rows}
    assert (stays["SEQ", "Local government"], stays["GMR", "Local government"]) == ("0% (0)", "100% (100)")


def test_no_concept_denies_an_answer_that_another_one_names(elmira):
    """State 3, local government: nobody's answer counts under Nash, the plant's closure does under SEQ."""
    told = {cells[:2]: cells[2] for cells in elmira.explain(3, "en").rows}
    assert told["Nash", "Local government"] == "Gains by “Insist on the original order”."
    assert "but the answer (Uniroyal Chemical" in told["SEQ", "Local government"]
    free = {cells[0]: cells[2] for cells in elmira.explain(1, "en").rows if cells[1] == "Local government"}
    assert "no answer that is better for who gives it" in free["SEQ"]
    assert "but the answer" in free["GMR"]
    for row in elmira.rows():
        for concept, party, words, *_ in elmira.explain(row.n, "en").rows:
            assert ("no answer" in words) <= (concept in ("GMR", "SMR", "SEQ", "SSEQ")), (
                row.n,
                concept,
                party,
            )


def test_every_share_beside_a_reason_has_its_range_and_zero_line(muscat):
    for reason in muscat.reasons:
        assert reason.share.low <= reason.share.value <= reason.share.high
        if reason.tempting is not None:
            assert 0 < reason.tempting[1].value <= 1 and 0 <= reason.tempting[1].zero <= 1


def test_every_table_and_note_is_there_in_both_languages(muscat):
    for lang in ("en", "zh"):
        tables = muscat.tables(lang)
        assert [len(t.rows) > 0 for t in tables] == [True] * len(tables)
        assert len(tables) == 6
        assert all(muscat.notes(lang))
    assert len(muscat.plot("en").spec["vconcat"]) == 2


def test_assurances_gain_what_the_difference_of_the_shares_is(muscat):
    before = next(a for a in muscat.assurances if a.assurance is None)
    for row in muscat.assurances:
        if row.gained is not None:
            assert row.gained[0] == pytest.approx(row.share.value - before.share.value, abs=1e-9)
            assert row.share.zero == before.share.zero
    assert {"inspection", "all", None} <= {a.assurance for a in muscat.assurances}


def test_a_threat_is_due_where_its_condition_holds(muscat):
    due = {row.threat: row for row in muscat.threats}
    options = {row.n: row.options for row in muscat.rows()}
    for n in due["us-on-rebuilding"].states:
        assert options[n]["rebuild"]
        assert not options[n]["strike"]
    assert due["us-on-rebuilding"].everywhere.value <= due["us-on-rebuilding"].somewhere.value


# ---- single pairs, unknown and strong --------------------------------------------------------------------------------


def prisoners(**more: object) -> Case:
    """Ann and Ben: each would rather have the other silent, then itself not. States 1 none, 2 Ann, 3 Ben, 4 both."""

    def wants(*statements: str, **pairs: object) -> dict[str, object]:
        return {
            "statements": [{"holds": s, "chance": 1, "assumed": True} for s in statements],
            "assumed": True,
            **pairs,
        }

    file = {
        "zopa": 1,
        "title": "Two prisoners",
        "as_of": date(2024, 3, 10),
        "parties": {p: {"name": p.title(), "role": "negotiator"} for p in ("ann", "ben")},
        "standoff": {
            "options": [
                {"id": f"{p}_silent", "party": p, "name": f"{p.title()} keeps silent", "assumed": True}
                for p in ("ann", "ben")
            ],
            "rankings": {
                "ann": wants("ben_silent", "not ann_silent", **more),
                "ben": wants("ann_silent", "not ben_silent"),
            },
        },
    }
    return Case(CaseFile.model_validate(file), Ledger({}))


def equilibria(found, concept: str) -> list[int]:
    return [row.n for row in found.rows() if row.under(concept).equilibrium]


def test_the_prisoners_hold_only_by_the_answer():
    found = zopa.stability(prisoners(), draws=50)
    assert equilibria(found, "nash") == [1]
    assert equilibria(found, "seq") == [1, 4]
    assert found.certain
    assert "central" not in " ".join(found.notes("en"))


def test_a_single_pair_overrules_the_ranking():
    """Ann would keep silence with Ben rather than betray him: silence then holds for her by itself."""
    found = zopa.stability(prisoners(prefers=[[4, 3]]), draws=50)
    assert "ann" in found.state(4).nash.stable_for
    assert "ben" not in found.state(4).nash.stable_for
    assert found.state(4).nash.stable["ann"].value == 1.0


def test_an_unknown_pair_is_settled_by_a_coin_and_bounded():
    found = zopa.stability(prisoners(unknown=[[4, 3]]), draws=600)
    row = found.state(4)
    assert "ann" in row.possible["nash"]
    assert "ann" not in row.necessary["nash"]
    assert row.nash.stable["ann"].value == pytest.approx(0.5, abs=0.08)
    assert [cells[0] for t in found.tables("en") for cells in t.rows if "unknown" in t.caption] == ["4"] or (
        row.possible["seq"] == row.necessary["seq"]
    )


def test_a_state_holds_strongly_where_the_answer_is_much_worse():
    """From both silent (4) Ann gains in 3; Ben's answer leads to 1, much worse than 4 if the case says so."""
    strong = zopa.stability(prisoners(strongly=[[4, 1]]), draws=50).state(4)
    assert "ann" in strong.strong["seq"]
    assert "ann" in strong.seq.stable_for
    other = zopa.stability(prisoners(strongly=[[3, 2]]), draws=50)
    assert "ann" not in other.state(4).strong["seq"]
    assert "ann" in other.state(4).seq.stable_for
    assert any("strongly" in t.columns[2] for t in other.tables("en") if len(t.columns) > 2)


def test_what_is_much_better_is_better_in_every_table():
    """Ann's ranking puts 3 above 4, her strong pair 4 above 3: one preference, in the reasons as in the verdicts."""
    found = zopa.stability(prisoners(strongly=[[4, 3]]), draws=50)
    assert "ann" in found.state(4).nash.stable_for
    told = {cells[:2]: cells[2] for cells in found.explain(4, "en").rows}
    assert told["Nash", "Ann"] == "Has no move that it would prefer."


def test_a_merged_state_is_found_by_each_of_its_numbers():
    case = prisoners()
    merged = case.file.standoff.model_copy(
        update={"merged": (Merged.model_validate({"states": [2, 3], "name": "one talks", "assumed": True}),)}
    )
    found = zopa.stability(
        Case(case.file.model_copy(update={"standoff": merged}), Ledger({})), draws=50, state=3
    )
    assert found.state(3) == found.state(2)
    assert found.tables("en")[0].rows


# ---- size ------------------------------------------------------------------------------------------------------------


def many(options: int) -> Case:
    """Two sides that can do anything, each against the first thing the other can do."""
    each = options // 2
    file = {
        "zopa": 1,
        "title": "Many options",
        "as_of": date(2024, 3, 10),
        "parties": {p: {"name": p.title(), "role": "negotiator"} for p in ("ann", "ben")},
        "standoff": {
            "options": [
                {"id": f"{p}{k}", "party": p, "name": f"{p} {k}", "assumed": True}
                for p in ("ann", "ben")
                for k in range(each)
            ],
            "rankings": {
                p: {"statements": [{"holds": f"not {q}0", "chance": 1, "assumed": True}], "assumed": True}
                for p, q in (("ann", "ben"), ("ben", "ann"))
            },
        },
    }
    return Case(CaseFile.model_validate(file), Ledger({}), Path())


def test_too_many_states_for_simultaneous_answers_are_said_to_be(monkeypatch):
    assert "sim" in concepts_of(conflict_of(many(10).file))
    assert "sim" not in concepts_of(conflict_of(many(14).file))
    monkeypatch.setattr(verdicts, "MOST_TRIED", 1 << 20)
    found = zopa.stability(many(10), draws=100)
    assert "sim" not in found.to_json()["rows"][0]
    assert any("SIM is left out" in note for note in found.notes("en"))


def test_reasons_are_told_for_so_many_states_only(tmp_path: Path):
    found = zopa.stability(many(12), draws=100)
    for ask in (lambda: found.explain(1), lambda: found.to_csv(tmp_path / "states.csv")):
        with pytest.raises(IncompleteCaseError) as caught:
            ask()
        assert caught.value.problems[0].code == "standoff-reasons"
    assert not list(tmp_path.iterdir())


def test_very_many_certain_states_rest_on_few_draws_and_say_so(monkeypatch):
    plain = zopa.stability(many(8), draws=100)
    assert not any("zero lines rest" in note for note in plain.notes("en"))
    monkeypatch.setattr(verdicts, "WORK", 200)
    few = zopa.stability(many(8), draws=100)
    assert few.for_zero == 8
    assert any("zero lines rest on 8 draws" in note for note in few.notes("en"))
    assert [r.seq.equilibrium for r in few.rows()] == [r.seq.equilibrium for r in plain.rows()]
    assert [r.seq.share.value for r in few.rows()] == [r.seq.share.value for r in plain.rows()]


def test_ranges_of_very_many_states_are_those_of_few(monkeypatch):
    """Beyond a size ranges are told where they are asked for: they are the same."""
    case = zopa.open_case("muscat-2026")
    early = zopa.stability(case, draws=200)
    monkeypatch.setattr(_stability_rows, "TOLD", 10)
    late = zopa.stability(case, draws=200)
    for a, b in zip(early.rows(), late.rows(), strict=True):
        assert a.n == b.n
        for one, other in ((a.seq.share, b.seq.share), (a.nash.stable["iran"], b.nash.stable["iran"])):
            assert other.value == pytest.approx(one.value, abs=1e-12)
            assert (other.low, other.high, other.zero) == pytest.approx(
                (one.low, one.high, one.zero), abs=1e-9
            )


def test_rows_are_a_sequence_made_when_asked_for(elmira):
    rows = elmira.rows()
    assert len(rows) == len(list(rows)) == len(elmira.conflict)
    assert rows[-1] == rows[len(rows) - 1]
    assert rows[:2] == (rows[0], rows[1])
    with pytest.raises(IndexError):
        rows[len(rows)]


def test_where_no_ending_is_named_its_column_is_left_out():
    columns = [
        t.columns
        for t in zopa.stability(many(4), draws=100).tables("en")
        if "why it would stay or leave" in t.columns
    ]
    assert columns and all("ending" not in names for names in columns)


# ---- the chart -------------------------------------------------------------------------------------------------------


def test_listed_moves_are_drawn_as_who_stays_where(tmp_path: Path):
    cases = json.loads((shared_data("standoff") / "conflicts.json").read_text(encoding="utf-8"))["cases"]
    given = next(case for case in cases if case["form"] == "graph")
    one = tmp_path / "one.json"
    one.write_text(json.dumps(given), encoding="utf-8")
    found = zopa.stability(zopa.open_case(import_conflict(one, tmp_path / "case")), draws=50)
    [table] = found.plot("en").spec["vconcat"]
    filled = {(int(v["state"]), v["party"]) for v in table["data"]["values"] if v["taken"]}
    parties = found.parameters["parties"]
    assert filled == {(row.n, parties.index(p)) for row in found.rows() for p in row.seq.stable_for}
