"""Addresses of 实人核验."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.livecheck import desk, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("live/", pages.live, name="live"),
    path("live/start/", pages.start, name="live-start"),
    path("live/<uuid:check_id>/", pages.check, name="live-check"),
    path("live/<uuid:check_id>/consent/", pages.consent, name="live-consent"),
    path("live/<uuid:check_id>/phrase/", pages.phrase, name="live-phrase"),
    path("live/<uuid:check_id>/film/", pages.film, name="live-film"),
    path("live/<uuid:check_id>/withdraw/", pages.withdraw, name="live-withdraw"),
    path("bureau/live/", desk.to_do, name="bureau-live"),
    path("bureau/live/counter/", desk.counter, name="bureau-live-counter"),
    path("bureau/live/<uuid:check_id>/", desk.review, name="bureau-live-check"),
    path("bureau/live/<uuid:check_id>/take/", desk.take, name="bureau-live-take"),
    path("bureau/live/<uuid:check_id>/release/", desk.release, name="bureau-live-release"),
    path("bureau/live/<uuid:check_id>/decide/", desk.decide, name="bureau-live-decide"),
    path("bureau/live/<uuid:check_id>/film", desk.film, name="bureau-live-film"),
]
