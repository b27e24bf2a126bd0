"""Claims as JSON lines: read back as written, verified against their sources, every fault located."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.claims.claim import Claim, VerbalProbability, text_digest
from zopa.claims.jsonl import read_claims, read_records, record_line, write_claims
from zopa.claims.lines import Lines
from zopa.claims.source import Source

TEXT = "北方特使说，边界不会开放。The South said 𠀀 “no”.\u2028再议。\n"
SOURCE = Source(id="ribao", text=TEXT)


@st.composite
def claims(draw, id_="c1"):
    """A claim with one or more ranges of the text, every field drawn."""
    cuts = sorted(draw(st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=4, unique=True)))
    ranges = tuple((cuts[k], cuts[k + 1]) for k in range(0, len(cuts) - 1, 2))
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    maybe = st.none() | words
    return Claim(
        id=id_,
        source="ribao",
        sha256=text_digest(TEXT),
        ranges=ranges,
        quote="".join(TEXT[a:b] for a, b in ranges),
        translation=draw(st.none() | st.dictionaries(st.sampled_from(["en", "zh"]), words)),
        type=draw(st.sampled_from(["report", "position", "narrator"])),
        speaker=draw(maybe),
        chain=tuple(draw(st.lists(words, max_size=2))),
        origin=draw(words.filter(bool)),
        anonymous=draw(st.booleans()),
        said_on=draw(st.none() | st.dates()),
        about=tuple(draw(st.lists(st.dates(), max_size=2))),
        condition=draw(st.none() | st.just((0, 3))),
        probability=draw(st.none() | st.just(VerbalProbability(word="微乎其微", low=0.0, high=0.05))),
        kind=draw(st.sampled_from(["demand", "fact report", "forecast"])),
        issues=tuple(draw(st.lists(words, max_size=2))),
        credibility=draw(st.integers(1, 6)),
        confidence=draw(st.floats(0, 1)),
        review="accepted",
    )


def read(text, *, accepted=True, sources=None):
    return read_claims(
        Lines("claims.jsonl", text), {"ribao": SOURCE} if sources is None else sources, accepted=accepted
    )


@given(st.lists(claims(), max_size=3))
def test_what_is_written_reads_back(tmp_path_factory, drawn):
    told = [claim.model_copy(update={"id": f"c{k}"}) for k, claim in enumerate(drawn)]
    path = tmp_path_factory.mktemp("case") / "claims.jsonl"
    write_claims(path, told)
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(told)
    found = read(text)
    assert found.problems == ()
    assert found.records == tuple(told)


@given(claims())
def test_fields_stand_in_the_order_of_the_claim(claim):
    fields = [name for name in Claim.model_fields if name != "disputed" or claim.disputed]
    assert list(json.loads(record_line(claim))) == fields


def line(**more):
    values = {
        "id": "c1",
        "source": "ribao",
        "sha256": text_digest(TEXT),
        "ranges": [[6, 12]],
        "quote": TEXT[6:12],
        "type": "report",
        "origin": "o",
        "kind": "refusal",
        **more,
    }
    return json.dumps({k: v for k, v in values.items() if v is not ...}, ensure_ascii=False)


@given(claims(), st.data())
def test_a_claim_whose_words_do_not_stand_there_is_refused_whoever_wrote_it(claim, data):
    """Any other quotation, range or digest: nothing of it enters the record."""
    reader = data.draw(st.sampled_from(["hand", "rules", "llm"]))
    change = data.draw(
        st.sampled_from(
            [
                {"quote": claim.quote + "不"},
                {"quote": claim.quote[:-1] + "☃"},
                {"ranges": ((0, len(TEXT) + 1),)},
                {"sha256": text_digest(TEXT + " ")},
                {"source": "wanbao"},
            ]
        )
    )
    false = claim.model_copy(update={**change, "reader": reader})
    for accepted in (True, False):
        found = read(record_line(false) + "\n", accepted=accepted)
        assert found.records == ()
        assert [p.code for p in found.problems] in (["claim-quote"], ["claim-digest"], ["claim-source"])
        assert found.refused == {"c1"}


@pytest.mark.parametrize(
    ("change", "code", "marked"),
    [
        ({"credibility": 14}, "number-range", "14"),
        ({"credibility": True}, "wrong-type", "true"),
        ({"credibility": "4"}, "wrong-type", '"4"'),
        ({"confidence": "high"}, "wrong-type", '"high"'),
        ({"said_on": "2026-02-30"}, "date-impossible", '"2026-02-30"'),
        ({"said_on": 20260204}, "wrong-type", "20260204"),
        ({"said_on": "2026-02-04T10:00:00"}, "wrong-type", '"2026-02-04T10:00:00"'),
        ({"kind": "demands"}, "not-a-choice", '"demands"'),
        ({"credibilty": 4}, "unknown-key", '"credibilty"'),
        ({"sha256": "abc"}, "wrong-form", '"abc"'),
        ({"ranges": []}, "too-few", "[]"),
        ({"ranges": [[3]]}, "wrong-type", "[[3]]"),
        ({"ranges": [[12, 6]]}, "claim-range", "[[12, 6]]"),
        ({"ranges": [[-1, 6]]}, "number-range", "[[-1, 6]]"),
        ({"condition": [9, 999]}, "claim-range", "[9, 999]"),
        ({"probability": {"word": "x", "low": 2, "high": 3}}, "number-range", '{"word": "x", "low": 2, "high": 3}'),
        ({"origin": ""}, "text-empty", '""'),
        ({"translation": {"en": 3}}, "wrong-type", '{"en": 3}'),
        ({"review": "rejected"}, "claim-review", '"rejected"'),
    ],
)  # fmt: skip
def test_faults_are_marked_where_they_stand(change, code, marked):
    text = line() + "\n" + line(**{"id": "c2", **change}) + "\n"
    found = read(text)
    problem = found.problems[0]
    assert problem.code == code
    row = text.split("\n")[1]
    assert problem.place.line == 2
    assert row[problem.place.start - 1 : problem.place.stop - 1] == marked
    assert [c.id for c in found.records] == ["c1"]
    assert problem.show("en")
    assert problem.show("zh")


def test_missing_fields_are_all_told():
    found = read(line(quote=..., origin=..., sha256=...) + "\n")
    assert [(p.code, p.values["key"]) for p in found.problems] == [
        ("missing-key", k) for k in ("sha256", "quote", "origin")
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("not json", 1),
        ('{"id": }', 8),
        ('{"id": "c1" "source": 1}', 13),
        ("[1, 2]", 1),
        ('{"id": "c1"} {}', 14),
        ('{"id": NaN}', 8),
        ('{"id": "c1",}', 13),
        ("{1: 2}", 2),
        ('{"id": ' + "[" * 100_000 + "}", 8),
        ('{"n": ' + "9" * 5000 + "}", 7),
        ('{"id": "tab\there"}', 12),
    ],
)
def test_lines_that_are_no_json_object(text, column):
    found = read_records(Lines("claims.jsonl", text + "\n"), Claim)
    assert [(p.code, p.place.start) for p in found.problems] == [("line-json", column)]


def test_lone_surrogates_are_no_text():
    found = read_records(Lines("claims.jsonl", line(origin="X").replace('"X"', '"\\ud800"') + "\n"), Claim)
    assert [p.code for p in found.problems] == ["line-json"]


def test_doubled_keys_are_told():
    found = read(line().replace('"kind": "refusal"', '"kind": "refusal", "kind": "offer"') + "\n")
    assert [p.code for p in found.problems] == ["duplicate-key"]
    assert found.records == ()


@given(st.integers(1, 200))
def test_a_torn_last_line_is_told_and_the_others_stand(cut):
    torn = line(id="c2")
    cut = min(cut, len(torn) - 1)
    found = read(line() + "\n" + torn[:cut])
    assert [(p.code, p.place.line) for p in found.problems] == [("line-torn", 2)]
    assert [c.id for c in found.records] == ["c1"]


def test_a_last_line_without_its_end_but_whole_is_read():
    assert [c.id for c in read(line()).records] == ["c1"]


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_are_no_records():
    found = read("\ufeff" + line() + "\r\n\r\n" + line(id="c2") + "\r\n")
    assert found.problems == ()
    assert [c.id for c in found.records] == ["c1", "c2"]


def test_ids_are_told_apart():
    found = read(line() + "\n" + line(id="c2") + "\n" + line() + "\n")
    assert [(p.code, p.place.line, p.values["first"]) for p in found.problems] == [("claim-id-twice", 3, 1)]


def test_claims_of_a_source_that_could_not_be_read_are_left_out_in_silence():
    found = read_claims(Lines("claims.jsonl", line()), {}, accepted=True, unread=frozenset({"ribao"}))
    assert (found.records, found.problems, found.refused) == ((), (), {"c1"})


def test_where_the_words_do_stand_is_told():
    found = read(line(ranges=[[7, 13]], quote=TEXT[6:12]) + "\n")
    assert found.problems[0].hint("en") == "these words stand at [6, 12]"
    assert found.problems[0].hint("zh") == "这段原文位于 [6, 12]"


def test_accepted_is_what_stands_in_the_file_of_accepted_claims():
    assert read(line()).records[0].review == "accepted"
    assert read(line(), accepted=False).records[0].review == "candidate"


def test_five_thousand_claims_are_read_in_seconds():
    text = "".join(line(id=f"c{k}", said_on=date(2026, 2, 4).isoformat()) + "\n" for k in range(5000))
    assert len(read(text).records) == 5000
