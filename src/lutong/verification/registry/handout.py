"""Histories as table files that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from lutong.gateways.registry.port import EventKind, LicenceKind
from lutong.kernel.clock import BEIJING
from lutong.verification.registry import queries
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.models import Licence, LicenceEvent, Source

HEAD = (
    "执业证号", "姓名", "类别", "现执业机构", "事项", "生效日", "截止日", "理由", "依据", "文书号", "变更后机构",
    "来源", "报送序号", "登记时间", "登记人",
)  # fmt: skip
PIECE = 1000


def safe(text: object) -> str:
    """A cell that no spreadsheet takes for a formula: those that begin like one get an apostrophe."""
    word = "" if text is None else str(text)
    return f"'{word}" if word[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else word


def csv_of(events: Iterable[LicenceEvent], licence: Licence, *, name: str) -> HttpResponse:
    """The history of one licence."""
    return _file(iter([_lines([HEAD]), _lines(_row(event, licence) for event in events)]), name)


def csv_of_bureau(actor: BureauActor, *, name: str) -> HttpResponse:
    """Every decision that the actor's bureau has entered, read piece by piece."""
    return _file(_pieces(actor), name)


def _pieces(actor: BureauActor) -> Iterator[str]:
    yield _lines([HEAD])
    after = 0
    while events := queries.list_events(actor=actor, after_id=after, limit=PIECE):
        yield _lines(_row(event, event.licence) for event in events)
        after = events[-1].pk


def _row(event: LicenceEvent, licence: Licence) -> tuple[str, ...]:
    cells = (
        f"\t{licence.number}", licence.person.name, LicenceKind(licence.kind).label, licence.firm.name,
        EventKind(event.kind).label, event.effective_on, event.until_on, event.reason, event.article, event.document_no,
        event.firm.name if event.firm else "", Source(event.source).label, event.bureau_seq,
        event.recorded_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"), event.recorded_by,
    )  # fmt: skip
    return (cells[0], *(safe(cell) for cell in cells[1:]))  # the tab keeps seventeen digits from becoming a float


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _file(pieces: Iterator[str], name: str) -> HttpResponse:
    def whole() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf"  # so that Excel reads UTF-8
        for piece in pieces:
            yield piece.encode()

    response = StreamingHttpResponse(whole(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # as good as a response to every middleware
