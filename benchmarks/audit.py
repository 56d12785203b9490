"""One event of the trail beside the same row inserted by bare psycopg, inside an act's transaction and alone.

Ours is the product's `record` under `@action`: the transaction, the actor for row-level security, the row. The bare
side has neither actor nor policy. Both commit to disk.
"""

import datetime as dt
import time
import uuid

from benchmarks.measure import Line, at_least, interleaved, median, note
from benchmarks.world import World

TITLE = "audit append beside a plain INSERT"
AIM = 0.9
COURT, PERSON = 1, 4_000_000
BURST = 100
SUBJECT = "（2026）京0105民初1号"

INSERT = """
INSERT INTO audit_courtevent
    (court_id, id, at, actor_id, actor_name, actor_role, action, subject, facts, case_id, filing_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def run(world: World) -> list[Line]:
    from lutong.domains.audit.actions import record
    from lutong.kernel.acting import action
    from lutong.kernel.actor import Actor, Role
    from lutong.kernel.ids import uuid7

    actor = Actor(PERSON, Role.CLERK, "孟书宁", COURT)
    case = uuid.uuid4()

    @action
    def append(*, actor: Actor, now: dt.datetime) -> None:
        record(actor=actor, court_id=COURT, action="bench.look", subject=SUBJECT, now=now, case_id=case)

    def ours() -> float:
        begun = time.perf_counter()
        for _ in range(BURST):
            append(actor=actor, now=dt.datetime.now(dt.UTC))
        return BURST / (time.perf_counter() - begun)

    with world.connect() as connection:

        def insert() -> None:
            values = (COURT, uuid7(), dt.datetime.now(dt.UTC), PERSON, "孟书宁", "clerk", "bench.look", SUBJECT, "{}",
                      case, None)  # fmt: skip
            connection.execute(INSERT, values)

        def bare() -> float:
            begun = time.perf_counter()
            for _ in range(BURST):
                insert()
                connection.commit()
            return BURST / (time.perf_counter() - begun)

        def inside() -> float:
            """Within one business transaction, where the commit is shared: what the event itself costs there."""
            begun = time.perf_counter()
            in_one(actor=actor)
            return BURST / (time.perf_counter() - begun)

        def bare_inside() -> float:
            begun = time.perf_counter()
            for _ in range(BURST):
                insert()
            connection.commit()
            return BURST / (time.perf_counter() - begun)

        @action
        def in_one(*, actor: Actor) -> None:
            for _ in range(BURST):
                record(actor=actor, court_id=COURT, action="bench.look", subject=SUBJECT, now=dt.datetime.now(dt.UTC))

        contenders = {"ours": ours, "bare": bare, "inside": inside, "bare inside": bare_inside}
        found = interleaved(world.rounds * 3, contenders)
    rates = {name: median(values) for name, values in found.items()}
    return [
        note("inside a business transaction: ours", f"{rates['inside']:.0f}/s"),
        note("inside a business transaction: plain INSERT", f"{rates['bare inside']:.0f}/s"),
        at_least("ours / plain INSERT inside", rates["inside"] / rates["bare inside"], AIM),
        note("a transaction each: ours", f"{rates['ours']:.0f}/s"),
        note("a transaction each: plain INSERT", f"{rates['bare']:.0f}/s"),
        note("ours / plain INSERT, a transaction each", f"{rates['ours'] / rates['bare']:.2f} ×"),
    ]
