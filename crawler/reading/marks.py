"""What the names of an element (class, id, type) betray of its part on the page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from lxml.html import HtmlElement

Part = Literal["furniture", "caption", "byline", "lead", "date", "heading"]

_EDGE = r"(?:^|[-_])"
_OF = r"(?:lbl|article|news|post)?-?"  # `ctl00_lblLead`, `ArticleSummary`
_END = r"(?:$|[-_\d])"
_FURNITURE = re.compile(
    r"relat|lienquan|lien-quan|tin-lien|tinlien|box-?news|news-?box|more-?news|read-?more|doc-?them|xem-?them|tin-?khac"
    r"|other-?news|recommend|inner-article|suggest|block-news|list-?news|news-?list|story|zce-related"
    r"|share|sharing|social|addthis|facebook|zalo|google-?news|comment|binh-?luan|y-?kien|disqus"
    r"|adsweb|adsbygoogle|advert|quang-?cao|sponsor|banner|keyword|tu-?khoa|hash-?tag|breadcrumb|paginat|newsletter"
    r"|tuong-phan|note-?box|promo|subscri|contrast|font-?size|toolbar|tool-?box|audio|podcast|player|video|popup|modal|survey|jp-relatedposts|sharedaddy"
    rf"|{_EDGE}(?:ads?|qc|fb|tags?|tools?|topics?|rat(?:e|ing)|stars?|likes?|votes?|vote|print|tts|polls?|hidden-print|views?|luot-?xem|captcha){_END}"
)
_CAPTION = re.compile(rf"caption|chu-?thich|{_EDGE}(?:img|image|photo|pic)[-_]?(?:desc|note|text|title)")
_BYLINE = re.compile(
    rf"{_EDGE}(?:author\w*|pauthor|tac-?gia|pseudonym|byline|but-?danh|nguon|source|signature){_END}|author$"
)
_LEAD = re.compile(rf"{_EDGE}{_OF}(?:sapo|lead|chapeau|phead|tom-?tat|excerpt|summary){_END}")
_HEADING = re.compile(r"sub-?title|sub-?head|inter-?title")
_DATE = re.compile(rf"{_EDGE}{_OF}(?:date|time|datetime|ngay-?dang|publish\w*|posted-on|post-?date){_END}")


def part_of(element: HtmlElement) -> Part | None:
    """The part an element's names give it; None where they betray nothing."""
    names = element.get("class"), element.get("id"), element.get("type"), element.get("data-source")
    joined = " ".join(name for name in names if name)
    if joined == "Image":  # VnExpress sets captions as p.Image
        return "caption"
    return _part(joined[:300].lower().replace("_", "-")) if joined else None


@lru_cache(maxsize=4096)
def _part(names: str) -> Part | None:
    tokens = names.split()
    checks: tuple[tuple[re.Pattern[str], Part], ...] = (
        (_HEADING, "heading"),
        (_CAPTION, "caption"),
        (_FURNITURE, "furniture"),
        (_BYLINE, "byline"),
        (_LEAD, "lead"),
        (_DATE, "date"),
    )
    return next((part for form, part in checks if any(form.search(token) for token in tokens)), None)


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element says of itself that it is not shown."""
    style = element.get("style")
    return "hidden" in element.attrib or bool(style and "display:none" in style.replace(" ", "").lower())
