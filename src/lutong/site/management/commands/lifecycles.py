"""Draw every lifecycle table for docs/lifecycles."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

import lutong.domains
from lutong.kernel.lifecycle import Lifecycle
from lutong.site.config import REPOSITORY

FOLDER = REPOSITORY / "docs" / "lifecycles"


def diagrams() -> dict[str, str]:
    """File name → Mermaid text for each Lifecycle that a domain's `states` holds."""
    return {f"{domain}-{name.lower()}.mmd": f"%% {cycle.title}\n{cycle.mermaid()}" for domain, name, cycle in _cycles()}


def _cycles() -> Iterator[tuple[str, str, Lifecycle]]:
    for domain in pkgutil.iter_modules(lutong.domains.__path__):
        if any(m.name == "states" for m in pkgutil.iter_modules([f"{lutong.domains.__path__[0]}/{domain.name}"])):
            states = importlib.import_module(f"lutong.domains.{domain.name}.states")
            for name, value in vars(states).items():
                if isinstance(value, Lifecycle):
                    yield domain.name, name, value


class Command(BaseCommand):
    help = "Renew docs/lifecycles after a wanted change of a lifecycle."

    def handle(self, *args: Any, **options: Any) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        wanted = diagrams()
        for old in FOLDER.glob("*.mmd"):
            if old.name not in wanted:
                old.unlink()
        for name, text in wanted.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(wanted)} diagrams")
