"""A firm's own program that files over the API: it keeps a journal and never gives up on a broken line."""

import base64
import hashlib
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from lutong.domains.identity import tokens

SCOPES = '["cases:read", "filing:read", "filing:write", "uploads:write"]'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
      b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n" \
      b"trailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip
PAPERS = ("complaint", "identity:p1", "authority:a1", "firm_letter:a1", "evidence")


def token_for(owner: psycopg.Connection[Any], sign_name: str) -> str:
    """A token of this lawyer, put beside those that he has made himself."""
    lawyer_id = owner.execute("SELECT id FROM identity_account WHERE sign_name = %s", [sign_name]).fetchone()[0]  # type: ignore[index]
    word = tokens.make(lawyer_id)
    owner.execute(
        "INSERT INTO identity_apitoken (lawyer_id, id, name, digest, scopes, created_at) "
        "VALUES (%s, %s, '程序', %s, %s, now())",
        [lawyer_id, uuid.uuid4(), tokens.digest_of(word), SCOPES],
    )
    return word


@dataclass
class Journal:
    """What the program knows: who was to be plaintiff in which filing, what was acknowledged, what was amiss."""

    wanted: list[str] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)  # plaintiff → (filing id, receipt number)
    faults: list[str] = field(default_factory=list)  # answers that no fault excuses
    refusals: list[str] = field(default_factory=list)
    broken: int = 0  # lines that broke, and 503 with Retry-After


@dataclass
class Program:
    """One client. With `careful` it repeats a call under the same key; without, it starts all over, as a naive one."""

    web: str
    token: str
    court_id: int
    cause_id: int
    journal: Journal
    until: float
    careful: bool = True

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=30, trust_env=False)

    def file(self, plaintiff: str, *, lose_the_answer: bool = False) -> None:
        """One filing from the draft to the receipt, however often it takes."""
        self.journal.wanted.append(plaintiff)
        key = uuid.uuid4().hex
        draft = self._call("POST", "/filing/drafts", key=key)
        if draft is None:
            return None
        address = f"/filing/drafts/{draft['id']}"
        version = int(draft["version"])
        for step, content in self._steps(address, plaintiff):
            saved = self._call("PATCH", f"{address}/steps/{step}", {"content": content}, match=version)
            if saved is None:
                return None
            version = int(saved["version"])
        receipt = self._call("POST", f"{address}/submit", key=f"submit-{key}", match=version)
        if lose_the_answer:  # the line broke after the server had done it
            self.journal.broken += 1
            if self.careful:
                receipt = self._call("POST", f"{address}/submit", key=f"submit-{key}", match=version)
            else:
                return self.file(plaintiff)
        if receipt is not None:
            self.journal.acknowledged[plaintiff] = (receipt["id"], receipt["receipt_no"])
        return None

    def _call(
        self, method: str, path: str, body: Any = None, *, key: str = "", match: int | None = None
    ) -> dict[str, Any] | None:
        """The same call until there is an answer; None after a refusal or when time is up."""
        headers = {"Authorization": f"Bearer {self.token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": f'"{match}"'} if match is not None else {}
        answer = self._ask(method, f"{self.web}/api/v1{path}", headers, json=body)
        if answer is None:
            return None
        if answer.status_code >= 400:
            self.journal.refusals.append(f"{answer.status_code} {method} {path}: {answer.text[:300]}")
            return None
        return dict(answer.json())

    def _ask(self, method: str, url: str, headers: dict[str, str], **more: Any) -> httpx.Response | None:
        while time.monotonic() < self.until:
            try:
                answer = self.http.request(method, url, headers=headers, **more)
            except httpx.TransportError:
                self.journal.broken += 1
                time.sleep(0.2)
                continue
            if answer.status_code < 500 and answer.status_code != 429:
                return answer
            if answer.status_code not in (429, 503) or not answer.headers.get("Retry-After", "").isdigit():
                self.journal.faults.append(f"{answer.status_code} {method} {url}: {answer.text[:300]}")
            self.journal.broken += 1
            time.sleep(min(0.5, int(answer.headers.get("Retry-After", "1"))))
        return None

    def _upload(self, address: str, name: str) -> str:
        """One file by tus; after a break another upload takes its place, and nobody misses the first."""
        data = PDF + f"% {name} {uuid.uuid4()}\n".encode()
        while time.monotonic() < self.until:
            ticket = self._call("POST", f"{address}/ticket")
            if ticket is None:
                break
            headers = {"Tus-Resumable": "1.0.0", "Upload-Ticket": ticket["ticket"]}
            told = f"filename {base64.b64encode(f'{name}.pdf'.encode()).decode()}"
            made = self._ask(
                "POST", ticket["url"], headers | {"Upload-Length": str(len(data)), "Upload-Metadata": told}
            )
            if made is None or made.status_code != 201:
                self.journal.refusals.append(f"upload: {made.text[:300] if made else 'no time'}")
                continue
            where = made.headers["location"]
            body = headers | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            sent = self._ask("PATCH", where, body, content=data)
            if sent is not None and self._stored(where, headers, hashlib.sha256(data).hexdigest()):
                return where.rsplit("/", 1)[-1]
        return ""

    def _stored(self, where: str, headers: dict[str, str], digest: str) -> bool:
        """Whether the server has the very bytes; False when this upload will not get there any more."""
        for _ in range(100):
            answer = self._ask("GET", where, headers)
            told = answer.json() if answer is not None and answer.status_code == 200 else {}
            if told.get("state") == "stored":
                return bool(told["sha256"] == digest)
            if told.get("state") != "examining":
                return False
            time.sleep(0.1)
        return False

    def _steps(self, address: str, plaintiff: str) -> list[tuple[str, dict[str, Any]]]:
        """A complaint that passes every check; `plaintiff` names the job for the checker."""
        files = {slot: [self._upload(address, slot)] for slot in PAPERS}
        evidence = files.pop("evidence")
        return [
            ("court", {"court_id": self.court_id, "cause_id": str(self.cause_id), "contract_on": "2025-03-18",
                       "jurisdiction_ground": "money_receiver"}),
            ("mediation", {"mediation_will": "no", "mediation_told": True}),
            ("parties", {"parties": [
                {"id": "p1", "side": "plaintiff", "name": plaintiff, "id_number": "110105199003070025",
                 "ethnicity": "汉族", "phone": "13812345678", "address": "北京市朝阳区望京街 9 号"},
                {"id": "p2", "side": "defendant", "name": "程屿舟", "address": "北京市朝阳区酒仙桥路 2 号"}]}),
            ("claims", {"claims": [{"id": "c1", "kind": "principal", "amount": "300000", "basis": "借条第 1 条"}],
                        "costs_claim": True}),
            ("facts", {"facts": "2025 年 3 月 18 日被告借款 30 万元，至今未还。", "reasons": "民法典第六百七十五条。"}),
            ("agents", {"agents": [
                {"id": "a1", "party_id": "p1", "kind": "lawyer", "name": "周岚",
                 "lawyer_id": self.token.split("_")[1], "licence_no": "11105201211603034",
                 "firm": "北京衡川律师事务所", "powers": "general"}]}),
            ("evidence", {"files": files, "evidence": [
                {"id": "e1", "kind": "document", "name": "借条", "source": "被告出具", "purpose": "借款事实",
                 "upload_ids": evidence}]}),
            ("address", {"service_addresses": [
                {"party_id": "p1", "recipient": "周岚", "electronic": True, "mobile": "13912345678",
                 "address": "北京市朝阳区", "agreed": True}], "refund_account": {}}),
        ]  # fmt: skip


