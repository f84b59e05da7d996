"""Who may in where a password is asked: sessions, and pauses that grow with every wrong guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from base64 import b64decode
from collections import OrderedDict
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address

from crawler.passwords import Hashed

IDLE = 12 * 3600.0  # seconds without a request after which a session ends
LONGEST = 7 * 86_400.0  # seconds after which it ends anyway
MOST_SESSIONS = 1_000
MOST_ADDRESSES = 10_000  # that failures are remembered of

_FORGOTTEN = 3600.0  # seconds without a failure after which they are forgotten


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong guesses are free, and how long one waits at most."""

    free: int
    longest: float  # seconds


OF_ONE = Patience(free=3, longest=900.0)
OF_ALL = Patience(free=20, longest=60.0)  # short: guesses from everywhere must not lock the reviewers out


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong guesses in a row, and when the last was made."""

    count: int = 0
    last: float = 0.0  # seconds on the clock of `now`

    def wait(self, patience: Patience, now: float) -> float:
        """Seconds until the next guess is heard; 0: at once. Doubles with every one beyond the free ones."""
        over = self.count - patience.free
        if over < 0 or self._are_old(now):
            return 0.0
        pause = min(2.0 ** min(over, 30), patience.longest)
        return max(0.0, pause - (now - self.last))

    def another(self, now: float) -> Failures:
        """One more."""
        return Failures(1 if self._are_old(now) else self.count + 1, now)

    def _are_old(self, now: float) -> bool:
        return now - self.last > _FORGOTTEN


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who gave the password."""

    begun: float
    used: float

    def holds(self, now: float) -> bool:
        """Whether it has not ended yet."""
        return now - self.used <= IDLE and now - self.begun <= LONGEST


class Gate:
    """Knows the secrets as hashes only, and the sessions of this process; used by many threads at once."""

    def __init__(self, password: Hashed | None, token: str | None) -> None:
        self._password = password
        self._token = _digest(token) if token else None
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._failures: OrderedDict[str, Failures] = OrderedDict()
        self._all = Failures()
        self._lock = threading.Lock()
        self._hashing = threading.Lock()  # one at a time: each takes 128 MiB

    def wait(self, address: str, now: float) -> float:
        """Seconds until a guess from there is heard; 0: at once."""
        with self._lock:
            return self._wait(address, now)

    def knock(self, address: str, now: float) -> float:
        """The same; 0 lets one guess through, and counts it as wrong until it proves right.

        So many at once get no more guesses than one after another.
        """
        with self._lock:
            wait = self._wait(address, now)
            if not wait:
                self._count(address, now)
            return wait

    def enter(self, secret: str, address: str, now: float) -> str | None:
        """A new session's token for the right password or token; None for a wrong one. Knock first."""
        if not self._is_right(secret):
            return None
        self._forgive(address)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[_digest(token)] = Session(now, now)
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return token

    def knows(self, token: str, now: float) -> bool:
        """Whether the session holds; it is used by that."""
        with self._lock:
            session = self._sessions.get(_digest(token))
            if session is None:
                return False
            if not session.holds(now):
                del self._sessions[_digest(token)]
                return False
            self._sessions[_digest(token)] = replace(session, used=now)
            return True

    def leave(self, token: str) -> None:
        """End a session, if it is one."""
        with self._lock:
            self._sessions.pop(_digest(token), None)

    def bears_token(self, stated: str, address: str, now: float) -> bool:
        """Whether a program's `Authorization` header bears the token; a wrong one counts as a guess."""
        token = _borne(stated)
        if token is None or self._token is None:
            return False
        if hmac.compare_digest(_digest(token), self._token):
            return True
        with self._lock:
            self._count(address, now)
        return False

    def _wait(self, address: str, now: float) -> float:
        ones = self._failures.get(_network(address), Failures())
        return max(ones.wait(OF_ONE, now), self._all.wait(OF_ALL, now))

    def _is_right(self, secret: str) -> bool:
        if self._token is not None and hmac.compare_digest(_digest(secret.strip()), self._token):
            return True
        if self._password is None:
            return False
        with self._hashing:
            return self._password.is_of(secret)

    def _count(self, address: str, now: float) -> None:
        place = _network(address)
        self._failures[place] = self._failures.pop(place, Failures()).another(now)
        self._all = self._all.another(now)
        while len(self._failures) > MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def _forgive(self, address: str) -> None:
        with self._lock:
            self._failures.pop(_network(address), None)
            self._all = replace(self._all, count=max(0, self._all.count - 1))


def _borne(stated: str) -> str | None:
    """The token of a header: `Bearer TOKEN`, or `Basic` with it as the password, as feed readers send it."""
    kind, _, said = stated.partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() != "basic":
        return None
    try:
        return b64decode(said.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def _network(address: str) -> str:
    """Whom failures are counted of: an IPv4 address, or the 64 bits that one IPv6 household has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> 64 << 64))
