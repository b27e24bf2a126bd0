"""Compiled methods never outlive a change in what they call, and are kept where that can be done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zopa.methods import kernel_cache

CALLEE = """
import numba

@numba.njit(cache=True)
def inner(x):
    return x + {added}
"""
CALLER = """
import numba
from zopa.methods.callee import inner

@numba.njit(cache=True)
def outer(x):
    return 10 * inner(x)
"""
ASK = "import numba, zopa.methods.caller as c; print(c.outer(1), sum(c.outer.stats.cache_hits.values()))"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of what finds the folder, with one compiled method that calls another; no bytecode is written."""
    methods = tmp_path / "site" / "zopa" / "methods"
    methods.mkdir(parents=True)
    (methods.parent / "__init__.py").write_text("")
    for name in ("__init__.py", "kernel_cache.py"):
        (methods / name).write_bytes((kernel_cache.METHODS / name).read_bytes())
    (methods / "caller.py").write_text(CALLER)
    (methods / "callee.py").write_text(CALLEE.format(added=1))
    return methods


def asked(package: Path, code: str = ASK, **given: str) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in (kernel_cache.VARIABLE, "XDG_CACHE_HOME")}
    home = str(package.parents[2] / "home")
    env = {
        **clean,
        "PYTHONPATH": str(package.parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": home,
        **given,
    }
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob(f"{kernel_cache.MARK}*"))


def test_a_change_in_what_a_method_calls_compiles_it_anew(package: Path):
    assert asked(package) == "20 0"
    assert asked(package) == "20 1"
    before = kept(package / "__pycache__")
    (package / "callee.py").write_text(CALLEE.format(added=2))
    assert asked(package) == "30 0"
    after = kept(package / "__pycache__")
    assert len(before) == len(after) == 1, "the folder of the older text is removed"
    assert before != after


def test_the_same_text_is_not_compiled_anew_for_a_newer_date(package: Path):
    asked(package)
    os.utime(package / "callee.py", (2e9, 2e9))
    assert asked(package) == "20 1"


def test_a_package_that_cannot_be_written_to_uses_the_users_cache(package: Path):
    # A file in the place of the folder: permissions alone would not keep an administrator out.
    (package / "__pycache__").write_text("")
    cache = package.parents[2] / "cache"
    assert asked(package, XDG_CACHE_HOME=str(cache)) == "20 0"
    assert asked(package, XDG_CACHE_HOME=str(cache)) == "20 1"
    (package / "callee.py").write_text(CALLEE.format(added=2))
    assert asked(package, XDG_CACHE_HOME=str(cache)) == "30 0"
    assert [len(kept(place)) for place in cache.iterdir()] == [1]


def test_nowhere_to_write_leaves_numba_to_its_own_ways(package: Path):
    (package / "__pycache__").write_text("")
    (package.parents[2] / "home").write_text("")
    code = "import os, zopa.methods; print(os.environ.get('NUMBA_CACHE_DIR'))"
    assert asked(package, code) == "None"


def test_a_folder_that_the_user_named_holds_it(package: Path, tmp_path: Path):
    named = tmp_path / "named"
    assert asked(package, NUMBA_CACHE_DIR=str(named)) == "20 0"
    assert asked(package, NUMBA_CACHE_DIR=str(named)) == "20 1"
    (package / "callee.py").write_text(CALLEE.format(added=2))
    assert asked(package, NUMBA_CACHE_DIR=str(named)) == "30 0"


def test_another_installations_folder_is_not_taken_over(package: Path):
    mine = os.environ[kernel_cache.VARIABLE]
    assert Path(mine).name == kernel_cache.MARK + kernel_cache.digest(kernel_cache.METHODS)
    code = "import os, zopa.methods; print(os.environ['NUMBA_CACHE_DIR'])"
    assert Path(asked(package, code, NUMBA_CACHE_DIR=mine)).parent == package / "__pycache__"


def test_numba_that_is_there_already_is_told_too(package: Path):
    code = "import numba, zopa.methods; print(numba.config.CACHE_DIR)"
    assert Path(asked(package, code)).parent == package / "__pycache__"


def test_finding_the_folder_imports_no_numba(package: Path):
    code = "import sys, zopa.methods; print('numba' in sys.modules)"
    assert asked(package, code) == "False"
