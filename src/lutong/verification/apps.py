from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "lutong.verification"
    label = "verification"
