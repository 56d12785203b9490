"""Nothing but a fresh notice of the gateway itself is ever read: 14 ways to mutate one, and a verifier that sleeps."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from wechatpayv3.core import Core

from lutong.gateways.payments.keys import load_wechat_config
from lutong.gateways.payments.port import ForgedNotice, Notice
from lutong.gateways.payments.stand_in.wire import Wire
from lutong.gateways.payments.wechat import WeChatGateway

NOW = 1_795_000_000.0
Letter = tuple[dict[str, str], bytes]
ROUNDS = 12


class Post:
    """Writes genuine notices with the gateway's keys, and reads them as the merchant at the instant NOW."""

    def __init__(self, home: Path) -> None:
        config = load_wechat_config(home, "http://127.0.0.1:9")
        self.wire = Wire(home / "secrets" / "wechat")
        self.gateway = WeChatGateway(config, clock=lambda: NOW)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def letter(self, *, at: float = NOW, **lies: object) -> Letter:
        facts = {
            "mchid": self.wire.mchid,
            "appid": self.wire.appid,
            "out_trade_no": "LT20261121000001",
            "transaction_id": "4200000000202611210000000001",
            "trade_state": "SUCCESS",
            "success_time": "2026-11-18T10:00:00+08:00",
            "amount": {"total": 880000, "currency": "CNY", "payer_total": 880000, "payer_currency": "CNY"},
        } | lies
        resource = self.wire.encrypt(json.dumps(facts), associated="transaction")
        body = {
            "id": "EV-2026112100001",
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": resource,
        }
        content = json.dumps(body).encode()
        return self.wire.signed_headers(content, now=at), content

    def read(self, letter: Letter) -> Notice:
        return self.gateway.read_notice(headers=letter[0], body=letter[1])


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    return Post(tmp_path_factory.mktemp("home"))


def _flip(text: str, dice: random.Random) -> str:
    spot = dice.randrange(len(text))
    return text[:spot] + dice.choice([c for c in "ABCdef0123456789" if c != text[spot]]) + text[spot + 1 :]


def _in_body(letter: Letter, change: Callable[[dict], None]) -> Letter:
    body = json.loads(letter[1])
    change(body)
    return letter[0], json.dumps(body).encode()


def _with(letter: Letter, **headers: str) -> Letter:
    return letter[0] | {f"Wechatpay-{name.replace('_', '-')}": value for name, value in headers.items()}, letter[1]


def signature_bit(post: Post, letter: Letter, dice: random.Random) -> Letter:
    raw = bytearray(base64.b64decode(letter[0]["Wechatpay-Signature"]))
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return _with(letter, Signature=base64.b64encode(raw).decode())


def signature_spelling(post: Post, letter: Letter, dice: random.Random) -> Letter:
    text = letter[0]["Wechatpay-Signature"]
    spot = dice.randrange(len(text))
    return _with(letter, Signature=text[:spot] + dice.choice([" ", "\n", "!", "-", "="]) + text[spot:])


def body_byte(post: Post, letter: Letter, dice: random.Random) -> Letter:
    body = bytearray(letter[1])
    body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return letter[0], bytes(body)


