"""Chinese reported speech, one stage a class: cues, words for speakers and their heads, ranges, headlines, continuation."""

import pytest

from zopa.dossier.document import Document, blocks, with_sentences
from zopa.dossier.read import read_text
from zopa.dossier.zh.cues import cues
from zopa.dossier.zh.line import enumeration
from zopa.dossier.zh.mentions import deictic, head, noun_phrase
from zopa.dossier.zh.reading import found_in


def document(text):
    return with_sentences(Document(text, "zh", None, None, blocks(text, "zh")))


def found(text):
    return [
        (f.type, f.mention.text if f.mention else None, "｜".join(text[a:b] for a, b in f.ranges))
        for f in found_in(document(text))
    ]


def reports(text):
    return [(who, what) for kind, who, what in found(text) if kind == "report"]


class TestCues:
    def words(self, text):
        return [(c.word, c.mark) for c in cues(document(text).sentences[0])]

    def test_what_follows_a_verb_of_saying(self):
        assert self.words("他说，可以") == [("说", "comma")]
        assert self.words("他表示：可以") == [("表示", "colon")]
        assert self.words("他认为可以") == [("认为", "none")]
        assert self.words("他强调“可以”") == [("强调", "quote")]

    def test_verbs_in_a_row_are_one_cue(self):
        assert self.words("他撰文称，可以") == [("撰文称", "comma")]
        assert self.words("他批评说，不行") == [("批评说", "comma")]

    @pytest.mark.parametrize(
        "text",
        [
            "小说很好看",
            "机场名称更改",
            "轨道交通",
            "指导工作",
            "讲话稿子",
            "这种说法",
            "街道很宽",
            "简称未定",
        ],
    )
    def test_other_words_that_hold_the_same_character(self, text):
        assert self.words(text) == []

    def test_questions_are_no_statements(self):
        assert cues(document("有记者提问：为什么").sentences[0])[0].kind == "ask"


class TestWordsForSpeakers:
    @pytest.mark.parametrize(
        ("clause", "expected"),
        [
            ("诺兰国务卿鲁比安4日早些时候", "诺兰国务卿鲁比安"), ("外交部发言人毛某在例行记者会上", "外交部发言人毛某"),
            ("两名不愿透露姓名的官员随后", "两名不愿透露姓名的官员"), ("参与调解的邻国官员和分析人士", "参与调解的邻国官员和分析人士"),
            ("正在访问的陈某水", "正在访问的陈某水"), ("《河谷日报》5日", "《河谷日报》"), ("他同时", "他"), ("该消息人士", "该消息人士"),
            ("联合国特使让-皮埃尔·杜邦当天", "联合国特使让-皮埃尔·杜邦"), ("在安理会会议上中国代表", "中国代表"), ("伊朗和美国官员4日先后", "伊朗和美国官员"),
            ("王毅与来访外长会谈时", "王毅"), ("武装组织“前进阵线”2日", "武装组织“前进阵线”"), ("选举委员会主席罗大为则", "选举委员会主席罗大为"),
            ("市长曾国荣昨晚", "市长曾国荣"), ("有分析人士", "分析人士"), ("对外经济研究所学者方之初", "对外经济研究所学者方之初"),
        ],
    )  # fmt: skip
    def test_the_noun_phrase_before_the_verb(self, clause, expected):
        text = clause.replace("“前进阵线”", "“\x00\x00\x00\x00”")
        mention = noun_phrase(clause, text, 0, 0, len(clause))
        assert mention is not None
        assert mention.text == expected

    @pytest.mark.parametrize("clause", ["对于这一问题", "随着局势升级", "如果谈判失败", ""])
    def test_clauses_without_a_speaker(self, clause):
        mention = noun_phrase(clause, clause, 0, 0, len(clause))
        assert mention is None or not mention.known

    @pytest.mark.parametrize(
        ("mention", "expected"),
        [
            ("外交部发言人安娜·贝格隆德", "安娜·贝格隆德"), ("国际问题研究院副研究员李文昕", "李文昕"), ("两位美国官员", "美国官员"),
            ("另一位军方高级消息人士", "军方高级消息人士"), ("以色列《新消息报》", "新消息报"), ("国防部一名高级官员", "国防部高级官员"),
            ("卡方一位参与审查的官员", "卡方官员"), ("一名熟悉谈判情况的西方外交官", "西方外交官"), ("伊朗方面", "伊朗方面"), ("他", "他"),
            ("叛军指挥官“老鹰”", "老鹰"), ("领队谢文远", "谢文远"), ("总统府发言人马里奥·塞拉", "马里奥·塞拉"), ("38岁的法蒂玛·阿米里", "法蒂玛·阿米里"),
            ("美国有线电视新闻网（CNN）", "美国有线电视新闻网"), ("一对老夫妇和一名遇难者遗孀", "一对老夫妇和一名遇难者遗孀"),
        ],
    )  # fmt: skip
    def test_heads(self, mention, expected):
        assert head(mention) == expected

    def test_what_a_pointing_phrase_points_at(self):
        assert deictic("该消息人士") == "消息人士"
        assert deictic("这位部长") == "部长"
        assert deictic("王毅") is None


