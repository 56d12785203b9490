"""Codes that were sent, passkeys, notices, and visits: who is signed in here, since when, and how surely."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lutong.kernel.sealed import SealedJSONField
from lutong.verification.entrance.rules import LONGEST_KEY_NAME, Way


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


class Passkey(models.Model):
    """通行密钥: the public half of a key that a device of its owner holds. The row stays after it is removed."""

    may_delete: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.BigIntegerField()
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField("公钥")  # AAGUID, id and COSE public key, as the device made them
    sign_count = models.BigIntegerField("签名计数", default=0)  # of the device's last answer; a clone is behind it
    name = models.CharField("名称", max_length=LONGEST_KEY_NAME)
    discoverable = models.BooleanField("可以不填证号", default=True)
    user_verification = models.BooleanField("须验证本人", default=True)
    synced = models.BooleanField("可以同步到其他设备", default=False)
    made_at = models.DateTimeField("添加时间")
    used_at = models.DateTimeField("最近使用", null=True)
    removed_at = models.DateTimeField("移除时间", null=True)
    stopped_at = models.DateTimeField("停用时间", null=True)  # a twin of it was used

    class Meta:
        indexes = [
            models.Index(name="passkey_by_person", fields=["person_id", "made_at"]),
        ]

    def __str__(self) -> str:
        return self.name


class PasskeyTry(models.Model):
    """通行密钥尝试: one answer to one question. The question's digest is unique: no answer counts twice."""

    may_delete: ClassVar[bool] = True  # old ones are cleared away

    challenge = models.CharField(max_length=64, unique=True)
    person_id = models.BigIntegerField(null=True)  # known once the key is found
    address = models.GenericIPAddressField("网络地址", null=True)
    at = models.DateTimeField()
    passed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(name="try_by_person", fields=["person_id", "at"], condition=Q(passed=False)),
            models.Index(name="try_by_address", fields=["address", "at"], condition=Q(passed=False)),
            models.Index(name="try_by_time", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"


class Notice(models.Model):
    """提醒短信: tells a person at the registered mobile what happened to his ways in."""

    may_delete: ClassVar[bool] = True  # old ones are cleared away

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.BigIntegerField()
    kind = models.CharField(
        max_length=10,
        choices=[
            ("added", "添加通行密钥"), ("removed", "移除通行密钥"), ("cloned", "停用通行密钥"), ("locked", "暂停登录"),
        ],
    )  # fmt: skip
    message = SealedJSONField("待发短信", default=dict)  # mobile and text, emptied once it is handed over
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    deliveries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when to try handing it over; null: nothing to hand over

    class Meta:
        indexes = [
            models.Index(name="notice_by_person", fields=["person_id", "made_at"]),
            models.Index(name="notice_to_send", fields=["next_at"], condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at}"


class Visit(models.Model):
    """登录会话: one sign-in in one browser. Its id is the `sid` that relying parties are told."""

    may_delete: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.BigIntegerField()
    number = models.CharField("证号", max_length=20)
    way = models.CharField(
        "登录方式", max_length=10, choices=[(one.value, one.label) for one in Way], default=Way.CODE.value
    )
    passkey = models.ForeignKey(Passkey, on_delete=models.PROTECT, null=True, related_name="visits")
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
            ("key", "通行密钥已移除"),
        ],
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(name="visit_by_person", fields=["person_id", "-started_at"]),
            models.Index(name="visit_ended", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.started_at}"
