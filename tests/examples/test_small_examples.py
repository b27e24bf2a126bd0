"""The two small examples: their numbers against the published ones, their claims against their sources."""

import itertools
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from tests.shared import shared_data
from zopa.case.examples import open_case
from zopa.case.fields import Localised, plain
from zopa.case.format import format_case
from zopa.case.model import CaseFile
from zopa.claims.claim import Claim, verified
from zopa.claims.source import parse_header, split_header

EXAMPLES = Path(str(files("zopa") / "examples"))
SMALL = ("england-zimbabwe", "elmira")


def yaml(text: str) -> Any:
    return plain(YAML(typ="safe", pure=True).load(text))


def example(name: str) -> CaseFile:
    return CaseFile.model_validate(yaml((EXAMPLES / name / "case.yaml").read_text(encoding="utf-8")))


def claims(name: str) -> list[Claim]:
    lines = (EXAMPLES / name / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    return [Claim.model_validate_json(line) for line in lines]


def text_of(name: str, source: str) -> str:
    return split_header((EXAMPLES / name / "sources" / f"{source}.md").read_text(encoding="utf-8"))[1]


# ---- both ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SMALL)
def test_every_claim_stands_in_its_source_and_every_citation_is_a_claim(name: str) -> None:
    record = claims(name)
    assert all(verified(claim, text_of(name, claim.source)) for claim in record)
    assert all(claim.review == "accepted" for claim in record)
    assert len({claim.id for claim in record}) == len(record)
    for claim in record:
        # The labelled translation is what the English note says.
        assert claim.translation is not None
        english = text_of(name, f"{claim.source}.en").casefold()
        assert claim.translation["en"].casefold() in english
    cited = re.findall(r"because: \[([^\]]*)\]", (EXAMPLES / name / "case.yaml").read_text(encoding="utf-8"))
    assert {c.strip() for group in cited for c in group.split(",")} == {claim.id for claim in record}


@pytest.mark.parametrize("name", SMALL)
def test_the_example_passes_every_check_in_the_house_format(name: str) -> None:
    case = open_case(name)
    # The published scales of England and Zimbabwe do not start at zero: that is all a check may remark on.
    assert {warning.code for warning in case.warnings} <= {"anchor-value"}
    assert format_case(EXAMPLES / name, write=False) == ()
    assert set(case.ledger.by_id) == {claim.id for claim in claims(name)}


@pytest.mark.parametrize("name", SMALL)
def test_source_notes_say_that_they_are_our_summary(name: str) -> None:
    notes = sorted((EXAMPLES / name / "sources").glob("*.md"))
    assert len(notes) == 2
    for note in notes:
        head, text, _ = split_header(note.read_text(encoding="utf-8"))
        header = parse_header(yaml(head or ""))
        assert header.kind == "summary"
        assert ("不是原文" in text) if header.language == "zh" else ("not the original text" in text)


@pytest.mark.parametrize("name", SMALL)
def test_every_name_is_there_in_both_languages(name: str) -> None:
    def walk(value: object) -> list[Localised]:
        if isinstance(value, Localised):
            return [value]
        if isinstance(value, dict):
            return [text for inner in value.values() for text in walk(inner)]
        if isinstance(value, tuple):
            return [text for inner in value for text in walk(inner)]
        fields = getattr(type(value), "model_fields", {})
        return [text for field in fields if field != "cite" for text in walk(getattr(value, field))]

    texts = walk(example(name))
    assert len(texts) > 15
    for text in texts:
        assert text.en
        assert text.zh
        assert re.search(r"[\u4e00-\u9fff]", text.zh), text
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text


# ---- England and Zimbabwe --------------------------------------------------------------------------------------------

# Genius profiles England.xml and Zimbabwe.xml (yasserfarouk/negmas, tests/data/scenarios/anac/y2010/EnglandZimbabwe),
# after Lin, Kraus, Wilkenfeld and Barry (2008): weight and evaluations an issue, options as in our case.
EVALUATIONS: dict[str, dict[str, tuple[float, list[int]]]] = {
    "england": {
        "fund": (0.3031462333758278, [1, 9, 7, 5]),
        "other-aid": (0.303346839835533, [1, 3, 6, 8]),
        "zimbabwe-trade": (0.049028952379678074, [1, 7, 12]),
        "england-trade": (0.04904500802207314, [10, 6, 1]),
        "forum": (0.29543296638688804, [1, 4, 10, 7]),
    },
    "zimbabwe": {
        "fund": (0.19707980311909024, [1, 5, 7, 9]),
        "other-aid": (0.20134268816210074, [1, 8, 5, 3]),
        "zimbabwe-trade": (0.15406697766287486, [9, 5, 1]),
        "england-trade": (0.15407719183124569, [1, 9, 19]),
        "forum": (0.29343333922468845, [1, 7, 9, 11]),
    },
}
NAMES = {
    "fund": "Size of Fund",
    "other-aid": "Impact on Other Aid",
    "zimbabwe-trade": "Zimbabwe Trade Policy",
    "england-trade": "England Trade Policy",
    "forum": "Forum on Other Health Issues",
}
OPTIONS = {
    "fund": ["No agreement", "$10 billion", "$50 Billion", "$100 Billion"],
    "other-aid": ["No agreement", "No reduction", "Reduction equal to half of fund size", "Reduction equal to fund size"],
    "zimbabwe-trade": ["Zimbabwe will increase tariffs on imports", "No agreement", "Zimbabwe will reduce tariffs on imports"],
    "england-trade": ["England will reduce imports", "No agreement", "England will increase imports"],
    "forum": ["No", "Creation of committee to develop agenda", "Creation of committee to discuss creation of fund", "Creation of fund"],
}  # fmt: skip


def points(case: CaseFile, agenda: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Utilities of both parties (package, party) on an agenda, the other issues at their status quo; and there."""
    sides, quo = [], []
    for party in case.negotiators:
        preferences = case.preferences[party].issues
        total = sum(p.weight.estimate.params[0] for p in preferences.values())
        parts, rest = [], 0.0
        for key, issue in case.issues.items():
            share = preferences[key].weight.estimate.params[0] / total
            values = {o: share * v.estimate.params[0] for o, v in preferences[key].values.items()}
            rest += values[issue.status_quo]
            ids = [o.id for o in issue.options] if key in agenda else [issue.status_quo]
            parts.append(np.array([values[o] for o in ids]))
        sides.append(sum(g.ravel() for g in np.meshgrid(*parts, indexing="ij")))
        quo.append(rest)
    return np.stack(sides, axis=1), np.array(quo)


def test_england_zimbabwe_restates_the_published_profiles() -> None:
    case = example("england-zimbabwe")
    assert list(case.issues) == list(NAMES)
    for party, issues in EVALUATIONS.items():
        for key, (weight, evaluations) in issues.items():
            preference = case.preferences[party].issues[key]
            stated = [preference.values[o.id].estimate.params[0] for o in case.issues[key].options]
            assert stated == [e / max(evaluations) for e in evaluations]
            assert preference.weight.estimate.params == (weight,)
            ids = [o.id for o in case.issues[key].options]
            assert preference.best == ids[evaluations.index(max(evaluations))]
            assert preference.worst == ids[evaluations.index(min(evaluations))]
        no_deal = case.preferences[party].no_deal
        assert no_deal is not None
        assert no_deal.value.estimate.params == (0.0,)


def test_england_zimbabwe_known_answers() -> None:
    """Brute force over 576 packages with no deal at 0 (Genius semantics); numbers of the shared expected.json."""
    case = example("england-zimbabwe")
    both, quo = points(case, tuple(case.issues))
    assert len(both) == 576
    assert both[both.prod(axis=1).argmax()] == pytest.approx([0.9109162864, 0.7332182801], abs=1e-9)
    assert both[both.sum(axis=1).argmax()] == pytest.approx([0.9109162864, 0.7332182801], abs=1e-9)
    assert both[both.min(axis=1).argmax()] == pytest.approx([0.8222863965, 0.7865697963], abs=1e-9)
    assert both[(both / both.max(axis=0)).min(axis=1).argmax()] == pytest.approx(
        [0.8222863965, 0.7865697963], abs=1e-9
    )
    kept = [p for p in both if not ((both >= p).all(axis=1) & (both > p).any(axis=1)).any()]
    assert len(np.unique(np.round(kept, 12), axis=0)) == 25
    assert quo == pytest.approx([0.15917179347238963, 0.23231804837467818], abs=1e-12)


@pytest.mark.parametrize(
    ("agenda", "gaining", "nash"),
    [
        ("everything", None, None),
        ("aid", 0.9375, (0.5044718219875642, 0.49608392412500085)),
        ("trade", 0.0, None),
    ],
)
def test_the_agendas_do_what_their_notes_say(
    agenda: str, gaining: float | None, nash: tuple[float, float] | None
) -> None:
    """Share of packages both sides strictly prefer to the status quo, and the Nash point above it (expected.json)."""
    case = example("england-zimbabwe")
    both, quo = points(case, case.agendas[agenda].issues)
    better = (both > quo + 1e-12).all(axis=1)
    if gaining is None:
        assert set(case.agendas[agenda].issues) == set(case.issues)
        assert better.any()
        return
    assert better.mean() == pytest.approx(gaining, abs=1e-12)
    if nash is None:
        assert not better.any()
    else:
        product = np.where(better, (both - quo).prod(axis=1), -1.0)
        assert both[product.argmax()] == pytest.approx(nash, abs=1e-9)


def test_draws_of_england_zimbabwe_are_the_domain_itself() -> None:
    """Given numbers are the same in every draw, whatever the seed: with all evidence on, the case is the domain."""
    case = open_case("england-zimbabwe")
    both, _ = points(case.file, tuple(case.file.issues))
    for seed in (0, 7):
        table = case.draws(3, seed=seed).table
        assert table.parties == ("england", "zimbabwe")
        assert not table.reserve.any()
        for k in range(2):
            grids = np.meshgrid(*(options[2, k] for options in table.contributions), indexing="ij")
            np.testing.assert_allclose(sum(g.ravel() for g in grids), both[:, k], atol=1e-15)


def test_england_zimbabwe_against_the_shared_files() -> None:
    import xml.etree.ElementTree as ET

    folder = shared_data("genius/EnglandZimbabwe")
    for party in ("England", "Zimbabwe"):
        objective = ET.parse(folder / f"{party}.xml").getroot().find("objective")
        assert objective is not None
        weights = {w.get("index"): float(w.get("value", "")) for w in objective.findall("weight")}
        for issue, (key, (weight, evaluations)) in zip(
            objective.findall("issue"), EVALUATIONS[party.lower()].items(), strict=True
        ):
            assert issue.get("name") == NAMES[key]
            assert weights[issue.get("index")] == weight
            given = {item.get("value"): float(item.get("evaluation", "")) for item in issue.findall("item")}
            assert [given[option] for option in OPTIONS[key]] == evaluations


def test_all_31_agendas_against_the_shared_answers() -> None:
    case = example("england-zimbabwe")
    expected = json.loads(shared_data("genius/expected.json").read_text())["agenda_subsets_england_zimbabwe"]
    keys = {name: key for key, name in NAMES.items()}
    assert len(expected["subsets"]) == 31
    for subset in expected["subsets"]:
        both, quo = points(case, tuple(keys[name] for name in subset["agenda"]))
        assert quo == pytest.approx(expected["status_quo_utility"], abs=1e-12)
        gains = both - quo
        better = (gains > 1e-12).all(axis=1)
        assert len(both) == subset["n"]
        assert better.mean() == pytest.approx(subset["zopa_fraction"], abs=1e-9)
        if subset["nash"] is None:
            assert not better.any()
        else:
            product = np.where(better, gains.prod(axis=1), -1.0)
            assert both[product.argmax()] == pytest.approx(subset["nash"], abs=1e-9)


# ---- Elmira ----------------------------------------------------------------------------------------------------------

# The 12-state option form of Elmira as in the GMCR+ example (onp/gmcr-py, Examples/Elmira.gmcr), after Hipel, Kilgour,
# Fang and Peng (1997): state numbers best first, each inner list a tie; patterns modify, delay, accept, abandon, insist.
RANKINGS = {
    "moe": [{9}, {3}, {4}, {10}, {7}, {1}, {2}, {8}, {5, 6, 11, 12}],
    "uniroyal": [{1}, {4}, {10}, {7}, {5, 6, 11, 12}, {2}, {3}, {9}, {8}],
    "local-government": [{9}, {3}, {7}, {1}, {10}, {8}, {4}, {2}, {5, 6, 11, 12}],
}
PATTERNS = [
    "NYNNN",
    "YYNNN",
    "NNYNN",
    "YNYNN",
    "NNNYN",
    "YNNYN",
    "NYNNY",
    "YYNNY",
    "NNYNY",
    "YNYNY",
    "NNNYY",
    "YNNYY",
]
EQUILIBRIA = {
    "nash": {5, 6, 7, 10, 11, 12},
    "gmr": {1, 4, 5, 6, 7, 10, 11, 12},
    "smr": {1, 4, 5, 6, 7, 10, 11, 12},
    "seq": {5, 6, 7, 10, 11, 12},
    "sseq": {5, 6, 7, 10, 11, 12},
}


class Model:
    """A brute-force reading of an option-form standoff by the definitions (Fang, Hipel and Kilgour 1993)."""

    def __init__(self, case: CaseFile) -> None:
        assert case.standoff is not None
        self.options = case.standoff.options
        self.parties = case.standoff.parties
        rules = [rule.when for rule in case.standoff.infeasible]
        every = [tuple(reversed(bits)) for bits in itertools.product((False, True), repeat=len(self.options))]
        self.states = [s for s in every if not any(self.holds(rule, s) for rule in rules)]
        tiers = {p: case.standoff.rankings[p].ranking for p in self.parties}
        self.worth = {p: {n: -k for k, tier in enumerate(tiers[p]) for n in tier} for p in self.parties}

    def holds(self, rule: str, state: tuple[bool, ...]) -> bool:
        names = {o.id: on for o, on in zip(self.options, state, strict=True)}
        return bool(eval(rule, {"__builtins__": {}}, names))

    def moves(self, party: str, n: int) -> set[int]:
        here = self.states[n - 1]

        def may(there: tuple[bool, ...]) -> bool:
            for option, a, b in zip(self.options, here, there, strict=True):
                if a != b and (option.party != party or option.one_way == ("off" if b else "on")):
                    return False
            return there != here

        return {m for m, there in enumerate(self.states, start=1) if may(there)}

    def better(self, party: str, n: int) -> set[int]:
        return {m for m in self.moves(party, n) if self.worth[party][m] > self.worth[party][n]}

    def answers(self, party: str, n: int, improving: bool) -> set[int]:
        """States the others can reach from n, nobody moving twice in a row."""
        step = self.better if improving else self.moves
        seen: set[tuple[int, str]] = set()
        front = [(n, "")]
        while front:
            at, last = front.pop()
            for mover in self.parties:
                if mover in (party, last):
                    continue
                new = {(m, mover) for m in step(mover, at)} - seen
                seen |= new
                front.extend(new)
        return {m for m, _ in seen}

    def stable(self, party: str, n: int, concept: str) -> bool:
        worth = self.worth[party]
        if concept == "nash":
            return not self.better(party, n)
        improving, escaped = concept in ("seq", "sseq"), concept in ("smr", "sseq")

        def deterred(to: int) -> bool:
            return any(
                worth[s] <= worth[n]
                and not (escaped and any(worth[e] > worth[n] for e in self.moves(party, s)))
                for s in self.answers(party, to, improving)
            )

        return all(deterred(to) for to in self.better(party, n))

    def equilibria(self, concept: str) -> set[int]:
        return {
            n for n in range(1, len(self.states) + 1) if all(self.stable(p, n, concept) for p in self.parties)
        }


def test_elmira_has_the_published_states_and_rankings() -> None:
    case = example("elmira")
    model = Model(case)
    assert [o.id for o in model.options] == ["modify", "delay", "accept", "abandon", "insist"]
    assert ["".join("Y" if on else "N" for on in s) for s in model.states] == PATTERNS
    assert case.standoff is not None
    for party, tiers in RANKINGS.items():
        assert [set(tier) for tier in case.standoff.rankings[party].ranking] == tiers
    assert {o.id: o.one_way for o in model.options} == {
        "modify": "on", "delay": "off", "accept": None, "abandon": "on", "insist": None,
    }  # fmt: skip
    # The status quo is state 1: Uniroyal delays.
    assert tuple(o.now for o in model.options) == model.states[0]


@pytest.mark.parametrize("concept", EQUILIBRIA)
def test_elmira_equilibria(concept: str) -> None:
    """The 9-state equilibria s5, s8, s9 of the literature are 7, 10 and {5, 6, 11, 12} here."""
    assert Model(example("elmira")).equilibria(concept) == EQUILIBRIA[concept]


def test_elmira_moved_as_the_literature_tells() -> None:
    model = Model(example("elmira"))
    # The local government improves from 1 to 7; ministry and company together move on to 10 and both gain by it.
    assert 7 in model.better("local-government", 1)
    assert 10 not in model.moves("moe", 7) | model.moves("uniroyal", 7)
    assert 10 in {m for n in model.moves("moe", 7) for m in model.moves("uniroyal", n)}
    assert model.worth["moe"][10] > model.worth["moe"][7]
    assert model.worth["uniroyal"][10] > model.worth["uniroyal"][7]
    assert model.worth["local-government"][10] < model.worth["local-government"][7]


def test_elmira_outcomes_are_exclusive_and_exhaustive() -> None:
    case = example("elmira")
    model = Model(case)
    assert case.standoff is not None
    for state in model.states:
        assert sum(model.holds(o.when or "False", state) for o in case.standoff.outcomes) == 1


def test_elmira_against_the_shared_file() -> None:
    cases = json.loads(shared_data("standoff/conflicts.json").read_text())["cases"]
    given = next(c for c in cases if c["name"] == "Elmira")
    assert [s["pattern"] for s in given["states"]] == PATTERNS
    for maker, tiers in zip(given["decision_makers"], RANKINGS.values(), strict=True):
        assert [set(tier) for tier in maker["ranking"]] == tiers
    for concept, states in EQUILIBRIA.items():
        assert set(given["equilibria_definition"][concept]) == states
