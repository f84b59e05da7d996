"""Variants of one address folded into the plain one, and addresses that lead round in circles. Pure."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.urls import authority, same_site

_KEYS = {"amp", "print", "share", "mobile", "outputtype", "replytocom", "isamp"}
_SUFFIX = re.compile(r"(?<=[^/])/(?:amp|print|in-bai)/?$|\.amp(?=\.html?$)|\.amp$", re.IGNORECASE)
_PREFIX = re.compile(r"^/(?:amp|mobile|print)(?=/[^/]{12,})", re.IGNORECASE)
_DATE_KEYS = {"ngay", "date", "day", "month", "thang", "nam", "year", "kenh"}
_CALENDAR = re.compile(
    r"(?:^|/)(?:lich-(?:am|van-nien|phat-song)|xo-so|kqxs|tu-vi|thoi-tiet)[^/]*/.*\d|(?:^|/)\d{1,2}-\d{1,2}-\d{4}/?$"
)
_DEEPEST = 10  # segments of a path; papers stay below six
_MOST_ALIKE = 3  # segments of one path that are the same word


def plain(url: str, home: str) -> str:
    """The article's own address, where `url` is its AMP, print, share or mobile one; else `url` itself."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0].lower() not in _KEYS]
    path = _PREFIX.sub("", parts.path)
    path = _SUFFIX.sub("/" if path.endswith("/") else "", path)
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return _at_home(parts._replace(path=path, query=query).geturl(), home)


def leads_nowhere(url: str) -> str | None:
    """`calendar` or `too-deep` for an address of which there is no end; None for any other."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    alike = max(Counter(segments).values(), default=0)
    if len(segments) > _DEEPEST or alike >= _MOST_ALIKE:
        return "too-deep"
    keys = {key.lower() for key, value in parse_qsl(parts.query) if any(map(str.isdigit, value))}
    if keys & _DATE_KEYS or _CALENDAR.search(parts.path):
        return "calendar"
    return None


def _at_home(url: str, home: str) -> str:
    """At the host of the home, where `url` is at its mobile twin; and as safe as the home is."""
    if not same_site(url, home):
        return url
    parts, at = urlsplit(url), urlsplit(home)
    if re.match(r"(?:m|amp|mobile)\.", authority(url)) and not authority(home).startswith(("m.", "amp.")):
        return parts._replace(scheme=at.scheme, netloc=at.netloc).geturl()
    if at.scheme == "https" and parts.scheme == "http" and authority(url) == authority(home):
        return parts._replace(scheme="https").geturl()
    return url
