"""Sharing from the browser: looked at first, made apart, and never written beside the case."""

import io
import time
import zipfile
from contextlib import closing
from html import unescape

import pytest

from tests.brief.test_share import PRIVATE, made
from tests.case.made import TEXT, claim_line, write
from tests.web.conftest import Client
from zopa.web.desk import Desk
from zopa.web.sharing import Shares


def posted(client, path, **data):
    return client.post(path, data={"token": client.bench.keys.form, **data})


def made_of(client, **data):
    """A share made of a case, as its bytes by file name."""
    answer = posted(client, "/share/look", language="en", **data)
    assert answer.status_code == 303, unescape(answer.text)
    address = answer.headers["location"].partition("?")[0]
    assert posted(client, f"{address}/make").status_code == 303
    for _ in range(600):
        part = client.get(f"{address}?part=1").text
        if "hx-trigger" not in part:
            break
        time.sleep(0.1)
    return address, client.get(f"{address}/file")


def unpacked(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def desk(tmp_path):
    return Desk(made(tmp_path / "talks", private__yaml=PRIVATE.format(value=0.037, weight=3)))


@pytest.fixture
def client(desk):
    with closing(Client(desk, None, draws=60)) as found:
        yield found


@pytest.mark.parametrize(("lang", "word"), [("en", "Documents to leave out"), ("zh", "要略去的文档")])
def test_the_page_lists_documents_speakers_and_claims(client, lang, word):
    page = unescape(client.get(f"/share?lang={lang}").text)
    assert word in page
    for value in ("ribao", "c1", "c2"):
        assert f'value="{value}"' in page


def test_a_search_keeps_what_is_chosen(client):
    page = posted(client, "/share/choose", search="走着瞧", claim="c1").text
    assert 'value="c1" checked' in page
    assert 'value="c2"' in page
    assert 'value="ribao"' not in page


def test_what_goes_along_is_shown_before_anything_is_made(client):
    answer = posted(client, "/share/look", claim="c1", marking="机密")
    address = answer.headers["location"]
    page = unescape(client.get(address).text)
    assert "preferences.north.border" in page
    assert "机密" in page
    assert client.get(f"{address.partition('?')[0]}/file").status_code == 404


def test_a_share_is_made_and_leaves_nothing_beside_the_case(client, desk):
    before = sorted(desk.folder.rglob("*"))
    _, answer = made_of(client, claim="c1", marking="机密", format=["case", "md"])
    files = unpacked(answer)
    assert "talks-shared/talks-shared/case.yaml" in files
    assert "talks-shared/talks-shared.md" in files
    assert all(
        "机密".encode() in text
        for name, text in files.items()
        if name.endswith((".md", "case.yaml")) and "sources" not in name
    )
    for name, text in files.items():
        assert TEXT[6:12].encode() not in text, name
    assert sorted(desk.folder.rglob("*")) == before
    assert answer.headers["cache-control"] == "no-store"


def test_shares_of_cases_that_differ_in_private_are_the_same_archive(tmp_path):
    found = []
    for k, value in enumerate((0.037, 0.917, None)):
        files = {} if value is None else {"private__yaml": PRIVATE.format(value=value, weight=7 + k)}
        desk = Desk(made(tmp_path / str(k) / "talks", **files))
        with closing(Client(desk, None, draws=60)) as client:
            found.append(made_of(client, format=["case", "html", "csv"])[1].content)
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("data", "told"),
    [({"claim": "c99"}, "c99"), ({"marking": "x" * 10_000}, "60"), ({"marking": "a\u202eb"}, "U+202E")],
)
def test_what_cannot_be_is_told_on_the_page(client, data, told):
    answer = posted(client, "/share/look", **data)
    assert answer.status_code == 422
    assert told in unescape(answer.text)


def test_a_marking_is_escaped(client):
    answer = posted(client, "/share/look", marking="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(answer.headers["location"]).text
    assert "<script>alert" not in posted(client, "/share/choose", marking="<script>alert(1)</script>").text


def test_no_share_has_another_number(client):
    for number in ("99", "0", "x", "9" * 30, "-1"):
        assert client.get(f"/share/{number}").status_code == 404
        assert client.get(f"/share/{number}/file").status_code == 404


def test_older_shares_are_forgotten(tmp_path):
    from zopa.brief.share import Wish

    shares = Shares()
    every = [shares.look(tmp_path, "x", Wish()) for _ in range(9)]
    assert [shares.get(str(s.number)) is None for s in every] == [True] * 5 + [False] * 4


def test_two_thousand_claims_can_be_listed_and_ticked(tmp_path):
    lines = "".join(claim_line(f"k{n}", 6, 12) for n in range(2000))
    with closing(Client(Desk(write(tmp_path / "many", claims=claim_line() + lines)), None)) as client:
        client.get("/share")
        start = time.monotonic()
        assert client.get("/share").text.count('name="claim"') == 2001
        assert time.monotonic() - start < 2
        answer = posted(client, "/share/look", claim=[f"k{n}" for n in range(2000)] + ["c1"])
        assert answer.status_code == 303, unescape(answer.text)[:2000]
