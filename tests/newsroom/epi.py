"""baohatinh: the ePi CMS, with the articles of the CMS before it, its TV subsite and its traps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.newsroom import epi_old, epi_page, feeds
from tests.newsroom.archive import numbers
from tests.newsroom.epi_page import Neighbours
from tests.newsroom.furniture import filled_up
from tests.newsroom.markup import VIETNAM
from tests.newsroom.paper import Paper, Place, Section, Setup
from tests.newsroom.replies import RSS, XML, Reply
from tests.newsroom.spelling import slug
from tests.newsroom.story import Draft, Shape, Spelling, Story
from tests.newsroom.writing import reporters

_POST = re.compile(r"^/[^/]+-post(\d+)\.html$")
_OLD = re.compile(r"^/[a-z-]+/[^/]+/(\d+)\.htm$")
_TV = re.compile(r"^/tv/.+-(\d+)\.html$")
_SHARE = re.compile(r"^/share(\d+)\.html$")
_TAG = re.compile(r"^/(?:[^/]+-tag\d+\.html|tag/[^/]+/)$")
_MONTH = re.compile(r"^/sitemaps/news-(\d{4})-(\d{1,2})\.xml$")
_LUNAR = re.compile(r"^/cong-cu/lich-am/(\d{2})-(\d{2})-(\d{4})$")
_IN_FEED = 50
_TV_NUMBERS = 30_000  # where the TV subsite's own ids begin, far below the paper's


class Baohatinh(Paper):
    """The paper of Hà Tĩnh."""

    name = "baohatinh"
    title = "Báo Hà Tĩnh"
    first_number = 308_000
    number_step = 3
    sections = (
        Section("chinh-tri", "Chính trị", frozenset({"politics", "security"})),
        Section("xa-hoi", "Xã hội", frozenset({"society", "security"})),
        Section("phap-luat", "Pháp luật", frozenset({"law"})),
        Section("kinh-te", "Kinh tế", frozenset({"economy"})),
        Section("the-thao", "Thể thao", frozenset({"sport"})),
    )
    redesigned_words = (
        ("article__title cms-title", "detail-headline"),
        ("article__sapo cms-desc", "detail-standfirst"),
        ("article__body zce-content-body cms-body", "detail-text"),
        ('itemprop="articleBody"', ""),
        ("article__time", "detail-when"),
        ('class="cms-date" itemprop="datePublished"', 'class="when"'),
        ("article__author", "detail-people"),
        ("cms-author", "person"),
        ("article__tag", "detail-words"),
        ("breadcrumb", "detail-path"),
    )

    def __init__(self, setup: Setup) -> None:
        self._tv_stories: tuple[Story, ...] = ()
        self._tv_at = -1  # the archive's version when they were looked up
        super().__init__(setup)

    def place(self, draft: Draft, spelling: frozenset[Spelling], place: Place, chance: Random) -> Story:
        tv = draft.theme == "prices"
        section = self.section_for(draft.theme, chance)
        shape: Shape = "epi-old" if place.old else "epi-tv" if tv else "epi"
        number = place.number - self.first_number + _TV_NUMBERS if tv else place.number
        dated = place.at if shape == "epi" else place.at.replace(second=0)
        story = Story(
            site=self.name,
            key=f"{self.name}:{'tv' if tv else 'post'}{number}",
            path="",
            title=draft.title,
            lead=draft.lead,
            body=draft.body,
            authors=("PV",) if tv else reporters(self.name, chance),
            published_at=dated,
            precision="second" if shape == "epi" else "minute",
            section="Giá cả" if tv else section.label,
            tags=() if place.old else draft.tags,  # the former layout shows none
            captions=draft.captions,
            topics=draft.topics,
            on_topic=draft.on_topic,
            hard=draft.hard or bool(spelling and draft.on_topic),
            shape=shape,
            section_slug="tv/gia-vang" if tv else section.slug,
            posted_at=dated,
            modified_at=None,
            dateline="(Baohatinh.vn) - " if place.old else "",
            end_mark=".",
            spelling=spelling,
        )
        return replace(story, path=self.path_of(story))

    def path_of(self, story: Story) -> str:
        number = story.key.rpartition(":")[2].lstrip("postv")
        words = slug(story.title, 120)
        if story.shape == "epi-old":
            return f"/{story.section_slug}/{words}/{number}.htm"
        return f"/tv/{words}-{number}.html" if story.shape == "epi-tv" else f"/{words}-post{number}.html"

    def kind_at(self, place: Place) -> str | None:
        """Every eleventh number is a price page of the TV subsite."""
        return "prices" if not place.old and place.number % 11 == 0 else None

    def old_places(self, chance: Random) -> list[Place]:
        """Stories of June to December 2021, as the former CMS printed them."""
        ids = numbers(self.setup.old, 214_000, 140, chance)
        last = datetime(2021, 12, 20, 17, 0, tzinfo=VIETNAM)
        gap = timedelta(days=190) / max(self.setup.old, 1)
        return [Place(number, last - gap * place, old=True) for place, number in enumerate(ids)]

    def route(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        return self._article(path) or self._list(path) or self._machine(path) or self._trap(path)

    def missing(self) -> bytes:
        return filled_up(
            "<title>Không tìm thấy trang</title>", "<h1>404</h1><p>Trang không tồn tại.</p>", 4000
        )

    def _article(self, path: str) -> Reply | None:
        for pattern, space in ((_POST, "post"), (_OLD, "post"), (_TV, "tv")):
            found = pattern.match(path)
            key = f"{self.name}:{space}{found[1]}" if found else ""
            if self.archive.has(key):
                return self._shown(self.archive.story(key), path)
        return None

    def _shown(self, story: Story, path: str) -> Reply:
        """The page of the id, whatever the slug; a former story's new address shows it in the new layout."""
        near = Neighbours(self.home, self.archive.older(story, 14), self._tv()[:5], self.sections)
        layout = epi_old if story.shape == "epi-old" and path.endswith(".htm") else epi_page
        head, body = layout.page(story, near)
        return self.html(
            filled_up(head, body, self.setup.page_bytes), "article", story.modified_at or story.posted_at
        )

    def _list(self, path: str) -> Reply | None:
        many = self.setup.per_listing
        if path == "/":
            return self._listing("Báo Hà Tĩnh", (*self.shown_pinned(), *self._news()[:many]), self._tv()[:5])
        if path == "/tin-moi.html":
            return self._listing("Tin mới", self._news()[:many], ())
        if path in {"/tv/gia-vang", "/tv/"}:
            return self._listing("Giá vàng", self._tv()[:many], ())
        for section in self.sections:
            if path == f"/{section.slug}/":
                old = [story for story in self.in_section(section.slug) if story.shape == "epi-old"][:3]
                new = [story for story in self.in_section(section.slug) if story.shape == "epi"][:many]
                return self._listing(section.label, (*new, *old), ())
        return self._listing("Từ khóa", self._news()[3:9], ()) if _TAG.match(path) else None

    def _listing(self, heading: str, stories: Sequence[Story], tv: Sequence[Story]) -> Reply:
        head, body = epi_page.listing(heading, stories, Neighbours(self.home, (), tuple(tv), self.sections))
        return self.html(filled_up(head, body, self.setup.page_bytes), "listing", self.newest_change(stories))

    def _machine(self, path: str) -> Reply | None:
        if path == "/rss/home.rss":
            return self._feed(self._news()[:_IN_FEED])
        for section in self.sections:
            if path == f"/rss/{section.slug}.rss":
                return self._feed([s for s in self._news() if s.section_slug == section.slug][:_IN_FEED])
        if path == "/rss.html":
            return self.html("RssPage.html", "page")
        if path == "/robots.txt":
            rules = (
                "User-agent: *\nDisallow: /api/\nDisallow: /search/\nDisallow: /tag.html\nDisallow: "
                "/print.html\n"
            )
            return Reply(
                body=f"{rules}\nSitemap: {self.home}/sitemap.xml\n".encode(),
                kind="robots",
                content_type="text/plain",
            )
        return self._sitemap(path)

    def _feed(self, stories: Sequence[Story]) -> Reply:
        """Scheduled quizzes among the articles; related headlines glued to every description."""

        def describe(story: Story) -> str:
            glued = "".join(other.title for other in self.archive.older(story, 2))
            return f"{story.lead}{glued}"

        channel = feeds.Channel(self.title, self.home, describe, lambda at: feeds.rfc_822(at, "GMT+7"))
        return Reply(
            body=feeds.rss(channel, stories),
            kind="feed",
            content_type=RSS,
            modified_at=self.newest_change(stories),
        )

    def _sitemap(self, path: str) -> Reply | None:
        months = feeds.months([story for story in self.archive.stories if story.shape != "epi-tv"])
        if path == "/sitemap.xml":
            places = [(f"{self.home}/sitemaps/news-{year}-{month}.xml", None) for year, month in months]
            more = [(f"{self.home}/sitemaps/{name}.xml", None) for name in ("categories", "topics")]
            return Reply(body=feeds.sitemap_index([*places, *more]), kind="sitemap", content_type=XML)
        if path in {"/sitemaps/categories.xml", "/sitemaps/topics.xml"}:
            rubrics = [(f"{self.home}/{section.slug}/", None) for section in self.sections]
            return Reply(body=feeds.urlset(rubrics), kind="sitemap", content_type=XML)
        found = _MONTH.match(path)
        stories = months.get((int(found[1]), int(found[2]))) if found else None
        if not found or not stories or found[2].startswith("0"):
            return None
        body = feeds.urlset((story.url(self.home), story.modified_at or story.posted_at) for story in stories)
        packed = int(found[2]) % 2 == 0  # every other month is a gzip file, whatever its name says
        return Reply(
            body=feeds.zipped(body) if packed else body,
            kind="sitemap",
            content_type="application/x-gzip" if packed else XML,
            modified_at=self.newest_change(stories),
        )

    def _trap(self, path: str) -> Reply | None:
        lunar = _LUNAR.match(path)
        if lunar or path in {"/cong-cu/", "/cong-cu/lich-am"}:
            return self.html(epi_page.lunar_calendar(self.home, self.setup.now, lunar), "page")
        share = _SHARE.match(path)
        if share and self.archive.has(key := f"{self.name}:post{share[1]}"):
            return Reply(301, headers=(("Location", self.archive.story(key).url(self.home)),))
        return self._listing("Tìm kiếm", self._news()[:10], ()) if path == "/search/" else None

    def _news(self) -> list[Story]:
        return [story for story in self.archive.stories if story.shape == "epi"]

    def _tv(self) -> tuple[Story, ...]:
        if self._tv_at != self.archive.version:
            self._tv_stories = tuple(story for story in self.archive.stories if story.shape == "epi-tv")
            self._tv_at = self.archive.version
        return self._tv_stories
