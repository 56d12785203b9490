"""The people of the demo world who can sign in. All are fictional; the courts are real public facts."""

from dataclasses import dataclass

PASSWORD = "lutong-demo-2026"  # noqa: S105  # printed on the demo page
CHAOYANG, PUDONG = "京0105", "沪0115"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One person: `role` is "lawyer", "trainee" or a Role of court staff; `court_code` is the 法院代字 of the post."""

    sign_name: str
    name: str
    who: str
    role: str
    mobile: str
    court_code: str = ""
    department: str = ""
    password: str = PASSWORD

    @property
    def side(self) -> str:
        """The heading under which the list shows him."""
        if not self.court_code:
            return "律师一侧"
        if self.role in ("sysadmin", "secadmin", "auditor", "bureau"):
            return "管理员"
        return "朝阳法院" if self.court_code == CHAOYANG else "浦东法院"


PEOPLE: tuple[DemoAccount, ...] = (
    DemoAccount("11105201211603034", "周岚", "律师（原告代理人）", "lawyer", "13800010216"),
    DemoAccount("11108200910180174", "顾衡", "律师（被告代理人）", "lawyer", "13800010217"),
    DemoAccount("13115201311325988", "杜若", "律师（上海）", "lawyer", "13800010218"),
    DemoAccount("11108201110154761", "钱牧之", "律师（停止执业，不能登录）", "lawyer", "13800010219"),
    DemoAccount("11105201611735792", "罗清", "律师（周岚的同事）", "lawyer", "13800010220"),
    DemoAccount("11052609210031", "苗青禾", "实习人员（周岚的助理）", "trainee", "13800030001"),
    DemoAccount("11052609110032", "宋子衿", "实习人员（周岚已邀请）", "trainee", "13800030002"),
    DemoAccount("11082609110041", "唐修远", "实习人员（顾衡本所）", "trainee", "13800030004"),
    DemoAccount("CY-LA-001", "孟书宁", "朝阳法院立案庭", "clerk", "13800010301", CHAOYANG, "立案庭"),
    DemoAccount("CY-LA-002", "贺闻笛", "朝阳法院立案庭", "clerk", "13800010302", CHAOYANG, "立案庭"),
    DemoAccount("CY-MS-101", "许知行", "朝阳法院法官", "judge", "13800010303", CHAOYANG, "民事审判一庭"),
    DemoAccount("CY-MS-102", "闻人嘉", "朝阳法院法官", "judge", "13800010304", CHAOYANG, "民事审判一庭"),
    DemoAccount("CY-MS-201", "方蕾", "朝阳法院书记员", "recorder", "13800010305", CHAOYANG, "民事审判一庭"),
    DemoAccount("CY-MS-202", "庄序", "朝阳法院书记员", "recorder", "13800010306", CHAOYANG, "民事审判一庭"),
    DemoAccount("CY-YL-001", "褚怀瑾", "朝阳法院院领导", "president", "13800010307", CHAOYANG, "院领导"),
    DemoAccount("CY-FW-001", "蒋一苇", "朝阳法院诉讼服务大厅", "hall", "13800010308", CHAOYANG, "诉讼服务大厅"),
    DemoAccount("CY-MS-001", "闵行简", "朝阳法院庭长、审判长", "presiding", "13800010309", CHAOYANG, "民事审判一庭"),
    DemoAccount("CY-MS-301", "池清越", "朝阳法院法官（未分案）", "judge", "13800010310", CHAOYANG, "民事审判二庭"),
    DemoAccount("CY-CW-001", "简宁", "朝阳法院财务", "finance", "13800010311", CHAOYANG, "财务科"),
    DemoAccount("CY-DA-001", "乔知", "朝阳法院档案", "archivist", "13800010312", CHAOYANG, "档案室"),
    DemoAccount("CY-TJ-001", "温叙", "朝阳法院调解员", "mediator", "13800010313", CHAOYANG, "诉前调解中心"),
    DemoAccount("CY-RX-001", "苗青", "12368 坐席", "hotline", "13800010314", CHAOYANG, "12368 热线"),
    DemoAccount("PD-LA-001", "陶知微", "浦东法院立案庭", "clerk", "13800010401", PUDONG, "立案庭"),
    DemoAccount("PD-MS-101", "裴叙白", "浦东法院法官", "judge", "13800010402", PUDONG, "民事审判庭"),
    DemoAccount("PD-MS-201", "苏见青", "浦东法院书记员", "recorder", "13800010403", PUDONG, "民事审判庭"),
    DemoAccount("PD-FW-001", "冉月明", "浦东法院诉讼服务大厅", "hall", "13800010404", PUDONG, "诉讼服务大厅"),
    DemoAccount("CY-XT-001", "骆驰", "朝阳法院系统管理员", "sysadmin", "13800010315", CHAOYANG, "信息中心"),
    DemoAccount("CY-AQ-001", "严恪", "朝阳法院安全管理员", "secadmin", "13800010316", CHAOYANG, "信息中心"),
    DemoAccount("CY-SJ-001", "卫明", "朝阳法院审计管理员", "auditor", "13800010317", CHAOYANG, "督察室"),
    DemoAccount("CY-SF-001", "沙舟", "司法行政机关（不在律通办理）", "bureau", "13800010318", CHAOYANG, "区司法局"),
)
