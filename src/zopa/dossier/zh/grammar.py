"""Patterns of Chinese reported speech, compiled once from the word lists."""

import re

from zopa.dossier.lexicon import alternation, guarded, remembered, words

TIME = (
    r"(?:(?:当地|北京|美东|美国东部|格林尼治|欧洲中部|莫斯科|东部)时间)?"
    r"(?:[0-9]{2,4}年|今年|去年|明年|前年|同年)?(?:(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月(?:份|初|底|中旬|下旬|上旬)?)?"
    r"(?:[0-9]{1,2}[日号](?!战|内)(?:[至到、][0-9]{1,2}[日号])?)?"
    r"(?:(?:上|下|本|这)(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]?|(?:周|星期|礼拜)[一二三四五六日天末](?![\u4e00-\u9fff]{0,2}[表说称指]))?"
    r"(?:清晨|凌晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|晚|深夜|早间|夜间|夜|午间)?(?:早些时候|晚些时候|稍早时候|稍晚)?"
)
_TIMED = re.compile(TIME)


def time_at(mask: str, at: int, stop: int) -> int:
    """Where an expression of time that begins here ends; ``at`` where none does."""
    head = mask[at : at + 1]
    if (
        not head
        or head
        not in "0123456789今去明前同上下本这当北美格欧莫东周星礼清凌早中傍晚深夜午一二三四五六七八九十"
    ):
        return at
    found = _TIMED.match(mask, at, stop)
    return found.end() if found else at


@remembered()
def recognised() -> re.Pattern[str]:
    """Endings of noun phrases that can speak: titles, bodies, states, outlets, pronouns, texts, and 《…》."""
    listed = {
        *words("zh", "roles", "titles"),
        *words("zh", "roles", "bodies"),
        *words("zh", "roles", "pronouns"),
        *words("zh", "roles", "outlets_generic"),
        *words("zh", "outlets", "known"),
        *words("zh", "cues", "texts"),
        *places(),
    }
    single = "部院局署司厅报社网台党派州省市县军"
    longer = [word for word in listed if len(word) > 1]
    pronouns = [word for word in listed if len(word) == 1 and word in "他她它我其"]
    return re.compile(
        rf"(?:{guarded(longer)}(?:们|方面)?|[\u4e00-\u9fff]方(?:面)?|《[^》]{{1,24}}》|[“「]\x00{{1,12}}[”」]|"
        rf"(?<=[\u4e00-\u9fff“”])[{single}](?![长员门首脑])(?:方面)?|(?:{'|'.join(pronouns)})(?!国|人|乡|信|日|们|中)|"
        r"[\u4e00-\u9fff]{1,4}(?:媒|军方|警方)(?!体)|[\u4e00-\u9fff](?:长(?![期远久江城大官度短假安])|员(?![工会])|者(?!之)|师(?![范大生])|商(?![业人品店量会场务讨议谈定榷])))"
    )


@remembered()
def places() -> tuple[str, ...]:
    """Every name of a state or territory, longest list first."""
    from zopa.dossier.lexicon import as_words, table

    return tuple(
        word
        for entry in table("zh", "places")["places"].values()
        for word in as_words(entry)
        if len(word) > 1
    )


@remembered()
def outlet() -> re.Pattern[str]:
    """A medium at the end of a mention."""
    known = guarded([*words("zh", "outlets", "known"), *words("zh", "outlets", "endings")])
    return re.compile(rf"(?:{known}|[\u4e00-\u9fff]媒|《[^》]{{2,20}}》)(?:网站|官网)?$")


# Verbs that begin names of bodies, people and papers: 选举委员会, 停火监督团, 谈判草案.
_NOUNY = (
    r"(?:谈判|选举|制裁|援助|调查|评估|投票|竞选|斡旋|调解|调停|停火|磋商|协商|会谈|分析|研究|监督|促进|推动|提名|抗议|管理|协调|救援|审查|执行|"
    r"合作|监测|指挥|打击|控制|发展|改革|规划|应对|支持|参与|组织|工作){1,2}"
    r"[\u4e00-\u9fff]{0,2}(?:委员会|团队|代表团?|小组|机构|办公室|中心|局|署|部门|人员|专家|草案|文件|方案|团|组织|协会|会议|联盟|指挥部|人士|官员|负责人|者|员会?|学者|所|院)"
)
_COUNTED = (
    r"(?:至少|超过|大约|约|逾|近|多达|已有|共有|共|有){1,2}[0-9一二两三四五六七八九十数多几]{1,5}(?:余)?"
    r"(?=个|名|位|家|国)"
)


@remembered()
def stops() -> re.Pattern[str]:
    """What ends a noun phrase (group ``stop``): adverbs, prepositions, verbs, times; ``keep`` only looks so."""
    keep = {
        *words("zh", "adverbs", "not_preposition"),
        *words("zh", "roles", "titles"),
        *words("zh", "roles", "bodies"),
        *words("zh", "roles", "outlets_generic"),
        *words("zh", "outlets", "known"),
        *words("zh", "tags", "not_modal"),
        *places(),
        *words("zh", "adverbs", "whole_words"),
    }
    ends = {
        *words("zh", "adverbs", "adverbs"),
        *words("zh", "adverbs", "prepositions"),
        *words("zh", "adverbs", "verbs"),
    } - {
        "以",
        "和",
        "与",
        "同",
        "跟",
        "方",
        "力",
        "约",
        "笑",
        "登",
        "成",
        "给",
        "比",
        "极",
        "真",
        "略",
        "全力",
        "以…为",
    }
    drop = {word for word in keep if len(word) == 1}
    return re.compile(
        rf"(?P<keep>{guarded(keep - drop - ends)}|{_COUNTED}|{_NOUNY}|[\u4e00-\u9fff]方面?(?=[\u4e00-\u9fff])(?!法|"
        rf"案|式|针|便))|"
        rf"(?P<stop>以[^，。；]{{1,14}}为(?:例|由|据)|{guarded(ends)}|(?:当地|北京)时间|[0-9]{{1,4}}[年月日号]|[与和同跟](?=[^，。的在对向]{{1,16}}?(?:举行|"
        rf"进行)?(?:会见|会谈|会晤|通话|通电话|交谈|磋商|会面|见面|联合)))"
    )


