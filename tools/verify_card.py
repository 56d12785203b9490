#!/usr/bin/env python3
"""Verify a 律证码 offline: one file, nothing but Python 3.8 or newer.

    python3 verify_card.py CARD --keys keys.json      CARD: the text of the QR code, a file that holds it, or -
    python3 verify_card.py CARD --keys keys.json --at 2026-11-22T10:00:00+08:00

keys.json is what the registry publishes at /.well-known/lawyer-card-keys.json; get it over a way that you trust.
Exit 0: both signatures hold and the card is fresh; 1: refused, with the reason; 2: called wrongly.

This is written from the standards (RFC 8032 §5.1.7, GB/T 32918.2 §7, GB/T 32905) and shares no line with the registry.
It handles public values only, so that it takes no care to hide how long it computes.
"""

import argparse
import base64
import datetime
import hashlib
import json
import os
import re
import struct
import sys

LIVES = {"screen": 60, "print": 30 * 86400}
SLOW_CLOCK = 60
REASONS = {
    "malformed": "不是律证码，或者内容不完整、被改动",
    "unknown_version": "律证码的版本不认识，请更新核验程序",
    "signature_missing": "缺少签名：律证码须同时有 Ed25519 与 SM2 两个签名",
    "unknown_key": "签名密钥不在公布的名单中：可能是伪造，或者公钥文件过旧",
    "ed25519": "Ed25519 签名不符：内容被改动或者是伪造",
    "sm2": "SM2 签名不符：内容被改动或者是伪造",
    "not_yet": "签发时间晚于现在，请核对本机时间",
    "expired": "律证码已过期，请让出示人刷新后再出示",
}
KINDS = {
    "full_time": "专职律师", "part_time": "兼职律师", "public": "公职律师", "corporate": "公司律师",
    "legal_aid": "法律援助律师", "military": "军队律师",
}  # fmt: skip
METHODS = {"manual": "人工视频核验", "face": "人脸比对服务", "counter": "窗口当面核验"}
STATUSES = {"active": "正常执业", "suspended": "停止执业", "revoked": "吊销执业证书", "cancelled": "注销执业证书"}


