"""Uploads belong to the person; documents belong to the court."""

from django.db import models

from lutong.kernel.capabilities import Capability
from lutong.kernel.rowsecurity import by_case, own
from lutong.kernel.tables import CourtOwned, LawyerOwned, SameCourt, same_court


class Upload(LawyerOwned):
    """上传: bytes on their way in, hashed from the first byte.

    `lawyer_id` is the person who uploads; what an assistant puts to a draft is the lawyer's like the draft itself.
    """

    purpose = models.CharField("用途", max_length=40)  # filing:<draft id> | case:<court>:<case id> | …
    slot = models.CharField("材料类别", max_length=30, blank=True)
    uploader = models.CharField("由谁上传", max_length=140, blank=True)  # empty: by the owner
    filename = models.CharField("文件名", max_length=255)
    declared_size = models.BigIntegerField("大小（字节）")
    offset = models.BigIntegerField("已收（字节）", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    pages = models.PositiveIntegerField(null=True)
    warnings = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="receiving")  # receiving | examining | stored | refused
    refusal = models.JSONField(null=True)  # {"code", "sentence", "way_out"}
    object_key = models.CharField(max_length=120, blank=True)
    sealed_key = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="upload_state_known",
                condition=models.Q(state__in=["receiving", "examining", "stored", "refused"]),
            ),
            models.CheckConstraint(
                name="upload_offset_sane",
                condition=models.Q(offset__gte=0) & models.Q(offset__lte=models.F("declared_size")),
            ),
        ]
        indexes = [models.Index(name="upload_by_purpose", fields=["lawyer_id", "purpose", "created_at"])]

    def __str__(self) -> str:
        return self.filename


class Document(CourtOwned):
    """卷宗文件: one paper in a filing or a case. The bytes never change; a better copy is a new row."""

    # A lawyer never sees 副卷, not even of his own case (诉讼代理人查阅民事案件材料的规定). An assistant who
    # may hand in sees what he handed in himself, and more when he may read the dossier.
    row_rule = by_case(
        or_own="submitted_by", and_also="volume = 'main'", needs=Capability.READ_DOSSIER,
        own_needs=Capability.SUBMIT_MATERIAL,
    )  # fmt: skip

    filing_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    party_id = models.UUIDField(null=True)
    kind = models.CharField("文书种类", max_length=30)  # courts.DocumentCode
    title = models.CharField("名称", max_length=255)
    volume = models.CharField("正副卷", max_length=4, default="main")  # main | sub
    place = models.PositiveIntegerField("卷内次序", default=0)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    object_key = models.CharField(max_length=120)
    sealed_key = models.BinaryField()
    view_key = models.CharField("阅看副本", max_length=120, blank=True)
    view_sealed_key = models.BinaryField(default=bytes)
    view_size = models.BigIntegerField("阅看副本大小（字节）", default=0)
    view_sha256 = models.CharField(max_length=64, blank=True)
    view_state = models.CharField(max_length=10, default="waiting")  # waiting | ready | none
    view_reason = models.CharField("不能阅看的原因", max_length=200, blank=True)
    shapes = models.JSONField("页面大小", default=list)  # [[pages in a row, width, height]…] in CSS pixels (1/96 inch)
    damaged_at = models.DateTimeField("发现损坏", null=True)  # bytes failed a proof: nobody is served any more
    submitted_by = models.BigIntegerField()
    submitter = models.CharField("提交人", max_length=80)
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="received")  # received | in_dossier | superseded
    supersedes_id = models.UUIDField(null=True)
    upload_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="document_case_fk", column="case_id", to="cases.Case"),
            models.CheckConstraint(name="document_volume_known", condition=models.Q(volume__in=["main", "sub"])),
            models.CheckConstraint(
                name="document_view_known", condition=models.Q(view_state__in=["waiting", "ready", "none"])
            ),
            models.CheckConstraint(
                name="document_has_home", condition=models.Q(filing_id__isnull=False) | models.Q(case_id__isnull=False)
            ),
            models.UniqueConstraint(name="document_once_per_upload", fields=["court_id", "upload_id"]),
        ]
        indexes = [
            models.Index(name="document_by_case", fields=["court_id", "case_id", "place", "id"]),
            models.Index(name="document_by_filing", fields=["court_id", "filing_id", "place", "id"]),
            models.Index(name="document_recent", fields=["court_id", "case_id", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def from_court(self) -> bool:
        """True if the court made it: it was entered on the file at once, not received with a filing."""
        return self.state == "in_dossier" and self.filing_id is None


class PageImage(CourtOwned):
    """页面图像: a picture of one page, made for reading in the browser."""

    row_rule = by_case(
        or_own="submitted_by", and_also="volume = 'main'", needs=Capability.READ_DOSSIER,
        own_needs=Capability.SUBMIT_MATERIAL,
    )  # fmt: skip
    may_delete = True

    case_id = models.UUIDField(null=True)
    filing_id = models.UUIDField(null=True)
    document_id = models.UUIDField()
    document = same_court("dossier.Document", "document_id")
    volume = models.CharField(max_length=4, default="main")
    submitted_by = models.BigIntegerField()
    number = models.PositiveIntegerField("页码")
    size = models.CharField(max_length=6)  # thumb | page
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    length = models.PositiveIntegerField("大小（字节）", default=0)
    sha256 = models.CharField(max_length=64, default="")
    object_key = models.CharField(max_length=120)
    sealed_key = models.BinaryField()

    class Meta:
        constraints = [
            SameCourt(name="page_image_document_fk", column="document_id", to="dossier.Document"),
            models.UniqueConstraint(name="page_image_once", fields=["court_id", "document_id", "number", "size"]),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 页"


class Bundle(CourtOwned):
    """案卷打包: one person's order for all papers of a case in one ZIP file; made by the worker, kept for a day."""

    row_rule = own("requested_by", in_case=Capability.READ_DOSSIER)
    may_delete = True

    case_id = models.UUIDField()
    requested_by = models.BigIntegerField()
    requester = models.JSONField("申请人")  # who it was, so that the worker reads with his eyes and not its own
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")  # waiting | making | ready | failed
    done = models.PositiveIntegerField("已放入", default=0)
    total = models.PositiveIntegerField("共", default=0)
    left_out = models.PositiveIntegerField("未能放入", default=0)
    name = models.CharField(max_length=120)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    object_key = models.CharField(max_length=120, blank=True)
    sealed_key = models.BinaryField(default=bytes)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            SameCourt(name="bundle_case_fk", column="case_id", to="cases.Case"),
            models.CheckConstraint(
                name="bundle_state_known", condition=models.Q(state__in=["waiting", "making", "ready", "failed"])
            ),
            models.UniqueConstraint(
                name="bundle_one_at_a_time",
                fields=["court_id", "case_id", "requested_by"],
                condition=models.Q(state__in=["waiting", "making"]),
            ),
        ]
        indexes = [models.Index(name="bundle_newest", fields=["court_id", "case_id", "requested_by", "-requested_at"])]

    def __str__(self) -> str:
        return self.name
