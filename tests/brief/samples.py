"""A small case with hostile texts in it, and results to go with it: what the tests of the brief start from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from zopa.brief.build import Answer, assemble
from zopa.brief.document import Brief
from zopa.case.case import Case
from zopa.case.model import CaseFile
from zopa.charts.chart import Chart
from zopa.charts.style import base, by_party, chance_layers, percent, rows, wrap
from zopa.claims.claim import Claim, text_digest
from zopa.claims.ledger import Ledger
from zopa.claims.source import Header, Source
from zopa.errors import IncompleteCaseError
from zopa.result import Chance, Result, Table

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> {expr: 'datum.value'} ${1+1} --> *粗体*"
)
"""Everything a document could try: ending a script, running one, an expression of Vega, a template, Markdown."""

TEXT_ZH = (
    "以下为转述，不是原文。\n据报道，伊方一名官员4日表示，导弹问题不容谈判。他还说，铀浓缩是伊朗的权利。\n"
    + HOSTILE
    + "\n美方则说，导弹射程必须受限。\n"
)
TEXT_EN = "A US official said on the 4th that the talks were off. Within hours they were on again, he said.\n"


def claim(key: str, source: str, text: str, quote: str, **more: Any) -> Claim:
    start = text.index(quote)
    return Claim.model_validate(
        {
            "id": key,
            "source": source,
            "sha256": text_digest(text),
            "ranges": [[start, start + len(quote)]],
            "quote": quote,
            "type": "report",
            "origin": f"origin-{key}",
            "kind": "refusal",
            "credibility": 2,
            "review": "accepted",
            **more,
        }
    )


CASE = {
    "zopa": 1,
    "title": {"en": "Talks <b>in</b> Port & Bay", "zh": "港湾会谈"},
    "summary": {"en": "Two sides, two issues.", "zh": "双方，两个议题。"},
    "status": "reviewed",
    "as_of": "2026-02-05",
    "parties": {
        "us": {"name": {"en": "United States", "zh": "美国"}, "role": "negotiator", "assumed": True},
        "iran": {"name": {"en": "Iran", "zh": "伊朗"}, "role": "negotiator", "assumed": True},
    },
    "issues": {
        "missiles": {
            "name": {"en": "Ballistic missiles", "zh": "弹道导弹"},
            "status_quo": "untouched",
            "options": [
                {"id": "untouched", "name": {"en": "No limits", "zh": "不受限制"}},
                {"id": "cap", "name": {"en": "Range cap", "zh": "射程上限"}},
                {"id": "gone", "name": {"en": "Dismantled", "zh": "拆除"}},
            ],
        },
    },
    "preferences": {
        "us": {
            "missiles": {"weight": "10 to 30", "best": "gone", "worst": "untouched", "because": ["c2"]},
            "no_deal": {"value": "0.2 to 0.5", "assumed": True},
        },
        "iran": {
            "missiles": {
                "weight": 3,
                "values": {"cap": "0.1 to 0.4"},
                "best": "untouched",
                "worst": "gone",
                "assumed": True,
            },
        },
    },
    "red_lines": [
        {
            "party": "iran",
            "issue": "missiles",
            "rejects": ["cap", "gone"],
            "firm": "0.4 to 0.9",
            "because": ["c1"],
        },
    ],
    "unknowns": [
        {
            "id": "form",
            "text": {"en": "Will they sit in one room?", "zh": "双方会不会同处一室？"},
            "answer_from": ["us"],
            "because": ["c3"],
        },
    ],
    "contradictions": [{"a": "c3", "b": "c4", "settled": "c4"}],
}


def sample_case(status: str = "reviewed") -> Case:
    sources = {
        "feature": Source(
            id="feature",
            header=Header(
                outlet={"en": "A feature", "zh": "一篇特写"},
                reliability="B",
                published=date(2026, 2, 5),
                language="zh",
            ),
            text=TEXT_ZH,
        ),
        "agency": Source(
            id="agency",
            header=Header(
                outlet="Agency",
                via="feature",
                kind="summary",
                reliability="F",
                language="en",
                link="javascript:alert(3)",
            ),
            text=TEXT_EN,
        ),
    }
    claims = (
        claim(
            "c1",
            "feature",
            TEXT_ZH,
            "导弹问题不容谈判",
            speaker="伊方一名官员",
            anonymous=True,
            party="iran",
            translation={"en": "the missile question is not open to negotiation"},
            said_on="2026-02-04",
        ),
        claim("c2", "feature", TEXT_ZH, "导弹射程必须受限", speaker="美方", party="us", kind="demand"),
        claim(
            "c3",
            "agency",
            TEXT_EN,
            "the talks were off",
            speaker="a US official",
            kind="fact report",
            origin="us/talks",
        ),
        claim(
            "c4",
            "agency",
            TEXT_EN,
            "they were on again",
            speaker="a US official",
            kind="fact report",
            origin="us/talks",
        ),
        claim("c5", "feature", TEXT_ZH, HOSTILE, kind="threat", speaker="<i>谁</i>"),
    )
    return Case(CaseFile.model_validate({**CASE, "status": status}), Ledger(sources, claims))


def number(value: float, verdict: str) -> Chance:
    return Chance(
        value,
        max(0, value - 0.15),
        min(1, value + 0.15),
        0.35,
        value - 0.02,
        value - 0.35,
        -0.1,
        0.2,
        0.004,
        verdict,
        max(0, value - 0.2),
        min(1, value + 0.2),
    )


@dataclass(frozen=True, slots=True)
class Row:
    party: str
    exists: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Zone(Result):
    shares: tuple[Row, ...]

    def rows(self) -> tuple[Row, ...]:
        return self.shares

    def headline(self, lang: str = "en") -> str:
        return (
            "记录不足以定论：是否存在协议区间。"
            if lang == "zh"
            else "The record does not settle this: whether there is a zone."
        )

    def names(self, lang: str) -> list[str]:
        return [self.case.file.parties[row.party].name.get(lang) for row in self.shares]

    def table(self, lang: str = "en") -> Table:
        columns = ("谈判方", "存在", "零线") if lang == "zh" else ("Party", "Exists", "Zero line")
        cells = zip(self.names(lang), self.shares, strict=True)
        return Table(
            "各方 <表>" if lang == "zh" else "By party <table>",
            columns,
            tuple((name, f"{row.exists.value:.0%}", f"{row.exists.zero:.0%}") for name, row in cells),
            tuple(row.because for row in self.shares),
        )

    def plot(self, lang: str = "en") -> Chart:
        names = self.names(lang)
        long = (
            "（它在公开场合说过的全部要求与底线）"
            if lang == "zh"
            else " (all it has demanded and refused in public)"
        )
        labels = [wrap(name + long) for name in names]
        data = [
            {
                "label": label,
                "party": name,
                "value": r.exists.value,
                "low": r.exists.low,
                "high": r.exists.high,
                "zero": r.exists.zero,
            }
            for label, name, r in zip(labels, names, self.shares, strict=True)
        ]
        spec = {
            **base(520),
            "height": rows(labels),
            "data": {"values": data},
            "encoding": {"y": {"field": "label", "sort": None, "title": None}},
            "layer": chance_layers(
                percent("概率" if lang == "zh" else "Probability"), colour=by_party(names)["color"]
            ),
        }
        title = "各方接受的概率" if lang == "zh" else "Chance that each side accepts"
        return Chart(spec, title, f"{title}：两行" if lang == "zh" else f"{title}: two rows <script>")

    def notes(self, lang: str = "en") -> tuple[str, ...]:
        return (
            ("未列入议程的议题维持现状。",)
            if lang == "zh"
            else ("Issues off the agenda stay at their status quo.",)
        )


def sample_zone(case: Case) -> Zone:
    found = (
        Row("us", number(0.6, "shows"), ("c1", "c2", "c5")),
        Row("iran", number(0.4, "open"), ()),
    )
    return Zone(case=case, method="counting", parameters={}, shares=found)


def ask_zone(case: Case, *, draws: int, seed: int) -> Zone:
    """Stands in for an analysis."""
    return sample_zone(case)


def sample_brief(status: str = "reviewed") -> Brief:
    case = sample_case(status)
    lacking = IncompleteCaseError.of("needs-issues")
    return assemble(case, [Answer("zone", sample_zone(case)), Answer("setting", lacking)], seed=0, draws=100)
