"""Answers of the file process: refusals as problem+json, and the headers of tus and CORS."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lutong.kernel.errors import Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
CHECKSUMS = ("sha256", "sha1")
_ALLOW_HEADERS = (
    "Authorization, Content-Type, Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset, "
    "Upload-Ticket, X-HTTP-Method-Override, X-Requested-With, Range"
)
_EXPOSE_HEADERS = (
    "Location, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Expires, "
    "Upload-Length, Upload-Metadata, Upload-Offset, Retry-After, Content-Range, "
    "Content-Disposition, Accept-Ranges, ETag"
)


class Problem(Exception):
    """A refusal of this process; `title` is a Chinese sentence for people, `code` for programs."""

    def __init__(
        self, status: int, code: str, title: str, *, headers: Mapping[str, str] | None = None, **facts: object
    ):
        super().__init__(code)
        self.status, self.code, self.title, self.facts = status, code, title, facts
        self.headers = dict(headers or {})

    def response(self) -> Response:
        body: dict[str, Any] = {"type": "about:blank", "status": self.status, "code": self.code, "title": self.title}
        return JSONResponse(
            body | self.facts, self.status, headers=self.headers, media_type="application/problem+json"
        )  # fmt: skip


def refused(refusal: Refusal) -> Problem:
    return Problem(refusal.status, refusal.code, refusal.message, headers=None, **refusal.facts)


def gone(refusal: Mapping[str, Any]) -> Problem:
    """An upload that was refused; `refusal` has code, sentence and way_out."""
    sentence = refusal.get("sentence", "文件未被接收。")
    return Problem(410, refusal.get("code", "refused"), sentence, way_out=refusal.get("way_out", ""))


def busy_store() -> Problem:
    return Problem(
        503, "store_unavailable", "文件存储暂时不可用，已收到的部分不会丢失，请稍后续传。", headers={"Retry-After": "5"}
    )  # fmt: skip


def cors(request: Request, origins: frozenset[str]) -> dict[str, str]:
    """Headers that let the pages of our own web origin, and no other, read the answer."""
    headers = {"Vary": "Origin"}
    origin = request.headers.get("origin")
    if origin in origins:
        headers |= {
            "Access-Control-Allow-Origin": origin or "",
            "Access-Control-Expose-Headers": _EXPOSE_HEADERS,
        }
        if request.method == "OPTIONS":
            headers |= {
                "Access-Control-Allow-Methods": "OPTIONS, POST, HEAD, PATCH, DELETE, GET",
                "Access-Control-Allow-Headers": _ALLOW_HEADERS,
                "Access-Control-Max-Age": "7200",
            }
    return headers
