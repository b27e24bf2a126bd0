"""The questions worth putting: what decides everything comes first, words take no side, numbers have a basis."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import zopa
from tests.case import made
from tests.forecasting.ledgers import QUESTIONS
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.forecasting._ask_links import Links
from zopa.forecasting._ask_rows import SMALL, Answer, Effect
from zopa.forecasting._ask_words import Asking, number_words
from zopa.forecasting.ask import MOST, Ask, ask
from zopa.methods.sensitivity import Information
from zopa.words import LANGUAGES, catalogue

FEW = {"draws": 1000, "plays": 1}
CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Origin:
    origin: str
    question: str
    holds: float
    on: float
    off: float
    value: Information
    because: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    path: str
    question: str
    low: float
    high: float
    value: Information
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What drivers would say, written by hand."""

    origins: Sequence[Origin] = ()
    estimates: Sequence[Number] = ()
    pool: Mapping[str, float] = field(default_factory=lambda: {"deal": 0.34, "serious": 0.2})


def origin(name: str, holds: float, on: float, off: float, *, claim: str, question: str = "deal") -> Origin:
    """Worth exactly q(1 − q)(p₁ − p₀)², without noise."""
    worth = Information(holds * (1 - holds) * (on - off) ** 2, 0.0, 0.0)
    return Origin(name, question, holds, on, off, worth, (claim,))


def two_accounts(folder: Path, *, more: str = "", settled: str = "") -> Case:
    """North's word and South's on one thing: not both."""
    claims = made.claim_line(
        "c1", 6, 12, origin="north/gates", kind="fact report", party="north", speaker_head="特使"
    )
    claims += made.claim_line("c2", 13, 20, origin="south/gates", kind="fact report", party="south")
    claims += made.claim_line("c3", 21, 25, origin="paper/port", kind="fact report")
    notes = f"contradictions:\n  - {{a: c1, b: c2, kind: factual{settled}}}\n"
    return read_case(made.write(folder, made.CASE + QUESTIONS + notes + more, claims=claims))


DECIDES = (
    origin("north/gates", 0.4, 0.6, 0.1 / 0.6, claim="c1"),
    origin("south/gates", 0.4, 0.1, 0.3 / 0.6, claim="c2"),
    origin("paper/port", 0.5, 0.36, 0.32, claim="c3"),
)
"""Given the first .6, the second .1, neither .3: .4 × .6 + .4 × .1 + .2 × .3 = .34 in all."""


# ---- what comes first


def test_a_contradiction_that_decides_everything_is_the_first_question(tmp_path):
    found = ask(two_accounts(tmp_path), drivers=Given(DECIDES), **FEW)
    first = found.rows()[0]
    assert (first.kind, first.subject) == ("contradiction", ("north/gates", "south/gates"))
    assert first.because == ("c1", "c2")
    assert [(a.answer, round(a.share or 0, 6), round(a.forecast, 6)) for a in first.effect.answers] == [
        ("first", 0.4, 0.6),
        ("second", 0.4, 0.1),
        ("neither", 0.2, 0.3),
    ]
    # Var E[deal | which holds].
    assert first.effect.value.value == pytest.approx(0.4 * 0.26**2 + 0.4 * 0.24**2 + 0.2 * 0.04**2)
    # Either of the two alone is the same matter; the third voice is another.
    assert [row.subject for row in found.rows()[1:]] == [("paper/port",)]
    assert "+26" in found.headline("en") and "−24" in found.headline("zh")


