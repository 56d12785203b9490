"""The way to 律师身份核验平台."""

from django.conf import settings

from lutong.gateways.registry.factory import client_of
from lutong.gateways.registry.port import LicenceRegistry


def registry() -> LicenceRegistry:
    """The client of 律师身份核验平台 that this installation is configured for; one per process."""
    return client_of(home=settings.LUTONG.home, base_url=settings.LUTONG.registry_url)
