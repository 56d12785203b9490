"""Templates keep the strict Content-Security-Policy: no style, script or handler inside a page."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import PACKAGE, told

INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\sstyle=|\son[a-z]+=|href=\"javascript:", re.I
)
SYMBOLS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)


def inline_things(path: Path) -> Iterator[str]:
    text = SYMBOLS.sub("", path.read_text(encoding="utf-8"))
    for hit in INLINE.finditer(text):
        yield f"{told(path)}:{text.count(chr(10), 0, hit.start()) + 1} {hit[0].strip()}"


def test_no_template_carries_style_script_or_handlers() -> None:
    templates = sorted(PACKAGE.rglob("templates/**/*.html"))
    assert len(templates) > 10
    assert [found for path in templates for found in inline_things(path)] == []


def test_a_planted_style_script_and_handler_are_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text('<p style="color:red" onclick="x()">\n<script>x()</script>\n<script src="a.js"></script>', "utf-8")
    assert [hit.partition(" ")[2] for hit in inline_things(bad)] == ["style=", "onclick=", "<script"]
