"""Make the shipped font `Zopa Sans SC` (Regular and Bold) from the static fonts of one npm package.

    .venv/bin/python scripts/make_font.py [FOLDER]

Charts are drawn where no Chinese font may be installed, and a renderer without one leaves out the whole label
and reports success. The package therefore brings its own: a subset (the characters of GB 2312, some more that
names need, Latin, Greek, and the signs our sentences use), renamed, since "Noto Sans" is a reserved name.
The only network use is `npm pack`; the same input gives the same bytes.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PACKAGE = "@embedpdf/fonts-sc@1.0.0"
SHA256 = {
    "Regular": "7db3c634bbd0301b3082a80ffcac2f422e8ef9ce0730f8b279c3e8f756598f68",
    "Bold": "9e7729ef993ca4c647882f798644f4bbf6da69bd822eac593fc68717dd6c8e2a",
}
FAMILY = "Zopa Sans SC"
POSTSCRIPT = "ZopaSansSC"
VERSION = "1.000"
FONTS = Path(__file__).resolve().parent.parent / "src" / "zopa" / "charts" / "fonts"

SIGNS = "≤≥−×·…—“”‘’•→←↑↓↔⇒⇔✓✗±¬∧∨≈≠∞√∑∈∩∪∅⊂∀∃∂Δ°‰′″§¶†‡©®™€£¥¢½¼¾²³¹½№–―‹›«»‐‑"
# Kept in step with the unicode-range of charts/webfont.py by a test.
LATIN = ((0x20, 0x24F), (0x370, 0x3FF), (0x2000, 0x206F), (0x2190, 0x22FF), (0x25A0, 0x25FF))
FULL_WIDTH = "　、。〃〈〉《》「」『』【】〔〕〖〗〜！＂＃％＆＇（）＊＋，－．／：；＜＝＞？＠［］｛｜｝～￥"
# Characters of personal and place names that GB 2312 (1980) lacks and the press of today prints.
NAMES = "镕喆堃珺琤玥昇頔瑢祎珏婳囧氹锳燊睿赟彧翀焘钜竑沄玮昉炘烨赓鲲淏湜琨瑄璟晢暐旸昕暄煊熠骐骧瑀"


def main(arguments: list[str]) -> int:
    """Make both weights in the given folder, by default the package's own."""
    target = Path(arguments[0]) if arguments else FONTS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        sources = fetch(Path(temporary))
        for weight, source in sources.items():
            path = target / f"{POSTSCRIPT}-{weight}.otf"
            make(source, path, weight=weight)
            print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
            web = target / f"{POSTSCRIPT}-Latin-{weight}.woff"
            latin(path, web)
            print(f"{web}: {web.stat().st_size / 1e3:.0f} kB")
    return 0


def fetch(folder: Path) -> dict[str, Path]:
    """Fetch the npm package into a folder; gives each weight's file once its digest is as expected."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    sources = {}
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        for weight, expected in SHA256.items():
            member = archive.extractfile(f"package/fonts/NotoSansHans-{weight}.otf")
            if member is None:
                raise SystemExit(f"{PACKAGE} has no {weight} font")
            content = member.read()
            if hashlib.sha256(content).hexdigest() != expected:
                raise SystemExit(f"{PACKAGE}: the {weight} font is not the one this script was written for")
            sources[weight] = folder / f"{weight}.otf"
            sources[weight].write_bytes(content)
    return sources


def latin(source: Path, target: Path) -> None:
    """Write what pages carry along: Latin, Greek and signs. Chinese has one width everywhere, these differ by font."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features, options.name_IDs, options.flavor = ["*"], ["*"], "woff"
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in LATIN for code in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = "woff"
    font.save(target, reorderTables=False)


def make(source: Path, target: Path, *, weight: str) -> None:
    """Write one weight: cross added, subset, quotation marks fitted to their neighbours, renamed."""
    font = TTFont(source, recalcTimestamp=False)
    add_cross(font, stroke=76 if weight == "Regular" else 132)
    narrow = proportional(font)
    cut(font, keep=sorted(narrow.values()))
    add_quotation_rules(font, narrow)
    rename(font, weight=weight)
    font.save(target, reorderTables=False)


def characters() -> set[int]:
    """Code points of the subset."""
    gb2312 = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                gb2312.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    latin = {*range(0x20, 0x7F), *range(0xA0, 0x180)}
    greek = {*range(0x391, 0x3CA)} - {0x3A2}
    return gb2312 | latin | greek | {ord(sign) for sign in SIGNS + FULL_WIDTH + NAMES}


