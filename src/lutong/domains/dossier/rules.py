"""正卷与副卷: which paper may lie where, and how much is shown. Pure; kinds are those of the document code table."""

from lutong.kernel.duties import Duty

KEEPERS = Duty.ARRANGE.roles  # who may put a volume in order
MOST_PAGES = 2000  # of a document that is shown page by page
MAIN, SUB = "main", "sub"
VOLUMES = {MAIN: "正卷", SUB: "副卷"}
READING_RULE = "关于诉讼代理人查阅民事案件材料的规定"


EITHER = frozenset({"transcript", "other"})  # court papers that may be 庭审笔录 or 评议笔录, open or internal


def objection_to_move(*, from_court: bool, kind: str, side: str, target: str) -> str:
    """Why a paper may not lie in a volume; empty when it may. `side` is where its kind belongs.

    What parties submitted, and what belongs to the main volume by its kind, must stay open to counsel; what belongs
    to the sub volume by its kind must never be opened (关于诉讼代理人查阅民事案件材料的规定).
    """
    if target == SUB and not from_court:
        return "当事人、代理人提交的材料属于正卷，代理人有权查阅，不能移入副卷"
    if target == SUB and side == MAIN and kind not in EITHER:
        return "这类材料属于正卷，代理人有权查阅，不能移入副卷"
    if target == MAIN and side == SUB:
        return "这类材料属于副卷，依法不对诉讼代理人公开，不能移入正卷"
    return ""
