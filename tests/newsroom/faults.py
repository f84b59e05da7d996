"""What can go wrong at a paper, each a small switch: a function from the true reply to the spoilt one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tests.newsroom import spoilt
from tests.newsroom.replies import Asked, Delivery, Kind, Reply

Options = Mapping[str, object]
Spoil = Callable[[Reply, Asked, Options], Reply]
HTML_KINDS: frozenset[Kind] = frozenset({"article", "listing", "page", "missing"})
ALL_KINDS: frozenset[Kind] = frozenset({*HTML_KINDS, "feed", "sitemap", "robots"})
BUT_ROBOTS = ALL_KINDS - {"robots"}


class NoSuchFault(ValueError):
    """No fault has this name, or it does not know one of the options."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: what it does, to which replies, and what may be chosen."""

    does: str
    spoil: Spoil
    options: tuple[str, ...] = ()
    kinds: frozenset[Kind] = BUT_ROBOTS  # spoilt unless a path was given, which then decides alone


@dataclass(slots=True)
class Fault:
    """One fault that is switched on."""

    name: str
    path: re.Pattern[str] | None  # searched in path and query; None: the kinds of the fault decide
    options: Options
    left: int | None  # requests still to be spoilt; None: until healed

    def hits(self, asked: Asked, reply: Reply) -> bool:
        """Whether this request is spoilt."""
        if self.left == 0:
            return False
        if self.path is not None:
            return self.path.search(asked.path) is not None
        return reply.kind in FAULTS[self.name].kinds

    def spoilt(self, reply: Reply, asked: Asked) -> Reply:
        """The spoilt reply; counts the request."""
        if self.left is not None:
            self.left -= 1
        return FAULTS[self.name].spoil(reply, asked, self.options)


def make_fault(name: str, path: str | None, times: int | None, options: Options) -> Fault:
    """A fault ready to be switched on; NoSuchFault says what would have been possible."""
    if name not in FAULTS:
        raise NoSuchFault(f"no fault {name!r}; there are {', '.join(sorted(FAULTS))}")
    unknown = set(options) - set(FAULTS[name].options)
    if unknown:
        known = ", ".join(FAULTS[name].options) or "none"
        raise NoSuchFault(f"{name}: unknown {', '.join(sorted(unknown))}; options: {known}")
    return Fault(name, re.compile(path) if path is not None else None, dict(options), times)


def _status(code: int) -> FaultKind:
    return FaultKind(f"answers {code}", lambda reply, asked, options: spoilt.status(code))


def _delivered(does: str, mode: Delivery) -> FaultKind:
    def spoil(reply: Reply, asked: Asked, options: Options) -> Reply:
        return replace(reply, delivery=mode)

    return FaultKind(does, spoil, kinds=ALL_KINDS)


