"""Marked texts: what is written reads back, whatever the ranges; what people decided becomes gold; scores with intervals."""

import itertools
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import ROOT
from zopa.dossier.gold import NONE, Gold, Marked, marked, parse_marked, read_gold
from zopa.dossier.into import claims_of
from zopa.dossier.score import EMPTY, Score, bootstrap, score_reader, stages, units
from zopa.errors import CaseFileError, DossierError

OWN = ROOT / "tests" / "dossier" / "gold"
NAMES = st.text("甲乙 a/|\\,>⟦⟧=-", min_size=1, max_size=4).map(str.strip).filter(lambda s: s and s != NONE)
LISTS = st.lists(NAMES, max_size=2).map(tuple)


@st.composite
def texts_with_claims(draw):
    text = draw(st.text("甲乙丙 ab\n\r⟦⟧/|&", min_size=1, max_size=24))
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True).map(sorted)
    gold = []
    for points in draw(st.lists(ends, max_size=5)):
        ranges = tuple(zip(points[::2], points[1::2], strict=False))
        said = draw(st.sampled_from([None, date(2026, 2, 4)]))
        named = {"event": draw(st.sampled_from([None, "REQUEST"])), "chain": draw(LISTS)}
        gold.append(
            Gold(
                ranges,
                draw(st.sampled_from(["report", "position", "narrator"])),
                draw(LISTS),
                said,
                draw(st.sampled_from([None, "threat", "fact report"])),
                draw(st.none() | LISTS),
                said is None and draw(st.booleans()),
                named if draw(st.booleans()) else {},
            )
        )
    return text, gold


@given(texts_with_claims())
def test_marked_texts_read_back(made):
    """Nested, overlapping and split claims, escapes in every field, and texts that hold the marks themselves."""
    text, gold = made
    again, known = parse_marked(marked(text, gold))
    assert again == text
    assert sorted(map(repr, known)) == sorted(map(repr, gold))


def test_overlapping_claims_and_split_ones():
    gold = [Gold(((0, 4),), "report"), Gold(((2, 6),), "report"), Gold(((1, 2), (7, 8)), "report")]
    written = marked("abcdefgh", gold)
    assert written == "⟦r||||⟧a⟦r||||⟧b⟦/⟧⟦r||||⟧cd⟦/2⟧ef⟦/⟧g⟦&3⟧h⟦/⟧"
    assert [g.ranges for g in parse_marked(written)[1]] == [((0, 4),), ((1, 2), (7, 8)), ((2, 6),)]


def test_fields_that_are_open_and_fields_that_say_none():
    _, (bare, told) = parse_marked("⟦r⟧甲⟦/⟧⟦r|乙|-||-|event=-|chain=-|about=2026-02-06,2026-02-05⟧乙⟦/⟧")
    assert (bare.undated, bare.issues, dict(bare.named)) == (False, None, {})
    assert (told.undated, told.issues) == (True, ())
    assert dict(told.named) == {
        "event": None,
        "chain": (),
        "about": (date(2026, 2, 5), date(2026, 2, 6)),
    }


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("⟦r|||gossip⟧甲⟦/⟧", "not-a-choice"),
        ("⟦r|||||polarity=no⟧甲⟦/⟧", "not-a-choice"),
        ("⟦r||2026-02-30⟧甲⟦/⟧", "date-impossible"),
        ("⟦r|||||2026⟧甲⟦/⟧", "gold-field"),
        ("⟦⟧甲⟦/⟧", "gold-type"),
        ("⟦r⟧甲⟦/3⟧", "gold-unopened"),
    ],
)
def test_a_mark_that_cannot_be_is_told_at_its_place(written, code):
    with pytest.raises(DossierError) as caught:
        parse_marked(written)
    assert caught.value.problems[0].code == code
    assert caught.value.problems[0].place.line == 1


