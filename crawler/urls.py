"""Addresses: the canonical form, the article's key, and the host that is crawled one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize
from urllib.parse import unquote, unquote_plus, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Query keys that follow a reader around and never choose the page: the Urchin family, the social
# networks' click ids, and Zalo's, which no library we know of drops.
_TRACKERS = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|gidzl|zarsrc|zalo\w*|zbrowser\w*|src|ref)"
)
_MOST_CHARACTERS = 2048
_DROPPED_BY_BROWSERS = str.maketrans("", "", "\t\r\n")
_NO_HOST = re.compile(r"[\\@\s\x00-\x1f\x7f]")  # where browsers and libraries disagree on the host
# Escapes that mean something else once decoded: controls, #, %, /, ? and DEL.
_KEPT_ESCAPES = re.compile(r"%(?:[01][0-9a-f]|2[35f]|3f|7f)", re.IGNORECASE)


def absolute(base: str, href: str) -> str | None:
    """`href` as found on `base`, absolute; None for what is no page.

    No page are mailto:, javascript:, broken addresses, and those whose host is a matter of opinion
    (credentials, backslashes): no paper links like that, and attackers do.
    """
    try:
        joined = urljoin(base, href.strip().translate(_DROPPED_BY_BROWSERS))
        parts = urlsplit(joined)
        usable = parts.port != 0 and bool(_ascii_host(parts.hostname or ""))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not usable or _NO_HOST.search(parts.netloc):
        return None
    return joined if len(joined) <= _MOST_CHARACTERS else None


def outward(url: str) -> str | None:
    """An address a person may follow; None for javascript:, data: and all that is no plain web address.

    A backslash, a space or a name before the host (`https://paper.vn@elsewhere/`) is read differently by
    browsers and by people.
    """
    plain = url.isprintable() and not set(url) & set("\\ ") and "@" not in urlsplit(url).netloc
    return url if plain and absolute("", url) == url else None


def canonical(url: str, keep: Iterable[str] = ()) -> str:
    """The address without what does not choose the page: fragment, trackers, default port, case of the host.

    The trailing slash stays: some papers have it and some answer 404 to it. Query keys in `keep` survive
    even if they look like trackers.
    """
    parts = urlsplit(url)
    kept = set(keep)
    query = "&".join(pair for pair in parts.query.split("&") if _chooses(pair, kept))
    bare = urlunsplit((parts.scheme, authority(url), parts.path, query, ""))
    return canonicalize_url(bare)


def authority(url: str) -> str:
    """`host` or `host:port`, lower case and ASCII, the scheme's own port left out.

    It is what one crawl has to itself. ValueError for a port or a host that cannot be.
    """
    parts = urlsplit(url)
    host = _ascii_host(parts.hostname or "")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are one paper's: the same authority but for a leading `www.` or `m.`."""
    return bare(authority(one)) == bare(authority(other))


def site(url: str) -> str:
    """What two addresses of one paper share: the authority without `www.` or `m.`; crawled one at a time."""
    return bare(authority(url))


def article_key(source: str, url: str, patterns: Iterable[re.Pattern[str]]) -> str | None:
    """`source:id` by the first pattern that finds an id in the path; None when no pattern matches.

    A named group names the id's own space (`(?P<post>\\d+)` gives `post308690`), an unnamed one gives the
    bare id, and a pattern without a group means that the path itself is the key. A pattern may also speak of
    the query, for papers that number their articles there (`\\?.*id=(\\d+)`).
    """
    parts = urlsplit(url)
    whole = f"{parts.path}?{parts.query}"
    for pattern in patterns:
        match = pattern.search(parts.path) or (pattern.search(whole) if parts.query else None)
        if match:
            return f"{source}:{_own_id(match) or path_key(url)}"
    return None


def path_key(url: str) -> str:
    """The path and query as an id for papers that number nothing; scheme, host, last slash left out."""
    parts = urlsplit(canonical(url))
    path = _readable(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _chooses(pair: str, kept: set[str]) -> bool:
    """Whether one `key=value` of a query may choose the page."""
    key = unquote_plus(pair.partition("=")[0])
    return bool(pair) and (key in kept or not _TRACKERS.fullmatch(key.lower()))


def _ascii_host(host: str) -> str:
    """The host as it is asked of the name service; ValueError (UnicodeError) for one that cannot be."""
    bare = host.lower().rstrip(".")
    return bare if bare.isascii() else bare.encode("idna").decode("ascii")


def _readable(path: str) -> str:
    """Decoded and NFC, or left as it is where decoding would make two paths one."""
    if _KEPT_ESCAPES.search(path):
        return path
    try:
        return normalize("NFC", unquote(path, errors="strict"))
    except UnicodeDecodeError:
        return path


def _own_id(match: re.Match[str]) -> str | None:
    named = [name + value for name, value in match.groupdict().items() if value is not None]
    return named[0] if named else next((group for group in match.groups() if group is not None), None)


def bare(host: str) -> str:
    """A host without what papers put before it for some of their readers: `www.`, `m.`, `amp.`."""
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", host)