FAULTS: Mapping[str, FaultKind] = {
    "http-403": _status(403),
    "http-404": _status(404),
    "http-410": _status(410),
    "http-500": _status(500),
    "http-502": _status(502),
    "http-503": _status(503),
    "http-429": FaultKind(
        "answers 429 with Retry-After: `after` seconds, or any text", spoilt.too_many, ("after",)
    ),
    "no-validators": FaultKind(
        "sends neither ETag nor Last-Modified, honours no condition", spoilt.no_validators
    ),
    "lying-304": FaultKind("answers 304 to any conditional request, though things changed", spoilt.lying_304),
    "gzip": FaultKind("compresses for clients that accept gzip", spoilt.gzipped, kinds=ALL_KINDS),
    "brotli": FaultKind("compresses for clients that accept br", spoilt.brotlied, kinds=ALL_KINDS),
    "gzip-unasked": FaultKind("compresses whether or not it is accepted", spoilt.gzipped_always),
    "gzip-broken": FaultKind("claims gzip, sends plain text", spoilt.gzip_broken),
    "gzip-bomb": FaultKind("a few kB that unpack to `megabytes` (64)", spoilt.gzip_bomb, ("megabytes",)),
    "redirect": FaultKind("leads `to` an address, with `status` (302)", spoilt.redirect, ("to", "status")),
    "redirect-home": FaultKind(
        "leads every page but the home to the home", spoilt.redirect_home, kinds=HTML_KINDS
    ),
    "redirect-host": FaultKind(
        "leads to the same path `to` another host", spoilt.redirect_host, ("to", "status")
    ),
    "redirect-loop": FaultKind("leads to itself", spoilt.redirect_loop),
    "redirect-chain": FaultKind("leads on to a new address each time, for ever", spoilt.redirect_chain),
    "drip": FaultKind(
        "sends `chunk` (512) bytes every `pause` (0.05) seconds", spoilt.drip, ("chunk", "pause"), ALL_KINDS
    ),
    "hang": _delivered("accepts and never answers", Delivery("hang")),
    "stall": _delivered("sends the head and half of the body, then nothing", Delivery("stall")),
    "cut": _delivered("closes after half of the bytes that Content-Length promised", Delivery("cut")),
    "reset": _delivered("tears the connection off without an answer", Delivery("reset")),
    "wrong-charset": FaultKind(
        "claims `charset` (iso-8859-1) for UTF-8 bytes", spoilt.wrong_charset, ("charset",), HTML_KINDS
    ),
    "no-charset": FaultKind("names no charset, in header or page", spoilt.no_charset, kinds=HTML_KINDS),
    "windows-1258": FaultKind(
        "the page in windows-1258; `declared` (true) in the header",
        spoilt.windows_1258,
        ("declared",),
        HTML_KINDS,
    ),
    "invalid-utf8": FaultKind(
        "bytes that are no UTF-8 in the middle of words", spoilt.invalid_utf8, kinds=ALL_KINDS - {"robots"}
    ),
    "cookie-wall": FaultKind(
        "200 with a script that sets the D1N cookie and reloads", spoilt.cookie_wall, kinds=BUT_ROBOTS
    ),
    "challenge": FaultKind(
        "403 with a page that asks to prove one is human", spoilt.challenge, kinds=BUT_ROBOTS
    ),
    "login-page": FaultKind("200 with a form to log in", spoilt.login_page, kinds=HTML_KINDS),
    "parked": FaultKind(
        "the page of a domain that is for sale, for everything", spoilt.parked, kinds=ALL_KINDS
    ),
    "empty-page": FaultKind("200 without a byte", spoilt.empty_page),
    "empty-article": FaultKind(
        "the page without its text", spoilt.empty_article, kinds=frozenset({"article"})
    ),
    "huge-page": FaultKind("a page of `megabytes` (50)", spoilt.huge_page, ("megabytes",), HTML_KINDS),
    "not-html": FaultKind("a PDF under the page's address", spoilt.not_html, kinds=frozenset({"article"})),
    "feed-html": FaultKind(
        "200 with an HTML page in place of the feed", spoilt.feed_html, kinds=frozenset({"feed"})
    ),
    "feed-broken": FaultKind(
        "the feed with a bare & and without its end", spoilt.feed_broken, kinds=frozenset({"feed"})
    ),
    "feed-empty": FaultKind("a feed without a story", spoilt.feed_empty, kinds=frozenset({"feed"})),
    "feed-naive-dates": FaultKind(
        "dates without a zone, on Vietnam's clock", spoilt.feed_naive_dates, kinds=frozenset({"feed"})
    ),
    "feed-foreign": FaultKind(
        "links of another host, `to`", spoilt.feed_foreign, ("to",), frozenset({"feed"})
    ),
    "sitemap-html": FaultKind(
        "200 with an HTML page in place of the sitemap", spoilt.feed_html, kinds=frozenset({"sitemap"})
    ),
    "empty-listing": FaultKind(
        "listings without a single article", spoilt.empty_listing, kinds=frozenset({"listing"})
    ),
    "robots-forbid": FaultKind(
        "robots.txt forbids everything", spoilt.robots_forbid, kinds=frozenset({"robots"})
    ),
    "robots-delay": FaultKind(
        "robots.txt asks for a Crawl-delay of `seconds` (5)",
        spoilt.robots_delay,
        ("seconds",),
        frozenset({"robots"}),
    ),
    "robots-500": FaultKind("robots.txt answers 500", spoilt.robots_500, kinds=frozenset({"robots"})),
    "robots-404": FaultKind("there is no robots.txt", spoilt.robots_404, kinds=frozenset({"robots"})),
}
