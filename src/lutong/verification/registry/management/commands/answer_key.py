"""The key that signs our answers to relying parties: look at it, make the next one, let that sign."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.gateways.registry.keys import ensure_keys, list_public, prepare_next, switch_to_next
from lutong.kernel import clock
from lutong.verification.registry import actions
from lutong.verification.registry.actors import at_console

_OUT_OF_TURN = {
    "prepare": "已有等待启用的密钥，先 switch a next key waits already",
    "switch": "没有等待启用的密钥，先 prepare no next key waits",
}


class Command(BaseCommand):
    help = "应答签名密钥：查看、准备下一个、启用 the key that signs answers: list, prepare the next, switch to it."

    def add_arguments(self, parser: CommandParser) -> None:
        whats = parser.add_subparsers(dest="what", required=True, metavar="list|prepare|switch")
        whats.add_parser("list", help="列出正在签发的和等待启用的 list")
        whats.add_parser("prepare", help="生成下一个密钥，公钥交给别的机器 make the next key")
        whats.add_parser("switch", help="启用下一个密钥，旧私钥立即销毁 let it sign, destroy the old one")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.LUTONG.home / "secrets" / "registry"
        ensure_keys(directory)
        if options["what"] == "list":
            for key, state in zip(list_public(directory), ("正在签发 signs", "等待启用 waits"), strict=False):
                self.stdout.write(f"{state}: {key.thumbprint()}")
            return
        work = {"prepare": prepare_next, "switch": switch_to_next}[options["what"]]
        try:
            key = work(directory)
        except ValueError:
            raise CommandError(_OUT_OF_TURN[options["what"]]) from None
        mark = str(key.thumbprint())
        act = f"{options['what']}_answer_key"
        actions.record(actor=at_console(), act=act, subject=mark, now=clock.now())
        self.stdout.write(f"指纹 thumbprint: {mark}")
        if options["what"] == "prepare":
            self.stdout.write("律通在别的机器的，把下面一行存为那里的 secrets/registry/public-next.jwk，再 switch:")
            self.stdout.write(json.dumps(key.as_dict(private=False)))
