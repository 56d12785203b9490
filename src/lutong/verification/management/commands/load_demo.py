"""Load the fictional roll. A package brings its own part of the demo world as a command `load_demo_<package>`."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

PACKAGES = ("registry", "entrance", "oidc", "livecheck", "cards")


class Command(BaseCommand):
    help = "Load the fictional roll and what else the demo world needs. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        known = get_commands()
        for package in PACKAGES:
            if f"load_demo_{package}" in known:
                call_command(f"load_demo_{package}")
