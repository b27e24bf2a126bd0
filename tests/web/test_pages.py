"""Pages: what stands on them, in both languages, on any day; downloads; answers that come, fail and are given up."""

import json
import re
import time
from contextlib import closing
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.web.conftest import Client
from zopa.case.edit import set_value
from zopa.case.examples import folder
from zopa.web.desk import Desk
from zopa.web.pages import GROUPS
from zopa.web.runs import Order, Runs
from zopa.words import LANGUAGES, say

VOID = {"meta", "link", "input", "br", "img", "hr", "wbr"}


class Balance(HTMLParser):
    """Fails where tags do not close in order; collects ids and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "id" in told:
            self.ids.append(told["id"])
        for name in ("href", "src", "action"):
            if told.get(name):
                self.links.append(told[name])
        if tag not in VOID and self.get_starttag_text()[-2:] != "/>":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open
            assert self.open.pop() == tag, f"</{tag}> closes another"


def read(text: str) -> Balance:
    made = Balance()
    made.feed(text)
    assert made.open == []
    return made


def settled(client, path: str, seconds: float = 90) -> str:
    """A page once all its answers are there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = client.get(path).text
        if 'class="working"' not in text:
            return text
        time.sleep(0.3)
    raise AssertionError(f"{path} is still being worked out")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/", *(f"/{group}" for group in GROUPS if group != "ask"), "/dossier", "/map", "/problems"]
)
def test_every_page_is_whole_in_both_languages(example, path, lang):
    text = settled(example, f"{path}?lang={lang}") if path != "/" else example.get(f"/?lang={lang}").text
    page = read(text)
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}">' in text
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith(("/", "#")) for link in page.links), "nothing from another host"
    for name in GROUPS.get(path[1:], ()):
        assert f'id="{name}"' in text
        assert say(f"brief.question-{name}", lang) in unescape(text)


def test_the_language_is_the_one_chosen_then_the_browsers(example):
    assert 'lang="zh-Hans"' in example.get("/dossier?lang=zh").text.split("<head>")[0]
    assert 'lang="zh-Hans"' in example.get("/dossier").text.split("<head>")[0], "it is kept"
    example.cookies.delete("lang")
    assert (
        'lang="en"'
        in example.get("/dossier", headers={"accept-language": "de, en;q=0.5"}).text.split("<head>")[0]
    )
    assert (
        'lang="zh-Hans"' in example.get("/dossier", headers={"accept-language": "fr"}).text.split("<head>")[0]
    )


def test_an_answer_is_that_of_the_command_line(example):
    import zopa

    settled(example, "/setting")
    told = json.loads(example.get("/answer/setting.json").text)
    assert told == zopa.setting(zopa.open_case("muscat-2026"), draws=200).to_json()


def test_an_answer_as_files(example):
    settled(example, "/setting")
    table = example.get("/answer/setting.csv?lang=zh")
    assert table.headers["content-type"].startswith("text/csv")
    assert "filename*=UTF-8''muscat-2026-setting.csv" in table.headers["content-disposition"]
    assert table.text.startswith("\ufeff")
    assert example.get("/answer/setting.svg").text.startswith("<svg")
    assert example.get("/answer/setting.png").content.startswith(b"\x89PNG")
    assert example.get("/answer/setting.exe").status_code == 404
    assert example.get("/answer/nothing.csv").status_code == 404


def test_the_analyst_sees_more(example):
    settled(example, "/bargain")
    reader, analyst = example.get("/bargain?view=reader").text, example.get("/bargain?view=analyst").text
    assert analyst.count("<table") > reader.count("<table")


def test_every_number_leads_to_its_claims_in_two_steps(example):
    page = read(settled(example, "/wants"))
    claims = [link for link in page.links if link.startswith("/claim/")]
    assert claims
    card = example.get(claims[0])
    assert card.status_code == 200
    assert "<mark>" in card.text, "its words in the document"
    alone = example.get(claims[0] + "?alone=1").text
    assert "<html" not in alone
    assert "card" in alone


def test_the_day_turns_every_page_back(example):
    today, before = settled(example, "/record"), settled(example, "/record?as_of=2026-02-04")
    assert today != before
    assert "4 February 2026" in before
    assert 'href="/wants?as_of=2026-02-04"' in before, "links keep the day"
    assert example.get("/record?as_of=soon").status_code == 200, "a day that is none counts as none"


def test_a_case_that_lacks_a_section_says_what_to_add(mine):
    text = settled(mine, "/standoff")
    assert "standoff" in text
    assert say("brief.incomplete", "en") in text


def test_a_case_with_a_fault_shows_it_and_comes_back(mine, own):
    path = own / "case.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "nonsense: 1\n", encoding="utf-8")
    assert mine.get("/").headers["location"] == "/problems"
    assert "nonsense" in mine.get("/problems").text
    assert mine.get("/dossier/gazette").status_code == 200, "documents are read whatever the case file says"
    path.write_text(before, encoding="utf-8")
    assert mine.get("/").status_code == 200


