"""The keys that sign tokens: list, rotate, retire."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.kernel import clock
from lutong.verification.oidc import keys
from lutong.verification.oidc.provider import KEYS


class Command(BaseCommand):
    help = "列出、轮换、退役令牌签名密钥 list, rotate or retire the keys that sign tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        whats = parser.add_subparsers(dest="what", required=True, metavar="list|rotate|retire")
        whats.add_parser("list", help="列出 list")
        rotate = whats.add_parser("rotate", help="换新钥，旧钥公布到最后一个令牌期满 a new key; the old one fades out")
        rotate.add_argument(
            "--stolen",
            action="store_true",
            help="旧钥失窃：立即换新，旧钥和在途令牌作废 the old one is void",
        )
        whats.add_parser("retire", help="销毁已期满的旧钥（信使每天自动做）destroy what is over; the courier does, too")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if options["what"] == "retire":
            self.stdout.write(f"已销毁 destroyed: {keys.retire(KEYS, now=now)}")
        if options["what"] == "rotate":
            try:
                made = keys.replace(KEYS, now=now) if options["stolen"] else keys.rotate(KEYS, now=now)
            except ValueError:
                raise CommandError("上一把新钥还没有开始签发，请过几分钟再试 a new key is waiting already") from None
            self.stdout.write(f"新钥 new key: {made.kid}")
        keys.ensure_key(KEYS, now=now)
        for key in keys.list_keys(KEYS):
            self.stdout.write(f"{key.kid}  {self._told(key, now)}")

    def _told(self, key: keys.HeldKey, now: Any) -> str:
        if key.signs_from > now:
            return f"已公布，{self._at(key.signs_from)} 起签发 signs from then on"
        if key.signs(now):
            return "正在签发 signs"
        return f"旧钥，公布到 {self._at(key.published_until)} published until then"

    def _at(self, moment: Any) -> str:
        return f"{moment.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"
