"""Pictures: of a sane size, and decodable to the end."""

from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from lutong.gateways.examination.findings import Finding, Found

MOST_PIXELS = 150_000_000  # A4 at 1200 dpi is 139 million
DECODED_UP_TO = 40_000_000  # pixels that are decoded whole; above that only the structure is checked
MOST_FRAMES = 5000

Image.MAX_IMAGE_PIXELS = None  # we ask ourselves, before anything is decoded


def inspect(file: BinaryIO) -> Found:
    try:
        with Image.open(file, formats=("JPEG", "PNG", "TIFF")) as image:
            return _inspect(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError):
        raise Finding("broken") from None


def _inspect(image: Image.Image) -> Found:
    width, height = image.size
    frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if width * height > MOST_PIXELS:
        raise Finding("too_many_pixels", limit=str(MOST_PIXELS // 10_000))
    if frames > MOST_FRAMES:
        raise Finding("too_many_pages", limit=str(MOST_FRAMES))
    if image.format == "PNG" and width * height > DECODED_UP_TO:
        image.verify()
    elif image.format in ("JPEG", "MPO"):
        image.draft("RGB", (max(1, width // 8), max(1, height // 8)))  # decodes all data at an eighth of the memory
        image.load()
    elif width * height <= DECODED_UP_TO:
        image.load()
    return Found(pages=frames, width=width, height=height)
