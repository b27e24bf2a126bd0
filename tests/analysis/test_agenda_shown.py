"""Agendas as they are shown: tables, charts, claims behind each row, and the one shape of JSON."""

import json
from typing import Any

import pytest

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from zopa.case.case import Case
from zopa.errors import IncompleteCaseError
from zopa.words import say

N = 100


def three() -> Case:
    sides = {name: tables.party(name.capitalize(), f"{name}方") for name in ("left", "right", "third")}
    file = tables.debate(parties=sides)
    file["preferences"]["third"] = {
        "land": tables.preference("10 to 20", "some", "none"),
        "water": tables.preference("10 to 30", "shared", "old"),
        "no_deal": {"value": "0.1 to 0.6", "assumed": True},
    }
    file["agendas"]["short"]["wanted_by"] = ["left", "third"]
    return case(file, *tables.record())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("made", [tables.debated, three])
def test_table_and_chart_hold_the_agendas(made: Any, lang: str):
    agenda = zopa.agenda(made(), draws=N)
    assert len(agenda.table(lang).rows) == len(agenda.rows())
    chart = agenda.plot(lang)
    assert [v["value"] for v in chart.spec["data"]["values"]] == [
        *(row.best.value for row in agenda.rows()[:2]),
        agenda.rows()[2].best.value,
    ]
    assert [v["strong"] for v in chart.spec["data"]["values"]] == [True, True, False]
    assert chart.missing == ()
    assert ("everything" if lang == "en" else "全部议题") in chart.to_svg()


def test_three_parties_have_one_quarrel():
    assert (
        zopa.agenda(three(), draws=50)
        .headline("en")
        .startswith("The quarrel is over Water (on the agenda Right wants, not on that of Left and Third). ")
    )


def test_every_row_has_its_claims_and_its_intervals():
    for row in zopa.agenda(tables.debated(), draws=N).rows():
        assert set(row.because) == {f"c{k}" for k in range(6)}
        for chance in (row.exists, row.best, *row.refused.values()):
            assert 0.0 <= chance.low <= chance.high <= 1.0
        assert 0.0 <= row.mutual <= 1.0
        assert row.ranges["joint_gain"][0] <= row.joint_gain <= row.ranges["joint_gain"][1]
        for name, values in (("nash", row.nash), ("gain", row.gain)):
            for party, value in (values or {}).items():
                low, high = row.ranges[f"{name}.{party}"]
                assert low <= value <= high


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_holds_the_nash_points_each_number_beside_its_zero_line(lang: str):
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=300)
    file, parties = agenda.case.file, agenda.case.negotiators
    caption = say("agenda.caption-nash", lang)
    (table,) = [t for t in agenda.tables(lang) if t.caption == caption]
    shown = [r for r in agenda.rows() if r.gain is not None or f"gain.{parties[0]}" in r.zeros]
    assert len(table.rows) == len(parties) * len(shown) and shown[0].names
    for k, party in enumerate(parties):
        first, row = table.rows[k * len(shown)], shown[0]
        assert row.nash is not None and row.gain is not None
        assert first[0] == file.parties[party].name.get(lang)
        assert (
            first[2].startswith(f"{row.nash[party]:.2f} (")
            and first[3] == f"{row.zeros[f'nash.{party}']:.2f}"
        )
        assert (
            first[4].startswith(f"{row.gain[party]:.2f} (")
            and first[5] == f"{row.zeros[f'gain.{party}']:.2f}"
        )
    zero = say("agenda.column-zero", lang)
    assert [c == zero for c in agenda.table(lang).columns][-2:] == [False, True]
    assert agenda.table(lang).rows[0][-1] == f"{agenda.rows()[0].zeros['joint_gain']:.2f}"


def test_what_is_certain_is_told_without_a_range_and_what_nobody_says_without_a_column():
    agenda = zopa.agenda(zopa.open_case("england-zimbabwe"), draws=50)
    assert agenda.table("en").rows[0][-2:] == ("1.25", f"{agenda.rows()[0].zeros['joint_gain']:.2f}")
    assert say("agenda.column-sides", "en") not in agenda.table("en").columns
    captions = [t.caption for t in agenda.tables("en")]
    assert say("agenda.caption-blocks", "en") not in captions
    assert all(o.best == o.worst for o in agenda.orders)
    assert agenda.tables("zh")[-1].rows[0][1] == "次序无关"
    assert say("agenda.note-smallest-quo", "en") in agenda.notes("en")
    assert (
        say("agenda.note-smallest-quo", "en")
        not in zopa.agenda(zopa.open_case("muscat-2026"), draws=50).notes()
    )


def test_json_shape():
    out = json.loads(json.dumps(zopa.agenda(tables.debated(), draws=N).to_json()))
    assert out["command"] == "agenda"
    assert set(out) == {"ok", "command", "case", "method", "parameters", "seed", "rows"}
    told = out["parameters"]
    assert {k: v for k, v in told.items() if not isinstance(v, list | dict)} == {
        "draws": N,
        "after_moves": False,
        "threshold": 0.5,
        "agendas": 3,
        "packages": 9,
        "solved": N,
        "in_turn": N,
    }
    assert set(told["contrast"]) == {
        *("more", "less", "value", "low", "high", "zero", "cited", "verdict", "readings"),
    }
    assert len(told["sequences"]) == 3 and {o["party"] for o in told["orders"]} == {"left", "right"}
    assert told["search"] == {"whole": 2, "measured": 3, "draws": N, "found": len(told["smallest"])}
    row = out["rows"][0]
    assert row["issues"] == ["land"]
    assert row["best"]["verdict"] in ("shows", "open", "silent")
    assert set(row["refused"]) == {"left", "right"}


def test_a_missing_section_is_named():
    with pytest.raises(IncompleteCaseError) as caught:
        zopa.agenda(tables.debated(issues={}, preferences={}, red_lines=[], agendas={}), draws=N)
    assert [p.code for p in caught.value.problems] == ["needs-issues"]
