"""登录暂停: a pause is never silent, is kept, and may be lifted by the security administrator of the person's court."""

import datetime as dt

from django.db import transaction

from lutong.domains.audit.actions import record_own
from lutong.domains.identity.actions.limits import Spent, begin_try, free
from lutong.domains.identity.events import PauseLifted, SignInPaused
from lutong.domains.identity.models import Account, Pause, ShortMessage
from lutong.domains.identity.rules import EPISODE, HOUR, KEEP_PAUSES
from lutong.kernel.acting import refuse_on
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid
from lutong.kernel.events import announce

refuse_on("pause_not_lifted_by_oneself", lambda: Conflict("不能解除自己账号的暂停"))

PASSWORD, CODE = "password", "code"


def note_pause(*, account: Account, what: str, key: str, spent: Spent, now: dt.datetime) -> None:
    """A wrong try used up a limit: keep it, and tell the bell, the trail and the registered mobile.

    Whoever goes on guessing prolongs the same pause; the person hears again only when it has grown by an hour, so
    that nobody can flood him with messages.
    """
    until = now + spent.wait
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # one after the other: one pause, one message
        same = Pause.objects.filter(account=account, key=key, lifted_at=None, until__gt=now - EPISODE)
        pause = same.order_by("-since").first()
        if pause is None:
            pause = Pause(
                account=account, key=key, what=what, own_browser=".device:" in key, since=now, told_until=until
            )
            told = False
        else:
            told = until <= pause.told_until + HOUR
        pause.until = until
        pause.sources = max(pause.sources, spent.sources)
        if not told:
            pause.told_until = until
        pause.save()
        if not told:
            _tell(account, pause, now)


def lift(*, pause_id: int, person_id: int, by: Actor, reason: str, now: dt.datetime) -> Pause:
    """解除暂停: the tries that led to it count no more. Part of the caller's transaction, which says who may.

    At most three times a day for an account: a lift hands out new tries to whoever guesses. Raises Invalid, Conflict.
    """
    if not 1 <= len(reason) <= 200:
        raise Invalid("请写明解除的理由", fields={"reason": "请写明理由，不超过 200 字"})
    pause = Pause.objects.select_for_update().filter(pk=pause_id, account_id=person_id).first()
    if pause is None or pause.lifted_at is not None or pause.until <= now:
        raise Conflict("这次暂停已经结束，不用解除")
    if not begin_try(limits=[("lift.account", str(person_id))], now=now).is_admitted:
        raise Conflict("这个账号一天内已解除 3 次。请与本人核实是否有人在猜测，改用通行密钥或重新设置登录")
    pause.lifted_at, pause.lifted_by, pause.lifter_name, pause.reason = now, by.person_id, by.name, reason
    pause.save()
    free(key=pause.key)
    announce(PauseLifted(person_id, pause.what, by.name, reason, now))
    return pause


def forget_pauses(*, now: dt.datetime) -> int:
    """Pauses are kept a year (网络安全法第二十三条: logs for six months at least); answers how many went."""
    return Pause.objects.filter(until__lt=now - KEEP_PAUSES).delete()[0]


def _tell(account: Account, pause: Pause, now: dt.datetime) -> None:
    actor = Actor(account.pk, Role.LAWYER, account.name)
    record_own(actor=actor, action="identity.pause_sign_in", subject="", now=now, what=pause.what)
    announce(SignInPaused(account.pk, pause.what, pause.own_browser, pause.until, now))
    if account.mobile:
        others = "其他浏览器" if pause.own_browser else "浏览器"
        ShortMessage.objects.create(
            mobile=account.mobile, at=now,
            text="【律通】您的账号连续多次验证失败，已暂停尝试几分钟。不是本人操作的，请登录后修改密码；"
            f"通行密钥登录和您用过的{others}不受影响。",
        )  # fmt: skip
