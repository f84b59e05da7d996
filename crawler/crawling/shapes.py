"""The shapes of article addresses in Vietnam's papers, for sources whose own shape nobody wrote down."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# First what bears an id of its own; a long slug last, because sections have short ones.
GENERAL_ARTICLE = (
    re.compile(r"-post(?P<post>\d{3,})\.html?$"),
    re.compile(r"^/share(?P<post>\d{3,})\.html?$"),
    re.compile(r"-(?:d|a|n|i|art)?(\d{4,})\.(?:html?|aspx|chn|epi|vnp|tpo|ldo|vov)$"),
    re.compile(r"/(\d{4,})(?:/[^/]+)?\.html?$"),
    re.compile(r"/(?:news|tin-tuc|tin-bai|bai-viet)/(?:[^/]+/)*(\d{4,})(?:/[^/]*)?$"),
    re.compile(r"-(\d{5,})/?$"),
    re.compile(r"/[^/.]+(?:-[^/.]+){4,}\.(?:html?|aspx)$"),
    re.compile(r"^/(?:[^/]+/)+[^/.]+(?:-[^/.]+){4,}/?$"),
    re.compile(r"^/[^/.]+(?:-[^/.]+){6,}/?$"),  # more words than the longest section has
)

_NEITHER = (  # article nor section
    re.compile(r"-tag\d+\.html?$"),
    re.compile(
        r"(?:^|/)(?:tags?|tu-khoa|author|tac-gia|search|tim-kiem|login|dang-nhap|rss|feed|page|wp-content|wp-json"
        r"|wp-admin|api|epaper|podcast|video|media|print|lich-phat-song|lien-he|gioi-thieu|quang-cao)(?:/|\.|$)"
    ),
    re.compile(r"[?&](?:s|q|replytocom|share|print)="),
    re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|css|js|xml|ico)$", re.IGNORECASE),
)
GENERAL_SKIP = (*_NEITHER, re.compile(r"(?:^|/)(?:chu-de|topic|category|chuyen-muc)(?:/|\.|$)"))

_SECTION = re.compile(r"^(?:/[a-z0-9-]{2,40}){1,3}(?:/|\.html?)?$", re.IGNORECASE)
_MOST_WORDS = 6  # of a section's name in its address; headlines are longer


def is_section(url: str) -> bool:
    """Whether an address looks like a section's front page rather than an article, a tool or the home."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return (
        not parts.query
        and bool(_SECTION.fullmatch(parts.path))
        and len(last.split("-")) <= _MOST_WORDS
        and not re.search(r"\d{3}", last)
        and not any(pattern.search(parts.path) for pattern in _NEITHER)
    )
