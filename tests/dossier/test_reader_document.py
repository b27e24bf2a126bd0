"""From bytes to sentences: encodings, language, blocks, and sentence ends with offsets."""

from hypothesis import given
from hypothesis import strategies as st

from zopa.dossier.document import LONGEST_SENTENCE, Document, blocks, decode, detect, with_sentences


def document(text, language=None):
    tongue = language or detect(text)
    return with_sentences(Document(text, tongue, None, None, blocks(text, tongue)))


def sentences(text, language=None):
    return [text[s.start : s.stop] for s in document(text, language).sentences]


class TestDecode:
    def test_utf8_is_taken_exactly(self):
        assert decode("甲\r\n乙\n".encode()) == "甲\r\n乙\n"

    def test_a_byte_order_mark_is_dropped(self):
        assert decode(b"\xef\xbb\xbf" + "甲".encode()) == "甲"
        assert decode("谈判".encode("utf-16")) == "谈判"

    def test_gb18030_and_big5(self):
        simplified = "外交部发言人表示，双方将在下周举行会谈，希望有关各方保持克制。" * 4
        assert decode(simplified.encode("gb18030")) == simplified
        traditional = "外交部發言人表示，雙方將在下週舉行會談，希望有關各方保持克制。我們的立場是一貫的。" * 4
        assert decode(traditional.encode("big5")) == traditional

    @given(st.binary(max_size=200))
    def test_any_bytes_give_some_text(self, content):
        assert isinstance(decode(content), str)


def test_language_by_share_of_characters():
    assert detect("王毅在北京会见来访的外长。") == "zh"
    assert detect("The minister met his counterpart.") == "en"
    assert detect("中方表示，将对 ABC Corporation 展开调查") == "zh"
    assert detect("") == "en"


class TestBlocks:
    def test_title_headings_captions_and_text_are_told_apart(self):
        text = "两国恢复会谈\n图为会谈现场\n两国代表6日在海明会晤。\n议题仍有分歧\n会谈持续了三个小时。\n新华社发（某某摄）"
        assert [(b.kind, text[b.start : b.stop][:4]) for b in blocks(text, "zh")] == [
            ("title", "两国恢复"), ("caption", "图为会谈"), ("text", "两国代表"), ("headline", "议题仍有"), ("text", "会谈持续"), ("caption", "新华社发"),
        ]  # fmt: skip

    def test_a_page_break_inside_a_sentence_ends_no_block(self):
        text = "发言人表示，双方愿意在适当时候，以适当的方式为安静的\n\n谈判环境作出努力。\n\n下一段。"
        assert [text[b.start : b.stop] for b in blocks(text, "zh")] == [text[:38].rstrip(), "下一段。"]

    def test_hard_wrapped_english_lines_are_joined(self):
        text = "The minister said on Friday that the two sides\nhad agreed to meet again.\n\nNothing else was said."
        assert len(blocks(text, "en")) == 2

    def test_bylines_and_credits_are_captions(self):
        text = "By Mark Ellery\nThe talks failed.\nReporting by A. Writer"
        assert [b.kind for b in blocks(text, "en")] == ["caption", "text", "caption"]


class TestChineseSentences:
    def test_full_stops_end_sentences_and_are_left_out(self):
        assert sentences("甲方同意。乙方拒绝！丙方呢？") == ["甲方同意", "乙方拒绝", "丙方呢"]

    def test_a_quotation_is_not_cut(self):
        assert sentences("他说：“我们愿意谈。但不是现在。”随后离开。") == [
            "他说：“我们愿意谈。但不是现在。”",
            "随后离开",
        ]

    def test_the_speaker_after_a_quotation_belongs_to_it(self):
        assert sentences("“我们愿意谈。”他说。天黑了。") == ["“我们愿意谈。”他说", "天黑了"]

    def test_a_new_sentence_after_an_introduced_quotation(self):
        assert sentences("另一人称，“没有诚意。”该人士表示，不会接受。") == [
            "另一人称，“没有诚意。”",
            "该人士表示，不会接受",
        ]

    def test_questions_are_marked(self):
        assert [s.question for s in document("谁会让步？没有人。").sentences] == [True, False]


class TestEnglishSentences:
    def test_abbreviations_initials_and_numbers_do_not_end_one(self):
        text = "Mr. John Q. Public met Sen. Doe on Feb. 4 at 3.5 percent. They left."
        assert sentences(text) == ["Mr. John Q. Public met Sen. Doe on Feb. 4 at 3.5 percent", "They left"]

    def test_states_and_unions(self):
        assert sentences("The U.S. envoy left. The E.U. did not.") == [
            "The U.S. envoy left",
            "The E.U. did not",
        ]

    def test_a_quotation_and_its_speaker_stay_together(self):
        text = '"We will not sign. Never," she said. "They know that."'
        assert sentences(text) == ['"We will not sign. Never," she said', '"They know that."']

    def test_tokenised_text(self):
        text = "`` We will win , '' he said . They lost ."
        assert sentences(text) == ["`` We will win , '' he said", "They lost"]


def test_a_sentence_without_end_is_cut():
    found = document("美方称，" * 2000, "zh").sentences
    assert max(s.end - s.start for s in found) <= LONGEST_SENTENCE


@given(st.text("王说“”‘’。？！，：\n a.\"'B?\x00\ud800", max_size=80), st.sampled_from(["zh", "en"]))
def test_sentences_cover_no_place_twice_and_masks_fit(text, language):
    last = 0
    for sentence in document(text, language).sentences:
        assert last <= sentence.start <= sentence.stop <= sentence.end <= len(text)
        assert len(sentence.mask) == sentence.end - sentence.start
        last = sentence.end
