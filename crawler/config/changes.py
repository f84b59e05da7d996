"""What a new configuration changes, said line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from crawler.config.hidden import Hidden
from crawler.config.model import Config
from crawler.passwords import Hashed


def changes(old: Config, new: Config) -> tuple[str, ...]:
    """One line a change, in the words of config.toml; empty when nothing changed."""
    lines = [*_differing("store.path", old.store_path, new.store_path)]
    lines += _differing("store", old.upkeep, new.upkeep)
    lines += _differing("backup", old.backup, new.backup)
    lines += _differing("crawl", old.crawl, new.crawl)
    lines += _differing("review", old.review, new.review)
    lines += _differing("log", old.log, new.log)
    lines += _differing("report", old.report, new.report)
    lines += _differing("notices", old.notices, new.notices)
    lines += _differing("channels", old.channels, new.channels)
    lines += _differing("sources", old.sources, new.sources)
    lines += _differing("rules", _by_name(old), _by_name(new))
    return tuple(lines)


def _by_name(config: Config) -> Mapping[str, Any]:
    return {rule.name: rule for rule in config.rules}


def _differing(name: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, Hashed | Hidden) or isinstance(new, Hashed | Hidden):
        yield f"{name}: changed"
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from (f"{name}.{key}: removed" for key in old if key not in new)
        yield from (f"{name}.{key}: added" for key in new if key not in old)
        for key in new:
            if key in old:
                yield from _differing(f"{name}.{key}", old[key], new[key])
    elif is_dataclass(old) and is_dataclass(new):
        for part in fields(old):
            yield from _differing(f"{name}.{part.name}", getattr(old, part.name), getattr(new, part.name))
    else:
        yield f"{name}: {_written(old)} → {_written(new)}"


def _written(value: Any) -> str:
    patterns = getattr(value, "pattern", None)
    if isinstance(value, tuple):
        return "[" + ", ".join(_written(part) for part in value) + "]"
    return str(patterns if patterns is not None else value)
