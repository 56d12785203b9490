"""What the fields of a draft are called, for pages that show them outside their form."""

import re
from typing import Any

from lutong.domains.filing import content as shape
from lutong.domains.filing.content import FilingContent
from lutong.kernel.identifiers import ID_KINDS
from lutong.kernel.powers import AGENT_KIND_LABELS, POWER_LABELS, SPECIAL_POWERS

FIELD_LABELS = {
    "court_id": "受理法院", "court_name": "受理法院", "jurisdiction_ground": "管辖依据",
    "jurisdiction_note": "管辖说明",
    "cause_id": "案由", "cause_name": "案由", "contract_on": "合同成立日", "small_claim_agreed": "小额诉讼约定",
    "mediation_will": "先行调解意愿", "mediation_told": "已了解先行调解", "costs_claim": "请求被告承担诉讼费用",
    "facts": "事实", "reasons": "理由", "files": "材料归类", "refund_account": "退费账户",
    "side": "诉讼地位", "kind": "种类", "name": "姓名或名称", "id_kind": "证件类型", "id_number": "证件号码",
    "sex": "性别",
    "birth_on": "出生日期", "ethnicity": "民族", "occupation": "职业", "employer": "工作单位", "phone": "联系电话",
    "address": "地址", "residence": "经常居住地", "uscc": "统一社会信用代码", "legal_rep": "法定代表人",
    "legal_rep_title": "职务", "province": "行政区划", "party_id": "当事人", "lawyer_id": "律师账号",
    "licence_no": "执业证号", "firm": "律师事务所", "powers": "授权范围", "special_powers": "特别授权事项",
    "wording": "授权文字", "amount": "金额", "base": "计算基数",
    "rate": "年利率", "start_on": "起算日", "end_on": "截至日",
    "until_paid": "计至实际清偿之日", "basis": "依据", "text": "内容",
    "no": "编号", "source": "来源", "purpose": "证明目的",
    "pages": "页数", "original": "持有原件", "upload_ids": "文件", "recipient": "收件人", "electronic": "同意电子送达",
    "mobile": "手机号", "email": "电子邮箱", "postcode": "邮编", "consent_judgment_e_service": "裁判文书电子送达",
    "agreed": "确认送达地址", "bank": "开户银行", "number": "账号",
}  # fmt: skip
ROW_LABELS = {
    "parties": "当事人",
    "agents": "代理人",
    "claims": "请求",
    "evidence": "证据",
    "service_addresses": "送达地址",
}
_WORDS: dict[str, dict[str, str]] = {
    "side": shape.SIDES,
    "id_kind": ID_KINDS,
    "powers": POWER_LABELS,
    "mediation_will": shape.MEDIATION_WILLS,
}
_KINDS = {
    "parties": shape.PARTY_KINDS,
    "claims": shape.CLAIM_KINDS,
    "evidence": shape.EVIDENCE_KINDS,
    "agents": {str(kind): text for kind, text in AGENT_KIND_LABELS.items()},
}


def path_label(path: str, mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """'parties.#a1b2.name' → 当事人 2 · 姓名或名称"""
    top, *rest = path.split(".")
    words = [ROW_LABELS.get(top, FIELD_LABELS.get(top, top))]
    for part in rest:
        if part.startswith("#"):
            words[-1] += f" {_place(part[1:], theirs.get(top) or mine.get(top) or [])}"
        else:
            words.append(FIELD_LABELS.get(part, part))
    return " · ".join(words)


def _place(row_id: str, rows: list[dict[str, Any]]) -> int:
    ids = [row.get("id") or row.get("party_id") for row in rows]
    return ids.index(row_id) + 1 if row_id in ids else len(ids) + 1


def value_text(path: str, value: Any) -> str:
    """A value as a person reads it; a whole row as its filled fields, one a line."""
    top, name = path.split(".")[0], path.split(".")[-1]
    if value is None:
        return "（没有这一项）"
    if isinstance(value, dict):
        pairs = (
            (key, value_text(f"{top}.{key}", inner)) for key, inner in value.items() if key not in _SILENT and inner
        )
        return "\n".join(f"{FIELD_LABELS.get(key, key)}：{text}" for key, text in pairs)
    if isinstance(value, list):
        if name == "special_powers":
            return "、".join(SPECIAL_POWERS.get(str(item), str(item)) for item in value)
        return f"{len(value)} 项"
    if isinstance(value, bool):
        return "是" if value else "否"
    words = _KINDS.get(top, {}) if name == "kind" else _WORDS.get(name, {})
    return words.get(str(value), str(value)) or "（空）"


_SILENT = {"id", "party_id", "lawyer_id"}


def path_of_row(path: str, content: FilingContent) -> str:
    """'parties.1.name' as a reader says it: 当事人 2 · 姓名或名称"""
    found = re.fullmatch(r"([a-z_]+)\.([0-9]+)(?:\.([a-z_]+))?", path)
    if not found:
        return FIELD_LABELS.get(path.split(".")[0], path)
    words = [f"{ROW_LABELS.get(found[1], found[1])} {int(found[2]) + 1}"]
    return " · ".join([*words, FIELD_LABELS.get(found[3], found[3])] if found[3] else words)
