"""Deliveries of court papers; the inbox is the lawyer's own projection."""

from django.db import models

from lutong.domains.eservice.states import DeliveryState, Mode
from lutong.kernel.capabilities import Capability
from lutong.kernel.rowsecurity import addressed
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court

# One side must not learn the other's address or mail: counsel sees the deliveries made to him only.
OWN_DELIVERY = addressed("recipient_id", needs=Capability.RECEIVE_SERVICE)


class Delivery(CourtOwned):
    """送达: a set of papers to one party, through counsel or directly."""

    row_rule = OWN_DELIVERY

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    party_id = models.UUIDField("受送达人")
    party_name = models.CharField(max_length=120)
    recipient_id = models.BigIntegerField("签收律师", null=True)
    recipient_name = models.CharField(max_length=80)
    title = models.CharField("标题", max_length=160)
    mode = models.CharField("方式", max_length=12, choices=Mode.choices, blank=True)  # blank while it waits
    address = SealedJSONField("送达地址")  # {"text", "confirmed": bool, "how"}
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.SENT)
    sent_at = models.DateTimeField("发出")
    sent_by = models.CharField(max_length=60)
    arrived_at = models.DateTimeField("到达系统", null=True)
    read_at = models.DateTimeField("打开", null=True)
    signed_at = models.DateTimeField("签收", null=True)
    facts = models.JSONField("送达经过", default=dict)
    effective_on = models.DateField("送达之日", null=True)
    rule = models.CharField("生效规则", max_length=40, blank=True)
    steps = models.JSONField(default=list)
    proof_document_id = models.UUIDField("送达凭证", null=True)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            SameCourt(name="delivery_case_fk", column="case_id", to="cases.Case"),
            SameCourt(name="delivery_party_fk", column="party_id", to="cases.Party"),
            models.UniqueConstraint(name="delivery_once", fields=["court_id", "key"]),
            models.CheckConstraint(name="delivery_state_known", condition=models.Q(state__in=DeliveryState.values)),
        ]
        indexes = [
            models.Index(name="delivery_by_case", fields=["court_id", "case_id", "-sent_at"]),
            models.Index(name="delivery_desk", fields=["court_id", "state", "-sent_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title


class DeliveryItem(CourtOwned):
    """送达文书: one paper in a delivery."""

    row_rule = OWN_DELIVERY

    case_id = models.UUIDField()
    recipient_id = models.BigIntegerField(null=True)
    delivery_id = models.UUIDField()
    delivery = same_court("eservice.Delivery", "delivery_id", related_name="items")
    document_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=255)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            SameCourt(name="delivery_item_delivery_fk", column="delivery_id", to="eservice.Delivery"),
            SameCourt(name="delivery_item_document_fk", column="document_id", to="dossier.Document"),
            models.UniqueConstraint(name="delivery_item_once", fields=["court_id", "delivery_id", "document_id"]),
        ]

    def __str__(self) -> str:
        return self.title


class LawyerDelivery(LawyerOwned):
    """律师的送达: the inbox row; `id` is the delivery's id."""

    court_id = models.PositiveSmallIntegerField()
    court_name = models.CharField(max_length=60)
    case_id = models.UUIDField()
    number = models.CharField("案号", max_length=40)
    case_title = models.CharField(max_length=200)
    title = models.CharField(max_length=160)
    papers = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    effective_on = models.DateField(null=True)
    read_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="lawyer_delivery_newest", fields=["lawyer_id", "state", "-sent_at", "-id"]),
            models.Index(name="lawyer_delivery_all", fields=["lawyer_id", "-sent_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title
