"""The map page: what it draws and says, in both languages, on any day; turned off, empty, hostile."""

import json
import re
import shutil
from contextlib import closing
from datetime import date
from html import unescape

import pytest

import zopa
from tests.web.conftest import Client
from tests.web.test_browser import entered, opened
from tests.web.test_pages import read
from zopa.case.edit import set_value
from zopa.case.examples import folder
from zopa.case.folder import problems
from zopa.web.desk import Desk
from zopa.web.mapped import Atlas
from zopa.words import LANGUAGES, say

HEAD = "zopa: 1\ntitle: {en: T, zh: 题}\nas_of: 2026-02-05\n"


@pytest.fixture
def case(tmp_path, runs):
    """A workbench on a case that a test writes."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "claims.jsonl").write_text("", encoding="utf-8")

    def write(text: str) -> Client:
        (made / "case.yaml").write_text(HEAD + text, encoding="utf-8")
        assert [p for p in problems(made) if p.severity == "error"] == []
        return client

    (made / "case.yaml").write_text(HEAD, encoding="utf-8")
    with closing(Client(Desk(made), runs)) as client:
        yield write


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_venues_territories_and_the_notice(example, lang):
    text = example.get(f"/map?lang={lang}").text
    read(text)
    plain = unescape(text)
    assert text.count("<figure>") == 1
    names = (
        ("Agreed: Muscat.", "Refused: Istanbul.")
        if lang == "en"
        else ("已商定：马斯喀特。", "被拒绝：伊斯坦布尔。")
    )
    for words in (
        *names,
        say("map.notice", lang),
        say("map.unplaced", lang, n=5),
        say("map.no-coordinates", lang),
    ):
        assert words in plain, words
    label = re.search(r'<svg[^>]*aria-label="([^"]*)"', text)[1]
    assert names[0] in unescape(label)
    assert ("Iran (negotiator)" if lang == "en" else "伊朗（谈判方）") in unescape(label)
    assert plain.count("58.41°") == 1
    assert 'href="/claim/c02"' in text
    assert 'href="/map"' in example.get("/setting").text.split("<main")[1]


def test_files(example):
    example.get("/map?lang=en")
    table = example.get("/map.csv").text
    assert table.startswith("\ufeff")
    assert "Muscat,venue" in table
    assert "c02" in table
    told = json.loads(example.get("/map.json").text)
    place = next(p for p in told["places"] if p["id"] == "istanbul")
    assert (place["longitude"], place["settings"]) == (28.98, {"istanbul-observers": "refused"})
    assert "no position" in told["boundaries"]
    svg = example.get("/map.svg")
    assert svg.text.startswith("<svg")
    assert len(svg.content) < 200_000
    assert "muscat-2026-map.svg" in svg.headers["content-disposition"]
    assert example.get("/map.png").content.startswith(b"\x89PNG")
    assert example.get("/map.exe").status_code == 404


def test_an_earlier_day_knows_less(example):
    before = unescape(example.get("/map?lang=en&as_of=2026-02-02").text)
    assert "Agreed: Muscat." not in before
    assert "left out" in before
    assert "left out" not in example.get("/map?lang=en").text


def test_the_map_can_be_turned_off(case):
    lands = "parties:\n  a: {name: A, role: negotiator, territory: IR, assumed: true}\n"
    assert "<figure>" in case(lands).get("/map").text
    off = case(f"map: off\n{lands}").get("/map?lang=en")
    assert "<figure>" not in off.text
    assert say("map.off", "en") in off.text
    assert say("map.drawn-off", "en") in off.text
    assert say("map.drawn-shape", "en") not in off.text
    assert case("map: off\n" + lands).get("/map.svg").status_code == 404
    assert case("map: off\n" + lands).get("/map.csv").status_code == 200


@pytest.mark.parametrize("value", ["none", "false", "0"])
def test_map_is_on_or_off(tmp_path, value):
    (tmp_path / "case.yaml").write_text(f"{HEAD}map: {value}\n", encoding="utf-8")
    (tmp_path / "claims.jsonl").write_text("", encoding="utf-8")
    (found,) = [p for p in problems(tmp_path) if p.severity == "error"]
    assert "on" in found.message("en")
    assert "off" in found.message("en")
    assert found.code == "not-a-choice"
    assert found.show("en").startswith("case.yaml:4:6:")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_case_without_places_says_so(case, lang):
    text = case("parties:\n  a: {name: A, role: negotiator, assumed: true}\n").get(f"/map?lang={lang}").text
    assert "<figure>" not in text
    assert say("map.nothing", lang) in unescape(text)
    assert say("map.drawn-none", lang) in unescape(text)
    assert case("").get(f"/map?lang={lang}").status_code == 200


def test_a_code_without_a_shape_is_told(case):
    text = (
        case(
            "parties:\n  a: {name: A, role: negotiator, territory: GI, assumed: true}\n"
            "  b: {name: B, role: negotiator, territory: ES, assumed: true}\n"
        )
        .get("/map?lang=en")
        .text
    )
    assert "Natural Earth has no shape for GI" in text
    assert "<figure>" in text


def test_a_place_without_coordinates_is_no_point(case):
    text = "places:\n  h: {name: Harbour, territory: OM, assumed: true}\n"
    with_shape = case(text).get("/map?lang=en").text
    assert say("map.no-coordinates-shape", "en") in with_shape
    svg = case(text).get("/map.svg").text
    assert "Oman" in svg, "its territory stands for it"
    assert "Harbour" not in svg


def test_two_sides_may_claim_one_territory(case):
    text = (
        "parties:\n  a: {name: Army, role: negotiator, territory: SD, assumed: true}\n"
        "  b: {name: Rebels, role: negotiator, territory: SD, assumed: true}\n"
    )
    svg = case(text).get("/map.svg?lang=en").text
    assert "Army / Rebels" in svg
    assert "#0072B2" in svg
    assert "#D55E00" in svg


def test_hostile_names_are_text(case):
    evil = "<script>alert(1)</script>\"'><img src=x> {{7*7}} datum.x"
    name = json.dumps({"en": evil, "zh": evil})
    text = (
        f"parties:\n  a: {{name: {name}, role: negotiator, territory: OM, assumed: true}}\n"
        f"places:\n  p: {{name: {name}, longitude: 58.4, latitude: 23.6, assumed: true}}\n"
    )
    client = case(text)
    page = client.get("/map?lang=en").text
    read(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    svg = client.get("/map.svg").text
    assert "<script>" not in svg
    assert "<img" not in svg
    assert "49" not in unescape(client.get("/map.csv").text)


def test_the_strongest_status_marks_a_place(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder("muscat-2026"), copy)
    set_value(copy, ("settings", "options", 0, "status"), "proposed")
    atlas = Atlas(zopa.open_case(copy), "en")
    assert atlas.mark("muscat") == "proposed"
    assert atlas.mark("istanbul") == "refused", "what nobody is reported to have put forward does not count"
    assert atlas.mark("oman") is None
    assert atlas.mark("us-bases") == "site"
    assert atlas.headline() == "Proposed: Muscat. Refused: Istanbul."


def test_territories_tell_their_names_where_one_points_at_them(browser, example):
    context = entered(browser, example)
    page, faults = opened(context, f"{example.here}/map?lang=en")
    land = page.locator('figure .stage path[fill="#D55E00"]').first
    box = land.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.35)
    page.mouse.move(box["x"] + box["width"] * 0.5 + 2, box["y"] + box["height"] * 0.35)
    tip = page.locator("#vg-tooltip-element.visible")
    tip.wait_for(timeout=5000)
    assert tip.inner_text() == "Iran (negotiator)"
    assert faults == []
    context.close()


def test_what_became_of_a_venue_is_told_from_the_day_it_was_known(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder("muscat-2026"), copy)
    for k in range(3):
        set_value(copy, ("settings", "options", k, "because"), ["c82"])
    case = zopa.open_case(copy)
    assert Atlas(case, "en").mark("muscat") == "agreed"
    before = Atlas(case.as_of(date(2026, 2, 4)), "en")
    assert before.mark("muscat") == "venue", "the place is known, the agreement is not"
    assert before.headline() == "Refused: Istanbul."
    assert "israel" not in before.parties
