"""Every address of 律师身份核验平台."""

from django.urls import include, path

from lutong.verification import pages

handler404 = "lutong.verification.pages.not_found"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("about/<slug:topic>/", pages.about, name="about"),
    path("", include("lutong.verification.registry.urls")),  # v1/, feed/v1/, bureau/, control
    path("", include("lutong.verification.entrance.urls")),
    path("", include("lutong.verification.oidc.urls")),
    path("", include("lutong.verification.livecheck.urls")),
    path("", include("lutong.verification.cards.urls")),
]
