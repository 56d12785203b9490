"""Relying parties, registered by the operator: any application, and 律通 itself."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.gateways.registry.account import load_account
from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.oidc import actions, queries, rules
from lutong.verification.oidc.actions import Registration
from lutong.verification.oidc.models import Application
from lutong.verification.registry.actors import at_console


class Command(BaseCommand):
    help = "登记、列出、换发密钥、停用应用 relying parties; `lutong` registers 律通 itself."

    def add_arguments(self, parser: CommandParser) -> None:
        whats = parser.add_subparsers(dest="what", required=True, metavar="register|lutong|list|secret|close")
        register = whats.add_parser("register", help="登记一个应用，密钥只显示一次 register; the secret is shown once")
        _described(register)
        register.add_argument("--name", required=True, help="名称，授权页上显示")
        register.add_argument("--purpose", required=True, help="用途，授权页上原样显示给本人")
        register.add_argument("--redirect", action="append", required=True, metavar="URI", help="登录返回地址，可多次")
        register.add_argument("--post-logout", action="append", default=[], metavar="URI", help="退出返回地址，可多次")
        register.add_argument("--logout", default="", metavar="URI", help="退出通知地址 back-channel logout URI")
        register.add_argument("--scope", action="append", choices=list(rules.SCOPES), help="可申请的信息，默认 openid")
        register.add_argument("--public", action="store_true", help="不能保管密钥的软件（须用 PKCE）")
        register.add_argument("--client-id", default="", help="默认自动生成 made at random by default")
        lutong = whats.add_parser("lutong", help="登记律通，或者更新它的地址 register 律通, or its new addresses")
        _described(lutong)
        lutong.add_argument("--web-url", default=settings.LUTONG.web_url, help="律通的网址，默认 LUTONG_WEB_URL")
        lutong.add_argument(
            "--elsewhere",
            action="store_true",
            help="律通在别的机器：显示要填到那里的变量 runs elsewhere",
        )
        whats.add_parser("list", help="列出 list")
        for what, text in (("secret", "换发密钥，旧的立即失效 renew"), ("close", "停用，立即生效 close at once")):
            whats.add_parser(what, help=text).add_argument("client_id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except Refusal as refusal:
            told = "".join(f"\n  {name}: {words}" for name, words in refusal.fields.items())
            raise CommandError(f"{refusal.message}{told}") from None

    def _register(self, options: dict[str, Any]) -> None:
        registration = Registration(
            name=options["name"], operator=options["operator"], purpose=options["purpose"], public=options["public"],
            redirect_uris=options["redirect"], post_logout_uris=options["post_logout"], logout_uri=options["logout"],
            scopes=options["scope"] or ["openid"],
        )  # fmt: skip
        client_id = options["client_id"]
        if client_id and queries.find_application(client_id=client_id) is not None:
            raise CommandError(f"{client_id} 已经登记 is registered already")
        made, secret = actions.register_application(
            actor=at_console(), registration=registration, client_id=client_id, now=clock.now()
        )
        self._tell(made, secret)

    def _lutong(self, options: dict[str, Any]) -> None:
        """Both on one machine share the account in its home; else the secret is made here and carried over."""
        asked = lutong_at(options["web_url"], operator=options["operator"])
        account = None if options["elsewhere"] else load_account(settings.LUTONG.home)
        client_id = account.client_id if account else "lutong"
        held = queries.find_application(client_id=client_id)
        if held is not None:
            actions.change_application(
                actor=at_console(), application_id=held.pk, registration=asked, active=True, now=clock.now()
            )
            self.stdout.write(f"已更新 updated: {client_id}；密钥不变 the secret stays")
            return
        _, secret = actions.register_application(
            actor=at_console(), registration=asked, client_id=client_id,
            secret=account.client_secret if account else "", now=clock.now(),
        )  # fmt: skip
        self.stdout.write(f"已登记律通 registered: {client_id}，返回地址 {', '.join(asked.redirect_uris)}")
        if account is None:
            self.stdout.write("请在律通那台机器上设置（密钥只显示这一次）set on the other machine, shown only once:")
            self.stdout.write(f"LUTONG_OIDC_CLIENT_ID={client_id}\nLUTONG_OIDC_CLIENT_SECRET={secret}")

    def _list(self, _options: dict[str, Any]) -> None:
        for one in queries.list_applications():
            state = "启用 open" if one.active else "停用 closed"
            self.stdout.write(f"{one.client_id}  {one.name}（{one.operator}）  {state}  {' '.join(one.redirect_uris)}")

    def _secret(self, options: dict[str, Any]) -> None:
        self._tell(*actions.renew_secret(actor=at_console(), application_id=self._one(options).pk, now=clock.now()))

    def _close(self, options: dict[str, Any]) -> None:
        actions.close_application(actor=at_console(), application_id=self._one(options).pk, now=clock.now())
        self.stdout.write(f"已停用 closed: {options['client_id']}")

    def _one(self, options: dict[str, Any]) -> Application:
        held = queries.find_application(client_id=options["client_id"])
        if held is None:
            raise CommandError(f"没有登记 {options['client_id']} is not registered")
        return held

    def _tell(self, application: Application, secret: str) -> None:
        self.stdout.write(f"client_id: {application.client_id}")
        told = secret or "无，必须用 PKCE none, PKCE is a must"
        self.stdout.write(f"client_secret（只显示这一次 shown only once）: {told}")


def _described(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--operator", required=True, help="运营单位，授权页上显示")


def lutong_at(web_url: str, *, operator: str) -> Registration:
    """律通 as a relying party: no more than any other, but its addresses are known."""
    web = web_url.rstrip("/")
    return Registration(
        name="律通", operator=operator, purpose="开通和找回账号，办理立案、缴费、送达等诉讼事务", public=False,
        redirect_uris=[f"{web}/account/verification/callback/"], post_logout_uris=[f"{web}/account/login/"],
        logout_uri=f"{web}/account/verification/logout", scopes=list(rules.SCOPES),
    )  # fmt: skip
