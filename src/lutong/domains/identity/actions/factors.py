"""The second factor: prove a code, once."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import connection
from django.utils.crypto import constant_time_compare

from lutong.domains.identity.models import Account

STEP = 30  # seconds
TOLERANCE = 1  # steps that a phone's clock may be off

# Only a step that is newer than the newest one used is accepted, also when two processes get the same code at once.
SPEND = """
INSERT INTO identity_codeuse (account_id, step) VALUES (%s, %s)
ON CONFLICT (account_id) DO UPDATE SET step = excluded.step WHERE identity_codeuse.step < excluded.step
RETURNING step
"""


def prove_code(*, account: Account, code: str, now: dt.datetime) -> Authenticator | None:
    """The factor that this 动态口令 or 备用码 belongs to, and the code is used up; None when it proves nothing."""
    code = "".join(code.split())
    held = {a.type: a for a in Authenticator.objects.filter(user_id=account.pk)}
    totp, codes = held.get(Authenticator.Type.TOTP), held.get(Authenticator.Type.RECOVERY_CODES)
    if totp is not None and _spend_step(totp, account.pk, code, now):
        return totp
    if codes is not None and codes.wrap().validate_code(code):
        return codes
    return None


def _spend_step(totp: Authenticator, account_id: int, code: str, now: dt.datetime) -> bool:
    secret, middle = decrypt(totp.data["secret"]), int(now.timestamp()) // STEP
    for step in range(middle - TOLERANCE, middle + TOLERANCE + 1):
        if constant_time_compare(code, format_hotp_value(hotp_value(secret, step))):
            with connection.cursor() as cursor:
                cursor.execute(SPEND, [account_id, step])
                return cursor.fetchone() is not None
    return False
