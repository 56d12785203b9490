"""职责表: which role may open which desk page and do which act. The one place where that is written.

Navigation, pages (`faces.for_staff`), lifecycles (`by`), `access` and the permission matrix all read it.
"""

from enum import StrEnum

from lutong.kernel.actor import Actor, Role

JUDGES = frozenset({Role.JUDGE, Role.PRESIDING})
BENCH = JUDGES | {Role.RECORDER}
HANDLERS = BENCH | {Role.CLERK}
LEADERS = frozenset({Role.PRESIDENT})


class Duty(StrEnum):
    """职责: a page of the desk, or an act that several pages share."""

    # Pages
    FILINGS = "filings"
    CASES = "cases"
    HEARINGS = "hearings"
    DELIVERIES = "deliveries"
    FEES = "fees"
    REPRESENTATIONS = "representations"
    DOSSIERS = "dossiers"
    LOOKUP = "lookup"
    HALL = "hall"
    GATES = "gates"
    COUNTER = "counter"
    URGENT_LIST = "urgent_list"
    MEMBERS = "members"
    APPROVALS = "approvals"
    SESSIONS = "sessions"
    TRAIL = "trail"
    # Acts
    REVIEW = "review"
    TRY = "try"
    ALLOT = "allot"
    SERVE = "serve"
    VERIFY_COUNSEL = "verify_counsel"
    CHECK_MONEY = "check_money"
    KEEP_ROOMS = "keep_rooms"
    ARRANGE = "arrange"
    APPOINT_MEDIATOR = "appoint_mediator"
    KEEP_MEDIATION_NOTES = "keep_mediation_notes"
    OPEN_URGENTLY = "open_urgently"
    REVIEW_URGENT = "review_urgent"

    @property
    def label(self) -> str:
        return _TABLE[self][0]

    @property
    def roles(self) -> frozenset[Role]:
        return _TABLE[self][1]


_TABLE: dict[Duty, tuple[str, frozenset[Role]]] = {
    Duty.FILINGS: ("立案审核", LEADERS | {Role.CLERK}),
    Duty.CASES: ("案件办理", HANDLERS | LEADERS | {Role.ARCHIVIST, Role.MEDIATOR}),
    Duty.HEARINGS: ("排期", HANDLERS | LEADERS | {Role.HALL}),
    Duty.DELIVERIES: ("送达", HANDLERS | LEADERS),
    Duty.FEES: ("交费核对", HANDLERS | LEADERS | {Role.FINANCE}),
    Duty.REPRESENTATIONS: ("代理核实", HANDLERS | LEADERS),
    Duty.DOSSIERS: ("电子卷宗", HANDLERS | LEADERS | {Role.ARCHIVIST}),
    Duty.LOOKUP: ("进度查询", frozenset({Role.HOTLINE, Role.HALL})),
    Duty.HALL: ("服务大厅", frozenset({Role.HALL})),
    Duty.GATES: ("门禁通行", LEADERS | {Role.HALL, Role.CLERK}),
    Duty.COUNTER: ("窗口核验", frozenset({Role.HALL, Role.CLERK})),
    Duty.URGENT_LIST: ("紧急查阅", LEADERS | {Role.AUDITOR}),
    Duty.MEMBERS: ("人员与职务", frozenset({Role.SYSADMIN})),
    Duty.APPROVALS: ("授权审批", frozenset({Role.SECADMIN})),
    Duty.SESSIONS: ("会话与锁定", frozenset({Role.SECADMIN})),
    Duty.TRAIL: ("审计留痕", frozenset({Role.AUDITOR})),
    Duty.REVIEW: ("审查立案申请", frozenset({Role.CLERK})),
    Duty.TRY: ("审理", BENCH),
    Duty.ALLOT: ("变更承办人", JUDGES | LEADERS | {Role.CLERK}),
    Duty.SERVE: ("送达文书", HANDLERS),
    Duty.VERIFY_COUNSEL: ("核实代理关系", HANDLERS),
    Duty.CHECK_MONEY: ("查询到账", HANDLERS | LEADERS | {Role.FINANCE}),
    Duty.KEEP_ROOMS: ("维护法庭", LEADERS | {Role.RECORDER}),
    Duty.ARRANGE: ("整理卷宗", BENCH | LEADERS),
    Duty.APPOINT_MEDIATOR: ("委派调解员", HANDLERS),
    Duty.KEEP_MEDIATION_NOTES: ("记录调解", frozenset({Role.MEDIATOR})),
    Duty.OPEN_URGENTLY: ("紧急查阅", HANDLERS),
    Duty.REVIEW_URGENT: ("复核紧急查阅", LEADERS | {Role.AUDITOR}),
}


def may(actor: Actor, duty: Duty) -> bool:
    """Whether the actor's role carries the duty; which cases it reaches, the domains' `access` says."""
    return actor.role in duty.roles and actor.court_id is not None


# The desk's navigation: icon, name of the address, and the duty that opens it. The first of a role's is its home.
DESK = (
    ("desk", "desk-filings", Duty.FILINGS),
    ("cases", "desk-cases", Duty.CASES),
    ("home", "desk-hall", Duty.HALL),
    ("search", "desk-lookup", Duty.LOOKUP),
    ("calendar", "desk-calendar", Duty.HEARINGS),
    ("service", "desk-deliveries", Duty.DELIVERIES),
    ("tools", "desk-fees", Duty.FEES),
    ("shield", "desk-representations", Duty.REPRESENTATIONS),
    ("qr", "desk-gate", Duty.GATES),
    ("cases", "desk-members", Duty.MEMBERS),
    ("shield", "desk-approvals", Duty.APPROVALS),
    ("lock", "desk-sessions", Duty.SESSIONS),
    ("desk", "desk-trail", Duty.TRAIL),
    ("warn", "desk-urgent", Duty.URGENT_LIST),
)
_HOMES = {Role.PRESIDENT: "desk-cases"}


def home_of(role: Role) -> str:
    """The name of the page on which a role begins its work; "" for who has none here."""
    return _HOMES.get(role) or next((name for _, name, duty in DESK if role in duty.roles), "")
