"""Mail handed to a mail server: who was refused, for now or for good, and no longer than we wait."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from crawler.config.model import Channel, Smtp
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.connecting import Line
from crawler.notices.content import plain
from crawler.notices.mail import mail
from crawler.notices.secretfiles import secret

_MOST = 200  # characters of what a server says
_Refusals = Mapping[str, tuple[int, bytes]]


def send_mail(channel: Channel, content: Mapping[str, Any], remaining: Sequence[str] | None) -> str | None:
    """Send it to everybody, or to those who `remaining` says have not got it.

    What is wrong although it was sent: who was refused for good; None: nothing. NotDelivered if nobody got
    it, or not everybody yet. ConfigError if a file of the channel's cannot be used.
    """
    way = channel.way
    assert isinstance(way, Smtp)
    to = way.to if remaining is None else tuple(one for one in way.to if one in remaining)
    if not to:  # whoever still had to get it stands in config.toml no more
        return None
    line = Line(channel.timeout.total_seconds(), channel.allow_private_addresses)
    password = _password(channel, way)
    context = tls_context(f"channels.{channel.name}.ca_file", way.ca_file)
    try:
        with line.held():
            message = mail(content, way.sender, way.to).as_bytes()
            return _sent(_Server(way, line, context), way, password, (message, to))
    except NotDelivered:
        raise
    except Exception as error:
        raise _told(error, way, line) from error


class _Server(smtplib.SMTP):
    """smtplib's client over a connection of ours."""

    def __init__(self, way: Smtp, line: Line, context: ssl.SSLContext) -> None:
        self._line = line
        self._context = context
        self._at_once = way.security == "tls"
        super().__init__(local_hostname=way.sender.rpartition("@")[2], timeout=line.left)
        self._host = way.host  # what STARTTLS checks the certificate by

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = self._line.connect(host, port)
        if not self._at_once:
            return connected
        try:
            return self._context.wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise

    def open(self, way: Smtp, password: str) -> None:
        """Connect, secured as the channel wants it, and log in."""
        code, said = self.connect(way.host, way.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        self.ehlo_or_helo_if_needed()
        if way.security == "starttls":
            if not self.has_extn("starttls"):
                raise NotDelivered(
                    f"{way.host} offers no STARTTLS, and nothing is sent in the clear: use another port, or"
                    ' security = "tls"'
                )
            self.starttls(context=self._context)
            self.ehlo()
        if way.user:
            self.login(way.user, password)


def _sent(server: _Server, way: Smtp, password: str, mailed: tuple[bytes, Sequence[str]]) -> str | None:
    message, to = mailed
    try:
        server.open(way, password)
        refused = _handed(server, way.sender, to, message)
    finally:
        # The message is with the server by now, or never will be: how it says good-bye is its own affair.
        with suppress(Exception):
            server.close()
    return _judged(refused, to)


def _handed(server: smtplib.SMTP, sender: str, to: Sequence[str], message: bytes) -> _Refusals:
    try:
        refused: _Refusals = server.sendmail(sender, list(to), message)
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients
    with suppress(Exception):
        server.quit()
    return refused


def _judged(refused: _Refusals, to: Sequence[str]) -> str | None:
    """Who was refused for good; NotDelivered where somebody is to be tried again, or nobody got it."""
    if not refused:
        return None
    said = "; ".join(f"{one}: {_answer(*answer)}" for one, answer in refused.items())
    later = tuple(one for one, (code, _) in refused.items() if code < 500)
    if later:
        raise NotDelivered(said, remaining=later)
    if len(refused) == len(to):
        raise NotDelivered(said, for_good=True)
    return said


def _told(error: Exception, way: Smtp, line: Line) -> NotDelivered:
    where = f"{way.host}:{way.port}"
    if line.is_cut or isinstance(error, TimeoutError):
        return NotDelivered(f"{where} did not take the mail in {line.seconds:g} s")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotDelivered(f"{where}: its certificate is not believed: {error.verify_message}; see ca_file")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotDelivered(f"{where} does not know user and password: {_answer(error.smtp_code, b'')}")
    if isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
        octets = said if isinstance(said, bytes) else str(said).encode()
        return NotDelivered(f"{where}: {_answer(code, octets)}", for_good=500 <= code < 600)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return NotDelivered(f"{where} closed the connection half-way")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotDelivered(f"{where} knows no way to log in; leave user out, or ask its keeper")
    if isinstance(error, smtplib.SMTPException | OSError | ValueError):
        return NotDelivered(f"{where}: {plain(str(error), _MOST) or type(error).__name__}")
    raise error


def _answer(code: int, said: bytes) -> str:
    return f"{code} {plain(said.decode(errors='replace'), _MOST)}".strip()


def _password(channel: Channel, way: Smtp) -> str:
    if way.password_file is None:
        return ""
    where = f"channels.{channel.name}.password_file"
    found = secret(where, way.password_file)
    if not found.isascii():
        raise ConfigError(f"{where} {way.password_file}: a mail server's password must be plain ASCII")
    return found


def tls_context(where: str, ca_file: Any) -> ssl.SSLContext:
    """What certificates are checked by; ConfigError for a file that is none."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigError(f"{where} {ca_file}: no certificate can be read there: {error.strerror}") from error
