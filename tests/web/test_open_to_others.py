"""A workbench that other machines reach: nothing without the password, and few guesses at it."""

import subprocess
import sys
from contextlib import closing

import httpx
import pytest

from tests.cli.run import zopa
from tests.web.conftest import Client
from zopa.case.examples import folder
from zopa.errors import CaseFileError
from zopa.web.desk import Desk
from zopa.web.password import FORGOTTEN, FREE, FREE_ALL, Attempts, Password
from zopa.web.serve import Door, inward, keys_for, listening, serve

SECRET = "correct horse 电池"


@pytest.fixture
def client(runs):
    """A workbench that asks for a password, seen from a browser that is in already."""
    door = Door(names=("talks.example",), password=Password(SECRET))
    with closing(Client(Desk(folder("elmira"), example=True), runs, door=door)) as found:
        yield found


def knock(stranger: httpx.Client, password: str, **headers: str) -> httpx.Response:
    told = {"origin": str(stranger.base_url).rstrip("/"), **headers}
    return stranger.post("/enter", data={"password": password}, headers=told)


def test_a_stranger_sees_the_question_for_the_password_and_nothing_else(client):
    for path in ("/", "/dossier", "/share", "/enter", "/answer/zone.csv", "/nowhere", "/assets/web.js"):
        answer = client.stranger().get(path)
        assert answer.status_code == 401
        assert 'type="password"' in answer.text
        assert "Elmira" not in answer.text
        assert "set-cookie" not in answer.headers


def test_the_password_lets_in_as_the_link_does(client):
    stranger = client.stranger()
    answer = knock(stranger, SECRET)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/dossier").status_code == 200


@pytest.mark.parametrize("wrong", ["", "correct horse", SECRET + " ", SECRET.upper(), "x" * 7000, "x" * 9000])
def test_another_password_does_not(client, wrong):
    answer = knock(client.stranger(), wrong)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_whoever_guesses_has_to_wait_even_with_the_right_one(client):
    stranger = client.stranger()
    assert [knock(stranger, f"wrong {k}").status_code for k in range(FREE + 2)] == [401] * FREE + [429] * 2
    answer = knock(stranger, SECRET)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= FORGOTTEN + 1
    # Whoever is in already is not shut out.
    assert client.get("/dossier").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_the_password_is_taken_from_our_own_page_alone(client, origin):
    assert knock(client.stranger(), SECRET, origin=origin).status_code == 403


def test_another_name_for_this_machine_is_refused_before_any_password(client):
    assert knock(client.stranger(), SECRET, host="evil.example").status_code == 403


def test_without_a_password_there_is_no_door_for_one(example):
    stranger = example.stranger()
    assert knock(stranger, "").status_code == 401
    assert 'type="password"' not in stranger.get("/").text


def test_changes_need_the_token_of_our_pages_all_the_same(client):
    stranger = client.stranger()
    knock(stranger, SECRET)
    origin = {"origin": client.here}
    assert stranger.post("/share/look", data={"claim": "c1"}, headers=origin).status_code == 403


def test_attempts_are_forgotten_after_a_while_and_counted_in_all():
    clock = [0.0]
    attempts = Attempts(now=lambda: clock[0])
    for _ in range(FREE):
        assert attempts.wait("a") == 0
        attempts.failed("a")
    assert attempts.wait("a") > 0
    assert attempts.wait("b") == 0
    clock[0] = FORGOTTEN + 1
    assert attempts.wait("a") == 0
    for k in range(FREE_ALL):
        attempts.failed(f"address {k}")
    assert attempts.wait("somebody new") > 0


def test_a_password_is_not_kept_and_not_shown():
    password = Password(SECRET)
    assert password.matches(SECRET)
    assert not password.matches(SECRET[:-1])
    assert SECRET not in repr(vars(password))
    assert "password" not in repr(keys_for(1, Door("192.0.2.1", password=password)))


# ---- where it listens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "names", "answers", "refuses"),
    [
        ("127.0.0.1", (), {"127.0.0.1:9", "localhost:9"}, {"192.0.2.1:9"}),
        ("192.0.2.1", (), {"192.0.2.1:9"}, {"127.0.0.1:9", "evil.example:9", "192.0.2.1"}),
        ("192.0.2.1", ("Talks.Example",), {"192.0.2.1:9", "talks.example", "talks.example:9"}, {"example"}),
        ("0.0.0.0", ("desk",), {"127.0.0.1:9", "localhost:9", "desk:9", "desk"}, {"0.0.0.0:9"}),
        ("2001:db8::1", (), {"[2001:db8::1]:9"}, {"2001:db8::1:9"}),
    ],
)  # fmt: skip
def test_it_answers_to_its_own_names_alone(host, names, answers, refuses):
    hosts = keys_for(9, Door(host, names, Password(SECRET))).hosts
    assert answers <= hosts
    assert not refuses & hosts


