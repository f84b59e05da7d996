"""config.toml: read strictly, resolved once, every value with its origin."""

from crawler.config.changes import changes
from crawler.config.loading import load
from crawler.config.model import Allowance, Backup, Config, Crawl, Log, Review, Source, Upkeep

__all__ = ["Allowance", "Backup", "Config", "Crawl", "Log", "Review", "Source", "Upkeep", "changes", "load"]
