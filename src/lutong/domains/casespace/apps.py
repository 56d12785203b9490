from django.apps import AppConfig


class CasespaceConfig(AppConfig):
    name = "lutong.domains.casespace"
    label = "casespace"
