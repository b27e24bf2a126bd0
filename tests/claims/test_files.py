"""Files are replaced whole or not at all, appended to as a whole line or not at all, and never left lying about."""

import errno
import os
import stat

import pytest

from zopa.claims import files
from zopa.claims.files import append_line, inside, read_lines, write_text_atomic
from zopa.errors import CaseFileError


def told(action):
    with pytest.raises(CaseFileError) as caught:
        action()
    return [(p.code, p.message("en")) for p in caught.value.problems]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path):
    path = tmp_path / "case.yaml"
    write_text_atomic(path, "一\r\n")
    assert path.read_bytes() == "一\r\n".encode()
    path.chmod(0o640)
    write_text_atomic(path, "二")
    assert path.read_text(encoding="utf-8") == "二"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["case.yaml"]


def test_a_link_keeps_pointing_where_it_did(tmp_path):
    (tmp_path / "real.yaml").write_text("old", encoding="utf-8")
    (tmp_path / "case.yaml").symlink_to("real.yaml")
    write_text_atomic(tmp_path / "case.yaml", "new")
    assert (tmp_path / "case.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "case.yaml"
    write_text_atomic(path, "old\n")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, step, full)
    assert told(lambda: write_text_atomic(path, "new\n")) == [
        ("file-write", "case.yaml cannot be written: the disk is full")
    ]
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old\n"
    assert os.listdir(tmp_path) == ["case.yaml"]


def test_an_append_that_fails_half_way_leaves_no_half_line(tmp_path, monkeypatch):
    path = tmp_path / "reviews.jsonl"
    append_line(path, '{"a": 1}')
    real = os.write
    calls = []

    def half(handle, data):
        calls.append(1)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, bytes(data)[:4])

    monkeypatch.setattr(files.os, "write", half)
    assert told(lambda: append_line(path, '{"b": 2}'))[0][0] == "file-write"
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == '{"a": 1}\n'
    append_line(path, '{"b": 2}')
    assert path.read_text(encoding="utf-8") == '{"a": 1}\n{"b": 2}\n'


def test_a_folder_that_vanished(tmp_path):
    gone = tmp_path / "gone" / "case.yaml"
    assert told(lambda: write_text_atomic(gone, "x")) == [
        ("file-write", "case.yaml cannot be written: it does not exist")
    ]
    assert told(lambda: append_line(gone, "x")) == [
        ("file-write", "case.yaml cannot be written: it does not exist")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert told(lambda: write_text_atomic(tmp_path / "case.yaml", "x"))[0][0] == "file-write"
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "sources/../../x"])
def test_no_name_leads_out(tmp_path, name):
    assert told(lambda: inside(tmp_path, name))[0][0] == "file-outside"


@pytest.mark.parametrize("name", ["case.yaml", "sources/新华社.md", "a/../case.yaml", "."])
def test_names_inside(tmp_path, name):
    assert inside(tmp_path, name) == tmp_path / name


def test_a_file_larger_than_allowed_is_not_read(tmp_path):
    (tmp_path / "case.yaml").write_bytes(b"x" * 101)
    assert told(lambda: read_lines(tmp_path, "case.yaml", most=100))[0][0] == "file-size"
    assert read_lines(tmp_path, "case.yaml", most=101).text == "x" * 101


@pytest.mark.parametrize(
    ("data", "line", "column", "guess"),
    [
        ("zopa: 1\ntitle: 美伊会谈\n".encode("gb18030"), 2, 8, "GB18030"),
        ("標題：會談\n".encode("big5"), 1, 1, None),
        ("title: x\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("标题 ".encode() + b"\xff\xfe", 1, 4, None),
        (b"\x80", 1, 1, None),
    ],
)
def test_what_is_not_utf_8_is_told_where_and_guessed(tmp_path, data, line, column, guess):
    (tmp_path / "case.yaml").write_bytes(data)
    with pytest.raises(CaseFileError) as caught:
        read_lines(tmp_path, "case.yaml", most=1000)
    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.start) == (line, column)
    if guess is not None:
        assert guess in problem.hint("en")
    assert "UTF-8" in problem.hint("zh")
