"""What a brief says, before it has a format: sections, cards, and the words for where a number comes from."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zopa
from tests.brief.samples import HOSTILE, TEXT_ZH, ask_zone, sample_brief, sample_case, sample_zone
from zopa.brief import html, markdown
from zopa.brief.build import Answer, answers, assemble, build
from zopa.brief.cards import excerpt, grade_words
from zopa.brief.closing import _how_many, assumed, unknowns, unsettled
from zopa.brief.document import Section
from zopa.case.labels import day, path_label
from zopa.case.quantities import quantities
from zopa.claims.voice import UNSPECIFIED
from zopa.words import LANGUAGES, catalogue, say


def section(key: str, lang: str = "en", status: str = "reviewed") -> Section:
    return next(s for s in sample_brief(status).edition(lang).sections if s.key == key)


def test_answers_come_first_and_then_what_they_stand_on():
    brief = sample_brief()
    assert [s.key for s in brief.en.sections] == ["zone", "setting", "assumed", "unknowns", "unsettled"]
    assert [s.key for s in brief.zh.answers] == ["zone", "setting"]
    assert brief.day == date(2026, 2, 5)


def test_both_editions_hold_the_same_things():
    brief = sample_brief()
    for ours, theirs in zip(brief.en.sections, brief.zh.sections, strict=True):
        assert ours.key == theirs.key
        assert ours.claims == theirs.claims
        assert ours.verdicts == theirs.verdicts
        assert [len(t.rows) for t in ours.tables] == [len(t.rows) for t in theirs.tables]
        assert ours.question != theirs.question
    assert [c.id for c in brief.en.claims] == [c.id for c in brief.zh.claims]


def test_a_question_the_case_cannot_answer_says_what_to_add():
    lacking = section("setting")
    assert lacking.kind == "incomplete"
    assert lacking.headline == "The case does not yet hold what this question needs."
    assert any("issues" in text for text in lacking.paragraphs)


def test_an_answer_counts_what_the_record_shows_and_what_it_leaves_open():
    zone = section("zone")
    assert dict(zone.verdicts) == {"shows": 1, "open": 1}
    assert zone.claims == ("c1", "c2", "c5")
    assert zone.reading == f"Method: {say('zone.method', 'en')}. 100 draws, seed 0."


def test_an_answer_without_rows_has_no_empty_chart():
    case = sample_case()
    empty = replace(sample_zone(case), shares=())
    brief = assemble(case, [Answer("zone", empty)], seed=0, draws=1)
    assert brief.en.sections[0].chart is None


def test_the_first_screen_shows_two_sentences_and_the_section_all():
    text = "The record shows X, 0.5 of it. Likely (55–80 %) if A. 14 pairs contradict each other."
    english = Section("k", "answer", "q", text, {})
    assert english.lead == "The record shows X, 0.5 of it."
    assert english.second == "Likely (55–80 %) if A."
    assert english.rest == "Likely (55–80 %) if A. 14 pairs contradict each other."
    chinese = Section("k", "answer", "q", "记录不足以定论。按本案现状：可能（55–80%）。依据3条主张。", {})
    assert (chinese.lead, chinese.second) == ("记录不足以定论。", "按本案现状：可能（55–80%）。")
    assert (Section("k", "answer", "q", "一句话", {}).second, Section("k", "answer", "q", "", {}).lead) == (
        "",
        "",
    )


def test_folded_chinese_text_loses_the_spaces_of_its_line_breaks():
    case = sample_case()
    summary = case.file.title.model_copy(update={"zh": "定论。 本案 例用 PDF 文件", "en": "a b"})
    case = replace(case, file=case.file.model_copy(update={"summary": summary}))
    brief = assemble(case, [], seed=0, draws=1)
    assert (brief.zh.summary, brief.en.summary) == ("定论。本案例用 PDF 文件", "a b")


# --- what was assumed


def test_every_written_number_without_a_claim_is_listed_as_assumed():
    found = assumed(sample_case(), "en")
    assert found.headline == "3 of the 5 numbers written in the case (60 %) rest on no claim of the record."
    (table,) = found.tables
    assert table.caption == "Preferences"
    assert table.rows == (
        ("United States · no agreement · value", "0.2 to 0.5", "assumed"),
        ("Iran · Ballistic missiles · weight", "3", "assumed"),
        ("Iran · Ballistic missiles · value of · Range cap", "0.1 to 0.4", "assumed"),
    )
    assert (
        found.paragraphs[1]
        == "Not stated at all, and at ignorance wherever an answer needs them: Red lines 1."
    )


def test_a_number_whose_claims_left_the_record_is_no_longer_cited():
    (table,) = [t for t in assumed(sample_case().without(["c1"]), "zh").tables if t.caption == "红线"]
    assert table.rows == (("伊朗在弹道导弹上不接受“射程上限和拆除” · 为绝对底线的概率", "0.4至0.9", "无知"),)


def test_the_assumed_numbers_are_exactly_those_without_a_known_claim():
    case = sample_case()
    listed = {row[0] for t in assumed(case, "en").tables for row in t.rows}
    expected = {
        path_label(case.file, path, "en")
        for path, q in quantities(case.file).items()
        if q.number.estimate.known and not any(c in case.ledger.by_id for c in q.basis.claims)
    }
    assert listed == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_estimate_of_a_case_keeps_a_bare_path(lang: str):
    case = sample_case()
    for path in quantities(case.file):
        assert "_" not in path_label(case.file, path, lang)


@pytest.mark.parametrize(
    ("n", "total", "key"),
    [(0, 0, "no-numbers"), (0, 5, "nothing"), (2, 5, "headline"), (5, 5, "all"), (1, 1, "one")],
)
def test_none_all_and_the_only_one_are_told_as_such(n: int, total: int, key: str):
    assert _how_many(n, total) == key
    for lang in LANGUAGES:
        sentences = [
            say(f"brief.{area}-{key}", lang, n=n, loose=n, all=total, share="40")
            for area in ("assumed", "unsettled")
        ]
        assert all(sentences)
        assert not any(f"{n} of the {n} " in text or f"{n} of {n}" in text for text in sentences)


def test_a_case_without_numbers_does_not_boast_of_its_claims():
    case = zopa.open_case("elmira")
    assert assumed(case, "en").headline == "No number is written in the case."
    assert assumed(case, "zh").headline == "本案没有写明任何数字。"
    assert unsettled(case, (), "en").headline == "This brief gives no probability."


def test_a_case_of_assumptions_only_says_so():
    case = zopa.open_case("england-zimbabwe")
    assert (
        assumed(case, "en").headline
        == "Not one of the 48 numbers written in the case rests on a claim of the record."
    )
    assert assumed(case, "zh").headline == "本案写明的48个数字都没有记录中的主张支持。"


def test_influence_rows_are_told_by_name():
    case = zopa.open_case("muscat-2026")
    found = zopa.influence(case, draws=50)
    for lang, nearest in (
        ("en", "Uranium enrichment · mean by capability nearest to “"),
        ("zh", "铀浓缩 · 按实力加权的均值最接近“"),
    ):
        [table] = unsettled(case, [found], lang).tables
        told = [row[1] for row in table.rows]
        assert any(text.startswith(nearest) for text in told)
        assert not [
            text for text in told if re.search(r"no-limit|capped|paused|expected_utility|actor", text)
        ]


# --- unknown and unsettled


def test_the_records_own_unknowns_say_who_could_answer():
    found = unknowns(sample_case(), "zh")
    assert found.headline == "记录本身留下1个悬而未决的问题。"
    assert found.tables[0].rows == (("双方会不会同处一室？", "美国"),)
    assert found.tables[0].because == (("c3",),)
    bare = replace(sample_case(), file=sample_case().file.model_copy(update={"unknowns": ()}))
    assert unknowns(bare, "en").headline == "The case lists no open questions of the record."


def test_what_the_record_does_not_settle_is_listed_number_by_number():
    case = sample_case()
    found = unsettled(case, [sample_zone(case)], "en")
    assert found.headline == "Of 2 probabilities in this brief the record does not settle 1."
    (row,) = found.tables[0].rows
    assert row[0] == "Zone"
    assert row[1].startswith("Iran")
    assert row[2:] == ("40% (25–55)", "40%", "35%", "the record does not settle this")


# --- claims and sources


def card(key: str, lang: str = "en"):
    return next(c for c in sample_brief().edition(lang).claims if c.id == key)


def test_a_claim_card_says_who_when_how_well_and_where():
    found = card("c1")
    assert found.quote == "导弹问题不容谈判"
    assert found.quote_lang == "zh"
    assert found.translation == "the missile question is not open to negotiation"
    assert found.said == "伊方一名官员 (unnamed)"
    assert found.grade == "B2"
    assert found.grade_words == "source usually reliable; probably true"
    assert ("Said on", "4 February 2026") in found.dates
    assert found.used_in[0][0] == "zone"
    assert card("c1", "zh").translation is None


def test_a_voice_that_nobody_names_is_called_so_in_the_reader_s_language():
    case = sample_case()
    claims = tuple(
        c.model_copy(update={"speaker": None, "speaker_head": UNSPECIFIED, "chain": ("Reuters", UNSPECIFIED)})
        for c in case.ledger.claims
    )
    case = replace(case, ledger=replace(case.ledger, claims=claims))
    brief = assemble(case, [Answer("zone", sample_zone(case))], seed=0, draws=10)
    for lang, shown in (("en", "an unattributed report"), ("zh", "未注明出处的报道")):
        cards = [c for c in brief.edition(lang).claims if "narrator" not in c.said]
        assert any(shown in c.said for c in cards)
        assert all(c.chain == ("Reuters", shown) for c in cards)
        assert all(c.said_lang == lang for c in cards)
    page = html.render(brief, lang="zh")
    assert UNSPECIFIED not in page
    assert UNSPECIFIED not in markdown.render(brief, lang="zh", charts={})


def test_a_brief_of_an_earlier_day_bears_that_day():
    whole = sample_case()
    earlier = whole.as_of(date(2026, 2, 4))
    brief = build(earlier, draws=50)
    assert brief.day == date(2026, 2, 4)
    for lang, new, old in (
        ("en", "4 February 2026", "5 February 2026"),
        ("zh", "2026年2月4日", "2026年2月5日"),
    ):
        edition = brief.edition(lang)
        assert new in dict(edition.facts).values()
        counted = "2 claims of 1 origin in 1 document" if lang == "en" else "1份文件中1个信源的2条主张"
        assert counted in dict(edition.facts).values()
        told = [text for s in edition.sections for text in (s.headline, *s.paragraphs, *s.notes)]
        told += [
            cell for s in edition.sections for t in s.tables for row in t.rows for cell in (t.caption, *row)
        ]
        short = old.replace("February", "Feb")
        assert not [text for text in told if old in text or short in text]
        assert all(
            date(2026, 2, 4) >= known
            for c in edition.claims
            for known in [earlier.ledger.known_on(earlier.ledger.by_id[c.id])]
            if known
        )
        head = html.render(brief, lang=lang).split("<main")[0]
        assert day(date(2026, 2, 4), lang) in head
        assert old not in head
        assert old not in markdown.render(brief, lang=lang, charts={}).split("\n## ")[0]


def test_a_claim_that_contradicts_a_cited_one_is_shown_too():
    # c4 is cited nowhere; it contradicts c3, which the unknowns cite.
    assert card("c3").rivals == (("c4", "on the facts; c4 stood"),)
    assert card("c4").used_in == ()
    assert card("c3").companions == ("c4",)


def test_sources_come_with_what_they_were_read_through_and_only_web_links():
    agency = next(s for s in sample_brief().en.sources if s.id == "agency")
    assert ("Read through", "feature") in agency.about
    assert agency.link is None
    assert ("Link", "javascript:alert(3)") in agency.about


def test_all_grades_have_words():
    for lang in LANGUAGES:
        words = {grade_words(letter, n, lang) for letter in "ABCDEF" for n in range(1, 7)}
        assert len(words) == 36


def test_an_excerpt_shows_the_quotation_where_it_stands():
    start = TEXT_ZH.index("铀浓缩")
    found = excerpt(TEXT_ZH, [(start, start + 3)])
    assert found.parts == (("铀浓缩", True),)
    assert found.before.endswith("他还说，")
    assert found.after.startswith("是伊朗的权利。")


def test_an_excerpt_of_split_ranges_keeps_what_stands_between_them():
    found = excerpt("甲说乙说丙", [(0, 1), (2, 3), (4, 5)])
    assert found.parts == (("甲", True), ("说", False), ("乙", True), ("说", False), ("丙", True))
    assert (found.before, found.after) == ("", "")
    assert excerpt("短", [(0, 5)]) is None


@given(st.text(alphabet="伊朗。，\nab ", min_size=1, max_size=600), st.data())
def test_an_excerpt_is_made_of_the_sources_own_words(text: str, data: st.DataObject):
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True)))
    ranges = list(zip(edges[::2], edges[1::2], strict=False))
    found = excerpt(text, ranges)
    quoted = "".join(part for part, is_quote in found.parts if is_quote)
    assert quoted == "".join(text[a:b] for a, b in ranges)
    for part in (found.before.removeprefix("… "), found.after.removesuffix(" …")):
        assert part in text


def test_hostile_text_stays_plain_text_in_the_model():
    assert card("c5").quote == HOSTILE
    assert card("c5").said == "<i>谁</i>"


# --- the rest


def test_days_are_written_as_readers_write_them():
    assert day(date(2026, 2, 5), "zh") == "2026年2月5日"
    assert day(date(2026, 2, 5), "en") == "5 February 2026"


def test_the_model_is_the_same_each_time():
    case = sample_case()
    found = [Answer("zone", sample_zone(case))]
    assert assemble(case, found, seed=0, draws=1) == assemble(case, found, seed=0, draws=1)


def test_every_analysis_has_its_question_and_short_name():
    import zopa

    for name in (*zopa.ANALYSES, *(name for name in zopa.FORECASTS if name != "replay")):
        for kind in ("question", "short"):
            assert {"en", "zh"} <= set(catalogue("brief")[f"{kind}-{name}"])


def test_a_case_that_asks_no_such_thing_is_not_forecast():
    case = sample_case()
    assert not (case.file.talks or case.file.crisis or case.file.questions or case.file.scenarios)
    names = [a.name for a in answers(case, seed=0, draws=50, progress=None, lang="en")]
    assert names == list(zopa.ANALYSES)


def test_progress_is_told_in_shares_and_words(monkeypatch: pytest.MonkeyPatch):
    import zopa

    told: list[tuple[float, str]] = []
    case = sample_case()
    monkeypatch.setattr(zopa, "ANALYSES", ("zone", "record"))
    monkeypatch.setitem(vars(zopa), "zone", ask_zone)
    monkeypatch.setitem(vars(zopa), "record", ask_zone)
    found = answers(
        case, seed=3, draws=10, progress=lambda share, what: told.append((share, what)), lang="zh"
    )
    assert [a.name for a in found] == ["zone", "record"]
    assert told == [(0.0, "协议区间"), (0.5, "记录"), (1.0, "撰写简报")]