def test_worked_out_from_the_case_itself_the_same_comes_first(tmp_path):
    """Nothing but two forecasts that exclude each other moves this forecast."""
    assumed = made.CASE.replace("because: [c1]", "assumed: true")
    said = "".join(
        made.claim_line(
            f"c{k}", start, stop, origin=f"paper-{k}", kind="forecast", credibility=1, speaker_head=who
        )
        for k, start, stop, who in ((1, 6, 12, "东报"), (2, 13, 20, "西报"))
    )
    judged = """\
judgements:
  - {id: sure, who: 东报, stake: none, words: 必成, probability: 0.9, on: deal, because: [c1]}
  - {id: never, who: 西报, stake: none, words: 不成, probability: 0.03, on: deal, because: [c2]}
contradictions:
  - {a: c1, b: c2, kind: factual}
"""
    case = read_case(made.write(tmp_path, assumed + QUESTIONS + judged, claims=said))
    first, *rest = ask(case, **FEW).rows()
    assert (first.kind, first.subject, first.effect.question) == (
        "contradiction",
        ("paper-1", "paper-2"),
        "deal",
    )
    one, other, *_ = first.effect.answers
    assert one.forecast > first.effect.now > other.forecast
    assert first.whom == ("东报", "西报")
    assert rest == []


def test_of_a_settled_contradiction_nobody_is_asked_about_what_was_overtaken(tmp_path):
    found = ask(two_accounts(tmp_path, settled=", settled: c2"), drivers=Given(DECIDES), **FEW)
    assert [row.subject for row in found.rows()] == [("south/gates",), ("paper/port",)]


def test_the_cases_own_words_come_first_among_equals(tmp_path):
    own = "unknowns:\n  - {id: which, text: {en: Which gates open?, zh: 哪些口岸开放？}, answer_from: [island], because: [c1, c2]}\n"
    found = ask(two_accounts(tmp_path, more=own), drivers=Given(DECIDES), **FEW)
    first = found.rows()[0]
    assert (first.kind, first.subject) == ("unknown", ("which", "north/gates", "south/gates"))
    assert first.whom == ("island",)
    assert found.asking.question(first, "en") == "Which gates open?"
    assert found.unvalued == ()


def test_an_unknown_that_no_number_hangs_on_is_told_apart(tmp_path):
    own = "unknowns:\n  - {id: port, text: {en: Who runs the port?, zh: 港口归谁管？}, because: [c3]}\n"
    found = ask(two_accounts(tmp_path, more=own), drivers=Given(DECIDES[:2]), **FEW)
    assert found.unvalued == ("port",)
    assert any("Who runs the port?" in note for note in found.notes("en"))


def test_small_and_noisy_values_are_not_asked_about(tmp_path):
    case = two_accounts(tmp_path)
    small = origin("north/gates", 0.5, 0.34 + SMALL / 2, 0.34 - SMALL / 2, claim="c1")
    noisy = Origin("paper/port", "deal", 0.5, 0.5, 0.2, Information(0.01, 0.008, 0.1), ("c3",))
    found = ask(case, drivers=Given((small, noisy)), **FEW)
    assert found.rows() == ()
    assert "Nothing that could be asked" in found.headline("en")
    assert "没有任何问题" in found.headline("zh")


def test_a_number_that_nobody_stated_is_asked_of_whose_it_is(tmp_path):
    path = "preferences.south.border.weight"
    number = Number(path, "deal", 0.2, 0.5, Information(0.01, 0.0001, 0.05))
    found = ask(two_accounts(tmp_path), drivers=Given((), (number,)), **FEW)
    (row,) = found.rows()
    assert (row.kind, row.subject, row.whom) == ("number", (path,), ("south", "island"))
    assert found.asking.question(row, "zh") == "与其他议题相比，这一议题对南方有多重要：边界？"
    assert [found.asking.answer(row, row.effect, a, "en") for a in row.effect.answers] == [
        "at its low end (30)",
        "at its high end (30)",
    ]


def test_numbers_about_what_alternatives_would_lead_to_are_nobodys_to_tell():
    case = zopa.open_case("muscat-2026")
    paths = [p for p in Links(case).quantities if p.startswith("moves.")]
    number = Number(paths[0], "deal-by-t", 0.1, 0.5, Information(0.05, 0.0001, 0.05))
    given = Given((), (number,), {"deal-by-t": 0.3})
    assert all(row.kind != "number" for row in ask(case, drivers=given, **FEW).rows())


