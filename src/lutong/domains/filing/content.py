"""立案内容: the one declaration of what the filing wizard collects.

Everything a person types is held as typed, also when it is wrong (“8000元整” as an amount): a draft loses
nothing. What the law asks of it is judged in `checks`, never here. Only forged shapes are refused.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lutong.kernel.errors import Invalid


def _as_text(value: object) -> object:
    """Text that PostgreSQL can hold: numbers as typed, without NUL and lone surrogates."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return value


def _as_flag(value: object) -> object:
    """A check box: absent and empty mean no."""
    return False if value in (None, "") else value


def _as_court(value: object) -> object:
    return None if value == "" else value


Line = Annotated[str, BeforeValidator(_as_text), Field(max_length=2_000)]
Prose = Annotated[str, BeforeValidator(_as_text), Field(max_length=100_000)]
Flag = Annotated[bool, BeforeValidator(_as_flag)]
CourtId = Annotated[Annotated[int, Field(ge=0, le=2**31 - 1)] | None, BeforeValidator(_as_court)]
UploadIds = Annotated[list[Line], Field(max_length=500)]


class Part(BaseModel):
    """A part of the draft. Unknown keys of an older or newer wizard are dropped, so that old drafts still open."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)


class Party(Part):
    """当事人. `side` is plaintiff, defendant or third; `kind` is natural, legal or unincorporated."""

    id: Line = ""
    side: Line = "plaintiff"
    kind: Line = "natural"
    name: Line = ""
    id_kind: Line = "resident_id"
    id_number: Line = ""
    sex: Line = ""
    birth_on: Line = ""
    ethnicity: Line = ""
    occupation: Line = ""
    employer: Line = ""
    phone: Line = ""
    address: Line = ""  # 户籍所在地, or the main office of a body
    residence: Line = ""  # 经常居住地
    uscc: Line = ""
    legal_rep: Line = ""
    legal_rep_title: Line = ""
    province: Line = ""  # six-digit division code of the domicile, for the level of the court


class Agent(Part):
    """诉讼代理人. `kind` as in `AgentKind`; `wording` is the authorisation's own sentence, if typed."""

    id: Line = ""
    party_id: Line = ""
    kind: Line = "lawyer"
    lawyer_id: Line = ""
    name: Line = ""
    licence_no: Line = ""
    firm: Line = ""
    phone: Line = ""
    powers: Line = ""
    special_powers: Annotated[list[Line], Field(max_length=20)] = []
    wording: Line = ""


class Claim(Part):
    """诉讼请求. `kind` is principal, interest, penalty, other or act; amounts in yuan, rate in percent a year."""

    id: Line = ""
    kind: Line = "principal"
    amount: Line = ""
    base: Line = ""
    rate: Line = ""
    start_on: Line = ""
    end_on: Line = ""
    until_paid: Flag = False
    basis: Line = ""
    text: Prose = ""


class Evidence(Part):
    """证据: one line of the 证据目录. `kind` is a key of `EVIDENCE_KINDS`."""

    id: Line = ""
    no: Line = ""
    kind: Line = ""
    name: Line = ""
    source: Line = ""
    purpose: Line = ""
    pages: Line = ""
    original: Flag = False
    upload_ids: UploadIds = []


class ServiceAddress(Part):
    """送达地址确认 of one party (normally a plaintiff; the recipient may be his counsel)."""

    party_id: Line = ""
    recipient: Line = ""
    electronic: Flag = False
    mobile: Line = ""
    email: Line = ""
    address: Line = ""
    postcode: Line = ""
    consent_judgment_e_service: Flag = False
    agreed: Flag = False


class RefundAccount(Part):
    """退费账户."""

    name: Line = ""
    bank: Line = ""
    number: Line = ""

    @property
    def is_started(self) -> bool:
        return any((self.name.strip(), self.bank.strip(), self.number.strip()))


