"""Cards that were issued: which statement went to whom, so that a dispute finds it. The card itself is not kept."""

from typing import ClassVar

from django.db import models


class IssuedCard(models.Model):
    """已签发的律证码: kept for a month."""

    may_delete: ClassVar[bool] = True  # old ones are cleared away

    assertion_id = models.CharField("编号", max_length=32, unique=True)
    number = models.CharField("执业证号", max_length=20)
    use = models.CharField(max_length=6, choices=[("screen", "屏幕"), ("print", "打印")])
    status = models.CharField("签发时状态", max_length=20)
    asked_by = models.CharField("出示途径", max_length=60)
    issued_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="card_by_number", fields=["number", "-issued_at"]),
            models.Index(name="card_by_time", fields=["issued_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.issued_at}"
