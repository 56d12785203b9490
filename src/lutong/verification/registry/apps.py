from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lutong.verification.registry"
    label = "registry"
