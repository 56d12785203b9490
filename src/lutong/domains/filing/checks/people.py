"""主体与代理: parties and agents."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from lutong.domains.filing.checks.report import CheckItem, Facts, FieldError, judge
from lutong.domains.filing.claims import read_day
from lutong.domains.filing.content import PARTY_KINDS, SIDES, Agent, FilingContent, Party
from lutong.domains.filing.slots import missing_slots
from lutong.kernel import identifiers
from lutong.kernel.capacity import Counsel, Objection, attendance_notice, capacity_objections, too_many_agents
from lutong.kernel.powers import AGENT_KIND_LABELS, AgentKind, power_objections


def party_label(party: Party) -> str:
    """原告苏晚晴, 被告（未填名称）."""
    return f"{SIDES.get(party.side, '当事人')}{party.name.strip() or '（未填姓名或者名称）'}"


def check_people(content: FilingContent, facts: Facts, today: dt.date) -> Iterator[CheckItem]:
    """ZT-01 to ZT-05 and DL-01 to DL-03."""
    missing = missing_slots(content)
    papers = [
        FieldError(f"files.{slot.key}", f"请上传{slot.title}")
        for slot in missing
        if slot.paper in ("identity", "legal_rep")
    ]
    yield judge("ZT-01", papers, manual="身份证明已上传，请核对与诉状记载是否一致")
    yield judge("ZT-02", list(_plaintiff_errors(content, today)))
    yield judge("ZT-03", list(_other_errors(content, today)))
    yield judge("ZT-04", manual="请根据事实与理由核对")
    yield judge("ZT-05", list(_same_person_errors(content)))
    objections = _objections(content, facts, today)
    errors = [*_agent_errors(content, today), *_objection_errors(objections)]
    told = tuple(objection for _, objection in objections)
    notes = "；".join(f"{one.text}（{one.law}）" for one in told if not one.refuses)
    yield judge("DL-01", errors, manual=notes, objections=told)
    authority = [
        FieldError(f"files.{slot.key}", f"请上传{slot.title}") for slot in missing if slot.paper == "authority"
    ]
    yield judge("DL-02", [*_power_errors(content), *authority], manual="授权委托书已上传，请核对权限和委托人签名")
    other = [
        FieldError(f"files.{slot.key}", f"请上传{slot.title}")
        for slot in missing
        if slot.agent_id and slot.paper != "authority"
    ]
    yield judge("DL-03", other, manual="材料已上传，请核对" if content.agents else "")


def _plaintiff_errors(content: FilingContent, today: dt.date) -> Iterator[FieldError]:
    if not content.side("plaintiff"):
        yield FieldError("parties", "请添加原告")
    for index in _unclear_ids([party.id for party in content.parties]):
        yield FieldError(f"parties.{index}.name", "当事人编号缺失或者重复，请删除这一位后重新添加")
    for index, party in enumerate(content.parties):
        if party.side not in SIDES:
            yield FieldError(f"parties.{index}.side", "请选择诉讼地位（原告、被告或者第三人）", party_label(party))
        if party.side != "plaintiff":
            continue
        for key, message in _whole_identity(party, today).items():
            yield FieldError(f"parties.{index}.{key}", message, party_label(party))


def _unclear_ids(ids: list[str]) -> Iterator[int]:
    """Places whose id is empty or was used before: papers and powers could not be told apart."""
    for index, one in enumerate(ids):
        if not one or one in ids[:index]:
            yield index


def _whole_identity(party: Party, today: dt.date) -> dict[str, str]:
    """Everything that 民事诉讼法第一百二十四条第（一）项 asks of a plaintiff, field → sentence."""
    errors = _basics(party)
    if party.kind == "natural":
        errors |= _natural_errors(party, today)
    elif party.kind in PARTY_KINDS:
        wrong = identifiers.check_uscc(party.uscc)
        errors |= {"uscc": wrong} if wrong else {}
        if not party.legal_rep.strip():
            errors["legal_rep"] = "请填写法定代表人或者主要负责人姓名"
        if not party.legal_rep_title.strip():
            errors["legal_rep_title"] = "请填写职务，例如“执行董事”"
    wrong = identifiers.check_phone(party.phone)
    errors |= {"phone": wrong} if wrong else {}
    if not party.address.strip():
        errors["address"] = (
            "请填写住所（户籍所在地）" if party.kind == "natural" else "请填写住所（主要办事机构所在地）"
        )
    return errors


def _basics(party: Party) -> dict[str, str]:
    errors = {}
    if party.kind not in PARTY_KINDS:
        errors["kind"] = "请选择自然人、法人或者非法人组织"
    if not party.name.strip():
        errors["name"] = "请填写姓名" if party.kind == "natural" else "请填写名称，与营业执照一致"
    elif not any(char.isalpha() for char in party.name):
        errors["name"] = "姓名或者名称中没有文字，请检查"
    return errors


def _natural_errors(party: Party, today: dt.date) -> dict[str, str]:
    errors = {}
    wrong = identifiers.check_identity(party.id_kind, party.id_number, today=today)
    if wrong:
        errors["id_kind" if party.id_kind not in identifiers.ID_KINDS else "id_number"] = wrong
    errors |= _mismatches(party, today)
    if party.id_kind not in ("resident_id", "residence_permit"):
        if party.sex not in ("男", "女"):
            errors["sex"] = "请选择性别"
        if not party.birth_on.strip():
            errors["birth_on"] = "请填写出生日期，例如 1990-03-07"
    if not party.ethnicity.strip():
        errors["ethnicity"] = "请填写民族；外国人填写国籍"
    return errors


def _mismatches(party: Party, today: dt.date) -> dict[str, str]:
    """Sex and birth date against each other's source; the number of the resident identity card decides."""
    errors = {}
    birth_on = read_day(party.birth_on, example="1990-03-07") if party.birth_on.strip() else None
    if isinstance(birth_on, str):
        errors["birth_on"] = birth_on
    elif birth_on and birth_on > today:
        errors["birth_on"] = "出生日期晚于今天，请检查"
    if party.id_kind not in ("resident_id", "residence_permit"):
        return errors
    told = identifiers.read_resident_id(party.id_number, today=today)
    if told and party.sex and party.sex != told.sex:
        errors["sex"] = f"与身份证号码不一致（号码显示为{told.sex}）"
    if told and isinstance(birth_on, dt.date) and birth_on != told.birth_on:
        errors["birth_on"] = f"与身份证号码不一致（号码显示为 {told.birth_on.isoformat()}）"
    return errors


