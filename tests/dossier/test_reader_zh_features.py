"""Chinese reported speech as papers and magazines write it: second verbs, asides, letters, quotations that stand alone."""

from datetime import date

import pytest

from zopa.dossier.read import read_text


def reports(text):
    claims = read_text(text, published=date(2026, 3, 9), language="zh")
    return [(c.speaker_head, "…".join(text[a:b] for a, b in c.ranges)) for c in claims if c.type == "report"]


class TestASecondVerbOfTheSameSpeaker:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "谈判代表阿明·拉苏里说，船队已经离港，并要求对方交出名单。",
                [("阿明·拉苏里", "船队已经离港"), ("阿明·拉苏里", "对方交出名单")],
            ),
            (
                "农会说，订单减少了三成，建议农户推迟播种。",
                [("农会", "订单减少了三成"), ("农会", "农户推迟播种")],
            ),
            (
                "她在宣判后否认收过钱，并称自己是替罪羊。",
                [("她", "收过钱"), ("她", "自己是替罪羊")],
            ),
            (
                "他指责“个别使馆”为反对派筹款，并誓言追究到底。",
                [("他", "“个别使馆”为反对派筹款"), ("他", "追究到底")],
            ),
            (
                "北方阵线发文说，政府军没有履行承诺，并指责政府拖延。",
                [("北方阵线", "政府军没有履行承诺"), ("北方阵线", "政府拖延")],
            ),
            (
                "总理办公室发表声明，称这一决定毫无道理，并威胁对进口家具加征关税。",
                [("总理办公室", "这一决定毫无道理"), ("总理办公室", "对进口家具加征关税")],
            ),
        ],
    )
    def test_opens_a_claim_of_its_own(self, text, expected):
        assert reports(text) == expected

    def test_unless_others_are_made_to_say_it(self):
        text = "领队谢廷说，枪声令游客惊慌，要求旅行社安排返程。"
        assert reports(text) == [("谢廷", "枪声令游客惊慌，要求旅行社安排返程")]


class TestWhereContentEnds:
    @pytest.mark.parametrize(
        ("text", "content"),
        [
            ("公司说，系统没有故障，却没有说明原因。", "系统没有故障"),
            ("劳工部长说，海军可以接管，财政部长则一言不发。", "海军可以接管"),
            ("组长莫雷蒂说，设备已经装好，但未谈及样本。", "设备已经装好"),
        ],
    )
    def test_what_somebody_did_not_say_is_no_part_of_it(self, text, content):
        assert [what for _, what in reports(text)] == [content]

    @pytest.mark.parametrize(
        "text",
        [
            "顾问卡里姆说，清单下周提交。总理府对此未予回应。",
            "总监卢卡说，不会罢工。这段录音后来传遍了工人的聊天群。",
            "发言人丽莎·科尔说，会谈很顺利。被问及下次时间，她笑而不答。",
            "外交部官员说，投票结果是四比三。由于讨论不公开，他们未公开姓名。",
            "秘书长马丁·奥尔说，各方已经签字。下届峰会将于2028年在北山举行。",
        ],
    )
    def test_the_text_s_own_next_sentence_is_not_the_speaker_s(self, text):
        assert len(reports(text)) == 1


class TestQuotations:
    def test_a_verb_that_wants_a_mark_may_close_one(self):
        text = "“最难熬的是不知道星期几。”阿尔瓦拉多在医院里对记者回忆。"
        assert reports(text) == [("阿尔瓦拉多", "“最难熬的是不知道星期几。”")]

    def test_one_that_stands_alone_is_whose_deed_was_told_before(self):
        text = "会谈已经结束。司机哈立德·曼苏尔擦了擦汗。“上头说货要留给本国厂。”"
        assert reports(text) == [("哈立德·曼苏尔", "“上头说货要留给本国厂。”")]

    def test_one_that_opens_a_paragraph_alone_is_nobody_s(self):
        text = "司机哈立德·曼苏尔擦了擦汗。\n\n“上头说货要留给本国厂。”"
        assert reports(text) == []


