"""`lutong verification officer`: an account for somebody who serves at a bureau's desk or at a court's window."""

import secrets
from typing import Any
from urllib.parse import quote, urlencode

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.kernel import clock
from lutong.verification.registry import actions, queries
from lutong.verification.registry.actors import service
from lutong.verification.registry.bodies import MINISTRY, PROVINCES


class Command(BaseCommand):
    help = "开立经办人账号，打印一次性的初始密码和身份验证器地址。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("staff_no", help="工号")
        parser.add_argument("name", help="姓名")
        parser.add_argument("--bureau", required=True, help="省级代码，例如 11；司法部为 00；法院窗口填所在省")
        parser.add_argument("--court", default="", help="法院代字，例如 京0105：开立法院核验岗账号")
        parser.add_argument("--court-name", default="", help="法院全称，例如 北京市朝阳区人民法院")

    def handle(self, *args: Any, **options: Any) -> None:
        staff_no, bureau, court = options["staff_no"], options["bureau"], options["court"]
        if bureau not in PROVINCES and (bureau != MINISTRY or court):
            raise CommandError("没有这个省级代码")
        if bool(court) != bool(options["court_name"]):
            raise CommandError("法院代字和法院全称要一起填写")
        if queries.has_officer(staff_no=staff_no):
            raise CommandError("这个工号已有账号")
        if court:
            actions.enrol_window(code=court, name=options["court_name"], bureau=bureau)
        password = secrets.token_urlsafe(12)
        desk = {"court": court} if court else {"bureau": bureau}
        officer_id = actions.enrol_officer(staff_no=staff_no, name=options["name"], password=password, **desk)
        actions.look(actor=service(), act="enrol_officer", subject=staff_no, now=clock.now())
        secret = queries.secret_of(officer_id=officer_id)
        label = quote(f"律师身份核验平台:{staff_no}")
        address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': '律师身份核验平台'})}"
        self.stdout.write(f"工号 {staff_no}\n初始密码 {password}\n身份验证器 {address}\n只显示这一次，请当面交付本人")
