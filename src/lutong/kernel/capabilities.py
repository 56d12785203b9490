"""What a lawyer may let an assistant do: the one list from which grants, screens and checks are made.

Law: 意见第十四条第一款 (提交材料、交费、阅卷、使用工具, 一案一指定). Acts that need special powers, signing, appearing
and receiving service stay with counsel unless a grant names them.
"""

from enum import StrEnum


class Capability(StrEnum):
    """权限: one kind of act that a grant may name."""

    READ_CASE = "read_case"
    READ_DOSSIER = "read_dossier"
    SUBMIT_MATERIAL = "submit_material"
    PAY = "pay"
    USE_TOOLS = "use_tools"
    RECEIVE_SERVICE = "receive_service"
    PREPARE_FILING = "prepare_filing"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def help(self) -> str:
        return _WORDS[self][1]

    @property
    def is_grave(self) -> bool:
        """Never proposed by the screen: the lawyer must name it expressly."""
        return self in GRAVE

    @property
    def is_given_with_any(self) -> bool:
        """Comes with every grant: without it no other could be used."""
        return self is Capability.READ_CASE

    @property
    def is_of_draft(self) -> bool:
        """Named for a draft of a filing, the case in the making; all others are named for a case."""
        return self in OF_DRAFT


GRAVE = frozenset({Capability.RECEIVE_SERVICE})
OF_DRAFT = frozenset({Capability.PREPARE_FILING})
CASE_CAPABILITIES = tuple(c for c in Capability if c not in OF_DRAFT)
DRAFT_CAPABILITIES = tuple(c for c in Capability if c in OF_DRAFT)
_WORDS = {
    Capability.READ_CASE: ("查看案件", "看到案号、当事人、节点、日程和期限；随其他权限一并授予"),
    Capability.READ_DOSSIER: ("阅卷", "查看、下载和打印本案卷宗材料，每次查阅都留痕"),
    Capability.SUBMIT_MATERIAL: ("提交材料", "代为上传并向法院提交证据和其他材料"),
    Capability.PAY: ("交费", "代为发起诉讼费用的支付，查看交费凭证"),
    Capability.USE_TOOLS: (
        "使用工具",
        "在庭审日程中查看本案的开庭和期限，下载日历文件（.ics）；看不到律师本人的其他日程",
    ),
    Capability.RECEIVE_SERVICE: ("签收送达", "代为签收电子送达；签收即发生送达效力，须由律师明确指定"),
    Capability.PREPARE_FILING: (
        "准备立案材料",
        "填写和修改这份立案草稿、上传文件、查看提交前自查；不能提交，不能代为作出告知、同意和送达地址确认",
    ),
}
