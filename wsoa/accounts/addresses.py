"""From which network address a request comes."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# Of an IPv6 address one customer has at least this much, and may change the rest at will.
CUSTOMER_PREFIX = 64


def address_of(request: HttpRequest) -> str:
    """The client's address as the outermost trusted proxy saw it; empty where nobody can tell.

    Each proxy adds to `X-Forwarded-For` whom it heard from. What stands left of the entries of our
    own is whatever the client cared to write.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) < settings.TRUSTED_PROXIES:
            return ""
    return _plain(hops[-max(settings.TRUSTED_PROXIES, 1)].strip())


def _plain(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), CUSTOMER_PREFIX), strict=False))
