"""审核清单: one sound filing passes whole; each planted fault is found at its field, by its code, with its way out."""

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lutong.domains.filing.checks import CHECKS, CauseFact, CourtFact, Facts, Report, UploadFact, examine
from lutong.domains.filing.content import EVIDENCE_KINDS, STEPS, read_content
from lutong.domains.filing.slots import missing_slots, required_slots
from lutong.kernel.capacity import Counsel
from lutong.kernel.tariff import FeeKind

TODAY = dt.date(2026, 11, 21)

SOUND: dict[str, Any] = {
    "court_id": 105, "court_name": "北京市朝阳区人民法院", "jurisdiction_ground": "money_receiver",
    "cause_id": "10301", "cause_name": "民间借贷纠纷", "contract_on": "2025-03-18",
    "mediation_will": "yes", "mediation_told": "on",
    "parties": [
        {"id": "p1", "side": "plaintiff", "kind": "natural", "name": "苏晚晴", "id_number": "11010519491231002X",
         "sex": "女", "birth_on": "1949-12-31", "ethnicity": "汉族", "phone": "13812345678", "address": "北京市朝阳区"},
        {"id": "p2", "side": "defendant", "kind": "natural", "name": "程屿舟", "address": "北京市朝阳区某路 1 号"},
        {"id": "p3", "side": "third", "kind": "legal", "name": "远帆供应链管理有限公司", "uscc": "91110000802100433B"},
    ],
    "agents": [
        {"id": "a1", "party_id": "p1", "kind": "lawyer", "lawyer_id": "17", "name": "周岚",
         "licence_no": "11101201510123456", "firm": "北京明衡律师事务所", "powers": "special",
         "special_powers": ["settle", "appeal"]},
    ],
    "claims": [
        {"id": "c1", "kind": "principal", "amount": "300000", "basis": "借条第 1 条"},
        {"id": "c2", "kind": "interest", "base": "300000", "rate": "13", "start_on": "2025-09-19",
         "end_on": "2026-11-20", "basis": "借条第 3 条"},
    ],
    "facts": "2025 年 3 月 18 日，被告向原告借款 30 万元，至今未还。", "reasons": "民法典第六百七十五条。",
    "evidence": [{"id": "e1", "kind": "document", "name": "借条", "source": "被告出具", "purpose": "借款事实",
                  "pages": "2", "upload_ids": ["u4"]}],
    "files": {"complaint": ["u1"], "identity:p1": ["u2"], "authority:a1": ["u3"], "firm_letter:a1": ["u5"]},
    "service_addresses": [{"party_id": "p1", "recipient": "周岚", "electronic": "on", "mobile": "13912345678",
                           "email": "zhou@example.com", "address": "北京市东城区", "agreed": "on"}],
}  # fmt: skip
FACTS = Facts(
    uploads={f"u{n}": UploadFact(f"文件{n}.pdf") for n in range(1, 6)},
    court=CourtFact("北京市朝阳区人民法院", 4),
    cause=CauseFact("民间借贷纠纷", fee_kind=FeeKind.PROPERTY),
    counsels={"a1": Counsel("周岚", licence_active=True)},
    duplicates=(),
)


def judged(known: Facts = FACTS, /, **changes: Any) -> Report:
    """Examine the sound filing after changing it by paths such as parties__0__name."""
    raw = copy.deepcopy(SOUND)
    for path, value in changes.items():
        *way, last = path.split("__")
        target: Any = raw
        for key in way:
            target = target[int(key)] if key.isdigit() else target[key]
        target[int(last) if last.isdigit() else last] = value
    return examine(content=read_content(raw), facts=known, today=TODAY)


def verdict(report: Report, code: str) -> str:
    return next(item.verdict for item in report.items if item.code == code)


def test_a_sound_filing_has_no_defect() -> None:
    report = judged()
    assert report.defects == ()
    assert report.field_errors == {}
    assert report.may_submit
    assert {item.code for item in report.items} == set(CHECKS)


