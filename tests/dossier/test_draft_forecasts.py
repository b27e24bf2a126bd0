"""Forecasts in words: what a word of probability is said of, and the one table of words behind it."""

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.claims.source import Header, Source
from zopa.dossier.draft_forecasts import chance_of_deal, judgements
from zopa.dossier.draft_parties import parties
from zopa.dossier.draft_survey import survey
from zopa.dossier.lexicon import Language, bands, table, word_ranges
from zopa.dossier.read import read_text
from zopa.dossier.tags import probability

DAY = date(2030, 3, 12)
DOCS = Path(__file__).parents[2] / "docs"


def for_a_deal(text: str, language: Language) -> tuple[float, float] | None:
    """The range that a sentence gives for a deal; its word of probability is the reader's."""
    found = probability(text, language)
    assert found is not None, text
    return chance_of_deal(text, found.word, found.low, found.high, language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("双方很可能难以达成协议", (0.05, 0.2)),
        ("预计协议签署后油价将下跌", None),
        ("在制裁、核查和导弹等一系列问题上，双方分歧极深，很可能最终谈不出任何协议", (0.05, 0.2)),
        ("双方很可能克服分歧、最终达成一项全面协议", (0.8, 0.95)),
        ("双方很可能继续谈判", None),
        ("美伊很可能谈不成", (0.05, 0.2)),
        ("双方很可能达成协议", (0.8, 0.95)),
        ("双方很可能在经历数轮艰难磋商、彼此反复试探之后，仍无法就核心分歧达成一致", (0.05, 0.2)),
        ("双方很可能直到最后一刻、在各方轮番斡旋之下，依然谈不拢", (0.05, 0.2)),
        ("达成协议的可能性，在双方立场如此对立的情况下，可以说微乎其微", (0.01, 0.05)),
        ("无法达成协议，在多数观察人士看来，很可能是最终结局", (0.05, 0.2)),
        ("谈判可能破裂", (0.2, 0.7)),
        ("会谈很可能破裂，无法达成任何协议", (0.05, 0.2)),
        ("谈判最终失败的可能性很大", (0.05, 0.2)),
        ("谈判失败的可能性不大", (0.55, 0.8)),
        ("谈判不太可能破裂", None),
        ("双方有望在月底前签署协议", (0.55, 0.8)),
        ("双方不太可能谈不成", (0.55, 0.8)),
        ("双方很可能不会谈不拢", (0.8, 0.95)),
        ("极不可能出现双方无法达成协议的局面", (0.8, 0.95)),
        ("双方可能难以达成协议", (0.2, 0.45)),
        ("达成协议的机会“渺茫，但并非不可能”", (0.05, 0.2)),
        ("未能达成协议很可能引发战争", None),
        ("协议很可能会压低关税", None),
        ("协议很可能难以在本月内签署", (0.05, 0.2)),
        ("协议未必能够签成", (0.2, 0.45)),
        ("双方一定会继续会晤", None),
        ("双方很可能就议程达成一致", None),
        ("此举可能削弱多边协调效力", None),
        ("停火很可能破裂", None),
        ("难以达成协议的可能性很大", (0.05, 0.2)),
        ("会谈势必无果而终", (0.01, 0.05)),
        ("和平协议几乎肯定泡汤", (0.01, 0.05)),
        ("双方很可能达成协议吗？", None),
        ("达成协议不一定会带来和平", None),
        ("双方不可能达成协议", (0.01, 0.05)),
        ("双方可能不会达成协议", (0.2, 0.7)),
        ("双方若干年来没有签署协议，战争很可能爆发", None),
        ("尽管斡旋方多方奔走，双方在根本问题上的立场仍极为对立，会谈很可能以失败告终", (0.05, 0.2)),
        ("双方极有可能推动局势缓和", None),
        ("没有达成协议的可能性很大", (0.05, 0.2)),
        ("双方可能就此谈崩", (0.2, 0.7)),
    ],
)  # fmt: skip
def test_what_chinese_words_make_of_a_deal(text, expected):
    assert for_a_deal(text, "zh") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it is highly unlikely that the sides will fail to agree", (0.8, 0.95)),
        ("it is very likely, given how far apart the two delegations remain after three rounds, that they will once again fail to reach an agreement", (0.05, 0.2)),
        ("an agreement is likely", (0.55, 0.8)),
        ("it is highly likely that neither side will accept a compromise", (0.05, 0.2)),
        ("the agreement is expected to take effect in March", None),
        ("an agreement is unlikely", (0.2, 0.45)),
        ("the talks are very likely to collapse", (0.05, 0.2)),
        ("the talks will very likely collapse without a deal", (0.05, 0.2)),
        ("the talks are unlikely to collapse", None),
        ("the talks are unlikely to end without a deal", (0.55, 0.8)),
        ("the sides will probably not reach a deal", (0.2, 0.45)),
        ("no deal is likely", (0.2, 0.45)),
        ("a deal is not likely", (0.2, 0.45)),
        ("chances of a deal are slim but not impossible", (0.05, 0.2)),
        ("there is little chance of a settlement", (0.05, 0.2)),
        ("failure to reach a deal will very likely lead to war", None),
        ("a deal is likely to lower tariffs", None),
        ("the ceasefire is likely to collapse", None),
        ("it is not certain that a deal will be reached", None),
        ("the negotiations are almost certain to end in failure", (0.01, 0.05)),
        ("an accord is almost certainly out of reach", (0.01, 0.05)),
        ("diplomats expect the talks to break down", (0.2, 0.45)),
        ("a deal will probably not be signed this year", (0.2, 0.45)),
        ("the sides will not, in all likelihood, sign the agreement", (0.05, 0.2)),
        ("the sides are likely to agree to meet again", None),
        ("a collapse of the talks is very likely", (0.05, 0.2)),
        ("the two sides will probably come to terms before the winter", (0.55, 0.8)),
        ("war is very likely", None),
        ("the parties may yet find common ground", (0.2, 0.8)),
        ("there may be no deal", (0.2, 0.8)),
        ("is a deal likely?", None),
        ("it is unlikely that, after so many weeks of shuttle diplomacy and so much pressure from their neighbours, the parties will walk away without an agreement", (0.55, 0.8)),
        ("The failure of the talks is unlikely", (0.55, 0.8)),
        ("Without a deal, war is very likely", None),
        ("Talks, which opened on Monday amid mutual threats and public recriminations, are highly likely to end in deadlock", (0.05, 0.2)),
        ("it is very unlikely that no agreement will be signed", (0.8, 0.95)),
        ("unable to reach a deal is unlikely", (0.55, 0.8)),
        ("a settlement, the envoy told reporters on the steps of the ministry, remains highly unlikely", (0.05, 0.2)),
    ],
)  # fmt: skip
def test_what_english_words_make_of_a_deal(text, expected):
    assert for_a_deal(text, "en") == expected


