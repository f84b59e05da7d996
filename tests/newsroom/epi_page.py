"""Pages of the ePi CMS as it is today: article, listing, the lunar calendar that never ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from tests.newsroom.dressing import blocks
from tests.newsroom.furniture import PLACEHOLDER, footer, menu
from tests.newsroom.markup import byline, clock, json_ld, meta, no_colon, own_chance, spread
from tests.newsroom.paper import Section
from tests.newsroom.spelling import printed, slug
from tests.newsroom.story import Story

_PAPER = "Báo Hà Tĩnh"
COMMENTS = (
    '<div class="comment-wrap"><h3>Bình luận</h3><div class="comment-tpl"><p>{name} - {time}</p>'
    '<a href="javascript:;">Trả lời</a>'
    "<p>{body}</p><p>{name}- {time}</p><p>{body}</p></div><span>0 bình luận</span>"
    "<p>Ý kiến của bạn sẽ được biên tập trước khi đăng. Vui lòng gõ tiếng Việt có dấu</p></div>"
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands around an article: older stories, the TV box, the menu."""

    home: str
    older: tuple[Story, ...]
    tv: tuple[Story, ...]
    sections: tuple[Section, ...]


def page(story: Story, near: Neighbours) -> tuple[str, str]:
    """Head and body of an article's page."""
    body = (
        f'{_menu(near)}{_tv_box(near)}<div class="site-body">'
        f'<div class="article">{_top(story, near)}{_text(story, near)}'
        f"{_tags(story, near)}{COMMENTS}</div>{_side(near)}</div>{footer(_PAPER)}"
    )
    return _head(story, near), body


def listing(heading: str, stories: Sequence[Story], near: Neighbours) -> tuple[str, str]:
    """Head and body of a section's or the home page."""
    cards = "".join(_card(story, near.home) for story in stories)
    head = (
        f'<meta charset="utf-8"><title>{printed(heading)} | {_PAPER}'
        f"</title>{meta('og:type', 'website', 'property')}"
    )
    body = (
        f'{_menu(near)}<div class="site-body"><h2 class="box-heading">{printed(heading)}</h2>'
        f'<div class="zone zone--list">{cards}</div>'
        f'{_tv_box(near)}<ul class="paging"><li><a href="?page=2">2</a></li></ul>'
        f'<a href="{near.home}/cong-cu/lich-am" title="Lịch âm">Lịch âm hôm nay</a></div>{footer(_PAPER)}'
    )
    return head, body


def lunar_calendar(home: str, now: datetime, asked: re.Match[str] | None) -> str:
    """One day of the calendar, with links to the day before and after, for ever."""
    try:
        day = datetime(int(asked[3]), int(asked[2]), int(asked[1])) if asked else now.replace(tzinfo=None)  # noqa: DTZ001 - a calendar day
    except ValueError:
        day = now.replace(tzinfo=None)
    links = "".join(
        f'<a href="{home}/cong-cu/lich-am/{day + timedelta(days=step):%d-%m-%Y}">'
        f"{day + timedelta(days=step):%d/%m/%Y}"
        "</a> "
        for step in (-1, 1, 30)
    )
    return (
        f"<html><head><title>Lịch âm {day:%d/%m/%Y}</title></head><body>"
        f"<h1>Lịch âm ngày {day:%d/%m/%Y}</h1>{links}</body></html>"
    )


def _head(story: Story, near: Neighbours) -> str:
    url, home = story.url(near.home), near.home
    number = story.key.rpartition(":")[2].lstrip("postv")
    described = f"{story.dateline}{story.lead}"
    dated = "" if story.shape == "epi-tv" else _dates(story)
    return (
        f'<meta charset="utf-8"><title>{printed(story.title)} | {_PAPER}'
        f"</title>{meta('description', described)}"
        f"{meta('keywords', ', '.join(story.tags))}{meta('author', _PAPER)}"
        f"{meta('og:type', 'article', 'property')}"
        f"{meta('og:title', story.title, 'property')}"
        f"{meta('og:url', f'{home}/share{number}.html', 'property')}"
        f'{meta("og:site_name", _PAPER, "property")}{dated}<meta http-equiv="refresh" content="1800">'
        f'<link rel="canonical" href="{url}">'
        f"{json_ld(_structured(story, near)) if dated else ''}{json_ld(_organisation(home))}"
    )


def _dates(story: Story) -> str:
    changed = story.modified_at or story.posted_at
    return meta("article:published_time", no_colon(story.posted_at), "property") + meta(
        "article:modified_time", no_colon(changed), "property"
    )


def _structured(story: Story, near: Neighbours) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url(near.home)},
        "headline": story.title,
        "description": story.lead,
        "datePublished": no_colon(story.posted_at),
        "dateModified": no_colon(story.modified_at or story.posted_at),
        "author": {"@type": "Person", "name": _PAPER},
        "publisher": {"@type": "Organization", "name": _PAPER},
    }


def _organisation(home: str) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "Organization", "name": _PAPER, "url": f"{home}/"}


def _menu(near: Neighbours) -> str:
    return menu(near.home, tuple((section.label, f"/{section.slug}/") for section in near.sections), _PAPER)


