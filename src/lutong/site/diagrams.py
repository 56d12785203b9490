"""Pictures of the lifecycle tables of a product, for docs/lifecycles."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from lutong.kernel.lifecycle import Lifecycle
from lutong.site.config import REPOSITORY

FOLDER = REPOSITORY / "docs" / "lifecycles"


def diagrams(product: ModuleType) -> dict[str, str]:
    """File name → Mermaid text for each Lifecycle that the `states` of a package of this product holds."""
    return {
        f"{package}-{name.lower()}.mmd": f"%% {cycle.title}\n{cycle.mermaid()}"
        for package, name, cycle in _cycles(product)
    }


def renew(product: ModuleType, folder: Path) -> int:
    """Write them anew, and away with those that nothing draws any more; answers how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = diagrams(product)
    for old in folder.glob("*.mmd"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(wanted)


def _cycles(product: ModuleType) -> Iterator[tuple[str, str, Lifecycle]]:
    for package in pkgutil.iter_modules(product.__path__):
        if any(m.name == "states" for m in pkgutil.iter_modules([f"{product.__path__[0]}/{package.name}"])):
            states = importlib.import_module(f"{product.__name__}.{package.name}.states")
            for name, value in vars(states).items():
                if isinstance(value, Lifecycle):
                    yield package.name, name, value