def test_a_name_with_tls_before_it_may_send_forms_and_no_other(client):
    stranger = client.stranger()
    named = {"host": "talks.example"}
    assert knock(stranger, SECRET, origin="https://talks.example", **named).status_code == 303
    assert knock(stranger, SECRET, origin="https://other.example", **named).status_code == 403
    assert knock(stranger, SECRET, origin=f"https://{client.here[7:]}").status_code == 403


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.0.2.1", False), ("talks.example", False)])  # fmt: skip
def test_which_addresses_no_other_machine_reaches(host, own):
    assert inward(host) is own


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CaseFileError) as error:
        listening(None, "192.0.2.1")
    assert error.value.problems[0].code == "host-foreign"


def test_no_call_opens_it_without_a_password():
    with pytest.raises(ValueError, match="password"):
        serve(Desk(folder("elmira")), port=None, browser=False, author="x", door=Door("0.0.0.0", ("desk",)))


# ---- the command -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host", "192.0.2.1"], "ZOPA_PASSWORD"),
        (["--host", "0.0.0.0"], "--name"),
        (["--name", "desk"], "--host"),
        (["--host", "192.0.2.1", "--password-file", "nowhere.txt"], "nowhere.txt"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_refuses_and_says_why(monkeypatch, arguments, told, lang):
    monkeypatch.delenv("ZOPA_PASSWORD", raising=False)
    ran = zopa("open", "elmira", "--no-browser", "--lang", lang, *arguments)
    assert ran.code == 2
    assert told in ran.err


def test_a_short_password_and_a_file_that_others_read_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ZOPA_PASSWORD", "short")
    assert "10" in zopa("open", "elmira", "--host", "192.0.2.1", "--lang", "en").err
    file = tmp_path / "password.txt"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    file.chmod(0o644)
    ran = zopa("open", "elmira", "--host", "192.0.2.1", "--password-file", file, "--lang", "en")
    assert (ran.code, "chmod 600" in ran.err) == (2, True)


def test_opened_to_others_it_says_what_that_means(tmp_path):
    """192.0.2.1 is an address that no machine has: what is said comes before it is tried."""
    file = tmp_path / "password.txt"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    file.chmod(0o600)
    ran = zopa("open", "elmira", "--host", "192.0.2.1", "--password-file", file, "--lang", "en")
    assert "reads and changes this case" in ran.err
    assert "plain HTTP" in ran.err
    assert "host-foreign" in ran.err
    assert SECRET not in ran.err + ran.out


def test_a_real_server_on_every_address_asks_for_the_password(tmp_path):
    file = tmp_path / "password.txt"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    file.chmod(0o600)
    words = [
        "open",
        "elmira",
        "--no-browser",
        "--host",
        "0.0.0.0",
        "--name",
        "desk.example",
        "--password-file",
        str(file),
    ]
    code = "import sys; from zopa.cli.main import main; main(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            link = run.stdout.readline().strip()
            here, _, token = link.partition("/?token=")
            with httpx.Client(base_url=here, timeout=20) as browser:
                assert browser.get("/dossier").status_code == 401
                assert browser.get("/dossier", headers={"host": "desk.example"}).status_code == 401
                assert browser.get("/dossier", headers={"host": "evil.example"}).status_code == 403
                assert knock(browser, SECRET).status_code == 303
                assert browser.get("/dossier").status_code == 200
                assert token not in browser.get("/dossier").text
        finally:
            run.terminate()
            run.wait(10)


def test_the_page_for_the_password_is_accessible_and_fits_a_phone(browser, client):
    from tests.web.test_browser import AXE, too_wide

    for width in (1280, 390):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(client.here)
        assert too_wide(page) == []
        if AXE.is_file():
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document)")["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
        page.get_by_role("textbox").fill(SECRET)
        page.keyboard.press("Enter")
        page.locator("nav").wait_for()
        page.goto(client.here + "/dossier")
        assert "Elmira" in page.title()
        context.close()
