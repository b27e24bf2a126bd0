"""Write the glossaries: every field term with its meaning and where the meaning comes from, in English and in Chinese.

    .venv/bin/python scripts/glossary.py

The terms live in src/zopa/catalogue/terms.json; a test fails where a page is stale.
"""

from pathlib import Path

from zopa.words import Language, Term, terms

ROOT = Path(__file__).resolve().parent.parent
PAGES: dict[Language, Path] = {
    "en": ROOT / "docs" / "reference" / "glossary.md",
    "zh": ROOT / "docs" / "zh" / "reference" / "glossary.md",
}
HEADS: dict[Language, str] = {
    "en": """# Glossary

The words zopa uses, as the field uses them, each with its Chinese name and the work its meaning is taken from. Where a
meaning is zopa's own, it says so.

""",
    "zh": """# 术语表

本软件所用术语，含义依本领域惯例，附英文名称与出处；含义由本软件自行约定的，均予注明。

""",
}


def page(lang: Language) -> str:
    """One glossary: alphabetical in English, in the order of pronunciation in Chinese."""
    found = sorted(terms().values(), key=lambda term: _order(term, lang))
    return HEADS[lang] + "\n".join(_entry(term, lang) for term in found)


def _order(term: Term, lang: Language) -> bytes:
    # The first level of GB 2312 is ordered by pronunciation, and every character of our terms is in it.
    return term.zh.encode("gb18030") if lang == "zh" else term.en.casefold().encode()


def _entry(term: Term, lang: Language) -> str:
    meaning = term.meaning(lang)
    if lang == "zh":
        return f"**{term.zh}**（{term.en}）：{meaning}*{_source(term.source, lang)}*\n"
    return f"**{term.en}** ({term.zh}): {meaning} *{term.source}*\n"


def _source(source: str, lang: Language) -> str:
    own = {"zopa convention": "本软件约定", "zopa case file": "本软件案例文件"}
    parts = (own.get(part, part) for part in source.split("; "))
    return "；".join(parts)


def main() -> None:
    """Write both pages."""
    for lang, path in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(lang), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
