"""Each page is of one kind and reachable, its links lead somewhere, and generated pages are what their scripts write."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import zopa
from tests.docs.pages import PAGES, name
from tests.shared import ROOT
from zopa.words import LANGUAGES

DOCS = ROOT / "docs"
KINDS = {"tutorial", "how-to", "reference", "explanation"}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def script(module: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scripts_{module}", ROOT / "scripts" / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def without_fences(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", without_fences(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [p for p in PAGES if DOCS in p.parents], ids=name)
def test_a_page_is_of_one_kind_by_its_folder(page: Path):
    parts = page.relative_to(DOCS).parts
    parts = parts[1:] if parts[0] == "zh" else parts
    assert parts == ("index.md",) or (parts[0] in KINDS and len(parts) == 2)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_one_title(page: Path):
    assert len(re.findall(r"^# ", without_fences(page), re.MULTILINE)) == 1


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path):
    for target in LINK.findall(without_fences(page)):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name(page)} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{name(page)} links to {target}"


def reached(start: Path) -> set[Path]:
    seen: set[Path] = set()
    waiting = [start]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        waiting += [(page.parent / t.partition("#")[0]).resolve() for t in LINK.findall(without_fences(page))]
    return seen


@pytest.mark.parametrize("start", ["README.md", "README.zh.md"])
def test_every_page_can_be_reached(start: str):
    assert set(PAGES) <= reached(ROOT / start)


@pytest.mark.parametrize("analysis", zopa.ANALYSES)
def test_every_analysis_has_its_page(analysis: str):
    assert (DOCS / "explanation" / f"{analysis}.md").is_file()


def test_the_readmes_show_the_same_commands():
    def typed(page: str) -> list[str]:
        text = (ROOT / page).read_text(encoding="utf-8")
        lines = [
            line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
        ]
        return [line.split("#")[0].strip() for line in lines]

    assert typed("README.md") == typed("README.zh.md")


# --- pages that scripts write


def test_the_glossaries_are_fresh():
    glossary = script("glossary")
    for lang in LANGUAGES:
        assert glossary.PAGES[lang].read_text(encoding="utf-8") == glossary.page(lang), (
            "run scripts/glossary.py"
        )


def test_the_commands_page_is_fresh():
    commands = script("commands_reference")
    assert commands.PAGE.read_text(encoding="utf-8") == commands.text(), "run scripts/commands_reference.py"


def test_the_errors_page_is_fresh():
    errors = script("error_reference")
    assert errors.PAGE.read_text(encoding="utf-8") == errors.page(), "run scripts/error_reference.py"


def test_the_readmes_charts_have_their_labels():
    for lang, label in (("en", "Nuclear file only"), ("zh", "只谈核问题")):
        drawn = (DOCS / "images" / f"agenda.{lang}.svg").read_text(encoding="utf-8")
        assert drawn.startswith("<svg")
        assert label.casefold() in drawn.casefold(), "run scripts/readme_images.py"
        assert f"docs/images/agenda.{lang}.svg" in (
            ROOT / ("README.zh.md" if lang == "zh" else "README.md")
        ).read_text(encoding="utf-8")
