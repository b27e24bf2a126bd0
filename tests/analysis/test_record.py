"""The record: who says what, how well graded, what contradicts what, and on whose word the numbers rest."""

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest

import zopa
from tests.claims.cases import AS_OF, case
from tests.claims.made import claim, ledger, source
from zopa.case.case import Case
from zopa.claims.claim import Claim
from zopa.claims.weight import Weigher

FEB, MARCH = date(2024, 2, 20), date(2024, 3, 6)


def said(name: str, quote: str, **given: Any) -> Claim:
    return claim(name, quote, **{"issues": ("talks",), "source": f"s-{name}", **given})


CLAIMS = (
    said(
        "on",
        "会谈将于12日举行",
        party="left",
        speaker_head="左方外长",
        translation={"en": "the talks will be held on the 12th"},
    ),
    said("off", "原定12日的会谈已经取消", party="right", speaker_head="右方官员", anonymous=True),
    said(
        "again",
        "经斡旋，会谈得以恢复",
        said_on=MARCH,
        known_on=MARCH,
        type="narrator",
        speaker_head="narrator",
    ),
    said(
        "line",
        "水源问题“不可谈判”",
        party="right",
        kind="refusal",
        issues=("water",),
        speaker_head="右方总理",
        said_on=FEB,
    ),
    said(
        "ask",
        "水源必须共享",
        party="left",
        kind="demand",
        issues=("water",),
        speaker_head="左方外长",
        said_on=None,
    ),
    said(
        "copy",
        "水源必须共享",
        party="left",
        kind="demand",
        issues=("water",),
        speaker_head="左方外长",
        origin="o-ask",
    ),
    said(
        "why", "右方担心失去水源", kind="motive", issues=("water",), speaker_head="一位学者", origin="o-why"
    ),
)
FILE = {
    "issues": {
        "water": {
            "name": {"en": "Water", "zh": "水源"},
            "status_quo": "old",
            "options": [{"id": "old", "name": "old"}, {"id": "shared", "name": "shared"}],
        }
    },
    "people": {
        "minister": {"party": "left", "name": {"en": "Left's minister", "zh": "左方外长"}, "role": "speaks"},
    },
    "preferences": {
        "left": {"water": {"weight": "1 to 2", "best": "shared", "worst": "old", "because": ["ask"]}},
        "right": {
            "water": {
                "weight": {"is": "1 to 2", "because": ["line", "ask"]},
                "best": "old",
                "worst": "shared",
            },
            "no_deal": {"value": {"is": "0.2 to 0.4", "because": ["off"]}},
        },
    },
    "red_lines": [
        {
            "id": "w",
            "party": "right",
            "issue": "water",
            "rejects": ["shared"],
            "firm": {"is": "0.2 to 0.5", "because": ["why"]},
            "cost": {"is": 0.2, "assumed": True},
        }
    ],
    "moves": [
        {
            "id": "m",
            "party": "left",
            "on": "2024-03-05",
            "name": {"en": "a move", "zh": "一步"},
            "chosen": "a",
            "because": ["on"],
        },
        {
            "id": "later",
            "party": "left",
            "on": "2024-04-01",
            "name": "later",
            "chosen": "a",
            "because": ["on"],
        },
    ],
}


def made() -> Case:
    sources = [
        source("digest", outlet="Digest", reliability="C"),
        *(
            source(f"s-{c.id}", outlet=f"Paper {k}", reliability="B", via="digest")
            for k, c in enumerate(CLAIMS)
        ),
    ]
    return case(FILE, record=ledger(*CLAIMS, sources=sources))


def test_every_claim_is_a_row_with_its_grade_its_weight_and_what_contradicts_it():
    found = zopa.record(made(), draws=400)
    rows = {row.claim: row for row in found.rows()}
    assert [row.claim for row in found.rows()] == [c.id for c in CLAIMS]
    on = rows["on"]
    assert (on.party, on.speaker, on.unnamed, on.outlet, on.letter, on.number) == (
        "left",
        "左方外长",
        False,
        "Paper 0",
        "B",
        2,
    )
    assert (on.contradicts, on.standing, on.because) == (("off",), "settled", ("on",))
    assert rows["line"].standing == "open"
    assert rows["why"].standing == "uncontradicted"
    assert on.translation == {"en": "the talks will be held on the 12th"}
    for row in rows.values():
        assert 0 <= row.weight.low <= row.weight.mid <= row.weight.high <= 0.95
        assert row.weight.mid <= row.said.mid