class TestWhoSpeaks:
    @pytest.mark.parametrize(
        ("text", "heads"),
        [
            ("渔业部长约恩·雅各布森说，船在等。雅各布森部长还说，大家该冷静。", ["约恩·雅各布森"] * 2),
            ("主席让-吕克·梅尔滕斯9日在集会上说，这是惩罚。", ["让-吕克·梅尔滕斯"]),
            ("财政部长奥尔汗·恰拉尔在会上承诺，方案月底公布。", ["奥尔汗·恰拉尔"]),
            ("主编德尼·马尔尚对此回应称，稿件已经核实。", ["德尼·马尔尚"]),
            ("餐馆老板娘玛尔塔·里克尔梅则说，她愿意赊账。", ["玛尔塔·里克尔梅"]),
            ("法官之一埃利奥·布兰当则指出，证词前后矛盾。", ["埃利奥·布兰当"]),
            ("六十三岁的棉农别克博拉特回忆，渠里没有水。", ["别克博拉特"]),
            ("德国《法兰克信使报》当天报道说，样本已经送检。", ["法兰克信使报"]),
            ("英国《新学人》周刊网站刊文称，北移是事实。", ["新学人"]),
            ("山地火山研究所说，震源深度为十二公里。", ["山地火山研究所"]),
            ("用村长的话说，“纸到了，水还没到”。", ["村长"]),
            ("据与会者回忆，双方差点动手。", ["与会者"]),
            ("一份内部备忘录写道，关税可能上调。", ["内部备忘录"]),
            ("反对派议员达维特·阿莱姆在议会指责说，这是拿主权换照片。", ["达维特·阿莱姆"]),
        ],
    )
    def test_the_name_without_what_stands_around_it(self, text, heads):
        assert [who for who, _ in reports(text)] == heads

    @pytest.mark.parametrize(
        ("text", "head"),
        [
            (
                "范霍夫与卡迪尔都来了。扬·范霍夫与阿兹曼·卡迪尔谈了三个小时。后者宣布，许可证推迟三个月。",
                "阿兹曼·卡迪尔",
            ),
            ("泰斯·格布雷随后给哈尔西·莫尔发去一封短信。信中写道，桌子还在。", "泰斯·格布雷"),
            ("码头工人联合会当天致信港务公司。信中写道，公司违反了协议。", "码头工人联合会"),
            ("部长米拉·科尔来了。三国发表联合声明，会谈下周恢复。声明还说，各方避免公开指责。", "三国"),
            ("帕特·埃罗埃斯昨天带来口信。法官埃尔莎·富恩特斯转述她的话说，算法可以看。", "帕特·埃罗埃斯"),
            ("渔民罗德里·法里亚斯在港口等。他的妻子说，早点回家。", "罗德里·法里亚斯的妻子"),
            ("欧盟观察团则直截了当。该团发言人说，观察员被拒之门外。", "欧盟观察团发言人"),
            ("连日来，首相西格·阿尔多蒂尔四处讲话。她表示，船必须离开。", "西格·阿尔多蒂尔"),
            ("计票员格蕾丝·班达看着我。她压低声音说，字是她写的。", "格蕾丝·班达"),
            ("外交部发言人林岚说，船在入港。这位发言人指出，双方已经沟通。", "林岚"),
            ("《首府日报》转述《回声周刊》对一名欧盟官员的采访称，工具不管用。", "欧盟官员"),
        ],
    )
    def test_words_that_point_back(self, text, head):
        assert reports(text)[-1][0] == head


class TestWhereTheStoryGoesOn:
    @pytest.mark.parametrize(
        "text",
        [
            "工会代表蒂埃里·马尔站在铁桶旁说，没有人赢。桶里的火已经烧了一个月。",
            "港务集团在备忘录中说，岗位将裁减三百个。备忘录被人匿名寄给工会。",
            "发言人丽莎·科尔说，会谈结束了。那家企业未回复邮件。",
            "渔民陶一鸣说，父亲老了十岁。这位六十岁的商人听见了，摆摆手。",
        ],
    )
    def test_what_is_told_is_not_said(self, text):
        assert len(reports(text)) == 1

    def test_a_judgement_after_a_report_is_still_the_speaker_s(self):
        text = "大副郝振东说，海盗起初有九个人。水是按碗分的，每人一碗。"
        assert [who for who, _ in reports(text)] == ["郝振东", "郝振东"]


class TestPapersAndOthers:
    @pytest.mark.parametrize(
        ("text", "head"),
        [
            ("《国民日报》12日发表社论，题目是渔网。社论写道，渔民在等。", "国民日报"),
            ("有消息称，双方下周可能会面。", "unspecified report"),
            ("他找到了外交官约瑟·奥廷诺，后者在电话里告诉他，先别谈钱。", "约瑟·奥廷诺"),
            ("迟春燕接到约瑟·奥廷诺的电话，对方告诉她，船长走得安静。", "约瑟·奥廷诺"),
            ("蒂埃里·马尔尚来了。马尔尚写道，夜班的人数不能少。", "蒂埃里·马尔尚"),
            ("诺瓦克答称，日期由对方决定。", "诺瓦克"),
        ],
    )
    def test_who_speaks(self, text, head):
        assert reports(text)[-1][0] == head

    def test_what_somebody_is_called_is_no_quotation(self):
        text = "一名自称“阿里司令”的男子要求船东付款。"
        assert all("阿里司令" not in what for _, what in reports(text))
