"""The parts of drafting one by one: names, sides nobody lists, stances, settings, people, moves."""

from datetime import date

import pytest

from zopa.claims.source import Header, Source
from zopa.dossier.draft_course import moves, unknowns
from zopa.dossier.draft_names import Names, listed_names, with_groups, with_initials
from zopa.dossier.draft_parties import negotiators, parties
from zopa.dossier.draft_settings import meetings
from zopa.dossier.draft_stances import direction
from zopa.dossier.draft_survey import Survey, survey
from zopa.dossier.draft_table import agendas, issues, preconditions, red_lines, wants
from zopa.dossier.draft_unknown import en_owner, zh_owner
from zopa.dossier.lexicon import Language
from zopa.dossier.read import read_text

DAY = date(2030, 3, 12)


def read(text: str, language: Language = "zh") -> Survey:
    source = Source(id="news", header=Header(published=DAY, language=language), text=text)
    return survey([source], read_text(text, language=language, published=DAY, source="news"), as_of=DAY)


def named(text: str, language: Language = "zh") -> list[tuple[str, str]]:
    names = with_groups(listed_names(), [(text, language)])
    names = with_initials(names, [text]) if language == "zh" else names
    return [(text[m.start : m.stop], m.side) for m in names.mentions(text, language)]


# ---- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("美国和伊朗", [("美国", "us"), ("伊朗", "iran")]),
        (
            "俄罗斯与乌克兰的谈判。俄乌双方",
            [("俄罗斯", "russia"), ("乌克兰", "ukraine"), ("俄", "russia"), ("乌", "ukraine")],
        ),
        ("乌拉圭拒绝。乌方表示", [("乌拉圭", "uruguay"), ("乌方", "uruguay")]),
        ("以色列提出方案，以方便各方。", [("以色列", "israel")]),
        ("南美国家", []),
        ("马里奥·塞拉到访马里", [("马里", "mali")]),
        ("《华盛顿邮报》报道", []),
        ("伊朗要求解除对伊制裁", [("伊朗", "iran"), ("伊", "iran")]),
        ("美国白宫官员", [("美国白宫", "us")]),
        ("哈马斯和联合国", [("哈马斯", "hamas"), ("联合国", "un")]),
        (
            "至少9个中东国家，中东9国",
            [("至少9个中东国家", "middle-eastern-states"), ("中东9国", "middle-eastern-states")],
        ),
    ],
)
def test_chinese_names(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. officials met Iranians", [("U.S.", "us"), ("Iranians", "iran")]),
        ("They told us that Israel's offer stands", [("Israel", "israel")]),
        ("The Washington Post reported", []),
        ("the Kremlin and the EU", [("Kremlin", "russia"), ("EU", "eu")]),
        ("Nine Gulf states and five African governments", [("Nine Gulf states", "gulf-states"), ("five African governments", "african-states")]),
    ],
)  # fmt: skip
def test_english_names(text, expected):
    assert named(text, "en") == expected


def test_names_in_both_languages_are_one_side():
    names: Names = listed_names()
    assert names.forms["zh"]["德黑兰"] == names.forms["en"]["Tehran"] == "iran"
    assert dict(names.sides["oman"].names) == {"zh": "阿曼", "en": "Oman"}


@pytest.mark.parametrize(
    ("mention", "owner"),
    [
        ("诺兰外交部发言人哈维尔·莫拉", "诺兰"),
        ("港务工会主席周海生", "港务工会"),
        ("东境国防部一名高级官员", "东境"),
        ("市劳动局副局长吴敏", "市劳动局"),
        ("一位熟悉谈判情况的西方外交官", None),
        ("某大学水资源研究所教授李恩熙", None),
        ("中东官员", None),
    ],
)
def test_the_owner_of_a_chinese_office(mention, owner):
    assert zh_owner(mention) == owner


@pytest.mark.parametrize(
    ("mention", "owner"),
    [
        ("Nolan's chief negotiator", "Nolan"),
        ("Savian Foreign Minister Oleg Tankov", "Savian"),
        ("the dockers' union", "dockers' union"),
        ("A spokesman for the commerce ministry of Lin", "Lin"),
        ("Westquay", "Westquay"),
        ("Officials at the labour ministry", None),
        ("economist Daniel Okafor", None),
    ],
)
def test_the_owner_of_an_english_office(mention, owner):
    assert en_owner(mention) == owner


