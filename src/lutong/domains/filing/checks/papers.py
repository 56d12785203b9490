"""证据与其他: evidence, files, addresses, mediation, double suits."""

from collections.abc import Iterator

from lutong.domains.filing.checks.people import party_label
from lutong.domains.filing.checks.report import CheckItem, Facts, FieldError, judge
from lutong.domains.filing.content import EVIDENCE_KINDS, MEDIATION_WILLS, Evidence, FilingContent, ServiceAddress
from lutong.domains.filing.slots import uploads_of
from lutong.kernel import identifiers

UPLOAD_FAULTS = {
    "processing": "文件仍在接收，请等上传完成后再提交",
    "broken": "文件已损坏，无法打开，请重新上传",
    "encrypted": "文件设有打开密码，请去除密码后重新上传",
    "infected": "文件含有恶意代码，请更换文件",
}


def check_papers(content: FilingContent, facts: Facts) -> Iterator[CheckItem]:
    """WJ-01, WJ-02, ZJ-01, ZJ-02, SD-01, TF-01, TJ-01, CF-01."""
    complaint = [] if content.files.get("complaint") else [FieldError("files.complaint", "请上传签名或者盖章的起诉状")]
    yield judge("WJ-01", complaint, manual="起诉状已上传，请核对签名或者盖章、与填写内容是否一致")
    yield _files(content, facts)
    yield judge("ZJ-01", list(_list_errors(content)))
    yield judge("ZJ-02", list(_evidence_file_errors(content)), manual="请核对证据与诉讼请求是否相关")
    yield judge("SD-01", list(_address_errors(content)))
    yield judge("TF-01", list(_refund_errors(content)))
    yield judge("TJ-01", list(_mediation_errors(content)), note=MEDIATION_WILLS.get(content.mediation_will, ""))
    yield _duplicates(facts)


def _files(content: FilingContent, facts: Facts) -> CheckItem:
    if facts.uploads is None:
        return judge("WJ-02", manual="请逐份打开查看")
    errors = []
    for upload_id, path in uploads_of(content).items():
        fact = facts.uploads.get(upload_id)
        if fact is None:
            errors.append(FieldError(path, "有一份文件已不存在，请移除后重新上传"))
        elif fact.state != "ready":
            fault = UPLOAD_FAULTS.get(fact.state, "文件未能接收，请重新上传")
            errors.append(FieldError(path, fault, fact.name))
    return judge("WJ-02", errors, manual="文件都能打开，请核对是否完整、清晰")


def _list_errors(content: FilingContent) -> Iterator[FieldError]:
    for index, evidence in enumerate(content.evidence):
        for key, message in _evidence_errors(evidence).items():
            yield FieldError(f"evidence.{index}.{key}", message, f"证据 {index + 1}")


def _evidence_errors(evidence: Evidence) -> dict[str, str]:
    """Law: 证据规定第十九条第一款, 民事诉讼法第六十六条."""
    errors = {}
    if evidence.kind not in EVIDENCE_KINDS:
        errors["kind"] = "请选择证据种类"
    if not evidence.name.strip():
        errors["name"] = "请填写证据名称，例如“借条”"
    if not evidence.source.strip():
        errors["source"] = "请填写证据来源，例如“被告出具”"
    if not evidence.purpose.strip():
        errors["purpose"] = "请写明证明什么事实"
    pages = identifiers.normalise(evidence.pages)
    if pages and not (pages.isascii() and pages.isdigit() and 0 < int(pages) < 100_000):
        errors["pages"] = "页数只填数字，例如 12"
    return errors


def _evidence_file_errors(content: FilingContent) -> Iterator[FieldError]:
    if not content.evidence:
        yield FieldError("evidence", "请至少提交一份与诉讼请求相关的证据")
    for index, evidence in enumerate(content.evidence):
        if not evidence.upload_ids and evidence.kind != "statement":
            yield FieldError(f"evidence.{index}.upload_ids", "请上传该份证据的文件", f"证据 {index + 1}")


def _address_errors(content: FilingContent) -> Iterator[FieldError]:
    """Each plaintiff confirms where papers reach him.

    Law: 民诉法解释第一百三十六条, 在线诉讼规则第二十九条、第三十条.
    """
    given = {address.party_id for address in content.service_addresses}
    for party in content.side("plaintiff"):
        if party.id not in given:
            yield FieldError("service_addresses", "请填写并确认送达地址", party_label(party))
    party_ids = {party.id for party in content.parties}
    names = {party.id: party_label(party) for party in content.parties}
    for index, address in enumerate(content.service_addresses):
        path, where = f"service_addresses.{index}", names.get(address.party_id, "")
        if address.party_id not in party_ids:
            yield FieldError(f"{path}.party_id", "请选择为哪一位当事人确认送达地址")
        for key, message in _one_address(address).items():
            yield FieldError(f"{path}.{key}", message, where)


def _one_address(address: ServiceAddress) -> dict[str, str]:
    errors = {}
    if not address.recipient.strip():
        errors["recipient"] = "请填写收件人"
    wrong = identifiers.check_mobile(address.mobile)
    errors |= {"mobile": wrong} if wrong else {}
    if address.email.strip():
        wrong = identifiers.check_email(address.email)
        errors |= {"email": wrong} if wrong else {}
    if not address.address.strip():
        errors["address"] = "请填写能收到邮件的详细地址"
    if address.consent_judgment_e_service and not address.electronic:
        errors["electronic"] = "同意电子送达裁判文书的，请先勾选同意电子送达"
    if not address.agreed:
        errors["agreed"] = "请阅读并勾选确认：地址不准确或者变更未告知的，退回之日视为送达之日"
    return errors


def _refund_errors(content: FilingContent) -> Iterator[FieldError]:
    """May stay empty; once begun it must be whole."""
    account = content.refund_account
    if not account.is_started:
        return
    if not account.name.strip():
        yield FieldError("refund_account.name", "请填写户名")
    if not account.bank.strip():
        yield FieldError("refund_account.bank", "请填写开户银行，精确到支行")
    wrong = identifiers.check_bank_account(account.number)
    if wrong:
        yield FieldError("refund_account.number", wrong)


def _mediation_errors(content: FilingContent) -> Iterator[FieldError]:
    """Law: 民事诉讼法第一百二十五条."""
    if content.mediation_will not in MEDIATION_WILLS:
        yield FieldError("mediation_will", "请选择是否同意先行调解；选择不影响立案")
    if not content.mediation_told:
        yield FieldError("mediation_told", "请阅读先行调解的说明并勾选“已了解”")


def _duplicates(facts: Facts) -> CheckItem:
    """The three identities of 民诉法解释第二百四十七条 are for a human; the machine only finds candidates."""
    if facts.duplicates is None:
        return judge("CF-01", manual="尚未比对，请查询关联案件")
    if facts.duplicates:
        return judge("CF-01", manual=f"系统比对发现相似案件，请核对是否重复起诉：{'、'.join(facts.duplicates)}")
    return judge("CF-01", title="非重复起诉（系统比对：未发现）")
