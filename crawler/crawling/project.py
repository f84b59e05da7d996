"""The settings of the `scrapy` command: `scrapy list`, `scrapy crawl NAME`, `scrapy shell URL`."""

from __future__ import annotations

from crawler.config import load
from crawler.crawling.settings import settings_for

globals().update(settings_for(load()))  # Scrapy reads the capitals of a module
LOG_LEVEL = "INFO"  # whoever types this wants to see it