def test_an_adjective_and_its_noun_are_one_side():
    found = read("Nolan and Savia will hold talks on Monday, the Savian government said.", "en")
    assert set(found.names.unlisted) == {"nolan", "savia"}


# ---- parties -----------------------------------------------------------------------------------------------------


def test_whoever_talks_sits_at_the_table_and_the_others_do_not():
    found = read("法国和德国将于15日举行谈判。在瑞士斡旋下，法德双方恢复接触。联合国呼吁法国克制。")
    roles = {part.side: part.roles for part in parties(found)}
    assert roles["france"] == roles["germany"] == ("negotiator",)
    assert roles["switzerland"] == ("mediator",)
    assert roles["un"] == ("lobby",)


def test_a_mediator_that_is_often_named_stays_a_mediator():
    found = read(
        "Kenya and Uganda will hold talks on the border. Qatar mediated between Kenya and Uganda. "
        "Qatar's foreign minister said Qatar had mediated before. Talks between Kenya and Uganda resume on Friday.",
        "en",
    )
    assert set(negotiators(found, {"qatar": 2})) == {"kenya", "uganda"}


BETWEEN = "Kenya and Ethiopia will hold talks on the dam. Talks between Kenya and Ethiopia resume on Friday. "


@pytest.mark.parametrize(
    ("text", "side", "roles"),
    [
        ("Qatar, which is mediating, said on Tuesday the talks would continue.", "qatar", ("mediator",)),
        ("Qatar, which has been mediating between Kenya and Ethiopia, was silent.", "qatar", ("mediator",)),
        ("Qatar, whose foreign minister has mediated since May, was silent.", "qatar", ("mediator",)),
        ("Norway, the mediator in earlier rounds, was absent.", "norway", ("mediator",)),
        ("Acting as go-between, Egypt said little.", "egypt", ("mediator",)),
        ("Egypt, acting as an intermediary, said little.", "egypt", ("mediator",)),
        ("The talks were mediated by senior officials from Jordan.", "jordan", ("mediator",)),
        ("Oman, which hosts the next round, welcomed the news.", "oman", ("host",)),
        ("Oman, host of the next round, welcomed the news.", "oman", ("host",)),
        ("Sweden, which refused to mediate, was absent.", "sweden", None),
        ("Sweden, which did not host the round, was absent.", "sweden", None),
    ],
)
def test_relative_clauses_and_appositions_name_mediators_and_hosts(text, side, roles):
    found = {p.side: p.roles for p in parties(read(BETWEEN + text, "en"))}
    assert found["kenya"] == found["ethiopia"] == ("negotiator",)
    assert found.get(side) == roles


@pytest.mark.parametrize(
    ("text", "side", "roles"),
    [
        ("会谈由卡塔尔居中调停。", "qatar", ("mediator",)),
        ("会谈由卡塔尔外交部斡旋。", "qatar", ("mediator",)),
        ("居中斡旋的卡塔尔表示乐观。", "qatar", ("mediator",)),
        ("作为斡旋方的埃及表示乐观。", "egypt", ("mediator",)),
        ("埃及作为调解方表示乐观。", "egypt", ("mediator",)),
        ("斡旋方挪威没有表态。", "norway", ("mediator",)),
        ("承办会谈的阿曼表示欢迎。", "oman", ("host",)),
        ("瑞典拒绝出面斡旋。", "sweden", None),
    ],
)
def test_chinese_clauses_before_and_after_a_name_give_mediators_and_hosts(text, side, roles):
    found = {p.side: p.roles for p in parties(read("肯尼亚与埃塞俄比亚2日在多哈恢复谈判。" + text))}
    assert found["kenya"] == found["ethiopia"] == ("negotiator",)
    assert found.get(side) == roles


def test_who_is_asked_to_hold_back_stands_outside():
    found = read(
        "Kenya and Uganda will hold talks on Friday. Kenya has asked Rwanda to refrain from attacks.", "en"
    )
    assert {p.side: p.roles for p in parties(found)}["rwanda"] == ("outside",)


