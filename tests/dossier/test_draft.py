"""A case drafted from documents: it loads, it assumes, it names candidates, and it finds what a reader would find."""

import re
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.fields import Entry
from zopa.case.folder import problems, read_case
from zopa.case.format import formatted
from zopa.case.model import CaseFile
from zopa.case.shape import shape
from zopa.case.yaml_text import parse
from zopa.claims.lines import Lines
from zopa.claims.source import Header, Source, split_header
from zopa.dossier.draft import draft, draft_folder
from zopa.dossier.read import read_text
from zopa.errors import CaseFileError

TEXTS = Path(__file__).parent / "drafts"
NAMES = ("zh-river", "zh-railway", "en-prisoners", "en-tariffs", "zh-exchange", "en-strait")


def drafted(text: str, *, published: date = date(2030, 1, 15), **header: object) -> CaseFile:
    """The case file drafted from one text; it must be without fault and in house format."""
    source = Source(id="news", header=Header(published=published, **header), text=text)  # type: ignore[arg-type]
    written = draft([source], read_text(text, published=published, source="news"))
    return loaded(written)


def loaded(written: str) -> CaseFile:
    lines = Lines("case.yaml", written)
    root, found = parse(lines)
    assert found == ()
    assert root is not None
    shaped = shape(root, CaseFile, stand_ins={})
    assert shaped.problems == ()
    assert shaped.value is not None
    assert formatted(lines) == written
    return shaped.value


@pytest.fixture(scope="module", params=NAMES)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Case, dict[str, object]]:
    """One of the invented texts as a drafted case, with what was expected of it."""
    name = request.param
    folder = draft_folder([TEXTS / f"{name}.md"], tmp_path_factory.mktemp("drafts") / name)
    assert problems(folder) == ()
    return read_case(folder), tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def party_id(case: Case, name: str) -> str | None:
    """The id of the party of that id or name."""
    for key, party in case.file.parties.items():
        if name in (key, party.name.en, party.name.zh):
            return key
    return None


def statements(case: Case, expected: dict) -> tuple[set[str], set[str]]:
    """What was expected and what was found, both as short statements, so that differences read plainly."""
    file = case.file
    wanted: set[str] = set()
    found: set[str] = set()
    for name, roles in expected["parties"].items():
        key = party_id(case, name)
        wanted |= {f"{name} is {role}" for role in roles}
        found |= {f"{name} is {role}" for role in (file.parties[key].role if key else ())}
    wanted |= {f"issue {issue}" for issue in expected["issues"]}
    found |= {f"issue {issue}" for issue in file.issues}
    wanted.add(f"agreed {expected['agreed']}")
    for setting in file.settings.options if file.settings else ():
        place = file.places[setting.place].name
        if setting.status == "agreed":
            found |= {f"agreed {place.en}", f"agreed {place.zh}"} & wanted
    for name, ends in expected.get("wants", {}).items():
        preferences = file.preferences.get(party_id(case, name) or "")
        for issue, end in ends.items():
            wanted.add(f"{name} wants {end} of {issue}")
            preference = preferences.issues.get(issue) if preferences else None
            if preference is not None:
                options = [option.id for option in file.issues[issue].options]
                where = {options[0]: "first", options[-1]: "last"}[preference.best]
                found.add(f"{name} wants {where} of {issue}")
    for name, issues in expected.get("agendas", {}).items():
        wanted.add(f"{name} would discuss {sorted(issues)}")
        for agenda in file.agendas.values():
            if party_id(case, name) in agenda.wanted_by:
                found.add(f"{name} would discuss {sorted(agenda.issues)}")
    for name, issue in expected.get("red_lines", []):
        wanted.add(f"{name} draws a line on {issue}")
        if any(line.party == party_id(case, name) and line.issue == issue for line in file.red_lines):
            found.add(f"{name} draws a line on {issue}")
    return wanted, found


def test_the_invented_texts_give_what_was_expected_before_the_rules_were_run(made):
    case, expected = made
    wanted, found = statements(case, expected)
    assert wanted - found == set(expected.get("missed", []))
    assert found - wanted == set(expected.get("beyond", []))


def test_who_was_not_expected_has_no_seat(made):
    case, expected = made
    for name in expected["absent"]:
        key = party_id(case, name)
        assert key is None or "negotiator" not in case.file.parties[key].role


def test_everything_is_assumed_and_every_number_stands_at_ignorance(made):
    case, _ = made
    for entry in entries(case.file):
        assert entry.assumed
        assert entry.because == ()
    known = [path for path, q in case.draws(10).quantities.items() if q.number.estimate.known]
    # What a source says of chances in words is a judgement of that source, and a position what its words leave open.
    assert all(re.fullmatch(r"judgements\..*|influence\..*\.position", path) for path in known)
    drawn, zero = case.draws(200), case.draws(200, evidence="none")
    assert np.array_equal(drawn.table.weights, zero.table.weights)
    assert np.array_equal(drawn.table.reserve, zero.table.reserve)


def entries(value: object):
    """All entries below a value of the case file; options, alternatives and settings stand on their list's basis."""
    if isinstance(value, Entry) and type(value).__name__ not in ("Option", "Settings"):
        yield value
    if isinstance(value, BaseModel):
        inner = [getattr(value, name) for name in type(value).model_fields]
    elif isinstance(value, dict):
        inner = list(value.values())
    else:
        inner = list(value) if isinstance(value, tuple) else []
    for one in inner:
        yield from entries(one)


