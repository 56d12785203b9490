from django.apps import AppConfig


class LivecheckConfig(AppConfig):
    name = "lutong.verification.livecheck"
    label = "livecheck"