def cipher_text(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _in_body(letter, lambda b: b["resource"].update(ciphertext=_flip(b["resource"]["ciphertext"], dice)))


def cipher_nonce(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _in_body(letter, lambda b: b["resource"].update(nonce=_flip(b["resource"]["nonce"], dice)))


def notice_id(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _in_body(letter, lambda b: b.update(id=_flip(b["id"], dice)))


def event_type(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _in_body(letter, lambda b: b.update(event_type=dice.choice(["REFUND.SUCCESS", "TRANSACTION.FAIL"])))


def header_nonce(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _with(letter, Nonce=_flip(letter[0]["Wechatpay-Nonce"], dice))


def header_time(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _with(letter, Timestamp=str(int(NOW) + dice.choice([-200, -1, 1, 200])))


def header_gone(post: Post, letter: Letter, dice: random.Random) -> Letter:
    gone = dice.choice(sorted(letter[0]))
    return {name: value for name, value in letter[0].items() if name != gone}, letter[1]


def header_nonsense(post: Post, letter: Letter, dice: random.Random) -> Letter:
    name = dice.choice(["Serial", "Timestamp", "Signature", "Signature_Type"])
    return _with(
        letter, **{name: dice.choice(["\0", "-1", "9" * 400, "汉字", "0x10", "1e9", "WECHATPAY2-SHA256-NONE"])}
    )


def serial(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return _with(letter, Serial=dice.choice([post.wire.platform_serial, "ff", "PUB_KEY_ID_0", "0" * 40]))


def strange_key(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return post.wire.signed_headers(letter[1], now=NOW, key=post.stranger), letter[1]


def too_old(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return post.letter(at=NOW - dice.randint(301, 10**8))


def from_the_future(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return post.letter(at=NOW + dice.randint(301, 10**8))


def other_merchant(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return post.letter(mchid=_flip(post.wire.mchid, dice))


def other_application(post: Post, letter: Letter, dice: random.Random) -> Letter:
    return post.letter(appid=_flip(post.wire.appid, dice))


def plain_resource(post: Post, letter: Letter, dice: random.Random) -> Letter:
    body = {
        "id": "EV1",
        "event_type": "TRANSACTION.SUCCESS",
        "resource_type": dice.choice(["encrypt-resource", "plain"]),
        "resource": {"out_trade_no": "LT20261121000001", "amount": {"total": 880000}},
    }
    content = json.dumps(body).encode()
    return post.wire.signed_headers(content, now=NOW), content


def strange_facts(post: Post, letter: Letter, dice: random.Random) -> Letter:
    lies: list[dict[str, object]] = [
        {"amount": {"total": "880000"}},
        {"amount": {"total": -1}},
        {"amount": {"total": True}},
        {"amount": {"total": 1.5}},
        {"amount": None},
        {"trade_state": "PAID"},
        {"out_trade_no": ""},
        {"out_trade_no": 7},
        {"transaction_id": None},
        {"success_time": "yesterday"},
        {"success_time": "2026-11-18T10:00:00"},
    ]
    return post.letter(**dice.choice(lies))


MUTATIONS = [
    signature_bit,
    signature_spelling,
    body_byte,
    cipher_text,
    cipher_nonce,
    notice_id,
    event_type,
    header_nonce,
    header_time,
    header_gone,
    header_nonsense,
    serial,
    strange_key,
    too_old,
    from_the_future,
    other_merchant,
    other_application,
    plain_resource,
    strange_facts,
]


def accepted(post: Post, mutate: Callable[[Post, Letter, random.Random], Letter]) -> int:
    """How many of the mutated notices are read as genuine."""
    dice, count = random.Random(mutate.__name__), 0
    for _ in range(ROUNDS):
        try:
            post.read(mutate(post, post.letter(), dice))
            count += 1
        except ForgedNotice as forgery:
            assert forgery.reason
    return count


def test_a_genuine_notice_is_read_under_http_names_and_under_djangos(post: Post) -> None:
    headers, body = post.letter()
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    lower = {name.lower(): value for name, value in headers.items()}
    read = [post.read((names, body)) for names in (headers, meta, lower)]
    assert read[0] == read[1] == read[2]
    assert (read[0].out_trade_no, read[0].amount_fen, read[0].notice_id) == (
        "LT20261121000001",
        880000,
        "EV-2026112100001",
    )


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda m: m.__name__)
def test_no_mutated_notice_is_read(post: Post, mutate: Callable[[Post, Letter, random.Random], Letter]) -> None:
    assert accepted(post, mutate) == 0


@pytest.mark.parametrize("mutate", [signature_bit, notice_id, header_nonce, strange_key, too_old, serial])
def test_the_planted_verifier_that_skips_the_signature_is_noticed(
    post: Post,
    mutate: Callable[[Post, Letter, random.Random], Letter],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    core = type(post.gateway._client._core)
    assert issubclass(core, Core)
    monkeypatch.setattr(core, "_verify_signature", lambda self, headers, body: True)
    assert accepted(post, mutate) == ROUNDS


def test_a_strangers_notice_never_makes_us_call_out(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(Core, "_update_certificates", lambda self: calls.append("called"))
    assert accepted(post, serial) == 0
    assert calls == []


def test_an_oversized_body_is_refused_before_it_is_hashed(post: Post) -> None:
    headers, body = post.letter()
    with pytest.raises(ForgedNotice, match="too large"):
        post.read((headers, body + b" " * 100_000))