def test_weights_are_those_of_the_weigher_over_draws_of_the_grade_table():
    found = zopa.record(made(), draws=400, seed=3)
    weigher = Weigher(made().ledger, made().grades, 3, 400)
    (why,) = (row for row in found.origins() if row.origin == "o-why")
    expected = np.quantile(weigher.weight(made().ledger.origins["o-why"]), [0.05, 0.5, 0.95])
    assert (why.weight.low, why.weight.mid, why.weight.high) == pytest.approx(tuple(expected))
    assert why.stands == why.weight


def test_contradicting_facts_take_from_each_other_and_positions_do_not():
    origins = {row.origin: row for row in zopa.record(made()).origins()}
    on, off = origins["o-on"], origins["o-off"]
    assert (on.contradicted_by, off.contradicted_by) == (("o-off",), ("o-on",))
    assert on.stands.mid < on.weight.mid
    a, b = on.weight.mid, off.weight.mid
    assert on.stands.mid == pytest.approx(a * (1 - b) / (1 - a * b), abs=0.01)
    assert origins["o-line"].contradicted_by == ("o-ask",)
    assert origins["o-line"].stands == origins["o-line"].weight


def test_everything_was_read_through_one_document():
    found = zopa.record(made(), draws=400)
    assert {row.routes for row in found.origins()} == {("digest",)}
    assert all(row.single_route for row in found.matters())
    assert "all read through one document" in found.headline("en")
    ask = next(row for row in found.origins() if row.origin == "o-ask")
    assert (ask.claims, ask.outlets, ask.voice, ask.inputs) == (2, ("Paper 4", "Paper 5"), "左方外长", 2)


def test_a_pair_comes_with_its_resolution():
    pairs = {(row.a, row.b): row for row in zopa.record(made()).conflicts()}
    talks, water = pairs["on", "off"], pairs["line", "ask"]
    assert (talks.kind, talks.exclusive, talks.settled, talks.settled_by) == (
        "factual",
        True,
        "on",
        ("again",),
    )
    assert talks.because == ("on", "off", "again")
    assert (water.kind, water.exclusive, water.settled, water.later) == ("position", False, None, "ask")
    assert len(pairs) == 2


def test_a_change_of_position_is_shown_as_a_shift():
    offer = said(
        "offer",
        "右方同意水源共享",
        party="right",
        kind="offer",
        issues=("water",),
        said_on=AS_OF,
        known_on=AS_OF,
    )
    found = zopa.record(case(FILE, *CLAIMS, offer))
    assert [(row.party, row.before, row.after) for row in found.shifts()] == [("right", "line", "offer")]
    water = next(row for row in found.conflicts() if row.kind == "position")
    assert (water.settled, water.settled_by) == ("ask", ("offer",))
    assert any(table.caption == "Positions that changed over time" for table in found.tables("en"))


def test_the_timeline_holds_claims_and_moves_up_to_the_day():
    events = zopa.record(made()).timeline()
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert {event.name for event in events if event.what == "move"} == {"m"}
    assert events[0].name == "line"
    assert next(e for e in events if e.name == "on").text == {
        "quote": "会谈将于12日举行",
        "en": "the talks will be held on the 12th",
    }


def test_voices_are_counted_by_what_they_said():
    voices = {row.voice: row for row in zopa.record(made()).voices()}
    minister = voices["左方外长"]
    assert (minister.claims, minister.origins, minister.kinds) == (3, 2, {"demand": 2, "fact report": 1})
    assert next(iter(voices)) == "左方外长"


def test_matters_of_one_voice_are_flagged_and_stand_first():
    alone = case(
        {},
        said("x", "a", issues=("prisoners",)),
        said("y", "b", issues=("force",)),
        said("z", "c", issues=("force",)),
    )
    matters = zopa.record(alone).matters()
    assert [(m.issue, m.origins, m.single_origin, m.single_route) for m in matters] == [
        ("prisoners", 1, True, True),
        ("force", 2, False, False),
    ]


def test_on_whose_word_the_numbers_of_each_party_rest():
    left, right = zopa.record(made()).supports()
    assert (left.party, left.inputs, left.own, left.uncited, left.single) == ("left", 1, 1.0, 0.0, 1.0)
    # Right: its weight rests half on itself and half on its opponent, its walk-away value on an unnamed voice, the
    # firmness of its red line on a third voice; the line's cost is assumed.
    assert right.inputs == 4
    assert (right.own, right.opponents, right.third, right.unnamed, right.uncited) == (
        0.125,
        0.125,
        0.25,
        0.25,
        0.25,
    )
    assert right.single == pytest.approx(2 / 3)
    for row in (left, right):
        assert row.own + row.opponents + row.third + row.unnamed + row.uncited == pytest.approx(1.0)


