"""Keys with which bureaus sign: reading the public half that one hands over, and making those of the demo world."""

import json
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from lutong.gateways.registry.keys import ensure_keys
from lutong.kernel.errors import Invalid


def public_half(text: str) -> str:
    """The public key in a file that a bureau handed over, JWK or PEM, as the JWK that is kept.

    Raises Invalid for anything but an Ed25519 public key; a private one was never ours to see.
    """
    try:
        key = OKPKey.import_key(json.loads(text) if text.lstrip().startswith("{") else text)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Invalid("读不出公钥。请用 Ed25519 公钥，JWK 或 PEM 格式") from error
    if key.is_private:
        raise Invalid("这是私钥，没有登记。私钥已经外泄，请该机关重新生成一对，只交公钥")
    if key.curve_name != "Ed25519":
        raise Invalid(f"密钥类型是 {key.curve_name}，报送签名须用 Ed25519")
    return json.dumps(key.as_dict(private=False))


def thumbprint(public_key: str) -> str:
    """The thumbprint of a kept key (RFC 7638), by which two people compare it on the telephone; empty for none."""
    return str(OKPKey.import_key(json.loads(public_key)).thumbprint()) if public_key else ""


def public_key_of(home: Path, code: str) -> str:
    """The public key of a demo bureau, made on first use."""
    directory = _directory(home, code)
    ensure_keys(directory)
    return (directory / "public.jwk").read_text("utf-8")


def private_key_of(home: Path, code: str) -> OKPKey:
    """The private key of a demo bureau."""
    directory = _directory(home, code)
    ensure_keys(directory)
    return OKPKey.import_key(json.loads((directory / "private.jwk").read_text("utf-8")))


def _directory(home: Path, code: str) -> Path:
    return home / "secrets" / "bureaus" / code
