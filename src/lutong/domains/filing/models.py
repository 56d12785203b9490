"""Drafts belong to the lawyer; a submission is copied into the court."""

from django.db import models

from lutong.domains.filing.states import DRAFT_SETTLED, DraftHandoverState, FilingState, OfferState
from lutong.kernel.capabilities import Capability
from lutong.kernel.rowsecurity import STAFF_ONLY, drafted, own
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court


class Draft(LawyerOwned):
    """立案草稿: all that the lawyer typed, valid or not; after submission the lawyer's own row of the filing."""

    row_rule = drafted(needs=Capability.PREPARE_FILING, while_="state = 'draft'", received="filing_id IS NOT NULL")

    state = models.CharField("状态", max_length=12, choices=FilingState.choices, default=FilingState.DRAFT)
    court_id = models.PositiveSmallIntegerField("法院", null=True)
    court_name = models.CharField(max_length=60, blank=True)
    cause_name = models.CharField(max_length=80, blank=True)
    title = models.CharField("标题", max_length=200, blank=True)
    content = SealedJSONField("内容")
    version = models.PositiveIntegerField("修订号", default=1)
    saved_by = models.CharField("保存的窗口", max_length=40, blank=True)  # the open page that wrote this version
    authors = models.JSONField("各步骤最后由谁写", default=dict)  # step → {"id", "who", "at"}
    handed_back_at = models.DateTimeField("助理交律师审阅", null=True)
    handed_back_by = models.CharField(max_length=140, blank=True)
    returned_at = models.DateTimeField("律师退回修改", null=True)  # until the assistant hands it back again
    remark = SealedJSONField("退回修改的意见", null=True, default=None)  # the text that he was sent back with last
    step = models.CharField("停在哪一步", max_length=20, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    filing_id = models.UUIDField(null=True)
    receipt_no = models.CharField("收件号", max_length=30, blank=True)
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, blank=True)
    note = models.CharField("最近进展", max_length=200, blank=True)
    due_on = models.DateField("补正期限", null=True)
    deleted_at = models.DateTimeField("删除（可恢复）", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="draft_state_known", condition=models.Q(state__in=FilingState.values)),
        ]
        indexes = [
            models.Index(name="draft_newest", fields=["lawyer_id", "-updated_at", "-id"]),
            models.Index(name="draft_by_state", fields=["lawyer_id", "state", "-updated_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title or "未命名草稿"


class DraftHandover(LawyerOwned):
    """草稿交接: what becomes of one draft of a lawyer who changed his firm (律师法第十条)."""

    may_delete = False

    draft_id = models.UUIDField("立案草稿")
    title = models.CharField("标题", max_length=200, blank=True)  # as it was last: the draft itself may be gone
    old_firm_name = models.CharField("原律师事务所", max_length=120)
    old_firm_uscc = models.CharField(max_length=18)
    new_firm_name = models.CharField("现律师事务所", max_length=120)
    changed_at = models.DateTimeField("变更时间")
    state = models.CharField("状态", max_length=10, choices=DraftHandoverState.choices, default=DraftHandoverState.OPEN)
    taker_id = models.BigIntegerField("接手律师", null=True)
    taker_name = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="draft_handover_once",
                fields=["lawyer_id", "draft_id"],
                condition=~models.Q(state__in=DRAFT_SETTLED),
            ),
            models.CheckConstraint(
                name="draft_handover_state_known", condition=models.Q(state__in=DraftHandoverState.values)
            ),
        ]
        indexes = [models.Index(name="draft_handover_newest", fields=["lawyer_id", "-changed_at"])]

    def __str__(self) -> str:
        return f"{self.draft_id} ({self.state})"


class DraftOffer(LawyerOwned):
    """请我接手的草稿: the colleague's own row; `id` is the handover's. While it waits, it opens the draft to him."""

    may_delete = False

    giver_id = models.BigIntegerField("移交律师")
    giver_name = models.CharField(max_length=60)
    firm_name = models.CharField("律师事务所", max_length=120)
    draft_id = models.UUIDField("立案草稿")
    title = models.CharField("标题", max_length=200, blank=True)
    court_name = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.WAITING)
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="draft_offer_state_known", condition=models.Q(state__in=OfferState.values)),
        ]
        indexes = [models.Index(name="draft_offer_newest", fields=["lawyer_id", "state", "-offered_at"])]

    def __str__(self) -> str:
        return self.title or "未命名草稿"


