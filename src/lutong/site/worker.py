"""The worker process: runs jobs from PostgreSQL, and relays outbox rows to them."""

import asyncio
import logging
import threading

import django
from django.db import DatabaseError, close_old_connections
from procrastinate import App

from lutong.gateways.registry.port import RegistryDown
from lutong.kernel import clock
from lutong.site.lifeline import exit_after_parent

log = logging.getLogger(__name__)

FEED_EVERY = 5.0  # seconds between two looks at the registry's feed (意见第十六条第二款: live)
FEED_AT_LEAST_EVERY = 30.0
IDLE = 0.5  # seconds between two looks at an empty outbox
JOBS_AT_ONCE = 4
STALLED = 30.0  # seconds without a sign of life of the worker that holds a job
GRACE = 8.0  # seconds for running jobs when told to stop; what does not finish is recovered later


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    django.setup()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    relay = threading.Thread(target=relay_for_ever, args=(stop,), name="relay", daemon=True)
    relay.start()
    threading.Thread(target=follow_for_ever, args=(stop,), name="registry", daemon=True).start()
    threading.Thread(target=exit_after_parent, args=(GRACE + 2,), name="lifeline", daemon=True).start()
    try:
        asyncio.run(_work())
    finally:
        stop.set()
        relay.join(5)


def relay_for_ever(stop: threading.Event) -> None:
    """Turn outbox rows into jobs until told to stop; a database that is away is waited for."""
    from lutong.domains.exchange.tasks import relay_once  # needs django.setup()

    while not stop.is_set():
        moved = 0
        try:
            moved = relay_once(now=clock.now())
        except DatabaseError as error:
            log.warning("relay: %s", type(error).__name__)
        finally:
            close_old_connections()
        if not moved:
            stop.wait(IDLE)


def follow_for_ever(stop: threading.Event) -> None:
    """Take in the registry's feed every few seconds; while it is silent, ask less often and forget nothing."""
    from lutong.domains.identity.actions import follow_registry  # needs django.setup()

    pause = FEED_EVERY
    while not stop.is_set():
        try:
            follow_registry(now=clock.now())
            pause = FEED_EVERY
        except RegistryDown as down:
            log.warning("registry: %s", down.reason)
            pause = min(pause * 2, FEED_AT_LEAST_EVERY)
        except DatabaseError as error:
            log.warning("registry feed: %s", type(error).__name__)
        finally:
            close_old_connections()
        stop.wait(pause)


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as jobs:
        async with jobs.open_async():
            recovery = asyncio.create_task(recover_for_ever(jobs))
            try:
                await jobs.run_worker_async(
                    concurrency=JOBS_AT_ONCE, shutdown_graceful_timeout=GRACE, delete_jobs="successful"
                )
            finally:
                recovery.cancel()


async def recover_for_ever(jobs: App) -> None:
    """Give the jobs of a worker that died back to the queue; their handlers have effect only once."""
    while True:
        for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("job %s of a dead worker is tried again", job.id)
            await jobs.job_manager.retry_job(job)
        await asyncio.sleep(STALLED)


if __name__ == "__main__":
    main()
