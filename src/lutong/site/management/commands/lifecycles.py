"""Draw every lifecycle table of 律通 for docs/lifecycles."""

from typing import Any

from django.core.management.base import BaseCommand

import lutong.domains
from lutong.site.diagrams import FOLDER, renew


class Command(BaseCommand):
    help = "Renew docs/lifecycles after a wanted change of a lifecycle."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{renew(lutong.domains, FOLDER)} diagrams")