def amiss(owner: psycopg.Connection[Any], journal: Journal) -> list[str]:
    """What the database says against the journal: lost, doubled, half-filed, or a gap in the receipt numbers."""
    return [
        *_lost(owner, journal),
        *(f"doubled: {name} {count} times" for name, count in _doubled(owner, journal)),
        *(f"half filed: {receipt} {why}" for receipt, why in owner.execute(HALF, [journal.wanted]).fetchall()),
        *(f"without a filing: {count} {what}" for what, count in owner.execute(ORPHANS).fetchall() if count),
        *(f"gap in receipt numbers: {row}" for row in owner.execute(GAPS).fetchall()),
    ]


def _lost(owner: psycopg.Connection[Any], journal: Journal) -> list[str]:
    rows = owner.execute("SELECT id::text, receipt_no FROM filing_filing").fetchall()
    held = {(filing, receipt) for filing, receipt in rows}
    return [f"lost: {name} {told}" for name, told in journal.acknowledged.items() if told not in held]


def _doubled(owner: psycopg.Connection[Any], journal: Journal) -> list[Any]:
    return owner.execute(
        "SELECT plaintiffs, count(*) FROM filing_filing WHERE plaintiffs = ANY (%s) "
        "GROUP BY plaintiffs HAVING count(*) > 1",
        [journal.wanted],
    ).fetchall()


HALF = f"""
SELECT f.receipt_no, concat_ws(', ', d.why, e.why, o.why, w.why) FROM filing_filing f,
LATERAL (SELECT CASE WHEN count(*) <> {len(PAPERS)} THEN 'papers ' || count(*) END AS why
         FROM dossier_document WHERE court_id = f.court_id AND filing_id = f.id AND kind IN
             ('complaint', 'identity', 'mandate', 'firm_letter', 'evidence')) d,
LATERAL (SELECT CASE WHEN count(*) <> 1 THEN 'events ' || count(*) END AS why
         FROM audit_courtevent WHERE court_id = f.court_id AND filing_id = f.id AND action = 'filing.submit') e,
LATERAL (SELECT CASE WHEN count(*) <> 1 THEN 'outbox ' || count(*) END AS why FROM exchange_courtoutbox
         WHERE court_id = f.court_id AND topic = 'filing.submitted' AND payload->>'filing_id' = f.id::text) o,
LATERAL (SELECT CASE WHEN count(*) <> 1 THEN 'drafts ' || count(*) END AS why FROM filing_draft
         WHERE lawyer_id = f.lawyer_id AND id = f.draft_id AND filing_id = f.id AND receipt_no = f.receipt_no
           AND state = f.state) w
WHERE f.plaintiffs = ANY (%s) AND coalesce(d.why, e.why, o.why, w.why) IS NOT NULL
"""  # a constant of ours
ORPHANS = """
SELECT 'documents', count(*) FROM dossier_document d
WHERE filing_id IS NOT NULL AND NOT EXISTS (SELECT FROM filing_filing WHERE court_id = d.court_id AND id = d.filing_id)
UNION ALL SELECT 'drafts', count(*) FROM filing_draft d
WHERE filing_id IS NOT NULL AND NOT EXISTS (SELECT FROM filing_filing WHERE court_id = d.court_id AND id = d.filing_id)
"""
GAPS = """
SELECT c.court_id, c.day, c.last, count(f.id) FROM filing_receiptcounter c
LEFT JOIN filing_filing f ON f.court_id = c.court_id AND f.receipt_no LIKE '收' || to_char(c.day, 'YYYYMMDD') || '%'
GROUP BY c.court_id, c.day, c.last HAVING c.last <> count(f.id)
"""
