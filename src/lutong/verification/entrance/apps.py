from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "lutong.verification.entrance"
    label = "entrance"
