"""The address guard: every request, redirect hop, resolved and connected address is checked."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.web import _newclient
from zope.interface import implementer  # type: ignore[import-untyped]  # it ships no types

from crawler.crawling.addresses import check_url, is_public
from crawler.crawling.failures import Refused
from crawler.errors import AddressRefused

ALLOW_PRIVATE = "DIEMBAO_ALLOW_PRIVATE_ADDRESSES"  # Scrapy setting
REFUSED = "private-address"
_MOST_HEAD = 128 * 1024  # bytes of an answer's status line and headers


class Guard:
    """Downloader middleware: refuses addresses we do not go to, before the request and after the answer."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """As the settings allow."""
        return cls(allow_private=crawler.settings.getbool(ALLOW_PRIVATE))

    def process_request(self, request: Request) -> None:
        """Each hop of a redirect comes through here as a request of its own."""
        try:
            check_url(request.url, allow_private=self._allow_private)
        except AddressRefused as error:
            raise Refused(REFUSED, str(error)) from error

    def process_response(self, request: Request, response: Response) -> Response:
        """The address that was connected, whatever the name service said before."""
        connected = response.ip_address
        if connected and not self._allow_private and not is_public(connected):
            raise Refused(REFUSED, f"{request.url} was answered by {connected}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell a name that leads to private addresses only from a name that leads nowhere."""
        from twisted.internet import reactor

        resolver = getattr(reactor, "nameResolver", None)
        host = urlsplit(request.url).hostname or ""
        if (
            isinstance(exception, CannotResolveHostError)
            and isinstance(resolver, PublicResolver)
            and host in resolver.refused
        ):
            raise Refused(REFUSED, f"{host} leads to {resolver.refused[host]}") from exception


class BoundedHead(_newclient.HTTPClientParser):
    """Twisted's parser of answers, which bounds the length of a line but not how many there are."""

    _head = 0  # bytes so far

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        """One line of the head; the connection is closed once they are too many."""
        self._head += len(line) + 2
        if self._head <= _MOST_HEAD:
            super().lineReceived(line)  # type: ignore[no-untyped-call]  # Twisted's has no types
        else:
            transport: Any = self.transport  # its stub has no self
            transport.loseConnection()


@implementer(IHostnameResolver)
class PublicResolver:
    """Twisted's own resolver, with every address that is not public left out.

    A connection is made to no address but those given out here, so that a name cannot be resolved to one
    address for the check and to another for the connection.
    """

    def __init__(self, reactor: Any, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._allow_private = allow_private
        self._resolver: Any = reactor.nameResolver  # IHostnameResolver; its stub has no self
        self.refused: dict[str, str] = {}  # name → an address it leads to and we do not go to

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PublicResolver:
        """As the settings allow; Scrapy passes its runner here, not a crawler."""
        return cls(reactor, allow_private=crawler.settings.getbool(ALLOW_PRIVATE))

    def install_on_reactor(self) -> None:
        """From now on every name is resolved through this, and no answer's head is longer than we allow."""
        vars(_newclient)["HTTPClientParser"] = BoundedHead  # Twisted looks it up by this name for each answer
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - the interface is Twisted's
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Begin to resolve a name or a literal address."""
        receiver: Any = resolutionReceiver
        if not self._allow_private:
            receiver = _OnlyPublic(resolutionReceiver, hostName, self.refused)
        resolution: IHostResolution = self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution


@implementer(IResolutionReceiver)
class _OnlyPublic:
    """Passes on what is public, notes the rest."""

    def __init__(self, receiver: Any, name: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._name = name
        self._refused = refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
        if is_public(ip_address(address.host.partition("%")[0])):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
