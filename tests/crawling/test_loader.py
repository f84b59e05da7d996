"""Spiders are loaded one at a time; Scrapy's own commands see every source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings, default_settings

import spiders
from crawler.config import Source, load
from crawler.crawling.guard import ALLOW_PRIVATE
from crawler.crawling.loader import Loader, spider_class
from crawler.crawling.settings import OFF, settings_for
from crawler.crawling.spider import Paper
from crawler.errors import SpiderBroken

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second place for spiders, beside the real one."""
    monkeypatch.setattr(spiders, "__path__", [*spiders.__path__, str(tmp_path)])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    return tmp_path


def test_a_source_without_a_file_gets_the_base_spider_under_its_name() -> None:
    spider = spider_class(Source("nowhere", "https://nowhere.vn/"))
    assert issubclass(spider, Paper)
    assert spider.name == "nowhere"
    assert Paper.name == "paper"


def test_a_broken_file_breaks_only_its_own_spider(folder: Path) -> None:
    (folder / "broken_one.py").write_text("def (:", encoding="utf-8")
    with pytest.raises(SpiderBroken, match=r"spiders/broken_one\.py"):
        spider_class(Source("broken_one", "https://b.vn/"))
    assert spider_class(Source("baohatinh", "https://b.vn/")).__module__ == "spiders.baohatinh"


def test_a_file_that_raises_while_loading_is_broken(folder: Path) -> None:
    (folder / "raising.py").write_text("raise RuntimeError('no')", encoding="utf-8")
    with pytest.raises(SpiderBroken, match="RuntimeError: no"):
        spider_class(Source("raising", "https://b.vn/"))


def test_a_file_without_a_spider_is_broken(folder: Path) -> None:
    (folder / "hollow.py").write_text("x = 1", encoding="utf-8")
    with pytest.raises(SpiderBroken, match="one class"):
        spider_class(Source("hollow", "https://b.vn/"))


def test_a_spider_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(SpiderBroken, match="no such file"):
        spider_class(Source("bao", "https://b.vn/", spider="absent"))


def test_a_source_may_borrow_anothers_spider() -> None:
    spider = spider_class(Source("bao", "https://b.vn/", spider="kontumtv"))
    assert (spider.name, spider.__module__) == ("bao", "spiders.kontumtv")


def test_every_source_is_listed_and_found_by_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    from scrapy import Request

    monkeypatch.setenv("DIEMBAO_CONFIG", str(ROOT / "config.toml"))
    loader = Loader.from_settings(Settings())
    assert loader.list() == ["baohatinh", "baohungyen", "congan_kontum", "gialaitv", "kontumtv"]
    assert loader.find_by_request(Request("https://www.kontumtv.vn/tin-tuc/a/b")) == ["kontumtv"]


def test_no_unsafe_default_of_scrapy_is_left() -> None:
    config = load(ROOT / "config.toml")
    settings = Settings(settings_for(config, config.sources["baohatinh"]))
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not settings.getbool(ALLOW_PRIVATE)
    off = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPCACHE_ENABLED")
    assert [
        name for name in (*off, "HTTPPROXY_ENABLED", "METAREFRESH_ENABLED") if settings.getbool(name)
    ] == []
    handlers = settings.getdict("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert set(handlers) == {"http", "https", "file", "ftp", "data", "s3"}
    assert settings.getint("DOWNLOAD_MAXSIZE") == 10 * 1024 * 1024
    assert settings.getfloat("DOWNLOAD_DELAY") == 1.0
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings["USER_AGENT"] == config.crawl.user_agent


def test_what_is_off_is_not_even_imported_and_scrapy_still_calls_it_so() -> None:
    config = load(ROOT / "config.toml")
    settings = Settings(settings_for(config))
    shipped = {*default_settings.EXTENSIONS_BASE, *default_settings.DOWNLOADER_MIDDLEWARES_BASE}
    kinds = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES")
    found = [one for kind in kinds for one in settings.get_component_priority_dict_with_base(kind)]
    loaded = {one if isinstance(one, str) else f"{one.__module__}.{one.__qualname__}" for one in found}
    assert shipped >= OFF
    assert loaded & OFF == set()
    assert loaded >= shipped - OFF


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "shown"), [(("list",), "baohungyen"), (("settings", "--get", "BOT_NAME"), "diembao")]
)
def test_scrapys_own_commands_work_in_the_project(words: tuple[str, ...], shown: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert shown in ended.stdout
