"""The shapes of article addresses in Vietnam's papers, for sources whose own shape nobody wrote down."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

_ENDINGS = "html?|aspx|chn|epi|vnp|tpo|ldo|vov"
# A name of so many words and more. A word holds no hyphen, or a hostile address takes exponential time.
_FIVE = r"-*[^/.-]+(?:-+[^/.-]+){4,}-*"
_SEVEN = r"-*[^/.-]+(?:-+[^/.-]+){6,}-*"

# First what bears an id of its own; a long slug last, because sections have short ones.
GENERAL_ARTICLE = (
    re.compile(r"-post(?P<post>\d{3,})\.html?$"),
    re.compile(r"^/share(?P<post>\d{3,})\.html?$"),
    re.compile(rf"-(?:d|a|n|i|art)?(\d{{4,}})\.(?:{_ENDINGS})$"),
    re.compile(r"/(\d{4,})(?:/[^/]+)?\.html?$"),
    re.compile(r"/(?:news|tin-tuc|tin-bai|bai-viet)/(?:[^/]+/)*(\d{4,})(?:/[^/]*)?$"),
    re.compile(r"-(\d{5,})/?$"),
    re.compile(rf"/{_FIVE}\.(?:html?|aspx)$"),
    re.compile(rf"^/(?:[^/]+/)+{_FIVE}/?$"),
    re.compile(rf"^/{_SEVEN}/?$"),  # more words than the longest section has
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

_SECTION = re.compile(rf"^(?:/[a-z0-9-]{{2,40}}){{1,3}}(?:/|\.(?:{_ENDINGS}|jsp))?$", re.IGNORECASE)
_MOST_WORDS = 6  # of a section's name in its address; headlines are longer
_MENU_WORDS = 6  # of a link in a menu
_PAGE_IN_PATH = re.compile(
    r"(?:/(?:page|trang)[/-]|[-/](?:p|trang-?))(\d{1,5})(?:/|\.html?)?$", re.IGNORECASE
)
_PAGE_KEYS = {"page", "p", "trang", "paged", "pageindex"}
_HOME_PAGES = {"", "index.html", "index.htm", "index.php", "default.aspx"}
_SLUG = 4  # hyphens of a name that is a sentence


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


def is_menu(url: str, words: int) -> bool:
    """Whether a link of so many words leads about the site rather than to an article: home, section, page."""
    parts = urlsplit(url)
    pages = _PAGE_KEYS & {key.lower() for key, _ in parse_qsl(parts.query)}
    if parts.path.strip("/") in _HOME_PAGES and not parts.query:
        return True
    return words <= _MENU_WORDS and (bool(pages) or page_number(url) > 1 or is_section(url))


def page_number(url: str) -> int:
    """Which page of a listing an address is: `/page/3`, `?page=3`, `/trang-3.html`; 1 for the first."""
    match = _PAGE_IN_PATH.search(urlsplit(url).path)
    if match:
        return int(match[1])
    pairs = dict(parse_qsl(urlsplit(url).query))
    found = [value for key, value in pairs.items() if key.lower() in _PAGE_KEYS and value.isdecimal()]
    return int(found[0][:5]) if found else 1


def page_stem(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """What the pages of one listing have in common: path and query without the number."""
    parts = urlsplit(url)
    path = _PAGE_IN_PATH.sub("", parts.path).removesuffix(".html").rstrip("/")
    pairs = parse_qsl(parts.query)
    return path.lower(), frozenset((key, value) for key, value in pairs if key.lower() not in _PAGE_KEYS)


def shape(url: str) -> str:
    """Path and query without names and numbers, `/a/a-a-9.html?id`: alike for what a CMS numbers through."""
    parts = urlsplit(url)
    stem, dot, ending = parts.path.rpartition(".")
    if not dot or "/" in ending:
        stem, dot, ending = parts.path, "", ""
    segments = [_segment(segment) for segment in stem.split("/")]
    keys = sorted({key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return "/".join(segments) + dot + ending.lower() + (f"?{'&'.join(keys)}" if keys else "")


def _segment(name: str) -> str:
    if not name or name.isdecimal():
        return "9" if name else ""
    numbered = re.search(r"\d{3,}$", name) is not None
    return ("a-a" if name.count("-") >= _SLUG else "a") + ("-9" if numbered else "")