# ---- SM3 (GB/T 32905)
def _rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def _sm3(message):
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = message + b"\x80" + bytes((55 - len(message)) % 64) + struct.pack(">Q", 8 * len(message))
    for start in range(0, len(padded), 64):
        w = list(struct.unpack(">16I", padded[start : start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
            w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            ss1 = _rotate((_rotate(a, 12) + e + _rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ _rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, _rotate(b, 9), c
            e, f, g, h = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17), e, _rotate(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905  Python 3.8
    return struct.pack(">8I", *state)


# ---- SM2 signatures (GB/T 32918.2; curve of GB/T 32918.5; identity 1234567812345678)
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def _add(one, two):
    """Sum of two points of the SM2 curve; None is the point at infinity."""
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if (one[1] + two[1]) % P == 0:
            return None
        slope = (3 * one[0] * one[0] + A) * pow(2 * one[1], P - 2, P) % P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], P - 2, P) % P
    x = (slope * slope - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def _times(factor, point):
    total = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def verify_sm2(public_key, message, signature):
    """Whether the 64 bytes r‖s sign `message` under the key x‖y."""
    if len(public_key) != 64 or len(signature) != 64:
        return False
    point = int.from_bytes(public_key[:32], "big"), int.from_bytes(public_key[32:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if max(point) >= P or (point[1] ** 2 - point[0] ** 3 - A * point[0] - B) % P:
        return False
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    known = b"".join(number.to_bytes(32, "big") for number in (A, B, *G))
    z = _sm3(b"\x00\x801234567812345678" + known + public_key)
    e = int.from_bytes(_sm3(z + message), "big")
    meeting = _add(_times(s, G), _times(t, point))
    return meeting is not None and (e + meeting[0]) % N == r


# ---- Ed25519 (RFC 8032)
Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, Q - 2, Q) % Q


def _ed_x(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, Q - 2, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if (x * x - square) % Q or (x == 0 and odd):
        return None
    return Q - x if x % 2 != odd else x


def _ed_point(data):
    number = int.from_bytes(data, "little")
    y, odd = number % 2**255, number >> 255
    x = _ed_x(y, odd) if y < Q else None
    return None if x is None else (x, y)


def _ed_add(one, two):
    (x1, y1), (x2, y2) = one, two
    twist = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + twist, Q - 2, Q) % Q,
        (y1 * y2 + x1 * x2) * pow(1 - twist, Q - 2, Q) % Q,
    )


def _ed_times(factor, point):
    total = (0, 1)
    while factor:
        if factor & 1:
            total = _ed_add(total, point)
        point, factor = _ed_add(point, point), factor >> 1
    return total


_ED_Y = 4 * pow(5, Q - 2, Q) % Q
ED_BASE = (_ed_x(_ED_Y, 0), _ED_Y)


def verify_ed25519(public_key, message, signature):
    """Whether the 64 bytes R‖S sign `message` under the 32-byte key."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, r, s = _ed_point(public_key), _ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return _ed_times(s, ED_BASE) == _ed_add(r, _ed_times(h, key))


# ---- The card
def _bytes(part):
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        raise ValueError("another spelling")
    return data


def _keys(published):
    found = {}
    for key in published["keys"]:
        if key.get("alg") == "Ed25519":
            found[key["kid"]] = ("Ed25519", _bytes(key["x"]))
        elif key.get("alg") == "SM2":
            found[key["kid"]] = ("SM2", _bytes(key["x"]) + _bytes(key["y"]))
    return found


def verify(text, published, now):
    """("ok" or a name from REASONS, the claims or {}) of a card at the POSIX time `now`."""
    parts = text.strip().rpartition("#")[2].split(".") if len(text) <= 4096 else []
    if len(parts) not in (3, 4) or not all(re.fullmatch("[A-Za-z0-9_-]+", part) for part in parts):
        return "malformed", {}
    try:
        header = json.loads(_bytes(parts[0]))
        if sorted(header) != ["alg", "kid", "typ"] or (header["typ"], header["alg"]) != ("lawyer-card", "Ed25519"):
            return "malformed", {}
        if len(parts) == 3:
            return "signature_missing", {}
        keys, message = _keys(published), (parts[0] + "." + parts[1]).encode()
        algorithm, key = keys.get(str(header["kid"]), ("", b""))
        if algorithm != "Ed25519":
            return "unknown_key", {}
        if not verify_ed25519(key, message, _bytes(parts[2])):
            return "ed25519", {}
        claims = json.loads(_bytes(parts[1]))
        algorithm, key = keys.get(str(claims.get("sm2")), ("", b""))
        if algorithm != "SM2":
            return "unknown_key", {}
        return _judged(claims, now) if verify_sm2(key, message, _bytes(parts[3])) else ("sm2", {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "malformed", {}


def _judged(claims, now):
    if type(claims.get("v")) is not int or claims["v"] not in (1, 2):
        return "unknown_version", {}
    if claims["v"] == 2 and not _is_live(claims["lvd"], claims["lvm"]):
        return "malformed", {}
    if claims["exp"] - claims["iat"] != LIVES[claims["use"]]:
        return "malformed", {}
    if claims["iat"] > now + SLOW_CLOCK:
        return "not_yet", claims
    return ("expired" if claims["exp"] <= now else "ok"), claims


def _is_live(day, method):
    """Whether this tells a last live check: a day with or without its method, or neither (since version 2)."""
    if day == method == "":
        return True
    return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day)) and (method == "" or method in METHODS)


def _live(claims):
    if claims["v"] < 2:
        return "本码未载明（旧版）"
    return "，".join(filter(None, (claims["lvd"], METHODS.get(claims["lvm"])))) or "没有记录"


def _told(claims, now):
    moment = datetime.datetime.fromtimestamp(claims["iat"], datetime.timezone(datetime.timedelta(hours=8)))
    place = "屏幕出示" if claims["use"] == "screen" else "纸质打印件：请核对本人照片，现时状态请联网查询"
    return "\n".join(
        (
            f"姓名      {claims['nam']}",
            f"执业证号  {claims['lic']}",
            f"执业类别  {KINDS.get(claims['knd'], claims['knd'])}",
            f"执业机构  {claims['frm']}（{claims['prv']}）",
            f"执业状态  {STATUSES.get(claims['sta'], claims['sta'])}，自 {claims['snc']} 起（签发时的状态）",
            f"实人核验  {_live(claims)}",
            f"签发时间  北京时间 {moment:%Y-%m-%d %H:%M:%S}，{max(0, int(now - claims['iat']))} 秒前",
            f"出示方式  {place}",
        )
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="verify_card", description="离线核验律证码 verify a lawyer's card offline")
    parser.add_argument("card", help="二维码内容、文件名，或 - the text, a file, or - for stdin")
    parser.add_argument("--keys", required=True, help="公布的公钥文件 the published keys")
    parser.add_argument("--at", help="按这一时刻核验（ISO 8601）as of this moment instead of now")
    given = parser.parse_args(arguments)
    text = given.card
    if text == "-":
        text = sys.stdin.read(5000)
    elif len(text) < 256 and os.path.exists(text):  # noqa: PTH110  Python 3.8 raises on odd names
        with open(text, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            text = file.read(5000)
    with open(given.keys, encoding="utf-8") as file:  # noqa: PTH123
        published = json.load(file)
    now = datetime.datetime.now(datetime.timezone.utc)  # noqa: UP017  Python 3.8
    if given.at:
        now = datetime.datetime.fromisoformat(given.at)
    result, claims = verify(text, published, now.timestamp())
    say = sys.stdout.write
    say("两个签名均有效，在有效期内。\n" if result == "ok" else f"不予认可：{REASONS[result]}。\n")
    if claims:
        say(_told(claims, now.timestamp()) + "\n")
    return 0 if result == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
