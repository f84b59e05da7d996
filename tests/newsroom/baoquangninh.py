"""baohungyen: the CMS of baoquangninh.vn. Listings lead; there is no feed and no sitemap."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.newsroom.dressing import blocks
from tests.newsroom.furniture import PLACEHOLDER, filled_up, footer, menu
from tests.newsroom.markup import VIETNAM, byline, clock, meta, own_chance, spread, weekday
from tests.newsroom.paper import Paper, Place, Section
from tests.newsroom.replies import Reply
from tests.newsroom.spelling import printed, slug
from tests.newsroom.story import Draft, Spelling, Story
from tests.newsroom.writing import reporters

_FLAT = re.compile(r"^/[^/]+-(\d+)\.html$")
_OLD = re.compile(r"^/[a-z-]+/\d{6}/[^/]+-([0-9a-f]{7})/?$")


class Baohungyen(Paper):
    """The paper of Hưng Yên."""

    name = "baohungyen"
    title = "Báo Hưng Yên"
    first_number = 3_184_400
    number_step = 2
    sections = (
        Section("chinh-tri", "Chính trị", frozenset({"politics"})),
        Section("an-ninh-quoc-phong", "An ninh - Quốc phòng", frozenset({"security"})),
        Section("xa-hoi", "Xã hội", frozenset({"society"})),
        Section("phap-luat-doi-song", "Pháp luật - Đời sống", frozenset({"law"})),
        Section("kinh-te", "Kinh tế", frozenset({"economy", "prices"})),
        Section("doi-song", "Đời sống", frozenset({"society"})),
        Section("the-thao", "Thể thao", frozenset({"sport"})),
        Section("van-hoa", "Văn hóa", frozenset()),
        Section("giao-duc", "Giáo dục", frozenset()),
        Section("quoc-te", "Quốc tế", frozenset()),
        Section("ban-doc", "Bạn đọc", frozenset()),
        Section("dat-va-nguoi-hung-yen", "Đất và người Hưng Yên", frozenset()),
    )
    redesigned_words = (
        ('id="content-detail"', 'class="bai-viet"'),
        ("content-article", "khung-bai"),
        ('class="name"', 'class="tieu-de"'),
        ("date font5", "thoi-gian"),
        ("pseudonym", "but-danh"),
        ("breadcrumb", "duong-dan"),
    )

    def place(self, draft: Draft, spelling: frozenset[Spelling], place: Place, chance: Random) -> Story:
        section = self.section_for(draft.theme, chance)
        shown = "old" + f"{place.number:07x}" if place.old else str(place.number)
        at = place.at.replace(second=0)
        story = Story(
            site=self.name,
            key=f"{self.name}:{shown}",
            path="",
            title=draft.title,
            lead=draft.lead,
            body=draft.body,
            authors=reporters(self.name, chance),
            published_at=at,
            precision="minute",
            section=section.label,
            tags=draft.tags,
            captions=draft.captions,
            topics=draft.topics,
            on_topic=draft.on_topic,
            hard=draft.hard or bool(spelling and draft.on_topic),
            shape="baoquangninh-old" if place.old else "baoquangninh",
            section_slug=section.slug,
            posted_at=at,
            modified_at=None,
            dateline="",
            end_mark=".",
            spelling=spelling,
        )
        return replace(story, path=self.path_of(story))

    def path_of(self, story: Story) -> str:
        number, words = story.key.rpartition(":")[2], slug(story.title, 120)
        if story.shape == "baoquangninh-old":
            month = clock(story.posted_at, "%Y%m")
            return f"/{story.section_slug}/{month}/{words}-{number.removeprefix('old')}/"
        return f"/{words}-{number}.html"

    def old_places(self, chance: Random) -> list[Place]:
        """Stories of 2021 under the addresses of that time."""
        last = datetime(2021, 11, 30, 9, 30, tzinfo=VIETNAM)
        numbers = chance.sample(range(16**6, 16**7), self.setup.old)
        return [
            Place(number, last - timedelta(days=9 * place), old=True) for place, number in enumerate(numbers)
        ]

    def route(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        if path == "/list-post-by-category":
            return self._json(query)
        return self._article(path) or self._listing(path, query)

    def _json(self, query: dict[str, list[str]]) -> Reply | None:
        """What the button "Xem thêm" asks for: one section, named by its number, some stories a page."""
        number, many = _page_number(query), int(query.get("limit", ["12"])[0])
        chosen = int(query.get("category_id", ["0"])[0])
        if not 0 < chosen <= len(self.sections):
            return None
        found = self._of(self.sections[chosen - 1])[(number - 1) * many : number * many]
        rows = [
            {"title": one.title, "link": one.url(self.home), "publish_time": int(one.posted_at.timestamp())}
            for one in found
        ]
        body = json.dumps({"success": True, "data": rows}, ensure_ascii=False).encode()
        return Reply(body=body, kind="listing", content_type="application/json")

    def missing(self) -> bytes:
        return filled_up("<title>Không tìm thấy</title>", "<h1>Đường dẫn không tồn tại</h1>", 3000)

    def _article(self, path: str) -> Reply | None:
        flat, old = _FLAT.match(path), _OLD.match(path)
        key = f"{self.name}:{flat[1]}" if flat else f"{self.name}:old{old[1]}" if old else ""
        if not self.archive.has(key):
            return None
        story = self.archive.story(key)
        body = filled_up(self._head(story), self._body(story), self.setup.page_bytes)
        return self.html(body, "article", story.modified_at or story.posted_at)

    def _listing(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        """Upper- and lower-case addresses of one section are one page; `?page=2` goes on."""
        wanted = path.strip("/").lower()
        if path == "/":
            return self._list("Trang chủ", "", (*self.shown_pinned(), *self._new()[: self.setup.per_listing]))
        section = next((section for section in self.sections if section.slug == wanted), None)
        if section is None:
            return None
        found = self._of(section)
        number = _page_number(query)
        part = found[(number - 1) * self.setup.per_listing : number * self.setup.per_listing]
        return self._list(section.label, section.slug, part, number)

    def _of(self, section: Section) -> tuple[Story, ...]:
        if section.slug == "dat-va-nguoi-hung-yen":
            return tuple(story for story in self.archive.stories if story.shape == "baoquangninh-old")
        return tuple(story for story in self._new() if story.section_slug == section.slug)

    def _new(self) -> tuple[Story, ...]:
        return tuple(story for story in self.archive.stories if story.shape == "baoquangninh")

    def _list(self, heading: str, slug_: str, stories: Sequence[Story], number: int = 1) -> Reply:
        cards = "".join(self._card(story) for story in stories)
        pages = (
            f'<ul class="pagination"><li><a href="/{slug_}?page={number + 1}">Trang sau</a></li></ul>'
            if slug_
            else ""
        )
        body = (
            f'{self._menu()}<div class="container"><h2 class="title-cate">{printed(heading)}</h2>'
            f'<div class="list-news">{cards}</div>'
            f"{pages}</div>{footer(self.title)}"
        )
        page = filled_up(
            f'<meta charset="utf-8"><title>{printed(heading)} - {self.title}</title>',
            body,
            self.setup.page_bytes,
        )
        return self.html(page, "listing", self.newest_change(stories))

    def _menu(self) -> str:
        """Both spellings of a section's address stand in the menu."""
        rows = [(section.label, f"/{section.slug}") for section in self.sections]
        twins = [
            (section.label, f"/{section.slug.capitalize()}")
            for section in self.sections[:1] + self.sections[2:5]
        ]
        return menu(self.home, (*rows, *twins), self.title)

    def _card(self, story: Story) -> str:
        title = printed(story.title)
        return (
            f'<article class="card"><a href="{story.path}" title="{title}">'
            f'<img src="{PLACEHOLDER}" data-src="/upload/image/thumb.jpg" alt="{title}"></a>'
            f'<div class="card-content"><h3><a href="{story.url(self.home)}">{title}</a></h3>'
            f"<p>{printed(story.lead or '')}</p>"
            f'<span class="time">{clock(story.posted_at, "%d/%m/%Y %H:%M")}</span></div></article>'
        )

    def _head(self, story: Story) -> str:
        lead = story.lead or ""
        return (
            f'<meta charset="utf-8"><title>{printed(story.title)} - {self.title}'
            f"</title>{meta('description', lead)}"
            f"{meta('og:description', lead, 'property')}{meta('og:title', story.title, 'property')}"
            f"{meta('og:type', 'article', 'property')}"
            f'<link rel="canonical" href="{story.url(self.home)}">'
        )

    def _body(self, story: Story) -> str:
        near = self.archive.older(story, 10)
        at = f"{weekday(story.posted_at)}, {clock(story.posted_at, '%d/%m/%Y, %H:%M')} [GMT +7]"
        hot = "".join(self._card(other) for other in near[5:9])
        return (
            f'{self._menu()}<div class="block-news-list top-news"><h3>Tin nổi bật</h3>{hot}</div>'
            '<div class="container"><div class="breadcrumbs">'
            '<ol class="breadcrumb"><li><a href="/">Trang chủ</a></li><li>'
            f'<a href="/{story.section_slug}">{printed(story.section)}</a></li></ol></div>'
            f'<h1 class="name">{printed(story.title, story.spelling)}</h1><div class="date font5">{at}</div>'
            '<div class="social">Chia sẻ Facebook Zalo</div><div class="content-article">'
            f'<div id="content-detail">{self._text(story, near)}</div></div>'
            f"{self._after(story, near)}</div>{footer(self.title)}"
        )

    def _text(self, story: Story, near: Sequence[Story]) -> str:
        chance = own_chance(story, "layout")
        texts = blocks(story, breaks=True)
        extras = [_picture(story, caption, chance) for caption in story.captions]
        if near:
            rows = "".join(f'<li><a href="{s.path}">{printed(s.title)}</a></li>' for s in near[:2])
            extras.append(f'<div class="relates"><ul>{rows}</ul></div>')
        first = (
            f"<p><strong>{printed(story.lead or '', story.spelling)}</strong></p>"
            if chance.random() < 0.5
            else ""
        )
        if not story.authors:
            last = "<p>Nguồn tin: baohungyen.vn</p>"
        else:
            last = f'<div class="pseudonym"><strong>{byline(story)}</strong></div>'
        return (
            f'{first}{"".join(spread(texts, extras, chance))}{last}<div class="print_page">In bài viết</div>'
        )

    def _after(self, story: Story, near: Sequence[Story]) -> str:
        words = ", ".join(f'<a href="/tag/{slug(tag)}">{printed(tag)}</a>' for tag in story.tags)
        related = "".join(self._card(other) for other in near[:5])
        return (
            f'<div class="tags">Từ khóa: {words}</div><div class="topics"><h3>Chủ đề</h3></div>'
            f'<div class="tin-lien-quan"><h3>Tin liên quan</h3>{related}</div>'
            '<div class="comments"><h3>Ý kiến bạn đọc</h3><p>Gửi ý kiến của bạn, tòa soạn '
            "sẽ biên tập trước khi đăng.</p></div>"
        )


def _picture(story: Story, caption: str, chance: Random) -> str:
    image = (
        f'<img src="/upload/image/202611/medium/{chance.randrange(10**6)}_anh.jpg" '
        f'alt="{printed(story.title)}">'
    )
    text = printed(caption, story.spelling)
    if chance.random() < 0.5:
        return f"<figure>{image}<figcaption>{text}</figcaption></figure><p>&nbsp;</p>"
    return (
        f'<table class="picture" align="center"><tr><td>{image}</td></tr><tr><td class="note">'
        f"<em>{text}</em></td></tr></table>"
    )


def _page_number(query: dict[str, list[str]]) -> int:
    asked = query.get("page", ["1"])[0]
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
