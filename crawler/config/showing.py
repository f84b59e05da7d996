"""The resolved configuration value by value, each with where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from crawler.config.model import Allowance, Config
from crawler.passwords import Hashed
from crawler.sizes import Size

SECRET = "(set, and shown nowhere)"

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
    return str(value) if isinstance(value, Path) else value


def _value(config: Config, key: str) -> Any:
    table, _, rest = key.partition(".")
    if table == "store":
        return config.store_path if rest == "path" else getattr(config.upkeep, rest)
    if table == "lists":
        return config.lists[rest]
    if table in {"backup", "crawl", "review", "log"}:
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


def _duration(length: timedelta) -> str:
    rest, parts = length.total_seconds(), ""
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        parts += f"{count:g}{unit}" if count else ""
    return parts if not rest else f"{length.total_seconds():g}s"


def _window(length: timedelta) -> str:
    names = {timedelta(hours=1): "hour", timedelta(days=1): "day", timedelta(days=7): "week"}
    return names.get(length) or _duration(length)