class Filing(CourtOwned):
    """立案申请: what a court has received from a lawyer."""

    row_rule = own("lawyer_id")

    lawyer_id = models.BigIntegerField("提交律师")
    lawyer_name = models.CharField(max_length=60)
    draft_id = models.UUIDField()
    submit_key = models.CharField("幂等键", max_length=80)
    receipt_no = models.CharField("收件号", max_length=30)
    received_at = models.DateTimeField("收到时间")
    state = models.CharField("状态", max_length=12, choices=FilingState.choices)
    content = SealedJSONField("内容")
    court_name = models.CharField(max_length=60)
    cause_id = models.PositiveIntegerField("案由")
    cause_name = models.CharField(max_length=80)
    title = models.CharField("案名", max_length=200)
    plaintiffs = models.CharField("原告", max_length=200)
    defendants = models.CharField("被告", max_length=200)
    amount_fen = models.BigIntegerField("标的额（分）", null=True)
    mediation_will = models.CharField("先行调解意愿", max_length=10, blank=True)
    clock_from = models.DateField("审查期起算依据日")  # receipt, or receipt of the corrected papers
    review_due_on = models.DateField("审查期届满")
    round = models.PositiveSmallIntegerField("第几次提交", default=1)
    clerk_id = models.BigIntegerField("审核人", null=True)
    clerk_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=1000, blank=True)
    case_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="filing_once", fields=["court_id", "lawyer_id", "submit_key"]),
            models.UniqueConstraint(name="filing_one_per_draft", fields=["court_id", "draft_id"]),
            models.UniqueConstraint(name="filing_receipt_no_once", fields=["court_id", "receipt_no"]),
            models.CheckConstraint(name="filing_state_known", condition=models.Q(state__in=FilingState.values)),
        ]
        indexes = [
            models.Index(name="filing_queue", fields=["court_id", "state", "review_due_on", "id"]),
            models.Index(name="filing_alike", fields=["court_id", "cause_id", "plaintiffs", "defendants"]),
            models.Index(name="filing_decided", fields=["court_id", "-decided_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class ReceiptCounter(models.Model):
    """收件号计数: per court and Beijing day."""

    may_delete = False

    pk = models.CompositePrimaryKey("court_id", "day")
    court_id = models.PositiveSmallIntegerField()
    day = models.DateField()
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.last}"


class Review(CourtOwned):
    """审核记录: the clerk's marks on the check list, saved as they are made; one per round."""

    row_rule = STAFF_ONLY

    filing_id = models.UUIDField()
    filing = same_court("filing.Filing", "filing_id")
    round = models.PositiveSmallIntegerField()
    marks = models.JSONField(default=dict)  # {code: {"verdict": "pass"|"defect", "note": str}}
    clerk_id = models.BigIntegerField()
    clerk_name = models.CharField(max_length=60)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            SameCourt(name="review_filing_fk", column="filing_id", to="filing.Filing"),
            models.UniqueConstraint(name="review_once_a_round", fields=["court_id", "filing_id", "round"]),
        ]

    def __str__(self) -> str:
        return f"第 {self.round} 次审核"


class Correction(CourtOwned):
    """补正告知: the one complete notice (登记立案规定第七条); a second needs a supervisor's reason."""

    row_rule = own("lawyer_id")

    filing_id = models.UUIDField()
    filing = same_court("filing.Filing", "filing_id")
    lawyer_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField()
    items = models.JSONField()  # [{"code", "title", "law", "note", "step", "fields": [path]}]
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    due_on = models.DateField("补正期限")
    second_reason = models.CharField("再次补正理由", max_length=500, blank=True)
    document_id = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="correction_filing_fk", column="filing_id", to="filing.Filing"),
            models.UniqueConstraint(name="correction_once_a_round", fields=["court_id", "filing_id", "round"]),
            models.CheckConstraint(
                name="correction_second_needs_reason", condition=models.Q(round=1) | ~models.Q(second_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.round} 次补正告知"

    @property
    def slug(self) -> str:
        """Its name in the address of its PDF."""
        return f"correction-{self.round}"
