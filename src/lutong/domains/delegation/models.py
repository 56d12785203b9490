"""Assistants of a lawyer, what each may do in which case, and the quarterly review."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lutong.domains.delegation.states import LIVING, AssistantshipState, GrantState, HandoverState
from lutong.kernel.clock import beijing_date
from lutong.kernel.tables import LawyerOwned


class Roster(LawyerOwned):
    """助理名册: one row a lawyer. Whoever changes his assistants locks it first; it also keeps the quarterly review."""

    review_due_on = models.DateField("下次复核", null=True)
    confirmed_at = models.DateTimeField("上次复核", null=True)
    suspended_at = models.DateTimeField("因逾期未复核暂停", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="roster_once", fields=["lawyer_id"])]
        indexes = [models.Index(name="roster_due", fields=["review_due_on"])]

    def __str__(self) -> str:
        return f"{self.lawyer_id} {self.review_due_on}"


class Assistantship(LawyerOwned):
    """律师助理: a person of the same firm in one of the lawyer's three places (意见第十四条第一款)."""

    may_delete = False

    slot = models.PositiveSmallIntegerField("第几个名额")
    lawyer_name = models.CharField("律师姓名", max_length=60)
    number = models.CharField("执业证号或实习证号", max_length=32)
    person_id = models.BigIntegerField("助理账号", null=True)  # null until he has an account
    name = models.CharField("助理姓名", max_length=60)
    kind = models.CharField("人员类别", max_length=20)
    kind_label = models.CharField(max_length=40)
    firm_name = models.CharField("律师事务所", max_length=120)
    firm_uscc = models.CharField("统一社会信用代码", max_length=18)
    state = models.CharField("状态", max_length=10, choices=AssistantshipState.choices)
    invited_at = models.DateTimeField("邀请时间")
    expires_at = models.DateTimeField("邀请有效期")
    accepted_at = models.DateTimeField("接受时间", null=True)
    verified_at = models.DateTimeField("核验时间", null=True)
    assertion_id = models.CharField("核验凭证号", max_length=80, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    end_reason = models.CharField("终止原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assistant_slot_once", fields=["lawyer_id", "slot"], condition=models.Q(state__in=LIVING)
            ),
            models.UniqueConstraint(
                name="assistant_person_once", fields=["lawyer_id", "person_id"], condition=models.Q(state__in=LIVING)
            ),
            models.UniqueConstraint(
                name="assistant_number_once", fields=["lawyer_id", "number"], condition=models.Q(state__in=LIVING)
            ),
            models.CheckConstraint(name="assistant_slot_known", condition=models.Q(slot__in=[1, 2, 3])),
            models.CheckConstraint(
                name="assistant_state_known", condition=models.Q(state__in=AssistantshipState.values)
            ),
            models.CheckConstraint(name="assistant_not_himself", condition=~models.Q(person_id=models.F("lawyer_id"))),
        ]
        indexes = [models.Index(name="assistant_newest", fields=["lawyer_id", "-invited_at"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Engagement(LawyerOwned):
    """我协助的律师: an assistant's own row; `lawyer_id` is the assistant, `id` that of the assistantship."""

    may_delete = False

    principal_id = models.BigIntegerField("律师")
    principal_name = models.CharField(max_length=60)
    firm_name = models.CharField("律师事务所", max_length=120)
    state = models.CharField("状态", max_length=10, choices=AssistantshipState.choices)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(name="engagement_newest", fields=["lawyer_id", "-invited_at"])]

    def __str__(self) -> str:
        return f"{self.principal_name} ({self.state})"


class OpenInvitation(models.Model):
    """未开户人员的邀请: who was invited by his number and has no account yet; claimed when he first signs in."""

    number = models.CharField("执业证号或实习证号", max_length=32)
    principal_id = models.BigIntegerField()
    assistantship_id = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(name="open_invitation_by_number", fields=["number"])]

    def __str__(self) -> str:
        return self.number


class Grant(LawyerOwned):
    """授权: one assistant, one case or one draft, what he may do there, from when until when (一案一指定)."""

    may_delete = False

    assistantship_id = models.UUIDField()
    person_id = models.BigIntegerField("助理")
    person_name = models.CharField(max_length=60)
    court_id = models.PositiveSmallIntegerField("法院", null=True)
    case_id = models.UUIDField("案件", null=True)
    draft_id = models.UUIDField("立案草稿", null=True)  # the case in the making: then there is no case yet
    number = models.CharField("案号", max_length=40)
    case_title = models.CharField("案名", max_length=200)
    capabilities = ArrayField(models.CharField(max_length=24), verbose_name="权限")
    starts_at = models.DateTimeField("自")
    ends_at = models.DateTimeField("至", null=True)
    state = models.CharField("状态", max_length=10, choices=GrantState.choices)
    note = models.CharField("暂停或者撤销的原因", max_length=200, blank=True)
    changed_at = models.DateTimeField("最近变更")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="grant_once",
                fields=["lawyer_id", "assistantship_id", "court_id", "case_id"],
                condition=models.Q(state__in=["running", "suspended"]),
            ),
            models.UniqueConstraint(
                name="grant_of_draft_once",
                fields=["lawyer_id", "assistantship_id", "draft_id"],
                condition=models.Q(state__in=["running", "suspended"]),
            ),
            models.CheckConstraint(
                name="grant_of_one_thing",
                condition=models.Q(draft_id=None, case_id__isnull=False, court_id__isnull=False)
                | models.Q(draft_id__isnull=False, case_id=None, court_id=None),
            ),
            models.CheckConstraint(name="grant_state_known", condition=models.Q(state__in=GrantState.values)),
            models.CheckConstraint(
                name="grant_period_sane", condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(name="grant_by_case", fields=["lawyer_id", "case_id", "state"]),
            models.Index(
                name="grant_of_drafts", fields=["lawyer_id", "person_id"], condition=models.Q(draft_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.number}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day in Beijing on which it is good: `ends_at` is the midnight after."""
        return beijing_date(self.ends_at - dt.timedelta(microseconds=1)) if self.ends_at else None


class Handover(LawyerOwned):
    """案件交接: what becomes of one case of a lawyer who changed his firm (律师法第十条; 民诉法解释第八十八条)."""

    may_delete = False

    court_id = models.PositiveSmallIntegerField("法院")
    case_id = models.UUIDField("案件")
    number = models.CharField("案号", max_length=40)
    case_title = models.CharField("案名", max_length=200)
    lawyer_name = models.CharField(max_length=60)
    old_firm_name = models.CharField("原律师事务所", max_length=120)
    old_firm_uscc = models.CharField(max_length=18)
    new_firm_name = models.CharField("现律师事务所", max_length=120)
    changed_at = models.DateTimeField("变更时间")
    papers_due_on = models.DateField("手续期限")
    papers = ArrayField(models.CharField(max_length=30), verbose_name="已交的手续", default=list)
    state = models.CharField("状态", max_length=10, choices=HandoverState.choices, default=HandoverState.OPEN)
    successor_id = models.BigIntegerField("接手律师", null=True)
    successor_name = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="handover_once", fields=["lawyer_id", "court_id", "case_id"], condition=~models.Q(state="done")
            ),
            models.CheckConstraint(name="handover_state_known", condition=models.Q(state__in=HandoverState.values)),
        ]
        indexes = [models.Index(name="handover_newest", fields=["lawyer_id", "-changed_at"])]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"


class Takeover(LawyerOwned):
    """接手的案件: the colleague's own row of a case that is being handed to him; `id` is the handover's id."""

    may_delete = False

    giver_id = models.BigIntegerField("移交律师")
    giver_name = models.CharField(max_length=60)
    court_id = models.PositiveSmallIntegerField("法院")
    case_id = models.UUIDField("案件")
    number = models.CharField("案号", max_length=40)
    case_title = models.CharField("案名", max_length=200)
    state = models.CharField(max_length=10)  # passing | done | withdrawn
    offered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="takeover_newest", fields=["lawyer_id", "-offered_at"])]

    def __str__(self) -> str:
        return self.number
