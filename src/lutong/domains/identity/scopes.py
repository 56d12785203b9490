"""权限范围: what an API token may be allowed to do. `domain:read` looks, every other verb acts."""

SCOPES: dict[str, str] = {
    "cases:read": "查看本人的案件、卷宗和时间线",
    "cases:write": "申请核实代理关系",
    "conflicts:check": "利益冲突检查",
    "conflicts:read": "查看利益冲突检查记录",
    "filing:read": "查看立案草稿和申请",
    "filing:write": "填写、提交和补正立案申请",
    "uploads:write": "上传材料",
    "fees:read": "查看交费通知",
    "fees:pay": "发起交费",
    "service:read": "查看电子送达",
    "service:sign": "签收电子送达",
    "calendar:read": "查看庭审日程",
    "calendar:write": "维护个人日程",
    "gatepass:read": "查看一码通的可选用途和本人的通行记录",
    "gatepass:show": "出示一码通",
}
