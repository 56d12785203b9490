"""Sign-in, second factor and account pages. Only what this platform uses of django-allauth has an address."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from lutong.domains.identity.pages import (
    capacities,
    card,
    contact,
    devices,
    door,
    entrance,
    factors,
    licence,
    overview,
    tokens,
    verification,
)
from lutong.kernel.faces import fresh

grave = fresh("change_credentials", keep=False)  # a form with passwords waits nowhere
steady = door.steady
lifting = fresh("lift_freeze", keep=False, only_if=door.is_frozen)
last = fresh("drop_last_factor", keep=False, only_if=factors.is_last)
remove_passkey = steady(last(grave(factors.RemovePasskey.as_view())))


def closed(request: HttpRequest) -> HttpResponse:
    """allauth reverses these names; the platform has no such page."""
    raise Http404


urlpatterns = [
    path("", overview.overview, name="account"),
    path("incomplete/", entrance.incomplete, name="account-incomplete"),
    path("go-on/", entrance.go_on, name="account-go-on"),
    path("recover/", entrance.recover, name="account-recover"),
    path("first-time/", verification.first_time, name="first-time"),
    path("verification/go/<slug:purpose>/", verification.go, name="verification-go"),
    path("verification/why/<slug:act>/", verification.why, name="verification-why"),
    path("verification/callback/", verification.callback, name="verification-callback"),
    path("verification/password/", verification.set_password, name="verification-password"),
    path("verification/logout", verification.logged_out, name="verification-logout"),
    path("licence/", licence.check_licence, name="account-check-licence"),
    path("card/", card.card, name="account-card"),
    path("card/now/", card.card_now, name="account-card-now"),
    path("mobile/", steady(contact.mobile), name="account-mobile"),
    path("mobile/code/", steady(contact.mobile_code), name="account-mobile-code"),
    path("email/change/", contact.email, name="account-change-email"),
    path("devices/", devices.show, name="account-devices"),
    path("devices/end-others/", devices.end_other_sessions, name="account-end-sessions"),
    path("devices/<int:session_id>/end/", devices.end, name="account-end-session"),
    path("devices/<int:device_id>/answer/", devices.answer, name="account-answer-device"),
    path("history/", devices.history, name="account-history"),
    path("capacities/", capacities.capacities, name="account-capacities"),
    path("tokens/", tokens.tokens, name="account-tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke_token, name="account-revoke-token"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", steady(lifting(grave(account.password_change))), name="account_change_password"),
    path("signup/", closed, name="account_signup"),
    path("inactive/", entrance.inactive, name="account_inactive"),
    path("email/", closed, name="account_email"),
    path("password/reset/", closed, name="account_reset_password"),
    path("password/set/", closed, name="account_set_password"),
    path("2fa/", entrance.second_factor, name="mfa_index"),
    path("2fa/authenticate/", factors.Authenticate.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/trust/", closed, name="mfa_trust"),
    path("2fa/totp/", steady(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/remove/", steady(last(grave(totp.deactivate_totp))), name="mfa_deactivate_totp"),
    path("2fa/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", steady(grave(factors.AddPasskey.as_view())), name="mfa_add_webauthn"),
    path("2fa/passkeys/<int:pk>/", steady(grave(webauthn.edit_webauthn)), name="mfa_edit_webauthn"),
    path(
        "2fa/passkeys/<int:pk>/remove/",
        steady(last(grave(factors.RemovePasskey.as_view()))),
        name="mfa_remove_webauthn",
    ),
    path("2fa/passkeys/sign-in/", factors.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("2fa/passkeys/confirm/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/sign-up/", closed, name="mfa_signup_webauthn"),
    path("2fa/codes/", steady(grave(recovery.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", steady(grave(recovery.generate_recovery_codes)), name="mfa_generate_recovery_codes"),
    path("2fa/codes/file/", steady(grave(recovery.download_recovery_codes)), name="mfa_download_recovery_codes"),
]
