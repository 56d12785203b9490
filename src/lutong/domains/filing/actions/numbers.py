"""收件号: the temporary number that a court gives to what it receives, 收YYYYMMDDNNNNN."""

import datetime as dt

from django.db import connection


def next_receipt_no(*, court_id: int, day: dt.date) -> str:
    """The next number of a court and Beijing day, in the caller's transaction: a rollback gives it back.

    The counter row stays locked until the commit, so call it as late as possible.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO filing_receiptcounter AS c (court_id, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (court_id, day) DO UPDATE SET last = c.last + 1 RETURNING last",
            [court_id, day],
        )
        last: int = cursor.fetchone()[0]
    return f"收{day:%Y%m%d}{last:05d}"
