"""The outbox and the memory of calls already answered."""

from django.db import models

from lutong.kernel.rowsecurity import OPEN
from lutong.kernel.tables import CourtOwned, LawyerOwned


class CourtOutbox(CourtOwned):
    """发件箱: a fact of one court that others must hear of, written with the fact itself."""

    row_rule = OPEN

    at = models.DateTimeField()
    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="outbox_waiting", fields=["court_id", "id"], condition=models.Q(relayed_at=None)),
        ]

    def __str__(self) -> str:
        return self.topic


class Effect(CourtOwned):
    """已生效: the key of an effect that a job has had, so that a second delivery has none."""

    row_rule = OPEN

    key = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="effect_once", fields=["court_id", "key"])]

    def __str__(self) -> str:
        return self.key


class AnsweredCall(LawyerOwned):
    """已答请求: the answer given to an Idempotency-Key, repeated to whoever sends the key again."""

    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="answered_call_once", fields=["lawyer_id", "key"])]

    def __str__(self) -> str:
        return self.key
