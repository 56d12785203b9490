"""The frame of a stand-in's pages: no script, no outside asset, and on every page the words that it is a stand-in."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

BASE_STYLE = (Path(__file__).parent / "style.css").read_bytes()
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Head and foot of each page; `warning` says what this is not, `style` is the whole style sheet."""

    warning: str
    style: bytes

    def page(self, title: str, body: str, *, status: int = 200, look: str = "wide") -> Response:
        """`body` is HTML already; `look` is the class of the page's body."""
        text = (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
            f'<body class="{look}"><header><p class="mark"><strong>替身</strong>{escape(self.warning)}</p></header>'
            f"{body}</body></html>"
        )
        return HTMLResponse(text, status, dict(HEADERS))

    def routes(self) -> list[Route]:
        """The style sheet, and no picture for browsers that ask for one."""
        return [Route("/style.css", self._stylesheet), Route("/favicon.ico", _no_picture)]

    async def _stylesheet(self, request: Request) -> Response:
        return Response(self.style, media_type="text/css", headers={"Cache-Control": "no-cache"})


async def _no_picture(request: Request) -> Response:
    return Response(status_code=204)


def options(chosen: str, words: Mapping[str, str]) -> str:
    """The choices of a select, as HTML."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in words.items()
    )
