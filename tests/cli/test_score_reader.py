"""``zopa score-reader`` and ``zopa review --export-gold``: what people decided measures the reader that proposed it."""

import json
from pathlib import Path

import pytest

from tests.cli.run import Ran, zopa
from tests.cli.test_review import ARTICLE, review, waiting
from tests.shared import ROOT

OWN = ROOT / "tests" / "dossier" / "gold"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder, article = tmp_path / "talks", tmp_path / "news.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    zopa("new", folder)
    assert zopa("read", article, "--published", "2026-02-05", "--into", folder).code == 0
    return folder


def score(path: Path, *more: object) -> Ran:
    return zopa("score-reader", path, "--draws", "100", *more)


def stage(ran: Ran, name: str) -> dict[str, object]:
    return next(row for row in ran.json["rows"] if row["stage"] == name)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_with_intervals(lang: str):
    ran = score(OWN, "--lang", lang)
    assert ran.code == 0
    assert ("range and speaker" if lang == "en" else "区间与发言者") in ran.out
    assert ("resample the documents" if lang == "en" else "由文档重抽样") in ran.out
    assert "event" not in ran.out, "this gold says nothing about events"


def test_one_document_says_that_its_claims_were_resampled():
    ran = score(OWN / "zh-wire.md")
    assert "There is one document only" in ran.out


def test_json_has_every_number():
    ran = score(OWN, "--json", "--seed", "7")
    answer = ran.json
    assert (answer["command"], answer["seed"], answer["method"]) == (
        "score-reader",
        7,
        "bootstrap over documents",
    )
    assert answer["parameters"]["verified_share"] == 1.0
    row = stage(ran, "range")
    f1 = row["f1"]
    assert f1["low"] <= f1["value"] <= f1["high"]
    assert row["found"] == pytest.approx(row["right"] / row["precision"]["value"])
    assert ran.out == score(OWN, "--json", "--seed", "7").out


def test_an_unknown_reader_is_wrong_use():
    ran = score(OWN, "--reader", "ruels")
    assert ran.code == 2
    assert "rules" in ran.err


def test_problems_are_told_at_their_place(tmp_path: Path):
    (tmp_path / "a.md").write_text("外长说，⟦r|外长||谣言⟧会谈⟦/⟧。\n", encoding="utf-8")
    ran = score(tmp_path, "--lang", "zh")
    assert ran.code == 1
    assert ran.err.startswith("a.md:1:12: kind 为 谣言")
    assert json.loads(score(tmp_path, "--json").out)["errors"][0]["line"] == 1


# --- corrections as gold


def export(case: Path, folder: Path, *more: object) -> Ran:
    return zopa("review", case, "--export-gold", folder, "--lang", "en", *more)


def test_what_was_accepted_as_read_scores_one(case: Path, tmp_path: Path):
    review(case, *["a"] * len(waiting(case)))
    ran = export(case, tmp_path / "gold")
    assert (ran.code, ran.out) == (0, f"1 document with 3 claims written to {tmp_path / 'gold'}\n")
    scored = score(tmp_path / "gold", "--json")
    assert all(row["f1"]["value"] in (1.0, None) for row in scored.json["rows"])
    assert {"range", "exact", "speaker|matched", "kind|matched", "event|matched"} <= {
        row["stage"] for row in scored.json["rows"]
    }


def test_corrections_count_against_the_reader(case: Path, tmp_path: Path):
    """Of three claims one is rejected, one gets another speaker and other ends, one stands."""
    review(case, "r", "e", "speaker_head", "某人/A", "ranges", "<+1", "", "a")
    assert export(case, tmp_path / "gold").code == 0
    scored = score(tmp_path / "gold", "--json")
    counts = {row["stage"]: (row["right"], row["found"], row["known"]) for row in scored.json["rows"]}
    assert counts["range"] == (2, 3, 2)
    assert counts["exact"] == (1, 3, 2)
    assert counts["range+speaker"] == (1, 3, 2)
    assert counts["kind|matched"] == (2, 2, 2)
    written = (tmp_path / "gold" / "news.md").read_text(encoding="utf-8")
    assert "⟦r|某人\\/A|" in written
    assert "published: 2026-02-05" in written


def test_documents_with_open_candidates_are_named_and_left(case: Path, tmp_path: Path):
    other = tmp_path / "second.txt"
    other.write_text("法国外长说，法国支持会谈。\n", encoding="utf-8")
    assert zopa("read", other, "--published", "2026-02-05", "--into", case).code == 0
    (case / "sources" / "unread.txt").write_text("一段没有读过的文字。\n", encoding="utf-8")
    review(case, *["a"] * 3)
    ran = export(case, tmp_path / "gold")
    assert "1 document with 3 claims" in ran.out
    assert "left out, 1 candidate open: second" in ran.out
    assert "left out, nothing proposed or decided: unread" in ran.out
    assert [path.name for path in (tmp_path / "gold").iterdir()] == ["news.md"]
    rows = export(case, tmp_path / "gold", "--json").json["rows"]
    assert {row["document"]: (row["written"], row["open"]) for row in rows} == {
        "news": (True, 0),
        "second": (False, 1),
        "unread": (False, 0),
    }


def test_all_names_of_one_person_are_right(case: Path, tmp_path: Path):
    review(case, *["a"] * 3)
    head = json.loads((case / "claims.jsonl").read_text(encoding="utf-8").splitlines()[0])["speaker_head"]
    review(case, "m", f"外长, {head}", "q")
    assert export(case, tmp_path / "gold").code == 0
    assert f"⟦r|外长/{head}|" in (tmp_path / "gold" / "news.md").read_text(encoding="utf-8")
    assert stage(score(tmp_path / "gold", "--json"), "range+speaker")["f1"]["value"] == 1.0


def test_a_file_with_other_content_is_never_overwritten(case: Path, tmp_path: Path):
    review(case, *["a"] * 3)
    gold = tmp_path / "gold"
    assert export(case, gold).code == 0
    assert export(case, gold).code == 0, "the same again is no loss"
    (gold / "news.md").write_text(ARTICLE, encoding="utf-8")
    ran = export(case, gold)
    assert (ran.code, "[gold-target]" in ran.err) == (1, True)
    assert (gold / "news.md").read_text(encoding="utf-8") == ARTICLE
