"""Whether a Chinese sentence without a verb of saying goes on for the last speaker, or the text itself speaks again."""

import re

from zopa.dossier.document import Document, Sentence
from zopa.dossier.found import Found
from zopa.dossier.lexicon import alternation, guarded, remembered, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.cues import attitude, cues
from zopa.dossier.zh.mentions import head, noun_phrase
from zopa.dossier.zh.names import is_name

_SHORTEST = 6
_EVENT = re.compile(
    "(?![他她我双]|两(?!国间)|[^，。]{0,20}原定)[^，。；“]{2,20}?"
    "(?:[0-9]{1,2}[日号](?:[上下]午|晚|凌晨|晨)?|当天|当日|当晚|次日|随后)(?!之?前|起)"
)
"""法院19日拒绝批准…: a dated deed of somebody, told by the text."""


_OTHERS = re.compile(
    "(?![他她我])[^，。“：]{3,24}?(?<!否)则(?!会|将|是|应|能|可|必|需)[^，。]*[。]?|这[篇条段则份张](?:帖|视频|文章|报道|推文|照片|声明|录音|录像)|"
    "(?:[当在])?被(?:问|追问)|如果属实|[^，。“]{0,10}(?:反应|评价|看法|说法|意见)(?:不一|各异)|"
    "(?:下|下一)(?:届|次|轮)[^，。“]{1,12}(?:将于|定于|预定)|(?:半|[一二两三四五六七八九十数几0-9]+)(?:个?(?:小时|月|星期)|[天日周年])(?:之?后|过后)，|"
    "(?:该|这份|那份)?(?:通告|声明|报告|公报|公告|文章|信|邮件|录音|录像|名单|网站)(?:没有|未|并未|中没有|只字未提)|"
    "[^，。“]{2,24}的(?:说法|经历|遭遇|数据|反应|态度)(?:也|却|则)?(?:印证|证实|佐证|说明)|"
    "[^。]*(?:要求匿名|未公开姓名|不愿具名|不愿透露姓名|未透露姓名)[^，。]{0,4}[。]?$|"
    "[^，。“他她我]{2,14}当庭|[^，。他她我]{2,24}(?:已经?|陆续|开始)(?:部署|抵达|抵|进入|离开|集结|撤离|撤出|派|启程|起航|登陆)|"
    "[^，。]{0,8}(?:开始|结束|举行|散会|说话|话音)(?:之?前|之?后|间|刚落|时)，|受[^，。]{1,10}影响，|所谓“|"
    "[^。“]{2,40}(?:不这么看|不这么认为|不这样看|不以为然|不感兴趣|并不认同|持不同(?:看法|意见|观点))[^，。]{0,4}[。]?$"
)
"""Of somebody else, or of the course of things: told by the text."""


@remembered()
def _words(name: str) -> str:
    return alternation(words("zh", "continuing", name))


@remembered()
def _pattern(name: str) -> re.Pattern[str]:
    shapes = {
        "background": (
            rf"{_words('joint_subjects')}[^，。]{{0,8}}{_words('joint_deeds')}|[^，。]{{0,8}}{_words('earlier')}|"
            rf"(?:双方|两国|[\u4e00-\u9fff]方)?(?:{_words('background')}|[12][0-9]{{3}}年|自[0-9]|[0-9]{{1,2}}[月日])|"
            "但(?:目前|截至|此前)"
        ),
        "officials": rf"{_words('officials')}$",
        "modal": rf"(?<![工协商学社公议委大])(?:{_words('modal')})(?!议|谈|晤|近|军|领)",
        "no_comment": (
            rf"{_words('no_comment')}|^[^，。]{{2,30}}对此[^，。]{{0,6}}(?:看法|观点|意见|态度)|(?:没有|未能?|并未|拒绝|无法)(?:作出|进一步|具体|独立)?{_words('no_comment_verbs')}|^[他她](?!们)"
        ),
        "stating": rf"{_words('judging')}|愿|有望|符合|正在|之间|达到",
        "dated": rf"[0-9]{{1,2}}[日月](?!战)|[12][0-9]{{3}}年|{_words('dated')}",
    }
    return re.compile(shapes.get(name) or guarded(words("zh", "continuing", name)))


