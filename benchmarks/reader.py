"""How well and how fast the rule-based reader works: ``python benchmarks/reader.py [--misses] [--only NAME]``.

Texts of others live outside the repository, in a folder given by ZOPA_DATA (default: ``../shared/data`` beside the
clone); what is not there is left out. Our own development texts are under ``tests/dossier/gold``. None of these figures
says how the reader does on unseen text: the rules were written with these texts in view.
"""

import argparse
import gzip
import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from zopa.claims.claim import Claim
from zopa.claims.source import parse_header, split_header
from zopa.dossier.dates import find_dates
from zopa.dossier.lexicon import Language
from zopa.dossier.read import read_text
from zopa.dossier.score import EMPTY, Gold, Score, pairs, parse_marked, same_speaker, stages

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ZOPA_DATA", ROOT.parent / "shared" / "data"))
GOLD = ROOT / "tests" / "dossier" / "gold"
LATER = {2: "", 3: "", 4: "features, ", 5: "features, ", 6: "", 7: "features, "}
"""Further sets of development texts, each marked by somebody who had not seen the rules: its number, and its kind."""

# The annotation of the press feature uses coarser names; "other" stands for scope of the agenda and talks on or off.
ISSUES = {
    "nuclear programme/enrichment": "nuclear",
    "ballistic missiles": "missiles",
    "regional proxies": "proxies",
    "sanctions relief": "sanctions",
    "format/participants": "format",
    "military force": "force",
    "prospects/forecast": "prospects",
    "venue": "venue",
    "mediation": "mediation",
}
KINDS = {"rejection/red line": "refusal", "offer/concession": "offer", "statement of intent": "intent"}
SCORED = frozenset(ISSUES.values())

SPECIFICATIONS: tuple[tuple[str, Language], ...] = (
    ("Chinese.Date", "zh"),
    ("Chinese.DatePeriod", "zh"),
    ("English.Date", "en"),
    ("English.DatePeriod", "en"),
)

Case = tuple[str, str, date | None, Language, tuple[Gold, ...]]


def muscat() -> Iterator[Case]:
    """The press feature with its 84 claims."""
    folder = DATA / "dossiers" / "muscat-2026"
    if not folder.is_dir():
        return
    record = json.loads((folder / "gold_claims.json").read_text(encoding="utf-8"))
    text = (folder / "article.zh.txt").read_bytes().decode("utf-8")
    gold = tuple(
        Gold(
            ((c["start"], c["end"]),),
            c["type"],
            (c["speaker_head"],),
            date.fromisoformat(c["said_on"]) if c["said_on"] else None,
            KINDS.get(c["kind"], c["kind"]),
            tuple(ISSUES[tag] for tag in c["issues"] if tag in ISSUES),
        )
        for c in record["claims"]
    )
    yield "muscat", text, date.fromisoformat(record["doc_date"]), "zh", gold


def zh_news() -> Iterator[Case]:
    """Five agency items with 36 claims."""
    path = DATA / "dossiers" / "zh-news" / "gold_claims.json"
    if not path.is_file():
        return
    record = json.loads(path.read_text(encoding="utf-8"))
    for key, text in record["texts"].items():
        gold = tuple(
            Gold(
                ((c["start"], c["end"]),),
                c["type"],
                tuple(c["accept"]),
                date.fromisoformat(c["said_on"]) if c["said_on"] else None,
            )
            for c in record["claims"]
            if c["rec"] == key
        )
        yield key, text, date.fromisoformat(record["records"][key]["doc_date"]), "zh", gold


def own(language: Language, folder: Path = GOLD) -> Iterator[Case]:
    """The repository's own development texts."""
    from ruamel.yaml import YAML

    for path in sorted(folder.glob(f"{language}-*.md")):
        head, marked, _ = split_header(path.read_text(encoding="utf-8"))
        header = parse_header(YAML(typ="safe").load(head or ""))
        text, gold = parse_marked(marked)
        yield path.stem, text, header.published, language, gold


# ---- PolNeAR ---------------------------------------------------------------------------------------------------

_NO_BLANK_BEFORE = re.compile(r"^(?:[,.;:?!%)\]’]|'s|n't|'re|'ve|'ll|'d|'m|''|”|'$)")


def polnear(*, spaced: bool) -> Iterator[tuple[str, tuple[tuple[Gold, ...], ...]]]:
    """Sentences as running text with their contents, and for each content its nearest source.

    ``spaced`` keeps every blank of the tokenised file; else quotation marks and punctuation are set as in print.
    """
    path = DATA / "reading" / "polnear_dev.jsonl.gz"
    if not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text, places = _joined(row["tokens"], spaced=spaced)
            spans = _spans(row["labels"], places)
            sources = [(a, b) for kind, a, b in spans if kind == "source"]
            gold = []
            for kind, a, b in spans:
                if kind == "content":
                    near = sorted(sources, key=lambda s: min(abs(s[0] - b), abs(a - s[1])))[:1]
                    gold.append(Gold(((a, b),), "report", tuple(text[x:y] for x, y in near)))
            yield text, (tuple(gold),)


