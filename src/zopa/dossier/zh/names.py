"""What looks like a personal name in Chinese text: Chinese, Japanese and foreign names, and how long they are."""

import re

from zopa.dossier.lexicon import guarded, remembered, words

HAN = re.compile("[\u4e00-\u9fff]+")
DOTTED = re.compile("[\u4e00-\u9fff]{1,14}(?:[·•・‧-][\u4e00-\u9fff]{1,10})+")
_TIMED_NEXT = re.compile("当[天日晚时地庭场]|因[此而故]")


@remembered()
def transliteration() -> frozenset[str]:
    """The characters in which foreign names are written."""
    return frozenset("".join(words("zh", "names", "transliteration")))


@remembered()
def surnames() -> frozenset[str]:
    """Chinese family names."""
    return frozenset(words("zh", "names", "surnames"))


@remembered()
def not_names() -> frozenset[str]:
    """Words that begin like a name and are none."""
    return frozenset(words("zh", "names", "not_names"))


@remembered()
def japanese_families() -> re.Pattern[str]:
    """A Japanese family name at the head of a word."""
    return re.compile(guarded(words("zh", "names", "japanese")))


def foreign_run(word: str) -> int:
    """How many characters at the head of a word are those of foreign names, less what begins a time."""
    allowed = transliteration()
    count = 0
    for char in word:
        if char not in allowed:
            break
        count += 1
    # 阿拉格齐当晚, 马克龙曾表示: characters of names that begin a time or an adverbial here.
    if count > 2 and (word[count - 1] in "曾于" or _TIMED_NEXT.match(word, count - 1)):
        count -= 1
    return count


def foreign_tail(word: str) -> str:
    """The end of a word that is written in the characters of foreign names."""
    run = len(word)
    while run and word[run - 1] in transliteration():
        run -= 1
    return word[run:]


def japanese_name(word: str) -> int:
    """Length of a Japanese name in full (萩生田光一, 中谷元) that the word is; 0 where it is none."""
    found = japanese_families().match(word)
    return len(word) if found and 1 <= len(word) - found.end() <= 3 else 0


def transliterated_end(rest: str, end: int) -> int:
    """The last part of a dotted name ends where the characters stop being those of foreign names."""
    dot = max(rest.rfind(mark, 0, end) for mark in "·•・‧-")
    tail = rest[dot + 1 : end]
    run = foreign_run(tail)
    return dot + 1 + run if run >= 2 and run < len(tail) - 1 and len(tail) > 3 else end


def chinese_name(text: str, at: int, word: str) -> int:
    """Two or three characters (one more for a double surname): the form that the neighbourhood uses more often."""
    base = 2 if word[:2] in surnames() else 1
    if word[1:2] == "某":
        return 3 if word[2:3] in ("某", "甲", "乙", "丙") else 2
    if len(word) <= base + 2:
        return len(word)
    around = text[max(0, at - 3000) : at + 3000]
    if len(word) == base + 3:
        # What is left over would be one character, and adverbs are longer: a double given name, or a Japanese one.
        # The form that comes most often; of two that come equally often the longer one.
        return max(range(base + 1, len(word) + 1), key=lambda size: (around.count(word[:size]), size))
    longer, shorter = word[: base + 2], word[: base + 1]
    return base + 1 if around.count(shorter) > around.count(longer) else base + 2


def is_name(word: str) -> bool:
    """Whether the word is written like a personal name."""
    if word in not_names() or (len(word) > 2 and word[:2] in not_names()):
        return False
    return HAN.fullmatch(word) is not None and (
        foreign_run(word) == len(word)
        or japanese_name(word) > 0
        or ((word[0] in surnames() or word[:2] in surnames()) and len(word) <= 4)
    )
