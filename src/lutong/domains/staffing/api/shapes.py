"""Members in the shapes of SCIM, and back."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from scim2_models import EnterpriseUser, Error, Group, PatchOp, User

from lutong.domains.staffing.queries import LABELS, MemberRow, Provisioned
from lutong.kernel.errors import Invalid, NotFound

CORE, LIST = "urn:ietf:params:scim:schemas:core:2.0", "urn:ietf:params:scim:api:messages:2.0:ListResponse"
Person = User[EnterpriseUser]
_FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+"([^"\\]{1,80})"\s*', re.IGNORECASE)


def user(row: MemberRow) -> dict[str, Any]:
    """One member as a User."""
    member = row.member
    made = Person.model_validate({
        "schemas": [f"{CORE}:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "id": str(member.id), "externalId": member.external_id or None, "userName": member.staff_no,
        "displayName": member.name, "name": {"formatted": member.name}, "active": member.active,
        "phoneNumbers": [{"value": member.mobile, "type": "mobile"}] if member.mobile else [],
        "groups": [{"value": r, "display": label, "$ref": f"/scim/v2/Groups/{r}"} for r, label, _ in row.posts],
        "roles": [{"value": role, "display": label} for role, label, _ in row.posts],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": member.department or None},
        "meta": {
            "resourceType": "User", "created": member.created_at.isoformat(),
            "lastModified": member.changed_at.isoformat(), "version": version(member),
            "location": f"/scim/v2/Users/{member.id}",
        },
    })  # fmt: skip
    return dict(made.model_dump())


def group(role: str, holders: list[tuple[uuid.UUID, str]]) -> dict[str, Any]:
    """One post as a Group."""
    made = Group.model_validate({
        "id": role, "displayName": LABELS[role],
        "meta": {"resourceType": "Group", "location": f"/scim/v2/Groups/{role}"},
        "members": [{"value": str(i), "display": name, "$ref": f"/scim/v2/Users/{i}"} for i, name in holders],
    })  # fmt: skip
    return dict(made.model_dump())


def told(sent: Any) -> Provisioned:
    """What a User says of a person; roles are None when it does not name them."""
    phones = sent.phone_numbers or []
    extension = (
        sent[EnterpriseUser] if EnterpriseUser in getattr(sent, "get_extension_models", dict)().values() else None
    )
    name = sent.display_name or (sent.name.formatted if sent.name else "") or ""
    return Provisioned(
        staff_no=(sent.user_name or "").strip(), name=name.strip(), mobile=(phones[0].value or "") if phones else "",
        department=(extension.department or "") if extension else "", external_id=sent.external_id or "",
        active=sent.active is not False,
        roles=None if sent.roles is None else tuple(role.value or "" for role in sent.roles),
    )  # fmt: skip


def patched(row: MemberRow, body: Any) -> Any:
    """The person as a PATCH leaves him."""
    change = PatchOp[Person].model_validate(body)
    person = Person.model_validate(user(row))
    change.patch(person)
    return person


def version(member: Any) -> str:
    """The ETag of a member."""
    return f'W/"{member.version}"'


def row_id(text: str) -> uuid.UUID:
    """The id in an address. Raises NotFound."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("本院没有这个人员") from None


def wanted(text: str) -> tuple[str, str]:
    """The attribute and value of a filter, ("", "") without one. Raises Invalid for a filter that is not kept."""
    if not text:
        return "", ""
    hit = _FILTER.fullmatch(text)
    if hit is None:
        raise Invalid('只支持 userName eq "…" 和 externalId eq "…"')
    return hit[1].lower(), hit[2]


def window(query: Mapping[str, str], most: int) -> tuple[int, int]:
    """startIndex (from 1) and count. Raises Invalid."""
    try:
        start, count = int(query.get("startIndex", "1")), int(query.get("count", str(most)))
    except ValueError:
        raise Invalid("startIndex 和 count 应为整数") from None
    return min(max(start, 1), 10**6), min(max(count, 0), most)


def listed(rows: list[dict[str, Any]], *, total: int | None = None, start: int = 1) -> dict[str, Any]:
    """A ListResponse."""
    return {
        "schemas": [LIST], "totalResults": len(rows) if total is None else total, "startIndex": start,
        "itemsPerPage": len(rows), "Resources": rows,
    }  # fmt: skip


def resource_type(name: str, place: str) -> dict[str, Any]:
    """A ResourceType."""
    return {
        "schemas": [f"{CORE}:ResourceType"], "id": name, "name": name, "endpoint": f"/{place}",
        "schema": f"{CORE}:{name}",
    }  # fmt: skip


def answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON as SCIM names it."""
    return JsonResponse(body, status=status, content_type="application/scim+json")


def fault(status: int, words: str, kind: str | None = None) -> HttpResponse:
    """A refusal in the shape of RFC 7644, 3.12."""
    return answer(dict(Error(status=status, detail=words, scim_type=kind).model_dump()), status)
