"""The tutorial in a notebook: both run from top to bottom, show what is stored, and leave nothing of a machine in it."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_pages import DOCS, LINK, script
from tests.shared import ROOT

notebooks = script("notebooks")
PAGES: dict[str, Path] = notebooks.PAGES
EACH = pytest.mark.parametrize("lang", PAGES)
RESULTS = ("record", "wants", "agenda", "zone", "bargain", "forecast", "ask", "what-if", "fixed")
"""Cells that end in a result."""


def stored(lang: str) -> dict[str, Any]:
    return json.loads(PAGES[lang].read_text(encoding="utf-8"))


def cell(page: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [c for c in page["cells"] if c["id"] == name]
    return found


def prose(page: dict[str, Any]) -> str:
    return "\n\n".join(notebooks.text_of(c) for c in page["cells"] if c["cell_type"] == "markdown")


@EACH
def test_it_runs_and_shows_what_is_stored(lang: str):
    # In a process of its own: the client of a kernel leaves sockets to be cleared away whenever it suits it.
    ran = subprocess.run(
        [sys.executable, notebooks.__file__, "--check", lang], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout + ran.stderr


def test_a_cell_that_shows_something_else_is_named():
    page, other = stored("en"), stored("en")
    assert notebooks.differing(page, other) == []
    cell(other, "trace")["outputs"][0]["text"] = ["value 81%"]
    html = cell(other, "zone")["outputs"][0]["data"]
    html["text/html"] = re.sub(r"base64,[^\"]+", "base64,AAAA", "".join(html["text/html"]))
    assert notebooks.differing(page, other) == ["trace"], "a picture drawn otherwise is the same picture"


@EACH
@pytest.mark.parametrize("name", RESULTS)
def test_every_result_shows_text_picture_and_table_in_the_language(lang: str, name: str):
    page = stored(lang)
    [output] = cell(page, name)["outputs"]
    shown = {kind: "".join(text) for kind, text in output["data"].items()}
    assert set(shown) == {"text/plain", "text/html"}
    html = shown["text/html"]
    assert f'lang="{"zh-Hans" if lang == "zh" else "en"}"' in html
    [picture] = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert base64.b64decode(picture).startswith(b"<svg")
    assert html.count("<table") == 1
    assert html.count("<tr>") > 3
    assert not re.search(r"<(?:script|style|svg|link|iframe)\b|https?:", html)
    chinese = re.search("[\u4e00-\u9fff]", shown["text/plain"]) is not None
    assert chinese == (lang == "zh")


@EACH
def test_nothing_of_a_machine_is_stored_and_it_is_small(lang: str):
    text = PAGES[lang].read_text(encoding="utf-8")
    page = json.loads(text)
    assert len(text.encode()) <= notebooks.MOST
    assert not re.search(r"/(?:home|tmp|root|work|Users)/|\b\d\d:\d\d:\d\d\b", text)
    assert page["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(c["metadata"] == {} for c in page["cells"])
    kinds = {o.get("name", o["output_type"]) for c in page["cells"] for o in c.get("outputs", [])}
    assert kinds <= {"execute_result", "stdout"}, "no warnings, no errors"


def test_both_languages_have_the_same_cells_and_code():
    def code(lang: str) -> list[str]:
        texts = [notebooks.text_of(c) for c in stored(lang)["cells"] if c["cell_type"] == "code"]
        # Words, names, the language asked for and the way to write a range are each language's own.
        plain = [re.sub(r'f?"[^"]*"|(?s:""".*?""")|%env.*\n\n', "·", text) for text in texts]
        return [text.lstrip("·") for text in plain]

    pages = {lang: stored(lang) for lang in PAGES}
    assert [c["id"] for c in pages["en"]["cells"]] == [c["id"] for c in pages["zh"]["cells"]]
    assert len(code("en")) == len(code("zh"))
    for k in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12):
        assert code("en")[k] == code("zh")[k]


def test_the_chinese_one_is_told_in_chinese():
    for text in (t for t in prose(stored("zh")).split("\n\n") if t.strip()):
        assert re.search("[\u4e00-\u9fff]", text), text
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", text), text
    assert not re.search("[\u4e00-\u9fff]", prose(stored("en")).replace("[中文]", ""))


@EACH
def test_its_links_lead_somewhere_and_the_index_leads_to_it(lang: str):
    page = PAGES[lang]
    for target in LINK.findall(prose(stored(lang))):
        assert (page.parent / target).resolve().exists(), target
    index = DOCS / ("zh/index.md" if lang == "zh" else "index.md")
    assert "(tutorial/notebook.ipynb)" in index.read_text(encoding="utf-8")
    readme = ROOT / ("README.zh.md" if lang == "zh" else "README.md")
    assert page.relative_to(ROOT).as_posix() in readme.read_text(encoding="utf-8")
