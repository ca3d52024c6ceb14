"""Which addresses may be dialled: public ones only, checked on what is dialled and not on what was asked for.

The check sits in the socket factory, after every DNS answer and on every hop, so neither a redirect, an odd spelling
of an address nor a name that changes its answer between look-up and dial gets around it.
"""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

ALLOWED_PORTS = frozenset({80, 443, 8000, 8008, 8080, 8081, 8443, 8888})
"""Where feeds are served; others (22, 25, 6379, …) are other people's services. Networks allowed by name lift it."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Carries an IPv4 address in its last 32 bits (RFC 6052); its local twin 64:ff9b:1::/48 is not global at all."""

_6TO4 = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_COMPATIBLE = ipaddress.IPv6Network("::/96")

_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
"""The only IPv6 space that is routed to unicast hosts."""

_SPECIAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        # IANA's special-purpose registry for IPv4 (RFC 6890 and later), multicast and reserved space.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Azure's platform address: its metadata, though it looks public.
        "168.63.129.16/32",
        # IPv6 inside 2000::/3: protocol assignments and Teredo, documentation, 6to4, AS112, documentation again.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
"""Written out, because what the standard library holds to be global changes between releases."""


class RefusedAddressError(Exception):
    """An address that is not dialled; the message names it and the option that would allow it."""


def embedded_ipv4(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4 or Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _6TO4:
        return address.sixtofour
    if address in _TEREDO and address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 0xFFFF):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's own; one that carries another address inside never is."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_IPV6:
        return False
    return not any(address in network for network in _SPECIAL if network.version == address.version)


def _named(address: Address | None, allowed: Sequence[Network]) -> bool:
    return address is not None and any(address in one for one in allowed if one.version == address.version)


def check_dial(host: str, port: int, allowed: Sequence[Network]) -> None:
    """Refuse what must not be dialled.

    An address that carries an IPv4 address inside is dialled when that inner address is in an allowed network, or
    when the outer is and the inner is public: allowing NAT64 (``64:ff9b::/96``) opens no private network.

    Args:
        host: the numeric address that a socket is about to connect to.
        port: its port; allowed networks lift the rule on ports.
        allowed: networks named by ``--allow-private``.

    Raises:
        RefusedAddressError: not public and not in an allowed network, or a port that feeds are not served on.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        raise RefusedAddressError(f"{host} is no numeric address; not dialled") from None
    inner = embedded_ipv4(address)
    if _named(inner, allowed) or (inner is None and _named(address, allowed)):
        return
    if not is_public(address) and not (inner is not None and is_public(inner) and _named(address, allowed)):
        raise RefusedAddressError(f"{address} is not a public address; --allow-private {address} would allow it")
    if port not in ALLOWED_PORTS:
        known = ", ".join(str(one) for one in sorted(ALLOWED_PORTS))
        raise RefusedAddressError(f"port {port} is not one that feeds are served on ({known})")


def guarded_socket(allowed: Sequence[Network]) -> Any:
    """A socket factory that checks each address at the moment of dialling.

    Args:
        allowed: networks named by ``--allow-private``.
    """

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        check_dial(str(address[0]), int(address[1]), allowed)
        made = socket.socket(family=family, type=kind, proto=protocol)
        made.setblocking(False)
        return made

    return make


class CheckedResolver(AbstractResolver):
    """Looks names up and leaves out what must not be dialled, so that a public address is tried where there is one."""

    def __init__(self, allowed: Sequence[Network], inner: AbstractResolver | None = None) -> None:
        """Check the answers of ``inner``, the system's resolver unless another is given."""
        self._allowed = allowed
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look a name up.

        Raises:
            RefusedAddressError: every answer must not be dialled.
        """
        if self._inner is None:
            self._inner = ThreadedResolver()
        answers = await self._inner.resolve(host, port, family)
        good: list[ResolveResult] = []
        refused: RefusedAddressError | None = None
        for answer in answers:
            try:
                check_dial(answer["host"], answer["port"] or port, self._allowed)
                good.append(answer)
            except RefusedAddressError as error:
                refused = error
        if not good and refused is not None:
            raise refused
        return good

    async def close(self) -> None:
        """Close the inner resolver."""
        if self._inner is not None:
            await self._inner.close()
