"""The append-only trail: one event per act and per dossier read, written in the act's own transaction."""

from django.db import models

from lutong.kernel.actor import Role
from lutong.kernel.rowsecurity import by_case
from lutong.kernel.tables import CourtOwned, LawyerOwned


class _Event(models.Model):
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("行为人")
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("角色", max_length=20)
    for_id = models.BigIntegerField("代哪位律师", null=True)  # an assistant's principal
    for_name = models.CharField(max_length=60, blank=True)
    action = models.CharField("行为", max_length=80)
    subject = models.CharField("对象", max_length=120)
    facts = models.JSONField("事实", default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @property
    def who(self) -> str:
        """The name of whoever acted, with the lawyer for whom he did it."""
        return (
            f"助理 {self.actor_name} 代 律师 {self.for_name}" if self.actor_role == Role.ASSISTANT else self.actor_name
        )


class CourtEvent(CourtOwned, _Event):
    """留痕（法院侧）: an act upon what belongs to a court."""

    row_rule = by_case(or_own="actor_id", or_admin=True)
    append_only = True

    case_id = models.UUIDField(null=True)
    filing_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(name="court_event_by_case", fields=["court_id", "case_id", "at"]),
            models.Index(name="court_event_newest", fields=["court_id", "-at", "-id"]),
            models.Index(name="court_event_by_actor", fields=["court_id", "actor_id", "-at", "-id"]),
        ]


class LawyerEvent(LawyerOwned, _Event):
    """留痕（律师侧）: an act upon what belongs to a lawyer alone (drafts, tokens, sign-in)."""

    append_only = True

    class Meta:
        indexes = [models.Index(name="lawyer_event_by_time", fields=["lawyer_id", "-at"])]
