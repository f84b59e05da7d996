"""Values of config.toml that may bear a secret: used whole, and never shown."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, repr=False)
class Hidden:
    """A text that must stand in no message, log, error or store; `str` and `repr` give what may."""

    text: str
    told: str

    def __str__(self) -> str:
        return self.told

    def __repr__(self) -> str:
        return self.told


def hidden_url(url: str) -> Hidden:
    """An address of which http(s) shows its host, and any other only its scheme: tokens stand in the rest."""
    scheme, _, _ = url.partition("://")
    try:
        host = urlsplit(url).hostname if scheme.lower() in {"http", "https"} else None
    except ValueError:
        host = None
    return Hidden(url, f"{scheme}://{host or ''}…" if scheme.isascii() and scheme.isalnum() else "…")
