"""The review page's password, as config.toml keeps it: scrypt, salted; never the password itself."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from unicodedata import normalize

SHORTEST = 10  # characters
STRENGTH = 17  # 2^17 blocks of 1 KiB: 128 MiB and about half a second, as OWASP advises for scrypt

_WRITTEN = re.compile(r"scrypt\$(1[0-9])\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)")
_BLOCK = 8
_LENGTH = 32  # bytes of the key


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password's hash with all that is needed to try another against it."""

    strength: int  # 2 to the power of it is scrypt's n
    salt: bytes
    key: bytes

    def written(self) -> str:
        """As it stands in config.toml."""
        return f"scrypt${self.strength}${b64encode(self.salt).decode()}${b64encode(self.key).decode()}"

    def is_of(self, password: str) -> bool:
        """Whether it is of this password; takes as long either way."""
        return hmac.compare_digest(_key(password, self.salt, self.strength), self.key)


def hashed(password: str, salt: bytes, strength: int = STRENGTH) -> Hashed:
    """The hash of a password; `salt` is 16 random bytes. ValueError for a short one."""
    if len(password) < SHORTEST:
        raise ValueError(f"a password has at least {SHORTEST} characters")
    return Hashed(strength, salt, _key(password, salt, strength))


def as_hashed(text: str) -> Hashed:
    """What `written` wrote; ValueError for anything else."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError("is no line that `diembao review --set-password` printed")
    return Hashed(int(match[1]), b64decode(match[2]), b64decode(match[3]))


def _key(password: str, salt: bytes, strength: int) -> bytes:
    # One person's keyboard composes ế, another's sends e and two marks.
    octets = normalize("NFC", password).encode(errors="surrogatepass")
    most = 256 * _BLOCK * 2**strength
    return hashlib.scrypt(octets, salt=salt, n=2**strength, r=_BLOCK, p=1, maxmem=most, dklen=_LENGTH)