def test_every_item_names_its_article_group_and_step() -> None:
    for item in judged().items:
        assert item.law, item.code
        assert item.step in dict(STEPS), item.code
        if item.verdict == "manual":
            assert item.note, f"{item.code} does not say what to look at"


def test_the_ground_of_jurisdiction_becomes_the_title() -> None:
    item = next(item for item in judged().items if item.code == "GX-01")
    assert item.title == "本院有管辖权：接收货币一方所在地"
    assert item.law == "民诉法解释第十八条第二款"


FAULTS: list[tuple[str, object, str, str, str]] = [
    ("court_id", None, "GX-01", "court_id", "请选择受理法院"),
    ("jurisdiction_ground", "", "GX-01", "jurisdiction_ground", "请选择管辖依据"),
    ("jurisdiction_ground", "agreement", "GX-01", "jurisdiction_note", "请写明协议名称"),
    ("cause_id", "", "AY-01", "cause_id", "请选择案由"),
    ("contract_on", "去年", "AY-01", "contract_on", "请填日期"),
    ("contract_on", "2027-01-01", "AY-01", "contract_on", "晚于今天"),
    ("mediation_will", "", "TJ-01", "mediation_will", "选择不影响立案"),
    ("mediation_told", "", "TJ-01", "mediation_told", "已了解"),
    ("parties__0__name", " ", "ZT-02", "parties.0.name", "请填写姓名"),
    ("parties__0__name", "😀", "ZT-02", "parties.0.name", "没有文字"),
    ("parties__0__id_number", "110105194912310021", "ZT-02", "parties.0.id_number", "校验位不符"),
    ("parties__0__id_kind", "library_card", "ZT-02", "parties.0.id_kind", "请选择证件类型"),
    ("parties__0__sex", "男", "ZT-02", "parties.0.sex", "与身份证号码不一致"),
    ("parties__0__birth_on", "1950-01-01", "ZT-02", "parties.0.birth_on", "与身份证号码不一致"),
    ("parties__0__ethnicity", "", "ZT-02", "parties.0.ethnicity", "请填写民族"),
    ("parties__0__phone", "123", "ZT-02", "parties.0.phone", "手机号"),
    ("parties__0__address", "", "ZT-02", "parties.0.address", "请填写住所"),
    ("parties__0__kind", "ghost", "ZT-02", "parties.0.kind", "请选择自然人"),
    ("parties__0__side", "judge", "ZT-02", "parties.0.side", "请选择诉讼地位"),
    ("parties__1__id", "p1", "ZT-02", "parties.1.name", "编号缺失或者重复"),
    ("parties__1__address", "", "ZT-03", "parties.1.address", "请补充住所，以及身份证号码"),
    ("parties__1__name", "", "ZT-03", "parties.1.name", "请填写姓名"),
    ("parties__1__id_number", "123", "ZT-03", "parties.1.id_number", "应为 18 位"),
    ("parties__1__id_number", "11010519491231002x", "ZT-05", "parties.1.name", "与原告是同一人"),
    ("parties__2__uscc", "91110000802100433C", "ZT-03", "parties.2.uscc", "校验位不符"),
    ("agents", [], "DL-01", "agents", "请添加代理人"),
    ("agents__0__name", "", "DL-01", "agents.0.name", "请填写代理人姓名"),
    ("agents__0__licence_no", "123", "DL-01", "agents.0.licence_no", "17 位"),
    ("agents__0__firm", "", "DL-01", "agents.0.firm", "律师事务所"),
    ("agents__0__kind", "wizard", "DL-01", "agents.0.kind", "代理人种类"),
    ("agents__0__party_id", "nobody", "DL-01", "agents.0.party_id", "哪一位当事人"),
    ("agents__0__powers", "", "DL-02", "agents.0.powers", "一般授权或者特别授权"),
    ("agents__0__special_powers", [], "DL-02", "agents.0.special_powers", "至少勾选一项"),
    ("agents__0__wording", "全权代理", "DL-02", "agents.0.special_powers", "仅写“全权代理”"),
    ("files__complaint", [], "WJ-01", "files.complaint", "请上传签名或者盖章的起诉状"),
    ("files__identity:p1", [], "ZT-01", "files.identity:p1", "苏晚晴的身份证明"),
    ("files__authority:a1", [], "DL-02", "files.authority:a1", "授权委托书"),
    ("files__firm_letter:a1", [], "DL-03", "files.firm_letter:a1", "所函"),
    ("files__complaint", ["gone"], "WJ-02", "files.complaint", "已不存在"),
    ("claims", [], "QQ-01", "claims", "至少填写一项"),
    ("claims__0__amount", "8000元整", "QQ-01", "claims.0.amount", "只填数字"),
    ("claims__1__basis", "", "QQ-01", "claims.1.basis", "口头约定"),
    ("claims__1__rate", "高", "QQ-04", "claims.1.rate", "12.40"),
    ("claims__1__end_on", "2027-01-01", "QQ-04", "claims.1.end_on", "不能晚于今天"),
    ("claims__0__amount", "500000000", "GX-02", "court_id", "中级人民法院"),
    ("facts", "借钱", "SS-01", "facts", "何时、何地"),
    ("reasons", "", "SS-01", "reasons", "法律依据"),
    ("evidence", [], "ZJ-02", "evidence", "至少提交一份"),
    ("evidence__0__upload_ids", [], "ZJ-02", "evidence.0.upload_ids", "请上传该份证据"),
    ("evidence__0__kind", "", "ZJ-01", "evidence.0.kind", "证据种类"),
    ("evidence__0__source", "", "ZJ-01", "evidence.0.source", "证据来源"),
    ("evidence__0__purpose", "", "ZJ-01", "evidence.0.purpose", "证明什么事实"),
    ("evidence__0__pages", "两页", "ZJ-01", "evidence.0.pages", "只填数字"),
    ("service_addresses", [], "SD-01", "service_addresses", "确认送达地址"),
    ("service_addresses__0__agreed", "", "SD-01", "service_addresses.0.agreed", "退回之日视为送达之日"),
    ("service_addresses__0__mobile", "", "SD-01", "service_addresses.0.mobile", "手机号"),
    ("service_addresses__0__email", "x", "SD-01", "service_addresses.0.email", "name@example.com"),
    ("refund_account", {"name": "苏晚晴"}, "TF-01", "refund_account.bank", "开户银行"),
]


