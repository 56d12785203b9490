"""Codes that were sent, and visits: who is signed in here, since when, and how surely."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lutong.kernel.sealed import SealedJSONField


class SignInCode(models.Model):
    """登录验证码: one attempt to sign in. A number that nobody holds gets a row, too, but no message."""

    may_delete: ClassVar[bool] = True  # old ones are cleared away

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField("证号", max_length=20)
    person_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    message = SealedJSONField("待发短信", default=dict)  # mobile and text, emptied once it is handed over
    address = models.GenericIPAddressField("网络地址", null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    deliveries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when to try handing it over; null: nothing to hand over

    class Meta:
        indexes = [
            models.Index(name="code_by_number", fields=["number", "made_at"]),
            models.Index(name="code_by_address", fields=["address", "made_at"]),
            models.Index(name="code_by_time", fields=["made_at"]),
            models.Index(name="code_to_send", fields=["next_at"], condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.made_at}"


class Visit(models.Model):
    """登录会话: one sign-in in one browser. Its id is the `sid` that relying parties are told."""

    may_delete: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.BigIntegerField()
    number = models.CharField("证号", max_length=20)
    started_at = models.DateTimeField("登录时间")
    authenticated_at = models.DateTimeField("最近认证")  # of the last factor that was shown in this visit
    live_at = models.DateTimeField("本次会话实人核验", null=True)
    seen_at = models.DateTimeField("最近使用")
    address = models.GenericIPAddressField("网络地址", null=True)
    agent = models.CharField("浏览器", max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(
        max_length=10, blank=True,
        choices=[
            ("out", "本人退出"), ("elsewhere", "在其他设备上退出"), ("status", "执业状态变更"), ("again", "重新登录"),
        ],
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(name="visit_by_person", fields=["person_id", "-started_at"]),
            models.Index(name="visit_ended", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.started_at}"
