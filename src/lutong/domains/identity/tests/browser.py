"""A browser in which somebody has signed in with all factors, for the tests of every domain."""

import time

from django.test import Client

from lutong.domains.identity.models import Account
from lutong.domains.identity.queries import remember
from lutong.kernel.actor import Actor


def enter(client: Client, actor: Actor) -> None:
    """Let this person sign in; his account is made when the test has none."""
    account, _ = Account.objects.get_or_create(
        id=actor.person_id, defaults={"sign_name": f"S{actor.person_id}", "name": actor.name, "password": "!"}
    )
    client.force_login(account, backend="lutong.domains.identity.backend.SignInBackend")
    session = client.session
    remember(actor=actor, session=session, stamp=account.stamp)
    session["account_authentication_methods"] = [{"method": "sign_in", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def grow_old(client: Client, *, seconds: int = 3600) -> None:
    """Let the sign-in of this browser lie so long ago that a grave act asks again who sits there."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - seconds} for record in session["account_authentication_methods"]
    ]
    session.save()


def be_seen(client: Client) -> None:
    """The platform saw the person of this browser just now."""
    session = client.session
    session["seen"] = {"person": int(session["_auth_user_id"]), "at": time.time()}
    session.save()


def browser(actor: Actor, *, raises: bool = True) -> Client:
    """A signed-in browser of this person; `raises` False answers 500 instead of raising what went wrong."""
    client = Client(raise_request_exception=raises)
    enter(client, actor)
    return client
