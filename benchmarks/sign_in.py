"""How 20 people who sign in at once feel it, and how those feel it who only read: p95, and the ratio to an idle server.

Against a running demo product: `python -m benchmarks.sign_in http://localhost:8400`. The password step is measured; it
holds the expensive hash. Everybody signs in again and again, which is harder than any morning.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable

import httpx

from lutong.site.demo_people import PASSWORD, PEOPLE

AT_ONCE, SECONDS = 20, 15.0
PAGE = "/about/privacy/"


def p95(seconds: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else float("nan")


def read(base: str, until: Callable[[], bool]) -> list[float]:
    """How long one reader waits for a page, again and again."""
    found = []
    with httpx.Client(base_url=base) as client:
        while not until():
            begun = time.perf_counter()
            assert client.get(PAGE).status_code == 200
            found.append(time.perf_counter() - begun)
            time.sleep(0.02)
    return found


def sign_in(base: str, name: str, until: Callable[[], bool]) -> list[float]:
    """How long one person waits for the answer to his password."""
    found = []
    while not until():
        with httpx.Client(base_url=base, timeout=60) as client:
            client.get("/account/login/")
            form = {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["lutong-csrf"]}
            begun = time.perf_counter()
            while (answer := give(client, base, form)).status_code == 503:
                time.sleep(int(answer.headers["Retry-After"]))  # sent away by the crowd: the wait counts
            found.append(time.perf_counter() - begun)
            assert answer.status_code == 302, answer.status_code
    return found


def give(client: httpx.Client, base: str, form: dict[str, str]) -> httpx.Response:
    """Hand in the password once."""
    return client.post("/account/login/", data=form, headers={"Referer": f"{base}/account/login/"})


def main(base: str) -> None:
    """Idle first, then with everybody at the door."""
    end = time.monotonic() + 5
    idle = read(base, lambda: time.monotonic() > end)
    alone = sign_in(base, PEOPLE[0].sign_name, lambda: time.monotonic() > end + 5)
    end = time.monotonic() + SECONDS
    times: list[float] = []
    lock = threading.Lock()

    def person(number: int) -> None:
        mine = sign_in(base, PEOPLE[number % len(PEOPLE)].sign_name, lambda: time.monotonic() > end)
        with lock:
            times.extend(mine)

    threads = [threading.Thread(target=person, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    busy = read(base, lambda: time.monotonic() > end)
    for thread in threads:
        thread.join()
    rows = [
        ("page, idle", idle, idle), ("page, 20 signing in", busy, idle),
        ("password, alone", alone, alone), ("password, 20 at once", times, alone),
    ]  # fmt: skip
    for label, seconds, against in rows:
        middle, slow = statistics.median(seconds) * 1000, p95(seconds) * 1000
        ratio = p95(seconds) / p95(against)
        sys.stdout.write(f"{label:24} {len(seconds):5} × p50 {middle:6.0f} ms  p95 {slow:6.0f} ms  ×{ratio:.1f}\n")
    sys.stdout.write(f"{len(times) / SECONDS:.1f} sign-ins a second\n")


if __name__ == "__main__":
    main(sys.argv[1])
