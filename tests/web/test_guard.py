"""Who gets in: by the opening link, from this machine, from our own pages, and nobody else."""

from contextlib import closing

import httpx
import pytest
from starlette.routing import Route

from tests.web.conftest import Client
from zopa.case.examples import folder
from zopa.web import guard
from zopa.web.app import application
from zopa.web.desk import Desk
from zopa.web.guard import POLICY

PATHS = ("/", "/record", "/dossier", "/assets/web.js", "/answer/zone.csv", "/nowhere", "/claim/c1")


@pytest.fixture
def stranger(example: Client) -> httpx.Client:
    """Somebody who has no token."""
    return example.stranger()


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_shown(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "zopa" in answer.text
    assert "Muscat" not in answer.text


@pytest.mark.parametrize("token", ["wrong", "", "é"])
def test_a_wrong_token_is_refused(stranger, token):
    answer = stranger.get("/", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_link_lets_in_and_leaves_the_address(example):
    client = example.stranger()
    token = example.bench.keys.token
    answer = client.get(f"/record?as_of=2026-02-04&token={token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/record?as_of=2026-02-04")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/dossier").status_code == 200


def test_the_link_leads_to_no_other_host(example):
    client = example.stranger()
    answer = client.get(f"//evil.example/?token={example.bench.keys.token}")
    assert not answer.headers.get("location", "").startswith("//")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:{port}", ""],
)
def test_another_name_for_this_machine_is_refused(example, host):
    told = host.format(port=example.bench.keys.port)
    assert example.get("/", headers={"host": told}).status_code == 403


def test_localhost_is_this_machine(example):
    assert (
        example.get("/dossier", headers={"host": f"localhost:{example.bench.keys.port}"}).status_code == 200
    )


def posts(client: Client) -> list[str]:
    app = application(client.bench)
    return [r.path for r in app.routes if isinstance(r, Route) and "POST" in (r.methods or ())]


def filled(path: str) -> str:
    return path.replace("{name}", "zone").replace("{claim}", "c1").replace("{source}", "s")


def test_there_is_something_to_post(mine):
    assert len(posts(mine)) >= 3


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", ""]
)
def test_a_change_from_elsewhere_is_refused(mine, origin):
    for path in posts(mine):
        answer = mine.post(
            filled(path),
            data={"token": mine.bench.keys.form},
            headers={"origin": origin.format(port=mine.bench.keys.port)},
        )
        assert answer.status_code == 403, path


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_change_without_the_token_of_our_pages_is_refused(mine, token):
    for path in posts(mine):
        data = {} if token is None else {"token": token}
        assert mine.post(filled(path), data=data).status_code == 403, path
        # The secret of the link is not what forms send.
        data = {"token": mine.bench.keys.token}
        assert mine.post(filled(path), data=data).status_code == 403, path


def test_pages_are_sealed(example):
    for path in ("/", "/assets/web.js", "/nowhere"):
        headers = example.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert "unsafe-eval" not in POLICY
    assert "default-src 'none'" in POLICY
    assert example.get("/").headers["cache-control"] == "no-store"


def test_no_page_tells_the_secret(example):
    for path in ("/", "/dossier", "/bargain"):
        assert example.bench.keys.token not in example.get(path).text


def test_a_body_that_is_too_large_is_refused(mine, monkeypatch):
    monkeypatch.setattr(guard, "MOST_BODY", 1000)
    answer = mine.post("/claim/c1/decide", data={"token": mine.bench.keys.form, "note": "x" * 2000})
    assert answer.status_code == 413

    def chunks():
        for _ in range(10):
            yield b"x" * 500

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert mine.post("/claim/c1/decide", content=chunks(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/dossier/..%2f..%2fcase.yaml",
        "/dossier/%2e%2e",
        "/assets/..%2f..%2fapp.py",
        "/assets/%2e%2e%2fapp.py",
        "/answer/zone.py",
        "/dossier/%00",
    ],
)
def test_no_path_leads_out_of_the_case(example, path):
    assert example.get(path).status_code == 404


def test_two_servers_keep_their_cookies_apart():
    with (
        closing(Client(Desk(folder("muscat-2026")), None)) as one,
        closing(Client(Desk(folder("elmira")), None)) as other,
    ):
        assert one.bench.keys.token != other.bench.keys.token
        stranger = other.stranger()
        stranger.cookies.update(one.cookies)
        assert stranger.get("/dossier").status_code == 401
        stranger.cookies.update(other.cookies)
        assert stranger.get("/dossier").status_code == 200
