"""Key rotation: seal everything anew with the newest field key. LUTONG_DB_AS=owner lutong manage reseal"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lutong.domains.identity.actions import seal_second_factors
from lutong.kernel.resealing import reseal, sealed_columns
from lutong.kernel.sealed import Unreadable


class Command(BaseCommand):
    help = "Seal columns and second factors anew with the newest key of LUTONG_FIELD_KEYS (owner role; safe to repeat)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for field in sealed_columns():
                done = 0
                for rows in reseal(field=field):
                    done += rows
                    self.stdout.write(f"{field.bound_to}: {done}")
            self.stdout.write(f"second factors: {seal_second_factors()}")
        except Unreadable as error:
            raise CommandError(f"{error}; add the key that sealed it to LUTONG_FIELD_KEYS and run again") from error
