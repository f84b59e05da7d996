"""config.toml: read strictly, resolved once, every value with its origin."""

from crawler.config.changes import changes
from crawler.config.loading import load
from crawler.config.model import Allowance, Config, Crawl, Log, Review, Source

__all__ = ["Allowance", "Config", "Crawl", "Log", "Review", "Source", "changes", "load"]
