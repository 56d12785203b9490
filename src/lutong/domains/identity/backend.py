"""Check a password: by licence or staff number, or by mobile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from lutong.domains.identity.actions.proving import find_account
from lutong.domains.identity.models import Account

AT_ONCE = 1  # hashes that one process reckons at a time: the other core stays with the pages
SEATS = 24  # of the 32 threads of a process (site/processes.py); whoever comes then is asked to come again
_turns = threading.BoundedSemaphore(AT_ONCE)
_seats = threading.BoundedSemaphore(SEATS)


@contextmanager
def seat() -> Iterator[bool]:
    """A place in the queue of those who sign in; False when all are taken, so that pages keep their threads."""
    taken = _seats.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _seats.release()


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn to hash; who waits holds no database connection that a page could use."""
    if not _turns.acquire(blocking=False):
        if not connection.in_atomic_block:
            connection.close()  # back into the pool; the next query takes another
        _turns.acquire()
    try:
        yield
    finally:
        _turns.release()


class Argon2Owasp(Argon2PasswordHasher):
    """argon2id with the OWASP set (19 MiB, 2 passes): about 40 ms, one after the other in each process."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, which also takes the mobile number as the name."""

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        account = find_account(name=username)
        if account is None:
            Account().set_password(password)  # as much work as for an account that exists: the time tells nothing
            return None
        return account if self._check_password(account, password) else None
