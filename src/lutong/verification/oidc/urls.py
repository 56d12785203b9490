"""Addresses of 身份提供方."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.oidc.pages import applications, authorize, endpoints, logout, register

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/openid-configuration", endpoints.discovery, name="oidc-discovery"),
    path("oidc/keys", endpoints.key_set, name="oidc-keys"),
    path("oidc/authorize", authorize.authorize, name="oidc-authorize"),
    path("oidc/token", endpoints.token, name="oidc-token"),
    path("oidc/userinfo", endpoints.userinfo, name="oidc-userinfo"),
    path("oidc/logout", logout.logout, name="oidc-logout"),
    path("me/applications/", applications.applications, name="me-applications"),
    path("me/applications/<int:application_id>/revoke/", applications.revoke, name="me-revoke"),
    path("bureau/applications/", register.registered, name="bureau-applications"),
    path("bureau/applications/new/", register.new, name="bureau-application-new"),
    path("bureau/applications/<int:application_id>/", register.one, name="bureau-application"),
    path("bureau/applications/<int:application_id>/secret/", register.renew, name="bureau-application-secret"),
]
