"""Starting it: the link at once, on this machine alone, and an end without leftovers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from zopa.case.folder import problems
from zopa.errors import CaseFileError
from zopa.web.serve import listening

ZOPA = str(Path(sys.executable).with_name("zopa"))


def started(*words: str) -> tuple[subprocess.Popen, str, float]:
    begun = time.monotonic()
    process = subprocess.Popen(
        [ZOPA, "open", "--no-browser", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "ZOPA_LANG": "en"},
    )  # fmt: skip
    link = process.stdout.readline().strip()
    return process, link, time.monotonic() - begun


def test_the_link_is_printed_at_once_and_leads_in(tmp_path):
    process, link, _ = started()
    try:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{20,}", link)
        with httpx.Client(follow_redirects=True, timeout=30) as client:
            answer = client.get(link)
            assert answer.status_code == 200
            assert "Muscat" in answer.text or "马斯喀特" in answer.text
            assert "token=" not in str(answer.url)
        host, port = re.search(r"//([\d.]+):(\d+)/", link).groups()
        assert host == "127.0.0.1"
        # Nobody else on the network reaches it.
        own = socket.gethostbyname(socket.gethostname())
        if not own.startswith("127."):
            with pytest.raises(ConnectionError), socket.create_connection((own, int(port)), timeout=2):
                pass
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "Traceback" not in err
    assert out == ""


def test_a_folder_that_is_no_case_is_told(tmp_path):
    process, link, _ = started(str(tmp_path))
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert link == ""
    assert "no-case" in err


def test_a_port_that_is_taken_is_told_and_the_next_one_used_otherwise():
    with listening(None) as first, listening(None) as second:
        taken = first.getsockname()[1]
        assert second.getsockname()[1] != taken
        with pytest.raises(CaseFileError) as told:
            listening(taken)
        assert told.value.problems[0].code == "port-taken"


def test_a_copy_of_the_example_is_ones_own(tmp_path):
    made = tmp_path / "mine"
    command = [ZOPA, "new", str(made), "--from", "muscat-2026"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert [p for p in problems(made) if p.severity == "error"] == []
    assert (made / "sources").is_dir()
    assert (made / ".gitignore").is_file()
    again = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "ZOPA_LANG": "en"}
    )
    assert again.returncode == 1
    assert "case-exists" in again.stderr
    both = subprocess.run(
        [*command[:-2], "--from", "elmira", "--title", "x"], check=False, capture_output=True
    )
    assert both.returncode == 2
