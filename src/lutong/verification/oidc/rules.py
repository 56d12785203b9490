"""What relying parties may ask for, and what it means in plain words. Plain Python."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from lutong.verification.entrance.rules import Acr

CODE_LIFE = dt.timedelta(seconds=60)
TOKEN_LIFE = dt.timedelta(minutes=5)
ID_TOKEN_LIFE = dt.timedelta(minutes=5)
KEY_SET_LIFE = dt.timedelta(minutes=5)  # how long clients may keep the key set
LOGOUT_TOKEN_LIFE = dt.timedelta(minutes=2)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
DELIVERY_ENDS = dt.timedelta(days=3)

# scope: (what is passed on, why it is asked), as the consent page says it
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": ("在这个应用里代表您的编号（每个应用不同）",),
    "licence": ("姓名", "证号、类别和登记机关所在地", "执业状态", "业务范围和执业区域（基层法律服务工作者）"),
    "firm": ("执业机构名称和统一社会信用代码",),
    "live": ("最近一次实人核验的时间和方式（不含照片和视频）",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authorization request asks of the sign-in itself."""

    prompts: frozenset[str]
    max_age: int | None  # seconds
    levels: tuple[Acr, ...]  # any of them will do, the preferred first; none: whatever there is

    @property
    def wants_live(self) -> bool:
        return Acr.LIVE in self.levels


def pairwise(*, key: bytes, client_id: str, person_id: int) -> str:
    """The person's number for one application: the same for ever, and of no use for joining data with another's."""
    mark = hmac.new(key, f"{client_id} {person_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def may_return_to(*, registered: Collection[str], asked: str, public: bool) -> bool:
    """True if a redirect URI is registered letter by letter; programs on a desk may choose the port (RFC 8252 §7.3)."""
    if asked in registered:
        return True
    return public and any(_same_but_port(one, asked) for one in registered)


def _same_but_port(registered: str, asked: str) -> bool:
    try:
        one, other = urlsplit(registered), urlsplit(asked)
        _ = other.port
    except ValueError:
        return False
    loopback = one.scheme == "http" and one.hostname in {"127.0.0.1", "::1"}
    plain = not other.username and not other.password and not other.fragment
    same = (one.scheme, one.hostname, one.path, one.query) == (other.scheme, other.hostname, other.path, other.query)
    return loopback and plain and same


def origin_of(address: str) -> str:
    """Scheme, host and port of a registered address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def problem_with_address(address: str) -> str | None:
    """Why an address cannot be registered; None if it can. Plain http is for this machine only."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "不是完整的网址"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "请填完整的网址，以 https:// 开头"
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return "除本机外须用 https://"
    if parts.fragment or "#" in address or parts.username or "*" in address or any(c.isspace() for c in address):
        return "不能含有 #、*、空格或用户名"
    return None


def next_try(*, tries: int) -> dt.timedelta:
    """When to knock again at an application that did not take its logout token: 2 s, 4 s … at most an hour."""
    return dt.timedelta(seconds=min(2 ** min(tries, 12), 3600))
