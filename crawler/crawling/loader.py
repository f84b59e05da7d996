"""The spider loader: each source of config.toml by its own file in spiders/, or by the base spider."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cached_property
from types import ModuleType
from typing import Any, TypeGuard

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.config import Config, Source, load
from crawler.crawling.spider import Paper
from crawler.errors import SpiderBroken
from crawler.urls import same_site


def spider_class(source: Source) -> type[Paper]:
    """The spider of a source: the class in spiders/NAME.py, else the base spider under the source's name.

    SpiderBroken if that one file cannot be loaded, or is asked for and not there; no other is looked at.
    """
    name = source.spider or source.name
    if not _exists(name):
        if source.spider is not None:
            raise SpiderBroken(name, FileNotFoundError("there is no such file"))
        return _named(Paper, source.name)
    try:
        module = importlib.import_module(f"spiders.{name}")
        found = [kind for kind in vars(module).values() if _is_own(kind, module)]
        if len(found) != 1:
            raise TypeError(f"it must define one class built on Paper, and defines {len(found)}")
    except Exception as error:
        raise SpiderBroken(name, error) from error
    return _named(found[0], source.name)


class Loader:
    """What Scrapy asks for spiders by name."""

    @cached_property
    def _config(self) -> Config:
        """Read when first asked for: a crawl's own process makes a loader too, and has its configuration."""
        return load()

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Loader:
        """From ./config.toml or $DIEMBAO_CONFIG, whatever the settings."""
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a source; KeyError, as Scrapy wants it, if there is no such source."""
        source = self._config.sources[spider_name]
        found = spider_class(source)
        found.custom_settings = _own_settings(self._config, source)
        return found

    def list(self) -> list[str]:
        """All sources, disabled ones too: a person may want to try them."""
        return sorted(self._config.sources)

    def find_by_request(self, request: Request) -> __builtins__.list[str]:
        """The sources whose paper an address belongs to."""
        return [
            source.name for source in self._config.sources.values() if same_site(source.home, request.url)
        ]


def _exists(name: str) -> bool:
    return importlib.util.find_spec(f"spiders.{name}") is not None


def _is_own(kind: Any, module: ModuleType) -> TypeGuard[type[Paper]]:
    return isinstance(kind, type) and issubclass(kind, Paper) and kind.__module__ == module.__name__


def _named(kind: type[Paper], name: str) -> type[Paper]:
    """The class under the source's name, leaving the class itself as it is."""
    return type(
        kind.__name__, (kind,), {"name": name, "__module__": kind.__module__, "__doc__": kind.__doc__}
    )


def _own_settings(config: Config, source: Source) -> dict[str, Any]:
    from crawler.crawling.settings import settings_for

    return settings_for(config, source)
