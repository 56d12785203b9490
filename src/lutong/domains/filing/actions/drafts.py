"""立案草稿: begun, saved step by step, thrown away and fetched back. The lawyer's own, also where others write."""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from lutong.domains.audit.actions import record_own
from lutong.domains.courts import queries as courts
from lutong.domains.delegation.actions import end_draft_grants, rename_draft
from lutong.domains.exchange.actions import answer_once
from lutong.domains.filing.access import drafts_of, filings_visible_to
from lutong.domains.filing.actions.offers import end_handover
from lutong.domains.filing.content import STEP_FIELDS, STEPS, FilingContent, read_content
from lutong.domains.filing.formdata import place_files
from lutong.domains.filing.merging import digest_of, merged, part_of, with_only
from lutong.domains.filing.models import Correction, Draft
from lutong.domains.filing.signing import unsigned
from lutong.domains.filing.states import FilingState
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

KEPT_FOR = dt.timedelta(days=30)  # how long a deleted draft can be fetched back
MOST_DRAFTS = 500
NOTED_EVERY = dt.timedelta(minutes=10)
_ROWS = ("parties", "agents", "claims", "evidence")
_PLACES = {key: place for place, (key, _) in enumerate(STEPS)}


@action
def start_draft(*, actor: Actor, now: dt.datetime) -> Draft:
    """Begin a draft: one plaintiff, one defendant, the lawyer himself as the plaintiff's agent.

    Raises NotAllowed for anybody but a lawyer, Invalid when he keeps too many drafts.
    """
    if not actor.is_lawyer:
        raise NotAllowed("只有律师可以在这里申请立案")
    content = FilingContent.model_validate(
        {
            "parties": [{"id": "p1", "side": "plaintiff"}, {"id": "p2", "side": "defendant"}],
            "agents": [_own_agent(actor)],
            "claims": [{"id": "c1", "kind": "principal"}],
        }
    )
    return _create(actor, content, "start", now)


@action
def start_draft_once(*, actor: Actor, key: str, now: dt.datetime) -> Draft:
    """Begin a draft for a program: the same Idempotency-Key answers the same draft."""

    def begin() -> tuple[int, dict[str, Any]]:
        return 201, {"id": str(start_draft(actor=actor, now=now).id)}

    _, body, _ = answer_once(actor=actor, key=key, request_body="filing.start_draft", work=begin, now=now)
    return fetch_draft(actor, uuid.UUID(body["id"]))


@action
def save_step(
    *,
    actor: Actor,
    draft_id: uuid.UUID,
    version: int,
    step: str,
    content_patch: Mapping[str, Any],
    now: dt.datetime,
    where: Mapping[str, str] | None = None,
    writer: str = "",
    base: str = "",
    reached: str = "",
) -> Draft:
    """Store one step as typed, also when it is wrong; `where` moves files (upload id → slot).

    `version` is the revision that the page was made from. An older one is accepted when nothing can be
    lost: the last writer was this very page (`writer`), or the step still is what the page showed (`base`).
    After a correction notice only the fields it names may change; others keep their values.
    Raises Conflict with both versions otherwise, Invalid for impossible shapes.
    """
    draft = fetch_draft(actor, draft_id, lock=True)
    content = dict(draft.content)
    wanted = {**content, **_sound_patch(step, content_patch)}
    if where:
        wanted["files"], wanted["evidence"] = place_files(
            files=content.get("files", {}), evidence=wanted.get("evidence", []), where=where
        )
    new = _named(_with_ids(read_content(wanted)), step)
    fresh = _closed_kept(draft, actor, new.model_dump(mode="json"))
    _check_revision(actor, draft, version, step, fresh, writer=writer, base=base)
    _move_on(draft, reached)
    if fresh == content:
        draft.save(update_fields=["step"])
        return draft
    _store(actor, draft, FilingContent.model_validate(fresh), step, now, writer)
    return draft


@action
def merge_step(
    *,
    actor: Actor,
    draft_id: uuid.UUID,
    version: int,
    step: str,
    mine: Mapping[str, Any],
    take_mine: frozenset[str],
    now: dt.datetime,
    writer: str = "",
) -> Draft:
    """Settle a conflict: of the differences between `mine` and the server's `version`, take the chosen ones.

    Raises Conflict when the server's content has moved on meanwhile; then the comparison is shown anew.
    """
    draft = fetch_draft(actor, draft_id, lock=True)
    if draft.version != version:
        raise Conflict("服务器上的内容又有更新，请重新比对", version=draft.version)
    content = dict(draft.content)
    ours = read_content({**content, **_sound_patch(step, mine)}).model_dump(mode="json")
    chosen = merged(part_of(ours, step=step), part_of(content, step=step), take_mine=take_mine)
    new = _named(_with_ids(read_content({**content, **chosen})), step)
    fresh = _closed_kept(draft, actor, new.model_dump(mode="json"))
    _store(actor, draft, FilingContent.model_validate(fresh), step, now, writer)
    return draft


