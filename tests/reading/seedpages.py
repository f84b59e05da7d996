# ruff: noqa: E501 - markup is easier to judge on one line
"""The five seeds taken apart, and a page of each site's markup built around them.

Only the texts in the shared folder are used, read when the tests run; the markup is after what is known of the sites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from crawler.reading.text import tidy
from tests.reading.pages import SHARED

FOLDER = SHARED / "seeds"
COMMENTS = (
    "<div><p>{name} - {time}</p><p>Trả lời</p><p>{body}</p><p>{name}- {time}</p><p>{body}</p><p>0 bình luận</p>"
    "<p>Ý kiến của bạn sẽ được biên tập trước khi đăng. Vui lòng gõ tiếng Việt có dấu</p></div>"
)


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed: what reading must give, and the page it must read it from."""

    title: str
    lead: str | None
    body: tuple[str, ...]
    captions: tuple[str, ...]
    authors: tuple[str, ...]
    html: str
    day: str | None = None  # of publication, ISO; None: the page does not say


def taken_apart() -> Mapping[str, Callable[[], Seed]]:
    """source → how its seed is made into a page."""
    return {
        "baohatinh": _baohatinh,
        "baohungyen": _baohungyen,
        "gialaitv": _gialaitv,
        "kontumtv": _kontumtv,
        "congan_kontum": _congan,
    }


def _lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip(" \xa0")]


def _picture(title: str, place: str) -> str:
    """A lazy picture; `place` tells one from another."""
    return f'<img src="data:image/gif;base64,R0lGOD" data-src="/anh/{len(place)}-{place[:1]}.jpg" alt="{escape(title)}">'


def _page(head: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )


def _clean(lines: list[str]) -> tuple[str, ...]:
    return tuple(tidy(line).replace("./.", ".") for line in lines)


def _is_open(line: str) -> bool:
    return line.strip()[-1] not in ".:;…”!?"


def _baohatinh() -> Seed:
    lines = [line.strip() for line in _lines("baohatinh.txt")]
    title = Counter(lines).most_common(1)[0][0]
    dated, lead = lines[0], lines[1].partition(" - ")[2]
    byline = lines[next(place for place, line in enumerate(lines) if "{name}" in line) - 1]
    related = next(place for place, line in enumerate(lines) if line.startswith("•"))
    body, captions, inside = [], [], []
    heads = [place for place, line in enumerate(lines[:related]) if line == title]
    for place in range(heads[0] + 1, related):
        line = lines[place]
        if line == title:
            continue
        if place - 1 in heads[1:]:
            captions.append(line)
            inside.append(f'<p class="pBody pCenter">{_picture(title, line)}<br><i>{escape(line)}</i></p>')
        else:
            body.append(line)
            inside.append(f'<p class="pBody">{escape(line)}</p>')
    stop = next(place for place, line in enumerate(lines) if line == byline)
    cards = [line for line in lines[related:stop] if not line.startswith("•")]
    links = "".join(
        f'<li><a href="/x/{place}.htm">{_picture(title, card)}</a><a href="/x/{place}.htm">{escape(card)}</a><p>{escape(text)}</p></li>'
        for place, (card, text) in enumerate(zip(cards[::2], cards[1::2], strict=False))
    )
    html = _page(
        f"<title>{escape(title)}</title>",
        f'<div class="detail"><h1 class="title_detail">{escape(title)}</h1><div class="date_news"><span>{dated}</span></div>'
        f'<div class="sapo_detail">{escape(lines[1])}</div><div id="main-detail">{"".join(inside)}'
        f'<div class="drelated"><ul>{links}</ul></div><p class="pAuthor">{byline}</p></div><p class="pAuthor">{byline}</p>{COMMENTS}'
        "<div>Các tin đã đưa</div><div>Hãy chia sẻ với bạn bè!</div><div>Tắt [X]</div></div>",
    )
    kept = body[1:] if body[0] == lead else body
    return Seed(title, lead, _clean(kept), _clean(captions), (byline,), html, "2021-09-28T18:29")


