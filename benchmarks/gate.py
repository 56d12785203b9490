"""A gate judging a code by all of its rules beside the bare library verifying the same signature over the same bytes.

The list is a busy court's day: 120 hearings, 500 people. Ours reads Base32, finds key, person and hearing, verifies,
and asks time, court, purpose, place, standing and single use; beside it stands `cryptography` alone. Refusals and the
turnstile's whole way (each scan on the disk before the answer) are told for information.
"""

import itertools
import json
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from benchmarks.measure import Line, at_least, interleaved, median, note, table
from lutong.domains.gatepass import rules
from lutong.domains.gatepass.rules import Bundle, Door, Expected, Form, GateCode, Person, Purpose
from lutong.gateways.crypto.keys import public_jwks, read_jwks, verifier_of
from lutong.gateways.crypto.port import Algorithm
from lutong.site import turnstile

TITLE = "gate (一码通) beside the bare library"
ROUNDS, BURST = 7, 400
AIM = 0.8
NOW, COURT, PEOPLE, HEARINGS = 1_795_000_000, 105, 500, 120
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = verifier_of(Algorithm.ED25519, KEY.public_key().public_bytes_raw())
KEYS = public_jwks([VERIFIER])
VENUE, ROOM = uuid.UUID(int=1), uuid.UUID(int=2)


def day() -> Bundle:
    """A court's list of one day."""
    people = [
        Person(holder=uuid.uuid4(), name="周岚", licence_no="1" * 17, firm="北京衡石律师事务所") for _ in range(PEOPLE)
    ]
    around = itertools.cycle(person.holder for person in people)
    hearings = [
        Expected(
            hearing_id=uuid.uuid4(), number=f"（2026）京0105民初{n}号", kind="开庭", room=ROOM, room_name="第十九法庭",
            starts=NOW + 60 * n, ends=NOW + 60 * n + 7200, counsel=frozenset(itertools.islice(around, 5)),
        )
        for n in range(HEARINGS)
    ]  # fmt: skip
    return Bundle(
        issued=NOW - 600,
        door=Door(court_id=COURT, court_name="某法院", venue_id=VENUE, kind=Purpose.ENTRANCE, name="南门"),
        keys={kid: verifier.verify for kid, verifier in read_jwks(KEYS).items()},
        people={person.holder: person for person in people}, hearings={one.hearing_id: one for one in hearings},
    )  # fmt: skip


def codes(bundle: Bundle, count: int) -> list[str]:
    """Fresh codes of the people on the list, one after the other."""
    around = itertools.cycle(bundle.people)
    return [
        rules.write(
            GateCode(
                kid=VERIFIER.kid, form=Form.SCREEN, purpose=Purpose.ENTRANCE, court_id=COURT, place=VENUE,
                holder=next(around), code_id=uuid.uuid4(), issued=NOW - 3, life=rules.LIFE,
            ),
            KEY.sign,
        )
        for _ in range(count)
    ]  # fmt: skip


def rate(work: Callable[[list[str]], object], texts: list[str]) -> Callable[[], float]:
    """How many of the texts a second."""

    def burst() -> float:
        begun = time.perf_counter()
        work(texts)
        return len(texts) / (time.perf_counter() - begun)

    return burst


def judged(bundle: Bundle, reason: rules.Reason, now: float = NOW) -> Callable[[list[str]], None]:
    """Every text gets this verdict; each burst starts with no code used."""

    def work(texts: list[str]) -> None:
        used: set[uuid.UUID] = set()

        def use(code: GateCode) -> bool:
            first = code.code_id not in used
            used.add(code.code_id)
            return first

        for text in texts:
            assert rules.judge(text, bundle=bundle, use=use, now=now).reason is reason

    return work


def bare(texts: list[str]) -> Callable[[list[str]], None]:
    """The library on the same signatures and messages, taken apart before."""
    public, parts = Ed25519PublicKey.from_public_bytes(KEY.public_key().public_bytes_raw()), {}
    for text in texts:
        _, body, signature = rules.read(text)
        parts[text] = (signature, rules.message_of(body))

    def work(texts: list[str]) -> None:
        for text in texts:
            public.verify(*parts[text])

    return work


def run() -> list[Line]:
    bundle = day()
    texts = codes(bundle, BURST)
    with tempfile.TemporaryDirectory() as home:
        path, memory = Path(home) / "bundle.json", turnstile.Memory(Path(home) / "state.sqlite3")
        path.write_text(json.dumps(rules.plain(bundle, KEYS)), encoding="utf-8")

        def scanned(texts: list[str]) -> None:
            assert len(list(turnstile.verify(texts, bundle_path=path, memory=memory, clock=lambda: NOW))) == len(texts)

        found = interleaved(
            ROUNDS,
            {
                "judge": rate(judged(bundle, rules.Reason.OK), texts),
                "bare": rate(bare(texts), texts),
                "stale": rate(judged(bundle, rules.Reason.STALE, NOW + 60), texts),
                "on disk": rate(scanned, texts),
            },
        )
        memory.close()
    middle = {name: median(values) for name, values in found.items()}
    return [
        at_least("all rules: share of the bare signature check's rate", middle["judge"] / middle["bare"], AIM),
        note("  codes a second : bare", f"{middle['judge']:,.0f} : {middle['bare']:,.0f}"),
        note("  stale codes refused a second", f"{middle['stale']:,.0f}"),
        note("  by the turnstile, each scan on the disk first", f"{middle['on disk']:,.0f}"),
    ]


if __name__ == "__main__":
    print(table(TITLE, run()), flush=True)
