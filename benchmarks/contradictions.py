"""How well the rules find claims that contradict each other, against pairs that people marked.

规则找出相互矛盾的主张，与人工标注的对子相比的准确程度。

``python benchmarks/contradictions.py [--misses]``. The invented disputes of ``tests/claims/disputes`` are development
texts: on the first run, before any rule was changed for them, 66 of 77 oppositions were found and 66 of 69 pairs were
right. The press feature lies outside the repository (``ZOPA_DATA``) and marks one pair an opposition: a pair that
states the same opposition in other claims of the two sides counts as wrong there.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reader import DATA

from zopa.claims.claim import Claim
from zopa.claims.contradiction import contradictions
from zopa.claims.ledger import Ledger
from zopa.claims.source import Header, Source
from zopa.dossier.into import claims_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SIDES = {
    "iran": ("伊朗", "伊方", "阿拉格齐"),
    "us": ("美国", "美方", "特朗普", "鲁比奥", "白宫"),
}
"""Whose voice a speaker is, as a case on these talks would say it."""


def disputes(*, misses: bool) -> None:
    """The invented disputes: oppositions found, and pairs that are right."""
    from tests.claims.disputed import NAMES, dispute, score

    scores = {name: score(dispute(name)) for name in NAMES}
    for name, s in scores.items():
        for opposition in s.missed if misses else ():
            print(name, "MISSED", opposition)
        for pair in s.wrong if misses else ():
            print(name, "WRONG", pair)
    hit, marked, right, found = (
        sum(getattr(s, key) for s in scores.values()) for key in ("hit", "marked", "right", "found")
    )
    print(f"invented disputes: {hit} of {marked} oppositions found, {right} of {found} pairs right")


def feature(*, misses: bool) -> None:
    """The press feature, read by the rules: without parties, and with those of a case."""
    folder = DATA / "dossiers" / "muscat-2026"
    if not folder.is_dir():
        return
    gold = json.loads((folder / "gold_claims.json").read_text(encoding="utf-8"))
    text = (folder / "article.zh.txt").read_bytes().decode("utf-8")
    header = Header(published=date.fromisoformat(gold["doc_date"]), language="zh")
    source = Source(id="feature", header=header, text=text)
    read = [claim.model_copy(update={"review": "accepted"}) for claim in claims_of(source)]
    sided = [claim.model_copy(update={"party": _side(claim.speaker_head or "")}) for claim in read]
    for name, claims, parties in (
        ("no parties known", read, ()),
        ("parties of the case", sided, tuple(SIDES)),
    ):
        _against(name, source, claims, parties, gold, misses=misses)


def _side(head: str) -> str | None:
    return next((side for side, names in SIDES.items() if any(name in head for name in names)), None)


def _against(
    name: str, source: Source, claims: Sequence[Claim], parties: Sequence[str], gold: dict[str, list[dict[str, str]]],
    *, misses: bool,
) -> None:  # fmt: skip
    marked = {frozenset((pair["a"], pair["b"])) for pair in gold["contradictions"]}
    known = {claim.id: _marked(claim, gold["claims"]) for claim in claims}
    pairs = contradictions(Ledger(sources={source.id: source}, claims=tuple(claims)), parties=parties)
    said = {claim.id: claim.quote for claim in claims}
    hit: set[frozenset[str]] = set()
    right = 0
    for pair in pairs:
        here = {frozenset((a, b)) for a in known[pair.a] for b in known[pair.b]} & marked
        hit |= here
        right += bool(here)
        if misses and not here:
            print("WRONG", pair.kind, pair.rule, said[pair.a], "|", said[pair.b])
    for lost in marked - hit if misses else ():
        print("MISSED", *sorted(lost))
    print(f"press feature, {name}: {len(hit)} of {len(marked)} pairs found, {right} of {len(pairs)} right")


def _marked(claim: Claim, gold: Sequence[dict[str, object]]) -> set[str]:
    """The marked claims whose range is this claim's, by half of their union."""
    start, stop = claim.ranges[0][0], claim.ranges[-1][1]
    out = set()
    for row in gold:
        a, b = int(str(row["start"])), int(str(row["end"]))
        if 2 * (min(stop, b) - max(start, a)) >= max(stop, b) - min(start, a):
            out.add(str(row["id"]))
    return out


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what was missed and what is wrong")
    options = parser.parse_args()
    disputes(misses=options.misses)
    feature(misses=options.misses)


if __name__ == "__main__":
    main()
