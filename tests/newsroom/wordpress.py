"""kontumtv and gialaitv: two WordPress sites that differ in slashes, dates and plugins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from random import Random

from tests.newsroom import feeds, wordpress_page
from tests.newsroom.furniture import filled_up
from tests.newsroom.paper import Paper, Place, Section, Setup
from tests.newsroom.replies import RSS, XML, Reply
from tests.newsroom.spelling import slug
from tests.newsroom.story import Draft, Spelling, Story, StoryPrecision
from tests.newsroom.writing import reporters

_PAGED = re.compile(r"^(.*)/page/(\d{1,5})/?$")
_SITEMAP = re.compile(r"^/wp-sitemap-posts-post-(\d+)\.xml$")
_IN_FEED = 10
_IN_SITEMAP = 2000


@dataclass(frozen=True, slots=True)
class Habits:
    """What distinguishes one WordPress site from another."""

    slash: str  # what every article's address ends with: "/" or ""
    dateline: str
    precision: StoryPrecision  # of what the page tells
    meta_dates: bool  # an SEO plugin prints published_time, on UTC's clock
    lastmod: bool  # the sitemap says when


class WordPress(Paper):
    """Common to both."""

    number_step = 3
    habits: Habits
    redesigned_words = (
        ("entry-content td-post-content", "noi-dung-bai"),
        ("entry-title", "tua-de"),
        ("entry-date", "ngay-dang"),
        ("cat-links", "chuyen-muc"),
        ("entry-crumbs", "duong-dan"),
    )

    def __init__(self, setup: Setup) -> None:
        self._by_number: dict[int, str] = {}
        super().__init__(setup)

    def place(self, draft: Draft, spelling: frozenset[Spelling], place: Place, chance: Random) -> Story:
        section = self.section_for(draft.theme, chance)
        path = f"/{section.slug}/{slug(draft.title, 180)}"
        self._by_number[place.number] = f"{self.name}:{path}"
        return Story(
            site=self.name,
            key=f"{self.name}:{path}",
            path=path + self.habits.slash,
            title=draft.title,
            lead=None,
            body=(draft.lead, *draft.body),
            authors=reporters(self.name, chance),
            published_at=place.at,
            precision=self.habits.precision,
            section=section.label,
            tags=draft.tags,
            captions=draft.captions,
            topics=draft.topics,
            on_topic=draft.on_topic,
            hard=draft.hard or bool(spelling and draft.on_topic),
            shape="wordpress",
            section_slug=section.slug,
            posted_at=place.at,
            modified_at=None,
            dateline=self.habits.dateline,
            end_mark=chance.choice((".", "./.")),
            spelling=spelling,
        )

    def path_of(self, story: Story) -> str:
        """WordPress keeps the slug when a headline changes."""
        return story.path

    def renamed(self, story: Story) -> Story:
        """A headline used before gets `-2`, `-3` …"""
        stem, number = re.sub(r"-\d$", "", story.path.rstrip("/")), 2
        while self.archive.has(f"{self.name}:{stem}-{number}"):
            number += 1
        return replace(story, key=f"{self.name}:{stem}-{number}", path=f"{stem}-{number}{self.habits.slash}")

    def route(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        return (
            self._article(path, query)
            or self._machine(path)
            or self._listing(path)
            or self._trap(path, query)
        )

    def missing(self) -> bytes:
        return filled_up("<title>Không tìm thấy trang</title>", '<h1 class="entry-title">404</h1>', 5000)

    def _article(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        key = f"{self.name}:{path.rstrip('/')}"
        if not self.archive.has(key):
            return self._short_link(query) if path == "/" else None
        story = self.archive.story(key)
        if path != story.path:
            return Reply(301, headers=(("Location", story.url(self.home)),))
        surroundings = wordpress_page.Surroundings(
            self.home, self.title, self.archive.older(story, 8), self.sections
        )
        head, body = wordpress_page.article(story, surroundings, meta_dates=self.habits.meta_dates)
        page = filled_up(head, body, self.setup.page_bytes)
        return self.html(page, "article", story.modified_at or story.posted_at)

    def _short_link(self, query: dict[str, list[str]]) -> Reply | None:
        asked = query.get("p", [""])[0]
        key = self._by_number.get(int(asked), "") if asked.isdecimal() and len(asked) < 10 else ""
        return (
            Reply(301, headers=(("Location", self.archive.story(key).url(self.home)),))
            if self.archive.has(key)
            else None
        )

    def _listing(self, path: str) -> Reply | None:
        paged = _PAGED.match(path)
        base, number = (paged[1], int(paged[2])) if paged else (path, 1)
        base = base.rstrip("/")
        found = self._listed(base)
        if found is None or number < 1:
            return None
        many = self.setup.per_listing
        part = found[(number - 1) * many : number * many]
        if number > 1 and not part:
            return None
        if base == "" and number == 1:
            part = (*self.shown_pinned(), *part)
        heading = self._label(base)
        surroundings = wordpress_page.Surroundings(self.home, self.title, (), self.sections)
        nearby = wordpress_page.Paging(heading, base, number, number * many < len(found))
        head, body = wordpress_page.listing(part, surroundings, nearby)
        return self.html(filled_up(head, body, self.setup.page_bytes), "listing", self.newest_change(part))

    def _listed(self, base: str) -> tuple[Story, ...] | None:
        """The stories under a listing's address; None where none stands."""
        if base in {"", "/tin-tuc", "/category/tin-tuc"}:
            return self._new()
        if base == "/category/video-clip/thoi-su":
            return self._new()[::7]
        for section in self.sections:
            if base in {f"/category/{section.slug}", f"/{section.slug}"}:
                return tuple(story for story in self._new() if story.section_slug == section.slug)
        return self._new()[2:8] if base.startswith(("/tag/", "/author/")) else None

    def _new(self) -> tuple[Story, ...]:
        return tuple(story for story in self.archive.stories if story.key not in self.pinned)

    def _label(self, base: str) -> str:
        found = next((section.label for section in self.sections if base.endswith(section.slug)), None)
        return found or ("Tin tức" if base else self.title)

    def _machine(self, path: str) -> Reply | None:
        bare = path.rstrip("/")
        if bare == "/feed" or (bare.startswith("/category/") and bare.endswith("/feed")):
            base = bare.removesuffix("/feed")
            stories = self._listed(base)
            return self._feed(stories[:_IN_FEED]) if stories is not None else None
        if path == "/robots.txt":
            rules = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
            return Reply(
                body=f"{rules}\nSitemap: {self.home}/wp-sitemap.xml\n".encode(),
                kind="robots",
                content_type="text/plain",
            )
        return self._sitemap(path)

    def _feed(self, stories: Sequence[Story]) -> Reply:
        def describe(story: Story) -> str:
            words = " ".join(f"{story.dateline}{story.body[0]}".split(" ")[:45])
            return (
                f'<p>{words} [&#8230;]</p><p>The post <a href="{story.url(self.home)}">{story.title}'
                f"</a> appeared first on {self.title}.</p>"
            )

        channel = feeds.Channel(self.title, self.home, describe, lambda at: feeds.rfc_822(at, "+0000"))
        return Reply(
            body=feeds.rss(channel, stories),
            kind="feed",
            content_type=RSS,
            modified_at=self.newest_change(stories),
        )

    def _sitemap(self, path: str) -> Reply | None:
        parts = range(0, max(len(self.archive.stories), 1), _IN_SITEMAP)
        if path == "/wp-sitemap.xml":
            names = [f"posts-post-{number}" for number in range(1, len(parts) + 1)]
            maps = [*names, "posts-page-1", "taxonomies-category-1", "users-1"]
            places = [(f"{self.home}/wp-sitemap-{name}.xml", None) for name in maps]
            return Reply(body=feeds.sitemap_index(places), kind="sitemap", content_type=XML)
        if path in {
            "/wp-sitemap-posts-page-1.xml",
            "/wp-sitemap-users-1.xml",
            "/wp-sitemap-taxonomies-category-1.xml",
        }:
            return Reply(
                body=feeds.urlset(((f"{self.home}/gioi-thieu", None),)), kind="sitemap", content_type=XML
            )
        found = _SITEMAP.match(path)
        if not found or not 1 <= int(found[1]) <= len(parts):
            return None
        first = parts[int(found[1]) - 1]
        stories = self.archive.stories[::-1][first : first + _IN_SITEMAP]
        lastmod = self.habits.lastmod
        rows = ((s.url(self.home), (s.modified_at or s.posted_at) if lastmod else None) for s in stories)
        return Reply(
            body=feeds.urlset(rows), kind="sitemap", content_type=XML, modified_at=self.newest_change(stories)
        )

    def _trap(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        """Pages that lead on for ever or nowhere; only gialaitv has a programme."""
        return None


class Kontumtv(WordPress):
    """The former broadcaster of Kon Tum: no date in the visible text, UTC in the metadata."""

    name = "kontumtv"
    title = "Truyền hình Kon Tum"
    first_number = 41_000
    habits = Habits(slash="", dateline="(kontumtv.vn) – ", precision="second", meta_dates=True, lastmod=True)
    sections = (
        Section("tin-tuc/tin-trong-nuoc", "Thời sự - Chính trị", frozenset({"politics", "security"})),
        Section(
            "tin-tuc/tin-dia-phuong",
            "Tin địa phương",
            frozenset({"society", "economy", "sport", "law", "prices"}),
        ),
        Section("tin-tuc/quoc-phong-an-ninh", "Quốc phòng, an ninh", frozenset({"security"})),
    )


class Gialaitv(WordPress):
    """The former broadcaster of Gia Lai: the day alone in the text, and a programme without end."""

    name = "gialaitv"
    title = "Truyền hình Gia Lai"
    first_number = 51_000
    habits = Habits(slash="/", dateline="", precision="day", meta_dates=False, lastmod=False)
    sections = (
        Section(
            "tin-tuc/tin-dia-phuong", "Tin địa phương", frozenset({"politics", "security", "society", "law"})
        ),
        Section("tin-tuc/kinh-te", "Kinh tế", frozenset({"economy", "prices"})),
        Section("tin-tuc/the-thao", "Thể thao", frozenset({"sport"})),
    )

    def _trap(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        if path.rstrip("/") != "/lich-phat-song":
            return None
        asked = query.get("ngay", [""])[0]
        try:
            day = date.fromisoformat(asked)
        except ValueError:
            day = self.setup.now.astimezone(UTC).date()
        near = (
            [day + timedelta(days=step) for step in (-1, 1, 7)]
            if date(1900, 1, 1) < day < date(2900, 1, 1)
            else []
        )
        return self.html(wordpress_page.programme(self.home, day, near), "page")