@pytest.mark.parametrize(("path", "value", "code", "field", "sentence"), FAULTS)
def test_each_fault_is_found_at_its_field(path: str, value: object, code: str, field: str, sentence: str) -> None:
    report = judged(**{path: value})
    assert verdict(report, code) == "defect"
    assert sentence in report.field_errors[field]
    assert not report.may_submit
    assert dict(report.summary)[field].endswith(report.field_errors[field])
    assert sum(report.errors_by_step.values()) == len(report.field_errors)


def test_a_defect_tells_the_clerk_whom_it_concerns() -> None:
    item = next(item for item in judged(parties__1__address="").items if item.code == "ZT-03")
    assert item.note == "被告程屿舟：请补充住所，以及身份证号码或其他足以区分的信息。"
    assert (item.law, item.step) == ("登记立案规定第四条第（二）项", "parties")


def test_a_plaintiff_company_needs_its_code_and_legal_representative() -> None:
    company = {"id": "p1", "side": "plaintiff", "kind": "legal", "name": "北辰精工设备有限公司"}
    report = judged(parties__0=company)
    assert {"parties.0.uscc", "parties.0.legal_rep", "parties.0.legal_rep_title", "parties.0.phone"} <= set(
        report.field_errors
    )
    assert "files.legal_rep:p1" in report.field_errors


def test_a_passport_holder_states_sex_and_birth_himself() -> None:
    report = judged(
        parties__0__id_kind="passport", parties__0__id_number="E12345678", parties__0__sex="", parties__0__birth_on=""
    )
    assert {"parties.0.sex", "parties.0.birth_on"} == set(report.field_errors)