@remembered()
def lead() -> re.Pattern[str]:
    """What may stand before a subject: connectives, brackets, blanks."""
    joined = guarded(words("zh", "adverbs", "connectives"))
    return re.compile(
        r"(?:[\s\u3000”、，—－#\-]+|[“「](?!\x00)|（[^）]{0,30}）|\([^)]{0,30}\)|"
        rf"{joined}(?!国|人|事|党|军|方|门|其|时|者)|(?:据此|其中)|[另也还]?有(?!关|线|色|机|轨|效|限|望|意|力|人|的)|【[^】]{{0,60}}】)"
    )


@remembered()
def prepositions() -> re.Pattern[str]:
    """A preposition that opens a phrase before the subject."""
    listed = [
        w
        for w in words("zh", "adverbs", "prepositions")
        if w not in ("以", "和", "比", "给", "让", "令", "以…为", "被", "受", "将", "把")
    ]
    keep = [w for w in words("zh", "adverbs", "not_preposition") if len(w) > 1]
    return re.compile(rf"(?!{alternation(keep)}){guarded(listed)}")


LOCATIVE = re.compile(
    r"期间|之际|之后|之前|看来|而言|来说|一事|问题上|方面|以来|之下|背景下|情况下|的同时|[时后上中下里前内间]"
)


@remembered()
def cue() -> re.Pattern[str]:
    """Verbs of saying, thinking and stance; 说 称 道 指 讲 with their compounds left to :func:`compound`."""
    listed = {
        *words("zh", "cues", "say"),
        *words("zh", "cues", "think"),
        *words("zh", "cues", "noun_phrase"),
        *words("zh", "cues", "position"),
        *words("zh", "cues", "addressed"),
        *words("zh", "cues", "asking"),
    }
    return re.compile(guarded(listed))


@remembered()
def classes() -> dict[str, frozenset[str]]:
    """The word lists of cues as sets."""
    names = (
        "say",
        "think",
        "noun_phrase",
        "careful",
        "needs_mark",
        "position",
        "addressed",
        "attitude",
        "texts",
        "asking",
    )
    return {name: frozenset(words("zh", "cues", name)) for name in names}


@remembered()
def _compounds() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    keys = {"说": "shuo", "称": "cheng", "道": "dao", "指": "zhi", "讲": "jiang"}
    return {
        char: (
            words("zh", "cues", "compounds", f"before_{name}"),
            words("zh", "cues", "compounds", f"after_{name}"),
        )
        for char, name in keys.items()
    }


_INSTITUTES = ("研究所", "派出所", "事务所", "交易所", "看守所", "观测所", "试验所", "检验所")
"""研究所说: the institute says so; everywhere else 所说 is what was said."""


def compound(mask: str, start: int, stop: int, *, joined: bool = False) -> bool:
    """Whether 说, 称, 道, 指 or 讲 at this place is only part of another word (小说, 名称, 轨道, 指导, 讲话).

    ``joined``: it follows another verb of saying at once (批评说), so that only what comes after it can matter.
    """
    listed = _compounds().get(mask[start:stop])
    if listed is None:
        return False
    before, after = listed
    if mask.endswith(_INSTITUTES, 0, start):
        return mask.startswith(after, stop)
    return mask.startswith(after, stop) or (not joined and mask.endswith(before, max(0, start - 4), start))


@remembered()
def _loose() -> str:
    """Adverbials without an object; possessive, so that a long row of them is read once."""
    adverbs = guarded(words("zh", "adverbs", "adverbs"))
    timed = rf"{TIME}(?<=[0-9日号月年晚早上午间晨夜候一二三四五六天末时])"
    example = "以[^，。；]{1,14}为(?:例|由|据)"
    return rf"(?:[\s\u3000]|（[^）]{{0,40}}）|\([^)]{{0,40}}\)|{adverbs}地?|{example}|{timed})*+"


@remembered()
def _phrase(name: str) -> str:
    return alternation(words("zh", "adverbs", name))


def _attending() -> str:
    return rf"{_phrase('attending')}[^，。；]{{0,40}}{_phrase('between_ends')}{_loose()}"


@remembered()
def gap() -> re.Pattern[str]:
    """What may stand between a subject and its verb without casting doubt on either."""
    return re.compile(rf"{_loose()}(?:{_phrase('between')}[^，。；]{{1,60}}|{_attending()})?")


@remembered()
def strict_gap() -> re.Pattern[str]:
    """As :func:`gap`, where the prepositional phrase must end like one; for words that are nouns as often as verbs."""
    ended = rf"(?:{_phrase('between_ends')}|{recognised().pattern}){_loose()}"
    return re.compile(rf"{_loose()}(?:{_phrase('between')}[^，。；]{{0,58}}{ended}|{_attending()})?")
