"""Addresses: the canonical form, the article's key, and the host that is crawled one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Query keys that follow a reader around and never choose the page: the Urchin family, the social
# networks' click ids, and Zalo's, which no library we know of drops.
_TRACKERS = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|gidzl|zarsrc|zalo\w*|zbrowser\w*|src|ref)"
)
_MOST_CHARACTERS = 2048


def absolute(base: str, href: str) -> str | None:
    """`href` as found on `base`, absolute; None for what is no page (mailto:, javascript:, broken)."""
    try:
        joined = urljoin(base, href.strip())
        parts = urlsplit(joined)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return None
    return joined if len(joined) <= _MOST_CHARACTERS else None


def canonical(url: str, keep: Iterable[str] = ()) -> str:
    """The address without what does not choose the page: fragment, trackers, default port, case of the host.

    The trailing slash stays: some papers have it and some answer 404 to it. Query keys in `keep` survive
    even if they look like trackers.
    """
    parts = urlsplit(url)
    kept = set(keep)
    pairs = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key in kept or not _TRACKERS.fullmatch(key.lower())
    ]
    bare = urlunsplit((parts.scheme, authority(url), parts.path, urlencode(pairs), ""))
    return canonicalize_url(bare)


def authority(url: str) -> str:
    """`host` or `host:port`, lower case, the scheme's own port left out: what one crawl has to itself."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are one paper's: the same authority but for a leading `www.` or `m.`."""
    return _bare(authority(one)) == _bare(authority(other))


def article_key(source: str, url: str, patterns: Iterable[re.Pattern[str]]) -> str | None:
    """`source:id` by the first pattern that finds an id in the path; None when no pattern matches.

    A named group names the id's own space (`(?P<post>\\d+)` gives `post308690`), an unnamed one gives the
    bare id, and a pattern without a group means that the path itself is the key.
    """
    path = urlsplit(url).path
    for pattern in patterns:
        match = pattern.search(path)
        if match:
            return f"{source}:{_own_id(match) or path_key(url)}"
    return None


def path_key(url: str) -> str:
    """The path and query as an id for papers that number nothing; scheme, host, last slash left out."""
    parts = urlsplit(canonical(url))
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _own_id(match: re.Match[str]) -> str | None:
    named = [name + value for name, value in match.groupdict().items() if value is not None]
    return named[0] if named else next((group for group in match.groups() if group is not None), None)


def _bare(host: str) -> str:
    return re.sub(r"^(?:www|m)\.", "", host)
