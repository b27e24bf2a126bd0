"""Genius XML domains into cases: Genius semantics to the last digit, hostile and broken files refused by place."""

import itertools
import json
import math
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import SHARED
from zopa.case.folder import read_case
from zopa.case.format import format_case
from zopa.case.interop import import_genius, located
from zopa.case.interop.genius import without_domain
from zopa.case.model import CaseFile
from zopa.errors import DossierError, ZopaError

DAY = date(2020, 1, 2)


def load(folder: Path) -> CaseFile:
    """The imported case through all checks of a case folder."""
    case = read_case(folder)
    # Genius scales need not start at zero: that is all a check may remark on.
    assert {warning.code for warning in case.warnings} <= {"anchor-value"}
    assert format_case(folder, write=False) == ()
    return case.file


def contributions(case: CaseFile, party: str) -> list[np.ndarray]:
    """Weight × value of every option an issue, from the numbers written in the case."""
    preferences = case.preferences[party]
    weights = {i: p.weight.estimate.middle() for i, p in preferences.issues.items()}
    total = sum(weights.values())
    out = []
    for name, issue in case.issues.items():
        values = preferences.issues[name].values
        out.append(np.array([weights[name] / total * values[o.id].estimate.middle() for o in issue.options]))
    return out


def utilities(case: CaseFile, party: str) -> np.ndarray:
    """Utility of every package, issues in file order."""
    grids = np.meshgrid(*contributions(case, party), indexing="ij")
    return sum(g.ravel() for g in grids)


# A small domain of our own: numbers chosen so that every step can be followed by hand.

DOMAIN = """<?xml version="1.0" encoding="UTF-8"?>
<negotiation_template>
<utility_space number_of_issues="2">
<objective index="0" name="root" type="objective">
  <issue index="1" name="Water" type="discrete" vtype="discrete">
    <item index="1" value="half"/>
    <item index="2" value="all"/>
    <item index="3" value="No agreement"/>
  </issue>
  <issue index="2" name="Power" vtype="discrete">
    <item index="1" value="share"/>
    <item index="2" value="keep"/>
  </issue>
</objective>
</utility_space>
</negotiation_template>
"""
UPSTREAM = """<utility_space>
<objective index="0" name="root" type="objective">
  <weight index="1" value="3"/>
  <weight index="2" value="1"/>
  <issue index="1" name="Water" type="discrete">
    <item index="1" value="half" evaluation="5"/>
    <item index="2" value="all" evaluation="1"/>
    <item index="3" value="No agreement" evaluation="4"/>
  </issue>
  <issue index="2" name="Power" type="discrete">
    <item index="1" value="share" evaluation="2"/>
    <item index="2" value="keep" evaluation="8"/>
  </issue>
</objective>
<reservation value="0.25"/>
<discount_factor value="0.9"/>
</utility_space>
"""
DOWNSTREAM = """<utility_space>
<objective index="0" name="root" type="objective">
  <issue index="1" name="Water" type="discrete">
    <item index="1" value="half" evaluation="0.5"/>
    <item index="2" value="all" evaluation="1"/>
    <item index="3" value="No agreement" evaluation="0"/>
  </issue>
  <issue index="2" name="Power" type="discrete">
    <item index="1" value="share" evaluation="6"/>
    <item index="2" value="keep" evaluation="3"/>
  </issue>
  <weight index="1" value="0.8"/>
  <weight index="2" value="0.2"/>
</objective>
</utility_space>
"""


