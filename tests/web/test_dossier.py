"""The dossier: every character of a document is there once, claims are marked where they stand, decisions are kept."""

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.case.folder import read_record
from zopa.claims.claim import Claim, text_digest
from zopa.claims.reviews import decisions
from zopa.web.dossier import Marked, pieces

TEXT = "一二三四五\n六七八九十😀abc"


def marked(id_: str, *ranges: tuple[int, int]) -> Marked:
    quote = "".join(TEXT[a:b] for a, b in ranges)
    return Marked(
        Claim(
            id=id_,
            source="s",
            sha256=text_digest(TEXT),
            ranges=ranges,
            quote=quote,
            type="report",
            origin="o/x",
            kind="demand",
        ),
        "accepted",
    )


SPAN = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 6)).map(
    lambda s: (s[0], min(len(TEXT), s[0] + s[1]))
)


@given(st.lists(st.lists(SPAN, min_size=1, max_size=2), max_size=5))
def test_pieces_are_the_text_and_each_claim_has_its_words(ranges):
    claims = [marked(f"c{k}", *sorted(spans)) for k, spans in enumerate(ranges)]
    made = pieces(TEXT, claims)
    assert "".join(p.text for p in made) == TEXT
    at = 0
    for piece in made:
        stop = at + len(piece.text)
        for m in claims:
            inside = any(a <= at and stop <= b for a, b in m.claim.ranges)
            assert (m in piece.claims) == inside
        at = stop
    firsts = [id_ for piece in made for id_ in piece.first]
    assert sorted(firsts) == sorted(m.claim.id for m in claims)


def test_the_innermost_claim_is_the_one_that_is_linked():
    made = pieces(TEXT, [marked("outer", (0, 12)), marked("inner", (3, 5))])
    assert [m.claim.id for p in made if p.text == "四五" for m in p.claims] == ["inner", "outer"]


def shown_text(page: str) -> str:
    body = re.search(r'<div class="document"[^>]*>\n?(.*?)</div>', page, re.DOTALL)[1]
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_the_document_is_shown_code_point_for_code_point(mine, own):
    sources, _ = read_record(own)
    assert shown_text(mine.get("/dossier/gazette").text).rstrip("\n") == sources["gazette"].text.rstrip("\n")


def send(client, claim: str, action: str, **fields):
    data = {"token": client.bench.keys.form, "action": action, **fields}
    return client.post(f"/claim/{claim}/decide", data=data)


def waiting(own) -> list[str]:
    return [c.id for c in read_record(own)[1].waiting]


def test_accepting_rejecting_and_taking_back(mine, own):
    first, second, *rest = waiting(own)
    assert send(mine, first, "accept").status_code == 303
    assert send(mine, second, "reject").status_code == 303
    _, record = read_record(own)
    assert [c.id for c in record.accepted] == [first]
    assert waiting(own) == rest
    assert {d.author for d in decisions(own)} == {"测试者"}
    assert first in (own / "claims.jsonl").read_text(encoding="utf-8")
    assert send(mine, first, "undo").status_code == 303
    assert second in waiting(own), "the last decision is taken back"


