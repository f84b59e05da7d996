"""Pages of a WordPress site in a newspaper theme: article, category, a day's programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from tests.newsroom.dressing import blocks
from tests.newsroom.furniture import footer, menu
from tests.newsroom.markup import byline, json_ld, meta, own_chance, spread, unpadded_day
from tests.newsroom.paper import Section
from tests.newsroom.spelling import printed, slug
from tests.newsroom.story import Story


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The site around one page."""

    home: str
    title: str
    older: tuple[Story, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of which listing."""

    heading: str
    base: str  # path without its last slash
    number: int
    more: bool  # whether another page follows


def article(story: Story, near: Surroundings, *, meta_dates: bool) -> tuple[str, str]:
    """Head and body of an article's page; without `meta_dates` the day stands in the visible text instead."""
    day = f'<span class="entry-date updated">{unpadded_day(story.posted_at)}</span>'
    shown = "" if meta_dates else f'<span class="td-post-date">{day}</span>'
    section = (
        f'<a href="{near.home}/category/{story.section_slug}" rel="category tag">{printed(story.section)}</a>'
    )
    body = (
        f'{_menu(near)}<div class="td-container"><div class="entry-crumbs">'
        f'<a href="{near.home}/">Trang chủ</a> {section}</div>'
        '<article class="post type-post status-publish"><header class="td-post-title">'
        f'<span class="cat-links">{section}</span>'
        f'<h1 class="entry-title">{printed(story.title, story.spelling)}</h1>{shown}</header>'
        f'<div class="entry-content td-post-content">{_text(story)}{_sharing(near)}</div>'
        f"<footer>{_tags(story, near)}</footer></article>{_side(near)}{_comments(story)}"
        f"</div>{footer(near.title)}"
    )
    return _head(story, near, meta_dates=meta_dates), body


def listing(stories: Sequence[Story], near: Surroundings, paging: Paging) -> tuple[str, str]:
    """Head and body of the home or a category page."""
    rows = "".join(
        f'<article class="post"><div class="post-thumb"><a href="{s.url(near.home)}">'
        f'<img src="/wp-content/uploads/thumb.jpg" alt="{printed(s.title)}"></a></div>'
        '<h3 class="entry-title td-module-title">'
        f'<a href="{s.url(near.home)}" rel="bookmark">{printed(s.title)}</a></h3>'
        f'<span class="td-post-date">{unpadded_day(s.posted_at)}</span>'
        f'<div class="td-excerpt">{printed(s.body[0][:160])}…</div></article>'
        for s in stories
    )
    base = f"{near.home}{paging.base}"
    further = (
        f'<a class="next page-numbers" href="{base}/page/{paging.number + 1}">Trang sau</a>'
        if paging.more
        else ""
    )
    feed = f'<a class="rss" href="{base}/feed/">RSS</a>' if paging.base else ""
    body = (
        f'{_menu(near)}<div class="td-container"><h1 class="page-title">{printed(paging.heading)}'
        f"</h1>{feed}{rows}"
        f'<div class="page-nav">{further}</div><a href="{near.home}/lich-phat-song/">Lịch phát sóng'
        f"</a></div>{footer(near.title)}"
    )
    head = (
        f'<meta charset="UTF-8"><title>{printed(paging.heading)} - {printed(near.title)}</title>'
        '<link rel="alternate" type="application/rss+xml" '
        f'href="{near.home}/feed/">{meta("og:type", "website", "property")}'
    )
    return head, body


def programme(home: str, day: date, near: Sequence[date]) -> str:
    """One day's broadcasts, with links to other days."""
    links = "".join(
        f'<a href="{home}/lich-phat-song/?ngay={other}&amp;kenh=1">{other:%d/%m/%Y}</a> ' for other in near
    )
    return (
        "<html><head><title>Lịch phát sóng</title></head><body>"
        f"<h1>Lịch phát sóng ngày {day:%d/%m/%Y}</h1><p>06:00 Chào ngày mới</p>{links}</body></html>"
    )


def _head(story: Story, near: Surroundings, *, meta_dates: bool) -> str:
    dates = ""
    if meta_dates:
        changed = story.modified_at or story.posted_at
        dates = (
            meta("article:published_time", _utc(story.posted_at), "property")
            + (meta("article:modified_time", _utc(changed), "property") if story.modified_at else "")
            + json_ld(_graph(story, near))
        )
    return (
        f'<meta charset="UTF-8"><title>{printed(story.title)} - {printed(near.title)}</title>'
        f'<link rel="canonical" href="{story.url(near.home)}">{meta("og:type", "article", "property")}'
        f"{meta('og:title', f'{story.title} - {near.title}', 'property')}"
        f"{meta('og:site_name', near.title, 'property')}"
        f"{dates}"
        f'<link rel="https://api.w.org/" href="{near.home}/wp-json/">'
        '<meta name="generator" content="WordPress 6.5">'
    )


def _graph(story: Story, near: Surroundings) -> dict[str, object]:
    page = {
        "@type": "WebPage",
        "@id": story.url(near.home),
        "name": f"{story.title} - {near.title}",
        "datePublished": _utc(story.posted_at),
        "dateModified": _utc(story.modified_at or story.posted_at),
    }
    return {"@context": "https://schema.org", "@graph": [page, {"@type": "Person", "name": "admin"}]}


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _menu(near: Surroundings) -> str:
    return menu(near.home, tuple((s.label, f"/category/{s.slug}") for s in near.sections), near.title)


def _text(story: Story) -> str:
    chance = own_chance(story, "layout")
    texts = blocks(story)
    pictures = [_picture(story, place, chance) for place in range(len(story.captions))]
    if chance.random() < 0.2:
        pictures.insert(
            0,
            (
                '<div class="wp-video-shortcode">'
                '<source type="video/mp4" src="/wp-content/uploads/video.mp4"></div>'
            ),
        )
    signed = f"<strong>{byline(story)}</strong>"
    last = f'<p style="text-align: right;">{signed}</p>' if chance.random() < 0.7 else f"<p>{signed}</p>"
    return "\n".join([*spread(texts, pictures, chance), last])


def _picture(story: Story, place: int, chance: Random) -> str:
    name = f"/wp-content/uploads/2026/11/{slug(story.title, 30)}-{place + 1}.jpg"
    image = f'<img class="size-full" src="{name}" alt="{printed(story.title)}" width="800" height="533">'
    text = printed(story.captions[place], story.spelling)
    if chance.random() < 0.6:
        return (
            f'<figure class="wp-caption aligncenter">{image}'
            f'<figcaption class="wp-caption-text">{text}</figcaption></figure>'
        )
    return f'<div class="wp-caption aligncenter">{image}<p class="wp-caption-text">{text}</p></div>'


def _sharing(near: Surroundings) -> str:
    rows = "".join(f'<li><a href="{s.url(near.home)}">{printed(s.title)}</a></li>' for s in near.older[:3])
    return (
        '<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Chia sẻ:</h3><ul>'
        "<li>Facebook</li><li>Twitter</li></ul></div>"
        f'<div class="jp-relatedposts"><h3>Có liên quan</h3><ul>{rows}</ul></div>'
    )


def _tags(story: Story, near: Surroundings) -> str:
    links = "".join(
        f'<li><a href="{near.home}/tag/{slug(tag)}" rel="tag">{printed(tag)}</a></li>' for tag in story.tags
    )
    return f'<ul class="td-tags"><li><span>TAGS</span></li>{links}</ul>'


def _side(near: Surroundings) -> str:
    rows = "".join(
        f'<div class="td_module_6"><h3><a href="{s.url(near.home)}">{printed(s.title)}</a></h3>'
        f"<p>{printed(s.body[0])}</p></div>"
        for s in near.older
    )
    return f'<aside class="td-sidebar"><h4>BÀI MỚI</h4>{rows}</aside>'


def _comments(story: Story) -> str:
    return (
        '<div id="comments"><h3 id="reply-title">BÌNH LUẬN</h3><p class="must-log-in">Bạn cần đăng '
        "nhập để bình luận.</p>"
        f'<a href="?replytocom={len(story.title)}">Trả lời</a></div>'
    )
