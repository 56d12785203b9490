"""A card with two signatures beside the bare library calls that it is made of: signing, verifying, refusing.

Ours writes and reads the whole card (canonical JSON, base64url, every claim checked, both keys found by name); the bare
side calls `cryptography` and `gmssl-pyx` on the very same bytes. SM2 takes nearly all of the time on both sides.
"""

import dataclasses
import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gmssl_pyx import sm2_key_generate, sm2_sign, sm2_verify

from benchmarks.measure import Line, at_least, interleaved, median, note, table
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.crypto.ring import FileKeyRing
from lutong.gateways.registry.cards import Card, CardRefused, Use, read, write
from lutong.gateways.registry.port import LicenceKind, LicenceStatus

TITLE = "card (律证码) beside the bare libraries"
ROUNDS, BURST = 7, 200
AIM = 0.8
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
CARD = Card(
    licence_no="11105201211603034", name="周岚", kind=LicenceKind.FULL_TIME, firm_name="北京衡川律师事务所",
    province="北京市", status=LicenceStatus.ACTIVE, status_since=dt.date(2012, 12, 16), photo_digest="",
    use=Use.SCREEN, issued_at=NOW, expires_at=NOW + Use.SCREEN.life, assertion_id="Zm9vYmFyYmF6cXV4",
)  # fmt: skip


def rate(work: Callable[[], object]) -> Callable[[], float]:
    """How often a second `work` is done."""

    def burst() -> float:
        begun = time.perf_counter()
        for _ in range(BURST):
            work()
        return BURST / (time.perf_counter() - begun)

    return burst


def refused(text: str, ring: FileKeyRing) -> None:
    try:
        read(text, keys=ring.verifiers(), now=NOW)
    except CardRefused:
        return
    raise AssertionError("a forged card was accepted")


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as home:
        ring = FileKeyRing(Path(home))
        ed, sm2 = ring.signer(Algorithm.ED25519), ring.signer(Algorithm.SM2)
        text = write(CARD, ed25519=ed, sm2=sm2)
        forged = write(dataclasses.replace(CARD, name="孟晓舟"), ed25519=ed, sm2=sm2).split(".")[1]
        forged = ".".join([text.split(".")[0], forged, *text.split(".")[2:]])
        message = ".".join(text.split(".")[:2]).encode()
        bare_ed, (public, private) = Ed25519PrivateKey.generate(), sm2_key_generate()
        bare_public = bare_ed.public_key()
        marks = bare_ed.sign(message), sm2_sign(private, public, message)
        found = interleaved(
            ROUNDS,
            {
                "sign": rate(lambda: write(CARD, ed25519=ed, sm2=sm2)),
                "bare sign": rate(lambda: (bare_ed.sign(message), sm2_sign(private, public, message))),
                "verify": rate(lambda: read(text, keys=ring.verifiers(), now=NOW)),
                "bare verify": rate(
                    lambda: (bare_public.verify(marks[0], message), sm2_verify(public, message, marks[1]))
                ),
                "refuse": rate(lambda: refused(forged, ring)),
            },
        )
    middle = {name: median(values) for name, values in found.items()}
    return [
        at_least("sign: share of the bare libraries' rate", middle["sign"] / middle["bare sign"], AIM),
        note("  cards a second : bare", f"{middle['sign']:,.0f} : {middle['bare sign']:,.0f}"),
        at_least("verify: share of the bare libraries' rate", middle["verify"] / middle["bare verify"], AIM),
        note("  cards a second : bare", f"{middle['verify']:,.0f} : {middle['bare verify']:,.0f}"),
        at_least("refuse a forgery: times the rate of verifying", middle["refuse"] / middle["verify"], 1),
        note("  forgeries a second", f"{middle['refuse']:,.0f}"),
    ]


if __name__ == "__main__":
    print(table(TITLE, run()), flush=True)
