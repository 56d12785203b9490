"""审核清单的形状: what a check is, what it knows, what it answers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lutong.domains.filing.content import STEPS, step_of
from lutong.domains.filing.jurisdiction import Ground
from lutong.kernel.capacity import Counsel, Objection
from lutong.kernel.tariff import FeeKind

Verdict = Literal["pass", "defect", "manual"]
VERDICT_LABELS: dict[Verdict, str] = {"pass": "通过", "defect": "需补正", "manual": "待人工核对"}

PEOPLE, CLAIMS, PAPERS = "主体与代理", "管辖与请求", "证据与其他"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list that lawyer and clerk share."""

    code: str
    group: str
    title: str
    law: str
    step: str


CHECKS = {
    check.code: check
    for check in (
        Check("ZT-01", PEOPLE, "原告身份证明齐全、与诉状一致", "登记立案规定第六条第（一）项", "evidence"),
        Check("ZT-02", PEOPLE, "原告信息完整", "民事诉讼法第一百二十四条第（一）项", "parties"),
        Check("ZT-03", PEOPLE, "被告信息足以与他人相区别", "登记立案规定第四条第（二）项", "parties"),
        Check("ZT-04", PEOPLE, "原告与本案有直接利害关系", "民事诉讼法第一百二十二条第（一）项", "facts"),
        Check("ZT-05", PEOPLE, "原告与被告不是同一人", "民事诉讼法第一百二十二条第（二）项", "parties"),
        Check("DL-01", PEOPLE, "代理人资格和人数", "民事诉讼法第六十一条", "agents"),
        Check("DL-02", PEOPLE, "授权委托书载明权限并由委托人签名", "民事诉讼法第六十二条", "agents"),
        Check("DL-03", PEOPLE, "代理人身份材料和所函", "民诉法解释第八十八条", "evidence"),
        Check("GX-01", CLAIMS, "本院有管辖权", "民事诉讼法第一百二十二条第（四）项", "court"),
        Check("GX-02", CLAIMS, "符合级别管辖标准", "法发〔2021〕27号", "court"),
        Check("AY-01", CLAIMS, "案由明确", "民事案件案由规定", "court"),
        Check("ZG-01", CLAIMS, "属于人民法院受理民事诉讼的范围，无仲裁协议", "民事诉讼法第一百二十七条", "facts"),
        Check("QQ-01", CLAIMS, "诉讼请求具体，金额可以计算", "民事诉讼法第一百二十二条第（三）项", "claims"),
        Check("QQ-03", CLAIMS, "标的额与案件受理费", "诉讼费用交纳办法第十三条", "claims"),
        Check("QQ-04", CLAIMS, "利息的起止日、基数、利率明确", "民事诉讼法第一百二十二条第（三）项", "claims"),
        Check("SS-01", CLAIMS, "写明事实与理由", "民事诉讼法第一百二十四条第（三）项", "facts"),
        Check("SS-02", CLAIMS, "诉状没有谩骂和人身攻击之辞", "民诉法解释第二百一十条", "facts"),
        Check("WJ-01", PAPERS, "起诉状已提交并签名或者盖章", "民事诉讼法第一百二十三条第一款", "evidence"),
        Check("WJ-02", PAPERS, "上传的文件完整、清晰、可以打开", "在线诉讼规则第十二条第（二）项", "evidence"),
        Check("ZJ-01", PAPERS, "证据目录与证据来源", "登记立案规定第四条第（四）项", "evidence"),
        Check("ZJ-02", PAPERS, "有与诉请相关的证据材料", "登记立案规定第六条第（五）项", "evidence"),
        Check("SD-01", PAPERS, "送达地址确认", "民诉法解释第一百三十六条", "address"),
        Check("TF-01", PAPERS, "退费账户信息完整", "诉讼费用交纳办法第五十三条第二款", "address"),
        Check("TJ-01", PAPERS, "先行调解意愿", "民事诉讼法第一百二十五条", "mediation"),
        Check("CF-01", PAPERS, "非重复起诉", "民诉法解释第二百四十七条", "facts"),
    )
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field that must change, and how. `where` names it for a reader who sees no form: 被告程屿舟."""

    path: str
    message: str
    where: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.where}：{self.message}" if self.where else self.message


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One judged line. `note` is the sentence for the 补正通知书, or what the clerk should look at."""

    code: str
    group: str
    title: str
    law: str
    verdict: Verdict
    note: str
    fields: tuple[FieldError, ...]
    step: str
    objections: tuple[Objection, ...] = ()

    @property
    def verdict_label(self) -> str:
        return VERDICT_LABELS[self.verdict]


@dataclass(frozen=True, slots=True)
class UploadFact:
    """What the file store knows of an upload; state is ready, processing, broken, encrypted or infected."""

    name: str
    state: str = "ready"


@dataclass(frozen=True, slots=True)
class CourtFact:
    """What the directory knows of the chosen court; level 1 (最高) to 4 (基层). `province`: six-digit code."""

    name: str
    level: int
    province: str = ""
    accepts: bool = True


@dataclass(frozen=True, slots=True)
class CauseFact:
    """What the cause tree knows of the chosen cause. `is_leaf`: there is no finer one below it."""

    name: str
    is_leaf: bool = True
    fee_kind: FeeKind | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database adds to the draft. None means: nobody looked, so the item is left to a human."""

    uploads: Mapping[str, UploadFact] | None = None
    court: CourtFact | None = None
    cause: CauseFact | None = None
    ground: Ground | None = None  # None: looked up among the grounds that this room knows
    counsels: Mapping[str, Counsel] = field(default_factory=dict)  # by agent id
    duplicates: Sequence[str] | None = None  # labels of filings and cases that look alike
    fee_province: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole list as judged on a day."""

    items: tuple[CheckItem, ...]
    today: dt.date

    @property
    def defects(self) -> tuple[CheckItem, ...]:
        return tuple(item for item in self.items if item.verdict == "defect")

    @property
    def manual(self) -> tuple[CheckItem, ...]:
        return tuple(item for item in self.items if item.verdict == "manual")

    @property
    def may_submit(self) -> bool:
        """No defect that the machine can see; a clerk may still find others."""
        return not self.defects

    @property
    def objections(self) -> tuple[Objection, ...]:
        """What stands against the agents, with article and cure; those that refuse nothing are warnings."""
        return tuple(objection for item in self.items for objection in item.objections)

    @property
    def field_errors(self) -> dict[str, str]:
        """Field path → what to do, for the message at the field; the first objection to a field wins."""
        found: dict[str, str] = {}
        for item in self.items:
            for error in item.fields:
                found.setdefault(error.path, error.message)
        return found

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """(field path, whole sentence) for the list above the form, in the order of the check list."""
        found: dict[str, str] = {}
        for item in self.items:
            for error in item.fields:
                found.setdefault(error.path, error.sentence)
        return tuple(found.items())

    @property
    def errors_by_step(self) -> dict[str, int]:
        """How many fields of each wizard step must change; every step appears."""
        counts = {step: 0 for step, _ in STEPS}
        for path in self.field_errors:
            counts[step_of(path)] += 1
        return counts

    @property
    def groups(self) -> tuple[tuple[str, tuple[CheckItem, ...]], ...]:
        """The items under their headings, as the clerk's page shows them."""
        names = dict.fromkeys(item.group for item in self.items)
        return tuple((name, tuple(item for item in self.items if item.group == name)) for name in names)


def judge(
    code: str,
    errors: Sequence[FieldError] = (),
    *,
    manual: str = "",
    note: str = "",
    title: str = "",
    law: str = "",
    objections: tuple[Objection, ...] = (),
) -> CheckItem:
    """One line judged: a defect if a field must change, else left to a human if `manual` says what to look at."""
    check = CHECKS[code]
    verdict: Verdict = "defect" if errors else "manual" if manual else "pass"
    sentences = "；".join(dict.fromkeys(error.sentence for error in errors))
    return CheckItem(
        code,
        check.group,
        title or check.title,
        law or check.law,
        verdict,
        sentences + "。" if sentences else manual or note,
        tuple(errors),
        step_of(errors[0].path) if errors else check.step,
        objections,
    )
