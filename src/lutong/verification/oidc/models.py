"""Applications, what people allowed them, codes and tokens, and the logout tokens that are on their way."""

import uuid
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from django.db import models
from django.db.models import Q

from lutong.kernel import clock
from lutong.verification.entrance.models import Visit
from lutong.verification.oidc.rules import may_return_to
from lutong.verification.oidc.secrets import is_secret_of


class Application(models.Model, ClientMixin):  # type: ignore[misc]  # Authlib is untyped
    """应用: a relying party. All are alike: 律通 has no privilege over a firm's own software."""

    may_delete: ClassVar[bool] = False

    client_id = models.CharField(max_length=48, unique=True)
    name = models.CharField("名称", max_length=60)
    operator = models.CharField("运营单位", max_length=120)
    purpose = models.CharField("用途", max_length=200)
    public = models.BooleanField("没有服务器端，不能保密", default=False)
    secret_digest = models.CharField(max_length=64, blank=True)
    redirect_uris = models.JSONField("登录返回地址", default=list)
    post_logout_uris = models.JSONField("退出返回地址", default=list)
    logout_uri = models.CharField("退出通知地址", max_length=300, blank=True)
    scopes = models.JSONField("可以申请的信息", default=list)
    active = models.BooleanField("启用", default=True)
    registered_at = models.DateTimeField()
    registered_by = models.CharField("登记人", max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_secret_or_public",
                condition=Q(public=True, secret_digest="") | (Q(public=False) & ~Q(secret_digest="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # What Authlib asks of a client.
    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": self.post_logout_uris}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None is taken for granted: each request names where it wants to return (OpenID Connect Core 3.1.2.1)."""
        return

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(word for word in dict.fromkeys((scope or "").split()) if word in self.scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return may_return_to(registered=self.redirect_uris, asked=redirect_uri, public=self.public)

    def check_client_secret(self, client_secret: str) -> bool:
        return is_secret_of(client_secret, self.secret_digest)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "none" if self.public else method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Consent(models.Model):
    """授权: what a person allows one application to be told; kept after it is taken back."""

    may_delete: ClassVar[bool] = False

    person_id = models.BigIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consents")
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField("授权时间")
    used_at = models.DateTimeField("最近使用")
    revoked_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="consent_once", fields=["person_id", "application"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.application}"


class AuthorizationCode(models.Model, AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib is untyped
    """授权码: one use, one minute. Only its SHA-256 is kept; a used one stays, so that a second use is noticed."""

    may_delete: ClassVar[bool] = True

    digest = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    visit_id = models.UUIDField()
    redirect_uri = models.TextField()
    scope = models.CharField(max_length=200)
    nonce = models.CharField(max_length=300, blank=True)
    code_challenge = models.CharField(max_length=128, blank=True)
    code_challenge_method = models.CharField(max_length=10, blank=True)
    auth_time = models.BigIntegerField()
    acr = models.CharField(max_length=60)
    amr = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="code_by_nonce", fields=["application", "nonce"])]

    def __str__(self) -> str:
        return f"{self.application} {self.made_at}"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str:
        return self.acr

    def get_amr(self) -> list[str]:
        return [str(method) for method in self.amr]


class AccessToken(models.Model, TokenMixin):  # type: ignore[misc]  # Authlib is untyped
    """访问令牌: five minutes of reading the own claims. Only its SHA-256 is kept; there is no refresh token."""

    may_delete: ClassVar[bool] = True

    digest = models.CharField(max_length=64, unique=True)
    code = models.ForeignKey(AuthorizationCode, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code}"

    def check_client(self, client: Application) -> bool:
        return bool(self.code.application_id == client.pk)

    def get_scope(self) -> str:
        return self.code.scope

    def is_expired(self) -> bool:
        return clock.now() >= self.expires_at

    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class Connection(models.Model):
    """应用会话: an application was told of this visit, so it is told when the visit ends."""

    may_delete: ClassVar[bool] = False

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="connections")
    person_id = models.BigIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="connection_once", fields=["visit", "application"])]
        indexes = [
            models.Index(name="connection_open", fields=["visit"], condition=Q(ended_at__isnull=True)),
            models.Index(name="connection_by_person", fields=["person_id", "application"]),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.application}"


class LogoutNotice(models.Model):
    """退出通知: a logout token for one application, until it is taken or hopeless."""

    may_delete: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # the token's `jti`
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    person_id = models.BigIntegerField()
    visit_id = models.UUIDField(null=True)  # null: all sessions of the person
    why = models.CharField(
        max_length=10, choices=[("out", "退出登录"), ("status", "执业状态变更"), ("revoked", "撤回授权")]
    )
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # null: settled
    delivered_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(name="notice_due", fields=["next_at"], condition=Q(next_at__isnull=False)),
            models.Index(name="notice_by_application", fields=["application", "-made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.why}"


class Bookmark(models.Model):
    """书签: how far the changes of the roll have been followed."""

    may_delete: ClassVar[bool] = False

    name = models.CharField(max_length=20, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"
