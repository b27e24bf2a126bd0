"""Where a Chinese text turns: from one speaker to the next, from speech to narration, from a report to what is reported."""

from datetime import date

import pytest

from zopa.dossier.read import read_text

DAY = date(2026, 2, 5)


def said(text: str) -> list[tuple[str | None, str]]:
    """Speaker and words of every claim that somebody makes."""
    claims = read_text(text, language="zh", published=DAY)
    return [(c.speaker_head, c.quote) for c in claims if c.type != "narrator"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A rank behind the name, a verb in what somebody is, a verb glued to a foreign name.
        ("发言人欧麦尔·哈姆丹准将当即驳斥称，这一说法毫无根据。", [("欧麦尔·哈姆丹", "这一说法毫无根据")]),
        ("政治分析家哈立德·图尔凯伊说，两支军队都在拖延。", [("哈立德·图尔凯伊", "两支军队都在拖延")]),
        ("“房子先往左倒。”幸存者玛图·贝洛躺在帐篷里告诉记者。", [("玛图·贝洛", "“房子先往左倒。”")]),
        ("物业项目经理葛长林坦言，喷淋系统没有检修。", [("葛长林", "喷淋系统没有检修")]),
        ("石桥县县长温如兰以本县为例说，县里与学院合办订单班。", [("温如兰", "县里与学院合办订单班")]),
        ("近七成受访者认为，房租是最大的压力。", [("受访者", "房租是最大的压力")]),
        # Who passes it on.
        ("据法新社亚的斯亚贝巴4月16日报道，三国恢复了谈判。", [("法新社", "三国恢复了谈判")]),
        ("据以色列第12频道报道，军方已做好准备。", [("以色列第12频道", "军方已做好准备")]),
        ("半岛电视台获悉，草案共有九条。", [("半岛电视台", "草案共有九条")]),
        ("记者从县政府获悉，全县已有三百人转移。", [("县政府", "全县已有三百人转移")]),
        ("在南部非洲安全研究所大湖地区项目研究员诺姆武拉·德拉米尼看来，经济激励更有效。", [("诺姆武拉·德拉米尼", "经济激励更有效")]),
        ("当地《马卡时报》引述总统卢卡·塞纳的话报道，政府将拨款重建北岛。", [("卢卡·塞纳", "政府将拨款重建北岛")]),
        # Nouns and verbs that take content without a comma.
        ("费兰特则发出警告：约有70万人处于饥荒边缘。", [("费兰特", "约有70万人处于饥荒边缘")]),
        ("哈姆丹谴责快速支援部队以谈判为掩护重新部署兵力。", [("哈姆丹", "快速支援部队以谈判为掩护重新部署兵力")]),
        ("处长顾明琇强调，不得提前教授。她同时提醒家长在选择机构时查看备案证明。",
         [("顾明琇", "不得提前教授"), ("顾明琇", "家长在选择机构时查看备案证明")]),
        ("副主任邵一鸣列出三项措施：一是纳入规划；二是实行倾斜。", [("邵一鸣", "纳入规划"), ("邵一鸣", "实行倾斜")]),
        # The other side, the latter, a turn of the same speaker.
        ("乌方主张停火与换俘同步启动，俄方反对将两个问题捆绑处理。", [("乌方", "停火与换俘同步启动"), ("俄方", "将两个问题捆绑处理")]),
        ("部长姆本扎与安哥拉外交部长曼努埃尔·佩德罗萨会谈，后者承诺安方将派遣军官。", [("曼努埃尔·佩德罗萨", "安方将派遣军官")]),
        ("布罗伊尔承认各国承受的代价并不相同，但认为这不能成为借口。", [("布罗伊尔", "各国承受的代价并不相同"), ("布罗伊尔", "这不能成为借口")]),
        ("巴雷夫强调，湖水属于沿岸各国；卡维尔则提出由沿岸五国组成联合委员会。",
         [("巴雷夫", "湖水属于沿岸各国"), ("卡维尔", "由沿岸五国组成联合委员会")]),
        ("“最缺的是挖掘机。”负责搜救行动的陆军上校达尼·鲁曼坦言。", [("达尼·鲁曼", "“最缺的是挖掘机。”")]),
        # A condition is no addressee; 过 may begin the next word.
        ("人权组织12日说，八十万人挨饿，警告若走廊不能开放，物资将无法运抵。", [("人权组织", "八十万人挨饿"), ("人权组织", "若走廊不能开放，物资将无法运抵")]),
        ("工业联合会称过高的利率正在“扼杀投资和就业”。", [("工业联合会", "过高的利率正在“扼杀投资和就业”")]),
        ("大使馆提醒在灾区的公民关注气象预警，避免前往低洼地带。", [("大使馆", "在灾区的公民关注气象预警，避免前往低洼地带")]),
        # What somebody did with words, then said; guesses one after the other.
        ("尹泰植当庭否认收受贿赂，坚称有关款项是“朋友之间的借贷”。", [("尹泰植", "收受贿赂"), ("尹泰植", "有关款项是“朋友之间的借贷”")]),
        ("儿童基金会估计，灾民中有一万名儿童，并担心霍乱可能暴发。", [("儿童基金会", "灾民中有一万名儿童"), ("儿童基金会", "霍乱可能暴发")]),
        # A day is no name; an adverb is no part of one.
        ("中国外交部发言人周三在例行记者会上说，中方愿意斡旋。", [("中国外交部发言人", "中方愿意斡旋")]),
        ("埃塞水利部官员星期二对本报说，谈判没有进展。", [("埃塞水利部官员", "谈判没有进展")]),
        ("发言人沈嘉禾出席。沈嘉禾先说，有两项工作。沈嘉禾说，谢谢。", [("沈嘉禾", "有两项工作"), ("沈嘉禾", "谢谢")]),
        ("联合国阿富汗援助团发表声明称，有平民丧生。", [("联合国阿富汗援助团", "有平民丧生")]),
        ("法国防长艾蒂安·莫罗在同一场合则强调，战机只能有一个总设计师。", [("艾蒂安·莫罗", "战机只能有一个总设计师")]),
        ("中国外交部发言人周三敦促双方保持冷静。发言人周三还说，中方愿意斡旋。", [("中国外交部发言人", "双方保持冷静"), ("发言人", "中方愿意斡旋")]),
        ("集团破产管理人的一份报告显示，集团欠款三亿元。", [("集团破产管理人", "集团欠款三亿元")]),
        ("【海角日报驻加拿大特约记者 陶然 海角日报记者 于澜】美国商务部14日宣布，将加征关税。", [("美国商务部", "将加征关税")]),
        ("研究员娜迪娅·法赫米认为，规则确定下来更好。但大学的政治学者达维特·格布雷不这么看。", [("娜迪娅·法赫米", "规则确定下来更好")]),
        ("经济学家南希·霍布斯算了一笔账：美国三成的软木依赖进口。", [("南希·霍布斯", "美国三成的软木依赖进口")]),
        # Names that hold a verb or an adverb, or follow a clause.
        ("国际原子能机构5日说，核查人员未能进入。", [("国际原子能机构", "核查人员未能进入")]),
        ("该报援引土耳其安全部门人士的话说，土方已做好准备。", [("土耳其安全部门人士", "土方已做好准备")]),
        ("审判长朴正洙说，被告辜负了国民的信任。", [("朴正洙", "被告辜负了国民的信任")]),
        ("企业高管金某曾作证说，他把钱交给了对方。", [("金某", "他把钱交给了对方")]),
        ("打入首球的方雨桐坦言，上场前非常紧张。", [("方雨桐", "上场前非常紧张")]),
        ("发言人林为民说，谈判有进展。这位发言人敦促日方停止渲染。", [("林为民", "谈判有进展"), ("林为民", "日方停止渲染")]),
        ("据媒体报道，主要分歧是伊朗坚持谈判范围限于核问题，但国务卿鲁比奥说，还须包括导弹。",
         [("媒体", "主要分歧是伊朗坚持谈判范围限于核问题"), ("鲁比奥", "还须包括导弹")]),
        ("发言人林为民说，谈判有进展。会见后发表的联合公报称，两国将签署协定。",
         [("林为民", "谈判有进展"), ("联合公报", "两国将签署协定")]),
    ],
)  # fmt: skip
def test_who_says_what(text: str, expected: list[tuple[str, str]]):
    assert said(text) == expected