def _other_errors(content: FilingContent, today: dt.date) -> Iterator[FieldError]:
    if not content.side("defendant"):
        yield FieldError("parties", "请添加被告")
    for index, party in enumerate(content.parties):
        if party.side not in ("defendant", "third"):
            continue
        for key, message in (_basics(party) | _distinguishing(party, today)).items():
            yield FieldError(f"parties.{index}.{key}", message, party_label(party))


def _distinguishing(party: Party, today: dt.date) -> dict[str, str]:
    """Enough to tell a defendant from others: a number, or name and domicile. What is given must be right.

    Law: 登记立案规定第四条第（二）项, 民诉法解释第二百零九条.
    """
    errors: dict[str, str] = {}
    natural = party.kind == "natural"
    number = party.id_number if natural else party.uscc
    if number.strip():
        wrong = (
            identifiers.check_identity(party.id_kind, number, today=today)
            if natural
            else identifiers.check_uscc(number)
        )
        errors |= {"id_number" if natural else "uscc": wrong} if wrong else {}
    elif not (party.address.strip() or party.residence.strip()):
        what = "身份证号码或其他足以区分的信息" if natural else "统一社会信用代码"
        errors["address"] = f"请补充住所，以及{what}"
    if party.phone.strip():
        wrong = identifiers.check_phone(party.phone)
        errors |= {"phone": wrong} if wrong else {}
    return errors | (_mismatches(party, today) if natural else {})


