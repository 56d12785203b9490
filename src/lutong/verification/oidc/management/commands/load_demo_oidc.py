"""Register the relying parties of the demo world: 律通, two desks of courts and a firm's own software, all alike."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lutong.gateways.registry.account import load_account
from lutong.kernel import clock
from lutong.verification.oidc import actions
from lutong.verification.oidc.actions import Registration
from lutong.verification.oidc.management.commands.application import lutong_at
from lutong.verification.oidc.models import Application
from lutong.verification.registry.actors import service


class Command(BaseCommand):
    help = "Register 律通 and the demo world's other relying parties. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        account = load_account(settings.LUTONG.home)
        platform = lutong_at(settings.LUTONG.web_url, operator="律通平台运营方（演示）")
        self._register(account.client_id, platform, secret=account.client_secret)
        desks = (
            ("demo-hall", "诉讼服务大厅窗口（演示）", "法院诉讼服务大厅", "窗口办理时确认来人的执业身份", 8970),
            ("demo-12368", "12368 热线坐席（演示）", "12368 诉讼服务热线", "来电办理时确认来电人的执业身份", 8971),
        )
        for client_id, name, operator, purpose, port in desks:
            desk = Registration(
                name=name, operator=operator, purpose=purpose, public=False, scopes=("openid", "licence", "live"),
                redirect_uris=[f"http://127.0.0.1:{port}/callback"], post_logout_uris=[], logout_uri="",
            )  # fmt: skip
            self._register(client_id, desk, secret="")
        firm = Registration(
            name="衡川律所办案软件（演示）", operator="北京衡川律师事务所",
            purpose="律所内部办案软件的登录", public=True,
            redirect_uris=["http://127.0.0.1/callback"], post_logout_uris=[], logout_uri="",
            scopes=("openid", "licence", "firm"),
        )  # fmt: skip
        self._register("demo-firm-software", firm, secret="")

    def _register(self, client_id: str, registration: Registration, *, secret: str) -> None:
        now, held = clock.now(), Application.objects.filter(client_id=client_id).first()
        if held is None:
            actions.register_application(
                actor=service(), registration=registration, client_id=client_id, secret=secret, now=now
            )
            return
        actions.change_application(
            actor=service(), application_id=held.pk, registration=registration, active=held.active, now=now
        )
