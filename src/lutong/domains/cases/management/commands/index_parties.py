"""`lutong manage index_parties`: give cases from before the conflict index their rows; part of every upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from lutong.domains.cases import actions
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.actor import system

BATCH = 500


class Command(BaseCommand):
    help = "Index the parties of earlier cases for conflict checks, court by court; safe to stop and to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        courts = list_staffed_courts()
        for place, court_id in enumerate(courts, 1):
            if added := self._court(court_id):
                self.stdout.write(f"court {court_id} ({place}/{len(courts)}): {added} indexed")

    def _court(self, court_id: int) -> int:
        added, after = 0, None
        while True:
            done = actions.index_earlier_cases(
                actor=system(court_id), court_id=court_id, after=after, limit=BATCH, now=clock.now()
            )
            added, after = added + done.added, done.last
            if done.looked_at < BATCH:
                return added
            self.stdout.write(f"court {court_id}: {added} so far")
