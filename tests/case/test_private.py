"""``private.yaml`` laid over ``case.yaml``, and whether git would publish it."""

import shutil
import subprocess

import pytest

from tests.errors.special import git_index
from zopa.case.folder import problems, read_case
from zopa.case.private import _in_index, overlay, tracked
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines


def laid(base, over):
    tree, paths = overlay(parse(Lines("case.yaml", base))[0], parse(Lines("private.yaml", over))[0])
    return tree.data(), paths


@pytest.mark.parametrize(
    ("base", "over", "data", "paths"),
    [
        ("a: {x: 1, y: 2}", "a: {y: 3}", {"a": {"x": 1, "y": 3}}, {"a.y"}),
        ("a: 1", "b: {c: 2}", {"a": 1, "b": {"c": 2}}, {"b", "b.c"}),
        ("a: 1\nb: 2", "a:", {"b": 2}, {"a"}),
        ("l: [{id: x, n: 1}, {id: y, n: 2}]", "l: [{id: y, n: 3}]", {"l": [{"id": "x", "n": 1}, {"id": "y", "n": 3}]}, {"l.y.id", "l.y.n"}),
        ("l: [{id: x, n: 1}]", "l: [{id: z}]", {"l": [{"id": "x", "n": 1}, {"id": "z"}]}, {"l.z", "l.z.id"}),
        ("l: [{id: x, n: 1}, {id: y}]", "l: {x: {n: 5}, y: null}", {"l": [{"id": "x", "n": 5}]}, {"l.x.n", "l.y"}),
        ("l: [{id: x}]", "l: {z: {n: 5}}", {"l": [{"id": "x"}, {"id": "z", "n": 5}]}, {"l.z", "l.z.id", "l.z.n"}),
        ("because: [c1]", "because: [c1, c2]", {"because": ["c1", "c2"]}, {"because.1"}),
        ("l: [{n: 1}]", "l: [{n: 2}]", {"l": [{"n": 1}, {"n": 2}]}, {"l.1", "l.1.n"}),
        ("w: {is: 1, range: [0, 5]}", "w: {range: [0, 9]}", {"w": {"is": 1, "range": [0, 9]}}, {"w", "w.range", "w.range.0", "w.range.1"}),
        ("w: 3", "w: {is: 4}", {"w": {"is": 4}}, {"w", "w.is"}),
        ("r: [[1], [2, 3]]", "r: [[2], [1]]", {"r": [[2], [1]]}, {"r", "r.0", "r.0.0", "r.1", "r.1.0"}),
        ("a:", "a: 1", {"a": 1}, {"a"}),
    ],
)  # fmt: skip
def test_laying_over(base, over, data, paths):
    assert laid(base, over) == (data, frozenset(paths))


CASE = """\
zopa: 1
title: 会谈
as_of: 2026-02-05
parties: {north: {name: 北方, role: negotiator}, south: {name: 南方, role: negotiator}}
issues:
  border: {name: 边界, status_quo: closed, options: [{id: closed, name: 关}, {id: open, name: 开}]}
preferences:
  north: {no_deal: {value: 0.2 to 0.5, assumed: true}}
"""


def write(folder, private, case=CASE):
    (folder / "case.yaml").write_text(case, encoding="utf-8")
    (folder / "private.yaml").write_text(private, encoding="utf-8")
    return folder


def test_a_private_value_takes_effect_and_is_named(tmp_path):
    case = read_case(write(tmp_path, "preferences: {north: {no_deal: {value: 0.45}}}\n"))
    assert case.file.preferences["north"].no_deal.value.estimate.params == (0.45,)
    assert case.private == {"preferences.north.no_deal.value"}
    assert read_case(tmp_path).draws(5).number("preferences.north.no_deal.value").tolist() == [0.45] * 5


def test_problems_stand_in_the_file_that_has_them(tmp_path):
    write(
        tmp_path, "preferences:\n  north:\n    no_deal: {value: 7}\npartys: {}\n", CASE.replace("北方,", "5,")
    )
    assert [(p.code, str(p.place)) for p in problems(tmp_path)] == [
        ("wrong-type", "case.yaml:4:25"),
        ("estimate-range", "private.yaml:3:22"),
        ("unknown-key", "private.yaml:4:1"),
    ]


def test_an_empty_private_file_changes_nothing(tmp_path):
    case = read_case(write(tmp_path, "# nothing yet\n"))
    assert case.private == frozenset()


def test_a_private_file_must_be_keys_and_values(tmp_path):
    assert [p.code for p in problems(write(tmp_path, "- 1\n"))] == ["file-not-mapping"]


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


@needs_git
@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("below", [".", "cases/边界 talks"])
def test_git_would_publish_it(tmp_path, version, below):
    folder = tmp_path / below
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "summary: 内部\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "index.version", str(version))
    for name in ("a.txt", "private.yaml.txt", "zz.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    git(tmp_path, "add", "a.txt" if below == "." else "cases", ":!*private.yaml")
    assert not tracked(folder)
    assert problems(folder) == ()
    git(tmp_path, "add", "-f", "-A")
    if version == 3:
        # An entry with extended flags is what makes an index version 3.
        (tmp_path / "later.txt").write_text("x", encoding="utf-8")
        git(tmp_path, "add", "-N", "later.txt")
    assert tracked(folder)
    warning = read_case(folder).warnings[0]
    assert (warning.code, warning.severity, warning.place.file) == (
        "private-tracked",
        "warning",
        "private.yaml",
    )


@needs_git
def test_git_worktrees_keep_their_index_elsewhere(tmp_path):
    main = tmp_path / "main"
    main.mkdir()
    write(main, "summary: 内部\n")
    git(main, "init", "-q")
    git(main, "add", "-A")
    git(main, "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-qm", "all")
    git(main, "worktree", "add", "-q", tmp_path / "tree")
    assert tracked(tmp_path / "tree")


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_a_damaged_index_is_no_reason_to_fail(cut):
    assert _in_index(git_index(["case.yaml", "sources/private.yaml"])[:cut], b"private.yaml") is False


def test_a_folder_outside_any_repository(tmp_path):
    assert not tracked(write(tmp_path, "summary: 内部\n"))
