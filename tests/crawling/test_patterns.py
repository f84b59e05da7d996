"""The shape of article addresses is learned from listings of any system, and menus are never taken for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.config import Source
from crawler.crawling.listings import parse_listing
from crawler.crawling.offers import Place, Reach
from crawler.crawling.patterns import Shown, learned
from crawler.crawling.shapes import GENERAL_ARTICLE

HOME = "https://bao.vn"
LISTINGS = sorted((Path(__file__).parents[3] / "shared" / "pages").glob("LIST_*.html"))
NO_HOST = re.compile(r"https?://(?:www\.)?(?:baocantho\.com|baochinhphu|cafef|laodong|znews)\.vn(?=/)")
MENU = {
    "/": 2, "/chinh-tri": 2, "/xa-hoi": 2, "/xa-hoi/giao-duc": 2, "/kinh-te/nong-nghiep-nong-thon": 4,
    "/dat-va-nguoi-hung-yen": 5, "/video": 1, "/lien-he": 2, "/van-ban/chi-dao-dieu-hanh": 4, "/?cat=5": 2,
    "/chuyen-de.html": 2, "/cm/12": 2, "/ban-doc/hoi-dap-phap-luat": 4, "/tin-tuc": 2, "/rss.vnp": 1,
}  # fmt: skip
SLUGS = (
    "ra-quan-don-duong",
    "mua-lon-mien-trung",
    "khai-mac-hoi-xuan",
    "nong-dan-vao-vu",
    "tang-qua-tre-em",
    "cong-an-bam-xa",
    "le-hoi-dau-nam",
    "doi-bong-gianh-cup",
)


def page(address: Callable[[int, str], str], pictures: bool = True) -> list[Shown]:
    """A listing of eight headlines, each with a picture, between menus."""
    urls = [HOME + address(number, slug) for number, slug in enumerate(SLUGS)]
    links = [Shown(HOME + path, words) for path, words in MENU.items()]
    return [*links, *(Shown(url, 9) for url in urls), *(Shown(url, 0) for url in urls if pictures)]


SYSTEMS = [
    (lambda n, s: f"/news/2026/11/{n + 10}/{s[:3]}", r"^/news/2026/11/\d+/[^/]+/?$"),
    (lambda n, s: f"/news/202{n % 4}/{n + 1}/{n + 10}/{s[:3]}", r"^/news/20\d\d/\d+/\d+/[^/]+/?$"),
    (lambda n, s: f"/?id={123 + n}", r"^/\?(?:.*&)?id=\d+"),
    (lambda n, s: f"/viewer.aspx?mabb={312345 + n}&macm=1", r"^/viewer\.aspx\?(?:.*&)?mabb=\d+"),
    (lambda n, s: f"/index.php?id={n + 7}&mod=news", r"^/index\.php\?(?:.*&)?id=\d+"),
    (lambda n, s: f"/bv/{12345 + n}", r"^/bv/\d+/?$"),
    (lambda n, s: f"/xa-hoi/{s}", r"^/xa-hoi/(?:[^/-]*-){2}[^/]+/?$"),
    (lambda n, s: f"/{('xa-hoi', 'kinh-te')[n % 2]}/{s}/{n + 500}.vnp", r"^/[^/]+/[^/]+/\d+\.vnp$"),
    (lambda n, s: f"/{s}-post{n + 500}.vnp", r"^/[^/]+-post\d+\.vnp$"),
    (lambda n, s: f"/{s}/tin", None),
    (lambda n, s: f"/{s}-{n}{s[:3]}.php", None),
    (lambda n, s: f"/pages/detail/{n}a{n}bcdef", r"^/pages/detail/[^/]+/?$"),
]


@pytest.mark.parametrize(("address", "pattern"), SYSTEMS)
def test_a_listing_teaches_the_shape_of_its_articles(
    address: Callable[[int, str], str], pattern: str | None
) -> None:
    shown = page(address)
    found = learned(shown, GENERAL_ARTICLE)
    assert len(found) == 1
    assert pattern is None or found == (pattern,)
    for one in shown:
        path = one.url.removeprefix(HOME)
        assert bool(re.search(found[0], path)) == (one.url not in {HOME + short for short in MENU}), path


def test_what_the_usual_shapes_find_is_not_learned() -> None:
    assert learned(page(lambda n, s: f"/{s}-post{n + 300000}.html"), GENERAL_ARTICLE) == ()


def test_a_menu_alone_teaches_nothing() -> None:
    assert learned([Shown(HOME + path, words) for path, words in MENU.items()], GENERAL_ARTICLE) == ()


def test_a_few_headlines_or_shapes_that_menus_have_too_teach_nothing() -> None:
    assert learned(page(lambda n, s: f"/bv/{n % 4}"), GENERAL_ARTICLE) == ()
    alike = [Shown(f"{HOME}/cm/{number}", 2) for number in range(20)]
    assert learned([*page(lambda n, s: f"/cm/{n + 100}"), *alike], GENERAL_ARTICLE) == ()


def test_sections_with_long_names_are_told_from_slugs_by_their_hyphens() -> None:
    sections = [Shown(f"{HOME}/muc/{'-'.join('abcd')}-{letter}", 5) for letter in "efghij"]  # four hyphens
    heads = [Shown(f"{HOME}/muc/{'-'.join('abcdef')}-{letter}", 9) for letter in "ghijklmn"]  # six
    (found,) = learned([*sections, *heads], ())
    assert [one.words for one in (*sections, *heads) if re.search(found, one.url.removeprefix(HOME))] == [
        9
    ] * 8


def test_what_feeds_and_the_ledger_call_articles_teaches_without_texts() -> None:
    kept = [Shown(f"{HOME}/bv/{number}", 0, is_article=True) for number in (7, 8, 9)]
    assert learned(kept, GENERAL_ARTICLE) == (r"^/bv/\d+/?$",)


def test_random_addresses_teach_nothing_and_take_no_time() -> None:
    shown = [Shown(f"{HOME}/{'a' * (n % 40)}/{n * 7919:x}?{n:x}={n}", n % 12) for n in range(2000)]
    assert len(learned(shown, GENERAL_ARTICLE)) <= 3


@pytest.mark.skipif(not LISTINGS, reason="the publishers' pages are not in the project")
@pytest.mark.parametrize("path", LISTINGS, ids=[path.stem for path in LISTINGS])
def test_what_a_real_listing_teaches_is_what_the_usual_shapes_find(path: Path) -> None:
    reach = Reach(Source("bao", HOME))
    offers = parse_listing(NO_HOST.sub("", path.read_text(encoding="utf-8", errors="replace")), HOME).offers
    shown = list(reach.shown(offers, Place("listing", HOME)))
    assert learned(shown, GENERAL_ARTICLE) == ()
    (pattern,) = learned(shown, ())
    found = [one.url for one in shown if re.search(pattern, one.url.removeprefix(HOME))]
    usual = [one.url for one in shown if reach.key(one.url)]
    assert [url for url in found if url not in usual] == []
    assert len(found) >= 0.9 * len(usual)
