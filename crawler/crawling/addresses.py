"""Which addresses a crawl may go to: pure decisions about urls and IP addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import urlsplit

from crawler.errors import AddressRefused

IPAddress = IPv4Address | IPv6Address

_DOTS = str.maketrans(dict.fromkeys("。．｡", "."))
_ISATAP = 0x5EFE  # RFC 5214: the 32 bits before an embedded IPv4 address, two flags left out
_NAT64 = IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches a public one


def is_public(address: IPAddress) -> bool:
    """Whether it is an address of the public Internet, and so is every IPv4 address hidden in it.

    Not public: private, loopback, link-local, carrier-grade NAT, multicast, reserved, documentation.
    """
    if isinstance(address, IPv6Address) and address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return isinstance(address, IPv4Address) or all(is_public(inner) for inner in _hidden(address))


def check_url(url: str, *, allow_private: bool) -> None:
    """AddressRefused for what is no plain http(s) address, or a literal address that is not public."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefused(url, "no valid address") from error
    if parts.scheme not in {"http", "https"}:
        raise AddressRefused(url, "only http and https are fetched")
    if not host or "@" in parts.netloc or "\\" in url:
        raise AddressRefused(url, "parsers disagree about its host")
    literal = literal_address(host)
    if literal and not allow_private and not is_public(literal):
        raise AddressRefused(url, "a private address")


def literal_address(host: str) -> IPAddress | None:
    """The address a host is written as, also in the old forms (`127.1`, `0x7f000001`, `2130706433`)."""
    # Name services fold wide and circled digits and the ideographic full stop before they look.
    bare = normalize("NFKC", host.translate(_DOTS)).strip("[]").partition("%")[0]
    try:
        return ip_address(bare)
    except ValueError:
        return _old_form(bare)


def _old_form(host: str) -> IPv4Address | None:
    """What inet_aton makes of it: up to four numbers in base 8, 10 or 16, the last one filling up."""
    parts = host.rstrip(".").split(".")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
        return None
    value = sum(number << (24 - 8 * place) for place, number in enumerate(numbers[:-1])) + numbers[-1]
    return IPv4Address(value) if value < 1 << 32 else None


def _number(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text[2:], 16)
    if not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text, 8) if text.startswith("0") and text != "0" else int(text)


def _hidden(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that routers or hosts may take out of an IPv6 one."""
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if (int(address) >> 32) & 0xFCFFFFFF == _ISATAP:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]
