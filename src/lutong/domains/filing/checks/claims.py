"""管辖与请求: the court, the cause, the claims, facts and reasons."""

import datetime as dt
from collections.abc import Iterator

from lutong.domains.filing.checks.report import CheckItem, Facts, FieldError, judge
from lutong.domains.filing.claims import ClaimsResult, read_day, reckon_claims
from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.jurisdiction import GROUNDS
from lutong.kernel.parameters import parameter_on

BASIC_LEVEL = 4
SHORTEST_FACTS = 10


def check_claims(content: FilingContent, facts: Facts, today: dt.date) -> Iterator[CheckItem]:
    """GX-01, GX-02, AY-01, ZG-01, QQ-01 to QQ-04, SS-01, SS-02."""
    fee_kind = facts.cause.fee_kind if facts.cause else None
    result = reckon_claims(content, today=today, fee_kind=fee_kind, province=facts.fee_province)
    yield _jurisdiction(content, facts)
    yield _level(facts, result, today)
    yield judge("AY-01", list(_cause_errors(content, facts, today)))
    yield judge("ZG-01", manual="请根据诉状和证据核对主管范围、有无仲裁协议")
    yield judge("QQ-01", list(_claim_errors(content, result)))
    money = f"诉讼标的额 {result.total:,.2f} 元，案件受理费 {result.quote.text} 元（{'；'.join(result.quote.laws)}）"
    yield judge("QQ-03", note=money if not result.errors else f"{money}；改正有误的请求后自动重算")
    if any(row.kind == "interest" for row in result.rows):
        yield _interest(content, result)
    yield judge("SS-01", list(_story_errors(content)))
    yield judge("SS-02", manual="请阅看事实与理由")


def _jurisdiction(content: FilingContent, facts: Facts) -> CheckItem:
    errors = []
    if content.court_id is None:
        errors.append(FieldError("court_id", "请选择受理法院"))
    elif facts.court is not None and not facts.court.accepts:
        errors.append(FieldError("court_id", f"{facts.court.name}不在线受理此类案件，请另选法院"))
    ground = facts.ground or GROUNDS.get(content.jurisdiction_ground)
    if ground is None:
        return judge("GX-01", [*errors, FieldError("jurisdiction_ground", "请选择管辖依据")])
    if ground.ask and not content.jurisdiction_note.strip():
        errors.append(FieldError("jurisdiction_note", ground.ask, f"管辖依据“{ground.label}”"))
    note = f"原告说明：{content.jurisdiction_note.strip()}。" if content.jurisdiction_note.strip() else ""
    return judge(
        "GX-01",
        errors,
        manual=f"{note}请核对该地点是否在本院辖区",
        title=f"本院有管辖权：{ground.label}",
        law=ground.law,
    )


def _level(facts: Facts, result: ClaimsResult, today: dt.date) -> CheckItem:
    """First instance by amount. Law: 法发〔2021〕27号."""
    if facts.court is None:
        return judge("GX-02", manual="请核对诉讼标的额是否符合本院的级别管辖标准")
    limit = parameter_on(key="level.intermediate", on=today)
    outside = parameter_on(key="level.intermediate_outside", on=today)
    if facts.court.level != BASIC_LEVEL or result.total < outside.value:
        return judge("GX-02", note=f"诉讼标的额 {result.total:,.2f} 元", law=limit.law)
    if result.total >= limit.value:
        text = f"诉讼标的额 {result.total:,.2f} 元，达到 {limit.text}，应当由中级人民法院管辖，请另选法院"
        return judge("GX-02", [FieldError("court_id", text)], law=limit.law)
    text = f"诉讼标的额达到 {outside.text}：当事人一方住所地不在本省级行政辖区的，由中级人民法院管辖，请核对"
    return judge("GX-02", manual=text, law=limit.law)


def _cause_errors(content: FilingContent, facts: Facts, today: dt.date) -> Iterator[FieldError]:
    if not content.cause_id.strip() or not content.cause_name.strip():
        yield FieldError("cause_id", "请选择案由")
    elif facts.cause is not None and not facts.cause.is_leaf:
        yield FieldError("cause_id", f"“{facts.cause.name}”下还有更具体的案由，请选到最末一级")
    if content.contract_on.strip():
        contract_on = read_day(content.contract_on, example="2025-03-18")
        if isinstance(contract_on, str):
            yield FieldError("contract_on", contract_on)
        elif contract_on > today:
            yield FieldError("contract_on", "合同成立日晚于今天，请检查")


def _claim_errors(content: FilingContent, result: ClaimsResult) -> Iterator[FieldError]:
    if not content.claims:
        yield FieldError("claims", "请至少填写一项诉讼请求")
    for row in result.rows:
        for key, message in row.errors.items():
            if row.kind != "interest" or key == "basis":
                yield FieldError(f"claims.{row.index}.{key}", message, f"第 {row.place} 项请求")


def _interest(content: FilingContent, result: ClaimsResult) -> CheckItem:
    rows = [row for row in result.rows if row.kind == "interest"]
    errors = [
        FieldError(f"claims.{row.index}.{key}", message, f"第 {row.place} 项请求")
        for row in rows
        for key, message in row.errors.items()
        if key != "basis"
    ]
    law = "民间借贷规定第二十四条、第二十五条" if "民间借贷" in content.cause_name else ""
    told = [f"第 {row.place} 项：{row.formula}（首尾两日都计）" for row in rows if row.formula]
    told += [f"第 {row.place} 项：{row.warn}" for row in rows if row.warn]
    return judge("QQ-04", errors, note="；".join(told), law=law)


def _story_errors(content: FilingContent) -> Iterator[FieldError]:
    if len(content.facts.strip()) < SHORTEST_FACTS:
        yield FieldError("facts", "请写明纠纷的经过：何时、何地、何人、何事、结果")
    if not content.reasons.strip():
        yield FieldError("reasons", "请写明提出请求的理由和法律依据")
