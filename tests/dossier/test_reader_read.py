"""The reader from end to end: what a claim carries, files and headers, own development texts, hostile input."""

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from zopa.claims.claim import quote_at, text_digest, verified
from zopa.claims.source import parse_header, split_header
from zopa.dossier.read import CONFIDENCE, read, read_text
from zopa.dossier.score import EMPTY, Gold, pairs, parse_marked, stages

GOLD = Path(__file__).parent / "gold"
ARTICLE = (
    "河谷通讯社莫雷镇5月16日电 诺兰外交部发言人哈维尔·莫拉16日在例行记者会上表示，如果萨维亚不放水，会谈很可能破裂。\n\n"
    "据当地媒体报道，双方将于20日会面。一名官员随后说，“条件还不成熟”。"
)


class TestAClaim:
    claims = read_text(ARTICLE, published="2024-05-16", source="river", outlet="河谷通讯社")

    def test_it_is_tied_to_its_words(self):
        for claim in self.claims:
            assert verified(claim, ARTICLE)
            assert claim.sha256 == text_digest(ARTICLE)
            assert claim.source == "river"

    def test_who_when_what(self):
        first = self.claims[0]
        assert first.quote == "如果萨维亚不放水，会谈很可能破裂"
        assert (first.type, first.speaker, first.speaker_head) == (
            "report",
            "诺兰外交部发言人哈维尔·莫拉",
            "哈维尔·莫拉",
        )
        assert first.said_on == date(2024, 5, 16)
        assert first.known_on == date(2024, 5, 16)
        assert first.probability is not None
        assert first.probability.word == "很可能"
        assert first.condition is not None
        assert ARTICLE[first.condition[0] : first.condition[1]] == "如果萨维亚不放水"
        assert first.chain == ("哈维尔·莫拉",)

    def test_what_it_is_about(self):
        assert self.claims[1].about == (date(2024, 5, 20),)
        assert self.claims[1].chain == ("当地媒体",)

    def test_a_day_named_before_holds_for_what_follows(self):
        text = "莫拉4日说，可以会面。他强调，地点待定。一名官员随后说，不会让步。"
        assert [c.said_on for c in read_text(text, published="2026-02-05")] == [date(2026, 2, 4)] * 3

    def test_the_words_of_a_meeting_are_said_on_its_day(self):
        text = "外长莫拉18日同来访的外长坦科夫举行会谈。\n\n莫拉表示，愿意合作。\n\n坦科夫说，欢迎投资。"
        assert [c.said_on for c in read_text(text, published="2026-03-18") if c.type == "report"] == [
            date(2026, 3, 18)
        ] * 2

    def test_it_is_a_candidate_of_the_rules(self):
        for claim in self.claims:
            assert (claim.review, claim.reader, claim.credibility, claim.party) == (
                "candidate",
                "rules",
                6,
                None,
            )
            assert claim.rule is not None
            assert claim.rule.startswith("zh-")
            assert 0 < claim.confidence < 1

    def test_ids_are_unique_and_say_where(self):
        assert len({c.id for c in self.claims}) == len(self.claims)
        start, stop = self.claims[0].ranges[0]
        assert self.claims[0].id == f"river-{start}-{stop}"

    def test_every_rule_has_a_confidence(self):
        claims = [c for path in sorted(GOLD.glob("*-*.md")) for c in read(path)]
        assert {c.rule.split("-", 1)[1].removesuffix("-item") for c in claims if c.rule} <= set(CONFIDENCE)


def test_without_publication_there_are_no_dates_but_all_claims():
    claims = read_text(ARTICLE)
    assert [c.quote for c in claims] == [c.quote for c in read_text(ARTICLE, published=date(2024, 5, 16))]
    assert all(c.known_on is None and c.said_on is None for c in claims)


def test_language_may_be_given_or_found():
    english = "Mora said talks would resume."
    assert read_text(english) == read_text(english, language="en")
    assert read_text(ARTICLE) == read_text(ARTICLE, language="zh")


class TestFiles:
    def test_a_plain_file_is_its_whole_content(self, tmp_path):
        path = tmp_path / "Article One.txt"
        path.write_bytes("莫拉说，可以会面。\r\n\r\n坦科夫说，不行。\r\n".encode())
        claims = read(path, published="2026-02-05")
        text = path.read_bytes().decode()
        assert [quote_at(text, c.ranges) for c in claims] == ["可以会面", "不行"]
        assert {c.source for c in claims} == {"article-one"}

    def test_other_encodings(self, tmp_path):
        path = tmp_path / "a.txt"
        body = "外长莫拉说，可以会面。他强调，地点还没有确定，双方仍在联系之中。" * 5
        path.write_bytes(body.encode("gb18030"))
        assert read(path) == read_text(body, source="a")

    def test_a_source_with_a_header(self, tmp_path):
        path = tmp_path / "s1.md"
        path.write_text(
            "---\noutlet: {en: River Wire, zh: 河谷通讯社}\npublished: 2024-05-16\nlanguage: zh\n---\n\n莫拉15日说，可以会面。\n",
            encoding="utf-8",
        )
        (claim,) = read(path)
        assert claim.ranges == ((7, 11),)
        assert claim.said_on == date(2024, 5, 15)
        assert claim.outlet == "河谷通讯社"
        assert read(path, published="2024-06-16")[0].said_on == date(2024, 6, 15)

    def test_a_markdown_file_without_header(self, tmp_path):
        path = tmp_path / "s2.md"
        path.write_text("Mora said talks would resume.", encoding="utf-8")
        assert read(path)[0].quote == "talks would resume"

    def test_a_missing_file_is_an_os_error(self, tmp_path):
        with pytest.raises(OSError, match="nothing"):
            read(tmp_path / "nothing.txt")


