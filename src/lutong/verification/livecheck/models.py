"""Live checks and their trail. The film is never in the database: only its key is, and that goes with the film."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lutong.kernel.ids import uuid7
from lutong.kernel.sealed import SealedJSONField
from lutong.verification.livecheck.rules import Level, Method, Purpose
from lutong.verification.livecheck.states import LABELS, OPEN, WITH_FILM
from lutong.verification.registry.bodies import bureau_name, window_name


class Check(models.Model):
    """实人核验: one attempt of one person to show that it is he himself."""

    may_delete: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid7)
    person_id = models.BigIntegerField()
    number = models.CharField("证号", max_length=20)
    visit_id = models.UUIDField("登录会话", null=True)  # in which it was begun; null: not in a browser
    bureau = models.CharField("所属机关", max_length=2)
    court = models.CharField("审核法院代字", max_length=8, blank=True)  # empty: the bureau looks
    court_name = models.CharField("审核法院", max_length=60, blank=True)
    purpose = models.CharField("用途", max_length=10, choices=[(one.value, one.label) for one in Purpose])
    method = models.CharField("方式", max_length=10, choices=[(one.value, one.label) for one in Method], blank=True)
    state = models.CharField("状态", max_length=12, choices=[(str(s), label) for s, label in LABELS.items()])
    version = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=10, blank=True)
    phrase = models.CharField("挑战语", max_length=40, blank=True)
    phrase_until = models.DateTimeField(null=True)
    phrases = models.PositiveSmallIntegerField(default=0)
    film_key = SealedJSONField(null=True, default=None)  # base64 of the data key; null: there is no film (any more)
    film_type = models.CharField(max_length=20, blank=True)
    film_until = models.DateTimeField("视频最迟删除", null=True)
    submitted_at = models.DateTimeField(null=True)
    note = models.CharField("转人工的原因", max_length=200, blank=True)
    reference_no = models.CharField("比对服务编号", max_length=64, blank=True)
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField("经办人", max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    level = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Level], blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_check", fields=["person_id"], condition=Q(state__in=sorted(map(str, OPEN)))
            ),
            models.CheckConstraint(
                name="film_only_while_needed",
                condition=Q(film_key__isnull=True) | Q(state__in=sorted(map(str, WITH_FILM))),
            ),
        ]
        indexes = [
            models.Index(name="check_by_visit", fields=["visit_id"], condition=Q(visit_id__isnull=False)),
            models.Index(name="check_by_person", fields=["person_id", "-requested_at"]),
            models.Index(
                name="check_to_do", fields=["court", "bureau", "submitted_at"], condition=Q(film_key__isnull=False)
            ),
            models.Index(name="check_open", fields=["requested_at"], condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def desk_name(self) -> str:
        """Who looks: 北京市司法局, 北京市朝阳区人民法院诉讼服务大厅."""
        return window_name(self.court_name) if self.court else bureau_name(self.bureau)


class CheckEvent(models.Model):
    """核验留痕: every step, and every look at a film; it only grows."""

    append_only: ClassVar[bool] = True

    check_id = models.UUIDField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    desk_name = models.CharField(max_length=80, blank=True)  # of an officer
    act = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(name="event_by_check", fields=["check_id", "id"])]

    def __str__(self) -> str:
        return f"{self.act} {self.at}"
