"""The peer: Django REST framework as its tutorial teaches it, on the same tables, under the same server.

Token looked up in the database, cursor pagination, a ModelSerializer with the same fields. It is spared what ours
does besides: scopes, call limits, problem+json.
"""

import hashlib
import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

if not settings.configured:
    settings.configure(
        SECRET_KEY=os.urandom(32).hex(), ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True, TIME_ZONE="UTC",
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"], INSTALLED_APPS=["rest_framework"],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "HOST": os.environ["TWIN_HOST"], "PORT": os.environ["TWIN_PORT"],
            "USER": os.environ["TWIN_USER"], "PASSWORD": os.environ["TWIN_PASSWORD"],
            "NAME": os.environ["TWIN_DBNAME"], "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
        }},
        REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
                        "UNAUTHENTICATED_USER": None},
    )  # fmt: skip
    django.setup()

from django.db import models
from django.urls import path
from rest_framework import authentication, exceptions, generics, pagination, permissions, serializers


class Account(models.Model):
    is_active = models.BooleanField()

    class Meta:
        app_label, managed, db_table = "twin", False, "identity_account"

    is_authenticated = True


class Lawyer(models.Model):
    lawyer_id = models.BigIntegerField(primary_key=True)
    status = models.CharField(max_length=20)

    class Meta:
        app_label, managed, db_table = "twin", False, "identity_lawyer"


class ApiToken(models.Model):
    id = models.UUIDField(primary_key=True)
    lawyer_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "twin", False, "identity_apitoken"


class Case(models.Model):
    id = models.UUIDField(primary_key=True)
    lawyer_id = models.BigIntegerField()
    court_id = models.PositiveSmallIntegerField()
    court_name = models.CharField(max_length=60)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    cause_name = models.CharField(max_length=80)
    stage = models.CharField(max_length=20)
    side = models.CharField(max_length=10)
    party_name = models.CharField(max_length=120)
    judge_name = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField(null=True)
    active = models.BooleanField()
    filed_at = models.DateTimeField()
    next_hearing_at = models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "twin", False, "cases_lawyercase"


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Account, ApiToken] | None:
        word = request.headers.get("Authorization", "").removeprefix("Bearer ")
        lawyer_id = word.split("_")[1] if word.count("_") >= 2 else "0"
        try:
            digest = hashlib.sha256(word.encode()).hexdigest()
            token = ApiToken.objects.get(lawyer_id=lawyer_id, digest=digest, revoked_at=None)
            account = Account.objects.get(pk=token.lawyer_id, is_active=True)
            Lawyer.objects.get(lawyer_id=token.lawyer_id, status="active")
        except (models.ObjectDoesNotExist, ValueError):
            raise exceptions.AuthenticationFailed from None
        if token.expires_at is not None and token.expires_at <= timezone.now():
            raise exceptions.AuthenticationFailed
        return account, token


class CaseSerializer(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        exclude = ("lawyer_id",)


class NewestFirst(pagination.CursorPagination):
    page_size = 20
    ordering = ("-filed_at", "-id")


class CaseList(generics.ListAPIView[Case]):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (permissions.IsAuthenticated,)
    serializer_class = CaseSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return Case.objects.filter(lawyer_id=self.request.user.pk)


urlpatterns = [path("api/v1/cases", CaseList.as_view())]
application = get_wsgi_application()
