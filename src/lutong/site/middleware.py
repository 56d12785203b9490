"""Who acts: the one middleware that knows the domains; the rest of the door is in `door`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lutong.domains.identity.queries import actor_of, bar_of
from lutong.site import barred

Handler = Callable[[HttpRequest], HttpResponse]


def who_acts(get_response: Handler) -> Handler:
    """Resolve the session to an actor; `request.actor` is None for a visitor.

    A session whose licence is no longer in force ends here, and the page says why (意见第十六条).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(account=request.user, session=request.session)  # type: ignore[attr-defined]
        if request.actor is None and request.user.is_authenticated:  # type: ignore[attr-defined]
            refusal = bar_of(person_id=request.user.pk)
            if refusal is not None:
                return barred.turned_away(request, refusal)
        return get_response(request)

    return middleware