def add_cross(font: TTFont, *, stroke: int) -> None:
    """Give U+2717 (✗) a glyph beside the font's ✓: the source has none, so the unused ╳ is drawn anew."""
    glyph = font.getBestCmap()[ord("╳")]
    width, half = 683, stroke * 0.38
    top = font["CFF "].cff.topDictIndex[0]
    old = top.CharStrings[glyph]
    private = top.FDArray[top.FDSelect[font.getGlyphID(glyph)]].Private
    pen = T2CharStringPen(width - private.nominalWidthX, None, CFF2=False)
    left, right, low, high = 110, 573, 90, 650
    for start, end in (((left, low), (right, high)), ((right, low), (left, high))):
        side = half if start[0] < end[0] else -half
        corners = [
            (start[0] - side, start[1] + half),
            (start[0] + side, start[1] - half),
            (end[0] + side, end[1] - half),
            (end[0] - side, end[1] + half),
        ]
        if side < 0:
            corners.reverse()
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    drawn = pen.getCharString(private=private, globalSubrs=old.globalSubrs)
    top.CharStrings[glyph] = drawn
    font["hmtx"][glyph] = (width, round(left - half))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord("✗")] = glyph


def proportional(font: TTFont) -> dict[str, str]:
    """Narrow glyph of each quotation mark, by the wide glyph that Chinese text wants."""
    wide = {font.getBestCmap()[ord(mark)] for mark in "“”‘’"}
    found: dict[str, str] = {}
    for _, table in lookups(font, "GSUB", "pwid"):
        found.update({key: value for key, value in table.mapping.items() if key in wide})
    if set(found) != wide:
        raise SystemExit("the source font has no narrow form of a quotation mark")
    return found


def lookups(font: TTFont, tag: str, feature: str) -> list[tuple[int, Any]]:
    """Lookup subtables of one feature, with their lookup's number."""
    table = font[tag].table
    numbers = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == feature
        for number in record.Feature.LookupListIndex
    }
    return [
        (number, getattr(sub, "ExtSubTable", sub))
        for number in sorted(numbers)
        for sub in table.LookupList.Lookup[number].SubTable
    ]


def cut(font: TTFont, *, keep: list[str]) -> None:
    """Keep only the characters of `characters()` and the named glyphs, without hints and vertical metrics."""
    options = Options()
    options.layout_features = ["kern", "palt", "halt"]
    options.hinting = False
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE", "GSUB"]
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters(), glyphs=keep)
    subsetter.subset(font)


def add_quotation_rules(font: TTFont, narrow: dict[str, str]) -> None:
    """Set “ ” ‘ ’ narrow between Latin letters (Iran’s), wide elsewhere, as Chinese text wants them.

    Only neighbours inside Latin text count, so that both marks of “NPT” in a Chinese sentence stay wide.
    """
    cmap = font.getBestCmap()
    letters = [
        cmap[code]
        for code in sorted(cmap)
        if code < 0x180 and (chr(code).isalnum() or chr(code) in ".,;:!?%)-")
    ]
    gaps = [cmap[ord(mark)] for mark in " .,;:!?)(-"]
    opening = [cmap[ord(mark)] for mark in "“‘"]
    closing = [cmap[ord(mark)] for mark in "”’"]

    def group(glyphs: list[str]) -> str:
        return f"[{' '.join(glyphs)}]"

    rules = f"""
    languagesystem DFLT dflt; languagesystem latn dflt; languagesystem hani dflt;
    languagesystem cyrl dflt; languagesystem grek dflt; languagesystem kana dflt;
    lookup open_narrow {{ sub {group(opening)} by {group([narrow[glyph] for glyph in opening])}; }} open_narrow;
    lookup close_narrow {{ sub {group(closing)} by {group([narrow[glyph] for glyph in closing])}; }} close_narrow;
    feature calt {{
        sub {group(gaps)} {group(opening)}' lookup open_narrow {group(letters)};
        sub {group(letters)} {group(closing)}' lookup close_narrow {group(gaps)};
        sub {group(letters)} {closing[1]}' lookup close_narrow {group(letters)};
    }} calt;
    """
    addOpenTypeFeaturesFromString(font, rules, tables=["GSUB"])


def rename(font: TTFont, *, weight: str) -> None:
    """Put the new family name everywhere a name is kept; the notices of copyright and licence stay."""
    full = f"{FAMILY} {weight}"
    postscript = f"{POSTSCRIPT}-{weight}"
    names = font["name"]
    names.names = [
        record for record in names.names if record.platformID == 3 and record.nameID not in (16, 17)
    ]
    for number, text in (
        (1, FAMILY),
        (2, weight),
        (3, f"{VERSION};{postscript}"),
        (4, full),
        (5, f"Version {VERSION}; made from Noto Sans S Chinese {weight} 1.000"),
        (6, postscript),
    ):
        names.setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = full, FAMILY
    for unwanted in ("XUID", "UniqueID"):
        top.rawDict.pop(unwanted, None)
        if hasattr(top, unwanted):
            delattr(top, unwanted)
    for part in top.FDArray:
        part.FontName = part.FontName.replace(part.FontName.rpartition("-")[0], postscript, 1)
    font["OS/2"].achVendID = "ZOPA"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
