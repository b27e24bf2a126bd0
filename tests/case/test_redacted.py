"""A shared case: nothing private in it, nothing of what was left out, and the normal reader has no problem with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case.made import CASE, HEADER, TEXT, claim_line, write
from zopa.case.examples import folder as example
from zopa.case.folder import problems, read_case
from zopa.case.left_out import GAP, Without
from zopa.case.redacted import all_or_nothing, redacted, write_redacted
from zopa.errors import CaseFileError

QUOTES = {"c1": "边界不会开放", "c2": "南方说要走着瞧", "c3": "港口照常"}


def claims(**more):
    return "".join(
        claim_line(id_, TEXT.index(quote), TEXT.index(quote) + len(quote), **more.get(id_, {}))
        for id_, quote in QUOTES.items()
    )


def made(folder, case=CASE, **files):
    return write(folder, case, claims=claims(c1={"speaker": "北方特使", "speaker_head": "特使"}), **files)


def everything(shared):
    return "\n".join(f"{name}\n{text}" for name, text in shared.files.items())


def codes(error):
    return [problem.code for problem in error.value.problems]


# ---- what only this desk knows -----------------------------------------------------------------------------------

PRIVATE = """\
preferences:
  north:
    no_deal: {{value: {value}, assumed: true}}
    border: {{weight: {weight}, because: null, assumed: true, note: {note}}}
issues:
  fees: {{name: {note}}}
unknowns:
  - {{id: u-{id}, text: {note}}}
