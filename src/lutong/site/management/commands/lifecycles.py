"""Draw every lifecycle table for docs/lifecycles."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from django.core.management.base import BaseCommand

import lutong.domains
from lutong.kernel.lifecycle import Lifecycle
from lutong.site.config import REPOSITORY

FOLDER = REPOSITORY / "docs" / "lifecycles"


def diagrams(product: ModuleType = lutong.domains) -> dict[str, str]:
    """File name → Mermaid text for each Lifecycle that the `states` of a package of this product holds."""
    return {
        f"{package}-{name.lower()}.mmd": f"%% {cycle.title}\n{cycle.mermaid()}"
        for package, name, cycle in _cycles(product)
    }


def _cycles(product: ModuleType) -> Iterator[tuple[str, str, Lifecycle]]:
    for package in pkgutil.iter_modules(product.__path__):
        if any(m.name == "states" for m in pkgutil.iter_modules([f"{product.__path__[0]}/{package.name}"])):
            states = importlib.import_module(f"{product.__name__}.{package.name}.states")
            for name, value in vars(states).items():
                if isinstance(value, Lifecycle):
                    yield package.name, name, value


class Command(BaseCommand):
    help = "Renew docs/lifecycles after a wanted change of a lifecycle."
    product: ClassVar[ModuleType] = lutong.domains
    folder: ClassVar[Path] = FOLDER

    def handle(self, *args: Any, **options: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = diagrams(self.product)
        for old in self.folder.glob("*.mmd"):
            if old.name not in wanted:
                old.unlink()
        for name, text in wanted.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(wanted)} diagrams")
