"""`load_reference`: bring courts, causes, type codes and papers to the state of the data files."""

from typing import Any

from django.core.management.base import BaseCommand

from lutong.domains.courts import actions
from lutong.kernel import clock


class Command(BaseCommand):
    help = "Load the national reference data (courts, causes, type codes, papers); safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for file, rows in actions.load_reference_data(now=clock.now()).items():
            self.stdout.write(f"{file}: {rows} rows" if rows else f"{file}: up to date")