def _top(story: Story, near: Neighbours) -> str:
    path = (
        f'<div class="breadcrumb"><h2 class="main"><a href="{near.home}/">Trang chủ</a> '
        f'<a href="{near.home}/{story.section_slug}/">{printed(story.section)}</a></h2></div>'
    )
    title = f'<h1 class="article__title cms-title"> {printed(story.title, story.spelling)} </h1>'
    if story.shape == "epi-tv":
        return f'{path}{title}<div class="tv-meta">PV - {clock(story.posted_at, "%d/%m/%Y %H:%M")}</div>'
    return f'{path}<div class="article__header">{title}{_when_and_who(story)}</div>'


def _when_and_who(story: Story) -> str:
    at = no_colon(story.posted_at)
    people = "".join(
        f'<a href="#" class="name cms-author" title="{printed(name)}">{printed(name)}</a> '
        for name in story.authors
    )
    return (
        f'<time class="article__time" datetime="{at}" data-time="{int(story.posted_at.timestamp())}">'
        f"{clock(story.posted_at, '%d/%m/%Y %H:%M')}</time>"
        f'<meta class="cms-date" itemprop="datePublished" content="{at}">'
        f'<div class="article__author">{people}</div>'
    )


def _text(story: Story, near: Neighbours) -> str:
    chance = own_chance(story, "layout")
    wrap = "div" if chance.random() < 0.15 else 'p style="text-align: justify;"'
    texts = blocks(story, wrap)
    extras = [*(_figure(story, caption, chance) for caption in story.captions), _advertisement(chance)]
    if near.older:
        extras.append(_related(near, chance))
    if chance.random() < 0.4 and story.shape != "epi-tv":
        texts.append(
            f'<p class="cms-signature" style="text-align: right;"><strong>{byline(story)}</strong></p>'
        )
    lead = f"{printed(story.dateline)}{printed(story.lead or '', story.spelling)}"
    return (
        f'<div class="article__sapo cms-desc"><p>{lead}</p></div>'
        '<div class="article__body zce-content-body '
        f'cms-body" itemprop="articleBody">{"".join(spread(texts, extras, chance))}</div>'
    )


def _figure(story: Story, caption: str, chance: Random) -> str:
    number = f"{chance.randrange(16**12):012x}"
    return (
        f'<figure><img src="{PLACEHOLDER}" class="lazyload cms-photo" alt="{printed(story.title)}" '
        f'data-src="https://cdn.example.vn/images/{number}/{slug(story.title, 40)}-{number[:4]}.jpg" '
        f'title="{printed(caption)}">'
        f"<figcaption>{printed(caption, story.spelling)}</figcaption></figure>"
    )


def _advertisement(chance: Random) -> str:
    return (
        f'<div class="ads_middle"><div id="adsWeb_{chance.randrange(10**5)}">Quảng '
        "cáo: Ưu đãi cuối năm, giảm đến 30%</div></div>"
    )


def _related(near: Neighbours, chance: Random) -> str:
    chosen = near.older[: chance.randint(1, 3)]
    return (
        '<div class="article-relate" data-source="related-news"><h3>Tin liên quan'
        f"</h3>{''.join(_card(s, near.home) for s in chosen)}</div>"
    )


def _tags(story: Story, near: Neighbours) -> str:
    links = "".join(
        f'<a href="{near.home}/{slug(tag)}-tag{Random(tag).randrange(10**5)}.html" '
        f'title="{printed(tag)}">#{printed(tag)}</a> '
        for tag in story.tags
    )
    return (
        '<div class="article__tag"><h3 class="box-heading"><span class="title">Từ khóa</span></h3>'
        f'<div class="box-content">{links}</div></div>'
    )


def _tv_box(near: Neighbours) -> str:
    """Stands before the article in the source: leads of other stories come first for a careless reader."""
    rows = "".join(_card(story, near.home) for story in near.tv)
    return (
        '<div class="sidebar tv-box"><h3>Truyền hình</h3><p>Bản tin thời sự tối và những '
        f"chương trình đáng chú ý trong ngày.</p>{rows}</div>"
    )


def _side(near: Neighbours) -> str:
    most_read = "".join(
        f'<li><a href="{s.url(near.home)}" title="{printed(s.title)}">{printed(s.title)}</a></li>'
        for s in near.older[3:9]
    )
    more = "".join(_card(story, near.home) for story in near.older[:8])
    return (
        f'<div class="sidebar"><h3>Đọc nhiều</h3><ul>{most_read}</ul></div>'
        f'<section class="zone zone--list"><h3 class="box-heading">Đọc thêm</h3>{more}</section>'
    )


def _card(story: Story, home: str) -> str:
    return _printed_card(story.url(home), story.title, story.lead or "", story.posted_at)


@lru_cache(maxsize=4096)
def _printed_card(url: str, headline: str, lead: str, at: datetime) -> str:
    title = printed(headline)
    return (
        '<article class="story"><figure class="story__thumb">'
        f'<a class="cms-link" href="{url}" title="{title}">'
        f'<img class="lazyload" src="{PLACEHOLDER}" data-src="https://cdn.example.vn/images/thumb.jpg" '
        f'alt="{title}"></a></figure>'
        f'<h2 class="story__heading"><a class="cms-link" href="{url}" title="{title}">{title}</a></h2>'
        f'<div class="story__summary"><p>{printed(lead)}</p></div>'
        f'<time class="time" datetime="{no_colon(at)}">{clock(at, "%d/%m/%Y %H:%M")}</time></article>'
    )
