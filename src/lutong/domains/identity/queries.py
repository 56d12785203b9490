"""Who acts, and who is who."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled

from lutong.domains.identity.models import Account, Lawyer, Post
from lutong.kernel.actor import Actor, Role


def actor_of(*, account: Any, session: Any) -> Actor | None:
    """The actor of a browser session; None for a visitor and before the second factor is set up."""
    if not getattr(account, "is_authenticated", False):
        return None
    known = session.get("actor")
    if known and known["person_id"] == account.pk:
        return Actor(known["person_id"], Role(known["role"]), known["name"], known["court_id"])
    if not is_mfa_enabled(account):
        return None
    actor = _actor_from_tables(account)
    if actor is not None:
        session["actor"] = {
            "person_id": actor.person_id, "role": str(actor.role), "name": actor.name, "court_id": actor.court_id,
        }  # fmt: skip
    return actor


def _actor_from_tables(account: Account) -> Actor | None:
    post = Post.objects.filter(account_id=account.pk, active=True).order_by("id").first()
    if post is not None:
        return Actor(account.pk, Role(post.role), account.name, post.court_id)
    if Lawyer.objects.filter(lawyer_id=account.pk).exists():
        return Actor(account.pk, Role.LAWYER, account.name)
    return None


def get_lawyer(*, lawyer_id: int) -> Lawyer | None:
    """The licence bound to an account, as the registry stated it last."""
    return Lawyer.objects.filter(lawyer_id=lawyer_id).first()


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a court's staff, as other domains see him."""

    person_id: int
    name: str
    role: str
    department: str


def list_colleagues(*, court_id: int, role: Role | None = None) -> list[Colleague]:
    """The active staff of a court, by name; `role` narrows."""
    posts = Post.objects.filter(court_id=court_id, active=True).select_related("account").order_by("account__name")
    if role is not None:
        posts = posts.filter(role=role)
    return [Colleague(p.account_id, p.account.name, p.role, p.department) for p in posts]


def get_colleague(*, court_id: int, person_id: int, role: Role) -> Colleague | None:
    """One member of a court's staff in a given role, or None."""
    return next((c for c in list_colleagues(court_id=court_id, role=role) if c.person_id == person_id), None)
