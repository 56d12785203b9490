"""Draw the lifecycle tables of this service: `lutong verification manage lifecycles`."""

from pathlib import Path
from types import ModuleType
from typing import ClassVar

import lutong.verification
from lutong.site.management.commands import lifecycles


class Command(lifecycles.Command):
    help = "Renew docs/lifecycles/verification after a wanted change of a lifecycle."
    product: ClassVar[ModuleType] = lutong.verification
    folder: ClassVar[Path] = lifecycles.FOLDER / "verification"
