"""The case as pages: only the touched words change, problems are told as on the command line, no edit is lost."""

import re
from contextlib import closing
from html import unescape

import pytest

from tests.web.conftest import Client
from zopa.case.edit import set_value
from zopa.case.examples import folder
from zopa.case.folder import read_case
from zopa.case.new import copy_case
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines
from zopa.web.desk import Desk
from zopa.web.editing import SEPARATOR, branches


@pytest.fixture
def copy(tmp_path, runs):
    """A workbench on a copy of the example, whose file has comments and every section."""
    made = copy_case(folder("muscat-2026"), tmp_path / "muscat")
    with closing(Client(Desk(made), runs)) as client:
        yield client


def text(client, file: str = "case.yaml") -> str:
    return (client.bench.desk.folder / file).read_text(encoding="utf-8")


def put(client, path: str, value: str, *, file: str = "case.yaml", **more: str):
    data = {"token": client.bench.keys.form, "path": path, "value": value, **more}
    return client.post(f"/case/{file}/set", data=data)


def changed(before: str, after: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]


def fields(page: str) -> dict[str, str]:
    """By path, what the page says stands there."""
    pairs = re.findall(r'name="path" value="([^"]*)"><input type="hidden" name="was" value="([^"]*)"', page)
    return {unescape(path): unescape(was) for path, was in pairs}


def test_every_section_is_a_page_and_every_value_has_its_field(copy):
    front = copy.get("/case").text
    names = re.findall(r'href="/case/case\.yaml/(\w+)"', front)
    root, _ = parse(Lines("case.yaml", text(copy)))
    assert sorted(set(names) - {"text"}) == sorted(root.entries)
    for name in set(names) - {"text"}:
        page = copy.get(f"/case/case.yaml/{name}")
        assert page.status_code == 200, name
        for path, was in fields(page.text).items():
            node = root
            for step in path.split(SEPARATOR):
                node = node.child(int(step) if step.isdecimal() and node.items is not None else step)
                assert node is not None, path
            assert node.written.strip() == was


def test_an_edit_changes_its_own_words_and_nothing_else(copy):
    before = text(copy)
    was = fields(copy.get("/case/case.yaml/influence").text)["influence/enrichment/actors/us/position"]
    answer = put(copy, "influence/enrichment/actors/us/position", "0.7 to 1", was=was, at="#x")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/case/case.yaml/influence#x"
    ((old, new),) = changed(before, text(copy))
    assert old.replace("0.65 to 1", "0.7 to 1") == new
    assert re.findall("#.*", before) == re.findall("#.*", text(copy)), "comments stay"
    assert "0.7 to 1" in copy.get("/case").text, "the difference is shown"


def test_an_edit_with_a_problem_is_told_as_on_the_command_line_and_not_written(copy):
    before = text(copy)
    answer = put(copy, "influence/enrichment/actors/us/salience", "1.4", was="0.7 to 0.98")
    assert answer.status_code == 422
    assert "case.yaml:" in answer.text
    assert "1.4" in answer.text
    assert text(copy) == before
    for path, value in (
        ("parties/us/role", "spectator"),
        ("nonsense", "1"),
        ("title", "[1, 2"),
        ("parties/us", ""),
    ):
        assert put(copy, path, value).status_code == 422, path
        assert text(copy) == before


def test_a_stale_edit_is_refused_with_both_versions(copy):
    path = "influence/enrichment/actors/us/position"
    was = "0.65 to 1"
    set_value(copy.bench.desk.folder, tuple(path.split("/")), "0.1 to 0.2")
    before = text(copy)
    answer = put(copy, path, "0.9 to 1", was=was)
    assert answer.status_code == 409
    assert "0.9 to 1" in answer.text
    assert "0.1 to 0.2" in answer.text
    assert text(copy) == before
    # What stands elsewhere in the file may have changed meanwhile: that is nobody's loss.
    assert put(copy, path, "0.9 to 1", was="0.1 to 0.2").status_code == 303