class TestRanges:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("外长莫拉4日说，谈判将于6日举行。", [("外长莫拉", "谈判将于6日举行")]),
            ("部长表示：“我们不会让步。”", [("部长", "“我们不会让步。”")]),
            ("莫拉认为对方缺乏诚意。", [("莫拉", "对方缺乏诚意")]),
            ("“我们愿意谈判。”莫拉说。", [("莫拉", "“我们愿意谈判。”")]),
            ("“我们愿意谈判，”莫拉说，“但不会停火。”", [("莫拉", "“我们愿意谈判，”｜“但不会停火。”")]),
            ("“我们愿意谈判。”莫拉告诉记者。", [("莫拉", "“我们愿意谈判。”")]),
            ("莫拉说，愿意谈判，并警告拖延没有好处。", [("莫拉", "愿意谈判"), ("莫拉", "拖延没有好处")]),
            ("莫拉说，愿意谈判；坦科夫则称，为时已晚。", [("莫拉", "愿意谈判"), ("坦科夫", "为时已晚")]),
            ("莫拉说，对方坚持要价，并且主张推迟会谈。", [("莫拉", "对方坚持要价，并且主张推迟会谈")]),
            ("据河谷通讯社报道，双方已经会面，但外长莫拉说，没有达成协议。", [("河谷通讯社", "双方已经会面"), ("外长莫拉", "没有达成协议")]),
            ("据报道，双方已经会面。", [(None, "双方已经会面")]),
            ("报道援引一名官员的话说，会谈已经取消。", [("一名官员", "会谈已经取消")]),
            ("在莫拉看来，会谈没有意义。", [("莫拉", "会谈没有意义")]),
            ("外长莫拉证实了上述消息。", [("外长莫拉", "上述消息")]),
            ("发言人莫拉怒斥道，这是谎言。", [("发言人莫拉", "这是谎言")]),
            ("发言人莫拉在帖文里这样宣泄：“我们绝不接受这样的条件。”", [("发言人莫拉", "“我们绝不接受这样的条件。”")]),
            ("莫拉会见坦科夫，强调对话是唯一出路。", [("莫拉", "对话是唯一出路")]),
            ("学者莫拉预测三种结果：一是签约；二是拖延；三是破裂。", [("学者莫拉", "签约"), ("学者莫拉", "拖延"), ("学者莫拉", "破裂")]),
            ("外长莫拉承认会谈遇到困难，但拒绝透露细节。", [("外长莫拉", "会谈遇到困难")]),
            ("分析认为，双方都在等待。", [("分析", "双方都在等待")]),
        ],
    )  # fmt: skip
    def test_reported_content(self, text, expected):
        assert reports(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "诺兰近日不断发出军事威胁，局势紧张。", "外交部没有透露会谈时间。", "发言人拒绝评论。", "双方对此表示欢迎。",
            "谈判地点为何选在海明？", "他的说法引起争议。", "有记者问：会谈何时举行？", "目前尚无官员确认这一消息。",
        ],
    )  # fmt: skip
    def test_no_report(self, text):
        assert reports(text) == []

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("诺兰要求萨维亚拆除大坝。", ("position", "诺兰", "萨维亚拆除大坝")),
            ("九国代表赶赴会场，强烈敦促双方不要取消会议。", ("position", "九国代表", "双方不要取消会议")),
            ("工会拒绝公司的最后方案，谈判破裂。", ("position", "工会", "公司的最后方案")),
        ],
    )
    def test_stances_that_the_text_ascribes(self, text, expected):
        assert expected in found(text)

    def test_listed_demands(self):
        text = "美方提出三点要求：一是放弃浓缩；二是限制射程；三是停止资助。"
        assert found(text) == [("position", "美方", x) for x in ("放弃浓缩", "限制射程", "停止资助")]

    def test_a_demand_in_the_middle_of_a_story_is_one_of_its_events(self):
        text = "双方此前商定在海明会面，但诺兰突然要求改到莫雷，意图排除观察员，会谈因此推迟。"
        assert found(text) == [("narrator", None, text[:-1])]

    def test_a_question_at_the_end_belongs_to_who_asks(self):
        text = "有记者问：外长莫拉表示愿意会面，对此部长有何看法？"
        assert reports(text) == [("外长莫拉", "愿意会面")]


def test_enumerations_need_two_items():
    assert enumeration("一是甲；二是乙", 0, 7) == [(2, 4), (6, 7)]
    assert enumeration("一是甲", 0, 3) == []


