"""Which addresses a crawl may go to: every bypass we know of."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from crawler.crawling.addresses import check_url, is_public, literal_address
from crawler.errors import AddressRefused

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::1", "2002:a00:1::",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2001:0:5ef5:79fd:0:59d:a0e5:ba1",
    "::ffff:0:7f00:1", "fec0::1", "2600::5efe:a00:1", "2600::200:5efe:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_public_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["113.160.0.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "[::1]",
        "[::ffff:7f00:1]",
        "１２７.０.０.１",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "127.0.0.1.",
    ],
)
def test_a_literal_private_host_is_refused_in_every_spelling(host: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(f"http://{host}/", allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://baohatinh.vn/",
        "data:text/html,hi",
        "http://baohatinh.vn@127.0.0.1/",
        "http://baohatinh.vn\\@127.0.0.1/",
        "http://user:word@baohatinh.vn/",
        "http:///path",
        "http://baohatinh.vn:99999/",
        "gopher://baohatinh.vn/",
    ],
)
def test_odd_addresses_are_refused_even_where_private_ones_are_allowed(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, allow_private=True)


def test_a_paper_is_allowed() -> None:
    check_url("https://baohatinh.vn/a-post1.html", allow_private=False)


def test_loopback_is_allowed_where_the_configuration_says_so() -> None:
    check_url("http://127.0.0.1:8000/", allow_private=True)


@pytest.mark.parametrize("host", ["baohatinh.vn", "1.2.3.4.5", "256.1.1.1", "0x", "127.0.0.x", "4294967296"])
def test_a_name_is_no_literal_address(host: str) -> None:
    assert literal_address(host) is None
