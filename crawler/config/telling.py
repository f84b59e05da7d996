"""[notices] and [channels.NAME] resolved: what a channel leaves out is as [notices] says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from crawler.config.hidden import Hidden, hidden_url
from crawler.config.model import AppriseUrl, Channel, Notices, Smtp, Webhook
from crawler.config.values import beside, named, unless_empty
from crawler.config.written import WrittenChannel, WrittenConfig, WrittenNotices
from crawler.times import duration, hours, time_of_day, weekly

OF_KIND: Mapping[str, frozenset[str]] = {
    "smtp": frozenset({"host", "port", "security", "user", "password_file", "ca_file", "from", "to"}),
    "webhook": frozenset({"url", "url_file", "secret_file", "token_file", "ca_file", "headers"}),
    "apprise": frozenset({"url", "url_file"}),
}
_OF_ONE_KIND = frozenset().union(*OF_KIND.values())
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Headers that would say something else than we do, or are secrets and belong into a file.
_OURS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "user-agent"})
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})


@dataclass(frozen=True, slots=True)
class Naming:
    """Which channel is being resolved."""

    name: str
    folder: Path  # what its paths are relative to
    common: Notices

    @property
    def where(self) -> str:
        """Its table."""
        return f"channels.{self.name}"


def notices(written: WrittenNotices, hosts: Collection[str] = ()) -> Notices:
    """[notices] in force; `hosts` are those of [review]. ValueError says what to mend."""
    return Notices(
        language=written.language,
        page_url=_page_url(written.page_url) or next(filter(_is_https, hosts), None),
        at_once=_at_once(written.at_once),
        at_once_per_hour=written.at_once_per_hour,
        digest=_times("notices.digest", written.digest),
        quiet_hours=unless_empty("notices.quiet_hours", hours, written.quiet_hours),
        weekly=unless_empty("notices.weekly", weekly, written.weekly),
        most_listed=written.most_listed,
        retry_for=named("notices.retry_for", duration, written.retry_for),
    )


def channel(naming: Naming, written: WrittenChannel, config: WrittenConfig) -> Channel:
    """[channels.NAME] in force. ValueError says what to mend."""
    where, common = naming.where, naming.common
    if not _NAME.fullmatch(naming.name):
        raise ValueError(f"{where}: a channel's name is lower-case letters, digits and _, a letter first")
    _only_of_kind(where, written)
    return Channel(
        name=naming.name,
        way=_WAYS[written.kind](naming, written),
        enabled=written.enabled,
        tells=written.tells,
        rules=_existing(f"{where}.rules", written.rules, config.rules),
        sources=_existing(f"{where}.sources", written.sources, config.sources),
        weight=written.weight,
        at_once=common.at_once if written.at_once is None else _at_once(written.at_once),
        digest=common.digest if written.digest is None else _times(f"{where}.digest", written.digest),
        quiet_hours=common.quiet_hours
        if written.quiet_hours is None
        else unless_empty(f"{where}.quiet_hours", hours, written.quiet_hours),
        weekly=common.weekly
        if written.weekly is None
        else unless_empty(f"{where}.weekly", weekly, written.weekly),
        language=written.language or common.language,
        allow_private_addresses=written.allow_private_addresses,
        timeout=named(f"{where}.timeout", duration, written.timeout),
    )


def _only_of_kind(where: str, written: WrittenChannel) -> None:
    said = {
        name
        for name, field in zip(written.__struct_encode_fields__, msgspec.structs.fields(written), strict=True)
        if getattr(written, field.name) not in (field.default, [], {}, None)
    }
    for key in sorted(said & (_OF_ONE_KIND - OF_KIND[written.kind])):
        known = ", ".join(sorted(OF_KIND[written.kind]))
        raise ValueError(f"{where}.{key}: a channel of kind {written.kind} has none; its keys: {known}")


def _smtp(naming: Naming, written: WrittenChannel) -> Smtp:
    where = naming.where
    if not _HOST.fullmatch(written.host):
        raise ValueError(f"{where}.host: {written.host!r} is no mail server like smtp.example.vn")
    to = (written.to,) if isinstance(written.to, str) else tuple(written.to)
    if not to:
        raise ValueError(f"{where}.to: name whom the mail goes to")
    if bool(written.user) != bool(written.password_file):
        raise ValueError(f"{where}.user and {where}.password_file: one is of no use without the other")
    if written.user and written.security == "none":
        raise ValueError(
            f"{where}.security: with none, the password could be read on the way; use starttls or tls"
        )
    return Smtp(
        host=written.host.lower(),
        port=written.port or _PORTS[written.security],
        security=written.security,
        sender=_mailbox(f"{where}.from", written.from_),
        to=tuple(_mailbox(f"{where}.to", text) for text in to),
        user=written.user or None,
        password_file=beside(naming.folder, written.password_file),
        ca_file=beside(naming.folder, written.ca_file),
    )


def _webhook(naming: Naming, written: WrittenChannel) -> Webhook:
    where = naming.where
    if not written.secret_file:
        raise ValueError(
            f"{where}.secret_file: name a file with the secret that signs, like one of `openssl rand -hex 32`"
        )
    url = _url(naming, written)
    if isinstance(url, Hidden):
        check_webhook_url(f"{where}.url", url.text)
    return Webhook(
        url=url,
        secret_file=naming.folder / Path(written.secret_file).expanduser(),
        token_file=beside(naming.folder, written.token_file),
        ca_file=beside(naming.folder, written.ca_file),
        headers={
            name: _header(f"{where}.headers.{name}", name, text) for name, text in written.headers.items()
        },
    )


def _apprise(naming: Naming, written: WrittenChannel) -> AppriseUrl:
    return AppriseUrl(_url(naming, written))


_WAYS: Mapping[
    Literal["smtp", "webhook", "apprise"], Callable[[Naming, WrittenChannel], Smtp | Webhook | AppriseUrl]
] = {
    "smtp": _smtp,
    "webhook": _webhook,
    "apprise": _apprise,
}


def check_webhook_url(where: str, url: str) -> None:
    """ValueError for an address a webhook cannot have; https, or http to this very machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if (
        not host
        or "@" in parts.netloc
        or "\\" in url
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise ValueError(f"{where}: is no address like https://example.vn/hook")
    if parts.scheme == "https" or (parts.scheme == "http" and host in {"127.0.0.1", "::1", "localhost"}):
        return
    raise ValueError(f"{where}: must begin with https:// (http:// only to 127.0.0.1, ::1 or localhost)")


def _url(naming: Naming, written: WrittenChannel) -> Hidden | Path:
    if bool(written.url) == bool(written.url_file):
        raise ValueError(f"{naming.where}: needs a url or a url_file, one of the two")
    if written.url_file:
        return naming.folder / Path(written.url_file).expanduser()
    if "://" not in written.url:
        raise ValueError(f"{naming.where}.url: is no address; it has no ://")
    return hidden_url(written.url.strip())


def _header(where: str, name: str, text: str) -> Hidden:
    if not _HEADER.fullmatch(name) or not text.isascii() or not text.isprintable():
        raise ValueError(f"{where}: must be a plain ASCII header of one line")
    if name.lower() in _OURS or name.lower().startswith("x-diembao-") or name.lower() == "idempotency-key":
        raise ValueError(f"{where}: is set by diembao itself")
    if name.lower() in _SECRET:
        raise ValueError(f"{where}: is a secret; write the token into a file and name it as token_file")
    return Hidden(text, "…")


def _mailbox(where: str, text: str) -> str:
    if not _MAILBOX.fullmatch(text) or ".." in text:
        raise ValueError(f"{where}: {text!r} is no mail address like an@example.vn (plain ASCII, no name)")
    return text


def _existing(where: str, names: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"{where}: there is no {where.rpartition('.')[2][:-1]} {name!r}{hint}")
    return names


def _page_url(text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or set(text) & set(' "<>\\') or parts.query or parts.fragment:
        raise ValueError(f"notices.page_url: {text!r} is no address like https://duyet.example.vn")
    return text.rstrip("/")


def _is_https(host: str) -> bool:
    return host.startswith("https://")


def _at_once(written: float | Literal["never"]) -> float | None:
    return None if isinstance(written, str) else float(written)


def _times(where: str, texts: tuple[str, ...]) -> tuple[time, ...]:
    return tuple(sorted({named(where, time_of_day, text) for text in texts}))
