from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "lutong.verification.oidc"
    label = "oidc"
