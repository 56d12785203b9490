"""The only place that opens transactions and tells PostgreSQL who acts.

`@action` marks a use case: one call is one transaction. `reading(actor)` does the same for looking.
Both set the actor with SET LOCAL, so nothing leaks to the next user of a pooled connection, and a
savepoint that rolls back takes the setting with it.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar, cast

from django.db import DatabaseError, InternalError, OperationalError, connection, transaction

from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
_RETRYABLE = {"40001", "40P01"}  # serialization failure, deadlock
_actor: ContextVar[Actor | None] = ContextVar("lutong_actor", default=None)
_refusals: dict[str, Callable[[], Refusal]] = {}


def refuse_on(constraint: str, refusal: Callable[[], Refusal]) -> None:
    """Name the refusal that a database constraint stands for; called once beside the model that has it."""
    _refusals[constraint] = refusal


@contextmanager
def reading(actor: Actor) -> Iterator[None]:
    """A transaction in which `actor` looks; nested use by the same actor costs nothing."""
    if _actor.get() == actor and connection.in_atomic_block:
        yield
        return
    with _transaction(actor):
        yield


@contextmanager
def as_actor(actor: Actor) -> Iterator[None]:
    """Switch the actor inside an open transaction, and back again."""
    with _acting(actor, to_the_end=False):
        yield


@contextmanager
def _transaction(actor: Actor) -> Iterator[None]:
    whole = not connection.in_atomic_block
    with transaction.atomic(), _acting(actor, to_the_end=whole):
        yield


@contextmanager
def _acting(actor: Actor, *, to_the_end: bool) -> Iterator[None]:
    """`to_the_end`: the transaction ends with the block, and the setting with it; so nobody needs to take it back."""
    outer = _actor.get()
    token = _actor.set(actor)
    if to_the_end or actor != outer:
        _tell(actor)
    try:
        yield
    finally:
        _actor.reset(token)
    if not to_the_end and actor != outer:
        _tell(outer)  # not after an exception: the rollback restores the setting


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a use case: its own transaction (or a savepoint of the caller's), with the actor set.

    Deadlocks and serialization failures are tried again when the transaction is ours; a violated
    constraint becomes the refusal registered for it, also when it only shows at COMMIT.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = cast(Actor, kwargs["actor"])
        tries = 1 if connection.in_atomic_block else TRIES
        for attempt in range(1, tries + 1):
            try:
                with _transaction(actor):
                    return function(*args, **kwargs)
            except DatabaseError as error:
                if attempt < tries and _sqlstate(error) in _RETRYABLE:
                    continue
                raise _refusal_for(error) or error from error
        raise AssertionError("unreachable")

    run.is_action = True  # type: ignore[attr-defined]  # house tests list all actions by this mark
    return run


def _tell(actor: Actor | None) -> None:
    person = "" if actor is None or actor.role is Role.SYSTEM else str(actor.person_id)
    court = str(actor.court_id) if actor is not None and actor.is_staff and actor.court_id else ""
    admin = str(actor.court_id) if actor is not None and actor.is_admin and actor.court_id else ""
    principal = str(actor.for_id) if actor is not None and actor.for_id else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.person', %s, true), set_config('app.court', %s, true), "
            "set_config('app.for', %s, true), set_config('app.admin', %s, true)",
            [person, court, principal, admin],
        )


def _sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _refusal_for(error: DatabaseError) -> Refusal | None:
    if isinstance(error, OperationalError | InternalError):
        return None
    diagnosis = getattr(error.__cause__, "diag", None)
    name = (getattr(diagnosis, "constraint_name", None) or "") if diagnosis else ""
    for constraint, refusal in _refusals.items():
        if name == constraint or name.startswith(f"{constraint}_"):  # a shard adds its number
            return refusal()
    return None
