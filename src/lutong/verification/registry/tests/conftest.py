"""The fictional roll, the bureaus' keys, and people at the desk."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from lutong.kernel.actor import Role
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.faces import SESSION_KEY
from lutong.verification.registry.models import Officer

ZHOU_LAN = "11105201211603034"
GU_HENG = "11108200910180174"
DU_RUO = "13115201311325988"


@pytest.fixture
def roll(db: Any) -> None:
    """The demo world's people, entered by the bureaus' own acts."""
    call_command("load_demo_registry", verbosity=0)


@pytest.fixture
def beijing(roll: None) -> BureauActor:
    return actor_of("SF-11-001")


@pytest.fixture
def desk(roll: None) -> Client:
    """The officer of Beijing at the desk."""
    return at_desk("SF-11-001")


def actor_of(staff_no: str) -> BureauActor:
    officer = Officer.objects.get(staff_no=staff_no)
    return BureauActor(officer.pk, Role.BUREAU, officer.name, bureau=officer.bureau)


def at_desk(staff_no: str) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = Officer.objects.get(staff_no=staff_no).pk
    session.save()
    return client
