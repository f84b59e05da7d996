"""What of config.toml decides which articles there are and what flags them, as one hash."""

from __future__ import annotations

import hashlib
import json

from crawler.config.model import Config
from crawler.config.showing import values

# Of these tables only: no other says what is found, read and flagged, and secrets stand in others.
_DECIDING = ("crawl", "lists", "rules", "sources")


def fingerprint(config: Config) -> str:
    """SHA-256, hexadecimal, of every resolved value of the tables crawl, lists, rules and sources.

    As JSON in the order of the keys, wherever the values came from.
    """
    told = {one.key: one.value for one in values(config) if one.key.partition(".")[0] in _DECIDING}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
