"""National reference tables: courts, causes, type codes and papers. Owner: reference (the same in every court)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Reference(models.Model):
    """A table that is the same in every court: the application role only reads it, the loading command writes it."""

    reference: ClassVar[bool] = True

    class Meta:
        abstract = True


class Court(Reference):
    """人民法院: one court of the national directory. The id is given once in the data file and never changes."""

    class Level(models.IntegerChoices):
        SUPREME = 1, "最高人民法院"
        HIGH = 2, "高级人民法院"
        INTERMEDIATE = 3, "中级人民法院"
        BASIC = 4, "基层人民法院"

    class Kind(models.TextChoices):
        GENERAL = "general", "普通法院"
        CROSS_REGION = "cross_region", "跨行政区划法院"
        MARITIME = "maritime", "海事法院"
        IP = "ip", "知识产权法院"
        FINANCIAL = "financial", "金融法院"
        INTERNET = "internet", "互联网法院"
        RAILWAY = "railway", "铁路运输法院"
        FOREST = "forest", "林区法院"
        RECLAMATION = "reclamation", "农垦法院"
        OILFIELD = "oilfield", "油田法院"
        MINING = "mining", "矿区法院"
        DEVELOPMENT_ZONE = "development_zone", "开发区法院"
        CORPS = "corps", "兵团法院"
        MILITARY = "military", "军事法院"

    id = models.PositiveSmallIntegerField(primary_key=True)
    code = models.CharField("法院代字", max_length=8, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=60)
    level = models.PositiveSmallIntegerField("审级", choices=Level.choices)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上诉法院")
    province = models.CharField("省份", max_length=20)
    city = models.CharField("城市", max_length=30, blank=True)
    division_code = models.CharField("行政区划代码", max_length=6)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5)
    aliases = ArrayField(models.CharField(max_length=60), verbose_name="别名", default=list)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    pinyin = models.CharField("拼音", max_length=120)
    initials = models.CharField("拼音首字母", max_length=40)
    code_basis = models.CharField("代字依据", max_length=10)  # rule, series, recall: see data/README.md
    active_from = models.DateField("启用日期", null=True)
    active_to = models.DateField("停用日期", null=True)
    receives_civil_first = models.BooleanField("受理民事一审")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="court_level_known"),
            models.CheckConstraint(
                condition=models.Q(level=1) | models.Q(parent__isnull=False), name="court_has_appeal_court"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cause(Reference):
    """案由: one cause of action of an edition of the regulation."""

    class Kind(models.TextChoices):
        CIVIL = "civil", "民事"
        ADMINISTRATIVE = "administrative", "行政"
        CRIMINAL = "criminal", "刑事自诉"

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    level = models.PositiveSmallIntegerField("级别")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级案由")
    position = models.PositiveSmallIntegerField("顺序")
    number = models.PositiveSmallIntegerField("案由编号", null=True)
    path = models.CharField("路径", max_length=200)
    initials = models.CharField("拼音首字母", max_length=60)
    valid_from = models.DateField("施行日期")
    valid_to = models.DateField("失效日期", null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class CaseTypeCode(Reference):
    """案件类型代字: the characters of a case number that say what kind of case it is."""

    code = models.CharField("类型代字", max_length=4, primary_key=True)
    label = models.CharField("案件类型", max_length=40)
    kind = models.CharField("类别", max_length=20)
    active_to = models.DateField("停用日期", null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class DocumentCode(Reference):
    """卷宗材料种类: a slot of a filing or a paper of the court, and the side of the file it belongs to."""

    class Side(models.TextChoices):
        MAIN = "main", "正卷"
        SUB = "sub", "副卷"

    code = models.CharField("代码", max_length=30, primary_key=True)
    label = models.CharField("名称", max_length=40)
    side = models.CharField("卷别", max_length=4, choices=Side.choices)
    producer = models.CharField("提交或制作", max_length=10)
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class Edition(Reference):
    """数据版本: which state of a data file the tables hold, so that loading twice costs nothing."""

    file = models.CharField("数据文件", max_length=40, primary_key=True)
    digest = models.CharField("摘要", max_length=64)
    rows = models.PositiveIntegerField("行数")
    loaded_at = models.DateTimeField("载入时间")

    def __str__(self) -> str:
        return self.file
