"""Officers of the bureaus and of the courts' windows: accounts of this service, with password and dynamic code."""

import base64
import datetime as dt
import os

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache

from lutong.kernel.acting import action
from lutong.kernel.errors import NotAllowed
from lutong.verification.registry.actions.trail import record
from lutong.verification.registry.actors import BureauActor, DeskActor, service
from lutong.verification.registry.models import CourtWindow, Officer
from lutong.verification.registry.otp import STEP, code_at
from lutong.verification.registry.queries import actor_for

TRIES, WINDOW = 5, 300  # wrong attempts of one account, seconds
TRIES_OF_ADDRESS = 20
WRONG = "工号、密码或动态口令不对。每个动态口令只能用一次，请等下一个再试"


def enrol_window(*, code: str, name: str, bureau: str) -> None:
    """Open the window of a court (代字, full name, code of its province), or put its name right."""
    CourtWindow.objects.update_or_create(code=code, defaults={"name": name, "bureau": bureau})


def enrol_officer(*, staff_no: str, name: str, bureau: str = "", court: str = "", password: str) -> int:
    """Make an account with a second factor for an officer of a bureau, or of a court's window; answers his id.

    Safe to repeat.
    """
    secret = base64.b32encode(os.urandom(20)).decode()
    officer, made = Officer.objects.get_or_create(
        staff_no=staff_no,
        defaults={"name": name, "bureau": bureau, "court_id": court or None, "totp_secret": secret},
    )
    if made:
        officer.password = make_password(password)
        officer.save(update_fields=["password"])
    return officer.pk


def sign_in(*, staff_no: str, password: str, code: str, address: str, now: dt.datetime) -> DeskActor:
    """Sign an officer in. Raises NotAllowed, with the same words for an unknown name, a wrong password or code.

    Five wrong attempts of one account, or twenty from one address, within five minutes are answered with a pause.
    """
    counters = {f"officer:{staff_no[:30]}": TRIES, f"address:{address}": TRIES_OF_ADDRESS}
    if any(int(cache.get(key, 0)) >= most for key, most in counters.items()):
        raise NotAllowed("尝试次数过多，为保护账号安全，请 5 分钟后再试", retry_after=WINDOW)
    officer = Officer.objects.filter(staff_no=staff_no, active=True).select_related("court").first()
    right = check_password(password, officer.password) if officer else bool(make_password(password)) and False
    counter = _counter(officer, code, now) if officer and right else 0
    if officer is None or not counter or not _use(officer, counter):
        for key in counters:
            cache.add(key, 0, WINDOW)
            cache.incr(key)
        raise NotAllowed(WRONG)
    actor = actor_for(officer)
    _note(actor=actor, act="sign_in", now=now)
    return actor


def sign_out(*, actor: DeskActor, now: dt.datetime) -> None:
    """Write the end of the officer's work into the trail."""
    _note(actor=actor, act="sign_out", now=now)


def _counter(officer: Officer, code: str, now: dt.datetime) -> int:
    """The time step of a right code that was not used before; 0 for a wrong one. Clocks may differ by one."""
    step = int(now.timestamp()) // STEP
    for near in (step, step - 1, step + 1):
        if near > officer.totp_counter and code_at(str(officer.totp_secret), near * STEP) == code.strip():
            return near
    return 0


def _use(officer: Officer, counter: int) -> bool:
    """Use a code up; False if somebody was quicker."""
    return _use_up(actor=service(), officer_id=officer.pk, counter=counter)


@action
def _use_up(*, actor: BureauActor, officer_id: int, counter: int) -> bool:
    return bool(Officer.objects.filter(pk=officer_id, totp_counter__lt=counter).update(totp_counter=counter))


@action
def _note(*, actor: DeskActor, act: str, now: dt.datetime) -> None:
    record(actor=actor, act=act, subject="", now=now)
