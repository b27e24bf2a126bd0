"""Draws and switches: keyed streams, contradicting origins, ignorance, and the zero line, as properties."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa.case.draws
import zopa.case.evidence
import zopa.claims.weight
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from zopa.case.case import Case
from zopa.case.draws import INNER, Draws, Evidence, pieces
from zopa.case.evidence import EXACT, Switches, _conditional, _independent_sets
from zopa.case.fields import Citation
from zopa.case.quantities import Basis, quantities
from zopa.errors import IncompleteCaseError
from zopa.estimate import uniforms

N = 400
weights = st.floats(0.02, 0.98)


# -- cases to draw -------------------------------------------------------------------------------------------------


def record(n: int = 6, **given: Any) -> tuple[Any, ...]:
    """Claims ``c0`` … each of an origin of its own."""
    return tuple(claim(f"c{k}", f"claim {k}", kind="offer", **given) for k in range(n))


def table(**changes: Any) -> dict[str, Any]:
    """Two issues, two parties, a red line and two readings, every entry on a claim of its own."""
    file: dict[str, Any] = {
        "issues": {
            "land": {
                "name": "land",
                "status_quo": "none",
                "options": [{"id": o, "name": o} for o in ("none", "some", "most", "all")],
            },
            "water": {
                "name": "water",
                "status_quo": "old",
                "options": [{"id": o, "name": o} for o in ("old", "new", "shared")],
            },
        },
        "preferences": {
            "left": {
                "land": {
                    "weight": "10 to 30",
                    "best": "all",
                    "worst": "none",
                    "values": {"some": "0.2 to 0.5"},
                    "because": ["c0"],
                },
                "water": {"weight": "20 to 60", "best": "new", "worst": "old", "because": ["c1"]},
                "no_deal": {"value": "0.1 to 0.4", "because": ["c2"]},
            },
            "right": {
                "land": {"weight": "30 to 60", "best": "none", "worst": "all", "because": ["c3"]},
                "water": {"weight": "5 to 20", "best": "old", "worst": "new", "assumed": True},
                "no_deal": {"value": "0.3 to 0.6", "because": ["c4"]},
            },
        },
        "red_lines": [
            {
                "id": "line",
                "party": "right",
                "issue": "land",
                "rejects": ["all", "most"],
                "firm": "0.4 to 0.9",
                "cost": "0.2 to 0.6",
                "because": ["c5"],
            }
        ],
        "readings": {
            "left": [
                {
                    "id": "eager",
                    "prior": "0.2 to 0.6",
                    "sets": {"preferences.left.no_deal.value": "0.01 to 0.1"},
                    "because": ["c1"],
                },
                {"id": "other"},
            ]
        },
    }
    return {**file, **changes}


def arrays(draws: Draws) -> dict[str, np.ndarray]:
    """Everything a case of ``table`` draws, by name."""
    t = draws.table
    out = {"weights": t.weights, "reserve": t.reserve, "refuses": t.refuses}
    for i, issue in enumerate(t.issues):
        out |= {f"values/{issue}": t.values[i], f"vetoes/{issue}": t.vetoes[i], f"costs/{issue}": t.costs[i]}
    return out


def same(a: Mapping[str, np.ndarray], b: Mapping[str, np.ndarray]) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a)


def edited(file: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """The file with one value replaced; its other parts are shared."""
    head, _, rest = path.partition(".")
    return {**file, head: edited(file[head], rest, value) if rest else value}


# -- streams -------------------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 99), n=st.integers(1, 200), start=st.integers(0, 300))
def test_a_number_depends_on_seed_name_and_draw_only(seed: int, n: int, start: int):
    whole = uniforms(seed, "some/name", start + n)
    assert np.array_equal(whole[start:], uniforms(seed, "some/name", n, start=start))
    assert ((whole >= 0) & (whole < 1)).all()


def test_streams_of_different_names_and_seeds_are_unrelated():
    a, b, c = uniforms(0, "a", 4000), uniforms(0, "b", 4000), uniforms(1, "a", 4000)
    for x, y in ((a, b), (a, c)):
        assert abs(np.corrcoef(x, y)[0, 1]) < 0.05
    assert a.mean() == pytest.approx(0.5, abs=0.02)


@given(n=st.integers(1, 5 * INNER), more=st.integers(1, 3 * INNER))
@settings(max_examples=20)
def test_a_draw_does_not_depend_on_how_many_there_are(n: int, more: int):
    few, many = (Draws(case(table(), *record()), size) for size in (n, n + more))
    first = {name: array[:n] for name, array in arrays(many).items()}
    assert same(arrays(few), first)
    assert np.array_equal(few.group, many.group[:n])


EDITS = {
    "preferences.left.land.weight": "40 to 70",
    "preferences.left.land.values": {"some": 0.9},
    "preferences.left.no_deal": {"value": 0.9, "because": ["c2"]},
    "preferences.right.no_deal": {"value": "0.8 to 0.9", "assumed": True},
    "preferences.right.no_deal.value": 0.05,
}


@pytest.mark.parametrize("path", EDITS)
def test_editing_one_quantity_changes_no_other_draw(path: str):
    before, after = (Draws(case(f, *record()), N) for f in (table(), edited(table(), path, EDITS[path])))
    names = set(before.quantities) & set(after.quantities)
    moved = {q for q in names if q == path or q.startswith(path + ".")}
    for name in names - moved:
        if _bounded(before, name):
            assert np.array_equal(before.number(name), after.number(name))
        for old, new in zip(before.stated(name), after.stated(name), strict=True):
            assert np.array_equal(old, new)
    old_holds, new_holds = before.switches.holds, after.switches.holds
    for origin in set(old_holds) & set(new_holds):
        assert np.array_equal(old_holds[origin], new_holds[origin])
    # The other party's numbers, and the other issue's values, are the same to the last bit.
    old, new = arrays(before), arrays(after)
    party = 1 if path.split(".")[1] == "left" else 0
    assert np.array_equal(old["weights"][:, party], new["weights"][:, party])
    assert np.array_equal(old["values/water"], new["values/water"])
    assert np.array_equal(old["vetoes/land"], new["vetoes/land"])


def _bounded(draws: Draws, name: str) -> bool:
    return draws.quantities[name].number.span.finite


@pytest.mark.filterwarnings("error")
def test_adding_and_removing_a_section_changes_no_other_draw():
    bare = {k: v for k, v in table().items() if k not in ("red_lines", "readings")}
    more = table(
        moves=[
            {"id": "m", "party": "left", "on": "2024-03-01", "name": "a move", "chosen": "a", "assumed": True}
        ],
        red_lines=[
            *table()["red_lines"],
            {"party": "left", "issue": "water", "rejects": ["old"], "firm": 0.5, "assumed": True},
        ],
    )
    first, second, third = (arrays(Draws(case(f, *record()), N)) for f in (bare, table(), more))
    assert np.array_equal(first["weights"], second["weights"])
    assert np.array_equal(first["reserve"][:, 1], second["reserve"][:, 1])
    assert same(
        {k: second[k] for k in second if "water" not in k}, {k: third[k] for k in third if "water" not in k}
    )


def _table_of(seed: int) -> dict[str, np.ndarray]:
    return arrays(Draws(case(table(), *record()), N, seed))


def test_threads_change_nothing():
    alone = [_table_of(seed) for seed in range(6)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(_table_of, range(6)))
    assert all(same(a, b) for a, b in zip(alone, together, strict=True))
    shared = Draws(case(table(), *record()), N)
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(shared.number, ["preferences.left.no_deal.value"] * 8))
    assert all(np.array_equal(numbers[0], other) for other in numbers)


# -- parties -------------------------------------------------------------------------------------------------------


def test_the_order_of_the_parties_only_orders_the_party_axis():
    names = ("left", "right")
    listed = {name: {"name": name, "role": "negotiator"} for name in names}
    one = arrays(Draws(case(table(parties=listed), *record()), N))
    other = arrays(Draws(case(table(parties=dict(reversed(listed.items()))), *record()), N))
    assert same(one, {name: array[:, ::-1] for name, array in other.items()})


def test_swapping_the_parties_mirrors_everything(monkeypatch: pytest.MonkeyPatch):
    """With every stream renamed as the parties are, nothing else in a draw knows who is who."""
    one = arrays(Draws(case(table(), *record(party="left")), N))
    swapped = case(_renamed(table(), {"left": "right", "right": "left"}), *record(party="right"))

    def renamed(seed: int, name: str, n: int, *, start: int = 0) -> np.ndarray:
        return uniforms(seed, _swap(name), n, start=start)

    for module in (zopa.case.draws, zopa.case.evidence, zopa.claims.weight):
        monkeypatch.setattr(module, "uniforms", renamed)
    other = arrays(Draws(swapped, N))
    assert same(one, {name: array[:, ::-1] for name, array in other.items()})


def _swap(text: str) -> str:
    return text.replace("left", "\0").replace("right", "left").replace("\0", "right")


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {_swap(k): _renamed(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, names) for v in value]
    return _swap(value) if isinstance(value, str) else value


# -- evidence ------------------------------------------------------------------------------------------------------


def test_no_claims_no_numbers_but_ignorance():
    silent = case(table(), record=ledger())
    cited, none = (arrays(silent.draws(N, evidence=e)) for e in ("cited", "none"))
    assert same(cited, none)


def test_the_zero_line_is_the_same_whatever_the_evidence_says():
    bold = edited(table(), "preferences.left.no_deal.value", 0.99)
    assert same(
        arrays(case(table(), *record()).draws(N, evidence="none")),
        arrays(case(bold, *record()[:3]).draws(N, evidence="none")),
    )


def test_ignorance_by_kind():
    drawn = case(table(), *record()).draws(20_000, evidence="none")
    t = drawn.table
    # Flat Dirichlet over two issues: the share of one is uniform.
    assert np.quantile(t.weights[:, 0, 0], [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.02)
    # Between worst and best: uniform, in order.
    assert (np.diff(t.values[0][:, 0], axis=1) >= 0).all()
    assert (np.diff(t.values[0][:, 1], axis=1) <= 0).all()
    inner = t.values[0][:, 0, 1:3].mean(axis=0)
    assert inner == pytest.approx([1 / 3, 2 / 3], abs=0.01)
    # Red lines are absent, walk-away values uniform.
    assert not t.vetoes[0].any()
    assert not t.costs[0].any()
    assert t.reserve.mean() == pytest.approx(0.5, abs=0.01)


@given(dropped=st.sampled_from(["c0", "c1", "c2", "c3", "c4", "c5"]))
@settings(max_examples=12)
def test_deleting_a_citation_never_narrows_what_it_held(dropped: str):
    before = Draws(case(table(), *record()), 2000)
    after = Draws(case(_without(table(), dropped), *record()), 2000)
    for path, quantity in before.quantities.items():
        held, left = before.stands(quantity.basis), after.stands(after.quantities[path].basis)
        assert (left <= held).all()
        if dropped in quantity.basis.claims and quantity.number.estimate.known and _bounded(before, path):
            # The estimate stands nowhere now: its spread is at least what it was.
            assert not left.any()
            assert _spread(after.number(path)) >= _spread(before.number(path)) - 0.02


def _spread(values: np.ndarray) -> float:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(high - low)


def _without(value: Any, dropped: str) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v, dropped) for k, v in value.items()}
    if isinstance(value, list):
        return [_without(v, dropped) for v in value if v != dropped]
    return value


def test_deleting_a_citation_never_narrows_a_party_s_utility():
    """Where what is stated lies amid what ignorance allows: an extreme estimate mixed with ignorance spreads wider still."""
    file = table(
        preferences={
            party: {
                "land": {"weight": "45 to 55", "best": best, "worst": worst, "values": inner, "because": [c]},
                "water": {"weight": "45 to 55", "best": "new", "worst": "old", "because": [d]},
            }
            for party, best, worst, c, d in (
                ("left", "all", "none", "c0", "c1"),
                ("right", "none", "all", "c2", "c3"),
            )
            for inner in [{"some": "0.4 to 0.5", "most": "0.5 to 0.6"}]
        },
        readings={},
        red_lines=[],
    )
    file["preferences"]["right"]["land"]["values"] = {"some": "0.5 to 0.6", "most": "0.4 to 0.5"}
    whole = Draws(case(file, *record()), 6000).table
    for dropped, p in (("c0", 0), ("c1", 0), ("c2", 1), ("c3", 1)):
        less = Draws(case(_without(file, dropped), *record()), 6000).table
        for package in ((1, 0), (2, 0), (1, 1), (2, 1)):
            assert _spread(_utility(less, p, package)) >= _spread(_utility(whole, p, package))
            assert np.array_equal(_utility(less, 1 - p, package), _utility(whole, 1 - p, package))


def _utility(t: Any, p: int, package: tuple[int, int]) -> np.ndarray:
    return sum(t.contributions[i][:, p, k] for i, k in enumerate(package))


def test_one_of_two_citations_deleted_leaves_the_draws_of_the_other():
    both = Basis((Citation(claim="c0"), Citation(claim="c1")))
    drawn = Draws(case(table(), *record()), 2000)
    held = drawn.stands(both)
    for one in both.because:
        left = drawn.stands(Basis((one,)))
        assert (left <= held).all()
        assert left.mean() < held.mean()


def test_an_entry_stands_or_falls_with_no_regard_to_what_else_is_cited():
    """Another entry citing the same origin, however strongly, moves none of its draws."""
    weak = {"claim": "c2", "bearing": "0.1 to 0.3"}
    file = edited(table(), "preferences.left.no_deal.because", [weak])
    alone, beside = (
        case(file, *record()),
        case({**file, "agendas": {"a": {"issues": ["land"], "because": ["c2"]}}}, *record()),
    )
    path = "preferences.left.no_deal.value"
    one, other = (Draws(c, N).stated(path)[1] for c in (alone, beside))
    assert np.array_equal(one, other)


def test_a_weaker_citation_holds_only_where_a_stronger_one_of_its_origin_does():
    drawn = Draws(case(table(), *record()), 4000)
    strong, weak, same_ = (
        drawn.switches.citation_holds(c)
        for c in (
            Citation.model_validate({"claim": "c0", "bearing": "0.7 to 0.9"}),
            Citation.model_validate({"claim": "c0", "bearing": "0.2 to 0.4"}),
            Citation.model_validate({"claim": "c0", "bearing": "0.7 to 0.9"}),
        )
    )
    assert np.array_equal(strong, same_)
    assert (weak <= strong).all()
    assert weak.any()
    assert weak.mean() < strong.mean()


# -- contradicting origins -----------------------------------------------------------------------------------------


def quarrel(*edges: tuple[int, int], n: int = 3) -> Case:
    """A case whose claims contradict each other along the edges, and nowhere else."""
    notes = [{"a": f"c{a}", "b": f"c{b}"} for a, b in edges]
    return case(table(contradictions=notes), *record(max(6, n)))


def switches(found: Case, n: int = N, **force: bool) -> Switches:
    cited = tuple(Citation(claim=c.id) for c in found.ledger.claims)
    return Switches(found, 0, np.arange(n) // INNER, cited, force)


def brute_force(w: Sequence[float], edges: Sequence[tuple[int, int]]) -> dict[tuple[bool, ...], float]:
    """Independent switches, conditioned on no contradicting pair holding together."""
    out: dict[tuple[bool, ...], float] = {}
    for state in np.ndindex(*(2,) * len(w)):
        if not any(state[a] and state[b] for a, b in edges):
            out[tuple(bool(x) for x in state)] = float(
                np.prod([p if x else 1 - p for p, x in zip(w, state, strict=True)])
            )
    total = sum(out.values())
    return {state: p / total for state, p in out.items()}


@given(a=weights, b=weights)
def test_two_contradicting_origins_follow_the_formula(a: float, b: float):
    on, chance = _independent_sets(np.array([[a, b]]), [(0, 1)])
    share = chance[0] / chance.sum()
    found = {tuple(row): p for row, p in zip(on.tolist(), share, strict=True)}
    assert found[(1, 0)] == pytest.approx(a * (1 - b) / (1 - a * b))
    assert found[(0, 1)] == pytest.approx(b * (1 - a) / (1 - a * b))
    assert found[(0, 0)] == pytest.approx((1 - a) * (1 - b) / (1 - a * b))
    assert (1, 1) not in found


@given(w=st.lists(weights, min_size=2, max_size=5), data=st.data())
@settings(max_examples=30)
def test_drawing_one_by_one_gives_the_whole_distribution(w: list[float], data: st.DataObject):
    k = len(w)
    every = [(a, b) for a in range(k) for b in range(a + 1, k)]
    edges = data.draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    n = 6000
    u = np.stack([uniforms(7, f"m{m}", n) for m in range(k)], axis=1)
    on = u < _conditional(np.tile(w, (n, 1)), edges, u)
    assert not any((on[:, a] & on[:, b]).any() for a, b in edges)
    for state, p in brute_force(w, edges).items():
        share = (on == np.array(state)).all(axis=1).mean()
        assert share == pytest.approx(p, abs=4.5 * np.sqrt(p * (1 - p) / n) + 1e-3)


def test_a_contradicting_pair_never_both_holds_and_its_frequencies_match():
    found = switches(quarrel((0, 1)), 40_000)
    held = found.holds["o-c0"], found.holds["o-c1"]
    assert not (held[0] & held[1]).any()
    standing = found.standing()
    for k, on in enumerate(held):
        assert on.mean() == pytest.approx(standing[f"o-c{k}"].mean(), abs=0.01)
    w = found.weigher.weight(found.case.ledger.origins["o-c0"])
    assert standing["o-c0"] == pytest.approx(w * (1 - w) / (1 - w * w))
    assert standing["o-c5"] == pytest.approx(w)


@given(w=st.lists(weights, min_size=3, max_size=3))
def test_an_agreeing_origin_never_lowers_another(w: list[float]):
    """Origins 0 and 2 agree, 1 contradicts both: with 2 in the record, 0 holds no less often."""
    alone, together = brute_force(w[:2], [(0, 1)]), brute_force(w, [(0, 1), (1, 2)])
    on, chance = _independent_sets(np.array([w]), [(0, 1), (1, 2)])
    shares = (chance @ on / chance.sum(axis=1, keepdims=True))[0]
    first = sum(p for state, p in together.items() if state[0])
    assert shares[0] == pytest.approx(first)
    assert first >= sum(p for state, p in alone.items() if state[0]) - 1e-12


def test_an_unrelated_or_agreeing_origin_changes_no_draw_of_another():
    few, many = Draws(case(table(), *record()), N), Draws(case(table(), *record(), claim("c9", "more")), N)
    assert same(arrays(few), arrays(many))


def test_removing_one_side_of_a_contradiction_only_lets_the_other_hold_more():
    whole = quarrel((0, 1), (1, 2))
    before, after = switches(whole, 4000).holds, switches(whole.without(["c1"]), 4000).holds
    for origin in ("o-c0", "o-c2"):
        assert (before[origin] <= after[origin]).all()
        assert before[origin].mean() < after[origin].mean()
    for origin in ("o-c3", "o-c4", "o-c5"):
        assert np.array_equal(before[origin], after[origin])


def test_the_order_of_claims_and_of_notes_does_not_matter():
    found = quarrel((0, 1), (1, 2))
    turned = replace(found, ledger=ledger(*reversed(found.ledger.claims)))
    notes = tuple(reversed(found.file.contradictions))
    turned = replace(turned, file=found.file.model_copy(update={"contradictions": notes}))
    assert same(arrays(found.draws(N)), arrays(turned.draws(N)))
    assert same(dict(switches(found).holds), dict(switches(turned).holds))


def test_a_forced_switch_decides_itself_and_what_contradicts_it():
    found = quarrel((0, 1))
    on, off = switches(found, 4000, **{"o-c0": True}), switches(found, 4000, **{"o-c0": False})
    assert on.holds["o-c0"].all()
    assert not on.holds["o-c1"].any()
    assert not off.holds["o-c0"].any()
    alone = switches(found.without(["c0"]), 4000).holds["o-c1"]
    assert np.array_equal(off.holds["o-c1"], alone)
    assert np.array_equal(on.holds["o-c3"], off.holds["o-c3"])
    assert on.citation_holds(Citation(claim="c0")).all()
    neither = switches(found, 100, **{"o-c0": True, "o-c1": True})
    assert not (neither.holds["o-c0"] & neither.holds["o-c1"]).any()


def test_large_groups_of_contradictions_are_drawn_by_gibbs_sweeps():
    n = EXACT + 3
    star = tuple((0, k) for k in range(1, n))
    found = switches(quarrel(*star, n=n), 20_000)
    held = np.stack([found.holds[f"o-c{k}"] for k in range(n)], axis=1)
    assert not (held[:, :1] & held[:, 1:]).any()
    # Of a star the distribution is known: the centre holds with w ∏(1−w) / (w ∏(1−w) + 1 − w).
    w = float(found.weigher.weight(found.case.ledger.origins["o-c0"]).mean())
    centre = w * (1 - w) ** (n - 1)
    assert held[:, 0].mean() == pytest.approx(centre / (centre + 1 - w), abs=0.02)
    assert held[:, 1].mean() == pytest.approx((1 - w) * w / (centre + 1 - w), abs=0.03)
    assert set(found.standing()) == set(found.holds)


# -- shares and readings -------------------------------------------------------------------------------------------


def test_shares_sum_to_one_and_stated_ones_keep_their_proportions():
    file = table()
    drawn = case(file, *record()).draws(4000)
    paths = [f"preferences.left.{i}.weight" for i in ("land", "water")]
    shares = drawn.shares(paths)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    (land, land_holds), (water, water_holds) = (drawn.stated(p) for p in paths)
    both = land_holds & water_holds
    assert both.any()
    assert shares[both, 0] == pytest.approx((land / (land + water))[both])
    neither = ~land_holds & ~water_holds
    assert neither.any()
    assert shares[neither, 0].mean() == pytest.approx(0.5, abs=0.03)


def test_points_that_are_all_zero_share_alike():
    points = {"weight": 0, "best": "all", "worst": "none", "assumed": True}
    file = edited(table(), "preferences.left.land", points)
    file = edited(
        file, "preferences.left.water", {"weight": 0, "best": "new", "worst": "old", "assumed": True}
    )
    assert case(file, *record()).draws(50).table.weights[:, 0] == pytest.approx(0.5)


def test_a_reading_overrides_where_it_is_drawn_and_its_entry_stands():
    drawn = case(table(), *record()).draws(4000)
    eager = drawn.reading("left") == 0
    reserve = drawn.table.reserve[:, 0]
    stands = drawn.entry_stands(drawn.case.file.readings["left"][0])
    assert reserve[eager & stands].mean() < 0.15
    assert np.array_equal(
        drawn.case.draws(4000, evidence="none").table.reserve[:, 0] < 2, np.ones(4000, dtype=bool)
    )
    assert drawn.reading("right").max() == 0


# -- what is missing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issues": {}, "preferences": {}, "red_lines": [], "readings": {}}, "needs-issues"),
        ({"preferences": {}, "readings": {}}, "needs-preference"),
        ({"parties": {"host": {"name": "host", "role": "host"}}}, "needs-negotiators"),
    ],
)
def test_a_section_that_is_missing_is_named(change: dict[str, Any], code: str):
    with pytest.raises(IncompleteCaseError) as error:
        _ = case(table(**change), *record()).draws(10).table
    assert [p.code for p in error.value.problems] == [code]


def test_every_estimate_has_its_path_its_basis_and_its_party():
    found = quantities(case(table(), *record()).file)
    assert {path: (q.party, q.basis.claims, q.basis.assumed) for path, q in found.items()} == {
        "readings.left.eager.prior": ("left", ("c1",), False),
        "readings.left.other.prior": ("left", (), False),
        "preferences.left.land.weight": ("left", ("c0",), False),
        "preferences.left.land.values.some": ("left", ("c0",), False),
        "preferences.left.water.weight": ("left", ("c1",), False),
        "preferences.left.no_deal.value": ("left", ("c2",), False),
        "preferences.right.land.weight": ("right", ("c3",), False),
        "preferences.right.water.weight": ("right", (), True),
        "preferences.right.no_deal.value": ("right", ("c4",), False),
        "red_lines.line.firm": ("right", ("c5",), False),
        "red_lines.line.cost": ("right", ("c5",), False),
    }


def test_draws_of_nothing_are_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        case(table(), *record()).draws(0)


# -- pieces --------------------------------------------------------------------------------------------------------


def everything(draws: Draws) -> dict[str, np.ndarray]:
    """The table, the readings, the outer groups and every number, by name."""
    out = arrays(draws) | {"reading": draws.reading("left"), "group": draws.group}
    ranged = [path for path, quantity in draws.quantities.items() if quantity.number.span.finite]
    return out | {path: draws.number(path) for path in ranged}


@given(size=st.integers(1, N), evidence=st.sampled_from(["all", "cited", "none"]))
@settings(max_examples=15, deadline=None)
def test_pieces_put_together_are_the_draws(size: int, evidence: Evidence):
    whole = case(table(contradictions=[{"a": "c0", "b": "c1"}]), *record()).draws(
        N, seed=3, evidence=evidence
    )
    with patch.object(zopa.case.draws, "PIECE", size):
        parts = [everything(piece) for piece in whole.pieces()]
        assert sum(len(part["group"]) for part in parts) == N
        together = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        assert same(together, everything(whole))


def test_pieces_of_several_ways_share_streams_and_switches():
    found = case(table(), *record())
    ways: dict[Evidence, Draws] = {e: found.draws(N, evidence=e) for e in ("all", "cited", "none")}
    with patch.object(zopa.case.draws, "PIECE", 150):
        for cut in pieces(ways):
            assert {e: (d.evidence, d.whole) for e, d in cut.items()} == {e: (e, ways[e]) for e in ways}
            assert cut["all"].streams is cut["cited"].streams is cut["none"].streams
            assert all(d.switches is ways["all"].switches for d in cut.values())
    few = next(pieces(ways))
    assert few is ways


def test_draws_that_are_picked_do_not_come_in_pieces():
    drawn = replace(case(table(), *record()).draws(N), pick=np.zeros(N, dtype=np.int64))
    with pytest.raises(ValueError, match="picked"):
        next(drawn.pieces())


def test_an_option_is_worth_the_same_by_itself_as_in_the_table():
    for evidence in ("all", "cited", "none"):
        drawn = case(table(), *record()).draws(N, evidence=evidence)
        for p, party in enumerate(drawn.table.parties):
            for i, issue in enumerate(drawn.table.issues):
                for option in range(drawn.table.values[i].shape[2]):
                    one = drawn.contribution(party, issue, option)
                    assert np.array_equal(one, drawn.table.contributions[i][:, p, option])
                    assert np.array_equal(
                        drawn.barred(party, issue, option)[0], drawn.table.vetoes[i][:, p, option]
                    )


def test_a_citation_that_is_none_of_the_cases_own_is_drawn_with_its_origin():
    drawn = Draws(case(table(contradictions=[{"a": "c0", "b": "c1"}]), *record()), 4000)
    before = dict(drawn.switches.holds)
    weak = drawn.switches.citation_holds(Citation.model_validate({"claim": "c0", "bearing": "0.05 to 0.1"}))
    assert 0 < weak.sum() < before["o-c0"].sum() and (weak <= before["o-c0"]).all()
    assert same(before, dict(drawn.switches.holds))
