"""Polarity, modality, verbal probability, condition, kind and issues of a claim's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.dossier import issues
from zopa.dossier.read import read_text
from zopa.dossier.tags import condition, modality, polarity, probability


class TestPolarity:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("谈判将于6日举行", "affirmed"), ("原定于6日举行的谈判已经取消", "negated"), ("诺兰不会接受其他议题", "negated"),
            ("导弹射程“不可谈判”", "negated"), ("双方已达成协议", "affirmed"), ("拒绝更改会谈地点", "negated"), ("会谈尚未开始", "negated"),
            ("希望渺茫，但并非不可能", "affirmed"), ("他不得不同意", "affirmed"), ("部长要的是结果，而不是掌声", "affirmed"),
            ("取消会谈的原因是美方提出了新条件", "affirmed"), ("虽然地点没有确定，但会谈会如期举行", "affirmed"),
            ("如果对方不撤军，我们将反击", "affirmed"), ("除了核问题外，还必须谈导弹", "affirmed"), ("不少国家表示欢迎", "affirmed"),
            ("难以达成协议", "negated"), ("签约的可能性“微乎其微”", "negated"), ("并不寻求核武器", "negated"), ("谈判中断", "negated"),
            ("无人机越过边境", "affirmed"), ("未来仍有机会", "affirmed"), ("取水的权利不可剥夺", "negated"),
        ],
    )  # fmt: skip
    def test_chinese(self, content, expected):
        assert polarity(content, "zh") == expected

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("the talks will be held on friday", "affirmed"), ("the talks have been cancelled", "negated"), ("savia will not sign", "negated"),
            ("a withdrawal was “not on the table”", "negated"), ("it couldn't go further", "negated"), ("it is not impossible", "affirmed"),
            ("no deal is possible", "negated"), ("a deal is near", "affirmed"), ("he refused to leave", "negated"),
            ("if they do not leave, we will attack", "affirmed"), ("it failed, but talks go on", "affirmed"), ("both sides called off the meeting", "negated"),
            ("neither side will fight", "negated"), ("he did not refuse", "affirmed"),
        ],
    )  # fmt: skip
    def test_english(self, content, expected):
        assert polarity(content, "en") == expected

    def test_a_verb_of_denial_turns_the_statement(self):
        assert polarity("双方已经会面", "zh", "否认") == "negated"
        assert polarity("双方已经会面", "zh", "证实") == "affirmed"
        assert polarity("更改会谈地点", "zh", "拒绝") == "negated"
        assert polarity("the charge", "en", "denied") == "negated"


class TestModality:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("会谈必须包括导弹", "must"), ("企业应当尽快行动", "should"), ("会谈将于6日举行", "will"), ("双方可以接受", "can"), ("美方或再次动武", "may"),
            ("双方已经会面", "none"), ("会议在议会举行", "none"), ("对方可能会让步", "may"), ("将军应邀出席宴会", "none"), ("一旦破裂，冲突将升级", "will"),
        ],
    )  # fmt: skip
    def test_chinese(self, content, expected):
        assert modality(content, "zh") == expected

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("they must pull back", "must"), ("they should leave", "should"), ("talks will resume", "will"), ("savia can wait", "can"),
            ("it might fail", "may"), ("it failed", "none"), ("they have to leave", "must"), ("talks won't resume", "will"),
        ],
    )  # fmt: skip
    def test_english(self, content, expected):
        assert modality(content, "en") == expected


class TestProbability:
    @pytest.mark.parametrize(
        ("content", "language", "word"),
        [
            ("双方很可能难以达成协议", "zh", "很可能"), ("可能性微乎其微", "zh", "微乎其微"), ("冲突势必升级", "zh", "势必"), ("会谈6日举行", "zh", None),
            ("谈判的可能性不大", "zh", "可能性不大"), ("a deal is very likely", "en", "very likely"), ("an agreement is unlikely", "en", "unlikely"),
            ("talks resumed", "en", None),
        ],
    )  # fmt: skip
    def test_the_strongest_word_with_its_range(self, content, language, word):
        found = probability(content, language)
        assert (found.word if found else None) == word
        assert found is None or found.low < found.high

    def test_the_range_is_the_documented_one(self):
        found = probability("冲突很可能升级", "zh")
        assert found is not None
        assert (found.low, found.high) == (0.80, 0.95)


class TestCondition:
    @pytest.mark.parametrize(
        ("content", "language", "clause"),
        [
            ("如果对方发动袭击，我方将回击", "zh", "如果对方发动袭击"), ("一旦对方炮击，政府军将打击", "zh", "一旦对方炮击"),
            ("若事件重演，将付出代价", "zh", "若事件重演"), ("若干国家参加", "zh", None), ("会谈6日举行", "zh", None),
            ("if the talks fail, war could follow", "en", "if the talks fail"), ("it would act unless the duty was withdrawn", "en", "unless the duty was withdrawn"),
            ("talks resumed", "en", None),
        ],
    )  # fmt: skip
    def test_the_range_of_the_if_clause(self, content, language, clause):
        span = condition(content, language)
        assert (content[span[0] : span[1]] if span else None) == clause

    def test_the_range_counts_from_the_start_of_the_text(self):
        text = "莫拉说，如果对方让步，协议就能签署。"
        claim = read_text(text)[0]
        assert claim.condition is not None
        assert text[claim.condition[0] : claim.condition[1]] == "如果对方让步"


class TestKind:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("外长莫拉说，如果对方发动袭击，诺方将予以回击。", "threat"), ("外长莫拉说，会谈必须包括导弹。", "demand"),
            ("外长莫拉强调，导弹射程不可谈判。", "refusal"), ("外长莫拉说，愿意同对方共享数据。", "offer"), ("外长莫拉透露，会谈昨天开始。", "fact report"),
            ("学者莫拉认为，双方缺乏互信。", "assessment"), ("学者莫拉预测，会谈将无果而终。", "forecast"), ("美国要求伊朗放弃浓缩。", "demand"),
            ("工会拒绝公司的方案。", "refusal"), ("双方计划于下周会面。", "intent"), ("双方昨天在海明会面。", "fact report"),
            ("学者莫拉指出，拖延时间才是对方的真实意图。", "motive"),
        ],
    )  # fmt: skip
    def test_chinese(self, text, kind):
        assert read_text(text, published="2026-02-05")[0].kind == kind

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Mora said Savia must pull back first.", "demand"), ("Mora warned that Savia would pay the price.", "threat"),
            ("Tankov said his country will not sign.", "refusal"), ("Tankov said Savia was ready to release prisoners.", "offer"),
            ("Professor Jane Holt said the talks could fail.", "forecast"), ("Mora confirmed the meeting took place.", "fact report"),
            ("She urged them to leave.", "demand"), ("Savia refused to sign.", "refusal"), ("Mora believes that the offer is insulting.", "assessment"),
        ],
    )  # fmt: skip
    def test_english(self, text, kind):
        assert read_text(text, published="2026-02-05")[0].kind == kind


class TestIssues:
    @pytest.mark.parametrize(
        ("content", "language", "expected"),
        [
            ("完全放弃铀浓缩", "zh", {"nuclear"}), ("限制弹道导弹射程", "zh", {"missiles"}), ("停止资助代理人武装", "zh", {"proxies"}),
            ("双方将在海明举行核谈判", "zh", {"venue"}), ("谈判已经取消会谈取消", "zh", {"talks"}), ("旱季下泄流量不低于400立方米", "zh", {"water"}),
            ("今年加薪8%", "zh", {"wages"}), ("释放全部被俘士兵", "zh", {"prisoners"}), ("天气很好", "zh", set()),
            ("uranium enrichment must stop", "en", {"nuclear"}), ("the ceasefire holds", "en", {"ceasefire"}), ("prisoners were freed", "en", {"prisoners"}),
            ("the european union met", "en", set()), ("tariffs on steel", "en", {"tariffs"}),
        ],
    )  # fmt: skip
    def test_what_the_words_speak_of(self, content, language, expected):
        assert set(issues.tag(content, language)) == expected

    def test_substance_comes_first(self):
        assert issues.tag("谈判地点和铀浓缩", "zh")[0] == "nuclear"

    def test_a_case_adds_its_own_words_and_issues(self):
        text = "莫拉说，香料路线必须开放。"
        assert read_text(text)[0].issues == ()
        assert read_text(text, extra={"spice": ["香料路线"]})[0].issues == ("spice",)
        assert read_text("Mora said the Spice Road must open.", extra={"spice": ["Spice Road"]})[
            0
        ].issues == ("spice",)
        assert read_text(text, extra={"shipping": ["香料路线"]})[0].issues == ("shipping",)

    def test_a_case_s_word_does_not_replace_the_catalogue_s(self):
        assert set(issues.tag("铀浓缩", "zh", issues.as_extra({"own": ["铀浓缩"]}))) == {"nuclear", "own"}


@given(
    st.text("不没未拒绝取消如果可能将会，。但 not no if will may refuse", max_size=60),
    st.sampled_from(["zh", "en"]),
)
def test_any_words_get_tags(content, language):
    assert polarity(content, language) in ("affirmed", "negated")
    assert modality(content, language) in ("none", "must", "should", "will", "can", "may")
    span = condition(content, language)
    assert span is None or 0 <= span[0] < span[1] <= len(content)
    assert isinstance(issues.tag(content, language), tuple)
    probability(content, language)
