"""Who the words for a speaker stand for, who passed the words on, and which voice is the origin."""

import pytest

from zopa.dossier.read import read_text


def heads(text, **options):
    return [
        c.speaker_head for c in read_text(text, published="2026-02-05", **options) if c.type != "narrator"
    ]


def claims(text, **options):
    return [c for c in read_text(text, published="2026-02-05", **options) if c.type != "narrator"]


class TestChinese:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("外长莫拉说，可以会面。他还说，地点待定。", ["莫拉", "莫拉"]),
            ("伊朗官方消息人士称，谈判取消。该消息人士表示，原因很多。", ["伊朗官方消息人士"] * 2),
            ("水利部长坦科夫说，水库已满。这位部长强调，不会放水。", ["坦科夫", "坦科夫"]),
            ("特使金·贝伦斯说，时间不多。贝伦斯认为，还有机会。", ["金·贝伦斯", "金·贝伦斯"]),
            ("中东官员昨天与外交官交谈。他们认为，不会有结果。", ["中东官员"]),
            ("外交部发言人毛某文说，正在联系。发言人表示，欢迎会面。", ["毛某文", "毛某文"]),
            ("《河谷日报》称，谈判已经破裂。报道还说，双方各有打算。", ["河谷日报", "河谷日报"]),
            (
                "投资审查委员会27日宣布，否决申请。委员会解释说，条件不足。",
                ["投资审查委员会", "投资审查委员会"],
            ),
            ("安全顾问霍尔姆10日接受采访时被问到此事，她表示“不会排除”。", ["霍尔姆"]),
            ("两名外交官说，没有协议。“白费力气。”其中一人说。", ["外交官", "外交官"]),
            ("萨方发言人发表声明。声明说，不会撤军。", ["萨方发言人"]),
        ],
    )
    def test_pronouns_titles_and_texts(self, text, expected):
        assert heads(text) == expected

    def test_a_paper_that_quotes_an_official(self):
        claim = claims("《河谷日报》5日援引一名以色列官员的话说，会谈不会有结果。")[0]
        assert claim.chain == ("河谷日报", "以色列官员")
        assert claim.speaker_head == "以色列官员"
        assert claim.outlet == "河谷日报"
        assert claim.anonymous

    def test_a_voice_inside_the_content_is_innermost(self):
        assert claims("学者莫拉认为，在伊朗看来，阿曼值得信赖。")[0].chain == ("莫拉", "伊朗")

    def test_where_somebody_wrote(self):
        assert claims("记者金·贝伦斯在《金融时报》撰文称，“机会渺茫。”")[0].outlet == "金融时报"
        assert claims("外长莫拉在社交媒体上发文说，谈判将于6日举行。")[0].outlet == "社交媒体"

    def test_nobody_named(self):
        claim = claims("据报道，双方已经秘密会面。")[0]
        assert claim.speaker_head == "unspecified report"
        assert claim.anonymous

    def test_unnamed_officials_of_one_side_are_one_origin(self):
        text = "两位美国官员透露，会谈地点不会更改。白宫一名高级官员随后表示，会谈地点仍是海明。"
        first, second = claims(text)
        assert first.origin == second.origin == "美国-unnamed/venue"

    def test_named_people_are_origins_of_their_own(self):
        text = "美国国务卿鲁比安说，会谈地点不会更改。美方官员透露，会谈地点不会更改。"
        assert len({c.origin for c in claims(text)}) == 2

    def test_a_side_and_its_government_are_one_origin(self):
        assert claims("美方认为，制裁有效。")[0].origin == claims("美国政府宣布，制裁继续。")[0].origin


class TestEnglish:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "Foreign Minister Oleg Tankov said he was ready. Tankov added that time was short.",
                ["Oleg Tankov"] * 2,
            ),
            ("Helen Marsh said the offer was weak. She warned that a strike was near.", ["Helen Marsh"] * 2),
            (
                "Two Western diplomats said talks would move. They said the host had agreed.",
                ["Western diplomats"] * 2,
            ),
            (
                "A senior official said the deal was dead. The official said no date was set.",
                ["senior official"] * 2,
            ),
            ("Savia said it would leave. The statement said no talks were planned.", ["Savia", "Savia"]),
        ],
    )
    def test_surnames_pronouns_and_the_official(self, text, expected):
        assert heads(text) == expected

    def test_unnamed_officials_of_one_side_are_one_origin(self):
        text = "A U.S. official said the venue was fixed. Two White House officials said the venue would not change."
        assert {c.origin for c in claims(text)} == {"united-states-unnamed/venue"}
        assert all(c.anonymous for c in claims(text))

    def test_nobody_named(self):
        assert heads("“Nothing will ever come of this,” was the answer.") in ([], ["unspecified report"])

    def test_a_paper_is_its_own_outlet(self):
        claim = claims("The Harbour Post reported that the talks had failed.")[0]
        assert claim.outlet == claim.speaker_head == "Harbour Post"


def test_the_document_s_outlet_stands_where_the_text_names_none():
    claim = claims("莫拉说，可以会面。", outlet="河谷通讯社")[0]
    assert claim.outlet == "河谷通讯社"
    narrated = read_text("双方昨天在海明会面。", outlet="河谷通讯社")[0]
    assert narrated.origin.startswith("河谷通讯社/")
