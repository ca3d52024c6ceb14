import asyncio
import ipaddress
import socket

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as st

from transforms.pull.dial import CheckedResolver, RefusedAddressError, check_dial, guarded_socket, is_public

REFUSED = [
    # IPv4: this host, loopback, private, shared, link-local and metadata, protocol, documentation, benchmark
    "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.100.100.200", "169.254.0.1", "169.254.169.254", "169.254.170.2",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "198.19.255.255",
    # multicast, reserved, broadcast, 6to4 relays, Azure's platform
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
    # IPv6: unspecified, loopback in three spellings, link-local with and without zone, site-local, unique local
    "::", "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "fe80::1", "fe80::1%eth0", "febf::1",
    "fec0::1", "fc00::1", "fd00:ec2::254", "fdff:ffff::1",
    # multicast, documentation, discard, unrouted space
    "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1", "100::1", "4000::1", "5f00::1",
    # IPv4-mapped and IPv4-compatible, whatever they carry
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
    "::7f00:1", "::ffff:0:127.0.0.1",
    # NAT64, its local twin, 6to4, Teredo
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "2002:7f00:1::1",
    "2002:a9fe:a9fe::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001::1",
    # not numeric at all
    "localhost", "", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.",
]  # fmt: skip

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]

ALLOWED = [
    ("127.0.0.1", "127.0.0.0/8"), ("::1", "::1/128"), ("10.1.2.3", "10.0.0.0/8"), ("fd00::5", "fd00::/8"),
    ("::ffff:127.0.0.1", "127.0.0.0/8"),
]  # fmt: skip


def networks(*texts: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


@pytest.mark.parametrize("host", REFUSED)
def test_refused(host: str) -> None:
    with pytest.raises(RefusedAddressError):
        check_dial(host, 443, ())


@pytest.mark.parametrize("host", PUBLIC)
def test_public(host: str) -> None:
    check_dial(host, 443, ())


@pytest.mark.parametrize(("host", "network"), ALLOWED)
def test_a_named_network_is_dialled_on_any_port(host: str, network: str) -> None:
    check_dial(host, 34567, networks(network))
    with pytest.raises(RefusedAddressError):
        check_dial(host, 443, networks("192.168.7.0/24", "fd77::/16"))


def test_a_named_nat64_prefix_opens_no_private_network() -> None:
    nat64 = networks("64:ff9b::/96")
    check_dial("64:ff9b::8.8.8.8", 443, nat64)
    for host in ("64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254"):
        with pytest.raises(RefusedAddressError):
            check_dial(host, 443, nat64)
    with pytest.raises(RefusedAddressError, match="port"):
        check_dial("64:ff9b::8.8.8.8", 22, nat64)


@pytest.mark.parametrize("port", [0, 21, 22, 25, 110, 3306, 5432, 6379, 9200, 11211, 27017, 65535])
def test_ports_of_other_services_are_refused(port: int) -> None:
    with pytest.raises(RefusedAddressError, match="port"):
        check_dial("93.184.216.34", port, ())


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_an_ipv4_address_dialled(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for wrapped in (0xFFFF << 32 | number, number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert not is_public(ipaddress.IPv6Address(wrapped))


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(address):
        assert not (address.is_private or address.is_multicast or address.is_loopback or address.is_link_local)
        assert not (address.is_unspecified or address.is_reserved)


def test_a_socket_is_only_made_for_what_may_be_dialled() -> None:
    make = guarded_socket(())
    with pytest.raises(RefusedAddressError):
        make((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)))
    with pytest.raises(RefusedAddressError):
        make((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 443, 0, 0)))
    with make((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))) as made:
        assert made.getblocking() is False


class Names(AbstractResolver):
    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {"hostname": host, "host": one, "port": port, "family": family, "proto": 0, "flags": 0}
            for one in self.hosts
        ]

    async def close(self) -> None:
        pass


def test_of_mixed_answers_the_public_one_is_dialled() -> None:
    found = asyncio.run(CheckedResolver((), Names("10.0.0.1", "93.184.216.34")).resolve("x.example", 443))
    assert [one["host"] for one in found] == ["93.184.216.34"]
    with pytest.raises(RefusedAddressError, match="not a public"):
        asyncio.run(CheckedResolver((), Names("10.0.0.1", "127.0.0.1")).resolve("x.example", 443))