# ---- development texts -----------------------------------------------------------------------------------------


def own(language, folder=GOLD):
    total = {}
    for path in sorted(folder.glob(f"{language}-*.md")):
        head, marked, _ = split_header(path.read_text(encoding="utf-8"))
        header = parse_header(YAML(typ="safe").load(head))
        text, gold = parse_marked(marked)
        claims = read_text(text, language=header.language, published=header.published)
        assert all(verified(c, text) for c in claims)
        for stage, score in stages(claims, gold).items():
            total[stage] = total.get(stage, EMPTY) + score
    return total


def test_our_own_chinese_texts():
    scores = own("zh")
    assert scores["range"].f1 >= 0.95
    assert scores["range+speaker"].f1 >= 0.93
    assert scores["said_on|matched"].f1 >= 0.75
    assert scores["kind|matched"].f1 >= 0.75


def test_the_second_set_of_chinese_texts():
    scores = own("zh", GOLD.with_name("gold-2"))
    assert scores["range"].f1 >= 0.88
    assert scores["range+speaker"].f1 >= 0.78


def test_our_own_english_texts():
    scores = own("en")
    assert scores["range"].f1 >= 0.9
    assert scores["range+speaker"].f1 >= 0.8
    assert scores["kind|matched"].f1 >= 0.65


# ---- hostile input ---------------------------------------------------------------------------------------------

PIECES = [
    "", "说", "他说，", "表示：“", "”", "“", "。", "，", "据", "据报道，", "一是", "；二是", "6日", "去年", "如果", "的", "王毅", "·", "《", "》", "\n", "\x00", "\x01",
    "\ud800", "\udfff", "said ", "he said, ", '"', "``", "''", "that ", "According to ", "Mr. ", ". ", "? ", "told ", "to ", "A", "（", "(", "\u3000", "İ", "👍", "1" * 30,
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(["zh", "en", None]))
def test_any_mixture_is_read_and_every_claim_stands_at_its_ranges(text, language):
    for claim in read_text(text, language=language, published="2026-02-05"):
        assert claim.quote == quote_at(text, claim.ranges)
        assert all(0 <= a < b <= len(text) for a, b in claim.ranges)
        assert claim.quote.strip()
        if claim.condition is not None:
            assert 0 <= claim.condition[0] < claim.condition[1] <= len(text)


@given(st.text(max_size=120))
def test_any_text_at_all(text):
    for claim in read_text(text):
        assert claim.quote == quote_at(text, claim.ranges)


def test_claims_of_one_text_do_not_depend_on_another():
    before = read_text(ARTICLE)
    read_text("Mora said talks would resume.", extra={"own": ["talks"]})
    assert read_text(ARTICLE) == before


UNITS = [
    "王毅4日在北京对媒体表示，中方反对制裁，", "，说", "“", "“”", "的", "说", "据", "阿·", "1月1日", "上午", "\n", "不", "如果", "the minister told reporters that he ", "said ",
    "told ", '"', "A", " ", "Mr. ", "to ", "in a statement on Friday ", "according to ", "a.", "’",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=range(len(UNITS)))
def test_time_grows_with_the_length_and_no_faster(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        start = time.process_time()
        read_text(
            text, language="zh" if re.search("[\u4e00-\u9fff，“·]", unit) else "en", published="2026-02-05"
        )
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(20_000), seconds(80_000)
    # Four times the text: well under the sixteen times of quadratic work, with room for a busy machine.
    assert long < 8 * short + 0.3


def test_a_megabyte_on_one_line_is_read_in_seconds():
    text = "外长莫拉4日在海明对媒体表示，双方愿意会面，" * 45_000
    start = time.process_time()
    claims = read_text(text, published="2026-02-05")
    assert time.process_time() - start < 40
    assert len(text) > 900_000
    assert claims
    assert all(c.quote == quote_at(text, c.ranges) for c in claims[:50])


# ---- development data of others --------------------------------------------------------------------------------


def test_the_press_feature(shared_data):
    folder = shared_data("dossiers/muscat-2026")
    record = json.loads((folder / "gold_claims.json").read_text(encoding="utf-8"))
    text = (folder / "article.zh.txt").read_bytes().decode()
    claims = [c for c in read_text(text, published="2026-02-05") if c.type == "report"]
    gold = [c for c in record["claims"] if c["type"] == "report"]
    spans = {(c["start"], c["end"]): c for c in gold}
    exact = [c for c in claims if c.ranges[0] in spans and len(c.ranges) == 1]
    assert 2 * len(exact) / (len(claims) + len(gold)) >= 0.9
    right = sum(c.speaker_head == spans[c.ranges[0]]["speaker_head"] for c in exact)
    assert right / len(exact) >= 0.85


def test_the_agency_items(shared_data):
    record = json.loads((shared_data("dossiers/zh-news") / "gold_claims.json").read_text(encoding="utf-8"))
    matched = predicted = expected = 0
    for key, text in record["texts"].items():
        gold = [
            Gold(((c["start"], c["end"]),), c["type"], tuple(c["accept"]))
            for c in record["claims"]
            if c["rec"] == key
        ]
        claims = read_text(text, published=record["records"][key]["doc_date"])
        scores = stages(claims, gold)["range"]
        matched, predicted, expected = (
            matched + scores.right,
            predicted + scores.predicted,
            expected + scores.expected,
        )
    assert 2 * matched / (predicted + expected) >= 0.85


def test_overlap_pairs_each_claim_once():
    text, gold = parse_marked("莫拉说，⟦r|莫拉|||⟧可以会面⟦/⟧。")
    assert len(pairs(list(read_text(text)), list(gold))) == 1
