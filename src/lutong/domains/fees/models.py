"""Bills of a court, orders at the payment gateway, and its notices."""

from django.db import models

from lutong.domains.fees.states import BillState, OrderState
from lutong.kernel.capabilities import Capability
from lutong.kernel.rowsecurity import STAFF_ONLY, by_case
from lutong.kernel.tables import CourtOwned, SameCourt, same_court


class Bill(CourtOwned):
    """交费通知: what a party owes the court, with its reckoning."""

    row_rule = by_case(needs=Capability.PAY)

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    party_id = models.UUIDField("交费当事人", null=True)
    payer_name = models.CharField(max_length=200)
    kind = models.CharField("项目", max_length=30, default="acceptance")
    notice_no = models.CharField("通知书编号", max_length=40)
    amount_fen = models.BigIntegerField("应交（分）")
    quote = models.JSONField("计算过程", default=dict)
    state = models.CharField(max_length=12, choices=BillState.choices, default=BillState.DUE)
    issued_at = models.DateTimeField("通知时间")
    due_on = models.DateField("交费期限", null=True)  # reckoned from service of the notice
    due_steps = models.JSONField("期限推算", default=list)  # [{"text", "law"}]
    paid_at = models.DateTimeField(null=True)
    transaction_id = models.CharField(max_length=64, blank=True)
    receipt_document_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="bill_case_fk", column="case_id", to="cases.Case"),
            models.UniqueConstraint(name="bill_notice_no_once", fields=["court_id", "notice_no"]),
            models.UniqueConstraint(
                name="bill_one_acceptance_fee",
                fields=["court_id", "case_id", "kind"],
                condition=~models.Q(state="cancelled"),
            ),
            models.CheckConstraint(name="bill_amount_positive", condition=models.Q(amount_fen__gt=0)),
            models.CheckConstraint(name="bill_state_known", condition=models.Q(state__in=BillState.values)),
        ]
        indexes = [
            models.Index(name="bill_desk", fields=["court_id", "state", "-issued_at", "-id"]),
            models.Index(name="bill_newest", fields=["court_id", "-issued_at", "-id"]),
            models.Index(name="bill_by_case", fields=["court_id", "case_id"]),
        ]

    def __str__(self) -> str:
        return self.notice_no


class PaymentOrder(CourtOwned):
    """支付订单: one attempt to pay a bill. `out_trade_no` carries the court, so that a notice finds its way."""

    row_rule = by_case(needs=Capability.PAY)

    case_id = models.UUIDField()
    bill_id = models.UUIDField()
    bill = same_court("fees.Bill", "bill_id")
    channel = models.CharField("渠道", max_length=20, default="wechat")
    out_trade_no = models.CharField("商户订单号", max_length=32)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=OrderState.choices, default=OrderState.OPEN)
    code_url = models.CharField(max_length=300, blank=True)
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    transaction_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            SameCourt(name="order_bill_fk", column="bill_id", to="fees.Bill"),
            models.UniqueConstraint(name="order_no_once", fields=["court_id", "out_trade_no"]),
            models.UniqueConstraint(
                name="order_booked_once", fields=["court_id", "bill_id"], condition=models.Q(state="paid")
            ),
            models.UniqueConstraint(
                name="order_one_open", fields=["court_id", "bill_id"], condition=models.Q(state="open")
            ),
            models.CheckConstraint(name="order_state_known", condition=models.Q(state__in=OrderState.values)),
        ]
        indexes = [models.Index(name="order_by_bill", fields=["court_id", "bill_id", "-opened_at"])]

    def __str__(self) -> str:
        return self.out_trade_no


class PaymentNotice(CourtOwned):
    """支付通知: a verified message of the gateway, kept once, with what came of it."""

    row_rule = STAFF_ONLY
    append_only = True

    notice_id = models.CharField(max_length=64)
    out_trade_no = models.CharField(max_length=32)
    transaction_id = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(name="payment_notice_once", fields=["court_id", "notice_id"])]
        indexes = [models.Index(name="payment_notice_by_order", fields=["court_id", "out_trade_no"])]

    def __str__(self) -> str:
        return self.notice_id