def test_a_changed_file_changes_the_pages(mine, own):
    assert "Talks of the sixth" not in mine.get("/?lang=en").text
    set_value(own, ("title",), {"en": "Talks of the sixth", "zh": "六日会谈"})
    assert "Talks of the sixth" in mine.get("/?lang=en").text


def test_what_a_document_says_is_never_markup(tmp_path, runs):
    from datetime import date

    from zopa.dossier.draft import draft_folder

    evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)> {{7*7}} #import("x") datum.x'
    file = tmp_path / "evil.txt"
    file.write_text(f"伊朗外交部发言人卡里米说，谈判必须{evil}。\n", encoding="utf-8")
    made = draft_folder([file], tmp_path / "c", published=date(2026, 2, 5))
    with closing(Client(Desk(made), runs)) as client:
        text = client.get("/dossier/evil").text
    read(text)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "{{7*7}}" in text
    assert "&lt;script&gt;" in text


def test_a_run_can_be_stopped_and_asked_for_again():
    made = Runs(1)
    try:
        order = Order(folder("muscat-2026"), "x", "drivers", 4000)
        run = made.ask(order)
        until = time.monotonic() + 30
        while run.state != "working" and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1.5)
        made.stop(order)
        assert run.state == "stopped"
        quick = made.ask(Order(folder("muscat-2026"), "x", "experts", 100))
        assert quick.wait(60)
        assert quick.state == "done"
        assert quick.answer.sections["zh"].headline
        assert made.ask(order) is not run
        made.stop(order)
    finally:
        made.close()


def test_a_process_that_dies_is_replaced(runs):
    order = Order(folder("muscat-2026"), "y", "experts", 60)
    assert runs.ask(order).wait(60)
    runs._workers[0]._process.kill()
    broken = runs.ask(Order(folder("muscat-2026"), "y", "experts", 61))
    assert broken.wait(60)
    again = runs.ask(Order(folder("muscat-2026"), "y", "experts", 62))
    assert again.wait(60)
    assert again.state == "done"


def test_stopping_over_the_page(mine):
    text = mine.get("/forecast").text
    assert re.search(r'action="/answer/\w+/stop"', text) or "working" not in text
    form = {"token": mine.bench.keys.form}
    assert mine.post("/answer/forecast/stop", data=form).status_code == 303
    assert mine.post("/answer/forecast/again", data=form).status_code == 303
    assert mine.get("/answer/forecast/part").status_code == 200
    assert mine.get("/answer/nothing/part").status_code == 404


def test_what_was_asked_for_last_is_answered_first():
    made = Runs(1)
    try:
        here = folder("muscat-2026")
        first = made.ask(Order(here, "z", "zone", 3000))
        until = time.monotonic() + 30
        while first.state == "waiting" and time.monotonic() < until:
            time.sleep(0.02)
        early, later = (made.ask(Order(here, "z", "experts", n)) for n in (70, 71))
        time.sleep(1.1)
        quick = made.ask(Order(here, "z", "experts", 72), urgent=True)
        again = made.ask(Order(here, "z", "experts", 71))
        assert again is later
        assert first.wait(60)
        assert early.wait(60)
        assert quick.finished
        assert later.finished
    finally:
        made.close()


def test_a_number_supposed_to_be_another(mine, own, example):
    path = "influence.enrichment.actors.us.position"
    address = f"/what-if?name=influence&path={path}&value=0.1+to+0.2&lang=en"
    text = settled(example, address)
    assert "If it were 0.1 to 0.2" in text
    assert text.count("<figure>") == 2
    assert example.get(f"/what-if?name=nonsense&path={path}").status_code == 200
    assert "<section" in example.get("/what-if?path=nowhere").text
    wrong = settled(example, f"/what-if?name=influence&path={path}&value=1.4")
    assert "1.4" in wrong
    before = sorted((p.name, p.stat().st_mtime_ns) for p in own.iterdir())
    assert settled(mine, "/what-if?name=influence&value=0.2").count("<figure>") <= 2
    assert sorted((p.name, p.stat().st_mtime_ns) for p in own.iterdir()) == before, "nothing is written"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_contradictions_stand_side_by_side(example, lang):
    import zopa

    case = zopa.open_case("muscat-2026")
    text = unescape(settled(example, f"/record?lang={lang}").split('class="quarrels"')[1])
    assert text.count("<article") == 2 * len(case.contradictions) > 0
    for pair in case.contradictions:
        for name in (pair.a, pair.b):
            assert case.ledger.by_id[name].quote in text
    unsettled = say("brief.not-settled", lang)
    assert text.index(unsettled) < text.rindex("<article")
    assert text.count(f"<b>{unsettled}</b>") == sum(pair.settled is None for pair in case.contradictions)