"""


def private(value=0.37, weight=77, note="底线是三点六七", id="k9"):
    return PRIVATE.format(value=value, weight=weight, note=note, id=id)


def test_private_values_their_presence_and_their_absence_give_the_same_files(tmp_path):
    without = made(tmp_path / "a")
    one = made(tmp_path / "b", private__yaml=private())
    other = made(tmp_path / "c", private__yaml=private(0.91, 3, "另一条底线", "zz"))
    assert read_case(one).file.preferences["north"].no_deal is not None, "the private file takes effect"
    assert redacted(without).files == redacted(one).files == redacted(other).files
    assert "三点六七" not in everything(redacted(one))


@given(
    value=st.floats(0, 1),
    weight=st.floats(0, 1e6),
    note=st.text("甲乙丙丁abc", min_size=4),
    id=st.from_regex(r"[a-z]{6}", fullmatch=True),
)
def test_whatever_stands_in_the_private_file_changes_nothing(tmp_path_factory, value, weight, note, id):
    home = tmp_path_factory.mktemp("case")
    before = redacted(made(home)).files
    assert redacted(made(home, private__yaml=private(value, weight, note, id))).files == before


def test_the_private_file_is_not_even_opened(tmp_path):
    home = made(tmp_path / "a")
    before = redacted(home).files
    (home / "private.yaml").mkdir()
    assert redacted(home).files == before
    (home / "private.yaml").rmdir()
    (home / "private.yaml").symlink_to("/nowhere")
    assert redacted(home).files == before


def test_only_files_that_are_made_anew_travel(tmp_path):
    home = made(tmp_path / "a", private__yaml=private())
    known = set(redacted(home).files)
    for name in (
        "forecasts.jsonl",
        "briefs.jsonl",
        "private.salt",
        "judgements.jsonl",
        "notes.txt",
        "README.md",
    ):
        (home / name).write_text("SECRET", encoding="utf-8")
    for inner in (".zopa", "variants", "sources"):
        (home / inner).mkdir(exist_ok=True)
        (home / inner / "extra.bin").write_text("SECRET", encoding="utf-8")
    shared = redacted(home)
    assert set(shared.files) == known == {"case.yaml", "claims.jsonl", "sources/ribao.md", ".gitignore"}
    assert "SECRET" not in everything(shared)


def test_remarks_between_the_lines_stay_at_home(tmp_path):
    home = made(tmp_path / "a", CASE.replace("parties:", "# their real floor is 3 %\nparties:"))
    header = f"---\n# got from K.\n{HEADER}file: leak-from-k.pdf\nbytes_sha256: {'a' * 64}\n---\n\n{TEXT}"
    (home / "sources" / "ribao.md").write_text(header, encoding="utf-8")
    text = everything(redacted(home))
    for secret in ("real floor", "from K.", "leak-from-k", "a" * 64):
        assert secret not in text


def test_a_case_that_needs_its_private_file_says_so_without_telling_of_it(tmp_path):
    home = made(
        tmp_path / "a",
        CASE.replace("readings:", "").replace(
            "as_of: 2026-02-05", "as_of: 2026-02-05\nrelations: [{from: north, to: shadow, kind: ally}]"
        ),
        private__yaml="parties: {shadow: {name: 影子方, role: outside}}\n",
    )
    assert not problems(home)
    with pytest.raises(CaseFileError) as error:
        redacted(home)
    assert codes(error) == ["share-public", "dangling-id"]
    assert "影子方" not in error.value.show("zh")


# ---- what is left out --------------------------------------------------------------------------------------------


def test_a_claim_takes_its_words_and_what_rests_on_it_along(tmp_path):
    shared = redacted(made(tmp_path / "a"), Without.of(claims=["c1"]))
    case = write_redacted(shared, tmp_path / "out")
    assert [c.id for c in case.ledger.claims] == ["c2", "c3"]
    assert problems(tmp_path / "out") == ()
    text = everything(shared)
    assert QUOTES["c1"] not in text
    assert "c1" not in text
    # It rested on the claim alone: what the north wants at the border is not known without it.
    assert "border" not in case.file.preferences["north"].issues
    assert "preferences.north.border" in shared.told.removed
    assert "border" in case.file.preferences["south"].issues
    document = case.ledger.sources["ribao"]
    assert document.text == f"{GAP}\n{QUOTES['c2']}\n{GAP}\n{QUOTES['c3']}\n{GAP}\n"
    for claim in case.ledger.claims:
        (start, stop), *_ = claim.ranges
        assert document.text[start:stop] == claim.quote == QUOTES[claim.id]


def test_a_number_on_a_claim_left_out_is_unknown_and_keeps_its_range(tmp_path):
    case = (
        CASE
        + "talks: {round_days: {is: 3 to 9, because: [c1], range: [1, 60]}, breakdown: {is: 0.5, because: [c2], range: [0, 4]}}\n"
    )
    shared = redacted(made(tmp_path / "a", case), Without.of(claims=["c1"]))
    talks = write_redacted(shared, tmp_path / "out").file.talks
    assert str(talks.round_days.estimate) == "unknown"
    assert (talks.round_days.within.low, talks.round_days.within.high) == (1, 60)
    assert str(talks.breakdown.estimate) == "0.5"


def test_entries_go_notes_go_and_what_has_another_basis_stays(tmp_path):
    case = CASE + (
        "unknowns:\n"
        "  - {id: gone, text: 甲, because: [c1]}\n"
        "  - {id: both, text: 乙, because: [c1, c2], note: 特使私下说过}\n"
        "  - {id: named, text: 丙, because: [c3], note: 参见 c1 的说法}\n"
        "  - {id: other, text: 丁, because: [c3], note: 参见 c12 的说法}\n"
        "contradictions: [{a: c1, b: c2}, {a: c2, b: c3}]\n"
    )
    shared = redacted(made(tmp_path / "a", case), Without.of(claims=["c1"]))
    file = write_redacted(shared, tmp_path / "out").file
    assert [u.id for u in file.unknowns] == ["both", "named", "other"]
    assert [u.note is not None for u in file.unknowns] == [False, False, True]
    assert [(c.a, c.b) for c in file.contradictions] == [("c2", "c3")]
    assert "unknowns.1" in shared.told.partly


def test_claims_on_the_same_words_go_too(tmp_path):
    start = TEXT.index("北方特使")
    wide = claim_line("wide", start, TEXT.index("。"))
    home = write(tmp_path / "a", claims=claims() + wide)
    shared = redacted(home, Without.of(claims=["c1"]))
    assert shared.record.overlapping == {"wide"}
    assert "特使说" not in shared.files["sources/ribao.md"]


def test_a_document_is_left_out_with_all_that_was_read_in_it(tmp_path):
    home = made(tmp_path / "a")
    (home / "sources" / "other.md").write_text("---\nvia: ribao\n---\n\n别的话。\n", encoding="utf-8")
    shared = redacted(home, Without.of(sources=["ribao"]))
    case = write_redacted(shared, tmp_path / "out")
    assert (case.ledger.claims, set(case.ledger.sources)) == ((), {"other"})
    assert "ribao" not in everything(shared)
    assert shared.record.related == ("other",)


def test_a_speaker_is_left_out_by_key_or_by_name(tmp_path):
    home = made(tmp_path / "a")
    for name in ("envoy", "特使"):
        shared = redacted(home, Without.of(speakers=[name]))
        assert shared.record.gone == {"c1"}
        assert "envoy" not in shared.files["case.yaml"]
        assert "特使" not in everything(shared)


def test_words_that_still_stand_elsewhere_are_told_with_their_place(tmp_path):
    home = made(tmp_path / "a")
    (home / "sources" / "echo.md").write_text(
        "---\nlanguage: zh\n---\n\n第一行\n据说边界不会开放。\n", encoding="utf-8"
    )
    shared = redacted(home, Without.of(claims=["c1"]))
    assert [(m.file, m.line, m.words) for m in shared.mentions] == [("sources/echo.md", 6, "边界不会开放")]


@pytest.mark.parametrize(
    ("without", "code"),
    [
        (Without.of(sources=["ribaoo"]), "share-no-source"),
        (Without.of(claims=["c11"]), "share-no-claim"),
        (Without.of(speakers=["nobody"]), "share-no-speaker"),
        (Without.of(speakers=["envoy", "nobody"]), "share-no-speaker"),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_left_out(tmp_path, without, code):
    with pytest.raises(CaseFileError) as error:
        redacted(made(tmp_path / "a"), without)
    assert codes(error) == [code]


def test_nothing_tells_whether_anything_was_left_out(tmp_path):
    """A desk that never had the claim and its words shares the same case file as one that leaves them out."""
    had = redacted(
        made(tmp_path / "a", CASE.replace(", because: [c1]", ", assumed: true")), Without.of(claims=["c1"])
    )
    never = redacted(
        write(
            tmp_path / "b",
            CASE.replace(", because: [c1]", ", assumed: true"),
            claims=claim_line("c2", 13, 20),
        )
    )
    assert had.files["case.yaml"] == never.files["case.yaml"]
    assert "redacted: true" in never.files["case.yaml"]


@pytest.mark.parametrize("name", ["muscat-2026", "elmira", "england-zimbabwe"])
def test_an_example_shared_whole_reads_as_it_did(tmp_path, name):
    before = read_case(example(name))
    after = write_redacted(redacted(example(name)), tmp_path / name)
    assert after.file == before.file.model_copy(update={"redacted": True})
    assert after.ledger.claims == before.ledger.claims
    assert problems(tmp_path / name) == ()


def test_every_claim_of_the_example_can_be_left_out(tmp_path):
    home = example("muscat-2026")
    every = [
        json.loads(line)["id"] for line in (home / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for k in range(0, len(every), 9):
        gone = set(every[k : k + 9])
        shared = redacted(home, Without(claims=frozenset(gone)))
        case = write_redacted(shared, tmp_path / str(k))
        assert not gone & set(case.ledger.by_id)
        assert problems(tmp_path / str(k)) == ()


# ---- where it is written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["a", "a/inside", "."])
def test_nothing_is_written_into_or_around_the_case(tmp_path, where):
    home = made(tmp_path / "a")
    with pytest.raises(CaseFileError) as error:
        all_or_nothing(tmp_path / where, lambda part: None, case=home)
    assert codes(error) == ["share-inside"]


def test_a_folder_with_something_in_it_is_refused_and_an_empty_one_is_filled(tmp_path):
    home = made(tmp_path / "a")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(CaseFileError) as error:
        all_or_nothing(tmp_path / "full", lambda part: None, case=home)
    assert codes(error) == ["share-exists"]
    (tmp_path / "empty").mkdir()
    all_or_nothing(tmp_path / "empty", lambda part: (part / "y").touch(), case=home)
    assert [p.name for p in (tmp_path / "empty").iterdir()] == ["y"]


def test_all_files_or_none(tmp_path):
    home = made(tmp_path / "a")

    def breaks(part):
        (part / "first").touch()
        raise OSError(28, "No space left on device")

    with pytest.raises(CaseFileError) as error:
        all_or_nothing(tmp_path / "out", breaks, case=home)
    assert codes(error) == ["file-write"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    shared = redacted(made(tmp_path / "a"))
    broken = {
        **shared.files,
        "case.yaml": shared.files["case.yaml"].replace("status_quo: closed", "status_quo: none-such"),
    }
    with pytest.raises(CaseFileError) as error:
        write_redacted(type(shared)(broken, shared.record, shared.told, ()), tmp_path / "out")
    assert codes(error)[0] == "share-broken"