# ---- stances -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "issue", "clause", "language", "end"),
    [
        ("demand", "sanctions", "要求解除制裁", "zh", 1),
        ("refuse", "sanctions", "反对制裁", "zh", 1),
        ("refuse", "sanctions", "拒绝解除制裁", "zh", -1),
        ("refuse", "tariffs", "反对加征关税", "zh", 1),
        ("demand", "water", "停止在旱季蓄水", "zh", 1),
        ("demand", "wages", "要求不裁员", "zh", 1),
        ("demand", "wages", "不加薪就停工", "zh", 1),
        ("refuse", "nuclear", "不会让对方重建核计划", "zh", 1),
        ("nonneg", "missiles", "导弹射程不可谈判", "zh", -1),
        ("nonneg", "wages", "加薪是底线", "zh", 1),
        ("refuse", "withdrawal", "will not withdraw", "en", -1),
        ("demand", "tariffs", "demanded that it scrap the duty", "en", 1),
        ("refuse", "tariffs", "rejected the tariffs", "en", 1),
        ("keep", "tariffs", "will keep the duty", "en", -1),
        ("offer", "prisoners", "ready to release 40 prisoners", "en", -1),
        ("narrow", "nuclear", "只谈核问题", "zh", 0),
    ],
)
def test_which_end_words_point_to(sort, issue, clause, language, end):
    assert direction(sort, issue, clause, language) == end


def test_a_stance_belongs_to_the_side_named_last_before_it():
    found = read("法国要求德国取消关税，但德国拒绝取消关税。")
    assert [(s.side, s.sort, s.direction) for s in found.stances if s.issue] == [
        ("france", "demand", 1),
        ("germany", "refuse", -1),
    ]


def test_what_a_commentator_wants_is_nobodys_stance():
    found = read("法国和德国将举行谈判。\n\n经济学家李某认为，应当取消关税。")
    assert not [s for s in found.stances if s.issue and s.side]


def test_this_means_what_the_same_side_spoke_of_before():
    found = read(
        "法国外长让·杜邦12日表示，德国必须取消关税。“这一点没有谈判余地。”他说。\n\n法国和德国将举行谈判。"
    )
    lines = red_lines(found, ("france", "germany"), ("tariffs",))
    assert [(x.party, x.issue, x.rejects) for x in lines] == [("france", "tariffs", ("as-is",))]


def test_he_is_whom_the_sentence_before_is_about():
    found = read(
        'France\'s president, Marie Blanc, demanded a ceasefire. Germany rejected that. "We will not accept a ceasefire," he said.',
        "en",
    )
    refusals = [s.side for s in found.stances if s.sort == "refuse" and s.issue == "ceasefire"]
    assert refusals == ["germany"]


# ---- the table ---------------------------------------------------------------------------------------------------

QUARREL = """France and Germany will hold talks in Geneva on Friday.

France insists that the talks be limited to tariffs. Germany demands that the talks also include migration and said tariffs must be removed.

France will not accept any tariffs being cut before a deal on fish. It refuses to discuss migration.
"""


def test_two_agendas_and_who_refuses_which():
    found = read(QUARREL, "en")
    on = issues(found, ("france", "germany"))
    assert set(on) == {"tariffs", "migration"}
    narrow, broad = agendas(found, ("france", "germany"), on)
    assert (narrow.issues, narrow.wanted_by, narrow.refused_by) == (("tariffs",), ("france",), ("germany",))
    assert (set(broad.issues), broad.wanted_by, broad.refused_by) == (
        {"tariffs", "migration"},
        ("germany",),
        ("france",),
    )


def test_where_no_words_tell_the_other_side_is_taken_as_opposed_and_that_is_said():
    found = read("法国和德国将举行谈判。德国要求法国取消关税。")
    known = {w.side: (w.direction, w.basis) for w in wants(found, ("france", "germany"), ("tariffs",))}
    assert known == {"germany": (1, "words"), "france": (-1, "opposite")}


def test_whoever_is_under_sanctions_wants_them_gone():
    found = read("古巴和美国将举行谈判。会谈将聚焦美国解除对古巴制裁。")
    known = {w.side: (w.direction, w.basis) for w in wants(found, ("us", "cuba"), ("sanctions",))}
    assert known == {"cuba": (1, "target"), "us": (-1, "opposite")}


