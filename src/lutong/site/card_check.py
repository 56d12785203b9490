"""`lutong verify-card`: check a 律证码 offline, with the published keys and nothing else."""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from lutong.gateways.crypto.keys import read_jwks
from lutong.gateways.crypto.port import KeyUnusable
from lutong.gateways.registry.cards import LONGEST, Card, CardRefused, Use, read
from lutong.site.console import say, warn

_BEIJING = dt.timezone(dt.timedelta(hours=8))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("card", help="二维码内容、文件名，或 - the text of the code, a file that holds it, or -")
    parser.add_argument("--keys", required=True, type=Path, help="公布的公钥文件 the published keys")


def verify(card: str, keys: Path, *, now: dt.datetime) -> int:
    """Say what the card states and since when; 0 if it counts now, 1 if not, 2 if the keys cannot be read."""
    try:
        published = read_jwks(json.loads(keys.read_text("utf-8")))
    except (OSError, ValueError, KeyUnusable) as error:
        warn(f"公钥文件不能读取 the keys cannot be read: {error}")
        return 2
    try:
        found = read(_text(card), keys=published, now=now)
    except CardRefused as refusal:
        say(f"不予认可：{refusal.flaw.label}。")
        if refusal.card is not None:
            _tell(refusal.card, now)
        return 1
    say("两个签名均有效，在有效期内。")
    _tell(found, now)
    return 0


def _text(card: str) -> str:
    if card == "-":
        return sys.stdin.read(LONGEST + 1)
    if len(card) < 256 and "\0" not in card and Path(card).is_file():
        with Path(card).open(encoding="utf-8", errors="replace") as file:
            return file.read(LONGEST + 1)
    return card


def _tell(card: Card, now: dt.datetime) -> None:
    signed = card.issued_at.astimezone(_BEIJING)
    say(f"姓名      {card.name}")
    say(f"执业证号  {card.licence_no}")
    say(f"执业类别  {card.kind.label}")
    say(f"执业机构  {card.firm_name}（{card.province}）")
    say(f"执业状态  {card.status.label}，自 {card.status_since} 起（签发时的状态）")
    say(f"签发时间  北京时间 {signed:%Y-%m-%d %H:%M:%S}，{card.age_seconds(now=now)} 秒前")
    if card.use is Use.PRINT:
        say("出示方式  纸质打印件：请核对本人照片，现时状态请联网查询")
