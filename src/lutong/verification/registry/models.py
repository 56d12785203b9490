"""The roll: bodies, persons, licences, and every decision about them, which is never changed afterwards."""

import hashlib
import hmac
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus, LiveMethod
from lutong.kernel.sealed import SealedJSONField
from lutong.verification.registry.bodies import FirmKind


def blind(text: str) -> str:
    """A keyed digest: equality of a sealed value without the value."""
    return hmac.new(settings.LUTONG_BLIND_KEY, text.encode(), hashlib.sha256).hexdigest()


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kind]


class Firm(models.Model):
    """执业机构: a law firm, or the body for which public and corporate lawyers work."""

    may_delete: ClassVar[bool] = False

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("性质", max_length=20, choices=_choices(FirmKind))
    bureau = models.CharField("登记机关", max_length=2)
    city = models.CharField("所在地", max_length=40)
    division = models.CharField("行政区划代码", max_length=6)

    class Meta:
        indexes = [models.Index(name="firm_by_bureau", fields=["bureau", "name", "id"])]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """人员: whoever holds or held a licence. The number of the identity card never leaves this table."""

    may_delete: ClassVar[bool] = False

    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=1, choices=[("男", "男"), ("女", "女")])
    id_number = SealedJSONField("公民身份号码", default=str)
    id_blind = models.CharField(max_length=64, unique=True)
    mobile = SealedJSONField("登记手机号", default=str)
    assured_at = models.DateTimeField("最近实人核验", null=True)
    assured_by = models.CharField("最近实人核验的方式", max_length=10, choices=_choices(LiveMethod), blank=True)

    class Meta:
        indexes = [models.Index(name="person_by_name", fields=["name", "id"])]

    def __str__(self) -> str:
        return self.name


class Portrait(models.Model):
    """照片: of the licence. In the demo world it is drawn, and says so."""

    may_delete: ClassVar[bool] = False

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="portrait")
    address = models.UUIDField(default=uuid.uuid4, unique=True)  # 122 random bits: whoever was told it may see it
    drawn = models.BooleanField("绘制的虚构头像", default=False)
    png = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.person}"


