"""Addresses of 入口."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.entrance import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-in/code/", pages.sign_in_code, name="sign-in-code"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("signed-out/", pages.signed_out, name="signed-out"),
    path("me/", pages.me, name="me"),
    path("me/visits/end/", pages.end_others, name="me-end-others"),
]
