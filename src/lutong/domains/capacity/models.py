"""What a lawyer declares of himself, the index of his parties, and his conflict checks: rows of his own."""

from django.db import models

from lutong.domains.capacity.rules import Relation, Source
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import LawyerOwned


class Declaration(LawyerOwned):
    """任职回避与亲属申报: former posts, relatives at courts and office; a row a version, the newest one counts.

    Nobody but the lawyer reads it. Courts see the objection that follows for them, and no more.
    """

    append_only = True

    version = models.PositiveIntegerField("版次")
    made_at = models.DateTimeField("申报时间")
    facts = SealedJSONField("申报内容")

    class Meta:
        constraints = [models.UniqueConstraint(name="declaration_version_once", fields=["lawyer_id", "version"])]

    def __str__(self) -> str:
        return f"第 {self.version} 版"


class PartyName(LawyerOwned):
    """当事人索引: one party of one of the lawyer's cases, his name only as a digest under the lawyer's own key.

    A colleague's check learns whether a digest is there; which case it is only the lawyer himself is told.
    """

    court_id = models.PositiveSmallIntegerField("法院")
    case_id = models.UUIDField()
    number = models.CharField("案号", max_length=40)
    relation = models.CharField("与当事人的关系", max_length=10, choices=[(r.value, r.label) for r in Relation])
    digest = models.CharField(max_length=64)
    over = models.BooleanField("已结束", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="party_name_once", fields=["lawyer_id", "court_id", "case_id", "digest", "relation"]
            ),
            models.CheckConstraint(
                name="party_name_relation_known", condition=models.Q(relation__in=[r.value for r in Relation])
            ),
        ]
        indexes = [models.Index(name="party_name_lookup", fields=["lawyer_id", "digest"])]

    def __str__(self) -> str:
        return f"{self.relation} {self.number}"


class ConflictCheck(LawyerOwned):
    """利益冲突检查记录: what was asked, when, and what the answer was; never changed afterwards."""

    append_only = True

    made_at = models.DateTimeField("检查时间")
    source = models.CharField("来源", max_length=10, choices=[(s.value, s.label) for s in Source])
    about = models.UUIDField("立案草稿", null=True)
    fingerprint = models.CharField(max_length=64)  # of the names asked for, under the lawyer's own key
    content = SealedJSONField("名称与结果")
    names = models.PositiveSmallIntegerField("名称数")
    conflicts = models.PositiveSmallIntegerField("可能冲突数")

    class Meta:
        indexes = [
            models.Index(name="conflict_check_newest", fields=["lawyer_id", "-made_at", "-id"]),
            models.Index(name="conflict_check_about", fields=["lawyer_id", "about", "-made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.names} 个名称"
