"""Key rotation of sealed columns: what older keys sealed is sealed anew with the newest one."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from lutong.kernel.sealed import SealedJSONField, header, seal, unseal

BATCH = 500


def sealed_columns() -> list[SealedJSONField]:
    """Every sealed column of the product, table by table."""
    models = sorted(apps.get_models(), key=lambda model: model._meta.db_table)
    return [field for model in models for field in model._meta.concrete_fields if isinstance(field, SealedJSONField)]


def reseal(*, field: SealedJSONField) -> Iterator[int]:
    """Seal a column anew, a batch in a transaction; yields how many rows each had. Safe to stop and to repeat.

    As the owner of the tables. Raises Unreadable when a value was sealed with a key that is not at hand.
    """
    names = {"table": sql.Identifier(field.model._meta.db_table), "column": sql.Identifier(field.column or "")}
    find = sql.SQL(
        "SELECT ctid::text, {column} FROM {table} WHERE substr({column}, 1, 5) <> %s LIMIT %s FOR UPDATE"
    ).format(**names)
    put = sql.SQL("UPDATE {table} SET {column} = %s WHERE ctid = %s::tid").format(**names)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(find, [header(), BATCH])
            rows = cursor.fetchall()
            for place, value in rows:
                plain = unseal(bytes(value), bound_to=field.bound_to)
                cursor.execute(put, [seal(plain, bound_to=field.bound_to), place])
        if not rows:
            return
        yield len(rows)