def test_the_whole_file_as_text(copy):
    before = text(copy)
    page = copy.get("/case/case.yaml/text").text
    shown = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert [unescape(one) for one in shown] == [before, before]

    def send(new, was):
        return copy.post(
            "/case/case.yaml/text", data={"token": copy.bench.keys.form, "text": new, "was": was}
        )

    new = before.replace("position: 0.65 to 1", "position: 0.6 to 1")
    assert send(new.replace("\n", "\r\n"), before.replace("\n", "\r\n")).status_code == 303, (
        "as a browser sends it"
    )
    assert text(copy) == new
    assert send(before, before).status_code == 409, "somebody else's edit is not lost"
    assert text(copy) == new
    assert send(new + "nonsense: 1\n", new).status_code == 422
    assert text(copy) == new


def test_changes_are_taken_back_one_by_one_unless_somebody_changed_the_file(copy):
    before = text(copy)
    undo = lambda: copy.post("/case/undo", data={"token": copy.bench.keys.form})  # noqa: E731
    assert undo().status_code == 422, "there is nothing to take back"
    put(copy, "influence/enrichment/actors/us/position", "0.7 to 1")
    between = text(copy)
    put(copy, "influence/enrichment/actors/us/salience", "0.8 to 0.9")
    assert undo().status_code == 303
    assert text(copy) == between
    set_value(copy.bench.desk.folder, ("title", "en"), "Other talks")
    assert undo().status_code == 409
    set_value(copy.bench.desk.folder, ("title", "en"), read_case(folder("muscat-2026")).file.title.en)
    assert undo().status_code == 303
    assert text(copy) == before


def test_entries_are_added_and_taken_out(copy):
    assert put(copy, "unknowns/0/text/en", "What is asked for?").status_code == 303
    assert (
        put(copy, "places/geneva", "{name: {en: Geneva, zh: 日内瓦}, kind: venue, assumed: true}").status_code
        == 303
    )
    assert read_case(copy.bench.desk.folder).file.places["geneva"].name.zh == "日内瓦"
    assert put(copy, "places/geneva", "", action="delete").status_code == 303
    assert "geneva" not in read_case(copy.bench.desk.folder).file.places
    assert put(copy, "parties/us", "", action="delete").status_code == 422, "others refer to it"


def test_what_only_this_desk_knows_goes_into_its_own_file(copy):
    before = text(copy)
    path = "influence/enrichment/actors/us/position"
    assert put(copy, path, "0.9 to 1", file="private.yaml").status_code == 303
    assert text(copy) == before
    assert (copy.bench.desk.folder / "private.yaml").stat().st_mode & 0o077 == 0
    assert "0.9 to 1" in copy.get("/case/private.yaml/influence").text
    for file in ("claims.jsonl", "../x", "reviews.jsonl"):
        assert put(copy, path, "1", file=file).status_code == 404
        assert copy.get(f"/case/{file}/text").status_code == 404


def test_an_example_can_be_looked_at_and_not_changed(example):
    assert "readonly" in example.get("/case/case.yaml/parties").text
    assert put(example, "parties/us/name/en", "X").status_code == 409


def test_estimates_get_sliders_between_their_legal_ends():
    root, _ = parse(
        Lines("case.yaml", "a: 0.2 to 0.5\nb: {is: 0.4, because: [c1]}\nc: unknown\nd: 1 | 2 | 3\ne: x\n")
    )
    bounds = dict.fromkeys("abcd", (0.0, 1.0))
    made = {b.key: b for b in branches(root, bounds=bounds, lang="en")}
    assert made["a"].ends == (0.2, 0.5)
    assert made["b"].ends == (0.4, 0.4)
    assert made["b"].claims == ("c1",)
    assert made["c"].ends == (0.0, 1.0)
    assert made["d"].ends is None
    assert made["e"].bounds is None