def _baohungyen() -> Seed:
    title, *middle, credit = _lines("baohungyen-republished.txt")
    captions = [line for line in middle if len(line) < 60 and _is_open(line)]
    inside = "".join(
        f'<p style="text-align: center;">{_picture(title, line)}</p><p style="text-align: center;">{line}</p><p>&nbsp;</p>'
        if line in captions
        else f"<p>{escape(line)}</p>"
        for line in middle
    )
    html = _page(
        f"<title>{escape(title)} - Báo Hưng Yên</title>",
        f'<div class="block-news-list"><a href="/a-1.html">Một tin khác ở đầu trang, dài như một đầu đề</a></div><h1 class="name">{escape(title)}</h1>'
        f'<div class="date font5">Thứ Bảy, 04/03/2023, 08:10 [GMT +7]</div><div class="content-article"><div id="content-detail">{inside}'
        f'<p>{credit}</p><div class="print_page">In bài viết</div></div></div><div class="tags">Từ khóa: an ninh</div>'
        '<div class="tin-lien-quan"><h3>Tin liên quan</h3><a href="/b-2.html">Một tin liên quan cũng dài như một đầu đề</a></div>',
    )
    body = [line for line in middle if line not in captions]
    return Seed(tidy(title), None, _clean(body), _clean(captions), (), html, "2023-03-04T08:10")


def _gialaitv() -> Seed:
    first, *rest = _lines("gialaitv.txt")
    *middle, byline = rest
    lines = [" ".join(first.split()[2:]), *middle]
    title = "Đảng ủy Công an tỉnh sơ kết một năm thực hiện nghị quyết"
    captions = [line for line in middle if _is_open(line) and not line.strip().endswith("./.")]
    html = _wordpress(title, lines, captions, byline)
    body = [line for line in lines if line not in captions]
    return Seed(title, None, _clean(body), _clean(captions), tuple(byline.split(" – ")), html)


def _kontumtv() -> Seed:
    first, *middle, byline = _lines("kontumtv.txt")
    section = "Thời sự - Chính trị"
    title = first.partition(section)[2].strip()
    html = _wordpress(title, middle, [], byline)
    lines = [middle[0].partition(" – ")[2], *middle[1:]]
    return Seed(title, None, _clean(lines), (), tuple(byline.split(" – ")), html)


def _wordpress(title: str, lines: list[str], captions: list[str], byline: str) -> str:
    inside = "".join(
        f'<figure class="wp-caption">{_picture(title, line)}<figcaption class="wp-caption-text">{escape(line)}</figcaption></figure>'
        if line in captions
        else f"<p>{escape(line)}</p>"
        for line in lines
    )
    return _page(
        f'<title>{escape(title)} - Truyền hình</title><meta name="generator" content="WordPress 6.1">',
        f'<article class="post"><span class="cat-links"><a href="/category/tin" rel="category tag">Tin trong nước</a></span>'
        f'<h1 class="entry-title">{escape(title)}</h1><div class="entry-content">{inside}<p><strong>{byline}</strong></p>'
        '<div class="sharedaddy"><h3>Chia sẻ:</h3><ul><li>Facebook</li></ul></div><div class="jp-relatedposts"><h3>Có liên quan</h3>'
        '<a href="/tin/khac">Một bài khác có liên quan, đầu đề cũng dài</a></div></div></article>'
        "<aside><h4>BÀI MỚI</h4><p>Lời dẫn của một bài mới khác đứng bên lề trang, không thuộc về bài này.</p></aside>",
    )


def _congan() -> Seed:
    tools, title, *rest = [line.rstrip() for line in _lines("congan-kontum.txt")]
    *middle, author, related = rest
    captions = [line.strip() for line in middle if "(Ảnh:" in line]
    inside = "".join(
        f'<p style="text-align: center;">{_picture("", line)}</p><p style="text-align: center;"><em>{escape(line)}</em></p>'
        if line.strip() in captions
        else f"<p>{line.replace(' ' * 11, '&nbsp;' * 11)}</p>"
        for line in middle
    )
    html = _page(
        f"<title>{escape(title)}</title>",
        f'<div class="khung"><div class="cong-cu">{tools}</div><h1>{escape(title)}</h1><div class="than-bai">{inside}</div><p>{author}</p>'
        f'<div>{related}</div><ul><li><a href="/phong-trao-bvantq/tin-khac.html">Một tin liên quan khác của cổng thông tin</a></li></ul></div>',
    )
    body = [line for line in middle if line.strip() not in captions]
    return Seed(title.strip(), None, _clean(body), _clean(captions), (author.partition(": ")[2],), html)
