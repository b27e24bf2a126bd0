"""Each problem code has an input and the exact text shown for it, in both languages; every problem is told at once."""

import importlib.util
import re
import string

import pytest

from tests.errors import gallery
from tests.shared import ROOT
from zopa.words import LANGUAGES, catalogue

CODES = gallery.codes()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_the_exact_text(code, lang, tmp_path):
    path = gallery.expected(code, lang)
    assert path.exists(), (
        f"no example for {code}: add tests/errors/{code}/input, or a maker in tests/errors/special.py"
    )
    assert gallery.text(code, tmp_path, lang) == path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_the_example_shows_its_code(code, tmp_path):
    assert code in [problem.code for problem in gallery.found(code, tmp_path)]


def test_no_example_without_a_code():
    folders = {path.name for path in gallery.HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(CODES)


def test_half_of_the_inputs_are_chinese():
    inputs = [path for path in gallery.HERE.glob("*/input") if any(path.rglob("*"))]
    chinese = [
        path
        for path in inputs
        if re.search(
            "[\u4e00-\u9fff]",
            "".join(f.read_text("utf-8", "replace") for f in path.rglob("*") if f.is_file()),
        )
    ]
    assert 0.4 <= len(chinese) / len(inputs) <= 0.75


def fields(text):
    """Names of the values a sentence needs."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(entry):
    return list(entry.values()) if isinstance(entry, dict) else [entry]


@pytest.mark.parametrize("area", ["problems", "checks"])
def test_both_languages_say_the_same_things(area):
    for key, entry in catalogue(area).items():
        assert set(entry) == set(LANGUAGES), key
        needed = {lang: set.union(*(fields(str(form)) for form in forms(entry[lang]))) for lang in LANGUAGES}
        assert needed["en"] - {"n"} == needed["zh"] - {"n"}, key


def test_parts_that_differ_by_language_are_asked_for_in_the_sentences_own():
    for area in ("problems", "checks"):
        for key, entry in catalogue(area).items():
            for lang in LANGUAGES:
                for form in forms(entry[lang]):
                    specs = {
                        spec for _, name, spec, _ in string.Formatter().parse(str(form)) if name and spec
                    }
                    assert specs <= ({"zh"} if lang == "zh" else {"en", "or"}), key


def test_chinese_sentences_use_chinese_punctuation():
    for key, entry in catalogue("problems").items():
        for form in forms(entry["zh"]):
            bare = re.sub(r"`[^`]*`|\{[^{}]*\}|\{\{.*?\}\}|\[[^\]]*\]|\([^()]*\)", "", str(form))
            assert not re.search(r"[\u4e00-\u9fff][,;?!]", bare), key


def test_every_code_in_the_sources_has_its_sentence():
    """Codes are written as the first argument of the calls that make problems."""
    call = re.compile(
        r"(?:Problem|Complaint|Error\.of|\.problem|\.at_key|\.warning|\.within|PydanticCustomError|EstimateError)\(\s*\"([a-z-]+)\""
    )
    sources = [
        *(ROOT / "src/zopa/case").rglob("*.py"),
        *(ROOT / "src/zopa/claims").rglob("*.py"),
        ROOT / "src/zopa/estimate.py",
    ]
    used = {
        code
        for path in sources
        if "interop" not in path.parts
        for code in call.findall(path.read_text("utf-8"))
    }
    assert len(used) > 60
    assert used - set(CODES) == set()


def test_every_part_in_the_sources_is_in_the_catalogue():
    said = re.compile(r"Said\(\s*\"checks\.([a-z0-9_-]+)\"")
    sources = [*(ROOT / "src/zopa/case").rglob("*.py"), *(ROOT / "src/zopa/claims").rglob("*.py")]
    used = {key for path in sources for key in said.findall(path.read_text("utf-8"))}
    assert used - set(catalogue("checks")) == set()


# ---- the reference page


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_page_is_not_stale():
    script = load("error_reference")
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "run scripts/error_reference.py"


def test_the_reference_page_knows_which_codes_are_warnings(tmp_path):
    warnings = set()
    for code in CODES:
        found = gallery.found(code, tmp_path / code)
        warnings |= {p.code for p in found if p.code == code and p.severity == "warning"}
    assert warnings == load("error_reference").WARNINGS
