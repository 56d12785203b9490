"""Who acts: the one middleware that knows the domains; the rest of the door is in `door`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lutong.domains.identity.queries import actor_of

Handler = Callable[[HttpRequest], HttpResponse]


def who_acts(get_response: Handler) -> Handler:
    """Resolve the session to an actor; `request.actor` is None for a visitor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(account=request.user, session=request.session)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