def goes_on(document: Document, sentence: Sentence, last: Found, *, same_block: bool) -> bool:
    """Whether the sentence is the last speaker's."""
    if not _may_go_on(document, sentence, last, same_block=same_block):
        return False
    # 联合国发言人对会谈表示欢迎: somebody speaks, but not the last speaker and not in content.
    spoken = only_quotation(sentence) or not any(word in sentence.mask for word in ("表示", "表达", "问"))
    return spoken or not any(cue.kind == "ask" or attitude(sentence.mask, cue) for cue in cues(sentence))


def _may_go_on(document: Document, sentence: Sentence, last: Found, *, same_block: bool) -> bool:
    if last.unspecified or last.type != "report":
        return False
    if only_quotation(sentence):
        return True
    text = document.text[sentence.start : sentence.stop]
    if len(text) < _SHORTEST or text[0] in "(（" or _pattern("no_comment").search(text):
        return False
    if (
        sentence.question
        or last.rule in ("zh-object", "zh-label", "zh-according")
        or _about_speaker(text, last)
    ):
        return False
    if not same_block:
        return _over_paragraph(document, sentence, last)
    if _OTHERS.match(text):
        return False
    if _pattern("background").match(text) or (_EVENT.match(text) and not sentence.quotes):
        return False
    speaker = last.mention.text if last.mention is not None else ""
    if _pattern("commentators").search(speaker):
        return True
    if _SOMEBODY.match(text):
        return False
    if _pattern("linked").match(text) or _pattern("modal").search(sentence.mask):
        return True
    officials = _pattern("officials").search(speaker) and not last.continued
    # 水是按碗分的: a judgement or a wish, without the signs of a story (了, 被).
    return not officials and bool(_pattern("stating").search(sentence.mask)) and not _TOLD.search(text)


_SOMEBODY = re.compile("(?:这|那)(?:位|名|个|家|几)(?![^，。]{0,8}(?:是|将|会|应|必须|可能))|那天|那时")
_TOLD = re.compile(
    "了(?:[，。]|$|[一二两三四五六七八九十几数]|她|他)|被|不愿|没有(?:正面|作)|看见|点头|笑|出生|做过"
)


def comments(last: Found | None) -> bool:
    """Whether the last speaker is somebody who comments on others."""
    return (
        last is not None
        and last.mention is not None
        and _pattern("commentators").search(last.mention.text) is not None
    )


def only_quotation(sentence: Sentence) -> bool:
    """Whether the sentence is one quotation and nothing else."""
    return (
        len(sentence.quotes) == 1
        and sentence.quotes[0][0] == sentence.start
        and sentence.quotes[0][1] >= sentence.stop
    )


def _over_paragraph(document: Document, sentence: Sentence, last: Found) -> bool:
    """Commentators run on over a paragraph; officials are given a verb again."""
    speaker = last.mention.text if last.mention is not None else ""
    if not _pattern("commentators").search(speaker) or (not sentence.first and not last.continued):
        return False
    block = document.blocks[sentence.block]
    text = document.text[sentence.start : block.stop]
    if _pattern("dated").search(text) or _pattern("background").match(text) or _spoken(document, sentence):
        return False
    return bool(_pattern("judging").search(sentence.mask) or _pattern("linked").match(text))


def _spoken(document: Document, sentence: Sentence) -> bool:
    """Whether somebody seems to speak here after all."""
    if "说" not in sentence.mask or not grammar.cue().search(sentence.mask):
        return False
    return noun_phrase(document.text, sentence.mask, sentence.start, 0, len(sentence.mask)) is not None


def _about_speaker(text: str, last: Found) -> bool:
    """Whether the sentence has the speaker as its subject by name: then it is told about the speaker."""
    if last.mention is None:
        return False
    whole = head(last.mention.text)
    if "·" not in whole and (grammar.recognised().search(whole) or not is_name(whole)):
        return False
    name = re.split("[·•]", whole)[-1]
    return len(name) >= 2 and name in text[: 12 + len(name)]


def asks(text: str) -> bool:
    """Whether a short sentence puts a question without a question mark."""
    tail = text[-12:]
    return len(text) < 40 and (
        tail.endswith(("吗", "呢")) or _pattern("question_words").search(tail) is not None
    )
