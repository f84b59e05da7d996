"""What config.toml says of sources and rules, as exported files tell it."""

from __future__ import annotations

from crawler.config import Config
from crawler.export.formats import Watched, WatchedRule, WatchedSource
from crawler.judging import compile_rules


def watched(config: Config) -> Watched:
    """Every source and rule of the configuration, by name."""
    rules = compile_rules(config.rules).rules
    return Watched(
        sources={one.name: WatchedSource(one.home, one.province) for one in config.sources.values()},
        rules={one.text.name: WatchedRule(one.text.label, one.version) for one in rules},
    )
