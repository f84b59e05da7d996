"""Messages handed to Apprise, which knows a hundred services; what of it can be guarded, is."""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.config.model import AppriseUrl, Channel
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.connecting import hush, private_among
from crawler.notices.content import plain
from crawler.notices.rendering import within
from crawler.notices.secretfiles import secret

_SHARE = 0.85  # of the greatest length: services count escapes and marks of their own
_MOST_SAID = 300
_SHORTEST_SECRET = 6
# Services that do not leave this machine.
_LOCAL = frozenset(
    {"syslog", "dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "blink1", "rsyslog", "growl"}
)
_thread = threading.local()  # .public_only: whether this thread may only reach public addresses
_getaddrinfo = socket.getaddrinfo


def notify(channel: Channel, content: Mapping[str, Any]) -> None:
    """Hand it over; NotDelivered where Apprise says no, ConfigError for an address it does not know."""
    way = channel.way
    assert isinstance(way, AppriseUrl)
    hush()
    where = f"channels.{channel.name}"
    url = secret(f"{where}.url_file", way.url) if isinstance(way.url, Path) else way.url.text
    with _public_only(not channel.allow_private_addresses), _listening() as said:
        service = _service(where, url, channel)
        sent = service.notify(title=content["subject"], body=_body(service, content))
    if not sent:
        told = plain("; ".join(said), _MOST_SAID) or "Apprise says only that it could not be sent"
        raise NotDelivered(_masked(told, url))


def _service(where: str, url: str, channel: Channel) -> Any:
    try:
        from apprise import Apprise, AppriseAsset, PersistentStoreMode
    except ImportError as error:
        raise ConfigError(
            f"{where}: Apprise is not installed here; `pip install 'diembao[apprise]'` does it"
        ) from error
    asset = AppriseAsset(
        app_id="diembao",
        app_desc="diembao",
        app_url="",
        async_mode=False,  # all of it in this thread, whose addresses are guarded
        http_redirects=False,
        storage_mode=PersistentStoreMode.MEMORY,
    )
    scheme = url.partition("://")[0].lower()
    if scheme in _LOCAL and not channel.allow_private_addresses:
        raise ConfigError(
            f"{where}: {scheme}:// stays on this machine; that needs allow_private_addresses = true"
        )
    service = Apprise.instantiate(url, asset=asset)
    if service is None:
        raise ConfigError(f"{where}: Apprise knows no address like that ({scheme}://…)")
    return service


def _body(service: Any, content: Mapping[str, Any]) -> str:
    """The text without its first line, which is the title; short enough for the service."""
    beside = len(content["subject"]) + 2 if service.title_maxlen <= 0 else 0
    most = int(service.body_maxlen * _SHARE) - beside
    heading = len(content["subject"]) + 1
    return within(content, max(heading + 40, most + heading)).partition("\n")[2].strip("\n")


@contextmanager
def _public_only(guarded: bool) -> Iterator[None]:
    """Within it, this thread is told of no name or address that is private, whatever asks for it."""
    if socket.getaddrinfo is not _guarded_getaddrinfo:
        socket.getaddrinfo = _guarded_getaddrinfo
    _thread.public_only = guarded
    try:
        yield
    finally:
        _thread.public_only = False


def _guarded_getaddrinfo(*arguments: Any, **named: Any) -> Any:
    found = _getaddrinfo(*arguments, **named)
    if getattr(_thread, "public_only", False) and private_among(found):
        logging.getLogger("apprise").warning(
            "the address is private; if that is meant, set allow_private_addresses = true for this channel"
        )
        raise socket.gaierror(socket.EAI_FAIL, "a private address")
    return found


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise complains of within, which it tells nobody else."""
    logger, said = logging.getLogger("apprise"), list[str]()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == threading.get_ident():
                said.append(record.getMessage())

    ear = Ear(logging.WARNING)
    logger.addHandler(ear)
    logger.setLevel(logging.WARNING)  # below it whole addresses are told
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(ear)


def _masked(said: str, url: str) -> str:
    """What was said without any part of the address that may be a secret."""
    parts = {part for part in re.split(r"[/:@?&=,;#%]+", url) if len(part) >= _SHORTEST_SECRET}
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, "…")
    return said
