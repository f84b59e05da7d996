"""Each file in spiders/ is one spider, named as its source, and short."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Config, load
from crawler.crawling.listings import Listing
from crawler.crawling.loader import spider_class
from crawler.crawling.spider import Paper
from spiders.baohungyen import BaoHungYen
from spiders.congan_kontum import CongAnKonTum
from spiders.kontumtv import KonTumTV

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in (ROOT / "spiders").glob("*.py") if path.stem != "__init__")
NO_NEXT = Listing((), None, ())


@pytest.fixture(scope="module")
def config() -> Config:
    return load(ROOT / "config.toml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_as_its_source_and_holds_one_spider(path: Path, config: Config) -> None:
    assert path.stem in config.sources
    spider = spider_class(config.sources[path.stem])
    assert spider.name == path.stem
    assert issubclass(spider, Paper)
    assert spider.__doc__


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_spider_stays_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40


def test_baohungyens_two_spellings_of_a_section_are_one() -> None:
    assert (
        BaoHungYen().listing_address("https://baohungyen.vn/Chinh-tri") == "https://baohungyen.vn/chinh-tri"
    )


def test_kontumtv_goes_on_where_no_link_leads() -> None:
    url = "https://kontumtv.vn/category/tin-tuc"
    assert KonTumTV().next_page(NO_NEXT, url) == f"{url}/page/2"
    assert KonTumTV().next_page(NO_NEXT, "https://kontumtv.vn/") is None


def test_the_portals_sections_go_on_by_number_and_its_home_does_not() -> None:
    url = "https://congan.kontum.gov.vn/phong-trao-bvantq"
    assert CongAnKonTum().next_page(NO_NEXT, f"{url}?page=2") == f"{url}?page=3"
    assert CongAnKonTum().next_page(NO_NEXT, "https://congan.kontum.gov.vn/") is None