def test_a_precondition():
    found = read("法国和德国将举行谈判。德国坚持谈判必须包括关税，否则不会谈判。")
    (one,) = preconditions(found, ("france", "germany"), ("tariffs",))
    assert (one.by, one.on) == ("germany", "agenda")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            BETWEEN + "Ethiopia threatened to withdraw from the talks on Wednesday if Kenya deployed troops.",
            "en",
        ),
        (BETWEEN + "Ethiopia threatened to pull out of the negotiations unless Kenya halted the dam.", "en"),
        (BETWEEN + "Ethiopia warned it would walk out of the talks if Kenya deployed troops.", "en"),
        ("肯尼亚与埃塞俄比亚将举行谈判。埃塞俄比亚威胁说，如果肯尼亚出兵，就退出谈判。", "zh"),
        ("肯尼亚与埃塞俄比亚将举行谈判。埃塞俄比亚扬言，一旦肯尼亚增兵边境，将中止会谈。", "zh"),
    ],
)
def test_a_threat_to_leave_the_talks_is_a_precondition(text, language):
    (one,) = preconditions(read(text, language), ("ethiopia", "kenya"), ())
    assert (one.by, one.on) == ("ethiopia", "talks")


# ---- settings, moves, unknowns -----------------------------------------------------------------------------------


def test_whoever_asks_to_move_the_talks_refuses_the_first_place():
    found = read(
        "法国原本希望在罗马举行会谈，但德国要求将会谈改到维也纳。法德最终同意，会谈将于15日在维也纳举行。"
    )
    vienna, rome = meetings(found, ("france", "germany"))
    assert (vienna.spot.id, vienna.status, vienna.asked_by) == ("vienna", "agreed", ["germany"])
    assert (rome.spot.id, rome.status, rome.asked_by, rome.refused_by) == (
        "rome",
        "refused",
        ["france"],
        ["germany"],
    )


def test_a_place_nobody_lists_is_still_a_place():
    found = read("诺兰和萨维亚将于15日在莫雷镇举行谈判，诺兰外交部说。")
    (one,) = meetings(found, ())
    assert (one.spot.names["zh"], one.status) == ("莫雷镇", "agreed")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("France and Germany will hold indirect talks in Vienna on Friday.", "indirect"),
        (
            "France and Germany will meet in Vienna. Neither side has announced the format of the talks, direct or not.",
            "open",
        ),
        ("France and Germany will meet in Vienna. Last year they held direct talks.", "open"),
    ],
)
def test_the_form_is_open_where_the_text_does_not_settle_it(text, form):
    found = read(text, "en")
    assert meetings(found, ("france", "germany"))[0].form == form


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("法国和德国举行谈判。法国9日要求取消关税。", "zh", [("france", "demanded", date(2030, 3, 9))]),
        ("法国和德国举行谈判。德国将于20日要求取消关税。", "zh", []),
        ("法国和德国举行谈判。法国要求德国在9日放人。", "zh", []),
        ("法国和德国举行谈判。游说法国放弃9日退出谈判的威胁。", "zh", []),
        (
            "France and Germany hold talks. Germany on March 8 rejected the plan.",
            "en",
            [("germany", "refused", date(2030, 3, 8))],
        ),
        ("France and Germany hold talks. The demand made on March 8 was late.", "en", []),
        # A threat is uttered on a day; what is threatened, or the condition, is not done.
        (
            "France and Germany hold talks. On Monday Germany threatened to quit the talks if France deployed troops.",
            "en",
            [("germany", "threatened", date(2030, 3, 11))],
        ),
        (
            "法国和德国举行谈判。德国9日威胁说，如果法国出兵，就退出谈判。",
            "zh",
            [("germany", "threatened", date(2030, 3, 9))],
        ),
        (
            "France and Germany hold talks. Germany threatened to quit the talks if France deployed troops.",
            "en",
            [],
        ),
    ],
)
def test_moves_need_a_day_and_a_side_beside_the_verb(text, language, expected):
    found = read(text, language)
    assert [(m.party, m.kind, m.on) for m in moves(found, parties(found))] == expected


def test_what_is_not_known_and_who_could_say():
    found = read("法国和德国将举行谈判。德国尚未说明会谈形式。")
    (one,) = unknowns(found, parties(found))
    assert (one.text, one.answer_from) == ("德国尚未说明会谈形式。", ("germany",))
