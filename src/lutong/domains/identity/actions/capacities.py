"""切换职务: who holds several posts works in one of them at a time."""

import datetime as dt

from lutong.domains.audit.actions import record
from lutong.domains.identity.models import Post
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotFound


@action
def switch_capacity(*, actor: Actor, post_id: int, now: dt.datetime) -> Actor:
    """Work on in another post of the actor's own; it is also the one of the next sign-in. Raises NotFound."""
    post = Post.objects.filter(account_id=actor.person_id, id=post_id, active=True).first()
    if post is None or not actor.court_id:
        raise NotFound("没有这个职务，或者它已经结束")
    Post.objects.filter(account_id=actor.person_id, id=post.id).update(used_at=now)
    record(
        actor=actor, court_id=actor.court_id, action="identity.switch_capacity", subject=Role(post.role).label, now=now,
        court=post.court_id, role=post.role,
    )  # fmt: skip
    return Actor(actor.person_id, Role(post.role), actor.name, post.court_id)
