"""Case folders made for tests."""

import json
from pathlib import Path

from zopa.claims.claim import text_digest

TEXT = "北方特使说，边界不会开放。南方说要走着瞧。港口照常。\n"
HEADER = "outlet: 港城日报\nreliability: B\npublished: 2026-02-04\nlanguage: zh\n"
CASE = """\
zopa: 1
title: {en: Border talks, zh: 边界会谈}
as_of: 2026-02-05
parties:
  north: {name: 北方, role: negotiator}
  south: {name: 南方, role: negotiator}
  island: {name: 岛国, role: [host, mediator]}
people:
  envoy: {party: north, name: 特使, role: negotiates}
places:
  harbour: {name: 港城}
issues:
  border:
    name: 边界
    status_quo: closed
    options: [{id: closed, name: 关闭}, {id: gates, name: 两处口岸}, {id: open, name: 开放}]
  fees:
    name: 过境费
    status_quo: full
    options: [{id: full, name: 全额}, {id: half, name: 减半}]
preferences:
  north:
    border: {weight: 10 to 30, best: closed, worst: open, because: [c1]}
    fees: {weight: 20, best: full, worst: half, assumed: true}
  south:
    border: {weight: 30, best: open, worst: closed, assumed: true}
    fees: {weight: 10, best: half, worst: full, assumed: true}
"""


def claim_line(id_: str = "c1", start: int = 6, stop: int = 12, **more: object) -> str:
    """One line of a claims file, its quotation taken from the text."""
    values = {
        "id": id_,
        "source": "ribao",
        "sha256": text_digest(TEXT),
        "ranges": [[start, stop]],
        "quote": TEXT[start:stop],
        "type": "report",
        "origin": f"o-{id_}",
        "kind": "refusal",
        **more,
    }
    return json.dumps({k: v for k, v in values.items() if v is not ...}, ensure_ascii=False) + "\n"


def write(
    folder: Path,
    case: str = CASE,
    *,
    claims: str | None = None,
    sources: dict[str, str] | None = None,
    **files: str,
) -> Path:
    """A case folder: the case above with its one source and one claim, unless others are given."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(case, encoding="utf-8", newline="")
    for name, text in ({"ribao.md": f"---\n{HEADER}---\n\n{TEXT}"} if sources is None else sources).items():
        (folder / "sources" / name).write_text(text, encoding="utf-8", newline="")
    (folder / "claims.jsonl").write_text(
        claim_line() if claims is None else claims, encoding="utf-8", newline=""
    )
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8", newline="")
    return folder
