"""Keys between 律通 and its payment gateway: made once for the stand-in, the operator's own for the real one."""

import datetime as dt
import fcntl
import json
import os
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from lutong.gateways.payments.wechat import WeChatConfig

_TEN_YEARS = dt.timedelta(days=3650)
_DIRECTORY = "wechat"


def ensure_keys(directory: Path) -> None:
    """Make both sides' keys in `directory` unless they are there: files 0600, directory 0700, safe among processes.

    merchant.pem, merchant-cert.pem: 商户API证书. platform.pem, platform-cert.pem, platform-public.pem: 微信支付 itself
    (the stand-in's). wechat.json: numbers and the APIv3 key, written last, so that its presence means completeness.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (directory / "wechat.json").exists():
            return
        merchant_serial = _key_and_certificate(directory, "merchant", "律通演示商户")
        platform_serial = _key_and_certificate(directory, "platform", "微信支付替身")
        numbers = {
            "mchid": "19" + str(secrets.randbelow(10**8)).zfill(8),
            "appid": "wx" + secrets.token_hex(8),
            "merchant_serial": merchant_serial,
            "platform_serial": platform_serial,
            "public_key_id": "PUB_KEY_ID_" + str(secrets.randbelow(10**32)).zfill(32),
            "apiv3_key": secrets.token_hex(16),
        }
        _write(directory / "wechat.json", json.dumps(numbers, indent=2).encode())


def load_wechat_config(home: Path, base_url: str) -> WeChatConfig:
    """The client's side of the keys kept in `home`/secrets/wechat, made on first use.

    An operator with a real merchant puts his own files there under the same names and points `base_url` at
    https://api.mch.weixin.qq.com.
    """
    directory = home / "secrets" / _DIRECTORY
    ensure_keys(directory)
    numbers = json.loads((directory / "wechat.json").read_text("utf-8"))
    return WeChatConfig(
        mchid=numbers["mchid"],
        appid=numbers["appid"],
        serial=numbers["merchant_serial"],
        private_key=(directory / "merchant.pem").read_text("ascii"),
        apiv3_key=numbers["apiv3_key"],
        public_key=(directory / "platform-public.pem").read_text("ascii"),
        public_key_id=numbers["public_key_id"],
        base_url=base_url.rstrip("/"),
    )


def _key_and_certificate(directory: Path, name: str, owner: str) -> str:
    """Write key, self-signed certificate and public key; return the serial in the gateway's spelling."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, owner)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _TEN_YEARS)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(directory / f"{name}.pem", private)
    _write(directory / f"{name}-public.pem", public)
    _write(directory / f"{name}-cert.pem", certificate.public_bytes(Encoding.PEM))
    return f"{certificate.serial_number:040X}"


def _write(path: Path, content: bytes) -> None:
    """Write in one step: a reader sees the whole file or none."""
    draft = path.with_suffix(path.suffix + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    draft.replace(path)