def test_an_edit_moves_the_ends_and_the_words_go_along(mine, own):
    name = waiting(own)[0]
    claim = next(c for c in read_record(own)[1].waiting if c.id == name)
    start, stop = claim.ranges[0]
    answer = send(
        mine,
        name,
        "edit",
        ranges=f"{start}-{stop - 2}",
        speaker_head="美国官员",
        said_on="2026-02-03",
        kind="intent",
    )
    assert answer.status_code == 303
    (made,) = read_record(own)[1].accepted
    text = read_record(own)[0][claim.source].text
    assert made.quote == text[start : stop - 2]
    assert (made.speaker_head, made.said_on.isoformat(), made.kind) == ("美国官员", "2026-02-03", "intent")
    assert made.issues == claim.issues


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ranges": "0-99999"}, "would no longer stand"),
        ({"said_on": "2026-02-31"}, "2026-02-31"),
        ({"kind": "gossip"}, "gossip"),
        ({"credibility": "9"}, "9"),
    ],
)
def test_an_edit_that_makes_no_claim_changes_nothing(mine, own, fields, told):
    name = waiting(own)[0]
    before = sorted((p.name, p.read_bytes()) for p in own.iterdir() if p.is_file())
    answer = send(mine, name, "edit", **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert sorted((p.name, p.read_bytes()) for p in own.iterdir() if p.is_file()) == before


def test_a_claim_that_is_gone_is_told(mine, own):
    assert send(mine, "nothing-1-2", "accept").status_code == 422
    assert send(mine, waiting(own)[0], "undo").status_code == 422
    assert not (own / "reviews.jsonl").exists()


def test_the_example_stays_what_it_is(example):
    answer = send(example, "c1", "reject")
    assert answer.status_code == 409
    assert "zopa new" in answer.text
    assert "<form" not in example.get("/claim/c58").text.split('<main id="main"')[1]


def test_after_a_decision_one_is_back_at_the_place(mine, own):
    name = waiting(own)[0]
    answer = send(mine, name, "accept", back=f"/dossier/gazette#at-{name}")
    assert answer.headers["location"] == f"/dossier/gazette#at-{name}"
    for elsewhere in ("//evil.example/", "http://evil.example/", "/\\evil.example"):
        answer = send(mine, waiting(own)[0], "accept", back=elsewhere)
        assert answer.headers["location"].startswith("/claim/"), elsewhere


# ---- by hand -----------------------------------------------------------------------------------------------------


def hand(client, **fields):
    return client.post("/dossier/gazette/add", data={"token": client.bench.keys.form, **fields})


def test_a_claim_by_hand_stands_where_its_words_are_nearest(mine, own):
    text = read_record(own)[0]["gazette"].text
    near = text.rindex("谈判")
    answer = hand(
        mine, words="谈判", near=str(near), speaker="礼萨·卡里米", kind="demand", issues="nuclear, agenda"
    )
    assert answer.status_code == 303
    (made,) = read_record(own)[1].accepted
    assert made.ranges == ((near, near + 2),)
    assert (made.speaker_head, made.type, made.kind, made.issues) == (
        "礼萨·卡里米",
        "report",
        "demand",
        ("nuclear", "agenda"),
    )
    assert (made.reader, made.origin) == ("hand", "礼萨-卡里米/nuclear")
    assert answer.headers["location"].endswith(f"#at-{made.id}")
    assert mine.get(f"/claim/{made.id}").status_code == 200


def test_words_over_a_line_break_and_in_two_pieces(mine, own):
    assert hand(mine, words="不可谈判， 谈判只应").status_code == 303, (
        "blanks of the screen are not those of the text"
    )
    assert hand(mine, words="铀浓缩…只应涉及核问题", speaker="卡里米").status_code == 303
    whole, split = read_record(own)[1].accepted
    assert "\n" in whole.quote
    assert whole.type == "narrator"
    assert len(split.ranges) == 2


@pytest.mark.parametrize(
    "fields", [{"words": "从未写过的话"}, {"words": " "}, {"words": "谈判", "kind": "gossip"}]
)
def test_a_claim_by_hand_that_is_none_changes_nothing(mine, own, fields):
    assert hand(mine, **fields).status_code == 422
    assert not (own / "reviews.jsonl").exists()


def test_names_that_are_one_person(mine, own):
    for name in waiting(own):
        send(mine, name, "accept")
    heads = sorted({c.speaker_head for c in read_record(own)[1].heard() if c.speaker_head})
    data = {"token": mine.bench.keys.form, "names": heads[:2], "kept": heads[0]}
    assert mine.post("/dossier/merge", data=data).status_code == 303
    assert heads[1] not in {c.speaker_head for c in read_record(own)[1].heard()}
    assert (
        mine.post("/dossier/merge", data={"token": mine.bench.keys.form, "names": heads[0]}).status_code
        == 422
    )


# ---- documents ---------------------------------------------------------------------------------------------------


def dropped(client, files, **fields):
    sent = [("files", (name, content, "application/octet-stream")) for name, content in files]
    answer = client.post("/dossier/read", data={"token": client.bench.keys.form, **fields}, files=sent)
    if answer.status_code != 303:
        return answer
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = client.get(answer.headers["location"])
        if 'class="working"' not in told.text:
            return told
        time.sleep(0.2)
    raise AssertionError("the documents are still being read")


LATER = "伊朗外长阿拉格齐9日表示，伊朗愿意讨论导弹问题。\n美国国务卿鲁比奥9日说，美方宣布取消会谈。\n"


def test_dropped_documents_are_read_and_it_is_told_what_they_moved(mine, own):
    before = len(waiting(own))
    told = dropped(
        mine,
        [("later.txt", LATER.encode()), ("../../evil.txt", "无关。".encode()), ("broken.pdf", b"%PDF-1.7")],
        published="2026-02-09",
    )
    assert told.status_code == 200
    assert len(waiting(own)) > before
    assert sorted(p.name for p in (own / "sources").iterdir()) == ["evil.md", "gazette.md", "later.md"]
    assert "broken.pdf" in told.text
    assert "document" in told.text
    assert "What moved, and why" in told.text
    assert "/claim/later-" in told.text
    again = dropped(mine, [("later.txt", LATER.encode())], published="2026-02-09")
    assert "read before" in again.text


def test_a_day_that_is_none_and_no_file_are_told(mine):
    assert dropped(mine, [("a.txt", LATER.encode())], published="soon").status_code == 422
    assert mine.post("/dossier/read", data={"token": mine.bench.keys.form}).status_code == 422
    assert mine.get("/dossier/reading/99").status_code == 404
    assert mine.get("/dossier/reading/x").status_code == 404


def test_nothing_is_read_into_an_example(example):
    assert dropped(example, [("a.txt", LATER.encode())]).status_code == 409
