"""The event stream: the right person, nobody else, and a hint when something may have been missed."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from lutong.domains.identity.actions import rights_changed
from lutong.domains.identity.models import Account
from lutong.site.stream import EACH, END, QUEUE, RESYNC, Hub, review
from lutong.site.tickets import Ticket, issue_ticket, read_ticket
from tests.support.databases import Database
from tests.support.journeys import free_ports


def notice(*people: int, **ids: Any) -> str:
    return json.dumps({"person": people, "kind": "notice"} | ids)


def test_an_event_reaches_every_browser_of_the_persons_named_and_nobody_else() -> None:
    async def story() -> None:
        hub = Hub()
        async with hub.seat(1) as phone, hub.seat(1) as desk, hub.seat(2) as other:
            hub.deliver(notice(1, 3, id=7))
            assert phone.get_nowait() == desk.get_nowait() == 'data: {"kind": "notice", "id": 7}\n\n'
            assert other.empty()
        assert hub.count() == 0

    asyncio.run(story())


def test_a_slow_reader_is_told_to_read_anew_instead_of_filling_the_memory() -> None:
    async def story() -> None:
        hub = Hub()
        async with hub.seat(1) as queue:
            for number in range(QUEUE + 1):
                hub.deliver(notice(1, id=number))
            assert queue.qsize() == 1
            assert queue.get_nowait() == RESYNC

    asyncio.run(story())


@pytest.mark.parametrize("payload", ["", "x", "[]", "1", '{"person": null}', '{"person": ["x"]}', '{"kind": "a"}'])
def test_a_notification_that_is_not_ours_is_ignored(payload: str) -> None:
    async def story() -> None:
        hub = Hub()
        async with hub.seat(1) as queue:
            hub.deliver(payload)
            assert queue.empty()

    asyncio.run(story())


def test_a_payload_cannot_break_out_of_its_line() -> None:
    async def story() -> None:
        hub = Hub()
        async with hub.seat(1) as queue:
            hub.deliver(notice(1, kind="a\ndata: forged\n\nevent: b"))
            assert queue.get_nowait().count("\n\n") == 1

    asyncio.run(story())


def test_a_person_has_a_limited_number_of_streams() -> None:
    async def story() -> None:
        hub = Hub()
        seats = [hub.seat(1) for _ in range(EACH)]
        for seat in seats:
            await seat.__aenter__()
        assert not hub.has_room(1)
        assert hub.has_room(2)
        await seats[0].__aexit__(None, None, None)
        assert hub.has_room(1)

    asyncio.run(story())


def test_a_ticket_names_its_person_until_it_is_old_or_touched() -> None:
    ticket = issue_ticket(person_id=42, stamp=7)
    assert read_ticket(ticket) == Ticket(42, 7)
    assert read_ticket(ticket, max_age=-1) is None
    assert read_ticket(ticket.replace("42", "43", 1)) is None
    assert read_ticket("") is None
    assert read_ticket("\x00") is None
    with_another_stamp = ticket.replace("42.7", "42.8", 1)
    assert read_ticket(with_another_stamp) is None


@pytest.fixture
def stream(committed_db: Database) -> Iterator[str]:
    """The real process, listening to this test's database, in which persons 1 and 2 have accounts."""
    for person in (1, 2):
        Account.objects.create(id=person, sign_name=f"person-{person}", name="甲", password="!", stamp=3)
    port = free_ports()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "lutong.site.stream:application", "--port", str(port + 2),
         "--timeout-graceful-shutdown", "1", "--log-level", "warning"],
        env={**os.environ, "LUTONG_DATABASE": committed_db.name, "LUTONG_PORT": str(port),
             "DJANGO_SETTINGS_MODULE": "lutong.site.settings"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port + 2}"
    for _ in range(300):
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(10)


def read_event(lines: Iterator[str]) -> dict[str, Any]:
    """The next event that is not a hint to read anew."""
    for line in lines:
        if line.startswith("data: ") and line != RESYNC.strip():
            return dict(json.loads(line.removeprefix("data: ")))
    raise AssertionError("the stream ended")


def open_stream(client: httpx.Client, address: str, person: int, stamp: int = 3) -> Any:
    return client.stream("GET", f"{address}/events", params={"t": issue_ticket(person_id=person, stamp=stamp)})


