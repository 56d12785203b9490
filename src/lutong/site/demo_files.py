"""Files of the demo world that a visitor may download and file: a DOCX, scanned JPGs and PDFs, all fictional.

They are made on the spot by the libraries that lawyers' programs use, so that uploads meet real formats.
"""

import io
import random
from collections.abc import Callable
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lutong.site.demo_story import BANK_ROWS, COMPLAINT, FIRM_LETTER, IDENTITY, IOU, LICENCE, MANDATE

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
)
A4 = (1240, 1754)  # 150 dpi


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=2)
    return ImageFont.load_default(size)


def _page(title: str, lines: tuple[str, ...]) -> Image.Image:
    page = Image.new("L", A4, 252)
    pen = ImageDraw.Draw(page)
    pen.text((A4[0] // 2, 170), title, font=_font(46), fill=20, anchor="mm")
    for row, line in enumerate(lines):
        pen.text((150, 290 + row * 62), line, font=_font(30), fill=40)
    return page


def _scan(page: Image.Image) -> bytes:
    """Turn a clean page into what a flat-bed scanner gives: tilted, soft and a little dirty."""
    dice = random.Random(20250318)  # noqa: S311  # the same dirt each time
    tilted = page.rotate(0.7, expand=False, fillcolor=245, resample=Image.Resampling.BICUBIC)
    soft = tilted.filter(ImageFilter.GaussianBlur(0.7))
    pixels = soft.load()
    for _ in range(900):
        pixels[dice.randrange(A4[0]), dice.randrange(A4[1])] = dice.randrange(60, 190)  # type: ignore[index]
    out = io.BytesIO()
    soft.convert("RGB").save(out, "JPEG", quality=84, dpi=(150, 150))
    return out.getvalue()


def _pdf(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def _complaint() -> bytes:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "SimSun", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
    document.add_heading("民事起诉状", level=0)
    for paragraph in COMPLAINT:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _bank() -> bytes:
    per_page = 20
    chunks = [BANK_ROWS[i : i + per_page] for i in range(0, len(BANK_ROWS), per_page)]
    return _pdf([_page(f"银行交易明细（第 {n} 页 共 {len(chunks)} 页）", rows) for n, rows in enumerate(chunks, 1)])


# File name → maker.
FILES: dict[str, Callable[[], bytes]] = {
    "民事起诉状.docx": _complaint,
    "借条（扫描件）.jpg": lambda: _scan(_page("借  条", IOU)),
    "银行流水.pdf": _bank,
    "原告身份证明.pdf": lambda: _pdf([_page("居民身份证（样张，虚构）", IDENTITY)]),
    "授权委托书.pdf": lambda: _pdf([_page("授权委托书", MANDATE)]),
    "律师事务所函.pdf": lambda: _pdf([_page("律师事务所函", FIRM_LETTER)]),
    "律师执业证.jpg": lambda: _scan(_page("律师执业证（样张，虚构）", LICENCE)),
}


def write_all(directory: Path) -> list[Path]:
    """Make every file that is not there yet; answers the paths in the order of `FILES`."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, make in FILES.items():
        path = directory / name
        if not path.exists():
            path.write_bytes(make())
        paths.append(path)
    return paths
