"""What a lawyer's own software does: a scoped token, JSON, tus uploads, and the stand-in's payer page."""

import hashlib
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from tusclient import client as tus

from lutong.site.demo_files import write_all
from lutong.site.demo_people import PASSWORD
from lutong.site.demo_story import COMPLAINT, PLAINTIFF_ID
from tests.support.people import Person

JOB_SECONDS = 60.0  # what the worker does behind the API, on a crowded machine
DEFENDANT = "韩若川"
PLACES = {
    "民事起诉状.docx": "complaint", "原告身份证明.pdf": "identity:p1", "授权委托书.pdf": "authority:a1",
    "律师事务所函.pdf": "firm_letter:a1", "律师执业证.jpg": "licence:a1", "借条（扫描件）.jpg": "evidence:e1",
    "银行流水.pdf": "evidence:e2",
}  # fmt: skip


class Api:
    """One program with one token; every answer that is neither JSON nor a problem is a fault."""

    def __init__(self, base: str, token: str) -> None:
        self.http = httpx.Client(
            base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self.http.request(method, path, **more)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", path
            assert answer.json()["title"]
        return answer

    def get(self, path: str, **params: Any) -> Any:
        return self._good(self.ask("GET", path, params=params))

    def post(self, path: str, body: Any = None, *, key: str = "", match: str = "") -> Any:
        headers = {name: word for name, word in (("Idempotency-Key", key), ("If-Match", match)) if word}
        return self._good(self.ask("POST", path, json=body, headers=headers))

    def refused(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        """The problem that the API answers, which must be of this status."""
        answer = self.ask(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        problem: dict[str, Any] = answer.json()
        return problem

    def _good(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json()


def sign_token(lawyer: Person, base: str, name: str, scopes: list[str]) -> Api:
    """Sign a token on the account page; the word is shown there once."""
    lawyer.go("/account/tokens/")
    lawyer.page.fill("#t-name", name)
    for scope in scopes:
        lawyer.page.locator(f'[name="scopes"][value="{scope}"]').check()
    lawyer.page.get_by_role("button", name="签发", exact=True).click()
    lawyer.page.wait_for_load_state()
    if "/reauthenticate/" in lawyer.page.url:  # a grave act; what was typed is kept meanwhile
        lawyer.page.locator('[name="password"]').fill(PASSWORD)
        lawyer.page.get_by_role("button", name="继续").click()
    return Api(base, lawyer.page.locator(".acc__secret code").inner_text().strip())


def revoke_token(lawyer: Person, name: str) -> None:
    lawyer.go("/account/tokens/")
    lawyer.page.get_by_role("button", name=f"撤销令牌 {name}").click()
    lawyer.page.wait_for_load_state()


def eventually(look: Callable[[], Any], *, within: float = JOB_SECONDS) -> Any:
    """The first true answer of `look`; jobs work behind the API."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.3)
    return found


def send_files(ticket: dict[str, Any], paths: list[Path], *, slot: str = "") -> dict[str, dict[str, Any]]:
    """Send files over tus with somebody else's client; file name → what the file process knows of it, once stored."""
    headers = {"Upload-Ticket": ticket["ticket"]}
    client = tus.TusClient(ticket["url"], headers=headers)
    sent: dict[str, dict[str, Any]] = {}
    for path in paths:
        uploader = client.uploader(str(path), chunk_size=64 * 1024, metadata={"filename": path.name, "slot": slot})
        uploader.upload()
        assert uploader.url is not None
        sent[path.name] = eventually(partial(_stored, uploader.url, headers))
        assert sent[path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), path.name
    return sent


def _stored(url: str, headers: dict[str, str]) -> dict[str, Any] | None:
    told: dict[str, Any] = httpx.get(url, headers=headers, trust_env=False).json()
    assert told["state"] != "refused", told
    return told if told["state"] == "stored" else None


def contents(api: Api) -> dict[str, dict[str, Any]]:
    """What the software types into each step; courts, causes and their names come from the directory."""
    court = next(c for c in api.get("/courts", text="北京市朝阳区人民法院") if c["code"] == "京0105")
    cause = next(c for c in api.get("/causes", text="民间借贷纠纷") if c["name"] == "民间借贷纠纷")
    who = {"recipient": "周岚", "mobile": "13800010216", "address": "北京市朝阳区和风路12号院3号楼502室"}
    return {
        "court": {"court_id": court["id"], "cause_id": str(cause["id"]), "jurisdiction_ground": "money_receiver",
                  "jurisdiction_note": "接收货币一方（原告）住所地在北京市朝阳区", "contract_on": "2025-03-18"},
        "mediation": {"mediation_will": "no", "mediation_told": True},
        "parties": {"parties": [
            {"id": "p1", "side": "plaintiff", "name": "苏晚晴", "id_number": PLAINTIFF_ID, "ethnicity": "汉族",
             "phone": "13900010001", "address": who["address"]},
            {"id": "p2", "side": "defendant", "name": DEFENDANT, "phone": "13900010002",
             "address": "北京市朝阳区晴川路8号院1号楼1101室"},
        ]},
        "claims": {"claims": [
            {"id": "c1", "kind": "principal", "amount": "300000", "basis": "借条第一条；2025-03-18 转账"},
        ]},
        "facts": {"facts": COMPLAINT[9], "reasons": COMPLAINT[10]},
        "address": {"service_addresses": [
            {"party_id": "p1", "electronic": True, "consent_judgment_e_service": True, "agreed": True, **who},
        ]},
    }  # fmt: skip


class Draft:
    """A draft and the revision that the program has read last."""

    def __init__(self, api: Api) -> None:
        self.api, key = api, uuid.uuid4().hex
        begun = api.ask("POST", "/filing/drafts", headers={"Idempotency-Key": key})
        assert begun.status_code == 201
        again = api.post("/filing/drafts", key=key)
        self.id, self.etag, self.agents = begun.json()["id"], begun.headers["ETag"], begun.json()["content"]["agents"]
        assert again["id"] == self.id, "the same key is the same draft"

    @property
    def path(self) -> str:
        return f"/filing/drafts/{self.id}"

    def put(self, step: str, content: dict[str, Any], files: dict[str, str] | None = None) -> dict[str, Any]:
        body = {"content": content, "files": files or {}}
        answer = self.api.ask("PATCH", f"{self.path}/steps/{step}", json=body, headers={"If-Match": self.etag})
        assert answer.status_code == 200, answer.text
        self.etag = answer.headers["ETag"]
        told: dict[str, Any] = answer.json()
        return told

    def fill(self, directory: Path) -> dict[str, dict[str, Any]]:
        """Every step and every demo file; answers what the file process knows of the files."""
        for step, content in contents(self.api).items():
            self.put(step, content)
        agent = self.agents[0] | {"powers": "general"}
        self.put("agents", {"agents": [agent]})
        sent = send_files(self.api.post(f"{self.path}/ticket"), write_all(directory))
        evidence = [
            {"id": "e1", "kind": "document", "name": "借条", "source": "被告出具", "purpose": "双方成立借贷合意"},
            {"id": "e2", "kind": "document", "name": "银行流水", "source": "银行打印", "purpose": "原告已交付借款"},
        ]
        self.put("evidence", {"evidence": evidence}, {file["id"]: PLACES[name] for name, file in sent.items()})
        return sent


class Cashier:
    """The payment stand-in: the payer's telephone, and the levers by which it misbehaves."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=30, trust_env=False)

    def pay(self, code_url: str) -> None:
        code = parse_qs(urlsplit(code_url).query)["code"][0]
        assert self.http.post("/pay", data={"code": code, "action": "pay"}).status_code == 303

    def wish(self, **wishes: Any) -> None:
        assert self.http.post("/control", json=wishes).is_success

    def forge(self, kind: str, out_trade_no: str) -> str:
        """Send a forged notice and wait until our side has answered it; answers the status."""
        told = self.http.post("/control/forge", json={"kind": kind, "out_trade_no": out_trade_no})
        return self.answer_to(str(told.json()["notice_id"]))

    def resend(self, notice_id: str) -> str:
        assert self.http.post("/control/resend", json={"notice_id": notice_id}).is_success
        return self.answer_to(notice_id)

    def answer_to(self, notice_id: str) -> str:
        def answered() -> str:
            notice = next(n for n in self.notices() if n["id"] == notice_id)
            return str(notice["last_answer"]) if notice["state"] != "waiting" else ""

        return str(eventually(answered))

    def notices(self, out_trade_no: str = "") -> list[dict[str, Any]]:
        """Newest first; all, or those of one order."""
        found: list[dict[str, Any]] = self.http.get("/control").json()["notices"]
        return [notice for notice in found if out_trade_no in ("", notice["out_trade_no"])]


def claim_papers(api: Api, directory: Path) -> dict[str, str]:
    """授权委托书 and 所函 of the second lawyer, as the fields of his claim."""
    ticket = api.post("/representations/ticket")
    paths = {path.name: path for path in write_all(directory)}
    plan = {"mandate": "授权委托书.pdf", "firm_letter": "律师事务所函.pdf"}
    return {
        f"{slot}_upload_id": send_files(ticket, [paths[name]], slot=slot)[name]["id"] for slot, name in plan.items()
    }