def test_a_notify_in_the_database_reaches_the_browser_of_that_person_only(stream: str, committed_db: Database) -> None:
    with (
        httpx.Client(timeout=10) as client,
        open_stream(client, stream, 1) as mine,
        open_stream(client, stream, 2) as his,
    ):
        assert mine.headers["content-type"].startswith("text/event-stream")
        mine_lines, his_lines = mine.iter_lines(), his.iter_lines()
        assert next(mine_lines) == next(his_lines) == "retry: 3000"
        with psycopg.connect(**committed_db.conninfo(), autocommit=True) as connection:
            for payload in (notice(1, id=1), notice(2, id=2), notice(1, id=3)):
                connection.execute("SELECT pg_notify('lutong', %s)", [payload])
        assert read_event(mine_lines) == {"kind": "notice", "id": 1}
        assert read_event(mine_lines) == {"kind": "notice", "id": 3}
        assert read_event(his_lines) == {"kind": "notice", "id": 2}


def test_after_a_lost_database_connection_everyone_is_told_to_read_anew(stream: str, committed_db: Database) -> None:
    with httpx.Client(timeout=10) as client, open_stream(client, stream, 1) as mine:
        lines = mine.iter_lines()
        assert next(lines) == "retry: 3000"
        with psycopg.connect(**committed_db.conninfo(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
                "AND datname = current_database()"
            )
        assert RESYNC.strip() in (next(lines) for _ in range(4))


def test_without_a_ticket_or_from_a_strange_page_there_is_no_stream(stream: str) -> None:
    assert httpx.get(f"{stream}/events").status_code == 403
    assert httpx.get(f"{stream}/events", params={"t": "1:x:y"}).status_code == 403
    ticket = {"t": issue_ticket(person_id=1, stamp=3)}
    assert httpx.get(f"{stream}/events", params=ticket, headers={"Origin": "http://evil.example"}).status_code == 403
    home = f"http://127.0.0.1:{int(stream.rsplit(':', 1)[1]) - 2}"
    with httpx.stream("GET", f"{stream}/events", params=ticket, headers={"Origin": home}) as allowed:
        assert allowed.headers["access-control-allow-origin"] == home
    with socket.create_connection(("127.0.0.1", int(stream.rsplit(":", 1)[1]))) as rude:
        rude.sendall(b"GET /events?t=%00 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 403 " in rude.recv(100)


def test_a_ticket_from_before_a_change_of_rights_opens_nothing_and_the_open_stream_ends(
    stream: str, committed_db: Database
) -> None:
    with httpx.Client(timeout=10) as client, open_stream(client, stream, 1) as mine:
        lines = mine.iter_lines()
        assert next(lines) == "retry: 3000"
        rights_changed(person_ids=[1])
        assert read_event(lines) == {"kind": "rights"}
        assert [line for line in lines if line] == [], "the stream has ended"
        with open_stream(client, stream, 1) as old:  # the planted old ticket, within its fifteen minutes
            assert old.status_code == 403
        with open_stream(client, stream, 1, stamp=4) as fresh:
            assert fresh.status_code == 200
        Account.objects.filter(pk=1).update(is_active=False)
        with open_stream(client, stream, 1, stamp=4) as closed:
            assert closed.status_code == 403


def test_a_stream_that_missed_the_word_is_closed_at_the_next_review(committed_db: Database) -> None:
    """The planted fault: the stamp changes and no notification comes."""
    Account.objects.create(id=1, sign_name="person-1", name="甲", password="!", stamp=3)
    Account.objects.create(id=2, sign_name="person-2", name="乙", password="!", stamp=1)
    Account.objects.filter(pk=1).update(stamp=4)

    async def story() -> None:
        hub = Hub()
        async with (
            AsyncConnectionPool(kwargs=committed_db.conninfo(), min_size=1, open=False) as pool,
            hub.seat(1, 3) as old, hub.seat(1, 4) as fresh, hub.seat(2, 1) as other, hub.seat(9, 0) as unknown,
        ):  # fmt: skip
            await review(hub, pool)
            assert [old.get_nowait(), unknown.get_nowait()] == [END, END]
            assert fresh.empty()
            assert other.empty()

    asyncio.run(story())
