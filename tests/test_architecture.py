"""The house rules: folders and their order, one name all the way, limits that scripts/check_limits.py keeps."""

import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.shared import ROOT

SRC = ROOT / "src" / "zopa"
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = next(c for c in CONFIGURATION["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
ANALYSES = sorted(path.stem for path in (SRC / "analysis").glob("*.py") if not path.stem.startswith("_"))


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


check_limits = load_script("check_limits")


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(root: Path) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.code) for problem in check_limits.check(root)]


# --- folders


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="not a clone: version control leaves nothing out here"
)
def test_version_control_leaves_out_nothing_that_the_tests_and_the_package_need():
    command = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "src", "tests", "docs"]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    caches = ("__pycache__", ".pytest_cache", ".hypothesis", ".nbi", ".nbc", ".zopa/")
    assert [name for name in ignored if name and not any(cache in name for cache in caches)] == []


def test_the_contract_between_analyses_lists_them_all():
    contract = next(
        c for c in CONFIGURATION["tool"]["importlinter"]["contracts"] if c["type"] == "independence"
    )
    assert sorted(contract["modules"]) == [f"zopa.analysis.{name}" for name in ANALYSES]


def test_the_parts_of_an_analysis_are_for_that_analysis_alone():
    for path in (SRC / "analysis").glob("*.py"):
        family = path.stem.strip("_").split("_")[0]
        for part in re.findall(r"zopa\.analysis\._([a-z]+)", path.read_text(encoding="utf-8")):
            assert part == family, f"{path.name} uses a part of {part}"


def listed_layers() -> set[str]:
    names = {part.strip(" ()") for layer in LAYERS["layers"] for part in re.split(r"[|:]", layer)}
    return names | set(LAYERS["exhaustive_ignores"])


def test_every_folder_and_module_has_its_place_in_the_layers():
    present = {
        path.stem
        for path in SRC.iterdir()
        if path.suffix in {"", ".py"} and path.name not in {"__init__.py", "__pycache__"}
    }
    assert present <= listed_layers()


def test_folders_of_code_are_packages_and_folders_of_data_are_not():
    for folder in (path for path in SRC.rglob("*") if path.is_dir()):
        if any(folder.glob("*.py")):
            assert (folder / "__init__.py").exists(), f"{folder.name} would be left out of the import rules"
    for data in LAYERS["exhaustive_ignores"]:
        assert not list((SRC / data).rglob("*.py"))


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run this repository's own contracts over the package in ``root / "src"``."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A package with every layer, each an almost empty module, under this repository's contracts."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    write(tmp_path, "src/zopa/__init__.py", "")
    for name in listed_layers() - set(LAYERS["exhaustive_ignores"]):
        if (SRC / f"{name}.py").exists() or name == "__main__":
            write(tmp_path, f"src/zopa/{name}.py", "")
        else:
            write(tmp_path, f"src/zopa/{name}/__init__.py", "")
    for name in ANALYSES:
        write(tmp_path, f"src/zopa/analysis/{name}.py", "")
    return tmp_path


def test_import_rules_hold_for_an_empty_house(small_house: Path):
    done = lint_imports(small_house)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "broken"),
    [
        ("methods/pareto.py", "import zopa.case\n", "Methods know arrays only"),
        ("methods/pareto.py", "import zopa.claims\n", "Data flows one way"),
        ("estimate.py", "import zopa.methods\n", "Data flows one way"),
        ("charts/zone.py", "import zopa.dossier\n", "Data flows one way"),
        ("charts/zone.py", "import zopa.result\n", "Data flows one way"),
        ("case/folder.py", "import zopa.analysis\n", "Data flows one way"),
        ("analysis/bargain.py", "from zopa.analysis import zone\n", "Analyses do not import each other"),
        ("brief/html.py", "import vl_convert\n", "Only charts draw"),
        ("extras/__init__.py", "", "every child of every container must be declared as a layer"),
    ],
)
def test_import_rules_refuse(small_house: Path, name: str, text: str, broken: str):
    write(small_house, f"src/zopa/{name}", text)
    done = lint_imports(small_house)
    assert done.returncode != 0
    output = " ".join((done.stdout + done.stderr).split())
    assert broken in output


def test_charts_may_draw(small_house: Path):
    write(small_house, "src/zopa/charts/render.py", "import vl_convert\n")
    assert lint_imports(small_house).returncode == 0


# --- one name all the way


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_has_one_name_all_the_way(name: str):
    zopa = importlib.import_module("zopa")
    module = importlib.import_module(f"zopa.analysis.{name}")
    assert callable(getattr(zopa, name)), f"zopa.{name}(case)"
    assert getattr(zopa, name) is getattr(module, name)
    assert isinstance(getattr(module, name.capitalize()), type), f"class {name.capitalize()}"
    for place in (
        f"src/zopa/charts/{name}.py",
        f"docs/explanation/{name}.md",
        f"tests/analysis/test_{name}.py",
    ):
        assert (ROOT / place).exists(), f"{place} is missing"


# --- packaging


def test_the_lock_names_no_address_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert " @ " not in lock
    assert not re.search(r"^\s*-(?!-hash=)", lock, re.MULTILINE)
    packages = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)[1:]
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.!+-]+", package)
        assert "--hash=sha256:" in package


def test_the_lock_covers_what_the_project_asks_for():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)==", lock, flags=re.MULTILINE)
    }
    project = CONFIGURATION["project"]
    wanted = [
        *CONFIGURATION["build-system"]["requires"],
        *project["dependencies"],
        *(need for needs in project["optional-dependencies"].values() for need in needs),
        *CONFIGURATION["dependency-groups"]["dev"],
    ]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", need).group()).lower() for need in wanted}
    assert names <= pinned


