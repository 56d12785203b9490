"""Runs inside the sandbox: PDF without its active parts, pictures as PDF, pages as pictures, words of a DOCX."""

import io
from typing import Any

import docx
import pikepdf
import pypdfium2
from docx.table import Table
from PIL import Image, ImageOps, ImageSequence

from lutong.gateways.sandbox.sealedfile import reader

THUMB = 240  # pixels wide
PAGE = 1400  # pixels wide
TALLEST = 6000  # pixels; a very long page is drawn narrower
A4_WIDTH = 595.0  # points
MOST_BLOCKS = 5000
DEEPEST = 20  # nested direct objects

Image.MAX_IMAGE_PIXELS = None  # checked at the examination

_BAD_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie",
                "/Sound", "/RichMediaExecute", "/SetOCGState", "/Hide", "/GoTo3DView"}  # fmt: skip
_BAD_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_BAD_KEYS = ("/AA", "/JS", "/XFA", "/EmbeddedFiles", "/JavaScript", "/AF", "/EF")

Answered = tuple[Any, list[bytes]]


def page_count(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    with reader(descriptors[0], arguments) as file:
        document = pypdfium2.PdfDocument(file)
        return len(document), []


def sizes(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    """Width and height of each page in points, turned as it is shown."""
    with reader(descriptors[0], arguments) as file:
        document = pypdfium2.PdfDocument(file)
        return [document.get_page_size(i) for i in range(len(document))], []


def draw(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    """Sizes in pixels, and two blobs a page: thumbnail and page."""
    sizes, blobs = [], []
    with reader(descriptors[0], arguments) as file:
        document = pypdfium2.PdfDocument(file)
        for number in arguments["numbers"]:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(PAGE / max(width, 1), TALLEST / max(height, 1))
            picture = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
            page.close()
            sizes.append(picture.size)
            small = picture.resize((THUMB, max(1, round(THUMB * picture.height / picture.width))), reducing_gap=2.0)
            blobs += [_webp(small, 70), _webp(picture, 80)]
    return sizes, blobs


def harmless_pdf(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    """The same PDF if it does nothing by itself, else a copy without what does."""
    with reader(descriptors[0], arguments) as file, pikepdf.open(file) as document:
        pages = len(document.pages)
        taken_out = sum(_disarm(thing) for thing in document.objects)
        taken_out += _disarm(document.trailer)
        if not taken_out and not document.is_encrypted:
            return {"same": True, "pages": pages}, []
        out = io.BytesIO()
        document.save(out, encryption=False, linearize=True)
        return {"same": False, "pages": pages}, [out.getvalue()]


def pdf_of_images(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    """One page a frame, as wide as A4, turned as the camera was held; a plain JPEG keeps its own bytes."""
    with reader(descriptors[0], arguments) as file, Image.open(file) as image, pikepdf.new() as document:
        upright = image.getexif().get(0x0112, 1) in (0, 1)
        if image.format == "JPEG" and image.mode in ("RGB", "L") and upright:
            file.seek(0)
            _add_page(document, image.size, image.mode, file.read())
        else:
            for frame in ImageSequence.Iterator(image) if image.format == "TIFF" else (image,):
                picture = _on_white(ImageOps.exif_transpose(frame))
                out = io.BytesIO()
                picture.save(out, "JPEG", quality=88)
                _add_page(document, picture.size, picture.mode, out.getvalue())
        saved = io.BytesIO()
        document.save(saved)
        return {"same": False, "pages": len(document.pages)}, [saved.getvalue()]


def docx_blocks(arguments: dict[str, Any], descriptors: list[int]) -> Answered:
    """Paragraphs and tables in reading order, as the template `paper` takes them."""
    blocks: list[dict[str, Any]] = []
    with reader(descriptors[0], arguments) as file:
        for part in docx.Document(file).iter_inner_content():
            if len(blocks) >= MOST_BLOCKS:
                break
            if isinstance(part, Table):
                rows = [[cell.text for cell in row.cells] for row in part.rows]
                if rows and rows[0]:
                    width = len(rows[0])
                    even = [(row + [""] * width)[:width] for row in rows]
                    blocks.append({"table": {"head": even[0], "rows": even[1:]}})
            elif part.text.strip():
                heading = (part.style.name or "").startswith(("Heading", "Title")) if part.style else False
                blocks.append({"heading" if heading else "text": part.text})
    return blocks, []


def _disarm(thing: Any, depth: int = 0) -> int:
    """Take active parts out of one object and what stands directly in it; answer how many."""
    if depth > DEEPEST or not isinstance(thing, pikepdf.Object):
        return 0
    if isinstance(thing, pikepdf.Array):
        return sum(_disarm(item, depth + 1) for item in thing if _stands_here(item))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return 0
    count = 0
    for key in list(thing.keys()):
        value = thing[key]
        if key in _BAD_KEYS or _is_bad(value):
            del thing[key]
            count += 1
        elif key == "/Annots" and isinstance(value, pikepdf.Array) and any(_is_bad(note) for note in value):
            thing[key] = value = pikepdf.Array([note for note in value if not _is_bad(note)])
            count += 1
        if key in thing and _stands_here(value):
            count += _disarm(value, depth + 1)
    return count


def _stands_here(value: Any) -> bool:
    """Written inside its parent; what is written elsewhere has its own turn."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _is_bad(value: Any) -> bool:
    if not isinstance(value, pikepdf.Dictionary):
        return False
    return str(value.get("/S", "")) in _BAD_ACTIONS or str(value.get("/Subtype", "")) in _BAD_ANNOTATIONS


def _add_page(document: pikepdf.Pdf, size: tuple[int, int], mode: str, jpeg: bytes) -> None:
    width, height = A4_WIDTH, A4_WIDTH * size[1] / size[0]
    picture = document.make_stream(
        jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1], BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page = document.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
    page.Contents = document.make_stream(f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im Do Q".encode())


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency and in a mode that JPEG knows."""
    if picture.mode in ("1", "L", "I;16", "I"):
        return picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=2)
    return out.getvalue()
