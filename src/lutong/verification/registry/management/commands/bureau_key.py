"""Which bureaus may report, and under which keys."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.registry import actions, queries
from lutong.verification.registry.actors import at_console
from lutong.verification.registry.bodies import PROVINCES, bureau_name
from lutong.verification.registry.bureaukeys import public_half, thumbprint


class Command(BaseCommand):
    help = "登记、更换、停用、列出机关的报送公钥 register, replace, retire or list the bureaus' public keys."

    def add_arguments(self, parser: CommandParser) -> None:
        whats = parser.add_subparsers(dest="what", required=True, metavar="register|retire|list")
        register = whats.add_parser("register", help="登记或更换一个机关的公钥 register or replace a key")
        register.add_argument("code", choices=list(PROVINCES), metavar="CODE", help="省级代码，例如 11 北京")
        register.add_argument("file", type=Path, help="Ed25519 公钥，JWK 或 PEM")
        retire = whats.add_parser("retire", help="停用一个机关的公钥 retire a key")
        retire.add_argument("code", choices=list(PROVINCES), metavar="CODE")
        whats.add_parser("list", help="列出 list")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"文件无法读取 cannot be read: {error}") from None

    def _register(self, options: dict[str, Any]) -> None:
        key, code = public_half(options["file"].read_text("utf-8")), options["code"]
        held = queries.bureau_of(code=code)
        actions.enrol_bureau(actor=at_console(), code=code, public_key=key, now=clock.now())
        done = "已更换，旧公钥立即失效 replaced" if held and held.public_key else "已登记 registered"
        self.stdout.write(f"{bureau_name(code)}：{done}")
        self.stdout.write(f"指纹 thumbprint（请与该机关电话核对）: {thumbprint(key)}")

    def _retire(self, options: dict[str, Any]) -> None:
        actions.retire_bureau_key(actor=at_console(), code=options["code"], now=clock.now())
        self.stdout.write(f"{bureau_name(options['code'])}：已停用，之后的报送一律拒绝 retired")

    def _list(self, _options: dict[str, Any]) -> None:
        for code in PROVINCES:
            held = queries.bureau_of(code=code)
            if held is not None:
                told = thumbprint(held.public_key) or "已停用 retired"
                self.stdout.write(f"{code}  {bureau_name(code)}  已入册 taken in {held.last_seq}  {told}")