def write(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


@pytest.fixture
def river(tmp_path: Path) -> Path:
    # Neither names nor endings say which file is which.
    return write(
        tmp_path / "river",
        b_downstream__xml=DOWNSTREAM,
        zz__txt=DOMAIN,
        b_upstream__xml=UPSTREAM,
        notes__md="hi",
    )


def problems(folder: Path, into: Path) -> list[tuple[str, str, str | None]]:
    """Codes, places and the marked text of everything an import complains about."""
    with pytest.raises(DossierError) as caught:
        import_genius(folder, into)
    assert not (into / "case.yaml").exists()
    out = []
    for problem in caught.value.problems:
        place = problem.place
        marked = problem.excerpt and place.start and problem.excerpt[place.start - 1 : (place.stop or 0) - 1]
        out.append((problem.code, str(place), marked))
    return out


def test_a_domain_becomes_a_case(river: Path, tmp_path: Path) -> None:
    into = import_genius(river, tmp_path / "case", as_of=DAY)
    case = load(into)
    assert into == tmp_path / "case"
    assert case.title.get("en") == "river"
    assert (case.status, case.as_of) == ("draft", DAY)
    assert {k: p.name.get("en") for k, p in case.parties.items()} == {
        "downstream": "downstream",
        "upstream": "upstream",
    }
    assert case.negotiators == ("downstream", "upstream")
    assert [o.id for o in case.issues["water"].options] == ["half", "all", "no-agreement"]
    assert case.issues["water"].options[2].name.get("en") == "No agreement"
    # "No agreement" reads like a status quo; Power has no such option, so its first one stands for it.
    assert case.issues["water"].status_quo == "no-agreement"
    assert case.issues["power"].status_quo == "share"
    assert (into / "claims.jsonl").read_text() == ""


def test_a_value_is_the_evaluation_divided_by_the_largest_of_its_issue(river: Path, tmp_path: Path) -> None:
    case = load(import_genius(river, tmp_path / "case", as_of=DAY))
    water = case.preferences["upstream"].issues["water"]
    assert {k: v.estimate.params[0] for k, v in water.values.items()} == {
        "half": 1.0,
        "all": 0.2,
        "no-agreement": 0.8,
    }
    assert (water.best, water.worst, water.weight.estimate.params[0]) == ("half", "all", 3.0)
    assert water.assumed
    no_deal = case.preferences["upstream"].no_deal
    assert no_deal is not None
    assert no_deal.value.estimate.params[0] == 0.25
    assert no_deal.note is not None
    assert "0.9" in no_deal.note.get("en")
    assert "折扣因子（0.9）" in no_deal.note.get("zh")
    # No reservation value in the file: no deal is worth nothing.
    other = case.preferences["downstream"].no_deal
    assert other is not None
    assert other.value.estimate.params[0] == 0.0
    # (half, keep) by hand: 3/4 · 5/5 + 1/4 · 8/8, and 0.8 · 0.5/1 + 0.2 · 3/6.
    at = np.ravel_multi_index((0, 1), (3, 2))
    assert utilities(case, "upstream")[at] == pytest.approx(1.0, abs=1e-15)
    assert utilities(case, "downstream")[at] == pytest.approx(0.5, abs=1e-15)


def test_raw_keeps_undivided_evaluations_up_to_the_stated_factor(river: Path, tmp_path: Path) -> None:
    case = load(import_genius(river, tmp_path / "case", raw=True, as_of=DAY))
    # Raw utilities of upstream: 3 · evaluation + 1 · evaluation, at most 3·5 + 8 = 23.
    raw = np.array([3 * w + p for w, p in itertools.product((5, 1, 4), (2, 8))])
    np.testing.assert_allclose(utilities(case, "upstream") * 23, raw, atol=1e-12)
    no_deal = case.preferences["upstream"].no_deal
    assert no_deal is not None
    assert no_deal.value.estimate.params[0] == pytest.approx(0.25 / 23, abs=1e-15)
    assert no_deal.note is not None
    assert "23" in no_deal.note.get("zh")


def test_numeric_issues_count_from_their_lower_bound_and_are_clipped(tmp_path: Path) -> None:
    domain = """<negotiation_template><utility_space><objective index="0">
    <issue index="1" name="Price" type="integer" lowerbound="10" upperbound="14"/>
    <issue index="2" name="Share" type="real"><range lowerbound="0" upperbound="2"/></issue>
    </objective></utility_space></negotiation_template>"""
    profile = """<utility_space><objective index="0">
    <issue index="1" name="Price" type="integer" lowerbound="10" upperbound="14">
      <evaluator ftype="linear" offset="1.2" slope="-0.3"/></issue>
    <issue index="2" name="Share" type="real"><range lowerbound="0" upperbound="2"/>
      <evaluator ftype="{f}" parameter0="{a}" parameter1="{b}" parameter2="{c}"/></issue>
    <weight index="1" value="0.5"/><weight index="2" value="0.5"/></objective></utility_space>"""
    folder = write(
        tmp_path / "numbers",
        d__xml=domain,
        a__xml=profile.format(f="linear", a=0.1, b=0.4, c=0),
        b__xml=profile.format(f="triangular", a=0, b=2, c=0.5),
    )
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    price = case.preferences["a"].issues["price"]
    assert [o.id for o in case.issues["price"].options] == ["10", "11", "12", "13", "14"]
    # EvaluatorInteger: offset + slope · (value − lower bound), kept in 0..1, not divided by the largest.
    expected = [min(1, max(0, 1.2 - 0.3 * k)) for k in range(5)]
    assert [price.values[str(10 + k)].estimate.params[0] for k in range(5)] == pytest.approx(
        expected, abs=1e-12
    )
    # IssueReal is cut into 21 values, 0.1 apart here.
    names = [o.name.get("en") for o in case.issues["share"].options]
    assert (len(names), names[0], names[3], names[20]) == (21, "0", "0.3", "2")
    linear = case.preferences["a"].issues["share"].values
    triangle = case.preferences["b"].issues["share"].values
    ids = [o.id for o in case.issues["share"].options]
    assert [linear[i].estimate.params[0] for i in ids] == pytest.approx(
        [0.1 + 0.4 * k / 10 for k in range(21)]
    )
    peak = [x / 0.5 if x <= 0.5 else (2 - x) / 1.5 for x in (k / 10 for k in range(21))]
    assert [triangle[i].estimate.params[0] for i in ids] == pytest.approx(peak, abs=1e-12)
    assert "21" in (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8").split("zopa: 1")[0]


def test_options_alike_for_a_party_keep_their_value(tmp_path: Path) -> None:
    # All evaluations 4 count as 1, all 0 as 0 (EvaluatorDiscrete divides by the largest, or gives 0).
    folder = write(
        tmp_path / "flat",
        d__xml=DOMAIN,
        a__xml=UPSTREAM.replace(
            '"2"/>\n    <item index="2" value="keep" evaluation="8"',
            '"8"/>\n    <item index="2" value="keep" evaluation="8"',
        ),
        b__xml=DOWNSTREAM.replace('evaluation="6"', 'evaluation="0"').replace(
            'evaluation="3"', 'evaluation="0"'
        ),
    )
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    for party, value in (("a", 1.0), ("b", 0.0)):
        power = case.preferences[party].issues["power"]
        assert [v.estimate.params[0] for v in power.values.values()] == [value, value]
        assert power.best != power.worst


def test_ids_are_safe_and_unique_and_names_kept(tmp_path: Path) -> None:
    names = ["$100 Billion", "100-billion", "100 (billion)", "null", "水量", "1e5", "-3", "  two   spaces "]
    items = "".join(f'<item index="{k}" value="{n}"/>' for k, n in enumerate(names))
    valued = "".join(f'<item index="{k}" value="{n}" evaluation="{k + 1}"/>' for k, n in enumerate(names))
    issue = '<issue index="1" name="Issues" type="discrete">{}</issue>'
    profile = f'<utility_space><objective>{issue.format(valued)}<weight index="1" value="1"/></objective></utility_space>'
    folder = write(
        tmp_path / "x",
        d__xml=f"<negotiation_template><utility_space><objective>{issue.format(items)}</objective></utility_space></negotiation_template>",
    )
    write(folder, **{"甲方__xml": profile, "乙方__xml": profile})
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    (key,) = case.issues
    # "issues" beside no_deal means something else in the case file.
    assert key == "issues-2"
    assert [o.id for o in case.issues[key].options] == [
        "100-billion", "100-billion-2", "100-billion-3", "null", "option-5", "1e5", "minus-3", "two-spaces",
    ]  # fmt: skip
    assert [o.name.get("zh") for o in case.issues[key].options] == [" ".join(n.split()) for n in names]
    assert [p.name.get("zh") for p in case.parties.values()] == ["乙方", "甲方"]
    assert list(case.parties) == ["party-1", "party-2"]


def test_encodings_and_byte_order_marks(tmp_path: Path) -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + UPSTREAM.replace("half", "moitié")
    folder = write(
        tmp_path / "e",
        d__xml=DOMAIN.replace("half", "moitié").encode("utf-8-sig"),
        a__xml=latin.encode("latin-1"),
        b__xml=DOWNSTREAM.replace("half", "moitié").encode("utf-16"),
    )
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    assert case.issues["water"].options[0].name.get("en") == "moitié"
    write(folder, a__xml=UPSTREAM.replace("half", "moitié").encode("latin-1"))
    assert problems(folder, tmp_path / "other") == [("import-encoding", "a.xml:6", None)]


def test_a_set_of_profiles_is_complete_without_its_domain_file(river: Path, tmp_path: Path) -> None:
    (river / "zz.txt").unlink()
    assert without_domain(river) == "b_downstream.xml"
    assert list(load(import_genius(river, tmp_path / "case", as_of=DAY)).issues) == ["water", "power"]
    written = (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8")
    assert "issues and options are those of the profile b_downstream.xml" in written
    assert "议题与选项取自偏好文件 b_downstream.xml" in written


def test_a_folder_with_its_domain_file_needs_no_such_note(river: Path, tmp_path: Path) -> None:
    assert without_domain(river) is None
    import_genius(river, tmp_path / "case", as_of=DAY)
    assert "no domain file" not in (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8")


def test_issues_of_nested_objectives_count_with_their_own_weights(tmp_path: Path) -> None:
    # AdditiveUtilitySpace.getUtility sums over issues and ignores the weights of objectives.
    nested = UPSTREAM.replace(
        '  <issue index="2"', '  <objective index="9"><weight index="2" value="1"/><issue index="2"'
    ).replace("</objective>\n<res", "</objective></objective>\n<res")
    folder = write(tmp_path / "n", d__xml=DOMAIN, a__xml=nested, b__xml=DOWNSTREAM)
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    assert [p.weight.estimate.params[0] for p in case.preferences["a"].issues.values()] == [3.0, 1.0]


# ---- what is refused -----------------------------------------------------------------------------------------------

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<utility_space>&b;</utility_space>"""
EXTERNAL = """<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<utility_space>&secret;</utility_space>"""


@pytest.mark.parametrize(("text", "place"), [(BOMB, "a.xml:2:1"), (EXTERNAL, "a.xml:1:1")])
def test_document_types_and_with_them_entities_are_never_read(text: str, place: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "h", d__xml=DOMAIN, a__xml=text, b__xml=DOWNSTREAM)
    ((code, where, _),) = problems(folder, tmp_path / "case")
    assert code == "import-xml-doctype"
    assert where.rsplit(":", 1)[0] == place.rsplit(":", 1)[0]


def test_an_undefined_entity_and_a_torn_file_are_broken_xml(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "h", d__xml=DOMAIN, a__xml=UPSTREAM[:300], b__xml=DOWNSTREAM.replace("half", "&half;")
    )
    found = problems(folder, tmp_path / "case")
    assert [code for code, *_ in found] == ["import-xml-broken", "import-xml-broken"]
    assert [where.partition(":")[0] for _, where, _ in found] == ["a.xml", "b.xml"]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "h", d__xml=DOMAIN, a__xml="<a>" * 5000 + "</a>" * 5000, b__xml=DOWNSTREAM)
    assert [code for code, *_ in problems(folder, tmp_path / "case")] == ["import-nesting"]


def test_every_problem_of_a_profile_at_once_and_at_its_place(tmp_path: Path) -> None:
    text = (
        UPSTREAM.replace('value="all" evaluation="1"', 'value="al" evaluation="1"')
        .replace('evaluation="5"', 'evaluation="five"')
        .replace('<weight index="2" value="1"/>', "")
        .replace('value="keep" evaluation="8"', 'value="keep" evaluation="-8"')
    )
    folder = write(tmp_path / "p", d__xml=DOMAIN, a__xml=text, b__xml=DOWNSTREAM)
    assert problems(folder, tmp_path / "case") == [
        ("import-genius-missing-option", "a.xml:5:26", "Water"),
        ("import-genius-number", "a.xml:6:46", "five"),
        ("import-genius-unknown-option", "a.xml:7:28", "al"),
        ("import-genius-no-weight", "a.xml:10:26", "Power"),
        ("import-genius-negative", "a.xml:12:46", "-8"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "marked"),
    [
        ('name="Power"', 'name="Light" ', "import-genius-unknown-issue", "Light"),
        ('<reservation value="0.25"/>', '<reservation value="1.5"/>', "import-genius-reservation", "1.5"),
        ('<reservation value="0.25"/>', '<reservation value="nan"/>', "import-genius-number", "nan"),
        ('<reservation value="0.25"/>', "<reservation/>", "import-genius-attribute", "reservation"),
        ('value="3"/>', 'value="-3"/>', "import-genius-negative", "-3"),
        ('value="No agreement"', "value='half'", "import-genius-repeated", "half"),
    ],
)
def test_what_a_profile_may_not_say(old: str, new: str, code: str, marked: str, tmp_path: Path) -> None:
    text = UPSTREAM.replace(old, new).replace('index="2" name="Light"', 'index="7" name="Light"')
    folder = write(tmp_path / "p", d__xml=DOMAIN, a__xml=text, b__xml=DOWNSTREAM)
    assert (code, marked) in [(c, m) for c, _, m in problems(folder, tmp_path / "case")]


def test_weights_of_nothing_but_zero(tmp_path: Path) -> None:
    text = UPSTREAM.replace('value="3"/>', 'value="0"/>').replace(
        '<weight index="2" value="1"/>', '<weight index="2" value="0"/>'
    )
    folder = write(tmp_path / "p", d__xml=DOMAIN, a__xml=text, b__xml=DOWNSTREAM)
    assert [c for c, *_ in problems(folder, tmp_path / "case")] == ["import-genius-weights"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('type="discrete" vtype="discrete"', 'type="fuzzy"', "import-genius-type"),
        (
            'type="discrete" vtype="discrete"',
            'type="integer" lowerbound="5" upperbound="1"',
            "import-genius-range",
        ),
        (
            'type="discrete" vtype="discrete"',
            'type="integer" lowerbound="0" upperbound="1e9"',
            "import-genius-integers",
        ),
        ('type="discrete" vtype="discrete"', 'type="real"', "import-genius-attribute"),
        ('name="Power"', 'name="water"', "import-genius-repeated"),
        ('    <item index="2" value="keep"/>\n', "", "import-genius-few-options"),
        (' value="keep"', "", "import-genius-attribute"),
    ],
)
def test_what_a_domain_may_not_say(old: str, new: str, code: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "p", d__xml=DOMAIN.replace(old, new, 1), a__xml=UPSTREAM, b__xml=DOWNSTREAM)
    found = problems(folder, tmp_path / "case")
    assert code in [c for c, *_ in found]
    assert {where.partition(":")[0] for _, where, _ in found} == {"d.xml"}


@pytest.mark.parametrize(
    ("evaluator", "code"),
    [
        ("", "import-genius-no-function"),
        ('<evaluator ftype="faratin"/>', "import-genius-function"),
        ('<evaluator ftype="linear" offset="0"/>', "import-genius-attribute"),
    ],
)
def test_what_a_numeric_issue_may_not_say(evaluator: str, code: str, tmp_path: Path) -> None:
    issue = '<issue index="1" name="Price" type="integer" lowerbound="0" upperbound="9">{}</issue>'
    body = "<utility_space><objective>{}</objective></utility_space>"
    profile = body.format(issue.format(evaluator) + '<weight index="1" value="1"/>')
    domain = f"<negotiation_template>{body.format(issue.format(''))}</negotiation_template>"
    folder = write(tmp_path / "p", d__xml=domain, a__xml=profile, b__xml=profile)
    assert [c for c, *_ in problems(folder, tmp_path / "case")] == [code, code]


def test_a_domain_without_issues(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", d__xml="<negotiation_template/>", a__xml=UPSTREAM, b__xml=DOWNSTREAM)
    assert problems(folder, tmp_path / "case") == [
        ("import-genius-no-issues", "d.xml:1:2", "negotiation_template")
    ]


def test_nonlinear_profiles_are_named_as_such(tmp_path: Path) -> None:
    text = '<utility_space type="NONLINEAR"><objective><ufun aggregation="sum"/></objective></utility_space>'
    folder = write(tmp_path / "p", d__xml=DOMAIN, a__xml=text, b__xml=DOWNSTREAM)
    assert "import-genius-nonlinear" in [c for c, *_ in problems(folder, tmp_path / "case")]


def test_folders_that_are_no_domain(tmp_path: Path) -> None:
    into = tmp_path / "case"
    assert problems(tmp_path / "nowhere", into)[0][0] == "import-not-found"
    assert (
        problems(write(tmp_path / "one", d__xml=DOMAIN, a__xml=UPSTREAM), into)[0][0]
        == "import-genius-profiles"
    )
    two = write(tmp_path / "two", d__xml=DOMAIN, e__xml=DOMAIN, a__xml=UPSTREAM, b__xml=DOWNSTREAM)
    assert problems(two, into)[0][0] == "import-genius-domains"
    other = write(tmp_path / "other", d__xml=DOMAIN, a__xml="<html/>", b__xml=DOWNSTREAM)
    assert problems(other, into) == [("import-genius-root", "a.xml:1:2", "html")]


def test_a_case_is_never_overwritten(river: Path, tmp_path: Path) -> None:
    into = import_genius(river, tmp_path / "case", as_of=DAY)
    before = (into / "case.yaml").read_bytes()
    with pytest.raises(DossierError) as caught:
        import_genius(river, into)
    assert [p.code for p in caught.value.problems] == ["import-target-exists"]
    assert (into / "case.yaml").read_bytes() == before
    assert {p.name for p in into.iterdir()} == {"case.yaml", "claims.jsonl", "sources"}


def test_names_of_files_that_are_no_text(river: Path, tmp_path: Path) -> None:
    # A file system holds any bytes as a name; the case holds characters.
    strange = river / b"b_\xff\xfe.xml".decode("utf-8", "surrogateescape")
    (river / "b_upstream.xml").rename(strange)
    case = load(import_genius(river, tmp_path / "case", as_of=DAY))
    assert {p.name.get("en") for p in case.parties.values()} == {"downstream", "??"}


def test_a_file_beyond_all_reason_is_not_read(
    river: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(located, "MOST_BYTES", 400)
    with pytest.raises(ZopaError) as caught:
        import_genius(river, tmp_path / "case")
    assert [(p.code, p.place.file) for p in caught.value.problems] == [("file-size", "b_downstream.xml")]


def test_a_folder_that_cannot_be_written_is_named(river: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DossierError) as caught:
        import_genius(river, tmp_path / "file" / "case")
    assert [p.code for p in caught.value.problems] == ["file-write"]
    with pytest.raises(DossierError) as caught:
        import_genius(river, tmp_path / "file")
    assert [p.code for p in caught.value.problems] == ["import-target-exists"]


def test_messages_show_the_authors_own_text_in_both_languages(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "p",
        d__xml=DOMAIN,
        a__xml=UPSTREAM.replace('evaluation="5"', 'evaluation="五"'),
        b__xml=DOWNSTREAM,
    )
    with pytest.raises(DossierError) as caught:
        import_genius(folder, tmp_path / "case")
    line = '6 |     <item index="1" value="half" evaluation="五"/>'
    carets = "                                                 ^^"
    assert caught.value.show("en") == (
        f'a.xml:6:46: evaluation is "五", which is not a number [import-genius-number]\n{line}\n{carets}'
    )
    assert caught.value.show("zh") == (
        f"a.xml:6:46: evaluation 的值“五”不是数字 [import-genius-number]\n{line}\n{carets}"
    )


# ---- properties ----------------------------------------------------------------------------------------------------

evaluations = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=2, max_size=5)


@st.composite
def domains(draw: st.DrawFn) -> tuple[list[int], list[list[list[float]]], list[list[float]]]:
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=4))
    parties = draw(st.integers(2, 3))
    number = st.floats(0, 1e6, allow_subnormal=False)
    values = [[[draw(number) for _ in range(k)] for k in sizes] for _ in range(parties)]
    weights = [[draw(st.floats(1e-3, 10)) for _ in sizes] for _ in range(parties)]
    return sizes, values, weights


@given(domains())
@settings(max_examples=40)
def test_any_additive_domain_keeps_its_utilities(
    tmp_path_factory: pytest.TempPathFactory, domain: tuple
) -> None:
    sizes, values, weights = domain
    top = tmp_path_factory.mktemp("random")

    def issue(i: int, evaluated: list[float] | None) -> str:
        items = "".join(
            f'<item index="{k + 1}" value="v{k}"'
            + (f' evaluation="{evaluated[k]!r}"/>' if evaluated else "/>")
            for k in range(sizes[i])
        )
        return f'<issue index="{i + 1}" name="i{i}" type="discrete">{items}</issue>'

    body = "".join(issue(i, None) for i in range(len(sizes)))
    files = {
        "d__xml": f"<negotiation_template><utility_space><objective>{body}</objective></utility_space></negotiation_template>"
    }
    for p, (evaluated, weighted) in enumerate(zip(values, weights, strict=True)):
        body = "".join(issue(i, evaluated[i]) for i in range(len(sizes)))
        body += "".join(f'<weight index="{i + 1}" value="{w!r}"/>' for i, w in enumerate(weighted))
        files[f"p{p}__xml"] = f"<utility_space><objective>{body}</objective></utility_space>"
    case = load(import_genius(write(top / "d", **files), top / "case", as_of=DAY))
    for party, evaluated, weighted in zip(case.parties, values, weights, strict=True):
        total = math.fsum(weighted)
        shares = [
            [w / total * (e / max(es) if max(es) >= 1e-5 else 0.0) for e in es]
            for w, es in zip(weighted, evaluated, strict=True)
        ]
        expected = [sum(choice) for choice in itertools.product(*shares)]
        np.testing.assert_allclose(utilities(case, party), expected, atol=1e-12)


@given(st.integers(0, len(UPSTREAM) - 1), st.integers(0, 40), st.text('<>&"/ =ax1-🙂', max_size=6))
@settings(max_examples=150)
def test_a_damaged_profile_is_imported_or_refused_but_never_fails(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, put: str
) -> None:
    top = tmp_path_factory.mktemp("torn")
    damaged = UPSTREAM[:at] + put + UPSTREAM[at + cut :]
    folder = write(top / "d", d__xml=DOMAIN, a__xml=damaged, b__xml=DOWNSTREAM)
    try:
        load(import_genius(folder, top / "case", as_of=DAY))
        return
    except ZopaError as error:
        refused = error
    assert refused.problems
    assert all(problem.code.startswith("import-") for problem in refused.problems)


# ---- the twelve domains of ../shared/data/genius -------------------------------------------------------------------

DOMAINS = json.loads((SHARED / "genius/expected.json").read_text())["domains"] if SHARED.exists() else []


def reference(profile: Path) -> np.ndarray:
    """Utilities of all packages straight from the XML, by another reader and other code."""
    root = ET.parse(profile).getroot()
    objective = root.find("objective")
    weights = {w.get("index"): float(w.get("value")) for w in objective.findall("weight")}
    out = np.zeros(1)
    for issue in objective.findall("issue"):
        values = np.array([float(item.get("evaluation")) for item in issue.findall("item")])
        out = np.add.outer(out, weights[issue.get("index")] * values / values.max()).ravel()
    return out / sum(weights.values())


def frontier(points: np.ndarray) -> np.ndarray:
    """Distinct points no other point dominates."""
    points = np.unique(points, axis=0)[::-1]
    kept: list[np.ndarray] = []
    for point in points[np.argsort(-points.sum(axis=1), kind="stable")]:
        if not any((other >= point).all() for other in kept):
            kept.append(point)
    return np.array(kept)


@pytest.mark.skipif(not DOMAINS, reason="development data ../shared/data/genius is not here")
@pytest.mark.parametrize("domain", DOMAINS, ids=lambda d: d["name"])
def test_known_answers_of_a_genius_domain(domain: dict, tmp_path: Path) -> None:
    """Answers computed by brute force in expected.json (Genius semantics, discount ignored), to 1e-9."""
    folder = SHARED / "genius" / domain["name"]
    case = load(import_genius(folder, tmp_path / "case", as_of=DAY))
    assert [i.name.get("en") for i in case.issues.values()] == domain["issues"]
    assert [len(i.options) for i in case.issues.values()] == domain["issue_sizes"]
    points = np.stack([utilities(case, party) for party in case.parties], axis=1)
    for k, profile in enumerate(domain["profiles"]):
        np.testing.assert_allclose(points[:, k], reference(folder / profile), atol=1e-12)
    drawn = read_case(tmp_path / "case").draws(2).table
    for k in range(len(case.parties)):
        grids = np.meshgrid(*(options[1, k] for options in drawn.contributions), indexing="ij")
        np.testing.assert_allclose(sum(g.ravel() for g in grids), points[:, k], atol=1e-12)
    reserved = np.array([case.preferences[p].no_deal.value.estimate.params[0] for p in case.parties])
    assert reserved.tolist() == domain["reserved"]
    expected = domain["expected"]
    assert len(points) == domain["n_outcomes"] == expected["n"]
    gains = points - reserved
    # Plain floats, no tolerance, as expected.json has it: of CarA2012's 15 packages worth exactly the reserved 0.5,
    # rounding lifts 3 above it (exact fractions give 12,498 of 15,625 strictly above, floats 12,501).
    weak = (gains >= 0).all(axis=1)
    assert (gains > 0).all(axis=1).mean() == pytest.approx(expected["rational_fraction_strict"], abs=1e-9)
    assert weak.mean() == pytest.approx(expected["rational_fraction_weak"], abs=1e-9)
    rational = points[weak]
    nash = rational[np.prod(rational - reserved, axis=1).argmax()]
    # NiceOrDie has two mirror-image Nash points; either is one.
    assert np.prod(nash - reserved) == pytest.approx(np.prod(np.array(expected["nash"]) - reserved), abs=1e-9)
    assert points.sum(axis=1).max() == pytest.approx(expected["max_welfare_sum"], abs=1e-9)
    egalitarian = (rational - reserved).min(axis=1).max()
    assert egalitarian == pytest.approx(min(np.array(expected["egalitarian"]) - reserved), abs=1e-9)
    ideal = rational.max(axis=0) - reserved
    ks = ((rational - reserved) / ideal).min(axis=1).max()
    assert ks == pytest.approx(min((np.array(expected["ks_maximin"]) - reserved) / ideal), abs=1e-9)
    best = frontier(np.round(rational, 12))
    assert len(best) == expected["pareto_unique"]
