"""电子执业证 on paper: photo, entry, code and how to check it."""

import datetime as dt
import io
from typing import Any

import segno

from lutong.gateways.typesetting.typesetter import render
from lutong.kernel.clock import BEIJING
from lutong.verification.cards.actions import Issued
from lutong.verification.registry.queries import LicenceView


def licence_paper(*, issued: Issued, licence: LicenceView, photo: bytes, verify_url: str, now: dt.datetime) -> bytes:
    """The printable licence as PDF; the code on it is a card for paper."""
    card = issued.card
    data: dict[str, Any] = {
        "name": card.name,
        "photo": list(photo),
        "qr": _code(issued.address),
        "fields": [
            ["姓名", card.name],
            ["性别", licence.sex],
            ["执业类别", card.kind.label],
            ["执业证号", card.licence_no],
            ["执业机构", card.firm_name],
            ["登记机关所在地", card.province],
            ["准予执业之日", licence.granted_on.isoformat()],
            ["执业状态", f"{card.status.label}，自 {card.status_since.isoformat()} 起"],
            ["最近实人核验", card.live_label],
        ],
        "signed": card.issued_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
        "until": card.expires_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
        "number": card.assertion_id,
        "verify": verify_url,
    }
    return render("licence", data, now=now)


def _code(text: str) -> str:
    """The QR code as SVG: with the lowest correction its modules are the largest, which old scanners need more."""
    buffer = io.BytesIO()
    segno.make_qr(text, error="l", boost_error=False).save(buffer, kind="svg", border=2, xmldecl=False, svgns=True)
    return buffer.getvalue().decode()