def test_claims_stay_candidates_and_the_comments_name_them(made):
    case, _ = made
    folder = case.folder
    assert (folder / "claims.jsonl").read_text(encoding="utf-8") == ""
    lines = (folder / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
    written = (folder / "case.yaml").read_text(encoding="utf-8")
    assert lines
    assert '"review": "candidate"' in lines[0]
    assert "because" not in re.sub("#.*", "", written)
    ids = set(re.findall(r'"id": "([^"]+)"', "\n".join(line[:200] for line in lines)))
    named = set(re.findall(r"[\w-]+-\d+-\d+(?=[,，等\s]|$)", "\n".join(re.findall("#.*", written))))
    assert named
    assert named <= ids


def test_the_source_keeps_its_text_and_its_header(tmp_path):
    original = (TEXTS / "en-tariffs.md").read_text(encoding="utf-8")
    folder = draft_folder([TEXTS / "en-tariffs.md"], tmp_path / "case")
    source = read_case(folder).ledger.sources["en-tariffs"]
    assert source.text == split_header(original)[1]
    assert source.header.outlet == "Pacific Trade Weekly"
    assert source.header.published == date(2029, 9, 3)
    assert source.header.file == "en-tariffs.md"
    assert source.header.reliability == "F"
    assert source.header.kind == "original"


def test_plain_text_needs_a_day_and_gets_a_header(tmp_path):
    plain = tmp_path / "新闻.txt"
    plain.write_text("\n\n法国和德国将于6日在日内瓦就关税举行谈判。\n", encoding="utf-8")
    with pytest.raises(ValueError, match="published"):
        draft_folder([plain], tmp_path / "no-day")
    assert not (tmp_path / "no-day").exists()
    folder = draft_folder([plain], tmp_path / "case", published=date(2030, 5, 4))
    case = read_case(folder)
    source = case.ledger.sources["新闻"]
    assert source.text.startswith("\n\n法国")
    assert source.header.language == "zh"
    assert case.file.as_of == source.header.captured == date(2030, 5, 4)


def test_a_folder_with_a_case_is_left_alone(tmp_path):
    draft_folder([TEXTS / "zh-river.md"], tmp_path / "case")
    before = (tmp_path / "case" / "case.yaml").read_bytes()
    with pytest.raises(CaseFileError):
        draft_folder([TEXTS / "en-tariffs.md"], tmp_path / "case")
    assert (tmp_path / "case" / "case.yaml").read_bytes() == before


def test_a_pile_in_both_languages_is_one_case(tmp_path):
    english = tmp_path / "wire.txt"
    english.write_text(
        "Paraguay and Uruguay will hold water talks in Lima on March 15, Peru's foreign minister said.\n\n"
        "Uruguay insists that the talks be limited to water.\n",
        encoding="utf-8",
    )
    folder = draft_folder([TEXTS / "zh-river.md", english], tmp_path / "case", published=date(2031, 3, 13))
    case = read_case(folder)
    assert case.negotiators == ("uruguay", "paraguay")
    assert case.file.as_of == date(2031, 3, 13)
    assert set(case.ledger.sources) == {"zh-river", "wire"}
    assert case.file.agendas["narrow"].wanted_by == ("uruguay",)


def test_a_draft_is_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        draft_folder([TEXTS / "zh-river.md", TEXTS / "en-tariffs.md"], tmp_path / name)
    for file in ("case.yaml", "candidates.jsonl", "sources/zh-river.md"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_swapping_two_sides_swaps_everything():
    text = split_header((TEXTS / "zh-river.md").read_text(encoding="utf-8"))[1]
    swap = {"乌拉圭": "巴拉圭", "巴拉圭": "乌拉圭", "乌方": "巴方", "巴方": "乌方"}
    swapped = re.sub("乌拉圭|巴拉圭|乌方|巴方", lambda m: swap[m[0]], text)
    one, other = drafted(text), drafted(swapped)
    turned = {"uruguay": "paraguay", "paraguay": "uruguay"}
    assert {turned.get(k, k): p.role for k, p in one.parties.items()} == {
        k: p.role for k, p in other.parties.items()
    }
    for side in turned:
        mine, theirs = one.preferences[side].issues, other.preferences[turned[side]].issues
        assert {i: p.best for i, p in mine.items()} == {i: p.best for i, p in theirs.items()}
    lines = {(turned[x.party], x.issue, x.on, x.rejects) for x in one.red_lines}
    assert lines == {(x.party, x.issue, x.on, x.rejects) for x in other.red_lines}


SENTENCES = tuple(
    sentence
    for name in NAMES
    for sentence in re.split(
        r"(?<=[。.])\s*", split_header((TEXTS / f"{name}.md").read_text(encoding="utf-8"))[1]
    )
    if sentence
)


@given(st.lists(st.sampled_from(SENTENCES), max_size=14), st.booleans())
@settings(max_examples=40)
def test_any_sentences_in_any_order_give_a_case_without_fault(sentences, chinese):
    drafted("\n".join(sentences), language="zh" if chinese else "en")


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_gives_a_case_without_fault(text):
    drafted(text)


def test_nothing_found_is_said():
    source = Source(
        id="empty", header=Header(published=date(2030, 1, 1), language="en"), text="Rain is expected.\n"
    )
    written = draft([source], [])
    assert "No two sides were found" in written
    assert loaded(written).parties == {}


def test_a_title_and_a_day_can_be_given():
    source = Source(id="empty", text="Rain is expected.\n")
    with pytest.raises(ValueError, match="as_of"):
        draft([source], [])
    file = loaded(draft([source], [], title="Rain", as_of=date(2030, 1, 1)))
    assert (file.title.get("en"), file.as_of, file.status) == ("Rain", date(2030, 1, 1), "draft")
