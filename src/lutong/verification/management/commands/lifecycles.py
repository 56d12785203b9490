"""Draw the lifecycle tables of this service: `lutong verification manage lifecycles`."""

from typing import Any

from django.core.management.base import BaseCommand

import lutong.verification
from lutong.site.diagrams import FOLDER, renew


class Command(BaseCommand):
    help = "Renew docs/lifecycles/verification after a wanted change of a lifecycle."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{renew(lutong.verification, FOLDER / 'verification')} diagrams")
