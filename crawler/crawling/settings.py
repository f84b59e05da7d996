"""Scrapy's settings: every default that is unsafe, impolite or slow here is changed, and says why."""

from __future__ import annotations

from typing import Any

from scrapy.settings import default_settings

from crawler.config import Config, Source
from crawler.crawling.guard import ALLOW_PRIVATE

# What is switched off below. An entry of None would import it all the same, and with their libraries they
# are a fifth of what a crawl imports; so they are left out of Scrapy's own lists.
OFF = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware",
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.extensions.memdebug.MemoryDebugger",
    "scrapy.extensions.memusage.MemoryUsage",
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.spiderstate.SpiderState",
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.throttle.AutoThrottle",
}


def _without_off(components: dict[str, int]) -> dict[str, int]:
    return {name: order for name, order in components.items() if name not in OFF}


_FIXED: dict[str, Any] = {
    "BOT_NAME": "diembao",
    "SPIDER_LOADER_CLASS": "crawler.crawling.loader.Loader",
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    # Safety: nothing but http(s), nothing that listens, certificates verified, every address checked.
    "DOWNLOAD_HANDLERS": {
        "file": None,
        "ftp": None,
        "data": None,
        "s3": None,
        "http": "crawler.crawling.pace.Paced",
        "https": "crawler.crawling.pace.Paced",
    },
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "TWISTED_DNS_RESOLVER": "crawler.crawling.guard.PublicResolver",
    "HTTPPROXY_ENABLED": False,  # a proxy would connect where the guard cannot see
    "METAREFRESH_ENABLED": False,  # papers reload themselves every half hour
    "REDIRECT_MAX_TIMES": 5,
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
    "HTTPCACHE_ENABLED": False,  # it would miss new articles; validators are ours
    "URLLENGTH_LIMIT": 2083,
    # Politeness.
    "ROBOTSTXT_OBEY": True,
    "AUTOTHROTTLE_MAX_DELAY": 30.0,
    "DOWNLOAD_DELAY_JITTER": 0.0,  # jitter would go below the delay we promise
    "RETRY_TIMES": 1,  # what fails twice waits for the next crawl
    "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524],
    "RETRY_EXCEPTIONS": [
        "scrapy.exceptions.DownloadFailedError",
        "scrapy.exceptions.ResponseDataLossError",
        "twisted.internet.error.ConnectionDone",
        "twisted.internet.error.ConnectionLost",
    ],
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # the ledger names every failure
    "HTTPERROR_ALLOW_ALL": True,  # the spider names every status itself
    "DOWNLOADER_MIDDLEWARES_BASE": _without_off(default_settings.DOWNLOADER_MIDDLEWARES_BASE),
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.crawling.guard.Guard": 10,
        "crawler.crawling.politeness.Robots": 100,
        "crawler.crawling.politeness.RetryAfter": 560,
        "crawler.crawling.politeness.Redirects": 600,
    },
    "EXTENSIONS_BASE": _without_off(default_settings.EXTENSIONS_BASE),
    "EXTENSIONS": {
        "crawler.crawling.politeness.Throttle": 0,
    },
    # Memory: an answer waits in the engine only until a reader is free.
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 4 * 1024 * 1024,
    "MEMUSAGE_ENABLED": False,
    "DOWNLOAD_WARNSIZE": 0,
    "LOG_VERSIONS": [],
    "LOGSTATS_INTERVAL": 0,
    "STATS_DUMP": False,
    "LOG_LEVEL": "WARNING",
}
_AT_ONCE = 8  # requests to one host where no delay is asked for: tests and measurements on loopback


def settings_for(config: Config, source: Source | None = None) -> dict[str, Any]:
    """The settings of one crawl; without a source those of the project, as `scrapy list` and `shell` need."""
    crawl = config.crawl
    delay = crawl.delay if source is None or source.delay is None else source.delay
    at_once = 1 if delay > 0 else _AT_ONCE
    return _FIXED | {
        "USER_AGENT": crawl.user_agent,
        "ROBOTSTXT_USER_AGENT": crawl.user_agent.partition("/")[0].strip() or "diembao",
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0 if delay > 0 else float("inf"),
        "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
        "CONCURRENT_REQUESTS": 2 * at_once,
        "DOWNLOAD_TIMEOUT": crawl.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": crawl.most_bytes,
        "DOWNLOAD_VERIFY_CERTIFICATES": source is None or source.verify_tls,
        ALLOW_PRIVATE: crawl.allow_private_addresses,
    }