# ---- Muscat, with worths by hand


@pytest.fixture(scope="module")
def muscat() -> Case:
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def told(muscat) -> Ask:
    first = [
        (o, claims[0].id)
        for o, claims in muscat.ledger.origins.items()
        if o in muscat.draws(1000).switches.holds
    ]
    # Every origin moves something, some more than others.
    rows = [
        origin(o, 0.4, 0.3 + 0.2 / (k + 1), 0.3 - 0.1 / (k + 1), claim=claim, question="deal-by-t")
        for k, (o, claim) in enumerate(first)
    ]
    strike = Number("talks.strike.us", "serious-by-t", 0.2, 0.32, Information(0.001, 0.0001, 0.01))
    given = Given(rows, (strike,), {"deal-by-t": 0.3, "serious-by-t": 0.25})
    return ask(muscat, drivers=given, draws=3000, plays=1)


def test_five_questions_at_most_no_two_about_one_matter(muscat, told):
    rows = told.rows()
    assert len(rows) == MOST
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    links = Links(muscat)
    origins = [[s for s in row.subject if s in muscat.ledger.origins] for row in rows]
    for k, mine in enumerate(origins):
        for theirs in origins[k + 1 :]:
            assert not any(b in links.touches[a] for a in mine for b in theirs)
    worths = [row.effect.value.value for row in rows]
    assert worths == sorted(worths, reverse=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_quotation_marks_stand_around_words_of_the_record_alone(muscat, told, lang):
    def plain(text: str) -> str:
        return re.sub('[“”‘’"]', "", text)

    words = {plain(claim.text(lang)) for claim in muscat.ledger.claims}
    for row in told.rows():
        put = told.asking.question(row, lang) + told.asking.decides(row, lang)
        if row.kind == "unknown":
            put = told.asking.decides(row, lang)
        for quoted in re.findall("“([^”]*)”", put):
            assert plain(quoted) in words
    assert '"' not in "".join(v for e in catalogue("ask").values() for v in map(str, e.values()))


def test_every_number_has_a_basis(muscat, told):
    known = Links(muscat).quantities
    for row in told.rows():
        assert row.effect.now == {"deal-by-t": 0.3, "serious-by-t": 0.25}.get(
            row.effect.question, row.effect.now
        )
        assert row.effect.clear and all(also.clear for also in row.also)
        if row.kind in ("origin", "contradiction", "unknown"):
            assert row.because and all(claim in muscat.ledger.by_id for claim in row.because)
        if row.kind == "number":
            assert row.subject[0] in known
        for answer in row.effect.answers:
            assert 0.0 <= answer.forecast <= 1.0
    for table in told.tables("en"):
        assert len(table.because) == len(table.rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_told_in_both_languages(told, lang):
    tables = told.tables(lang)
    assert len(tables) == 2 + len({row.party for row in told.matrix})
    texts = [told.headline(lang), *told.notes(lang)]
    texts += [cell for table in tables for row in (table.columns, *table.rows) for cell in row]
    for text in texts:
        assert text and "{" not in text
        if lang == "en":
            assert not CJK.search(text), text
    assert "aria-label" in told.plot(lang).to_svg()


def test_english_and_chinese_tell_the_same_numbers(told):
    def numbers(lang):
        return [re.findall(r"[+−]\d+", cell) for row in told.table(lang).rows for cell in row[6:7]]

    assert numbers("en") == numbers("zh")


def test_every_sentence_is_in_both_languages():
    for key, entry in catalogue("ask").items():
        assert set(entry) == {"en", "zh"}, key
        slots = [set(re.findall(r"\{(\w+)\}", str(entry[lang]))) for lang in LANGUAGES]
        assert slots[0] == slots[1], key


def test_whom_is_somebody_of_the_case_or_a_voice_of_its_record(muscat, told):
    file = muscat.file
    heads = {claim.speaker_head for claim in muscat.ledger.claims}
    for row in told.rows():
        assert 1 <= len(row.whom) <= 5
        for who in row.whom:
            assert who in {**file.people, **file.parties, **file.bodies} or who in heads
    # A medium of one side is not that side.
    claim = muscat.ledger.by_id["c29"]
    assert told.asking.voice(claim) == "iranian-media"
    assert told.asking.voice(muscat.ledger.by_id["c01"]) == "araghchi"
    assert told.asking.voice(muscat.ledger.by_id["c125"]) is None


def test_every_number_of_the_example_has_words(muscat):
    for path in Links(muscat).quantities:
        if path.startswith(("talks.", "preferences.", "red_lines.")):
            for lang in LANGUAGES:
                assert path not in number_words(muscat, path, lang)


def test_readings_average_to_what_is_known(told):
    for row in told.rows():
        for effect in (row.effect, *row.also):
            if effect.on != "forecast" and all(a.share is not None for a in effect.answers):
                mean = sum((a.share or 0.0) * a.forecast for a in effect.answers)
                assert mean == pytest.approx(effect.now, abs=1e-9)


def test_what_a_party_is_after_moves_the_zone_from_where_zone_says(muscat):
    asked = ask(muscat, drivers=Given((), (), {"deal-by-t": 0.15}), draws=4000, plays=1)
    found = [e for row in asked.rows() for e in (row.effect, *row.also) if e.on == "zone"]
    assert {row.kind for row in asked.rows()} == {"reading"} and found
    zone = zopa.zone(muscat, draws=4000).exists.value
    for effect in found:
        assert effect.now == pytest.approx(zone)


def test_json_says_what_each_row_is(told):
    out = told.to_json()
    assert out["command"] == "ask"
    assert {row["table"] for row in out["rows"]} == {"questions", "signs", "matrix"}


def test_the_same_again(muscat, told):
    given = Given((), (), {"deal-by-t": 0.3})
    assert ask(muscat, drivers=given, **FEW).to_json() == ask(muscat, drivers=given, **FEW).to_json()


# ---- other cases


@pytest.mark.parametrize("name", ["england-zimbabwe", "elmira"])
def test_where_nothing_would_move_anything_it_says_so(name):
    case = zopa.open_case(name)
    found = ask(case, drivers=Given((), (), {"deal": 0.13}), **FEW)
    assert found.rows() == () and found.signs == ()
    # Worked out from the case, at most whether its source holds: no talks are played and nobody foresees anything.
    assert {row.kind for row in ask(case, **FEW).rows()} <= {"origin"}
    for lang, words in (("en", "Nothing that could be asked"), ("zh", "没有任何问题")):
        assert words in found.headline(lang)
        assert found.table(lang).rows == ()
        assert found.plot(lang).to_svg()


def test_a_case_without_claims(tmp_path):
    assumed = made.CASE.replace("because: [c1]", "assumed: true")
    case = read_case(made.write(tmp_path, assumed + QUESTIONS, claims=""))
    found = ask(case, drivers=Given(), **FEW)
    assert found.rows() == ()
    assert "holds no claims" in found.headline("en")


def test_wrong_use_is_named(muscat):
    with pytest.raises(TypeError, match="ask: case must be a Case"):
        ask("muscat-2026")
    with pytest.raises(ValueError, match="plays is 0"):
        ask(muscat, plays=0)


def test_an_effect_without_answers_is_not_clear():
    assert not Effect("forecast", "deal", 0.3, (), Information(0.1, 0.0, 0.1)).clear
    moved = (Answer("holds", 0.5, 0.4), Answer("fails", 0.5, 0.2))
    assert Effect("forecast", "deal", 0.3, moved, Information(0.01, 0.001, 0.1)).clear
    assert Asking(zopa.open_case("elmira")).called("moe", "en") == "Ontario Ministry of the Environment"
