"""From where a request comes, for limits and for the list of visits."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_address(request: HttpRequest) -> str | None:
    """The address that counts: of IPv6 its /64, which one household shares; None if there is none.

    Behind LUTONG_PROXIES proxies it is the entry that the outermost of them wrote into X-Forwarded-For; what a
    browser writes there itself stands further left and counts for nothing.
    """
    said = request.META.get("REMOTE_ADDR", "")
    passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    proxies: int = settings.LUTONG.proxies
    if proxies and len(passed) >= proxies:
        said = passed[-proxies]
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
