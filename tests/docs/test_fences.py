"""What the pages show runs: Python as it stands, and every zopa and make command in a folder of its own."""

import contextlib
import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.run import zopa
from tests.cli.test_import import DOMAIN, PROFILE
from tests.docs.pages import PAGES, Fence, fences, name
from tests.dossier import making
from tests.shared import ROOT
from zopa.case.examples import folder

ARTICLE = """美国和伊朗官员4日证实，两国代表将于6日在阿曼首都马斯喀特会谈。
伊朗外长阿拉格齐说，会谈只谈核问题，铀浓缩的权利不可谈判，伊朗不会就导弹进行谈判。
美国国务卿鲁比奥说，会谈必须包括弹道导弹射程，伊朗必须放弃铀浓缩。伊朗要求解除制裁。
"""
PUBLISHED = '<meta property="article:published_time" content="2026-02-05T08:00:00Z">'
DRAWN = {"brief", "record", "setting", "agenda", "zone", "bargain"}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
WITH_PYTHON = [page for page in PAGES if any(f.language == "python" for f in fences(page))]
WITH_SHELL = [page for page in PAGES if any(f.language == "sh" for f in fences(page))]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the pages speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    pile = tmp_path / "articles"
    pile.mkdir()
    (pile / "first.html").write_text(making.web_page(head=PUBLISHED), encoding="utf-8")
    (pile / "second.docx").write_bytes(making.word())
    (tmp_path / "more.zip").write_bytes(making.archive({"third.txt": ARTICLE.encode()}))
    (tmp_path / "report.pdf").write_bytes(making.pdf([making.PARAGRAPHS]))
    domain = tmp_path / "EnglandZimbabwe"
    domain.mkdir()
    (domain / "domain.xml").write_text(DOMAIN, encoding="utf-8")
    (domain / "england.xml").write_text(PROFILE.format(closed=4, open=1), encoding="utf-8")
    (domain / "zimbabwe.xml").write_text(PROFILE.format(closed=1, open=4), encoding="utf-8")
    conflicts = [
        json.loads(fence.text)
        for page in (ROOT / "docs" / "how-to" / "import.md", ROOT / "docs" / "zh" / "how-to" / "import.md")
        for fence in fences(page)
        if fence.language == "json"
    ]
    (tmp_path / "conflicts.json").write_text(json.dumps({"cases": conflicts}), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name)
def test_python_runs_and_prints_what_the_page_shows(page: Path, desk: Path):
    scope: dict[str, object] = {"__name__": "__main__"}
    for fence in fences(page):
        if fence.language != "python":
            continue
        said = io.StringIO()
        # Blank lines before, so that a traceback names the line of the page.
        code = compile("\n" * fence.line + fence.text, name(page), "exec")
        with contextlib.redirect_stdout(said):
            exec(code, scope)
        if fence.output is not None:
            assert said.getvalue() == fence.output, f"{name(page)}:{fence.line}"


def commands(fence: Fence) -> list[list[str]]:
    """The command lines of a fence, less comments, pipes and redirections."""
    out: list[list[str]] = []
    for line in fence.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        ends = [k for k, word in enumerate(words) if word in (">", "|", "&&", "<")]
        words = words[: ends[0]] if ends else words
        if words:
            out.append(words)
    return out


@pytest.mark.parametrize("page", WITH_SHELL, ids=name)
def test_commands_run(page: Path, desk: Path):
    for fence in fences(page):
        if fence.language == "yaml" and fence.text.startswith("zopa: 1") and (desk / "my-case").exists():
            # The reader has written this down by now.
            (desk / "my-case" / "case.yaml").write_text(fence.text, encoding="utf-8")
        if fence.language == "sh":
            for words in commands(fence):
                run(words, desk, f"{name(page)}:{fence.line}: {' '.join(words)}")


def run(words: list[str], desk: Path, where: str) -> None:
    program, *arguments = words
    program = Path(program).name
    if program == "make":
        assert {a for a in arguments if "=" not in a} <= TARGETS, where
    elif program == "python":
        assert (ROOT / arguments[0]).is_file(), where
    else:
        assert program == "zopa", f"{where}: neither zopa nor make"
        if "my-case" in arguments and arguments[0] in DRAWN | {"read"} and not (desk / "my-case").exists():
            shutil.copytree(folder("england-zimbabwe"), desk / "my-case")
        if arguments[0] == "new" and (desk / arguments[1]).exists():
            shutil.rmtree(desk / arguments[1])
        if arguments[0] in DRAWN and "--draws" not in arguments:
            arguments = [*arguments, "--draws", "50"]
        ran = zopa(*arguments)
        assert ran.code == 0, f"{where}\n{ran.err}"


def test_every_fence_says_what_it_is():
    known = {"python", "sh", "text", "yaml", "json", "markdown", "mermaid", "toml", "xml"}
    wrong = [f"{name(p)}:{f.line}" for p in PAGES for f in fences(p) if f.language not in known]
    assert wrong == []


def test_fences_are_closed():
    for page in PAGES:
        marks = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
        assert len(marks) == 2 * len(fences(page)), name(page)