class TestHeadlinesAndLabels:
    def test_a_headline_with_colons_ascribes_positions(self):
        text = "终于敲定\n诺兰：我只谈水 萨维亚：先停火\n诺兰和萨维亚昨天恢复谈判。"
        assert found(text)[:2] == [("position", "诺兰", "我只谈水"), ("position", "萨维亚", "先停火")]

    def test_sections_are_no_speakers(self):
        assert found("分析：谁会让步\n双方昨天恢复谈判，地点未定。")[0][0] != "position"

    def test_a_transcript(self):
        text = "问：何时会谈？\n\n发言人莫拉：下周可以。我们希望对方也来。\n\n问：在哪里？\n\n答：地点待定。"
        assert reports(text) == [
            ("发言人莫拉", "下周可以"),
            ("发言人莫拉", "我们希望对方也来"),
            ("发言人莫拉", "地点待定"),
        ]


class TestContinuation:
    def test_a_commentator_runs_on(self):
        text = "教授李某文表示，停火难以持续。双方都缺乏互信。"
        assert reports(text) == [("教授李某文", "停火难以持续"), ("教授李某文", "双方都缺乏互信")]

    def test_a_commentator_runs_on_over_a_paragraph_without_dates(self):
        text = "教授李某文表示，停火难以持续。\n\n双方都缺乏互信，这是最大的障碍。"
        assert len(reports(text)) == 2

    @pytest.mark.parametrize(
        "second",
        [
            "双方此前已经会面三次。",
            "目前尚无官员确认时间。",
            "去年6月，会谈中断。",
            "外交部拒绝置评。",
            "有人已经离开。",
        ],
    )
    def test_background_is_told_by_the_text(self, second):
        assert reports("两名官员透露，会谈将延期。" + second) == [("两名官员", "会谈将延期")]

    def test_a_report_without_a_voice_does_not_run_on(self):
        assert reports("据悉，会谈将延期到下周。这令各方失望。") == [(None, "会谈将延期到下周")]

    def test_a_person_does_not_speak_of_himself_by_name(self):
        assert reports("莫拉说，会谈有进展。莫拉昨天抵达海明。") == [("莫拉", "会谈有进展")]

    def test_a_quotation_on_its_own_is_the_last_speakers(self):
        assert reports("莫拉说，会谈有进展。“但还不够。”") == [
            ("莫拉", "会谈有进展"),
            ("莫拉", "“但还不够。”"),
        ]


class TestNamesNoListHolds:
    """Speakers whose names hold characters that also end a phrase, or that only a title vouches for."""

    @pytest.mark.parametrize(
        ("sentence", "speaker", "quote"),
        [
            ("外交部发言人林爽在网上记者会上回答提问时表示，各方正在协调。", "外交部发言人林爽", "各方正在协调"),
            ("外交部发言人刘为民10日表示，外交部正协调邻国政府。", "外交部发言人刘为民", "外交部正协调邻国政府"),
            ("海明大学研究员石田隆至表示，这份文件大肆渲染威胁。", "海明大学研究员石田隆至", "这份文件大肆渲染威胁"),
            ("海明大学教授中野浩一一针见血地指出：“首相担心被边缘化。”", "海明大学教授中野浩一", "“首相担心被边缘化。”"),
            ("海明大学教授周为民认为，协议不会持久。", "海明大学教授周为民", "协议不会持久"),
            ("根据市场研究机构马基特集团的数据，11月的指数上升。", "市场研究机构马基特集团", "11月的指数上升"),
            ("据海明有线电视新闻网报道，双方将会面。", "海明有线电视新闻网", "双方将会面"),
            ("综合海明媒体报道，双方将会面。", "海明媒体", "双方将会面"),
            ("多名不愿具名的诺兰官员告诉《海明时报》，白宫正在考虑新的制裁。", "多名不愿具名的诺兰官员", "白宫正在考虑新的制裁"),
            ("过渡委员会一名在前线的军事高官13日指出，对方没有撤军。", "过渡委员会一名在前线的军事高官", "对方没有撤军"),
            ("分析普遍指出，渲染威胁是为了扩军。", "分析", "渲染威胁是为了扩军"),
            ("执政党首席代表哈加里接受本台采访时表示，本党接受提案。", "执政党首席代表哈加里", "本党接受提案"),
            ("总统新闻秘书佩斯科夫21日在回答记者提问时证实，两国元首将通电话。", "总统新闻秘书佩斯科夫", "两国元首将通电话"),
        ],
    )  # fmt: skip
    def test_the_speaker_is_whole(self, sentence, speaker, quote):
        assert [(c.speaker, c.quote) for c in read_text(sentence, language="zh", published="2026-02-05")] == [
            (speaker, quote)
        ]

    def test_a_second_verb_after_a_comma_is_the_same_speakers(self):
        text = "林爽表示，升空次数呈增加趋势，重申将继续监视。"
        claims = read_text(text, language="zh", published="2026-02-05")
        assert [(c.speaker, c.quote) for c in claims] == [
            ("林爽", "升空次数呈增加趋势"),
            ("林爽", "将继续监视"),
        ]

    def test_a_share_of_those_asked_is_a_finding_and_nobodys_words(self):
        claims = read_text("调查显示，61%的受访者认为应当停火。", language="zh", published="2026-02-05")
        assert [c.quote for c in claims] == ["61%的受访者认为应当停火"]
