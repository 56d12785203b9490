"""Tell a person what happened to his account: the bell knows nothing of sign-in, so the site hands it over."""

from django.urls import reverse

from lutong.domains.identity.events import CredentialsChanged, NewDevice, PauseLifted, SignInPaused, StandingChanged
from lutong.domains.notices.actions import tell
from lutong.kernel.clock import BEIJING

KIND = "security"
_WHAT = {"password": "密码", "code": "动态口令或备用码"}


def new_device(event: NewDevice) -> None:
    """新设备登录: he says whether it was he."""
    at = event.now.astimezone(BEIJING)
    tell(
        person_id=event.person_id, key=f"device:{event.device_id}", kind=KIND, tone="warn", now=event.now,
        title=f"新设备登录：{event.name}", link=reverse("account-devices"),
        body=f"{at:%-m月%-d日 %H:%M}，来自 {event.address}。不是您本人的，请立即打开“登录设备”点“不是我”。",
    )  # fmt: skip


def sign_in_paused(event: SignInPaused) -> None:
    """多次验证失败: a pause is never silent."""
    until = event.until.astimezone(BEIJING)
    open_ways = f"通行密钥登录和您用过的{'其他' if event.own_browser else ''}浏览器"
    tell(
        person_id=event.person_id, key=f"paused:{event.what}:{event.now:%Y%m%d%H%M}", kind=KIND, tone="warn",
        now=event.now, title=f"有人多次输错您的{_WHAT[event.what]}", link=reverse("account-history"),
        body=f"已暂停尝试到 {until:%H:%M}。{open_ways}不受影响。不是您本人的，请修改密码。",
    )  # fmt: skip


def pause_lifted(event: PauseLifted) -> None:
    """解除暂停: he hears who did it and why."""
    tell(
        person_id=event.person_id, key=f"lifted:{event.what}:{event.now:%Y%m%d%H%M%S}", kind=KIND, tone="warn",
        now=event.now, title=f"已解除{_WHAT[event.what]}的暂停", link=reverse("account-history"),
        body=f"安全管理员{event.by_name}解除，理由：{event.reason}。不是您请求的，请联系本院审计管理员，并修改密码。",
    )  # fmt: skip


def credentials_changed(event: CredentialsChanged) -> None:
    """密码、通行密钥、动态口令或手机号变更."""
    tell(
        person_id=event.person_id, key=f"security:{event.act}:{event.now:%Y%m%d%H%M%S}", kind=KIND, now=event.now,
        title=f"账号安全：{event.label}", link=reverse("account-history"),
        body="不是您本人操作的，请立即修改密码并退出其他设备。",
    )  # fmt: skip


def standing_changed(event: StandingChanged) -> None:
    """Listener of StandingChanged: he reads it when he may come in again; the page at the door says the same."""
    title = "已恢复执业，可以继续办理" if event.in_force else f"执业状态变为“{event.status_label}”，已停止使用平台"
    body = (
        "停止期间的登录和接口令牌已失效，请重新签发需要的令牌。" if event.in_force else f"{event.reason}{event.remedy}"
    )
    tell(
        person_id=event.lawyer_id, key=f"standing:{event.now.isoformat()}", kind="account", title=title, body=body,
        now=event.now, link="/account/", tone="info" if event.in_force else "warn",
    )  # fmt: skip
