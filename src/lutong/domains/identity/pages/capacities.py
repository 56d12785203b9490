"""切换职务: the posts that a person holds, and the one in which he works now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lutong.domains.courts.queries import get_court
from lutong.domains.identity import actions, queries
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, signed_in, whole_number


@require_http_methods(["GET", "POST"])
@signed_in
def capacities(request: HttpRequest) -> HttpResponse:
    """The list; a POST switches and goes to the desk of that post."""
    actor = actor_in(request)
    posts = queries.list_capacities(actor=actor)
    if not posts:
        raise NotFound("没有这个页面，或您无权查看")
    if request.method == "POST":
        chosen = actions.switch_capacity(actor=actor, post_id=whole_number(request.POST.get("post")), now=clock.now())
        account = queries.get_account(actor=actor)
        queries.remember(actor=chosen, session=request.session, stamp=account.stamp)
        messages.success(request, f"现在以{chosen.role.label}的身份工作")
        return redirect("home")
    rows = [
        (post, get_court(court_id=post.court_id).name, Role(post.role).label,
         (post.court_id, post.role) == (actor.court_id, actor.role))
        for post in posts
    ]  # fmt: skip
    return render(request, "identity/capacities.html", {"here": "account", "rows": rows})