class Licence(models.Model):
    """执业证（实习证）: of a lawyer, trainee or grassroots worker; the standing of today stands beside its history.

    `firm` and `status` to `next_change_on` are worked out from the events by `rules.standing`, at each event and on
    the first question of each day on which something changes by itself (`actions.settle_due`).
    """

    may_delete: ClassVar[bool] = False

    number = models.CharField("执业证号", max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="licences")
    kind = models.CharField("执业类别", max_length=20, choices=_choices(LicenceKind))
    bureau = models.CharField("登记机关", max_length=2)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="licences")
    scope = models.JSONField("业务范围", default=list)  # 基层法律服务工作者
    region = models.CharField("执业区域", max_length=120, blank=True)  # 基层法律服务工作者
    supervisor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="trainees")  # 指导律师
    granted_on = models.DateField("准予执业之日")
    period_to = models.DateField("实习期满之日", null=True)
    status = models.CharField("执业状态", max_length=20, choices=_choices(LicenceStatus))
    status_reason = models.CharField(max_length=300, blank=True)
    status_since = models.DateField()
    next_change_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_licence_in_force",  # 律师法第十条: in one firm only; a trainee is not yet a lawyer
                fields=["person"],
                condition=Q(status__in=["active", "suspended"]),
            ),
        ]
        indexes = [
            models.Index(name="licence_by_firm", fields=["firm", "number"]),
            models.Index(name="licence_by_bureau", fields=["bureau", "number"]),
            models.Index(name="licence_due", fields=["next_change_on"], condition=Q(next_change_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Source(models.TextChoices):
    """Where an event came from."""

    FEED = "feed", "签名报送"
    DESK = "desk", "工作台登记"
    LOAD = "load", "批量载入"


class LicenceEvent(models.Model):
    """执业登记事项: one decision. The history only grows; a wrong entry is put right by a further one."""

    append_only: ClassVar[bool] = True

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("事项", max_length=12, choices=_choices(EventKind))
    effective_on = models.DateField("生效日")
    until_on = models.DateField("截止日", null=True)
    reason = models.CharField("理由", max_length=300)
    article = models.CharField("依据", max_length=80, blank=True)
    document_no = models.CharField("文书号", max_length=60)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="+")
    bureau = models.CharField("决定机关", max_length=2)
    source = models.CharField("来源", max_length=4, choices=Source.choices)
    bureau_seq = models.BigIntegerField("报送序号", null=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.CharField("登记人", max_length=60)

    class Meta:
        indexes = [
            models.Index(name="event_by_licence", fields=["licence", "effective_on", "id"]),
            models.Index(name="event_by_bureau", fields=["bureau", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"


class Change(models.Model):
    """对外通报: what relying parties are told, in the order of taking effect. `seq` rises in the order of commits."""

    append_only: ClassVar[bool] = True

    seq = models.BigAutoField(primary_key=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(EventKind))
    status = models.CharField(max_length=20, choices=_choices(LicenceStatus))
    reason = models.CharField(max_length=300)
    since = models.DateField()
    old_firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="+")
    new_firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Bureau(models.Model):
    """省级司法行政机关: who may report, under which key, and how far its reports have been taken in."""

    may_delete: ClassVar[bool] = False

    code = models.CharField("代码", max_length=2, primary_key=True)
    name = models.CharField("名称", max_length=40)
    public_key = models.TextField("报送公钥")  # JWK, Ed25519
    last_seq = models.BigIntegerField("已入册序号", default=0)

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """报送: one signed message of a bureau. Content is kept sealed until it is taken in, its digest for ever."""

    may_delete: ClassVar[bool] = False

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="reports")
    seq = models.BigIntegerField("序号")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField(
        "状态", max_length=8, choices=[("taken", "已入册"), ("held", "等待前序"), ("refused", "已退回")]
    )
    content = SealedJSONField("内容", default=dict)
    why = models.CharField("退回原因", max_length=300, blank=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="report_once", fields=["bureau", "seq"], condition=Q(state__in=["taken", "held"])
            ),
        ]
        indexes = [models.Index(name="report_by_bureau", fields=["bureau", "state", "seq"])]

    def __str__(self) -> str:
        return f"{self.bureau_id} {self.seq}"


class CourtWindow(models.Model):
    """法院核验岗: the window in a court's 诉讼服务大厅 whose staff do live checks and nothing else."""

    may_delete: ClassVar[bool] = False

    code = models.CharField("法院代字", max_length=8, primary_key=True)
    name = models.CharField("法院名称", max_length=60, unique=True)
    bureau = models.CharField("所在省", max_length=2)

    def __str__(self) -> str:
        return self.name


class Officer(models.Model):
    """经办人: works at the desk of one bureau, or at the window of one court.

    司法部 ("00") reads every province and decides in none.
    """

    may_delete: ClassVar[bool] = False

    staff_no = models.CharField("工号", max_length=30, unique=True)
    name = models.CharField("姓名", max_length=60)
    bureau = models.CharField("机关", max_length=2, blank=True)  # empty: of a court
    court = models.ForeignKey(CourtWindow, on_delete=models.PROTECT, null=True, related_name="officers")
    password = models.CharField(max_length=160)
    totp_secret = SealedJSONField(default=str)
    totp_counter = models.BigIntegerField(default=0)  # of the last code used: each counts once
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="officer_of_one_desk",
                condition=Q(court__isnull=True, bureau__gt="") | Q(court__isnull=False, bureau=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


_ACTS = {
    "look_at_person": "查看人员", "hand_out_history": "导出登记事项", "sign_in": "登录", "sign_out": "退出",
    "register_firm": "登记机构", "enrol_bureau": "登记报送公钥", "enrol_officer": "开立经办人账号",
    "retire_bureau_key": "停用报送公钥", "hold_report": "收存报送", "refuse_report": "退回报送",
    "settle_due": "到期生效", "note_live_check": "实人核验", "register_application": "登记应用",
    "change_application": "变更应用登记", "close_application": "停用应用", "open_application": "重新启用应用",
    "renew_secret": "换发应用密钥", "prepare_answer_key": "准备新的应答密钥",
    "switch_answer_key": "启用新的应答密钥",
} | {f"enter.{kind}": f"登记{kind.label}" for kind in EventKind}  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return ("，".join(value) if isinstance(value, list) else str(value)) or "无"


class TrailEvent(models.Model):
    """留痕: every act and every look at a person's page; it only grows."""

    append_only: ClassVar[bool] = True

    at = models.DateTimeField()
    actor_id = models.BigIntegerField()  # 0: a bureau's own system, or this service itself
    actor_name = models.CharField(max_length=60)
    desk = models.CharField(max_length=8)  # a bureau, or a court's window
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(name="trail_by_desk", fields=["desk", "-id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @property
    def label(self) -> str:
        return _ACTS.get(self.action.partition(".")[2], self.action)

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What was changed, for the page: label, before (empty for something new) and after."""
        told = self.facts.get("changes", [])
        return [
            (one["label"], "" if one["before"] is None else _said(one["before"]), _said(one["after"])) for one in told
        ]


class Fault(models.Model):
    """故障演练: how the wire shall misbehave; looked at in the demo world only."""

    only_one = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mode = models.CharField(max_length=20, default="normal")
    slow_seconds = models.FloatField(default=10)

    def __str__(self) -> str:
        return self.mode
