"""The wire of 微信支付 v3 as the gateway sees it: check the merchant's signature, sign answers, encrypt resources."""

import base64
import binascii
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SCHEME = "WECHATPAY2-SHA256-RSA2048"
LARGEST_SKEW_SECONDS = 300
_PART = re.compile(r'(\w+)="([^"]*)"')


class ApiError(Exception):
    """An answer other than 200 in the gateway's own words."""

    def __init__(self, status: int, code: str, message: str, **detail: object) -> None:
        super().__init__(code)
        self.status = status
        self.answer: dict[str, Any] = {"code": code, "message": message, **({"detail": detail} if detail else {})}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a merchant's Authorization header says, once its signature is known to hold."""

    mchid: str
    nonce: str
    timestamp: int


class Wire:
    """Both keys of the gateway and the certificate of its one merchant."""

    def __init__(self, directory: Path) -> None:
        numbers = json.loads((directory / "wechat.json").read_text("utf-8"))
        self.mchid: str = numbers["mchid"]
        self.appid: str = numbers["appid"]
        self.public_key_id: str = numbers["public_key_id"]
        self.platform_serial: str = numbers["platform_serial"]
        self._merchant_serial: str = numbers["merchant_serial"]
        self._apiv3_key: bytes = numbers["apiv3_key"].encode()
        self.certificate = (directory / "platform-cert.pem").read_text("ascii")
        key = load_pem_private_key((directory / "platform.pem").read_bytes(), password=None)
        merchant = x509.load_pem_x509_certificate((directory / "merchant-cert.pem").read_bytes()).public_key()
        if not isinstance(key, rsa.RSAPrivateKey) or not isinstance(merchant, rsa.RSAPublicKey):
            raise TypeError("微信支付 v3 uses RSA keys")
        self._key, self._merchant = key, merchant

    def authenticate(self, *, header: str, method: str, target: str, body: bytes, now: float) -> Credentials:
        """Check the merchant's signature over this very request; raises ApiError SIGN_ERROR."""
        scheme, _, rest = header.partition(" ")
        parts = dict(_PART.findall(rest))
        if scheme != SCHEME or not parts.keys() >= {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}:
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考微信支付签名规则")
        if parts["mchid"] != self.mchid or parts["serial_no"] != self._merchant_serial:
            raise ApiError(401, "SIGN_ERROR", "商户号或商户证书序列号有误，请核对")
        stamp = parts["timestamp"]
        if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(now - int(stamp)) > LARGEST_SKEW_SECONDS:
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
        if not parts["nonce_str"] or len(parts["nonce_str"]) > 64:
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization中的nonce_str格式错误")
        message = f"{method}\n{target}\n{stamp}\n{parts['nonce_str']}\n".encode() + body + b"\n"
        try:
            self._merchant.verify(base64.b64decode(parts["signature"], validate=True), message, PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            raise ApiError(401, "SIGN_ERROR", "签名错误，请检查后再试") from None
        return Credentials(parts["mchid"], parts["nonce_str"], int(stamp))

    def signed_headers(
        self, body: bytes, *, now: float, serial: str | None = None, key: rsa.RSAPrivateKey | None = None
    ) -> dict[str, str]:
        """The five headers that vouch for `body`; another serial or key is for forgeries only."""
        nonce, stamp = secrets.token_hex(16), str(int(now))
        message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = (key or self._key).sign(message, PKCS1v15(), SHA256())
        return {
            "Wechatpay-Serial": serial or self.public_key_id,
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature-Type": SCHEME,
        }

    def encrypt(self, text: str, *, associated: str, key: bytes | None = None) -> dict[str, str]:
        """AEAD_AES_256_GCM under the merchant's APIv3 key."""
        nonce = secrets.token_hex(6)
        sealed = AESGCM(key or self._apiv3_key).encrypt(nonce.encode(), text.encode(), associated.encode())
        return {
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "nonce": nonce,
            "associated_data": associated,
        }