def test_the_record_of_an_earlier_day_knows_less_and_says_which_day():
    early = zopa.record(made().as_of(FEB))
    assert early.day == FEB
    assert early.rows() == ()
    assert "20 Feb 2024" in early.headline("en")
    assert "2024年2月20日" in early.headline("zh")
    some = zopa.record(made().as_of(date(2024, 3, 5)))
    assert "again" not in {row.claim for row in some.rows()}
    assert {row.settled for row in some.conflicts()} == {None}
    assert "5 Feb" not in repr(some)


def test_a_record_without_claims_cannot_say_anything():
    found = zopa.record(case(FILE, record=ledger()))
    assert "cannot say anything" in found.headline("en")
    assert "无从回答" in found.headline("zh")
    assert found.rows() == found.origins() == found.conflicts() == found.voices() == found.matters() == ()
    assert {event.what for event in found.timeline()} == {"move"}
    assert [row.uncited for row in found.supports()] == [1.0, 1.0]
    found.plot("zh").to_svg()


def test_the_headline_counts():
    found = zopa.record(made())
    assert found.headline("en") == (
        "As of 10 Mar 2024 the record holds 7 claims of 6 origins, all read through one document. "
        "2 pairs of claims contradict each other, 1 of them unsettled. Unnamed voices made 15 % of the claims. "
        "Of the case's numbers, 20 % rest on no claim and 20 % on unnamed voices."
    )
    assert found.headline("zh") == (
        "截至2024年3月10日，记录中有7条主张，出自6个信源，全部经由同一份文件读到。其中2对主张互相矛盾，1对悬而未决。"
        "15%的主张出自未具名人士。本案的数值中，20%没有主张支撑，20%以未具名人士的说法为依据。"
    )


def test_a_small_record_is_counted_in_the_singular():
    one = zopa.record(case(FILE, record=ledger(said("only", "右方不让步", party="right", kind="refusal"))))
    assert one.headline("en").startswith(
        "As of 10 Mar 2024 the record holds 1 claim of 1 origin. No two claims contradict each other. "
        "Every claim has a named voice. "
    )
    assert one.headline("en").endswith("None of the case's numbers rests on a claim.")
    assert "1条主张，出自1个信源。没有互相矛盾的主张。所有主张均有具名出处。" in one.headline("zh")
    assert one.headline("zh").endswith("本案没有一个数值有主张支撑。")


@pytest.mark.parametrize("head", ["unspecified report", "未注明出处的报道", "an unattributed report"])
def test_a_voice_that_nobody_names_is_called_so_in_the_reader_s_language(head: str):
    found = zopa.record(
        case(FILE, record=ledger(said("rumour", "会谈推迟", speaker_head=head, anonymous=True)))
    )
    for lang, shown in (("en", "an unattributed report (unnamed)"), ("zh", "未注明出处的报道（未具名）")):
        cells = [cell for table in found.tables(lang) for row in table.rows for cell in row]
        assert cells.count(shown) == 3, "once with the claim, with its origin and among the voices"
    assert found.rows()[0].speaker == head


def test_the_range_of_a_weight_is_rounded_outwards():
    found = zopa.record(made(), draws=400)
    for row, cells in zip(found.rows(), found.table("en").rows, strict=True):
        low, high = re.search(r"\((\d+)(?:–(\d+))?\)", cells[6]).groups()
        assert int(low) <= 100 * row.weight.low + 1e-6
        assert int(high or low) >= 100 * row.weight.high - 1e-6


def test_a_voice_without_an_english_name_goes_by_its_side():
    claims = {row[0]: row[2] for row in zopa.record(made()).table("en").rows}
    assert (claims["line"], claims["off"], claims["again"]) == ("Right", "Right (unnamed)", "the text itself")
    chinese = {row[0]: row[2] for row in zopa.record(made()).table("zh").rows}
    assert (chinese["line"], chinese["off"]) == ("右方总理（右方）", "右方官员（右方，未具名）")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_speak_the_reader_s_language(lang: str):
    found = zopa.record(made())
    tables = {table.caption: table for table in found.tables(lang)}
    assert len(tables) == 7
    claims = found.table(lang)
    assert len(claims.rows) == len(CLAIMS)
    who, what = claims.rows[0][2:4]
    assert (who, what) == (
        ("Left's minister (Left)", "the talks will be held on the 12th")
        if lang == "en"
        else ("左方外长（左方）", "会谈将于12日举行")
    )
    assert all(note for note in found.notes(lang))
    words = json.dumps([t.columns for t in tables.values()], ensure_ascii=False)
    assert any("\u4e00" <= c <= "\u9fff" for c in words) == (lang == "zh")


