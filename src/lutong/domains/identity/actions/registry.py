"""The way to 律师身份核验平台."""

from django.conf import settings

from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import LicenceRegistry
from lutong.gateways.registry.real import RegistryClient


def registry() -> LicenceRegistry:
    """The client of 律师身份核验平台 that this installation is configured for."""
    return RegistryClient(load_registry_config(settings.LUTONG.home, settings.LUTONG.registry_url))
