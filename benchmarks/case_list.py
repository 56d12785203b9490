"""The newest 20 of one lawyer's cases out of 2,000,000, over HTTP, the caller's token checked in the database.

Ours beside a Django REST framework twin (the peer) and bare ASGI + asyncpg with the same SQL (the limit). One worker
process each, one PostgreSQL, tokens of 2,000 lawyers at random.
"""

import json
import random
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import seeding
from benchmarks.load import Shot, shoot
from benchmarks.measure import Line, at_least, interleaved, median, note
from benchmarks.servers import Server
from benchmarks.world import World

TITLE = "case list: newest 20 of one lawyer, over HTTP with token check"
PATH = "/api/v1/cases"
CALLERS = 2_000  # far below the call limit of a person
AIM_OF_BARE, AIM_OF_DRF_CPU = 0.5, 7.0


def run(world: World) -> list[Line]:
    with world.connect(autocommit=True) as connection:
        cases, lawyers = seeding.fill_cases(connection, full=world.full)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        home = Path(name)
        words = [seeding.token_of(seeding.FIRST + n) for n in random.sample(range(lawyers), min(CALLERS, lawyers))]
        tokens = home / "tokens.txt"
        tokens.write_text("\n".join(words) + "\n")
        servers = {name: stack.enter_context(server) for name, server in _contenders(world, home).items()}
        _same_answer(servers, words[:20])
        found = _measure(world, servers, tokens)
    return [note("rows", f"{cases:,} of {lawyers:,} lawyers"), *_lines(found)]


def _contenders(world: World, home: Path) -> dict[str, Server]:
    from lutong.domains.cases.queries import MY_CASES
    from lutong.domains.identity.queries import WHO_CALLS

    known = {f"TWIN_{key.upper()}": str(value) for key, value in world.app_conninfo().items()}
    known |= {"TWIN_TOKEN_SQL": WHO_CALLS, "TWIN_LIST_SQL": MY_CASES}
    port = world.config.web_port
    return {
        "ours": Server("lutong.site.wsgi:application", "wsgi", port, home / "ours.log"),
        "drf": Server("benchmarks.twins.drf_twin:application", "wsgi", port + 5, home / "drf.log", known),
        "bare": Server("benchmarks.twins.bare_twin:application", "asgi", port + 6, home / "bare.log", known),
    }


def _same_answer(servers: dict[str, Server], words: list[str]) -> None:
    """All three say the same of the same lawyers, and none answers a wrong token."""
    for word in words:
        answers = {name: server.get(PATH, word) for name, server in servers.items()}
        assert {status for status, _ in answers.values()} == {200}, answers
        lists = {name: _told(json.loads(body)) for name, (_, body) in answers.items()}
        assert lists["ours"] == lists["bare"] == lists["drf"], f"the contenders answer differently: {lists}"
        assert 0 < len(lists["ours"]) <= 20
    for name, server in servers.items():
        status, _ = server.get(PATH, words[0][:-1] + ("A" if words[0][-1] != "A" else "B"))
        assert status in (401, 403), f"{name} accepts a wrong token"


def _told(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a page; instants are written in more than one way."""
    rows = answer.get("items", answer.get("results", []))
    return [{name: value for name, value in sorted(row.items()) if not name.endswith("_at")} for row in rows]


def _measure(world: World, servers: dict[str, Server], tokens: Path) -> dict[str, list[tuple[Shot, float]]]:
    found: dict[str, list[tuple[Shot, float]]] = {name: [] for name in servers}

    def burst(name: str, seconds: float) -> float:
        before = servers[name].cpu()
        shot = shoot(port=servers[name].port, path=PATH, tokens=tokens, seconds=seconds)
        assert shot.errors == 0, f"{name}: {shot.errors} of {shot.requests} answers were not 200"
        found[name].append((shot, (servers[name].cpu() - before) * 1000 / shot.requests))
        return shot.rps

    seconds = 6.0 if world.full else 3.0
    for name in servers:
        burst(name, 2.0)  # warm: pool, plans, caches
        found[name].clear()
    interleaved(world.rounds, {name: lambda name=name: burst(name, seconds) for name in servers})
    return found


def _lines(found: dict[str, list[tuple[Shot, float]]]) -> list[Line]:
    rps = {name: median([shot.rps for shot, _ in shots]) for name, shots in found.items()}
    cpu = {name: median([spent for _, spent in shots]) for name, shots in found.items()}
    lines = [
        note(
            name,
            f"{rps[name]:.0f}/s, {cpu[name]:.2f} ms CPU, p50 {median([s.p50_ms for s, _ in shots]):.1f} "
            f"p99 {median([s.p99_ms for s, _ in shots]):.0f} ms",
        )
        for name, shots in found.items()
    ]
    return [
        *lines,
        at_least("ours / bare ASGI + asyncpg, same SQL: rps", rps["ours"] / rps["bare"], AIM_OF_BARE),
        note("ours / bare: CPU per request", f"{cpu['ours'] / cpu['bare']:.2f} ×"),
        at_least("ours / DRF: requests per CPU second (SQL v. ORM)", cpu["drf"] / cpu["ours"], AIM_OF_DRF_CPU),
        note("ours / DRF: rps", f"{rps['ours'] / rps['drf']:.2f} ×"),
    ]
