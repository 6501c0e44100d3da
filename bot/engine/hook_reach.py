"""Where hooks may go: hosts that the setting `webhooks` names, and of their addresses those that
lie outside, unless the setting names them too.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

URL_MOST = 500
NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,62}"
)
VISIBLE = re.compile(r"[\x21-\x7e]+")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotThere(ValueError):
    """It is no place where hooks may go; its sentence says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place where a hook goes: `host` as it is asked for and checked in its certificate."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the setting says: names of hosts, and addresses and networks."""

    names: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, listed: Iterable[str]) -> "Allowed":
        """Each a name, an address or a network. Raises ValueError for anything else."""
        names: list[str] = []
        networks: list[Network] = []
        for one in listed:
            plain = one.strip().lower().rstrip(".")
            try:
                networks.append(ipaddress.ip_network(plain))
            except ValueError:
                if not NAME.fullmatch(plain):
                    raise ValueError(f"{one!r} is neither a host nor an address") from None
                names.append(plain)
        return cls(frozenset(names), tuple(networks))

    def target(self, url: str) -> Target:
        """The place that `url` names. Raises NotThere."""
        parts = _parts(url)
        host = (parts.hostname or "").rstrip(".")
        literal = _literal(host)
        if literal is None and not NAME.fullmatch(host):
            raise NotThere("this is no host")
        if literal is None and host not in self.names:
            raise NotThere("the setting webhooks does not name this host")
        if literal is not None and not self._named(literal):
            raise NotThere("the setting webhooks does not name this address")
        loopback = literal is not None and literal.is_loopback
        if parts.scheme != "https" and not (loopback or host == "localhost"):
            raise NotThere("it must begin with https://")
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise NotThere("this is no port") from None
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(url, parts.scheme, host, port, path)

    def address(self, found: Sequence[str]) -> str:
        """The one address to go to, when every one of a name's is fit. Raises NotThere.

        One bad one among them is enough to refuse: whoever answers for the name is not to choose
        what we reach inside.
        """
        if not found:
            raise NotThere("this host has no address")
        for one in found:
            plain = _literal(one.partition("%")[0])
            if plain is None or not (self._named(plain) or _outside(plain)):
                raise NotThere("this host has an address inside, which the setting does not name")
        return found[0]

    def _named(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self.networks
        )


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotThere("this is no address of the web") from None
    if len(url) > URL_MOST or not VISIBLE.fullmatch(url) or "\\" in url:
        raise NotThere("this is no address of the web")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotThere("this is no address of the web")
    if "@" in parts.netloc or parts.fragment:
        raise NotThere("it must hold neither a password nor a fragment")
    return parts


def _literal(host: str) -> Address | None:
    """An address written the one usual way: never in decimal, octal or hexadecimal."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _outside(address: Address) -> bool:
    """Whether it is a place of the public internet, whichever way it is written inside another."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return _outside(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None or address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast
