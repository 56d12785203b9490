"""Accounts and posts (local tables: plain keys, one node)."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models

from lutong.kernel.actor import ADMIN_ROLES, COURT_ROLES, Role
from lutong.kernel.tables import LawyerOwned


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no superuser, no one account rules all."""

    def create_user(self, *, sign_name: str, name: str, password: str | None = None, **more: Any) -> "Account":
        account = self.model(sign_name=sign_name, name=name, **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """账号: one natural person. Its id is the `person_id` (and, for a lawyer, the `lawyer_id`) everywhere."""

    sign_name = models.CharField("执业证号或工号", max_length=32, unique=True)
    mobile = models.CharField("手机号", max_length=20, unique=True, null=True)
    email = models.EmailField("电子邮箱", blank=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Bumped whenever the person's rights change: a session that knows an older one is looked at anew.
    stamp = models.PositiveIntegerField("权限版本", default=0)

    # “不是我”: somebody denied a device that knew the password; it opens nothing until the person sets a new one.
    frozen_at = models.DateTimeField("密码停用", null=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "sign_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(name="account_sign_name_given", condition=~models.Q(sign_name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's permissions are not used here."""
        return False

    def has_module_perms(self, label: str) -> bool:
        return False

    is_staff = False


class Lawyer(models.Model):
    """律师: the licence that an account is bound to, as the registry stated it last."""

    lawyer_id = models.BigIntegerField(primary_key=True)
    licence_no = models.CharField("执业证号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=60)
    firm_name = models.CharField("律师事务所", max_length=120)
    firm_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("执业类别", max_length=20)
    province = models.CharField("执业省份", max_length=20, blank=True)
    body_name = models.CharField("所在单位", max_length=120, blank=True)  # 公职律师、公司律师
    scope = models.JSONField("业务范围", default=list)  # 基层法律服务工作者
    region = models.CharField("执业区域", max_length=120, blank=True)
    status = models.CharField("执业状态", max_length=20)
    status_label = models.CharField(max_length=40, blank=True)
    status_reason = models.CharField(max_length=300, blank=True)
    remedy = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField("核验时间")
    assertion_id = models.CharField("核验凭证号", max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(name="lawyer_by_firm", fields=["firm_uscc"])]

    def __str__(self) -> str:
        return f"{self.name} {self.licence_no}"


class LicencePhoto(models.Model):
    """名册照片: a copy of the registry's photo of a lawyer, so that a gate can show whom to look at."""

    lawyer_id = models.BigIntegerField(primary_key=True)
    url = models.CharField(max_length=300)  # of the registry: another address means another photo
    image = models.BinaryField("照片")
    kind = models.CharField(max_length=20)  # image/png or image/jpeg
    digest = models.CharField("SHA-256", max_length=64)
    fetched_at = models.DateTimeField("取得时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="photo_kind_known", condition=models.Q(kind__in=["image/png", "image/jpeg"]))
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class CheckedLicence(models.Model):
    """窗口核验的执业证: the standing of somebody without account who came to a counter, as the registry stated it last.

    The feed knows people by number: what it says of this one must reach the gates as long as his slip is good.
    """

    licence_no = models.CharField("执业证号", primary_key=True, max_length=20)
    status = models.CharField("执业状态", max_length=20)
    status_label = models.CharField(max_length=40, blank=True)
    remedy = models.CharField(max_length=300, blank=True)
    stated_at = models.DateTimeField("平台答复时间")
    needed_until = models.DateTimeField("保存至")

    def __str__(self) -> str:
        return f"{self.licence_no[:4]}… {self.status}"


class FeedPosition(models.Model):
    """取数位置: how far the registry's feed of changes has been taken in, and when it was heard last."""

    name = models.CharField(max_length=20, primary_key=True)
    seq = models.BigIntegerField("序号", default=0)
    heard_at = models.DateTimeField("最近取数", null=True)
    trouble = models.CharField("故障", max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Post(models.Model):
    """职务: a person's role in one court."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    court_id = models.PositiveSmallIntegerField("法院")
    role = models.CharField("角色", max_length=20, choices=[(r.value, r.label) for r in Role])
    department = models.CharField("部门", max_length=60, blank=True)
    active = models.BooleanField(default=True)
    used_at = models.DateTimeField("上次以此职务工作", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="post_once", fields=["court_id", "account", "role"]),
            # 三权分立: nobody holds two of the administrators' posts, in whichever court, and no administrator
            # handles cases in the court that he administers.
            models.UniqueConstraint(
                name="post_one_power", fields=["account"], condition=models.Q(active=True, role__in=sorted(ADMIN_ROLES))
            ),
            ExclusionConstraint(
                name="post_power_apart",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("court_id", RangeOperators.EQUAL),
                    (
                        models.Case(
                            models.When(role__in=sorted(ADMIN_ROLES), then=models.Value(1)),
                            default=models.Value(0),
                            output_field=models.SmallIntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                ],
                condition=models.Q(active=True),
            ),
            models.CheckConstraint(
                name="post_role_known", condition=models.Q(role__in=sorted(COURT_ROLES | ADMIN_ROLES | {Role.BUREAU}))
            ),
        ]
        indexes = [models.Index(name="post_by_court", fields=["court_id", "role"])]

    def __str__(self) -> str:
        return f"{self.account} {self.role}"


class ApiToken(LawyerOwned):
    """接口令牌: lets a program act as the lawyer within scopes. Only its SHA-256 is kept."""

    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField("权限", default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="token_digest_once", fields=["lawyer_id", "digest"])]

    def __str__(self) -> str:
        return self.name


class Tries(models.Model):
    """尝试次数: when somebody last tried to get in under one key (an account, an address, all); local, exact."""

    key = models.CharField(primary_key=True, max_length=100)
    at = ArrayField(models.DateTimeField(), default=list)
    sources = ArrayField(models.CharField(max_length=16), default=list)  # of each try: tells places apart, names none

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return self.key


class Pause(models.Model):
    """登录暂停: too many wrong tries upon an account; kept for its owner and the court's security administrator."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pauses")
    key = models.CharField(max_length=100)  # of the tries that used the limit up
    what = models.CharField("验证方式", max_length=10, choices=[("password", "密码"), ("code", "动态口令或备用码")])
    own_browser = models.BooleanField("在本人用过的浏览器", default=False)
    since = models.DateTimeField("开始")
    until = models.DateTimeField("结束")
    told_until = models.DateTimeField("已告知本人的结束时间")
    sources = models.PositiveIntegerField("来源地址数", default=0)  # how many, never which
    lifted_at = models.DateTimeField("解除时间", null=True)
    lifted_by = models.BigIntegerField(null=True)
    lifter_name = models.CharField("解除人", max_length=60, blank=True)
    reason = models.CharField("解除理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_lifted_with_reason", condition=models.Q(lifted_at=None) | ~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="pause_not_lifted_by_oneself",
                condition=models.Q(lifted_by=None) | ~models.Q(lifted_by=models.F("account_id")),
            ),
        ]
        indexes = [models.Index(name="pause_by_account", fields=["account", "-since"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.what}"


class CodeUse(models.Model):
    """动态口令的使用: the newest time step that was spent; no code of it or an earlier one counts again (RFC 6238)."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True)
    step = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.step)


class Device(models.Model):
    """设备: a browser in which this person once signed in with all factors; it knows a random word, we its SHA-256."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    name = models.CharField("名称", max_length=60)
    address = models.GenericIPAddressField("地址", null=True)
    first_at = models.DateTimeField("首次登录")
    last_at = models.DateTimeField("最近登录")
    answered_at = models.DateTimeField("本人确认", null=True)  # null: the person has not yet said whether it is his
    trusted = models.BooleanField("单独计数", default=True)  # until it is signed out from elsewhere

    class Meta:
        constraints = [models.UniqueConstraint(name="device_once", fields=["account", "digest"])]
        indexes = [models.Index(name="device_by_digest", fields=["digest"])]

    def __str__(self) -> str:
        return self.name


class NewMobile(models.Model):
    """更换手机号: the new number waits for the code that was sent to it."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True)
    mobile = models.CharField("新手机号", max_length=20)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)

    def __str__(self) -> str:
        return self.mobile


class ShortMessage(models.Model):
    """短信: waits for the worker, which hands it to the gateway; codes go at once and never through here."""

    message_id = models.UUIDField(default=uuid.uuid4)  # the carrier carries each once
    mobile = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(name="short_message_waiting", fields=["at"], condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return self.text


class PlatformLink(models.Model):
    """核验连接: who an account is at 律师身份核验平台; made once, when the person was verified there."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="platform_link")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=120)
    linked_at = models.DateTimeField("连接时间")
    seen_at = models.DateTimeField("最近核验")
    live_at = models.DateTimeField("最近实人核验", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="link_once", fields=["issuer", "subject"])]

    def __str__(self) -> str:
        return f"{self.account} {self.subject[:8]}"


class PlatformVisit(models.Model):
    """核验会话: a session here that rests on a visit there; it ends when the platform says that the visit is over."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    sid = models.CharField(max_length=64)
    session_key = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="platform_visit_once", fields=["sid", "session_key"])]

    def __str__(self) -> str:
        return self.sid
