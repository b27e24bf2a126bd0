"""The same copy in many outlets is one voice: found whatever the order, counted once to the last bit."""

import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.claims import copies as module
from zopa.claims.claim import Claim
from zopa.claims.copies import copies, jaccard, regrouped, shingles
from zopa.claims.ledger import Ledger
from zopa.claims.source import Header, Source
from zopa.claims.weight import Weigher, shipped_grades
from zopa.dossier.into import claims_of

DAY = date(2026, 2, 5)
ZH = "据悉，双方将于本周五在海明举行新一轮会谈，议题包括解除部分制裁和恢复核查，谈判代表已经抵达当地的一家酒店。"
EN = (
    "The two sides will hold a new round of talks in Haiming on Friday, with sanctions relief and inspections on the "
    "agenda, and their delegations have already arrived at a hotel by the lake."
)
FROM_A = {
    "zh": "外交部发言人林为民说，双方将于本周五在海明举行新一轮会谈，议题包括解除部分制裁和恢复核查。",
    "en": EN,
}


def paper(
    number: int, text: str, *, day: date | None = DAY, outlet: str | None = None, letter: str = "C"
) -> Source:
    header = Header(outlet=outlet or f"Paper {number}", published=day, reliability=letter)  # type: ignore[arg-type]
    return Source(id=f"p{number:04d}", header=header, text=text)


def record(*papers: Source) -> tuple[dict[str, Source], tuple[Claim, ...]]:
    sources = {p.id: p for p in papers}
    return sources, tuple(claim for p in papers for claim in claims_of(p))


def ledger(*papers: Source) -> Ledger:
    sources, claims = record(*papers)
    found = copies(sources, claims)
    return Ledger(sources, regrouped(claims, found), found)


def weights(held: Ledger) -> dict[str, np.ndarray]:
    weigher = Weigher(held, shipped_grades(), seed=1, groups=50)
    return {origin: weigher.weight(claims) for origin, claims in held.origins.items()}


@pytest.mark.parametrize("text", [ZH, EN, FROM_A["zh"]])
def test_ten_papers_with_one_copy_are_one_voice_to_the_bit(text):
    alone = ledger(paper(0, text))
    ten = ledger(*(paper(k, text, day=DAY + timedelta(days=k)) for k in range(10)))
    assert len(alone.claims) >= 1
    assert set(ten.origins) == set(alone.origins)
    one, many = weights(alone), weights(ten)
    assert all(np.array_equal(one[origin], many[origin]) for origin in one)


def test_papers_that_say_it_in_their_own_words_stay_apart():
    other = "海明方面消息说，周五的会面主要谈核查，也会涉及部分制裁；代表团昨天晚上住进了湖边的酒店，记者看到他们下车。"
    held = ledger(paper(0, ZH), paper(1, other))
    assert held.copied == {}
    assert len(held.origins) >= 2


def test_small_changes_of_a_copy_editor_do_not_make_a_new_voice():
    changed = ZH.replace("据悉，", "据报道，").replace("已经抵达", "已抵达")
    assert jaccard(shingles(ZH), shingles(changed)) >= module.ALIKE
    held = ledger(paper(0, ZH), paper(1, changed, day=DAY + timedelta(days=1)))
    assert set(held.copied.values()) <= {c.id for c in held.claims if c.source == "p0000"}
    assert len(held.copied) == len([c for c in held.claims if c.source == "p0001"]) >= 1


def test_the_earliest_is_the_original_and_on_one_day_the_one_that_others_name():
    late, early = paper(0, ZH, day=DAY + timedelta(days=1)), paper(1, ZH)
    held = ledger(late, early)
    assert {held.by_id[i].source for i in held.copied.values()} == {"p0001"}
    agency = paper(2, ZH, outlet="Zeta Agency")
    sources, claims = record(paper(0, ZH), agency, paper(1, ZH))
    passed = tuple(
        c.model_copy(update={"outlet": "Zeta Agency"}) if c.source != "p0002" else c for c in claims
    )
    found = copies(sources, passed)
    assert {i.split("-")[0] for i in found.values()} == {"p0002"}


@given(st.permutations(range(5)))
def test_the_order_in_which_they_were_read_plays_no_part(order):
    papers = [paper(k, ZH if k % 2 else EN, day=DAY + timedelta(days=k)) for k in range(5)]
    sources, claims = record(*papers)
    known = copies(sources, claims)
    again = record(*(papers[k] for k in order))
    assert copies(*again) == known


def test_two_speakers_in_one_copied_paragraph_stay_two():
    text = "外交部发言人林为民说，双方将于本周五举行会谈，议题包括制裁。诺兰国务卿鲁比安说，导弹问题也应当在会谈中讨论。"
    held = ledger(paper(0, text), paper(1, text, day=DAY + timedelta(days=1)))
    assert len({c.speaker_head for c in held.claims}) == 2
    assert len(held.origins) == 2
    for copy, original in held.copied.items():
        assert held.by_id[copy].speaker_head == held.by_id[original].speaker_head


def test_an_origin_that_a_person_wrote_down_stands():
    sources, claims = record(paper(0, ZH), paper(1, ZH, day=DAY + timedelta(days=1)))
    hand = tuple(c.model_copy(update={"reader": "hand", "origin": f"own-{c.source}"}) for c in claims)
    found = copies(sources, hand)
    assert found
    assert regrouped(hand, found) == hand


def test_when_the_original_is_set_aside_its_copies_are_still_one():
    papers = [paper(k, ZH, day=DAY + timedelta(days=k)) for k in range(4)]
    held = ledger(*papers)
    less = held.without(sources=["p0000"])
    one = ledger(papers[1])
    for (_, many), (_, single) in zip(
        sorted(weights(less).items()), sorted(weights(one).items()), strict=True
    ):
        assert np.array_equal(many, single)


def test_a_large_record_by_minhash_finds_what_comparing_all_pairs_finds(monkeypatch):
    rng = random.Random(4)
    words = [f"word{k}" for k in range(900)]
    papers = []
    for k in range(60):
        body = " ".join(rng.choices(words, k=40))
        papers.append(paper(2 * k, f"The minister said that {body}."))
        # Half of them are copied by another paper, with a word or two changed.
        if k % 2:
            changed = body.split()
            changed[rng.randrange(40)] = "other"
            papers.append(
                paper(2 * k + 1, f"The minister said that {' '.join(changed)}.", day=DAY + timedelta(days=1))
            )
    sources, claims = record(*papers)
    pairwise = copies(sources, claims)
    assert len(pairwise) >= 25
    monkeypatch.setattr(module, "PAIRWISE", 0)
    assert copies(sources, claims) == pairwise


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_share_is_a_share(a, b):
    assert 0 <= jaccard(shingles(a), shingles(b)) <= 1
    assert jaccard(shingles(a), shingles(b)) == jaccard(shingles(b), shingles(a))
    assert not shingles(a) or jaccard(shingles(a), shingles(a)) == 1
