"""Pages of the CMS that baohatinh had until 2023, with all that stood around the text."""

from __future__ import annotations

from tests.newsroom.dressing import blocks
from tests.newsroom.epi_page import COMMENTS, Neighbours
from tests.newsroom.furniture import footer, menu
from tests.newsroom.markup import byline, clock, meta, own_chance, spread
from tests.newsroom.spelling import printed
from tests.newsroom.story import Story

_PAPER = "Báo Hà Tĩnh"
_CUT = 62  # characters of a related headline before it is cut off


def page(story: Story, near: Neighbours) -> tuple[str, str]:
    """Head and body of an article's page in the old layout."""
    lead = f"{story.dateline}{story.lead}"
    head = (
        f'<meta charset="utf-8"><title>{printed(story.title)}</title>{meta("description", lead)}'
        f"{meta('og:title', story.title, 'property')}{meta('og:type', 'article', 'property')}"
        f'<link rel="canonical" href="{story.url(near.home)}">'
    )
    sections = tuple((section.label, f"/{section.slug}/") for section in near.sections)
    body = (
        f'{menu(near.home, sections, _PAPER)}<div id="wrapper"><div class="breadcrumb">'
        f'<a href="{near.home}/">Trang chủ</a> '
        f'<a href="{near.home}/{story.section_slug}/">{printed(story.section)}</a></div>'
        f'<div class="detail"><h1 class="title_detail">{printed(story.title, story.spelling)}</h1>'
        f'<div class="date_news"><span>Cập nhật: {clock(story.posted_at, "%H:%M %d/%m/%Y")} GMT+7'
        "</span></div>"
        f'<div class="sapo_detail">{printed(story.dateline)}{printed(story.lead or "", story.spelling)}</div>'
        f"{_text(story)}{_related(near)}{_after(story, near)}</div></div>{footer(_PAPER)}"
    )
    return head, body


def _text(story: Story) -> str:
    chance = own_chance(story, "layout")
    texts = blocks(story, 'p class="pBody"')
    if chance.random() < 0.5 or story.key.endswith("post220004"):
        texts.insert(0, f'<p class="pBody"><strong>{printed(story.lead or "", story.spelling)}</strong></p>')
    title = printed(story.title)
    pictures = [
        f'<p class="pBody pCenter"><img src="/dataimages/{chance.randrange(10**9)}.jpg" '
        f'alt="{title}" title="{title}"></p>'
        f'<p class="pBody pCenter"><i>{printed(caption, story.spelling)}</i></p>'
        for caption in story.captions
    ]
    signed = f'<p class="pAuthor"><strong>{byline(story)}</strong></p>'
    return f'<div id="main-detail">{"".join(spread(texts, pictures, chance))}{signed}</div>'


def _related(near: Neighbours) -> str:
    rows = "".join(
        f'<li><a href="{s.url(near.home)}">'
        f'<img src="/thumb.jpg" alt="{printed(s.title)}">{printed(_cut(s.title))}</a>'
        f"<p>{printed(s.lead or '')}</p></li>"
        for s in near.older[:2]
    )
    return f'<div class="drelated"><ul>{rows}</ul></div>'


def _after(story: Story, near: Neighbours) -> str:
    told = "".join(f'<li><a href="{s.url(near.home)}">{printed(s.title)}</a></li>' for s in near.older[2:7])
    return (
        f'<div class="author_bottom"><strong>{byline(story)}</strong></div>{COMMENTS}'
        f'<div class="other_news"><h3>Các tin đã đưa</h3><ul>{told}</ul></div>'
        '<div class="share_box">Hãy chia sẻ với bạn bè!</div><div class="popup_ads">'
        '<a href="javascript:;">Tắt [X]</a></div>'
    )


def _cut(title: str) -> str:
    return title if len(title) <= _CUT else f"{title[:_CUT].rsplit(' ', 1)[0]} ..."
