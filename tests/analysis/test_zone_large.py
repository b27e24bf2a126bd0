"""The zone where there are too many packages to count each: the same answers, found by search, and what is said."""

from typing import Any

import pytest

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from zopa.analysis import _zone_packages, zone
from zopa.methods import fixed_package

N = 100


def many(number: int, options: str = "abc", no_deal: object = "0.4 to 0.6") -> dict[str, Any]:
    """Sides that want the opposite on all issues but every third, and weigh them in opposite order."""
    names = [f"i{k:02}" for k in range(number)]
    first, last = options[0], options[-1]
    sides: dict[str, Any] = {}
    for side, own in (("left", 1), ("right", -1)):
        sides[side] = {
            name: {
                "weight": f"{2 + k if own > 0 else 1 + number - k} to {12 + k if own > 0 else 11 + number - k}",
                "best": last if own > 0 or k % 3 == 0 else first,
                "worst": first if own > 0 or k % 3 == 0 else last,
                "assumed": True,
            }
            for k, name in enumerate(names)
        }
        sides[side]["no_deal"] = {"value": no_deal, "assumed": True}
    line = {"party": "right", "issue": "i01", "rejects": ["b"], "firm": "0.3 to 0.6", "assumed": True}
    return {
        "issues": {name: tables.issue(name, *options) for name in names},
        "preferences": sides,
        "red_lines": [{"id": "no-b", "cost": "0.1 to 0.2", **line}],
    }


def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_zone_packages, zone):
        monkeypatch.setattr(module, "MAX_PACKAGES", 10)


def test_the_search_gives_what_counting_gives(monkeypatch: pytest.MonkeyPatch):
    debated = tables.debated()
    counted = zopa.zone(debated, draws=N)
    searched(monkeypatch)
    monkeypatch.setattr(_zone_packages, "MAX_PACKAGES", 8)
    found = zopa.zone(debated, draws=N)
    assert counted.search is None
    assert found.search is not None
    assert found.search.proven and found.search.proven_cited and found.search.proven_zero
    assert found.exists == counted.exists
    assert found.best.chance == counted.best.chance
    assert found.best.options == counted.best.options
    assert [row.chance.value for row in found.rows()] == [row.chance.value for row in counted.rows()]
    assert found.nearest == counted.nearest
    assert found.lifts == counted.lifts


def test_sixteen_issues_of_three_options():
    found = zopa.zone(case(many(16)), draws=N)
    assert found.parameters["packages"] == 3**16
    assert found.search is not None
    assert found.best.chance.value <= found.exists.value
    assert found.best.chance.value >= max(row.chance.value for row in found.rows()[2:])
    for lang, words in (("en", "too many packages to count each"), ("zh", "多到无法逐一计数")):
        assert any(words in note for note in found.notes(lang))
        assert "43,046,721" in found.notes(lang)[-1]
        assert all(table.rows for table in found.tables(lang))
    assert not any(row.proven for row in found.changes)


def test_what_is_not_proven_is_not_called_the_best(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        fixed_package.sought_package,
        "__kwdefaults__",
        {**fixed_package.sought_package.__kwdefaults__, "visits": 0},
    )
    found = zopa.zone(case(many(16)), draws=N)
    assert found.search is not None
    assert not found.search.proven
    assert "The best single package that was found" in found.headline("en")
    assert "所找到的最佳单一方案" in found.headline("zh")
    assert "A better one has not been ruled out" in " ".join(found.notes("en"))
    assert "尚未排除有更好的方案" in " ".join(found.notes("zh"))
    assert found.table("en").rows[1][0].startswith("Best single package found")


def test_of_many_draws_without_a_zone_some_are_looked_into(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zone, "FEWER", 120)
    found = zopa.zone(case(many(16, no_deal="0.75 to 0.9")), draws=400)
    assert found.search is not None
    assert found.search.of_empty == round(400 * (1 - found.exists.value))
    assert found.search.empty == min(120, found.search.of_empty) == 120
    assert found.nearest[0].share.value == 1.0
    assert any("120, evenly spaced" in note for note in found.notes("en"))
    assert any("等距抽取120次" in note for note in found.notes("zh"))


# -- nothing that suits everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_packages_that_suit_nobody_are_left_out_and_said_so(lang: str):
    found = zopa.zone(case(tables.linkage(no_deal=0.9)), draws=50)
    assert [row.measure for row in found.rows()] == ["exists", "best"]
    table = found.table(lang)
    assert table.rows[1][0] == (
        "Best single package: none suits every side in any draw"
        if lang == "en"
        else "最佳单一方案：没有一个在任何一次抽样中为各方所接受"
    )
    assert table.rows[1][-2:] == ("—", "—")
    words = "No package is listed" if lang == "en" else "未列出任何方案"
    assert any(note.startswith(words) for note in found.notes(lang))


def test_a_package_asked_for_is_listed_all_the_same():
    found = zopa.zone(case(tables.linkage(no_deal=0.9)), draws=50, packages=[{"x": "yes", "y": "yes"}])
    assert [row.measure for row in found.rows()] == ["exists", "best", "package"]
    assert found.table("en").rows[2][0].startswith("X: yes x")


def test_of_packages_that_suit_in_some_draws_only_those_are_listed():
    found = zopa.zone(case(tables.linkage(no_deal=0.4)), draws=50)
    assert [row.chance.value for row in found.rows()] == [1.0, 1.0]
    assert any("in no draw at all are not listed" in note for note in found.notes("en"))