@pytest.mark.parametrize(
    "told",
    [
        "联合国秘书长发言人对会谈表示欢迎。", "海塘队主教练段立峰的看法则截然不同。", "这篇帖子获得了三万多个赞，引来多名议员转发。",
        "简报会开始前，全体人员默哀一分钟。", "受消息影响，公司股价收跌6.3%。", "两国间唯一的公路口岸当晚关闭，数百辆货车滞留。",
        "首席谈判代表反问：“谁会允许别人来管自家的水龙头？”",
    ],
)  # fmt: skip
def test_what_others_do_does_not_go_on_for_the_last_speaker(told: str):
    first = "研究员罗萨·卡维尔说，谈判很难。"
    assert said(first + told) == [("罗萨·卡维尔", "谈判很难")]


def test_a_persons_call_is_said_and_a_states_is_its_stance():
    person, state = (
        read_text(text, language="zh", published=DAY)[0] for text in ("米哈尔·本-阿里敦促政府不要再拖延签字。", "美国敦促伊朗不要再拖延签字。")
    )  # fmt: skip
    assert (person.type, state.type) == ("report", "position")


def test_who_was_told_of_answers_to_she():
    text = (
        "塔兰总统伊斯坎·巴雷夫会见到访的外长罗萨·卡维尔。\n\n巴雷夫表示，合作不断拓展。\n\n"
        "卡维尔转达了梅里达总统的问候。她说，梅方重视关系。"
    )
    assert said(text)[-1] == ("罗萨·卡维尔", "梅方重视关系")


def test_the_day_of_a_press_conference_is_that_of_all_who_speak_there():
    text = (
        "海明社澜州2月4日电 省政府3日举行新闻发布会。卫生厅副厅长邵一鸣介绍，机构共有三千家。\n\n"
        "财政厅副厅长骆青山透露，资金已经安排。\n\n大学教授温如玉接受采访时说，还不够。"
    )
    claims = [c for c in read_text(text, language="zh", published=DAY) if c.type == "report"]
    assert [(c.speaker_head, c.said_on) for c in claims] == [
        ("邵一鸣", date(2026, 2, 3)), ("骆青山", date(2026, 2, 3)), ("温如玉", None)
    ]  # fmt: skip


def test_our_paper_is_the_one_the_text_stands_in():
    [claim] = read_text("本报获悉，谈判将于下周恢复。", language="zh", published=DAY, outlet="海角日报")
    assert (claim.speaker, claim.speaker_head, claim.outlet) == ("本报", "海角日报", "海角日报")
    [unknown] = read_text("本报获悉，谈判将于下周恢复。", language="zh", published=DAY)
    assert unknown.speaker_head == "本报"


def test_the_day_of_a_dateline_is_not_that_of_a_meeting():
    text = "海明社塔兰城2月5日电 塔兰总统伊斯坎·巴雷夫4日会见罗萨·卡维尔。巴雷夫表示，合作不断拓展。"
    [claim] = [c for c in read_text(text, language="zh", published=DAY) if c.type == "report"]
    assert claim.said_on == date(2026, 2, 4)
