"""Notices and summonses, after 民事诉讼文书样式; the articles are those in force since 2024-01-01."""

from typing import Any

from lutong.domains.eservice.papers.words import (
    DEFAULT_EVIDENCE_DAYS,
    PROCEDURES,
    CaseWords,
    HearingWords,
    capital_yuan,
    dispute,
    frame,
)

RIGHTS = (
    "在诉讼进程中，当事人依法享有《中华人民共和国民事诉讼法》第五十二条、第五十三条、第五十四条规定的委托代理人、申请回避、"
    "收集和提供证据、进行辩论、请求调解、自行和解、提起上诉、申请执行等诉讼权利，同时必须依法行使诉讼权利，遵守诉讼秩序，"
    "履行发生法律效力的判决书、裁定书和调解书。"
)
AGENTS = (
    "需要委托诉讼代理人的，可以委托一至二人（民事诉讼法第六十一条），并应当提交由委托人签名或者盖章、记明委托事项和权限的"
    "授权委托书；代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉，必须有委托人的特别授权（第六十二条）。"
)
OPENNESS = (
    "案件的立案、审理、裁判等流程信息依照《最高人民法院关于人民法院通过互联网公开审判流程信息的规定》向当事人及其诉讼代理人公开，"
    "诉讼代理人可以在律通的案件空间查看。"
)


def acceptance_notice(*, case: CaseWords, to: str) -> dict[str, Any]:
    """受理案件通知书: to the plaintiff. Law: 民事诉讼法第一百二十六条、第一百二十九条."""
    opening = (
        f"你（单位）诉{case.defendants}{case.cause}一案的起诉状已收到。经审查，起诉符合法定受理条件，本院决定登记立案，"
        f"适用{PROCEDURES.get(case.procedure, '普通程序')}审理。现将有关事项通知如下："
    )
    items = [
        RIGHTS,
        AGENTS,
        _bench(case),
        "转入审理后，本院将另行送达交纳诉讼费用通知书。应当自接到通知次日起七日内预交案件受理费；逾期不交纳，又未提出缓交、"
        "减交、免交申请或者申请未获批准的，按撤诉处理（诉讼费用交纳办法第二十二条，民诉法解释第二百一十三条）。"
        "先行调解期间不交纳案件受理费。",
        "应当按照举证通知书的要求提供证据，并按照传票载明的时间、处所到庭。无正当理由拒不到庭的，可以按撤诉处理"
        "（民事诉讼法第一百四十六条）。",
        "送达地址确认书载明的地址如有变更，应当及时书面告知本院。因提供的地址不准确、变更未告知导致诉讼文书未能实际接收的，"
        "依法产生送达的法律后果。",
        OPENNESS,
    ]
    return frame(case, "受理案件通知书", to=to, blocks=[{"text": opening}, {"items": items}, {"text": "特此通知。"}])


def response_notice(*, case: CaseWords, to: str) -> dict[str, Any]:
    """应诉通知书: to the defendant. Law: 民事诉讼法第一百二十八条至第一百三十一条."""
    opening = (
        f"本院已受理{dispute(case)}，适用{PROCEDURES.get(case.procedure, '普通程序')}审理。"
        "现发送起诉状副本，并将有关应诉事项通知如下："
    )
    items = [
        "应当自收到起诉状副本之日起十五日内向本院提出答辩状；在中华人民共和国领域内没有住所的，为三十日。不提出答辩状的，"
        "不影响本院审理（民事诉讼法第一百二十八条、第二百八十五条）。",
        "对管辖权有异议的，应当在提交答辩状期间提出；未提出异议并应诉答辩或者提出反诉的，视为本院有管辖权，但违反级别管辖和"
        "专属管辖规定的除外（民事诉讼法第一百三十条）。",
        RIGHTS,
        "自然人应当提交身份证明复印件；法人或者其他组织应当提交营业执照或者登记证书复印件、法定代表人或者主要负责人身份证明书。",
        AGENTS,
        _bench(case),
        "应当填写送达地址确认书。同意电子送达的，自诉讼文书到达确认的电子地址所在系统之日即为送达之日（民事诉讼法第九十条）。",
        "应当按照举证通知书的要求提供证据，并按照传票载明的时间、处所到庭。无正当理由拒不到庭的，可以缺席判决"
        "（民事诉讼法第一百四十七条）。",
        OPENNESS,
    ]
    return frame(case, "应诉通知书", to=to, blocks=[{"text": opening}, {"items": items}, {"text": "特此通知。"}])


