from django.apps import AppConfig


class EserviceConfig(AppConfig):
    name = "lutong.domains.eservice"
    label = "eservice"
    default_auto_field = "django.db.models.BigAutoField"