def test_every_problem_of_every_file_is_told_with_its_line(tmp_path: Path):
    (tmp_path / "a.md").write_text("---\nlanguage: zh\n---\n\n甲⟦/⟧\n⟦r|||gossip⟧乙⟦/⟧\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("⟦r⟧丙\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("⟦r⟧ is a mark\n", encoding="utf-8")
    with pytest.raises(CaseFileError) as caught:
        read_gold(tmp_path)
    found = [(p.code, p.place.file, p.place.line) for p in caught.value.problems]
    assert found == [("gold-unopened", "a.md", 5), ("not-a-choice", "a.md", 6), ("gold-unclosed", "b.md", 1)]


def test_line_ends_of_a_file_stay_as_they_are(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("甲\r\n⟦r⟧乙⟦/⟧\r\n".encode())
    [document] = read_gold(tmp_path)
    assert document.source.text == "甲\r\n乙\r\n"
    assert [g.ranges for g in document.gold] == [((3, 4),)]


# --- scores and their intervals


def shares(right, predicted, expected):
    both = predicted + expected
    return (
        right / predicted if predicted else None,
        right / expected if expected else None,
        2 * right / both if both else None,
    )


def quantile(values, q):
    """Linear between the two nearest, from the definition."""
    ordered = sorted(values)
    at = q * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def plain_bootstrap(scores, draws, seed):
    """Draws documents one by one with the standard library, and adds them up in plain Python."""
    dice = random.Random(seed)
    drawn = []
    for _ in range(draws):
        sample = [dice.choice(scores) for _ in scores]
        drawn.append(
            shares(*(sum(getattr(s, k) for s in sample) for k in ("right", "predicted", "expected")))
        )
    columns = [[v for v in column if v is not None] for column in zip(*drawn, strict=True)]
    return [(quantile(c, 0.025), quantile(c, 0.975)) if c else None for c in columns]


def test_the_bootstrap_agrees_with_a_plain_one():
    dice = random.Random(7)
    scores = []
    for _ in range(25):
        right = dice.randrange(0, 12)
        scores.append(Score(right, right + dice.randrange(0, 4), right + dice.randrange(0, 6)))
    ours = bootstrap(scores, draws=20_000, seed=3)
    plain = plain_bootstrap(scores, 20_000, 11)
    for mine, theirs in zip((ours.precision, ours.recall, ours.f1), plain, strict=True):
        assert mine == pytest.approx(theirs, abs=0.006)


def test_the_bootstrap_of_few_documents_is_that_of_all_resamples():
    scores = [Score(9, 10, 10), Score(3, 7, 5), Score(0, 2, 6), Score(4, 4, 9)]
    every = [
        2 * sum(s.right for s in sample) / sum(s.predicted + s.expected for s in sample)
        for sample in itertools.product(scores, repeat=len(scores))
    ]
    low, high = bootstrap(scores, draws=50_000, seed=1).f1 or (0, 0)
    assert quantile(every, 0.015) <= low <= quantile(every, 0.035)
    assert quantile(every, 0.965) <= high <= quantile(every, 0.985)


def test_the_bootstrap_is_seeded_and_knows_what_it_cannot_say():
    scores = [Score(1, 2, 3), Score(3, 3, 3), Score(0, 1, 4)]
    assert bootstrap(scores, seed=5) == bootstrap(scores, seed=5)
    assert bootstrap([EMPTY, EMPTY]).f1 is None
    assert bootstrap([]).precision is None
    one = bootstrap([Score(2, 4, 4)]).f1
    assert one == (0.5, 0.5)


@pytest.fixture(scope="module")
def own() -> tuple[Marked, ...]:
    return read_gold(OWN)


def test_stages_of_all_documents_are_the_sums_of_each(own: tuple[Marked, ...]):
    scored = score_reader(own, claims_of, draws=50)
    total: dict[str, Score] = {}
    for document in own:
        for stage, score in stages(claims_of(document.source), document.gold).items():
            total[stage] = total.get(stage, EMPTY) + score
    for stage in scored.stages:
        if stage.name != "range|any type":
            assert stage.score == total[stage.name]
    assert (scored.documents, scored.known) == (len(own), sum(len(d.gold) for d in own))
    assert scored.over == "documents"
    assert scored.verified == scored.found > 0


def test_a_single_document_is_resampled_by_its_claims(own: tuple[Marked, ...]):
    document = next(d for d in own if d.source.id == "zh-wire")
    scored = score_reader([document], claims_of, draws=200, seed=4)
    parts = units(claims_of(document.source), document.gold)
    assert scored.over == "claims"
    for stage in scored.stages:
        assert stage.interval == bootstrap(parts[stage.name], draws=200, seed=4)
    kinds = next(s for s in scored.stages if s.name == "kind|matched")
    assert kinds.interval.f1 is not None
    assert kinds.interval.f1[0] < kinds.score.f1 <= kinds.interval.f1[1]


def test_stages_without_values_in_gold_are_left_out():
    text, gold = parse_marked("莫拉说，⟦r⟧不会⟦/⟧。")
    document = Marked(read_gold(OWN / "zh-wire.md")[0].source.model_copy(update={"text": text}), gold)
    assert [stage.name for stage in score_reader([document], claims_of, draws=50).stages] == [
        "range",
        "exact",
    ]


def test_a_claim_whose_speaker_is_open_counts_nowhere_in_speakers():
    text, gold = parse_marked("莫拉说，⟦r|莫拉⟧不会放水⟦/⟧。坦科夫说，⟦r⟧愿意会面⟦/⟧。")
    source = read_gold(OWN / "zh-wire.md")[0].source.model_copy(update={"text": text})
    scores = stages(claims_of(source), gold)
    assert scores["range"] == Score(2, 2, 2)
    assert scores["range+speaker"] == Score(1, 1, 1)