def _joined(tokens: list[str], *, spaced: bool) -> tuple[str, list[tuple[int, int]]]:
    text, places, inside = "", [], False
    for token in tokens:
        shown = token
        if not spaced:
            shown = {
                "``": "“",
                "''": "”",
                "-LRB-": "(",
                "-RRB-": ")",
                "-LSB-": "[",
                "-RSB-": "]",
                "--": "—",
            }.get(token, token)
        blank = bool(text) and (spaced or not (_NO_BLANK_BEFORE.match(token) or inside))
        inside = not spaced and token in ("``", "-LRB-", "-LSB-", "$", "`")
        text += " " if blank else ""
        places.append((len(text), len(text) + len(shown)))
        text += shown
    return text, places


def _spans(labels: list[str], places: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    before = "O"
    for label, (start, stop) in zip(labels, places, strict=True):
        kind = label[2:]
        if label.startswith("B-") or (label.startswith("I-") and before[2:] != kind):
            out.append((kind, start, stop))
        elif label.startswith("I-"):
            out[-1] = (kind, out[-1][1], stop)
        before = label
    return out


def _pieces(claims: tuple[Claim, ...]) -> list[Claim]:
    """A claim in two ranges as two contents, as the corpus labels them."""
    out = []
    for claim in claims:
        for piece in claim.ranges:
            out.append(claim.model_copy(update={"ranges": (piece,)}))
    return out


def _same_source(claim: Claim, gold: Gold) -> bool:
    said = set(re.findall(r"\w+", " ".join(filter(None, (claim.speaker, claim.speaker_head))).lower()))
    want = set(re.findall(r"\w+", " ".join(gold.speakers).lower()))
    return bool(said & (want - {"the", "a", "of", "s"}))


def english(*, spaced: bool, misses: bool) -> dict[str, Score]:
    """Content and source on PolNeAR; positions count as contents there, narrated statements do not."""
    content, exact, source, reports = EMPTY, EMPTY, EMPTY, EMPTY
    for text, (gold,) in polnear(spaced=spaced):
        claims = [c for c in _pieces(read_text(text, language="en")) if c.type != "narrator"]
        matched = pairs(claims, gold)
        content += Score(len(matched), len(claims), len(gold))
        exact += Score(sum(c.ranges == g.ranges for c, g in matched), len(claims), len(gold))
        named = [(c, g) for c, g in matched if g.speakers]
        source += Score(sum(_same_source(c, g) for c, g in named), len(named), len(named))
        only = [c for c in claims if c.type == "report"]
        reports += Score(len(pairs(only, gold)), len(only), len(gold))
        if misses:
            _show_misses(text, claims, gold, {id(c) for c, _ in matched}, {id(g) for _, g in matched})
    return {"content": content, "content (reports only)": reports, "exact": exact, "source|matched": source}


def _show_misses(
    text: str, claims: list[Claim], gold: tuple[Gold, ...], good: set[int], got: set[int]
) -> None:
    extra = [c for c in claims if id(c) not in good]
    missed = [g for g in gold if id(g) not in got]
    if extra or missed:
        print("TEXT", text)
        for c in extra:
            print("   +", c.rule, "|", c.speaker, "|", c.quote)
        for g in missed:
            print("   -", g.speakers, "|", " // ".join(text[a:b] for a, b in g.ranges))


# ---- dates, speed ----------------------------------------------------------------------------------------------


def dates() -> Iterator[tuple[str, Score]]:
    """Our own marked news sentences, the expressions of the press feature, and the specifications of Recognizers-Text
    (first day of the expression)."""
    sys.path.insert(0, str(ROOT))
    from tests.dossier import dated

    for name in ("zh", "zh-2", "en", "en-2"):
        own_ = dated.score(name)
        yield f"own news sentences, {name}", Score(own_.right, own_.found, own_.marked)
    folder = DATA / "dossiers" / "muscat-2026"
    if folder.is_dir():
        record = json.loads((folder / "gold_claims.json").read_text(encoding="utf-8"))
        text = (folder / "article.zh.txt").read_bytes().decode("utf-8")
        found = find_dates(text, published=date.fromisoformat(record["doc_date"]), language="zh")
        values = {(when.start, when.stop): when.value for when in found}
        right = sum(values.get((t["start"], t["end"])) == t["value"] for t in record["times"])
        yield "dates of the press feature", Score(right, len(found), len(record["times"]))
    for name, language in SPECIFICATIONS:
        path = DATA / "reading" / f"recognizers_{name}Parser.json.gz"
        if path.is_file():
            yield f"specification {name}", _specification(path, language)


def _specification(path: Path, language: Language) -> Score:
    with gzip.open(path, "rt", encoding="utf-8") as content:
        rows = json.load(content)
    right = total = 0
    for row in rows:
        base = row.get("Context", {}).get("ReferenceDateTime", "")[:10]
        found = find_dates(
            row["Input"], published=date.fromisoformat(base) if base else None, language=language
        )
        days = {when.low.isoformat() for when in found if when.low is not None}
        for result in row["Results"]:
            value = result["Value"]
            want = {
                (value.get(k) or {}).get("date") or (value.get(k) or {}).get("startDate")
                for k in ("PastResolution", "FutureResolution")
            }
            total += 1
            right += bool(days & {day for day in want if day})
    return Score(right, total, total)


def speed() -> Iterator[tuple[str, float]]:
    """Characters a second on one core, for long texts of both languages."""
    zh = "\n\n".join(text for case in (muscat(), zh_news(), own("zh")) for _, text, *_ in case)
    en = "\n\n".join([*(text for _, text, *_ in own("en")), *(text for text, _ in polnear(spaced=False))])
    texts: tuple[tuple[str, Language], ...] = ((zh, "zh"), (en, "en"))
    for text, language in texts:
        if not text:
            continue
        long = (text + "\n\n") * max(1, 400_000 // len(text))
        read_text(text[:2000], language=language, published=date(2026, 2, 5))
        start = time.process_time()
        read_text(long, language=language, published=date(2026, 2, 5))
        yield f"characters a second, {language} ({len(long):,})", len(long) / (time.process_time() - start)


def _issue(tag: str) -> str | None:
    return tag if tag in SCORED else None


def _table(name: str, cases: Iterator[Case], *, misses: bool, mapped: bool) -> None:
    total: dict[str, Score] = {}
    for key, text, published, language, gold in cases:
        claims = read_text(text, language=language, published=published)
        scores = stages(claims, gold, issue_of=_issue if mapped else lambda tag: tag)
        for stage, score in scores.items():
            total[stage] = total.get(stage, EMPTY) + score
        if misses:
            _misses(key, text, claims, gold)
    if total:
        print(f"\n{name}")
        for stage, score in total.items():
            print(f"  {stage:<18} {score}")


def _misses(key: str, text: str, claims: tuple[Claim, ...], gold: tuple[Gold, ...]) -> None:
    mine = [c for c in claims if c.type == "report"]
    known = [g for g in gold if g.type == "report"]
    matched = pairs(mine, known)
    for g in known:
        if not any(g is m for _, m in matched):
            print(key, "MISSED", g.speakers, text[g.ranges[0][0] : g.ranges[-1][1]])
    for c in mine:
        if not any(c is m for m, _ in matched):
            print(key, "EXTRA", c.rule, c.speaker_head, c.quote)
    for c, g in matched:
        if not same_speaker(c, g):
            print(key, "SPEAKER", c.speaker_head, "for", g.speakers, c.quote[:40])
        if g.said_on is not None and c.said_on != g.said_on:
            print(key, "SAID_ON", c.said_on, "for", g.said_on, c.quote[:40])
    for c, g in pairs(list(claims), list(gold)):
        if g.kind and c.kind != g.kind:
            print(key, "KIND", c.kind, "for", g.kind, "|", c.rule, "|", c.quote[:60])
        if g.issues is not None and {t for t in c.issues if t in SCORED} != {
            t for t in g.issues if t in SCORED
        }:
            print(key, "ISSUES", c.issues, "for", g.issues, c.quote[:50])
        if c.ranges != g.ranges and c.type == g.type == "report":
            print(key, "ENDS", c.quote, "for", text[g.ranges[0][0] : g.ranges[-1][1]])


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--misses", action="store_true", help="list what was missed, added or tagged otherwise"
    )
    parser.add_argument(
        "--only",
        default="",
        help="muscat, zh-news, own-zh, own-zh-2 to own-zh-7, own-en, polnear, dates or speed",
    )
    options = parser.parse_args()
    tables = (
        ("muscat", "press feature, zh, 84 claims", muscat(), True),
        ("zh-news", "agency items, zh, 36 claims", zh_news(), False),
        ("own-zh", "own development texts, zh", own("zh"), False),
        *(
            (
                f"own-zh-{number}",
                f"development texts, set {number}, {kind}zh (first run: see its README)",
                own("zh", GOLD.with_name(f"gold-{number}")),
                False,
            )
            for number, kind in LATER.items()
        ),
        ("own-en", "own development texts, en", own("en"), False),
    )
    for name, title, cases, mapped in tables:
        if options.only in ("", name):
            _table(title, cases, misses=options.misses, mapped=mapped)
    if options.only in ("", "polnear"):
        for spaced in (False, True):
            print(f"\nPolNeAR development half, {'as tokenised' if spaced else 'as printed'}")
            for stage, score in english(spaced=spaced, misses=options.misses and not spaced).items():
                print(f"  {stage:<24} {score}")
    if options.only in ("", "dates"):
        print("\ndates (right/found/expected)")
        for stage, score in dates():
            print(f"  {stage:<32} {score.right}/{score.expected} = {score.recall:.3f}")
    if options.only in ("", "speed"):
        print()
        for stage, rate in speed():
            print(f"  {stage}: {rate:,.0f}")
        print(f"  peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
