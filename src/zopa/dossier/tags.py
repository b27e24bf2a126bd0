"""Condition, polarity, modality and verbal probability of a claim's words."""

import re
from collections.abc import Iterator
from typing import cast

from zopa.claims.claim import Modality, Polarity, VerbalProbability
from zopa.dossier.lexicon import Language, alternation, bands, guarded, remembered, words

Span = tuple[int, int]


@remembered()
def _condition(language: Language) -> re.Pattern[str]:
    if language == "zh":
        strict = guarded(words("zh", "tags", "if_strict"))
        return re.compile(
            rf"(?:{strict}|若(?!干|虚|无|隐)|如(?=[^，。]{{2,14}}(?:，(?:将|则|就)|将)))[^，；。：]*|[^，；。：]{{2,30}}的话(?=[，,])"
        )
    return re.compile(rf"\b{guarded(words('en', 'tags', 'if_words'))}\b(?:[^,;.”\"]|,(?=\d))*", re.IGNORECASE)


def condition(content: str, language: Language, offset: int = 0) -> Span | None:
    """Where the first "if" clause stands in the content, moved by ``offset``; None where there is none."""
    found = _condition(language).search(content)
    if found is None:
        return None
    start, stop = found.span()
    while stop > start and (content[stop - 1].isspace() or content[stop - 1] in "”」’\"'"):
        stop -= 1
    return (start + offset, stop + offset) if stop - start >= 2 else None


@remembered()
def _negations(language: Language) -> re.Pattern[str]:
    names = {name: words(language, "tags", name) for name in ("double", "contrast", "predicate", "event")}
    if language == "zh":
        parts = "|".join(f"(?P<{name}>{guarded(listed)})" for name, listed in names.items())
        return re.compile(parts)
    parts = "|".join(rf"(?P<{name}>\b{guarded(listed)}(?![\w]))" for name, listed in names.items())
    return re.compile(parts + r"|(?P<suffix>n[’']t\b|n 't\b)")


_ZH_NOMINAL = re.compile(
    r"[^，；。]{1,10}的(?=原因|消息|决定|做法|传闻|说法|报道|可能|威胁|要求|理由|后果|结果|计划|前景|风险|人|行为)"
)
_ZH_TURN = re.compile("[，；](?:但是?|然而|不过|可是|而是)")
_EN_TURN = re.compile(r"[,;] (?:but|however|yet)\b")
_ZH_ASIDE = re.compile(
    "(?:虽然|尽管|即使|即便|除了?)[^，。；]{1,30}(?:外|以外|之外)?[，,]|如果不|若不|除非[^，]*，|不仅[^，]*，"
)
_EN_ASIDE = re.compile(r"\b(?:although|though|while|even if|unless|if|apart from|not only)\b[^,;.]*,")


def polarity(content: str, language: Language, cue: str = "") -> Polarity:
    """Whether the statement, after any "but", denies or calls off; the verb of saying counts (拒绝, 否认, "denied").

    Two negations in one clause cancel out; "not B" as a mere contrast, concessions and conditions do not count.
    """
    denied = _denying(cue, language)
    bare = _condition(language).sub(" ", content)
    text = (_ZH_ASIDE if language == "zh" else _EN_ASIDE).sub(" ", bare)
    turns = list((_ZH_TURN if language == "zh" else _EN_TURN).finditer(text))
    main = text[turns[-1].start() :] if turns and len(text) - turns[-1].end() >= 4 else text
    count = _negated_clauses(main, language)
    if (
        main is not text
        and not count
        and _negated_clauses(text[: turns[-1].start()], language)
        and len(main) * 3 < len(text)
    ):
        count = 1
    negated = bool(count) != denied
    return "negated" if negated else "affirmed"


def _negated_clauses(text: str, language: Language) -> int:
    """Clauses whose predicate is negated (an odd number of negations)."""
    total = 0
    for clause in re.split("[，；,;。]" if language == "zh" else r"[;.]|, (?:and|but|or) ", text):
        odd = False
        for found in _negations(language).finditer(clause):
            if found["double"] or found["contrast"]:
                continue
            nominal = language == "zh" and found["event"] and _ZH_NOMINAL.match(clause, found.end())
            if not nominal:
                odd = not odd
        total += odd
    return total


@remembered()
def _denial(language: Language) -> re.Pattern[str]:
    return re.compile(alternation(words(language, "tags", "denial")))


def _denying(cue: str, language: Language) -> bool:
    return bool(cue) and _denial(language).search(cue.lower()) is not None


@remembered()
def _modals(language: Language) -> re.Pattern[str]:
    names = ("must", "should", "will", "can", "may")
    if language == "zh":
        skip = alternation(words("zh", "tags", "not_modal"))
        parts = "|".join(
            f"(?P<{name}>{guarded(words('zh', 'tags', 'modality', name))})"
            for name in ("may", "must", "should", "will", "can")
        )
        return re.compile(
            f"(?P<skip>{skip})|{parts}|(?P<soft>[将会](?!军|议|谈|见|晤|员|面(?!临|对)))|(?P<need>[须要](?=[^求闻点件素害]))"
        )
    parts = "|".join(
        rf"(?P<{name}>\b{guarded(words('en', 'tags', 'modality', name))}(?!\w))" for name in names
    )
    return re.compile(parts)


def modality(content: str, language: Language) -> Modality:
    """The first modal of the statement outside its condition: must, should, will, can, may, or none."""
    bare = _condition(language).sub(" ", content) if len(content) < 4000 else content
    for found in _modals(language).finditer(bare):
        kind = found.lastgroup
        if kind == "skip":
            continue
        if kind == "soft":
            # 将可能, 会…: a possibility said next outweighs the plain future.
            ahead = next(
                (m.lastgroup for m in _modals(language).finditer(bare, found.end(), found.end() + 6)), None
            )
            return "may" if ahead == "may" else "must" if ahead == "must" else "will"
        if kind == "need":
            continue
        return cast("Modality", kind)
    return "none"


@remembered()
def _probable(language: Language) -> re.Pattern[str]:
    body = guarded(bands(language))
    return re.compile(body if language == "zh" else rf"\b{body}(?!\w)")


@remembered()
def _not_probable() -> re.Pattern[str]:
    return re.compile("可能性(?!极|很|不|较|微|最|更|“|渺)|有可能发生的|不可能的任务")


_ZH_HARDLY = re.compile("避免|想象|置信|承受|忍受|接受|预料|预测|估量")
"""What cannot be avoided, imagined or borne: 难以 is then no word of probability."""


def probable_words(content: str, language: Language) -> Iterator[Span]:
    """Where words of probability stand in the content, in order."""
    for found in _probable(language).finditer(content):
        if language == "zh":
            noun = found[0] == "可能" and content.startswith("性", found.end())
            if noun or (found[0] in ("难以", "很难") and _ZH_HARDLY.match(content, found.end())):
                continue
        yield found.span()


def probability(content: str, language: Language) -> VerbalProbability | None:
    """The strongest word of probability in the content with its documented range, or None."""
    ranges = bands(language)
    best: VerbalProbability | None = None
    for start, stop in probable_words(content, language):
        low, high = ranges[content[start:stop]]
        if best is None or high - low < best.high - best.low:
            best = VerbalProbability(word=content[start:stop], low=low, high=high)
    return best
