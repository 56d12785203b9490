"""故障演练: the wire misbehaves on demand, in the demo world and in tests only, and the page says so."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from joserfc.jwk import OKPKey

from lutong.kernel.acting import action
from lutong.kernel.errors import Invalid
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.models import Fault, Licence
from lutong.verification.registry.wire import Signer

MODES = {
    "normal": "正常应答",
    "down": "应答 503",
    "slow": "应答缓慢",
    "wrong_signature": "签名错误",
    "unsigned": "应答不签名",
    "stale": "一小时前的旧应答",
    "replayed": "重放对别次询问的应答",
    "other_licence": "答成别的律师",
    "contradictory": "应答自相矛盾",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How to misbehave now."""

    mode: str = "normal"
    slow_seconds: float = 10.0


def current() -> Wish:
    """The present wish; outside the demo world there is none."""
    if not settings.LUTONG_DEMO:
        return Wish()
    held = Fault.objects.filter(pk=1).first()
    return Wish(held.mode, held.slow_seconds) if held else Wish()


@action
def misbehave(*, actor: BureauActor, mode: str, slow_seconds: float) -> None:
    """Set the wish. Raises Invalid."""
    if mode not in MODES or not 0 <= slow_seconds <= 120:
        raise Invalid("请选择列出的应答方式，时长为 0–120 秒")
    Fault.objects.update_or_create(pk=1, defaults={"mode": mode, "slow_seconds": slow_seconds})


def spoilt(told: dict[str, Any], mode: str, key: Signer) -> tuple[dict[str, Any], Signer]:
    """An answer as a broken or malicious registry would give it."""
    if mode == "stale":
        told = told | {"iat": told["iat"] - 3600}
    elif mode == "replayed":
        told = told | {"nonce": "recorded-" + secrets.token_hex(8)}
    elif mode == "contradictory":
        told = told | {"data": _contradicted(told["data"])}
    elif mode == "other_licence" and isinstance(told["data"], dict) and "licence_no" in told["data"]:
        other = Licence.objects.exclude(number=told["data"]["licence_no"]).order_by("id").first()
        told = told | {"data": told["data"] | {"licence_no": other.number if other else "1" * 17}}
    elif mode == "wrong_signature":
        strange = OKPKey.generate_key("Ed25519", {"kid": secrets.token_hex(8)}, private=True)
        key = Signer(strange, strange.as_dict(private=False))
    return told, key


def _contradicted(data: Any) -> Any:
    """Says 正常执业 and gives a reason for a suspension in the same breath."""
    if isinstance(data, list):
        return [_contradicted(one) for one in data]
    lie = {"status": "active", "status_label": "停止执业", "status_reason": "停止执业三个月"}
    return data | lie if isinstance(data, dict) else data