# Words that stand before any verb; the others are predicates of a noun or need words of their own.
ADVERBS = [
    "不太可能",
    "不大可能",
    "极不可能",
    "不可能",
    "可能",
    "有望",
    "更可能",
    "很可能",
    "极可能",
    "极有可能",
    "大概率",
    "几乎肯定",
    "势必",
    "必然",
    "必将",
    "注定",
]


@pytest.mark.parametrize("word", ADVERBS)
def test_failing_to_agree_is_the_mirror_of_agreeing(word):
    low, high = bands("zh")[word]
    mirror = (round(1 - high, 4), round(1 - low, 4))
    assert for_a_deal(f"双方{word}达成协议", "zh") == (low, high)
    assert for_a_deal(f"双方{word}无法达成协议", "zh") == mirror
    assert for_a_deal(f"双方{word}，正如各方观察人士近日一再指出的那样，谈不拢", "zh") == mirror


@given(st.sampled_from(("zh", "en")), st.text(max_size=60))
def test_any_text_gives_a_range_or_none(language, text):
    for word in ("很可能", "likely"):
        got = chance_of_deal(f"{text}{word}{text}", word, 0.55, 0.8, language)
        assert got in (None, (0.55, 0.8), (0.2, 0.45))


# ---- drafted -----------------------------------------------------------------------------------------------------


def drafted(text: str, language: Language) -> list[tuple[float, float, bool]]:
    source = Source(id="news", header=Header(published=DAY, language=language), text=text)
    found = survey([source], read_text(text, language=language, published=DAY, source="news"), as_of=DAY)
    return [(j.low, j.high, j.deal) for j in judgements(found, parties(found))]


def test_a_forecast_of_failure_is_turned_round_for_the_question():
    text = "法国和德国举行谈判。分析人士认为，双方很可能难以达成协议。"
    assert drafted(text, "zh") == [(0.05, 0.2, True)]
    text = "France and Germany hold talks. An analyst said it is highly unlikely that the sides will fail to agree."
    assert drafted(text, "en") == [(0.8, 0.95, True)]


def test_a_forecast_on_a_condition_is_set_beside_no_question():
    text = "法国和德国举行谈判。分析人士认为，如果制裁不解除，谈判很可能破裂。"
    assert drafted(text, "zh") == [(0.8, 0.95, False)]


# ---- one table of words ------------------------------------------------------------------------------------------


def example_words() -> list[tuple[str, str, float, float, str]]:
    lines = (files("zopa") / "examples" / "muscat-2026" / "claims.jsonl").read_text(encoding="utf-8")
    claims = [json.loads(line) for line in lines.splitlines() if line]
    return [(c["id"], p["word"], p["low"], p["high"], c["quote"]) for c in claims if (p := c["probability"])]


@pytest.mark.parametrize(("id_", "word", "low", "high", "quote"), example_words())
def test_the_example_gives_every_word_the_range_of_the_table(id_, word, low, high, quote):
    assert word_ranges("zh")[word] == (low, high)
    read = probability(quote, "zh")
    assert read is None or (read.word, read.low, read.high) == (word, low, high)


def test_a_plain_will_is_never_searched_for():
    assert set(word_ranges("zh")) - set(bands("zh")) == {"会", "将", "将会", "不会"}
    assert probability("会谈将于6日举行", "zh") is None
    assert probability("the talks will resume", "en") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_have_the_same_bands_but_for_the_chinese_may(language):
    ranges = {(b["low"], b["high"]) for b in table(language, "probability")["bands"]}
    # Directive 203 has seven; "may" (可能 covers "likely" too), "perhaps" and "one possibility" are assumptions.
    directive = {(0.01, 0.05), (0.05, 0.2), (0.2, 0.45), (0.45, 0.55), (0.55, 0.8), (0.8, 0.95), (0.95, 0.99)}
    may = (0.3, 0.8) if language == "zh" else (0.2, 0.8)
    assert ranges == directive | {may, (0.2, 0.7), (0.1, 0.6)}


@pytest.mark.parametrize("page", ["reference/case-file.md", "zh/reference/case-file.md"])
def test_the_page_on_the_case_file_states_the_table(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (0\.\d+)–(0\.\d+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert len(rows) == 12
    for low, high, en, zh in rows:
        for language, cell in (("en", en), ("zh", zh)):
            for word in filter(None, re.split(", |、", cell.strip().strip("–"))):
                assert word_ranges(language)[word] == (float(low), float(high)), word
