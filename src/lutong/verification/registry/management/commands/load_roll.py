"""Load a whole roll from a table file."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.kernel import clock
from lutong.verification.registry import loading
from lutong.verification.registry.actors import service


class Command(BaseCommand):
    help = f"Load a roll from CSV: {','.join(loading.COLUMNS)} (owner role)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.perf_counter()
        try:
            loaded = loading.load_file(actor=service(), path=options["file"], now=clock.now())
        except loading.LoadRefused as refusal:
            raise CommandError(f"没有载入任何内容 nothing was loaded:\n{refusal}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"文件无法读取 cannot be read: {error}") from None
        seconds = time.perf_counter() - begun
        rate = loaded.licences / max(seconds, 0.001)
        self.stdout.write(f"已载入 loaded {loaded.licences} 人, {seconds:.1f} s, {rate:.0f}/s")
