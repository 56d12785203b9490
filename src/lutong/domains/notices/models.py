"""What a person is told inside the platform."""

from django.db import models

from lutong.kernel.tables import LawyerOwned


class Notice(LawyerOwned):
    """消息: one thing that a person (lawyer or staff) should know; `lawyer_id` is the person."""

    at = models.DateTimeField("时间")
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=500, blank=True)
    link = models.CharField("去处", max_length=300, blank=True)
    tone = models.CharField(max_length=10, default="info")
    read_at = models.DateTimeField("已读", null=True)
    key = models.CharField("来源键", max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_once", fields=["lawyer_id", "key"])]
        indexes = [
            models.Index(name="notice_newest", fields=["lawyer_id", "-at", "-id"]),
            models.Index(name="notice_unread", fields=["lawyer_id"], condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title