def test_ci_runs_what_the_readme_tells_a_person_to_run():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if not line.startswith("#")]
    assert commands == ["set -eu", "make check", "ZOPA_BROWSER=required make test"]


# --- check_limits


CLEAN = '"""A module."""\n\n\ndef share(a: int, *, b: int = 2) -> int:\n    """Give the share."""\n    return a * b\n'


def test_limits_accept_a_clean_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, "src/zopa/share.py", CLEAN)
    write(tmp_path, "README.md", "See https://example.org/work/paper and ../work/notes, or make work/rest.\n")
    assert problems(tmp_path) == []
    assert check_limits.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "check_limits: everything within limits\n"


@pytest.mark.parametrize("folder", ["src/zopa", "scripts", "tests"])
def test_limits_find_a_long_module(tmp_path: Path, folder: str):
    write(tmp_path, f"{folder}/long.py", '"""A module."""\n' + "x = 1\n" * 699)
    assert problems(tmp_path) == []
    write(tmp_path, f"{folder}/long.py", '"""A module."""\n' + "x = 1\n" * 700)
    assert problems(tmp_path) == [(f"{folder}/long.py", 1, "module-length")]


def test_limits_find_a_long_function(tmp_path: Path):
    start = CLEAN.replace("    return a * b\n", "")
    write(tmp_path, "src/zopa/long.py", start + "    a += 1\n" * 88)
    assert problems(tmp_path) == []
    write(tmp_path, "src/zopa/long.py", start + "    a += 1\n" * 89)
    assert problems(tmp_path) == [("src/zopa/long.py", 4, "function-length")]


def test_limits_find_what_is_not_annotated(tmp_path: Path):
    write(tmp_path, "src/zopa/a.py", CLEAN + '\n\ndef f(x, *y):\n    """Give nothing."""\n')
    assert problems(tmp_path) == [("src/zopa/a.py", 9, "annotation")] * 3


def test_limits_forgive_two_annotations_in_a_hundred(tmp_path: Path):
    annotated = "".join(f'\n\ndef f{i}(x: int) -> int:\n    """Give x."""\n    return x\n' for i in range(60))
    write(tmp_path, "src/zopa/a.py", CLEAN + annotated + '\n\ndef g(x) -> None:\n    """Give nothing."""\n')
    assert problems(tmp_path) == []


def test_limits_ask_no_annotation_of_self(tmp_path: Path):
    write(
        tmp_path,
        "src/zopa/a.py",
        '"""A module."""\n\n\nclass A:\n    """An A."""\n\n    def f(self) -> None:\n        """Do it."""\n',
    )
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    "catch",
    [
        "try:\n    x = 1\nexcept Exception:\n    x = 2\n",
        "try:\n    x = 1\nexcept:\n    x = 2\n",
        "try:\n    x = 1\nexcept (ValueError, BaseException):\n    x = 2\n",
        "with contextlib.suppress(Exception):\n    x = 1\n",
    ],
)
def test_limits_find_the_third_broad_except(tmp_path: Path, catch: str):
    narrow = "try:\n    x = 1\nexcept ValueError:\n    x = 2\n"
    write(tmp_path, "src/zopa/a.py", '"""A."""\n' + narrow + catch * 2)
    assert problems(tmp_path) == []
    write(tmp_path, "src/zopa/b.py", '"""B."""\n' + catch)
    assert [code for _, _, code in problems(tmp_path)] == ["broad-except"] * 3


def test_limits_find_what_has_no_docstring(tmp_path: Path):
    write(
        tmp_path,
        "src/zopa/a.py",
        "def f() -> None:\n    pass\n\n\nclass A:\n    def g(self) -> None:\n        pass\n\n    def _h(self) -> None:\n        pass\n"
        "\n\nclass _B:\n    pass\n\n\nif True:\n\n    def k() -> None:\n        pass\n",
    )
    assert problems(tmp_path) == [("src/zopa/a.py", line, "docstring") for line in (1, 1, 5, 6, 19)]


def test_limits_ask_no_docstring_of_tests(tmp_path: Path):
    write(tmp_path, "tests/test_a.py", "def test_a() -> None:\n    pass\n")
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://py*pi.org/simple",
        "files.python*hosted.org",
        "https://registry.npm*js.org/a",
        "deb.de*bian.org",
    ],
)
def test_limits_find_a_registry(tmp_path: Path, address: str):
    write(tmp_path, "docs/install.md", f"# Install\n\nfrom {address.replace('*', '')}\n")
    assert problems(tmp_path) == [("docs/install.md", 3, "registry-address")]


@pytest.mark.parametrize("folder", ["work", "root", "tmp/zopa"])
@pytest.mark.parametrize("before", ["see ", '"', "cd ", "=", "file://"])
def test_limits_find_a_folder_of_one_machine(tmp_path: Path, folder: str, before: str):
    write(tmp_path, "notes.txt", f"{before}/{folder}/main\n")
    assert problems(tmp_path) == [("notes.txt", 1, "machine-path")]


def test_limits_pass_over_binary_files_and_what_git_ignores(tmp_path: Path):
    (tmp_path / "font.otf").write_bytes(b"\0/" + b"work/main")
    write(tmp_path, "out/page.html", "/" + "work/main")
    assert problems(tmp_path) == []
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    write(tmp_path, ".gitignore", "private.txt\n")
    write(tmp_path, "private.txt", "/" + "work/main")
    write(tmp_path, "public.txt", "/" + "work/main")
    assert problems(tmp_path) == [("public.txt", 1, "machine-path")]


def test_limits_print_place_and_count_and_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, "src/zopa/a.py", "x = 1\n")
    assert check_limits.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == (
        "src/zopa/a.py:1: public module has no docstring [docstring]\ncheck_limits: 1 problems\n"
    )