def _same_person_errors(content: FilingContent) -> Iterator[FieldError]:
    plaintiffs = {_person_key(party) for party in content.side("plaintiff")}
    for index, party in enumerate(content.parties):
        key = _person_key(party)
        if party.side == "defendant" and key and key in plaintiffs:
            yield FieldError(f"parties.{index}.name", "与原告是同一人，请检查当事人信息", party_label(party))


def _person_key(party: Party) -> str:
    number = party.id_number if party.kind == "natural" else party.uscc
    return identifiers.normalise(number)


def _agent_errors(content: FilingContent, today: dt.date) -> Iterator[FieldError]:
    if not content.agents:
        yield FieldError("agents", "请添加代理人并填写授权")
    for index in _unclear_ids([agent.id for agent in content.agents]):
        yield FieldError(f"agents.{index}.name", "代理人编号缺失或者重复，请删除这一位后重新添加")
    party_ids = {party.id for party in content.parties}
    for index, agent in enumerate(content.agents):
        for key, message in _agent_field_errors(agent, party_ids, today).items():
            yield FieldError(f"agents.{index}.{key}", message, _agent_label(agent))
    for party in content.parties:
        many = too_many_agents(count=len(content.agents_of(party.id)), party=party_label(party), today=today)
        if many:
            yield FieldError("agents", many.text)


def _objections(content: FilingContent, facts: Facts, today: dt.date) -> list[tuple[int, Objection]]:
    """What stands against each agent, with his place in the list; warnings that refuse nothing included."""
    found = []
    for index, agent in enumerate(content.agents):
        counsel = facts.counsels.get(agent.id, Counsel(agent.name.strip()))
        counsel = replace(counsel, other_sides=counsel.other_sides | _other_sides(agent, content))
        met = capacity_objections(counsel=counsel, court_id=content.court_id, today=today)
        found += [(index, objection) for objection in met]
    for party in content.parties:
        notice = attendance_notice(cause_name=content.cause_name, party=party_label(party), today=today)
        if notice and content.agents_of(party.id):
            found.append((0, notice))
    return found


def _objection_errors(objections: list[tuple[int, Objection]]) -> Iterator[FieldError]:
    for index, objection in objections:
        if objection.refuses:
            yield FieldError(f"agents.{index}.name", f"{objection.text}（{objection.law}）")


def _agent_label(agent: Agent) -> str:
    return f"代理人{agent.name.strip() or '（未填姓名）'}"


def _agent_field_errors(agent: Agent, party_ids: set[str], today: dt.date) -> dict[str, str]:
    errors = {}
    if not agent.name.strip():
        errors["name"] = "请填写代理人姓名"
    if agent.party_id not in party_ids:
        errors["party_id"] = "请选择代理哪一位当事人"
    if agent.kind not in AGENT_KIND_LABELS:
        errors["kind"] = "请选择代理人种类"
    if agent.kind == AgentKind.LAWYER:
        wrong = identifiers.check_licence_no(agent.licence_no, today=today)
        errors |= {"licence_no": wrong} if wrong else {}
        if not agent.firm.strip():
            errors["firm"] = "请填写律师事务所名称"
    return errors


def _other_sides(agent: Agent, content: FilingContent) -> frozenset[str]:
    """Opposing parties of this very draft for whom the same licence acts. Law: 律师法第三十九条."""
    parties = {party.id: party for party in content.parties}
    number, mine = identifiers.normalise(agent.licence_no), parties.get(agent.party_id)
    theirs = [
        parties[other.party_id]
        for other in content.agents
        if number and identifiers.normalise(other.licence_no) == number and other.party_id in parties
    ]
    return frozenset(
        party.name.strip() or party_label(party)
        for party in theirs
        if mine is not None and {mine.side, party.side} == {"plaintiff", "defendant"}
    )


def _power_errors(content: FilingContent) -> Iterator[FieldError]:
    for index, agent in enumerate(content.agents):
        for objection in power_objections(
            powers=agent.powers, special_powers=agent.special_powers, wording=agent.wording
        ):
            key = "powers" if objection.code == "powers_missing" else "special_powers"
            yield FieldError(f"agents.{index}.{key}", objection.text, _agent_label(agent))
