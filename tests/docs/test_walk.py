"""The tutorial's walk in a real browser, in both languages: every step works, and every picture is of a step."""

import json
import re
import subprocess
import sys

import pytest

from tests.shared import ROOT
from zopa.words import LANGUAGES

sys.path.insert(0, str(ROOT / "scripts"))
import walkthrough

PAGES = {
    "en": ROOT / "docs" / "tutorial" / "muscat.md",
    "zh": ROOT / "docs" / "zh" / "tutorial" / "muscat.md",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_walk_goes_from_the_article_to_the_pdf(browser, lang, tmp_path):
    case = tmp_path / "talks"
    subprocess.run(
        [walkthrough.ZOPA, "new", str(case), "--from", "muscat-2026"], check=True, capture_output=True
    )
    seen: list[str] = []
    with walkthrough.opened(case, 200) as link:
        written = walkthrough.walk(browser, case, link, lang, lambda name, *_: seen.append(name))
    assert written.name == "talks.pdf"
    assert written.read_bytes().startswith(b"%PDF")
    reviews = (case / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(reviews) == 1
    pictures = re.findall(r"images/walk/([\w-]+)\.(\w+)\.png", PAGES[lang].read_text(encoding="utf-8"))
    assert pictures == [(name, lang) for name in seen]
    assert all((walkthrough.FOLDER / f"{name}.{lang}.png").is_file() for name in seen)


def test_both_tutorials_take_the_same_steps():
    steps = [
        re.findall(r"^## (\d)", page.read_text(encoding="utf-8"), re.MULTILINE) for page in PAGES.values()
    ]
    assert steps[0] == steps[1] == [str(n) for n in range(1, 9)]


def test_no_picture_is_left_over():
    named = {
        f"{name}.{lang}.png"
        for page in PAGES.values()
        for name, lang in re.findall(r"images/walk/([\w-]+)\.(\w+)\.png", page.read_text(encoding="utf-8"))
    }
    assert {path.name for path in walkthrough.FOLDER.glob("*.png")} == named


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_are_called_what_the_workbench_calls_them(lang):
    words = json.loads((ROOT / "src" / "zopa" / "catalogue" / "web.json").read_text(encoding="utf-8"))
    pages = {entry[lang] for key, entry in words.items() if key.startswith("page-")}
    named = set(re.findall(r"\*\*([^*]+)\*\*", PAGES[lang].read_text(encoding="utf-8")))
    assert len(named) >= 7
    assert named <= pages
