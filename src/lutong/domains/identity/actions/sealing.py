"""动态口令密钥和备用码种子 at rest: sealed, never in plaintext; allauth's adapter calls these two words."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from lutong.kernel.errors import Conflict
from lutong.kernel.sealed import Unreadable, is_newest, is_sealed, seal_text, unseal_text

PLACE = "mfa_authenticator.data"
SECRETS = ("secret", "seed")
BATCH = 500


def seal_secret(*, text: str) -> str:
    """What the database may hold of a second factor's secret."""
    return seal_text(text, bound_to=PLACE)


def open_secret(*, sealed: str) -> str:
    """The secret itself. Raises Conflict when this installation has no key for it."""
    try:
        return unseal_text(sealed, bound_to=PLACE)
    except Unreadable as error:
        raise Conflict(
            "平台暂时打不开您的动态口令和备用码，没有计入输错次数。请改用通行密钥登录，或请平台管理员核对密钥"
        ) from error


def seal_second_factors() -> int:
    """Seal what stands in plaintext or under an older key; answers how many rows. Safe to repeat. Raises Unreadable."""
    done, after = 0, 0
    while True:
        with transaction.atomic():
            rows = Authenticator.objects.select_for_update().filter(pk__gt=after).order_by("pk")
            batch = list(rows[:BATCH])
            for row in batch:
                done += _seal_row(row)
        if not batch:
            return done
        after = batch[-1].pk


def _seal_row(row: Authenticator) -> bool:
    older = {name: row.data[name] for name in SECRETS if name in row.data and not is_newest(row.data[name])}
    for name, text in older.items():
        plain = unseal_text(text, bound_to=PLACE) if is_sealed(text) else text
        row.data[name] = seal_secret(text=plain)
    if older:
        row.save(update_fields=["data"])
    return bool(older)