@action
def delete_draft(*, actor: Actor, draft_id: uuid.UUID, now: dt.datetime) -> Draft:
    """Put a draft aside; `restore_draft` brings it back within 30 days. Raises Conflict once it is submitted."""
    draft = fetch_draft(actor, draft_id, lock=True)
    _refuse_assistant(actor)
    if draft.state != FilingState.DRAFT:
        raise Conflict("已提交的申请不能删除；需要终止的，请撤回申请", state=draft.state)
    end_draft_grants(actor=actor, draft_id=draft.id, reason="律师删除了草稿", now=now)
    end_handover(actor=actor, draft=draft, step="delete", now=now)
    draft.deleted_at = now
    draft.save(update_fields=["deleted_at"])
    record_own(actor=actor, action="filing.delete_draft", subject=str(draft_id), now=now)
    return draft


@action
def restore_draft(*, actor: Actor, draft_id: uuid.UUID, now: dt.datetime) -> Draft:
    """Fetch a deleted draft back. Raises NotFound when it is not there any more."""
    _refuse_assistant(actor)
    draft = drafts_of(actor).select_for_update().filter(id=draft_id, deleted_at__gt=now - KEPT_FOR).first()
    if draft is None:
        raise NotFound("没有这份草稿，或者删除已超过 30 天")
    draft.deleted_at = None
    draft.save(update_fields=["deleted_at"])
    record_own(actor=actor, action="filing.restore_draft", subject=str(draft_id), now=now)
    return draft


@action
def duplicate_draft(*, actor: Actor, draft_id: uuid.UUID, now: dt.datetime) -> Draft:
    """A new draft after an earlier one, whatever its state. Files, agreements and told consents do not come along."""
    source = fetch_draft(actor, draft_id)
    _refuse_assistant(actor)
    content = FilingContent.model_validate(source.content)
    content.files, content.mediation_told = {}, False
    content.evidence = [line.model_copy(update={"upload_ids": []}) for line in content.evidence]
    content.service_addresses = [
        address.model_copy(update={"agreed": False, "consent_judgment_e_service": False})
        for address in content.service_addresses
    ]
    return _create(actor, content, "duplicate", now)


def _create(actor: Actor, content: FilingContent, verb: str, now: dt.datetime) -> Draft:
    if drafts_of(actor).filter(state=FilingState.DRAFT, deleted_at=None).count() >= MOST_DRAFTS:
        raise Invalid(f"待提交的草稿已有 {MOST_DRAFTS} 份，请先提交或者删除不用的草稿")
    draft = Draft(lawyer_id=actor.person_id, created_at=now, updated_at=now, step=STEPS[0][0])
    describe(draft, content)
    draft.save(force_insert=True)
    record_own(actor=actor, action=f"filing.{verb}_draft", subject=str(draft.id), now=now)
    return draft


def fetch_draft(actor: Actor, draft_id: uuid.UUID, *, lock: bool = False) -> Draft:
    """A draft or filing that the actor works with, or NotFound; part of the caller's transaction."""
    mine = drafts_of(actor).filter(deleted_at=None)
    draft = (mine.select_for_update() if lock else mine).filter(id=draft_id).first()
    if draft is None:
        raise NotFound("没有这份申请，或您无权查看")
    return draft


def _refuse_assistant(actor: Actor) -> None:
    if actor.is_assistant:
        raise NotAllowed("草稿的新建、复制、删除和恢复由律师本人办理")


def _own_agent(actor: Actor) -> dict[str, str]:
    lawyer = get_lawyer(lawyer_id=actor.person_id)
    known = {"licence_no": lawyer.licence_no, "firm": lawyer.firm_name} if lawyer else {}
    return {
        "id": "a1",
        "party_id": "p1",
        "kind": "lawyer",
        "lawyer_id": str(actor.person_id),
        "name": actor.name,
    } | known


def _sound_patch(step: str, patch: Mapping[str, Any]) -> dict[str, Any]:
    if step not in STEP_FIELDS:
        raise NotFound("没有这一步")
    return {field: patch[field] for field in STEP_FIELDS[step] if field in patch}


def _with_ids(content: FilingContent) -> FilingContent:
    """Give every new row an id of its own; it stays with the row for good."""
    for name in _ROWS:
        seen: set[str] = set()
        for row in getattr(content, name):
            if not row.id.isalnum() or len(row.id) > 12 or row.id in seen:
                row.id = secrets.token_hex(4)
            seen.add(row.id)
    return content