class FilingContent(Part):
    """The whole draft. Lists are bounded far beyond any real case."""

    court_id: CourtId = None
    court_name: Line = ""
    jurisdiction_ground: Line = ""
    jurisdiction_note: Line = ""
    cause_id: Line = ""
    cause_name: Line = ""
    contract_on: Line = ""  # 合同成立日, for the ceiling of interest
    mediation_will: Line = ""  # yes, no, unsure
    mediation_told: Flag = False
    parties: Annotated[list[Party], Field(max_length=300)] = []
    agents: Annotated[list[Agent], Field(max_length=100)] = []
    claims: Annotated[list[Claim], Field(max_length=100)] = []
    costs_claim: Flag = True
    facts: Prose = ""
    reasons: Prose = ""
    evidence: Annotated[list[Evidence], Field(max_length=500)] = []
    files: Annotated[dict[Line, UploadIds], Field(max_length=500)] = {}
    service_addresses: Annotated[list[ServiceAddress], Field(max_length=300)] = []
    refund_account: RefundAccount = RefundAccount()
    small_claim_agreed: Flag = False  # both sides agreed on 小额诉讼 (民事诉讼法第一百六十五条第二款)

    def side(self, side: str) -> list[Party]:
        return [party for party in self.parties if party.side == side]

    def sides_of(self, lawyer_id: int) -> tuple[list[str], list[str]]:
        """Whom the lawyer acts for in this draft, and against whom, by name; the plaintiffs before he is named."""
        mine = {agent.party_id for agent in self.agents if agent.lawyer_id == str(lawyer_id)}
        sides = {party.side for party in self.parties if party.id in mine} or {"plaintiff"}
        theirs = {"plaintiff": "defendant", "defendant": "plaintiff"}
        clients = [p.name for p in self.parties if (p.id in mine if mine else p.side == "plaintiff")]
        return clients, [p.name for p in self.parties if p.side in {theirs.get(side) for side in sides}]

    def agents_of(self, party_id: str) -> list[Agent]:
        return [agent for agent in self.agents if agent.party_id == party_id]


SIDES = {"plaintiff": "原告", "defendant": "被告", "third": "第三人"}
PARTY_KINDS = {"natural": "自然人", "legal": "法人", "unincorporated": "非法人组织"}
CLAIM_KINDS = {
    "principal": "返还本金",
    "interest": "支付利息",
    "penalty": "支付违约金",
    "other": "其他金钱给付",
    "act": "非金钱请求",
}
MEDIATION_WILLS = {"yes": "同意先行调解", "no": "不同意先行调解", "unsure": "暂不确定"}
# 民事诉讼法第六十六条第一款.
EVIDENCE_KINDS = {
    "statement": "当事人的陈述",
    "document": "书证",
    "object": "物证",
    "av": "视听资料",
    "electronic": "电子数据",
    "witness": "证人证言",
    "expert": "鉴定意见",
    "inspection": "勘验笔录",
}

# The nine steps of the wizard (key, label), and the first words of the field paths that each step shows.
STEPS = (
    ("court", "受理法院与案由"),
    ("mediation", "先行调解意愿"),
    ("parties", "当事人"),
    ("agents", "代理人与授权"),
    ("claims", "诉讼请求与标的"),
    ("facts", "事实与理由"),
    ("evidence", "证据与材料"),
    ("address", "送达地址确认"),
    ("check", "核对并提交"),
)
STEP_LABELS = dict(STEPS)
STEP_FIELDS = {
    "court": (
        "court_id", "court_name", "jurisdiction_ground", "jurisdiction_note", "cause_id", "cause_name", "contract_on",
        "small_claim_agreed",
    ),
    "mediation": ("mediation_will", "mediation_told"),
    "parties": ("parties",),
    "agents": ("agents",),
    "claims": ("claims", "costs_claim"),
    "facts": ("facts", "reasons"),
    "evidence": ("evidence", "files"),
    "address": ("service_addresses", "refund_account"),
    "check": (),
}  # fmt: skip
_STEP_OF = {field: step for step, fields in STEP_FIELDS.items() for field in fields}


def step_of(path: str) -> str:
    """The wizard step that shows a field: 'parties.0.id_number' → 'parties'."""
    return _STEP_OF.get(path.split(".", 1)[0], "check")


def read_content(raw: object) -> FilingContent:
    """The draft from parsed JSON or form data. Raises Invalid when the shape itself is impossible.

    Wrong values are no errors here; wrong shapes (a list for a name, ten thousand parties) are.
    """
    try:
        return FilingContent.model_validate(raw)
    except ValidationError as fault:
        fields = {
            ".".join(str(part) for part in error["loc"]): _sentence(error["type"])
            for error in fault.errors(include_url=False, include_input=False)
        }
        raise Invalid("提交的内容格式不对，请刷新页面后重试；已保存的草稿不受影响", fields=fields) from None


def _sentence(kind: str) -> str:
    if kind in ("string_too_long", "too_long"):
        return "内容过长，请精简，或者作为附件上传"
    return "格式不对，请重新填写"
