from django.apps import AppConfig


class GatepassConfig(AppConfig):
    name = "lutong.domains.gatepass"
    label = "gatepass"
    default_auto_field = "django.db.models.BigAutoField"