def _named(content: FilingContent, step: str) -> FilingContent:
    """Names of court and cause come from the directory, never from the form."""
    if step == "court":
        content.court_name = _or_nothing(lambda: courts.get_court(court_id=content.court_id or -1).name)
        cause_id = int(content.cause_id) if content.cause_id.isascii() and content.cause_id.isdigit() else -1
        content.cause_name = _or_nothing(lambda: courts.get_cause(cause_id=min(cause_id, 2**31 - 1)).name)
    return content


def _or_nothing(find: Callable[[], str]) -> str:
    try:
        return find()
    except NotFound:
        return ""


def _closed_kept(draft: Draft, actor: Actor, new: dict[str, Any]) -> dict[str, Any]:
    """In 逐项补正 only the named fields change; outside a draft and a correction nothing does.

    In a draft an assistant changes everything but what the lawyer confirms himself.
    """
    if draft.state == FilingState.DRAFT:
        return unsigned(new, old=dict(draft.content)) if actor.is_assistant else new
    if draft.state != FilingState.RETURNED:
        raise Conflict("申请已提交，内容不能再修改", state=draft.state)
    filing = filings_visible_to(actor, court_id=draft.court_id or 0).filter(id=draft.filing_id or draft.id).first()
    if filing is None:
        raise NotFound("没有这份申请，或您无权查看")
    opened = opened_fields(court_id=filing.court_id, filing_id=filing.id)
    kept: dict[str, Any] = with_only(new, old=dict(draft.content), opened=opened)
    return kept


def opened_fields(*, court_id: int, filing_id: uuid.UUID) -> list[str]:
    """The field paths that the unanswered correction notice of a filing names."""
    notice = (
        Correction.objects.filter(court_id=court_id, filing_id=filing_id, answered_at=None).order_by("-round").first()
    )
    return [path for item in (notice.items if notice else []) for path in item.get("fields", [])]


def _check_revision(
    actor: Actor, draft: Draft, version: int, step: str, fresh: dict[str, Any], *, writer: str, base: str
) -> None:
    if version == draft.version or (writer and writer == draft.saved_by):
        return
    held = digest_of(draft.content, step=step)
    if held in (base, digest_of(fresh, step=step)):
        return
    last = draft.authors.get(step, {})
    other = last.get("who", "") if last.get("id") != actor.person_id else ""
    raise Conflict(
        f"{other or '您'}已在别的窗口或设备上改过这一步，请比对后选择保留哪一份",
        by=other,
        at=last.get("at", ""),
        version=draft.version,
        your_version=version,
        mine=part_of(fresh, step=step),
        theirs=part_of(draft.content, step=step),
    )


def _move_on(draft: Draft, reached: str) -> None:
    """Remember the furthest step: those behind it show their errors."""
    if _PLACES.get(reached, -1) > _PLACES.get(draft.step, 0):
        draft.step = reached


def _store(
    actor: Actor, draft: Draft, content: FilingContent, step: str, now: dt.datetime, writer: str
) -> None:  # fmt: skip
    last = draft.authors.get(step)
    mine = last is not None and last["id"] == actor.person_id
    if last is None or not mine or now - dt.datetime.fromisoformat(last["at"]) > NOTED_EVERY:
        # A line for each keystroke would bury the trail.
        record_own(
            actor=actor,
            action="filing.save_draft",
            subject=str(draft.id),
            now=now,
            version=draft.version + 1,
            step=step,
        )
    draft.authors = {
        **draft.authors,
        step: {"id": actor.person_id, "who": actor.signature, "at": now.isoformat()},
    }
    if actor.is_assistant:
        draft.handed_back_at, draft.handed_back_by = None, ""
    title = draft.title
    describe(draft, content)
    if draft.title != title:
        rename_draft(lawyer_id=draft.lawyer_id, draft_id=draft.id, title=draft.title)
    draft.version += 1
    draft.saved_by = writer[:40]
    draft.updated_at = now
    draft.save()


def describe(draft: Draft, content: FilingContent) -> None:
    """What lists show of a draft."""
    draft.content = content.model_dump(mode="json")
    if draft.state == FilingState.DRAFT:
        draft.court_id = content.court_id if content.court_name else None
        draft.court_name, draft.cause_name = content.court_name[:60], content.cause_name[:80]
        draft.title = title_of(content)


def title_of(content: FilingContent) -> str:
    """苏晚晴诉程屿舟民间借贷纠纷"""
    plaintiffs, defendants = (_names(content, side) for side in ("plaintiff", "defendant"))
    versus = f"{plaintiffs or '原告'}诉{defendants or '被告'}" if plaintiffs or defendants else ""
    return f"{versus}{content.cause_name}"[:200]


def _names(content: FilingContent, side: str) -> str:
    names = [party.name.strip() for party in content.side(side) if party.name.strip()]
    return f"{names[0][:40]}等 {len(names)} 人" if len(names) > 2 else "、".join(name[:40] for name in names)
