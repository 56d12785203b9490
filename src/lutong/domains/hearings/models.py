"""Courtrooms and hearings belong to the court; the calendar belongs to the lawyer."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from lutong.domains.hearings.states import HearingKind, HearingState
from lutong.kernel.rowsecurity import OPEN, by_case
from lutong.kernel.sealed import SealedJSONField
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court


class Courtroom(CourtOwned):
    """法庭"""

    row_rule = OPEN

    name = models.CharField("名称", max_length=60)
    seats = models.PositiveSmallIntegerField("旁听席", default=0)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="courtroom_name_once", fields=["court_id", "name"])]

    def __str__(self) -> str:
        return self.name


class Hearing(CourtOwned):
    """庭审: a time, a room (or online) and a judge; neither room nor judge can be double-booked."""

    row_rule = by_case()

    case_id = models.UUIDField()
    case = same_court("cases.Case", "case_id")
    kind = models.CharField("种类", max_length=12, choices=HearingKind.choices, default=HearingKind.TRIAL)
    mode = models.CharField("方式", max_length=8, default="onsite")  # onsite | online
    room_id = models.UUIDField(null=True)
    room = same_court("hearings.Courtroom", "room_id")
    room_name = models.CharField(max_length=60, blank=True)
    judge_id = models.BigIntegerField()
    judge_name = models.CharField(max_length=60)
    during = DateTimeRangeField("时间")
    state = models.CharField(max_length=12, choices=HearingState.choices, default=HearingState.SCHEDULED)
    clash_reason = models.CharField("有冲突仍排期的理由", max_length=500, blank=True)
    moves = models.PositiveSmallIntegerField("改期次数", default=0)
    scheduled_by = models.CharField(max_length=60)
    scheduler_id = models.BigIntegerField("排期人", null=True)
    scheduled_at = models.DateTimeField()
    closed_note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            SameCourt(name="hearing_case_fk", column="case_id", to="cases.Case"),
            SameCourt(name="hearing_room_fk", column="room_id", to="hearings.Courtroom"),
            models.CheckConstraint(
                name="hearing_room_or_online", condition=models.Q(mode="online") | models.Q(room_id__isnull=False)
            ),
            models.CheckConstraint(name="hearing_state_known", condition=models.Q(state__in=HearingState.values)),
            ExclusionConstraint(
                name="hearing_room_free",
                expressions=[
                    ("court_id", RangeOperators.EQUAL),
                    ("room_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state="scheduled"),
            ),
            ExclusionConstraint(
                name="hearing_judge_free",
                expressions=[
                    ("court_id", RangeOperators.EQUAL),
                    ("judge_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state="scheduled"),
            ),
        ]
        indexes = [models.Index(name="hearing_by_case", fields=["court_id", "case_id", "during"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.during}"


class LawyerCalendar(models.Model):
    """日历锁: one row a lawyer, locked in lawyer_id order before clashes are searched."""

    lawyer_id = models.BigIntegerField(primary_key=True)
    feed_digest = models.CharField("订阅地址的摘要", max_length=64, null=True)
    feed_secret = SealedJSONField("订阅地址的随机部分")  # {"token": …}, {} when there is none

    def __str__(self) -> str:
        return str(self.lawyer_id)


class LawyerHearing(LawyerOwned):
    """律师的日程: a hearing in whichever court, or an event the lawyer added; `id` is the hearing's id."""

    court_id = models.PositiveSmallIntegerField(null=True)  # null: own event
    case_id = models.UUIDField(null=True)
    number = models.CharField("案号", max_length=40, blank=True)
    case_title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12)  # HearingKind | own
    title = models.CharField("名称", max_length=120)
    place = models.CharField("地点", max_length=120, blank=True)
    mode = models.CharField(max_length=8, default="onsite")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    city = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    scheduled_at = models.DateTimeField()
    scheduler_id = models.BigIntegerField("排期人", null=True)  # told when another court clashes with this
    proof_id = models.UUIDField("凭证", null=True)  # the lawyer's own upload, for an event of his own
    proof_name = models.CharField("凭证文件名", max_length=255, blank=True)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lawyer_hearing_bounded",  # the index trick below relies on it
                condition=models.Q(ends_at__gt=models.F("starts_at"))
                & models.Q(ends_at__lte=models.F("starts_at") + models.Value("12:00:00", models.DurationField())),
            ),
        ]
        indexes = [
            models.Index(
                name="lawyer_hearing_time",
                fields=["lawyer_id", "starts_at"],
                include=["ends_at", "id"],
                condition=models.Q(active=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at}"


class Clash(LawyerOwned):
    """排期冲突: two entries of one lawyer's calendar that overlap or leave too little time to travel."""

    one_id = models.UUIDField("后排的一场")
    one_court_id = models.PositiveSmallIntegerField(null=True)
    other_id = models.UUIDField("先排的一场")
    other_court_id = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=8)  # overlap | travel
    minutes = models.PositiveIntegerField("重叠或缺少的分钟")
    needed = models.PositiveIntegerField("在途所需分钟", default=0)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")  # open | solved
    gap = models.PositiveIntegerField("间隔分钟", default=0)
    explanation = models.CharField("在途的推算", max_length=200, blank=True)
    reason = models.CharField("法院仍排期的理由", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clash_once", fields=["lawyer_id", "one_id", "other_id"]),
            models.CheckConstraint(name="clash_kind_known", condition=models.Q(kind__in=["overlap", "travel"])),
            models.CheckConstraint(name="clash_state_known", condition=models.Q(state__in=["open", "solved"])),
        ]
        indexes = [models.Index(name="clash_open", fields=["lawyer_id"], condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.minutes}"
