"""Everything a database needs before the product can run on it: tables, cache, locks, reference data."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, write grants and row-level security, load reference data, index earlier cases (owner role)."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("secure_tables", verbosity=0)
        call_command("index_parties")
        self.stdout.write("database ready")
