"""`lutong bureau`: plays a provincial bureau that reports to this service, with real signatures, well or badly.

It needs no database: it signs with the demo bureau's key and speaks /feed/v1 over HTTP, as a real bureau's
system would.
"""

import argparse
import datetime as dt
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from lutong.gateways.registry.keys import ISSUER
from lutong.kernel import clock
from lutong.site import config as configuration
from lutong.site.config import Config
from lutong.site.console import say, warn
from lutong.verification.registry import wire
from lutong.verification.registry.bodies import PROVINCES, bureau_name
from lutong.verification.registry.bureaukeys import private_key_of

KINDS = ("suspend", "resume", "punish", "cancel", "revoke", "transfer", "change")


@dataclass(frozen=True, slots=True)
class Sender:
    """The system of one bureau."""

    config: Config
    code: str

    def sign(self, seq: int, event: dict[str, Any]) -> str:
        """One signed report."""
        body = {"aud": ISSUER, "bureau": self.code, "seq": seq, "iat": int(time.time()), "event": event}
        return wire.sign_report(body, private_key=private_key_of(self.config.home, self.code))

    def send(self, text: str) -> httpx.Response:
        """Hand a report in, and tell what became of it."""
        address = f"{self.config.verification_url}/feed/v1/events"
        answer = httpx.post(address, content=text, headers={"Content-Type": "application/jose"}, timeout=10)
        say(f"  HTTP {answer.status_code}  {answer.text}")
        return answer

    def state(self) -> dict[str, Any]:
        """What the registry says of this bureau's reports."""
        asked = {"aud": ISSUER, "bureau": self.code, "iat": int(time.time())}
        key = private_key_of(self.config.home, self.code)
        text = wire.sign_report(asked, private_key=key, kind=wire.ASKING_TYPE)
        address = f"{self.config.verification_url}/feed/v1/state"
        answer = httpx.get(address, headers={"Authorization": f"Bearer {text}"}, timeout=10)
        answer.raise_for_status()
        return dict(answer.json())


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `python -m lutong.verification.bureau`."""
    given = _parser().parse_args(arguments)
    sender = Sender(configuration.load(), given.bureau)
    try:
        work: Callable[[Sender, argparse.Namespace], int] = given.work
        return work(sender, given)
    except httpx.HTTPError as error:
        warn(f"没有得到应答 no answer from {sender.config.verification_url}: {type(error).__name__}")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lutong bureau", description="扮演省级司法行政机关报送")
    parser.add_argument("--bureau", default="11", choices=list(PROVINCES), help="省级代码，默认 11 北京")
    commands = parser.add_subparsers(required=True, metavar="命令 command")
    send = commands.add_parser("send", help="报送一项决定 report one decision")
    send.add_argument("kind", choices=KINDS)
    send.add_argument("number", help="执业证号")
    send.add_argument("--days", type=int, default=30, help="停止执业的天数")
    send.add_argument("--article", default="", help="律师法条号，停止执业默认 47")
    send.add_argument("--firm", default="", help="变更执业机构：新机构的统一社会信用代码")
    send.add_argument("--reason", default="演练：由替身机关报送的决定")
    send.add_argument("--seq", type=int, help="序号，默认接续")
    send.add_argument(
        "--badly", choices=["gap", "duplicate", "reorder", "forged", "tampered"], help="故意出错 misbehave on purpose"
    )
    send.set_defaults(work=_send)
    commands.add_parser("state", help="查看入册情况 what was taken in, what is missing").set_defaults(work=_state)
    return parser


def _event(given: argparse.Namespace) -> dict[str, Any]:
    today = clock.beijing_date(clock.now())
    event = {
        "kind": given.kind, "number": given.number, "effective_on": today.isoformat(), "reason": given.reason,
        "article": given.article, "firm_uscc": given.firm,
        "document_no": f"司演〔{today.year}〕{random.randrange(1, 99999)}号",  # noqa: S311  a number for show
    }  # fmt: skip
    if given.kind == "suspend":
        until = today + dt.timedelta(days=given.days)
        event |= {"article": given.article or "47", "until_on": until.isoformat()}
    if given.kind == "revoke":
        event["article"] = given.article or "49"
    return event


def _send(sender: Sender, given: argparse.Namespace) -> int:
    seq = given.seq or int(sender.state()["last_seq"]) + 1
    event = _event(given)
    say(f"{bureau_name(sender.code)} 第 {seq} 号 {given.kind} {given.number}")
    return 0 if all(answer.is_success for answer in _ways(sender, seq, event, given.badly)) else 1


def _ways(sender: Sender, seq: int, event: dict[str, Any], badly: str | None) -> list[httpx.Response]:
    if badly == "gap":
        return [sender.send(sender.sign(seq + 1, event))]
    if badly == "duplicate":
        text = sender.sign(seq, event)
        return [sender.send(text), sender.send(text)]
    if badly == "reorder":
        other = event | {"kind": "punish", "article": "48", "firm_uscc": ""}
        other.pop("until_on", None)
        return [sender.send(sender.sign(seq + 1, event)), sender.send(sender.sign(seq, other))]
    if badly == "forged":
        stranger = Sender(sender.config, next(code for code in PROVINCES if code != sender.code))
        text = stranger.sign(seq, event)
        header = sender.sign(seq, event).split(".")[0]
        return [sender.send(".".join([header, *text.split(".")[1:]]))]
    if badly == "tampered":
        header, payload, signature = sender.sign(seq, event).split(".")
        return [sender.send(f"{header}.{payload[:-2]}{'AB' if payload[-2:] != 'AB' else 'AC'}.{signature}")]
    return [sender.send(sender.sign(seq, event))]


def _state(sender: Sender, _given: argparse.Namespace) -> int:
    say(json.dumps(sender.state(), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
