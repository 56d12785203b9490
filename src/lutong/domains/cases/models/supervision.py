"""Who looked into a case that is not his work, and what a mediator writes down for himself."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from lutong.domains.cases.states import UrgentKind, UrgentState
from lutong.kernel.rowsecurity import STAFF_ONLY, by_case
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, SameCourt, same_court


class UrgentAccess(CourtOwned):
    """紧急查阅: a member of staff opened a case that is not his work, with a reason, for a limited time.

    Counsel of the case see who read it; presidents and the auditor review each one.
    """

    row_rule = by_case(or_admin=True)

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    number = models.CharField("案号", max_length=40)
    person_id = models.BigIntegerField("查阅人")
    person_name = models.CharField(max_length=60)
    role = models.CharField("角色", max_length=20)
    kind = models.CharField("事由", max_length=16, choices=UrgentKind.choices)
    reason = models.CharField("说明", max_length=500)
    during = DateTimeRangeField("期间")
    state = models.CharField("复核", max_length=12, choices=UrgentState.choices, default=UrgentState.OPEN)
    reviewed_at = models.DateTimeField(null=True)
    reviewer_id = models.BigIntegerField(null=True)
    reviewer_name = models.CharField(max_length=60, blank=True)
    finding = models.CharField("复核意见", max_length=500, blank=True)

    class Meta:
        constraints = [
            SameCourt(name="urgent_access_case_fk", column="case_id", to="cases.Case"),
            ExclusionConstraint(
                name="urgent_access_once",
                expressions=[
                    ("court_id", RangeOperators.EQUAL),
                    ("case_id", RangeOperators.EQUAL),
                    ("person_id", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="urgent_access_ends", condition=models.Q(during__endswith__isnull=False)),
            models.CheckConstraint(name="urgent_access_reason", condition=models.Q(reason__regex=r"^.{10,}$")),
            models.CheckConstraint(
                name="urgent_access_not_own_review",
                condition=models.Q(reviewer_id=None) | ~models.Q(reviewer_id=models.F("person_id")),
            ),
        ]
        indexes = [
            models.Index(name="urgent_access_newest", fields=["court_id", "-id"]),
            models.Index(name="urgent_access_by_case", fields=["court_id", "case_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.number}"


class MediatorNote(CourtOwned):
    """调解笔记: what a mediator writes down for himself; nobody else reads it, no judge either."""

    row_rule = STAFF_ONLY

    case_id = models.UUIDField()
    author_id = models.BigIntegerField("调解员")
    at = models.DateTimeField("时间")
    content = SealedJSONField("内容")  # {"text"}

    class Meta:
        constraints = [SameCourt(name="mediator_note_case_fk", column="case_id", to="cases.Case")]
        indexes = [models.Index(name="mediator_note_own", fields=["court_id", "case_id", "author_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.author_id} {self.at}"
