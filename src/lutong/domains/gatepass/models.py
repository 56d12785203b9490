"""Gates, their devices, and who came through: all of it belongs to the court; the lawyer keeps a copy of his own."""

from django.db import models

from lutong.kernel.rowsecurity import OPEN, STAFF_ONLY, own
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court

KINDS = [("entrance", "入口"), ("courtroom", "法庭"), ("hall", "诉讼服务大厅")]
OUTCOMES = [("admitted", "已通行"), ("refused", "未通行")]
FLAGS = [("", ""), ("duplicate", "重复使用"), ("disputed", "事后核验不符")]


class Venue(CourtOwned):
    """通行点: an entrance, the door of one courtroom, or the service hall."""

    row_rule = OPEN  # a lawyer chooses the door for which he wants a code

    kind = models.CharField("种类", max_length=12, choices=KINDS)
    name = models.CharField("名称", max_length=60)
    room_id = models.UUIDField("法庭", null=True)
    room = same_court("hearings.Courtroom", "room_id")
    active = models.BooleanField("启用", default=True)

    class Meta:
        constraints = [
            SameCourt(name="venue_room_fk", column="room_id", to="hearings.Courtroom"),
            models.UniqueConstraint(name="venue_name_once", fields=["court_id", "name"]),
            models.UniqueConstraint(name="venue_room_once", fields=["court_id", "room_id"]),
            models.CheckConstraint(
                name="venue_room_for_courtroom",
                condition=models.Q(kind="courtroom", room_id__isnull=False)
                | models.Q(kind__in=["entrance", "hall"], room_id__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GateDevice(CourtOwned):
    """闸机或平板: reads codes at one venue. Only the SHA-256 of its token is kept."""

    row_rule = STAFF_ONLY

    venue_id = models.UUIDField("通行点")
    venue = same_court("gatepass.Venue", "venue_id")
    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField("配对码签发时间")
    issued_by = models.CharField(max_length=80)
    seen_at = models.DateTimeField("最近同步", null=True)
    waiting = models.PositiveIntegerField("离线记录待传", default=0)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="gate_device_venue_fk", column="venue_id", to="gatepass.Venue"),
            models.UniqueConstraint(name="gate_device_name_once", fields=["court_id", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Holder(CourtOwned):
    """持码人: who stands behind the pseudonym that codes for this court carry; `id` is the pseudonym."""

    row_rule = own("lawyer_id")

    lawyer_id = models.BigIntegerField("律师", null=True)  # null: no account here, came to the counter with the card
    licence_no = models.CharField("执业证号", max_length=20)
    name = models.CharField("姓名", max_length=60)
    firm = models.CharField("律师事务所", max_length=120)
    seen_at = models.DateTimeField("最近出示")
    shown_for = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(name="gate_holder_seen", fields=["court_id", "seen_at"])]

    def __str__(self) -> str:
        return self.name


class Scan(CourtOwned):
    """通行记录: one reading at one gate. `flag` is what the court learnt later of what an offline gate did."""

    row_rule = own("lawyer_id")
    append_only = True  # what is old is forgotten by the function gatepass_forget, which the migration makes

    device_id = models.UUIDField("设备")
    device = same_court("gatepass.GateDevice", "device_id")
    venue_id = models.UUIDField()
    venue_name = models.CharField("通行点", max_length=60)
    seq = models.BigIntegerField("设备的序号")
    at = models.DateTimeField("时间")
    received_at = models.DateTimeField()
    offline = models.BooleanField("离线核验", default=False)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    reason = models.CharField(max_length=16)
    flag = models.CharField(max_length=12, choices=FLAGS, default="", blank=True)
    purpose = models.CharField("用途", max_length=12, blank=True)
    slip = models.BooleanField("通行条", default=False)
    code_id = models.UUIDField(null=True)
    holder_id = models.UUIDField(null=True)
    lawyer_id = models.BigIntegerField(null=True)
    name = models.CharField("姓名", max_length=60, blank=True)
    firm = models.CharField("律师事务所", max_length=120, blank=True)
    hearing_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="gate_scan_device_fk", column="device_id", to="gatepass.GateDevice"),
            models.UniqueConstraint(name="gate_scan_seq_once", fields=["court_id", "device_id", "seq"]),
            # The promise itself: a code lets in once, whoever asks at the same moment.
            models.UniqueConstraint(
                name="gate_code_once",
                fields=["court_id", "code_id"],
                condition=models.Q(outcome="admitted", flag=""),
            ),
            models.CheckConstraint(
                name="gate_scan_outcome_known", condition=models.Q(outcome__in=["admitted", "refused"])
            ),
        ]
        indexes = [
            models.Index(name="gate_scan_by_time", fields=["court_id", "at", "id"]),
            models.Index(name="gate_scan_by_hearing", fields=["court_id", "hearing_id", "holder_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.venue_name} {self.name} {self.outcome}"


class Slip(CourtOwned):
    """通行条: a paper pass that the counter printed for a lawyer without a telephone, after looking at his card."""

    row_rule = STAFF_ONLY

    holder_id = models.UUIDField()
    holder = same_court("gatepass.Holder", "holder_id")
    code_id = models.UUIDField()
    code = SealedJSONField("码")  # {"text": …}: who holds it may pass
    purpose = models.CharField(max_length=12)
    venue_name = models.CharField("通行点", max_length=60)
    hearing_id = models.UUIDField(null=True)
    issued_at = models.DateTimeField()
    until = models.DateTimeField("有效至")
    issued_by = models.CharField("办理人", max_length=80)
    status_label = models.CharField("执业状态", max_length=40)
    assertion_id = models.CharField("核验凭证号", max_length=80, blank=True)
    key = models.CharField("表单键", max_length=80)

    class Meta:
        constraints = [
            SameCourt(name="gate_slip_holder_fk", column="holder_id", to="gatepass.Holder"),
            models.UniqueConstraint(name="gate_slip_once", fields=["court_id", "key"]),
        ]
        indexes = [models.Index(name="gate_slip_by_time", fields=["court_id", "issued_at"])]

    def __str__(self) -> str:
        return f"{self.venue_name} {self.issued_at}"


class LawyerScan(LawyerOwned):
    """我的通行记录: the lawyer's own copy of where his codes were read; `id` is the scan's."""

    court_id = models.PositiveSmallIntegerField("法院")
    venue_name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    reason = models.CharField(max_length=16)
    flag = models.CharField(max_length=12, choices=FLAGS, default="", blank=True)
    slip = models.BooleanField(default=False)
    case_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(name="lawyer_scan_by_time", fields=["lawyer_id", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.venue_name} {self.at}"
