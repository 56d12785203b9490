"""Addresses of 入口."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.entrance.pages import door, own, passkeys

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", door.sign_in, name="sign-in"),
    path("sign-in/code/", door.sign_in_code, name="sign-in-code"),
    path("sign-in/passkey/", door.sign_in_key, name="sign-in-key"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("signed-out/", door.signed_out, name="signed-out"),
    path("me/", own.me, name="me"),
    path("me/visits/end/", own.end_others, name="me-end-others"),
    path("me/passkeys/add/", passkeys.add, name="me-passkey-add"),
    path("me/passkeys/<uuid:key_id>/", passkeys.one, name="me-passkey"),
    path("me/passkeys/<uuid:key_id>/remove/", passkeys.remove, name="me-passkey-remove"),
]
