"""办理留痕 in words: what the names of acts in the trail mean to a reader."""

DEEDS = {
    "cases.open": "登记立案", "cases.mediate": "转入先行调解", "cases.bill": "转审理并通知交费",
    "cases.settle": "调解成功结案", "cases.begin_trial": "开始审理", "cases.deem_withdrawn": "按撤诉处理",
    "cases.decide": "录入裁判结果", "cases.close": "生效结案", "cases.allot": "分案",
    "cases.set_plan": "确定程序、审判组织和举证期限", "cases.extend_mediation": "延长调解期限",
    "cases.set_deadline": "计算期限", "cases.settle_deadline": "期限了结",
    "cases.claim_representation": "申请核实代理关系", "cases.confirm_representation": "核实代理关系",
    "cases.refuse_representation": "不予核实代理关系", "cases.end_representation": "终止代理关系",
    "dossier.take_in": "提交材料", "dossier.file_paper": "文书入卷", "dossier.attach_to_case": "立案材料归卷",
    "dossier.view": "阅看材料", "dossier.download": "下载材料", "dossier.print": "打印材料",
    "dossier.reorder": "整理卷宗", "dossier.order_bundle": "申请打包下载", "dossier.download_bundle": "打包下载",
    "dossier.report_damage": "发现材料损坏", "dossier.report_hidden": "发现卷宗不一致",
    "eservice.serve": "发出送达", "eservice.sign": "签收", "eservice.read": "打开送达文书",
    "eservice.record_service": "记录送达", "eservice.fail": "记为送达失败", "eservice.take_effect": "送达生效",
    "eservice.withdraw": "撤回送达", "eservice.attach_proof": "出具送达凭证",
    "fees.issue_bill": "通知交费", "fees.set_due": "确定交费期限", "fees.open_order": "发起支付",
    "fees.keep_code": "生成付款码", "fees.close_order": "关闭支付订单", "fees.book": "入账", "fees.lapse": "逾期未交费",
    "fees.attach_receipt": "出具交费凭证", "fees.notice_refused": "拒收支付通知",
    "hearings.schedule": "排期", "hearings.reschedule": "改期", "hearings.cancel": "取消庭审", "hearings.hold": "记为已开庭",
}  # fmt: skip


def deed(action: str) -> str:
    """登记立案; an act without words keeps its name, so that nothing is hidden."""
    return DEEDS.get(action, action)