def test_the_frame_has_one_tidy_row_a_claim():
    pytest.importorskip("pandas")
    frame = zopa.record(made()).to_frame()
    assert list(frame["claim"]) == [c.id for c in CLAIMS]
    assert {"weight.low", "weight.mid", "weight.high", "said.mid", "standing"} <= set(frame.columns)
    assert frame["contradicts"][0] == '["off"]'


def test_json_holds_every_table():
    found = json.loads(json.dumps(zopa.record(made()).to_json()))
    assert found["ok"] is True
    assert found["command"] == "record"
    assert found["parameters"]["as_of"] == "2024-03-10"
    assert list(found) == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    sizes = Counter(row["table"] for row in found["rows"])
    record = zopa.record(made())
    assert record.shifts() == ()
    assert sizes == {
        "claims": len(record.rows()),
        "origins": len(record.origins()),
        "conflicts": len(record.conflicts()),
        "timeline": len(record.timeline()),
        "voices": len(record.voices()),
        "matters": len(record.matters()),
        "supports": len(record.supports()),
    }
    assert [row["claim"] for row in found["rows"] if row["table"] == "claims"] == [c.id for c in CLAIMS]


def test_same_case_and_seed_same_numbers():
    one, other, third = (zopa.record(made(), draws=200, seed=s) for s in (1, 1, 2))
    assert one.rows() == other.rows()
    assert one.origins() == other.origins()
    assert one.origins() != third.origins()
    with pytest.raises(ValueError, match="draws must be at least 1, not 0"):
        zopa.record(made(), draws=0)


def test_repr_is_the_headline():
    assert repr(zopa.record(made())).startswith(
        "Record(A made-up case, 10 Mar 2024: As of 10 Mar 2024 the record holds 7"
    )


# -- the chart -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_chart_marks_every_claim_and_joins_what_contradicts(lang: str):
    chart = zopa.record(made()).plot(lang)
    bands, links, points = chart.spec["layer"]
    assert len(points["data"]["values"]) == len(CLAIMS)
    assert len(links["data"]["values"]) == 2
    assert len({(m["x"], m["y"]) for m in points["data"]["values"]}) == len(CLAIMS)
    assert chart.missing == ()
    svg = chart.to_svg()
    for words in ("Left", "Right") if lang == "en" else ("左方", "右方"):
        assert words in svg
    assert bands["data"]["values"]


def test_many_days_are_gathered_into_months_and_years():
    days = [date(2020 + k // 12, k % 12 + 1, 3) for k in range(30)]
    long = case({}, *(said(f"c{k}", "x", said_on=d, known_on=d) for k, d in enumerate(days)))
    axis = zopa.record(long.as_of(date(2030, 1, 1))).plot("en").spec["encoding"]["x"]["axis"]
    assert len(axis["values"]) == 3
    assert all(str(year) in axis["labelExpr"] for year in (2020, 2021, 2022))


def test_claims_without_a_day_stand_apart():
    undated = case({}, said("a", "x", said_on=None, known_on=None), record=None)
    chart = zopa.record(undated).plot("zh")
    assert "日期不详" in chart.spec["encoding"]["x"]["axis"]["labelExpr"]


# -- the example ---------------------------------------------------------------------------------------------------


def test_the_example_in_one_look():
    found = zopa.record(zopa.open_case("muscat-2026"), draws=400)
    known = found.case.ledger.by_id
    assert len(found.rows()) == len(known) >= 60
    assert all(set(row.because) <= set(known) for row in found.conflicts())
    assert {row.kind for row in found.conflicts()} == {"factual", "position", "agenda", "forecast"}
    off = [row for row in found.conflicts() if "c08" in (row.a, row.b)]
    assert off
    assert all(row.settled not in (None, "c08") and "c14" in row.settled_by for row in off)
    assert all(set(row.routes) == {"feature-0205"} for row in found.origins())
    assert [(row.before, row.after) for row in found.shifts()] == [("c19", "c16")]
    for row in found.supports():
        assert row.own + row.opponents + row.third + row.unnamed + row.uncited == pytest.approx(1.0)
