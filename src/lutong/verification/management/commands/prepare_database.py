"""Everything the database needs before the service can run on it: tables, cache, grants."""

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from lutong.kernel.rowsecurity import grants
from lutong.site.embedded.connection import VERIFICATION


class Command(BaseCommand):
    help = "Migrate, create the shared cache and write the grants of the application role (owner role)."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        role = VERIFICATION.app
        models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            for model in models:
                for statement in grants(model, role):
                    cursor.execute(statement)
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON shared_cache TO {role}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        self.stdout.write(f"database ready, {len(models)} tables")
