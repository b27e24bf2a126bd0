"""Check the limits that no other tool keeps: sizes, annotations, broad excepts, docstrings, addresses.

    .venv/bin/python scripts/check_limits.py [FOLDER]

Prints every problem as ``path:line: message [code]`` and ends with 1 if there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MODULE_LINES = 700
FUNCTION_LINES = 90
ANNOTATED = 0.98
BROAD_EXCEPTS = 2

CODE = ("src", "scripts", "tests", "benchmarks")
DOCUMENTED = ("src", "scripts")
SKIPPED_FOLDERS = {".git", ".venv", "__pycache__", "build", "dist", "out", "node_modules"}
BROAD = {"Exception", "BaseException"}

# Written with one letter in brackets, so that this file does not find itself.
REGISTRIES = (
    "py[p]i.org",
    "python[h]osted.org",
    "registry.np[m]js",
    "npm[m]irror",
    "de[b].debian.org",
    "cr[a]tes.io",
)
MACHINE_FOLDERS = ("work", "root", "tmp/zopa")
ADDRESS = re.compile("|".join(REGISTRIES), re.IGNORECASE)
MACHINE_PATH = re.compile(
    rf"(?:(?<![\w.\-/*}}])|file://)/(?:{'|'.join(MACHINE_FOLDERS)})(?:/|\b(?![\w\-./]))"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True)
class Problem:
    """One thing over a limit, and where it is."""

    path: str
    line: int
    message: str
    code: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.code}]"


def main(arguments: list[str]) -> int:
    """Check the given folder, by default the repository this script is in."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    problems = check(root)
    for problem in problems:
        print(problem)
    print(f"check_limits: {len(problems)} problems" if problems else "check_limits: everything within limits")
    return 1 if problems else 0


def check(root: Path) -> list[Problem]:
    """All problems of a tree, in file order."""
    problems: list[Problem] = []
    source_trees: dict[str, ast.Module] = {}
    for path in files(root):
        content = (root / path).read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8", errors="replace")
        name = path.as_posix()
        problems += addresses(name, text)
        if path.suffix != ".py" or path.parts[0] not in CODE:
            continue
        tree = ast.parse(text, filename=name)
        problems += sizes(name, text, tree)
        if path.parts[0] in DOCUMENTED:
            problems += docstrings(name, tree)
        if path.parts[0] == "src":
            source_trees[name] = tree
    problems += annotations(source_trees)
    problems += broad_excepts(source_trees)
    return sorted(problems)


def files(root: Path) -> list[PurePosixPath]:
    """Files that are, or would be, under version control; every file where there is no repository."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            check=True,
            stdout=subprocess.PIPE,
        ).stdout.decode("utf-8")
        names = [PurePosixPath(name) for name in listed.split("\0") if name]
    else:
        names = [PurePosixPath(path.relative_to(root).as_posix()) for path in root.rglob("*")]
    return sorted(
        name
        for name in set(names)
        if (root / name).is_file() and not SKIPPED_FOLDERS.intersection(name.parts)
    )


def addresses(name: str, text: str) -> Iterator[Problem]:
    """Package registries and folders of one machine, in any text file."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := ADDRESS.search(line):
            yield Problem(name, number, f"names a package registry: {found.group()}", "registry-address")
        if found := MACHINE_PATH.search(line):
            yield Problem(name, number, f"names a folder of one machine: {found.group()}", "machine-path")


def sizes(name: str, text: str, tree: ast.Module) -> Iterator[Problem]:
    """Modules and functions that are too long."""
    lines = len(text.splitlines())
    if lines > MODULE_LINES:
        yield Problem(name, 1, f"module has {lines} lines, more than {MODULE_LINES}", "module-length")
    for node in ast.walk(tree):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                message = f"{node.name} has {length} lines, more than {FUNCTION_LINES}"
                yield Problem(name, node.lineno, message, "function-length")


def docstrings(name: str, tree: ast.Module) -> Iterator[Problem]:
    """Public modules, classes, functions and methods without a docstring."""
    module = PurePosixPath(name).stem
    public_module = not module.startswith("_") or module == "__init__"
    if public_module and ast.get_docstring(tree) is None:
        yield Problem(name, 1, "public module has no docstring", "docstring")
    if public_module:
        yield from _undocumented(name, tree, prefix="")


def _undocumented(name: str, parent: ast.Module | ast.ClassDef, *, prefix: str) -> Iterator[Problem]:
    for node in _statements(parent.body):
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        exempt = any(
            _last_name(decorator) in {"overload", "setter", "override"} for decorator in node.decorator_list
        )
        if ast.get_docstring(node) is None and not exempt:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield Problem(
                name, node.lineno, f"public {kind} {prefix}{node.name} has no docstring", "docstring"
            )
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(name, node, prefix=f"{prefix}{node.name}.")


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a body, also those under an ``if`` or ``try`` at the same level."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.body)
            yield from _statements(node.orelse)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def annotations(trees: dict[str, ast.Module]) -> list[Problem]:
    """What lacks an annotation, if under 98 % of all parameters and return values have one."""
    total = 0
    missing: list[Problem] = []
    for name, tree in trees.items():
        methods = {
            child
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for child in node.body
            if isinstance(child, Function)
            and not any(_last_name(d) == "staticmethod" for d in child.decorator_list)
        }
        for node in ast.walk(tree):
            if not isinstance(node, Function):
                continue
            positional = [*node.args.posonlyargs, *node.args.args][1 if node in methods else 0 :]
            extra = [argument for argument in (node.args.vararg, node.args.kwarg) if argument is not None]
            parameters = [*positional, *node.args.kwonlyargs, *extra]
            total += len(parameters) + 1
            missing += [
                Problem(name, argument.lineno, f"{node.name}: {argument.arg} has no annotation", "annotation")
                for argument in parameters
                if argument.annotation is None
            ]
            if node.returns is None:
                message = f"{node.name}: return value has no annotation"
                missing.append(Problem(name, node.lineno, message, "annotation"))
    return missing if len(missing) > (1 - ANNOTATED) * total else []


def broad_excepts(trees: dict[str, ast.Module]) -> list[Problem]:
    """Every place that catches or suppresses everything, if there are more than two."""
    found: list[Problem] = []
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or _is_broad(node.type)
            elif isinstance(node, ast.Call) and _last_name(node.func) == "suppress":
                broad = any(_is_broad(argument) for argument in node.args)
            else:
                continue
            if broad:
                message = f"catches everything; at most {BROAD_EXCEPTS} places in src may"
                found.append(Problem(name, node.lineno, message, "broad-except"))
    return found if len(found) > BROAD_EXCEPTS else []


def _is_broad(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(_last_name(part) in BROAD for part in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
