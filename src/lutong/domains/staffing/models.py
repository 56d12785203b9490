"""Members of a court's staff, proposals for their posts, invitations, and the tokens of personnel systems."""

from django.db import models

from lutong.domains.staffing.states import ImportState, ProposalKind, ProposalState
from lutong.kernel.rowsecurity import ADMIN_ONLY
from lutong.kernel.tables import CourtOwned


class Member(CourtOwned):
    """本院人员: a person whom the court's administrators keep; his account is `person_id`."""

    row_rule = ADMIN_ONLY

    person_id = models.BigIntegerField("账号")
    staff_no = models.CharField("工号", max_length=32)
    name = models.CharField("姓名", max_length=60)
    mobile = models.CharField("手机号", max_length=20, blank=True)
    department = models.CharField("部门", max_length=60, blank=True)
    external_id = models.CharField("人事系统编号", max_length=80, blank=True)
    active = models.BooleanField("在岗", default=True)
    created_at = models.DateTimeField("登记时间")
    changed_at = models.DateTimeField("变更时间")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="member_once", fields=["court_id", "person_id"]),
            models.UniqueConstraint(name="member_staff_no_once", fields=["court_id", "staff_no"]),
            models.UniqueConstraint(
                name="member_external_id_once", fields=["court_id", "external_id"], condition=~models.Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Proposal(CourtOwned):
    """职务授权: what one administrator proposes and another decides; nobody decides upon his own, or himself."""

    row_rule = ADMIN_ONLY

    person_id = models.BigIntegerField("对象")
    person_name = models.CharField(max_length=60)
    staff_no = models.CharField("工号", max_length=32)
    kind = models.CharField("事项", max_length=8, choices=ProposalKind.choices)
    role = models.CharField("职务", max_length=20)
    department = models.CharField("部门", max_length=60, blank=True)
    state = models.CharField("状态", max_length=12, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    source = models.CharField("来源", max_length=8, default="desk")  # desk | import | scim
    proposed_by = models.BigIntegerField("提出人")
    proposer_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField("审批人", null=True)
    decider_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_four_eyes",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="proposal_not_oneself",
                condition=~models.Q(person_id=models.F("proposed_by"))
                & (models.Q(decided_by=None) | ~models.Q(decided_by=models.F("person_id"))),
            ),
            models.CheckConstraint(
                name="proposal_decided",
                condition=models.Q(state__in=["proposed", "withdrawn"]) | models.Q(decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="proposal_open_once",
                fields=["court_id", "person_id", "role", "kind"],
                condition=models.Q(state="proposed"),
            ),
        ]
        indexes = [models.Index(name="proposal_by_state", fields=["court_id", "state", "-proposed_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.person_name} {self.role} ({self.state})"


class Invitation(CourtOwned):
    """首次登录: a link from one administrator and a code from another open the account once; only digests are kept."""

    row_rule = ADMIN_ONLY

    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=60)
    staff_no = models.CharField(max_length=32)
    again = models.BooleanField("重新设置登录", default=False)
    link_digest = models.CharField(max_length=64)
    link_by = models.BigIntegerField("链接发放人")
    code_digest = models.CharField(max_length=64, blank=True)
    code_by = models.BigIntegerField("验证码发放人", null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="invitation_link_once", fields=["court_id", "link_digest"]),
            models.UniqueConstraint(
                name="invitation_open_once",
                fields=["court_id", "person_id"],
                condition=models.Q(used_at=None, revoked_at=None),
            ),
            models.CheckConstraint(
                name="invitation_two_hands", condition=models.Q(code_by=None) | ~models.Q(code_by=models.F("link_by"))
            ),
            models.CheckConstraint(name="invitation_tries", condition=models.Q(tries__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.made_at}"


class FreezeLift(CourtOwned):
    """解除密码停用: another person of the court recognised a frozen employee, and handed him a code in person.

    With it, and with the old password or a session, he sets a new one. Only the code's digest is kept.
    """

    row_rule = ADMIN_ONLY

    person_id = models.BigIntegerField("账号")
    person_name = models.CharField(max_length=60)
    staff_no = models.CharField("工号", max_length=32)
    frozen_at = models.DateTimeField("停用时间")
    reason = models.CharField("理由", max_length=200)
    lifted_by = models.BigIntegerField("解除人")
    lifter_name = models.CharField(max_length=60)
    lifted_at = models.DateTimeField("解除时间")
    expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField("设置新密码", null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="freeze_not_lifted_by_oneself", condition=~models.Q(lifted_by=models.F("person_id"))
            ),
            models.CheckConstraint(name="freeze_lifted_with_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(name="freeze_lift_tries", condition=models.Q(tries__lte=5)),
            models.UniqueConstraint(
                name="freeze_lift_open_once",
                fields=["court_id", "person_id"],
                condition=models.Q(used_at=None, revoked_at=None),
            ),
        ]
        indexes = [models.Index(name="freeze_lift_by_time", fields=["court_id", "-lifted_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.person_name} {self.lifted_at}"


class ImportBatch(CourtOwned):
    """批量导入: the lines of a file, looked at before any of them takes effect, then entered by the worker."""

    row_rule = ADMIN_ONLY

    filename = models.CharField("文件", max_length=120)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    rows = models.JSONField(default=list)  # [{"person": {...}, "fault": "", "state": "ready|done|fault"}]
    state = models.CharField("状态", max_length=12, choices=ImportState.choices, default=ImportState.KEPT)
    done = models.PositiveIntegerField(default=0)
    started_by = models.BigIntegerField("确认人", null=True)
    starter_name = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="import_by_time", fields=["court_id", "-made_at", "-id"])]

    def __str__(self) -> str:
        return self.filename


class ProvisioningToken(CourtOwned):
    """人事接口令牌: lets the court's personnel system keep its people here (SCIM 2.0). Only its digest is kept."""

    row_rule = ADMIN_ONLY

    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64)
    issued_by = models.BigIntegerField("签发人")
    issuer_name = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="provisioning_token_once", fields=["court_id", "digest"])]

    def __str__(self) -> str:
        return self.name
