"""Files as people have them, made for the tests: web pages, PDF and Word documents, archives, and hostile ones."""

import ctypes
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from importlib.resources import files

import docx
import pypdfium2 as pdfium
from pypdfium2 import raw

PARAGRAPHS = (
    "外交部发言人林为民5日表示，双方将在海明举行会谈，制裁问题必须放在议程之内。",
    "他强调，如果对方坚持讨论导弹问题，谈判就没有意义，也不会有任何结果。",
    "诺兰国务卿鲁比安说，导弹问题也应当谈，否则会谈不会取得成果。",
)
"""An invented report, in three paragraphs."""
ENGLISH = (
    "The foreign minister said on Thursday that talks would be held in Haiming next week.",
    "She insisted that sanctions must be on the agenda, or the negotiations would be meaningless.",
)


def web_page(paragraphs: Sequence[str] = PARAGRAPHS, *, head: str = "", title: str = "两国同意会谈") -> str:
    """A page with a menu, an article, a caption, comments and a foot."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title} - 海明新闻网</title>{head}</head>'
        "<body><header><ul class='menu'><li><a href='/'>首页</a></li><li><a href='/s'>体育新闻</a></li></ul></header>"
        f"<article><h1>{title}</h1>{body}<figure><img src='x.jpg'><figcaption>资料图：会场。</figcaption></figure>"
        "</article><div id='comments'><h3>网友评论</h3><p>网友说，好！</p></div>"
        "<footer><p>版权所有 2010年至2026年 海明新闻网</p></footer></body></html>"
    )


def word(
    paragraphs: Sequence[str] = PARAGRAPHS, *, title: str = "两国同意会谈", table: str | None = None
) -> bytes:
    """A Word document with a heading, paragraphs, a header line and, where given, a table of one cell."""
    document = docx.Document()
    document.core_properties.title = title
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保存"
    document.add_heading(title)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table is not None:
        document.add_table(1, 1).cell(0, 0).text = table
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages, Chinese included."""
    font_file = next(
        f for f in files("zopa").joinpath("charts/fonts").iterdir() if f.name.endswith((".ttf", ".otf"))
    )
    data = font_file.read_bytes()
    document = pdfium.PdfDocument.new()
    held = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    font = raw.FPDFText_LoadFont(document.raw, held, len(data), raw.FPDF_FONT_TRUETYPE, 1)
    for lines in pages:
        page = document.new_page(595, 842)
        for k, line in enumerate(lines):
            if not line:
                continue
            item = raw.FPDFPageObj_CreateTextObj(document.raw, font, 11.0)
            words = (line + "\0").encode("utf-16-le")
            raw.FPDFText_SetText(
                item, ctypes.cast(ctypes.create_string_buffer(words), ctypes.POINTER(ctypes.c_ushort))
            )
            raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 50, 800 - 16 * k)
            raw.FPDFPage_InsertObject(page.raw, item)
        raw.FPDFPage_GenerateContent(page.raw)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF whose password is not the empty one."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    ids = b"<" + b"43" * 16 + b">"
    return (
        out
        + b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [%s %s] >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            ids,
            ids,
            start,
        )
    )


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def in_gbk(data: bytes, name: str) -> bytes:
    """The archive as old Chinese Windows makes it: the name in GBK, and no word about it."""
    utf8, gbk = name.encode(), name.encode("gbk")
    padded = gbk + b"_" * (len(utf8) - len(gbk) - 4) + b".txt" if len(gbk) < len(utf8) else gbk
    assert len(padded) == len(utf8)
    out = bytearray(data.replace(utf8, padded))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", out, at + place)[0]
            struct.pack_into("<H", out, at + place, flags & ~0x800)
            at = out.find(mark, at + 4)
    return bytes(out)


def locked_archive(members: Mapping[str, bytes]) -> bytes:
    """A zip that says of its files that a password protects them."""
    out = bytearray(archive(members))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + place] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)
