"""congan_kontum: a police portal that numbers nothing and dates nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.newsroom.dressing import blocks
from tests.newsroom.furniture import filled_up, footer, menu
from tests.newsroom.markup import clock, own_chance, spread
from tests.newsroom.paper import Paper, Place, Section
from tests.newsroom.replies import Reply
from tests.newsroom.spelling import printed, slug
from tests.newsroom.story import Draft, Spelling, Story
from tests.newsroom.writing import reporters

_SLUG_LENGTH = 120
_ABOUT = "/trang-chu/gioi-thieu/chuc-nang-nhiem-vu.html"


class CongAnKonTum(Paper):
    """The police portal of Kon Tum."""

    name = "congan_kontum"
    title = "Công an tỉnh Kon Tum"
    first_number = 61_000
    number_step = 1
    sections = (
        Section("phong-trao-bvantq", "Phong trào BVANTQ", frozenset({"security", "politics"})),
        Section("an-ninh-trat-tu", "An ninh trật tự", frozenset({"law", "society"})),
        Section(
            "tin-tuc-su-kien",
            "Tin tức - Sự kiện",
            frozenset({"politics", "society", "economy", "sport", "prices"}),
        ),
    )
    redesigned_words = (
        ("noi-dung-chi-tiet", "chi-tiet-moi"),
        ("tieu-de-tin", "dau-de"),
        ("<h1", "<h2"),
        ("</h1", "</h2"),
    )

    def place(self, draft: Draft, spelling: frozenset[Spelling], place: Place, chance: Random) -> Story:
        section = self.section_for(draft.theme, chance)
        path = f"/{section.slug}/{slug(draft.title, _SLUG_LENGTH)}.html"
        return Story(
            site=self.name,
            key=f"{self.name}:{path}",
            path=path,
            title=draft.title,
            lead=None,
            body=(draft.lead, *draft.body),
            authors=reporters(self.name, chance)[:1],
            published_at=None,
            precision=None,
            section=section.label,
            tags=(),
            captions=tuple(_credited(caption, chance) for caption in draft.captions),
            topics=draft.topics,
            on_topic=draft.on_topic,
            hard=draft.hard or bool(spelling and draft.on_topic),
            shape="portal",
            section_slug=section.slug,
            posted_at=place.at,
            modified_at=None,
            dateline="",
            end_mark=".",
            spelling=spelling,
        )

    def path_of(self, story: Story) -> str:
        """The portal keeps an address for good."""
        return story.path

    def renamed(self, story: Story) -> Story:
        """Two headlines with the same first 120 characters of slug: the later one gets a figure."""
        stem = re.sub(r"(-\d)?\.html$", "", story.path)
        number = next(n for n in range(1, 1000) if not self.archive.at(f"{stem}-{n}.html"))
        path = f"{stem}-{number}.html"
        return replace(story, key=f"{self.name}:{path}", path=path)

    def route(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        story = self.archive.at(path)
        if story is not None:
            page = filled_up(self._head(story.title), self._body(story), self.setup.page_bytes)
            return self.html(page, "article", story.modified_at or story.posted_at)
        if path == _ABOUT:
            text = (
                "<h1>Chức năng, nhiệm vụ</h1><p>Công an tỉnh thực hiện chức năng, "
                "nhiệm vụ theo quy định của pháp luật.</p>"
            )
            return self.html(filled_up(self._head("Giới thiệu"), self._menu() + text, 8000), "page")
        return self._listing(path.strip("/"), query)

    def missing(self) -> bytes:
        return filled_up("<title>404</title>", "<p>Nội dung không tồn tại hoặc đã bị gỡ bỏ.</p>", 2500)

    def _listing(self, wanted: str, query: dict[str, list[str]]) -> Reply | None:
        many = self.setup.per_listing
        stories: Sequence[Story]
        if wanted == "":
            stories = (*self.shown_pinned(), *self._new()[:many])
            return self._list(self.title, "", stories, 1)
        section = next((section for section in self.sections if section.slug == wanted), None)
        if section is None:
            return None
        asked = query.get("page", ["1"])[0]
        number = max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
        found = [story for story in self._new() if story.section_slug == section.slug]
        return self._list(section.label, section.slug, found[(number - 1) * many : number * many], number)

    def _new(self) -> list[Story]:
        return [story for story in self.archive.stories if story.key not in self.pinned]

    def _list(self, heading: str, wanted: str, stories: Sequence[Story], number: int) -> Reply:
        rows = "".join(
            f'<div class="tin"><a href="{s.path}"><img src="{_image(s, 0)}" alt="{printed(s.title)}"></a>'
            f'<a class="tieu-de" href="{s.path}">{printed(s.title)}</a><p>{printed(s.body[0])}</p></div>'
            for s in stories
        )
        further = f'<a href="/{wanted}?page={number + 1}">Trang sau</a>' if wanted else ""
        body = (
            f'{self._menu()}<div class="danh-sach"><h2>{printed(heading)}</h2>{rows}{further}'
            f"</div>{footer(self.title)}"
        )
        return self.html(
            filled_up(self._head(heading), body, self.setup.page_bytes),
            "listing",
            self.newest_change(stories),
        )

    def _menu(self) -> str:
        rows = [(section.label, f"/{section.slug}") for section in self.sections]
        return menu(self.home, (*rows, ("Giới thiệu", _ABOUT)), self.title)

    def _head(self, title: str) -> str:
        return (
            f'<meta charset="utf-8"><title>{printed(title)}</title>'
            '<meta name="robots" content="index,follow">'
        )

    def _body(self, story: Story) -> str:
        related = "".join(
            f'<li><a href="{s.path}">{printed(s.title)}</a></li>' for s in self.archive.older(story, 6)
        )
        signed = f'<p class="tac-gia">Tác giả: {printed(", ".join(story.authors), story.spelling)}</p>'
        return (
            f'{self._menu()}<div class="noi-dung-chi-tiet"><div class="cong-cu-doc">A- A A+ '
            "| Tăng tương phản Giảm tương phản</div>"
            f'<h1 class="tieu-de-tin">{printed(story.title, story.spelling)}</h1>'
            f'<div class="than-tin">{_text(story)}</div>{signed}'
            f'<div class="lien-quan">Tin liên quan</div><ul>{related}</ul></div>{footer(self.title)}'
        )


def _text(story: Story) -> str:
    chance = own_chance(story, "layout")
    texts = [
        block.replace("<p>", f"<p>{'&nbsp;' * chance.choice((0, 0, 11))}", 1)
        for block in blocks(story, breaks=True)
    ]
    pictures = [
        f'<p style="text-align: center;"><img src="{_image(story, place)}"></p>'
        f'<p style="text-align: center;"><em>{printed(caption, story.spelling)}</em></p>'
        for place, caption in enumerate(story.captions)
    ]
    return "".join(spread(texts, pictures, chance))


def _image(story: Story, place: int) -> str:
    name = f"anh{place}{own_chance(story, 'image').randrange(16**8):08x}.jpg"
    return f"/upload/105000/{clock(story.posted_at, '%Y%m%d')}/{name}"


def _credited(caption: str, chance: Random) -> str:
    return caption if "(Ảnh:" in caption else f"{caption} (Ảnh: {chance.choice(('LT', 'TT', 'HT', 'NV'))})"