def test_three_agents_of_one_party_are_too_many() -> None:
    agents = [SOUND["agents"][0] | {"id": f"a{n}"} for n in range(3)]
    assert "最多 2 名" in judged(agents=agents).field_errors["agents"]


def test_one_lawyer_on_both_sides_is_found() -> None:
    agents = [SOUND["agents"][0], SOUND["agents"][0] | {"id": "a2", "party_id": "p2"}]
    assert "律师法第三十九条" in judged(agents=agents).field_errors["agents.0.name"]


def test_a_suspended_licence_stops_the_filing() -> None:
    facts = Facts(counsels={"a1": Counsel("周岚", licence_active=False, licence_status="停止执业")})
    assert "停止执业" in judged(facts).field_errors["agents.0.name"]


@pytest.mark.parametrize("state", ["processing", "broken", "encrypted", "infected", "odd"])
def test_a_file_that_cannot_be_read_is_named(state: str) -> None:
    uploads = dict(FACTS.uploads or {}) | {"u4": UploadFact("流水.pdf", state)}
    report = judged(Facts(uploads=uploads))
    assert "evidence.0.upload_ids" in report.field_errors
    assert "流水.pdf" in dict(report.summary)["evidence.0.upload_ids"]


def test_what_nobody_looked_up_is_left_to_a_human() -> None:
    report = judged(Facts())
    assert report.may_submit
    assert {"WJ-02", "CF-01", "GX-02"} <= {item.code for item in report.manual}


def test_similar_cases_go_to_a_human_not_to_refusal() -> None:
    report = judged(Facts(duplicates=("（2026）京0105民初18342号",)))
    assert verdict(report, "CF-01") == "manual"
    assert report.may_submit


def test_a_cause_that_is_not_the_finest_is_sent_back() -> None:
    facts = Facts(cause=CauseFact("借款合同纠纷", is_leaf=False))
    assert "选到最末一级" in judged(facts).field_errors["cause_id"]


def test_a_high_rate_is_told_but_no_defect() -> None:
    item = next(item for item in judged().items if item.code == "QQ-04")
    assert item.verdict == "pass"
    assert "四倍" in item.note
    assert "第二十五条" in item.law


def test_without_interest_its_line_is_not_asked() -> None:
    assert "QQ-04" not in {item.code for item in judged(claims=SOUND["claims"][:1]).items}


def test_slots_follow_parties_and_agents() -> None:
    content = read_content(SOUND)
    slots = {slot.key: slot for slot in required_slots(content)}
    assert not slots["licence:a1"].required
    assert "核验平台" in slots["licence:a1"].hint
    assert slots["firm_letter:a1"].required
    assert not slots["identity:p2"].required
    assert missing_slots(content) == ()
    relative = read_content(SOUND | {"agents": [{"id": "a2", "kind": "relative", "party_id": "p1"}]})
    assert {slot.key for slot in missing_slots(relative)} == {"authority:a2", "agent_identity:a2", "relation_proof:a2"}


def test_an_empty_draft_is_judged_without_falling_over() -> None:
    report = examine(content=read_content({}), facts=Facts(), today=TODAY)
    assert {"parties", "agents", "claims", "facts", "evidence", "files.complaint"} <= set(report.field_errors)
    assert report.errors_by_step["check"] == 0
    assert len(EVIDENCE_KINDS) == 8


TYPED = [
    (part, index, key)
    for part in ("parties", "agents", "claims", "evidence", "service_addresses")
    for index, row in enumerate(SOUND[part])
    for key, value in row.items()
    if isinstance(value, str) and value != "on"
]


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(TYPED), st.text(max_size=30), min_size=1, max_size=4))
def test_no_typed_text_makes_the_examination_fall_over(typed: dict[tuple[str, int, str], str]) -> None:
    raw = copy.deepcopy(SOUND)
    for (part, index, key), text in typed.items():
        raw[part][index][key] = text
    report = examine(content=read_content(raw), facts=FACTS, today=TODAY)
    assert all(report.field_errors.values())
