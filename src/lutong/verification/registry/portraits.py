"""Drawn faces for the demo world: nobody's photo, and marked as drawn."""

import hashlib
import io

from PIL import Image, ImageDraw

SIZE = 240
_SKIN = ((246, 214, 188), (240, 200, 170), (232, 190, 160), (250, 224, 204))
_HAIR = ((32, 30, 34), (58, 44, 38), (86, 86, 92), (24, 26, 40))
_SUIT = ((28, 52, 92), (52, 60, 72), (92, 36, 44), (20, 78, 74))
_PAPER = ((226, 234, 244), (232, 240, 236), (242, 236, 228), (236, 232, 242))


def draw(number: str, sex: str) -> bytes:
    """A PNG of a face that depends on the number alone."""
    seed = hashlib.sha256(number.encode()).digest()
    skin, hair, suit, paper = (table[seed[i] % len(table)] for i, table in enumerate((_SKIN, _HAIR, _SUIT, _PAPER)))
    image = Image.new("RGB", (SIZE, SIZE), paper)
    pen = ImageDraw.Draw(image)
    if sex == "女":
        pen.rounded_rectangle((66, 40, 174, 176), 52, fill=hair)
    pen.ellipse((30, 168, 210, 330), fill=suit)
    pen.polygon([(98, 172), (142, 172), (120, 214)], fill=(250, 250, 250))
    pen.rectangle((106, 142, 134, 180), fill=skin)
    pen.ellipse((76, 52, 164, 160), fill=skin)
    pen.pieslice((72, 42, 168, 146), 180, 360, fill=hair)
    pen.ellipse((80 + seed[4] % 12, 74, 160, 140), fill=skin)
    for x in (102, 138):
        pen.ellipse((x - 4, 100, x + 4, 108), fill=(40, 36, 36))
    pen.arc((106, 112, 134, 136), 20, 160, fill=(150, 80, 76), width=3)
    if seed[5] % 3 == 0:
        for x in (102, 138):
            pen.ellipse((x - 14, 92, x + 14, 116), outline=(60, 60, 66), width=3)
        pen.line((116, 104, 124, 104), fill=(60, 60, 66), width=3)
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()
