"""Tell a person something, and let him tick it off."""

import datetime as dt
import uuid

from django.db import connection

from lutong.domains.notices.models import Notice
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.ids import uuid7


def tell(
    *,
    person_id: int,
    key: str,
    kind: str,
    title: str,
    now: dt.datetime,
    body: str = "",
    link: str = "",
    tone: str = "info",
) -> bool:
    """Put a notice into a person's list, once per `key`, and wake his open pages after commit.

    Answers whether it was new. Part of the caller's transaction; NOTIFY carries ids only and is delivered at commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (lawyer_id, id, at, kind, title, body, link, tone, key) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (lawyer_id, key) DO NOTHING RETURNING id",
            [person_id, uuid7(), now, kind, title[:120], body[:500], link, tone, key[:160]],
        )
        is_new = cursor.fetchone() is not None
        if is_new:
            cursor.execute("SELECT pg_notify('lutong', %s)", [f'{{"person":{person_id},"kind":"notice"}}'])
    return is_new


@action
def mark_read(*, actor: Actor, notice_id: uuid.UUID | None, now: dt.datetime) -> None:
    """Tick off one notice, or all of them when `notice_id` is None."""
    mine = Notice.objects.filter(lawyer_id=actor.person_id, read_at=None)
    if notice_id is not None:
        mine = mine.filter(id=notice_id)
    mine.update(read_at=now)
