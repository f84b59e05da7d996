"""The resolved configuration value by value, each with where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from crawler.config.hidden import Hidden
from crawler.config.model import Allowance, AppriseUrl, Config, Smtp, Webhook
from crawler.config.telling import OF_KIND
from crawler.passwords import Hashed
from crawler.sizes import Size

SECRET = "(set, and shown nowhere)"

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KINDS: Mapping[type, str] = {Smtp: "smtp", Webhook: "webhook", AppriseUrl: "apprise"}

_OF_WAY = frozenset().union(*OF_KIND.values())
_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_LISTS = {"any": "any_of", "all": "all_of", "none": "none_of"}  # a rule's lists, renamed for Python


@dataclass(frozen=True, slots=True)
class Shown:
    """One value in force."""

    key: str  # as in config.toml: "crawl.delay", "sources.baohatinh.every"
    value: Any  # as JSON has it
    origin: str  # "default", "--db", or the path of the file


def values(config: Config) -> Iterator[Shown]:
    """Every value in the order of the file's tables, resolved: addresses absolute, placeholders filled in."""
    for key, origin in config.origins.items():
        if key.startswith("channels.") and not _is_of_kind(config, key):
            continue
        yield Shown(key, written(_value(config, key)), origin)


def written(value: Any) -> Any:
    """A value as config.toml would have it: `30m`, `5/day`, lists, texts, numbers, None."""
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, Allowance):
        return f"{value.count}/{_window(value.window)}"
    if isinstance(value, tuple) and value and isinstance(value[0], time):
        return f"{value[0]:%H:%M}-{value[1]:%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Size):
        return value.written
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, tuple):
        return [written(part) for part in value]
    if isinstance(value, Hashed):
        return SECRET
    if isinstance(value, Hidden):
        return value.told
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, Path) else value


def _value(config: Config, key: str) -> Any:
    table, _, rest = key.partition(".")
    if table == "store":
        return config.store_path if rest == "path" else getattr(config.upkeep, rest)
    if table == "lists":
        return config.lists[rest]
    if table == "notices":
        return _shown(rest, getattr(config.notices, rest))
    if table == "channels":
        return _of_channel(config, rest)
    if table in {"backup", "crawl", "review", "log", "report"}:
        return getattr(getattr(config, table), rest)
    name, _, field = rest.partition(".")
    if table == "rules":
        rule = next(rule for rule in config.rules if rule.name == name)
        return getattr(rule, _LISTS.get(field, field))
    found: Any = config.sources[name]
    if field == "every" and found.auto:
        return "auto"
    for part in field.split("."):
        found = getattr(found, part)
    return found


def _of_channel(config: Config, rest: str) -> Any:
    name, _, key = rest.partition(".")
    channel = config.channels[name]
    key, _, header = key.partition(".")
    if key == "kind":
        return KINDS[type(channel.way)]
    if key not in _OF_WAY:
        return _shown(key, getattr(channel, key))
    if isinstance(channel.way, Webhook | AppriseUrl) and key in {"url", "url_file"}:
        return channel.way.url if isinstance(channel.way.url, Path) == (key == "url_file") else ""
    found = getattr(channel.way, "sender" if key == "from" else key)
    return found[header] if header else found


def _shown(key: str, value: Any) -> Any:
    """What None and pairs of moments mean under this key."""
    if key == "at_once" and value is None:
        return "never"
    if key == "digest":
        return [f"{at:%H:%M}" for at in value]
    if key == "weekly" and value is not None:
        return f"{WEEKDAYS[value[0]]} {value[1]:%H:%M}"
    return "" if value is None else value


def _is_of_kind(config: Config, key: str) -> bool:
    _, name, rest = key.split(".", 2)
    key = rest.partition(".")[0]
    return key not in _OF_WAY or key in OF_KIND[KINDS[type(config.channels[name].way)]]


def _duration(length: timedelta) -> str:
    rest, parts = length.total_seconds(), ""
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        parts += f"{count:g}{unit}" if count else ""
    return parts if not rest else f"{length.total_seconds():g}s"


def _window(length: timedelta) -> str:
    names = {timedelta(hours=1): "hour", timedelta(days=1): "day", timedelta(days=7): "week"}
    return names.get(length) or _duration(length)