def evidence_notice(*, case: CaseWords, to: str, due: str = "") -> dict[str, Any]:
    """举证通知书. `due` names the last day when the court has fixed one.

    Law: 民事诉讼法第六十七条、第六十八条, 民诉法解释第九十九条, 民事诉讼证据规定第五十条.
    """
    days = DEFAULT_EVIDENCE_DAYS.get(case.procedure, DEFAULT_EVIDENCE_DAYS["ordinary"])
    until = f"至{due}止" if due else f"为收到本通知书次日起{days}日"
    items = [
        "当事人对自己提出的主张，有责任提供证据。没有证据或者证据不足以证明其事实主张的，由负有举证证明责任的当事人承担不利的后果"
        "（民事诉讼法第六十七条，民诉法解释第九十条）。",
        "提供证据应当提供原件或者原物；需要自己保存或者提供确有困难的，可以提供经核对无异的复制件或者复制品"
        "（民事诉讼证据规定第十一条）。",
        "应当对证据材料逐一分类编号，对来源、证明对象和内容作简要说明，签名盖章，注明提交日期，并按照对方当事人人数提出副本"
        "（民事诉讼证据规定第十九条）。通过律通提交的，无需另行提交纸质副本。",
        "申请人民法院调查收集证据、申请证据保全、申请证人出庭作证的，应当在举证期限届满前提出"
        "（民事诉讼证据规定第二十条、第二十五条、第六十九条）；申请鉴定的，应当在本院指定的期间内提出（第三十一条）。",
        f"你方的举证期限{until}。确有困难的，可以在期限届满前书面申请延长（民事诉讼证据规定第五十四条）。",
        "逾期提供证据的，本院将责令说明理由；拒不说明理由或者理由不成立的，根据不同情形可以不予采纳该证据，或者采纳该证据但予以"
        "训诫、罚款（民事诉讼法第六十八条）。",
    ]
    opening = (
        f"关于{dispute(case)}，根据《中华人民共和国民事诉讼法》和"
        "《最高人民法院关于民事诉讼证据的若干规定》，现将有关举证事项通知如下："
    )
    return frame(case, "举证通知书", to=to, blocks=[{"text": opening}, {"items": items}])


def fee_notice(*, case: CaseWords, to: str, notice_no: str, amount_fen: int, quote: dict[str, Any]) -> dict[str, Any]:
    """交纳诉讼费用通知书 with its reckoning. Law: 诉讼费用交纳办法第二十条、第二十二条."""
    opening = (
        f"你（单位）诉{case.defendants}{case.cause}一案，根据《诉讼费用交纳办法》的规定，应当预交案件受理费人民币"
        f"{_yuan(amount_fen)}元（大写：{capital_yuan(amount_fen)}）。"
    )
    table = {
        "head": ["区段", "落入金额（元）", "费率", "费用（元）"],
        "rows": [[line["label"], line["part"] or "—", line["rate"], line["fee"]] for line in quote.get("lines", [])],
        "widths": [2, 2, 1, 2],
    }
    basis = "；".join([*quote.get("laws", []), *quote.get("notes", [])])
    rest = (
        "应当自接到本通知次日起七日内交纳。逾期不交纳，又未提出缓交、减交、免交申请，或者申请未获批准在本院指定期限内仍未交纳的，"
        "按撤诉处理（诉讼费用交纳办法第二十二条，民诉法解释第二百一十三条）。对诉讼费用的计算有异议的，可以向本院院长申请复核"
        "（第四十三条）。"
    )
    blocks: list[dict[str, Any]] = [{"fields": [["通知书编号", notice_no]]}, {"text": opening}, {"table": table}]
    blocks += [{"text": f"计算依据：{basis}。"}] if basis else []
    blocks += [{"text": rest}, {"text": "请在律通的交费页面用微信支付交纳，到账后自动生成交费凭证。"}]
    return frame(case, "交纳诉讼费用通知书", to=to, blocks=blocks)


def summons(*, case: CaseWords, to: str, hearing: HearingWords) -> dict[str, Any]:
    """传票. Law: 民事诉讼法第一百三十九条、第一百四十六条、第一百四十七条."""
    fields = [
        ["案号", case.number],
        ["案由", case.cause],
        ["被传唤人", to],
        ["传唤事由", hearing.kind],
        ["应到时间", hearing.when],
        ["应到处所", hearing.place],
    ]
    items = [
        "被传唤人必须准时到达应到处所。"
        if not hearing.online
        else "被传唤人应当提前十五分钟登录在线庭审，环境安静、网络畅通，"
        "非因法定事由不得擅自退出（人民法院在线诉讼规则第二十五条）。",
        "原告经传票传唤，无正当理由拒不到庭的，可以按撤诉处理；被告无正当理由拒不到庭的，可以缺席判决"
        "（民事诉讼法第一百四十六条、第一百四十七条）。",
        "到庭时应当携带身份证件；诉讼代理人应当携带授权委托书和执业证件。",
        "确有正当理由不能到庭的，应当及时向本院申请延期开庭（民事诉讼法第一百四十九条）。",
    ]
    blocks: list[dict[str, Any]] = [{"fields": fields}, {"heading": "注意事项"}, {"items": items}]
    blocks += [{"fields": [["承办法官", case.judge], ["书记员", case.recorder]]}]
    return frame(case, "传票", blocks=blocks)


def cancellation_notice(*, case: CaseWords, to: str, hearing: HearingWords, reason: str) -> dict[str, Any]:
    """取消开庭通知书."""
    text = (
        f"关于{dispute(case)}，原定于{hearing.when}在{hearing.place}的{hearing.kind}因故取消。"
        f"原因：{reason or '本院工作安排'}。"
    )
    return frame(
        case, "取消开庭通知书", to=to, blocks=[{"text": text}, {"text": "再次开庭的时间另行通知，原传票不再有效。"}]
    )


def _bench(case: CaseWords) -> str:
    where = f"{case.division}，" if case.division else ""
    return (
        f"本案由{where}承办法官{case.judge or '另行告知'}、书记员{case.recorder or '另行告知'}办理。"
        "认为有应当回避情形的，"
        "可以申请回避（民事诉讼法第四十七条、第四十八条）。"
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
