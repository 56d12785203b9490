"""Write grants and row-level security for all tables. Run by the owner after each migration."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection

from lutong.kernel.rowsecurity import APP_ROLE, statements


class Command(BaseCommand):
    help = "Write grants and row-level security (owner role)."

    def handle(self, *args: Any, **options: Any) -> None:
        models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
            for statement in statements(models):
                cursor.execute(statement)
            self._machinery(cursor)
        self.stdout.write(f"secured {len(models)} tables")

    def _machinery(self, cursor: Any) -> None:
        """The job queue and the shared cache bring tables that are not Django models of ours."""
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND "
            "(tablename LIKE 'procrastinate%' OR tablename = 'shared_cache')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {APP_ROLE}')
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
