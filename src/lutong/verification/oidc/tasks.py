"""What the courier does for the provider: follow the roll, notice visits that ended, deliver logout tokens."""

import datetime as dt
from typing import Any

import httpx
from joserfc import jwt

from lutong.verification.entrance import actions as entrance
from lutong.verification.oidc import actions, keys, queries, rules
from lutong.verification.oidc.models import LogoutNotice
from lutong.verification.oidc.provider import KEYS, issuer
from lutong.verification.oidc.secrets import subject_of
from lutong.verification.registry import queries as registry

AT_ONCE = 50
_SECONDS = 5.0
_ROLL = "roll"


def follow_roll(*, now: dt.datetime) -> int:
    """A licence that is no longer in force ends the visits and connections of its holder; answers how many changes."""
    after = actions.bookmark(name=_ROLL)
    changes = registry.list_changes(after=after, limit=200)
    for change in changes:
        if change.status != "active":
            person_id = change.licence.person_id
            entrance.leave_everywhere(person_id=person_id, but=None, why="status", now=now)
            actions.disconnect_everywhere(person_id=person_id, now=now)
        actions.move_bookmark(name=_ROLL, seq=change.seq)
    return len(changes)


def notice_endings(*, now: dt.datetime) -> int:
    """Write a notice for each application that believes in a visit which is over."""
    outlived = queries.list_outlived_connections(now=now, limit=AT_ONCE)
    return actions.end_connections(connections=outlived, now=now)


def deliver_notices(*, now: dt.datetime) -> int:
    """Post what is due; answers how many were taken. The calls go outward, in no transaction."""
    taken = 0
    with httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as http:
        for notice in queries.list_due_notices(now=now, limit=AT_ONCE):
            problem = _deliver(http, notice, now)
            if problem is None:
                actions.notice_taken(notice=notice, now=now)
                taken += 1
            else:
                actions.notice_failed(notice=notice, problem=problem, now=now)
    return taken


def retire_keys(*, now: dt.datetime) -> int:
    """Destroy signing keys whose last token is over."""
    return keys.retire(KEYS, now=now)


def _deliver(http: httpx.Client, notice: LogoutNotice, now: dt.datetime) -> str | None:
    """None when it was taken (Back-Channel Logout 2.8: 200, and 204 of some frameworks); else why not."""
    try:
        response = http.post(notice.application.logout_uri, data={"logout_token": logout_token(notice, now)})
    except httpx.HTTPError as error:
        return type(error).__name__
    return None if response.status_code in {200, 204} else f"HTTP {response.status_code}"


def logout_token(notice: LogoutNotice, now: dt.datetime) -> str:
    """The signed logout token: with `sid` it ends one visit's sessions, without it all of the person's."""
    key = keys.signing_key(KEYS, now=now)
    client_id, issued = notice.application.client_id, int(now.timestamp())
    told: dict[str, Any] = {
        "iss": issuer(), "aud": client_id, "iat": issued, "exp": issued + int(rules.LOGOUT_TOKEN_LIFE.total_seconds()),
        "jti": str(notice.pk), "sub": subject_of(client_id=client_id, person_id=notice.person_id),
        "events": {rules.LOGOUT_EVENT: {}},
    }  # fmt: skip
    if notice.visit_id is not None:
        told["sid"] = str(notice.visit_id)
    header = {"alg": keys.ALGORITHM, "kid": key.kid, "typ": "logout+jwt"}
    return jwt.encode(header, told, key, [keys.ALGORITHM])
