"""Cases, their parties, counsel, access, timeline and deadlines."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from lutong.domains.cases.states import ChangeState, Outcome, Procedure, RepresentationState, Side, Stage
from lutong.kernel.rowsecurity import OPEN, by_case, own
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court


class Case(CourtOwned):
    """案件: one dispute before one court."""

    row_rule = by_case("id")

    number = models.CharField("案号", max_length=40)
    year = models.PositiveSmallIntegerField("收案年度")
    type_code = models.CharField("类型代字", max_length=6)
    serial = models.PositiveIntegerField("编号")
    filing_id = models.UUIDField("来源立案申请", null=True)
    court_name = models.CharField("受理法院", max_length=60)
    cause_id = models.PositiveIntegerField("案由")
    cause_name = models.CharField("案由名称", max_length=80)
    title = models.CharField("案名", max_length=200)
    amount_fen = models.BigIntegerField("标的额（分）", null=True)
    stage = models.CharField("阶段", max_length=20, choices=Stage.choices, default=Stage.REGISTERED)
    procedure = models.CharField("程序", max_length=10, choices=Procedure.choices, blank=True)
    received_on = models.DateField("收到诉状之日")
    registered_at = models.DateTimeField("立案时间")
    mediation_due_on = models.DateField("调解期限", null=True)
    evidence_due_on = models.DateField("举证期限", null=True)
    trial_due_on = models.DateField("审限", null=True)
    panel = models.JSONField("审判组织", default=list)  # [{"person_id", "name", "role"}]
    judge_id = models.BigIntegerField("承办法官", null=True)
    judge_name = models.CharField(max_length=60, blank=True)
    recorder_id = models.BigIntegerField("书记员", null=True)
    recorder_name = models.CharField(max_length=60, blank=True)
    mediator_id = models.BigIntegerField("调解员", null=True)
    mediator_name = models.CharField(max_length=60, blank=True)
    division = models.CharField("审判庭", max_length=60, blank=True)
    outcome = models.CharField("结案方式", max_length=20, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField("结果摘要", max_length=1000, blank=True)
    decided_on = models.DateField("裁判日期", null=True)
    effective_on = models.DateField("生效日期", null=True)
    closed_on = models.DateField("结案日期", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="case_number_once", fields=["court_id", "number"]),
            models.UniqueConstraint(name="case_serial_once", fields=["court_id", "year", "type_code", "serial"]),
            models.UniqueConstraint(name="case_one_per_filing", fields=["court_id", "filing_id"]),
            models.CheckConstraint(name="case_stage_known", condition=models.Q(stage__in=Stage.values)),
            models.CheckConstraint(name="case_amount_sane", condition=models.Q(amount_fen__gte=0)),
        ]
        indexes = [
            models.Index(name="case_desk", fields=["court_id", "stage", "-registered_at", "-id"]),
            models.Index(name="case_newest", fields=["court_id", "-registered_at", "-id"]),
            models.Index(name="case_of_judge", fields=["court_id", "judge_id", "-registered_at", "-id"]),
            models.Index(name="case_of_recorder", fields=["court_id", "recorder_id", "-registered_at", "-id"]),
            models.Index(
                name="case_of_mediator", fields=["court_id", "mediator_id"], condition=models.Q(stage="mediation")
            ),
            models.Index(name="case_of_division", fields=["court_id", "division", "-registered_at", "-id"]),
            GinIndex(name="case_of_panel", fields=["panel"], opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return self.number


class NumberCounter(models.Model):
    """案号计数: the last number given per court, year and type; bumped as the last statement of a registration."""

    row_rule = OPEN
    may_delete = False

    pk = models.CompositePrimaryKey("court_id", "year", "type_code")
    court_id = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    type_code = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year} {self.type_code} {self.last}"


class Party(CourtOwned):
    """当事人: `details` (numbers, addresses, phones) is sealed."""

    row_rule = by_case()

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    side = models.CharField("诉讼地位", max_length=10, choices=Side.choices)
    place = models.PositiveSmallIntegerField("次序")
    kind = models.CharField("类型", max_length=16)
    name = models.CharField("姓名或名称", max_length=120)
    details = SealedJSONField("身份与联系信息")

    class Meta:
        constraints = [
            SameCourt(name="party_case_fk", column="case_id", to="cases.Case"),
            models.UniqueConstraint(name="party_place_once", fields=["court_id", "case_id", "side", "place"]),
            models.CheckConstraint(name="party_side_known", condition=models.Q(side__in=Side.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Representation(CourtOwned):
    """代理关系: one counsel for one party; a party has at most two at a time (民事诉讼法第六十一条)."""

    row_rule = by_case(or_own="lawyer_id")

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    party_id = models.UUIDField()
    party = same_court("cases.Party", "party_id")
    slot = models.PositiveSmallIntegerField("第几位代理人", null=True)
    lawyer_id = models.BigIntegerField("律师")
    lawyer_name = models.CharField(max_length=60)
    licence_no = models.CharField("执业证号", max_length=20)
    firm_name = models.CharField("律所", max_length=120)
    powers = models.CharField("代理权限", max_length=10)  # general | special
    special_powers = models.JSONField("特别授权事项", default=list)
    state = models.CharField("状态", max_length=12, choices=RepresentationState.choices)
    mandate_id = models.UUIDField("授权委托书", null=True)  # an upload, then the document made of it
    firm_letter_id = models.UUIDField("所函", null=True)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    successor_id = models.BigIntegerField("移交给", null=True)  # a colleague who takes this place when he is confirmed

    class Meta:
        constraints = [
            SameCourt(name="representation_case_fk", column="case_id", to="cases.Case"),
            SameCourt(name="representation_party_fk", column="party_id", to="cases.Party"),
            models.UniqueConstraint(
                name="representation_two_agents",
                fields=["court_id", "party_id", "slot"],
                condition=models.Q(state="confirmed"),
            ),
            models.CheckConstraint(
                name="representation_slot",
                condition=~models.Q(state="confirmed") | models.Q(slot__in=[1, 2]),
            ),
            models.UniqueConstraint(
                name="representation_once",
                fields=["court_id", "case_id", "lawyer_id"],
                condition=models.Q(state__in=["claimed", "confirmed"]),
            ),
        ]
        indexes = [
            models.Index(name="representation_by_case", fields=["court_id", "case_id"]),
            models.Index(
                name="representation_waiting", fields=["court_id", "claimed_at"], condition=models.Q(state="claimed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lawyer_name} ({self.state})"


class MandateChange(CourtOwned):
    """变更授权: a wider or narrower power of attorney for a counsel of record; what held before stays readable."""

    row_rule = own("lawyer_id")

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    representation_id = models.UUIDField()
    representation = same_court("cases.Representation", "representation_id")
    lawyer_id = models.BigIntegerField("律师")
    powers_before = models.CharField("原代理权限", max_length=10)
    special_before = models.JSONField("原特别授权事项", default=list)
    powers = models.CharField("新代理权限", max_length=10)
    special_powers = models.JSONField("新特别授权事项", default=list)
    note = models.CharField("说明", max_length=300, blank=True)
    mandate_id = models.UUIDField("授权委托书", null=True)  # an upload, then the document made of it
    state = models.CharField("状态", max_length=12, choices=ChangeState.choices, default=ChangeState.CLAIMED)
    asked_at = models.DateTimeField("提交时间")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        constraints = [
            SameCourt(name="mandate_change_case_fk", column="case_id", to="cases.Case"),
            SameCourt(name="mandate_change_representation_fk", column="representation_id", to="cases.Representation"),
            models.UniqueConstraint(
                name="mandate_change_one_waiting",
                fields=["court_id", "representation_id"],
                condition=models.Q(state="claimed"),
            ),
            models.CheckConstraint(name="mandate_change_state_known", condition=models.Q(state__in=ChangeState.values)),
        ]
        indexes = [
            models.Index(name="mandate_change_by_case", fields=["court_id", "case_id"]),
            models.Index(
                name="mandate_change_waiting", fields=["court_id", "asked_at"], condition=models.Q(state="claimed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.powers_before} → {self.powers}"


class CaseAccess(CourtOwned):
    """案件访问权: who may see the case, in which capacity, from when until when.

    Counsel is there in his own right (`for_id` 0); an assistant for one lawyer, with the capabilities of his grant.
    """

    row_rule = by_case(or_own="person_id")

    case_id = models.UUIDField()
    person_id = models.BigIntegerField()
    for_id = models.BigIntegerField("代哪位律师", default=0)
    capacity = models.CharField(max_length=30)  # counsel:plaintiff, counsel:defendant, counsel:third, assistant
    capabilities = ArrayField(models.CharField(max_length=24), verbose_name="权限", default=list)
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            SameCourt(name="case_access_case_fk", column="case_id", to="cases.Case"),
            ExclusionConstraint(
                name="case_access_once",
                expressions=[
                    ("court_id", RangeOperators.EQUAL),
                    ("case_id", RangeOperators.EQUAL),
                    ("person_id", RangeOperators.EQUAL),
                    ("for_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(name="case_access_by_person", fields=["person_id", "court_id", "case_id"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.capacity}"


class Milestone(CourtOwned):
    """案件节点: one line of the timeline that parties are entitled to see (审判流程公开规定)."""

    row_rule = by_case()
    append_only = True

    case_id = models.UUIDField()
    at = models.DateTimeField("时间")
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=120)
    detail = models.CharField("说明", max_length=500, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [SameCourt(name="milestone_case_fk", column="case_id", to="cases.Case")]
        indexes = [models.Index(name="milestone_by_case", fields=["court_id", "case_id", "-at", "-id"])]

    def __str__(self) -> str:
        return self.title


class Deadline(CourtOwned):
    """期限: a period that runs for someone in the case, with its reckoning step by step."""

    row_rule = by_case()

    case_id = models.UUIDField()
    party_id = models.UUIDField(null=True)  # null: for the court or for all
    person_id = models.BigIntegerField(null=True)  # counsel whose inbox and desk show it
    kind = models.CharField("种类", max_length=30)
    title = models.CharField("名称", max_length=120)
    due_on = models.DateField("届满日")
    provisional = models.BooleanField("待确认", default=False)
    law = models.CharField("依据", max_length=120)
    steps = models.JSONField("推算过程", default=list)  # [{"text", "law"}]
    state = models.CharField("状态", max_length=10, default="open")  # open | met | lapsed | void
    source = models.CharField("由来", max_length=160)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="deadline_case_fk", column="case_id", to="cases.Case"),
            models.UniqueConstraint(name="deadline_once", fields=["court_id", "case_id", "kind", "source"]),
            models.CheckConstraint(
                name="deadline_state_known", condition=models.Q(state__in=["open", "met", "lapsed", "void"])
            ),
        ]
        indexes = [models.Index(name="deadline_by_case", fields=["court_id", "case_id", "due_on"])]

    def __str__(self) -> str:
        return f"{self.title} {self.due_on}"


class LawyerCase(LawyerOwned):
    """律师的案件: the lawyer's own list row of a case, in whichever court; `id` is the case's id."""

    court_id = models.PositiveSmallIntegerField("法院")
    court_name = models.CharField(max_length=60)
    number = models.CharField("案号", max_length=40)
    title = models.CharField("案名", max_length=200)
    cause_name = models.CharField("案由", max_length=80)
    stage = models.CharField("阶段", max_length=20)
    side = models.CharField("代理一方", max_length=10)
    party_name = models.CharField("委托人", max_length=120)
    judge_name = models.CharField("承办法官", max_length=60, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    filed_at = models.DateTimeField("立案时间")
    next_hearing_at = models.DateTimeField("下次开庭", null=True)
    active = models.BooleanField(default=True)
    # Number, names, cause and court in one line, in small letters. No trigram index: a lawyer's own rows are few,
    # and the list reads them in order from lawyer_case_newest until the page is full.
    search = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(name="lawyer_case_newest", fields=["lawyer_id", "-filed_at", "-id"]),
            models.Index(name="lawyer_case_stage", fields=["lawyer_id", "stage", "-filed_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class LawyerDeadline(LawyerOwned):
    """律师的期限: the lawyer's own row of a deadline; `id` is the deadline's id."""

    court_id = models.PositiveSmallIntegerField()
    case_id = models.UUIDField()
    number = models.CharField(max_length=40)
    case_title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open")

    class Meta:
        indexes = [models.Index(name="lawyer_deadline_due", fields=["lawyer_id", "state", "due_on", "id"])]

    def __str__(self) -> str:
        return f"{self.title} {self.due_on}"


class LawyerClaim(LawyerOwned):
    """律师的核实申请: what he asked a court to confirm, in his own words; `id` is the representation's id."""

    court_id = models.PositiveSmallIntegerField()
    court_name = models.CharField(max_length=60)
    case_id = models.UUIDField()
    number = models.CharField("案号", max_length=60)
    party_name = models.CharField("当事人", max_length=120)
    powers = models.CharField("代理权限", max_length=10)
    state = models.CharField("状态", max_length=12, choices=RepresentationState.choices)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(name="lawyer_claim_newest", fields=["lawyer_id", "-claimed_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.party_name}"
