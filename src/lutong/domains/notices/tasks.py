"""What a person must hear of changes in his own standing."""

from lutong.domains.identity.events import StandingChanged
from lutong.domains.notices.actions import tell


def tell_standing(event: StandingChanged) -> None:
    """Listener of StandingChanged: he reads it when he may come in again; the page at the door says the same."""
    title = "已恢复执业，可以继续办理" if event.in_force else f"执业状态变为“{event.status_label}”，已停止使用平台"
    body = (
        "停止期间的登录和接口令牌已失效，请重新签发需要的令牌。" if event.in_force else f"{event.reason}{event.remedy}"
    )
    tell(
        person_id=event.lawyer_id, key=f"standing:{event.now.isoformat()}", kind="account", title=title, body=body,
        now=event.now, link="/account/", tone="info" if event.in_force else "warn",
    )  # fmt: skip
