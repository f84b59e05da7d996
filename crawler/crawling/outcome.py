"""How a crawl went, judged by what it met, and said in one line with advice. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.crawling.retrying import is_blocking
from storage.records import Outcome, Way

WORKING = {"ok", "unchanged"}
_DEAD = {
    "dns": "its name leads nowhere; if the paper has moved, give its new home in config.toml",
    "refused-connection": "nothing answers at its address; see whether it opens in a browser",
    "unreachable": "no way leads to its address; see whether it opens in a browser",
    "timeout": "it takes longer than [crawl] timeout to answer; see whether it opens in a browser",
    "tls": "its certificate cannot be verified; if you trust it all the same, set verify_tls = false for it",
    "private-address": "its name leads to a private address; set allow_private_addresses if that is meant",
    "parked": "its address is for sale; if the paper has moved, give its new home, else set enabled = false",
    "closed-connection": "it closes every connection without an answer; see whether it opens in a browser",
}
_BLOCKED = {
    "cookie-wall": "it answers with a cookie wall; crawl it less often, or ask the paper for access",
    "challenge": "it answers with a challenge for browsers; ask the paper for access",
    "login": "it asks for a login",
    "asked-to-wait": "it asks us to come back later; raise its delay and every",
    "http-401": "it asks for a login",
    "http-403": "it forbids us (403); set [crawl] contact, crawl it less often, or ask the paper for access",
    "http-429": "we ask too much of it (429); raise its delay and every",
    "http-451": "it is closed to us for legal reasons (451)",
    "robots-unavailable": "its robots.txt answers with an error, which forbids all until that is mended",
    "forbidden-by-robots": "its robots.txt forbids what we would read; ask the paper, or disable the source",
}
_UNHAD = {
    "closed-connection",
    "empty-page",
    "redirected-away",
    "too-large",
    "too-many-redirects",
    "truncated",
    "unreadable-answer",
}
_TAKEN_BACK = {"http-404", "http-410"}  # of articles: they say nothing of their host
_FEW = 3  # articles tried; with fewer it is no pattern


@dataclass(frozen=True, slots=True)
class Met:
    """What a crawl met, as far as its outcome depends on it."""

    ways: Sequence[Way] = ()
    kept: int = 0  # articles that were kept, whether new, revised or unchanged
    reasons: Mapping[str, int] = field(default_factory=dict)  # articles tried in vain: "http-403" → 4
    moved_to: str | None = None  # the host that the home leads to; None: it stays
    gave_up: str | None = None  # the reason of a row of failures that ended the crawl; None: none did
    broke: str | None = None  # an error of our own that ended the crawl; None: none did


def judge_crawl(met: Met) -> tuple[Outcome, str | None]:
    """The outcome and what a person is told; (done, None) when all is well."""
    if met.broke:
        return "failed", met.broke
    if any(way.outcome in WORKING for way in met.ways):
        return _by_articles(met)
    if met.moved_to:
        host = met.moved_to
        return (
            "moved",
            f"moved: its home now leads to {host}; watch that instead (`diembao sources add {host}`)",
        )
    outcomes = [way.outcome for way in met.ways]
    for named, said in ((_BLOCKED, "blocked"), (_DEAD, "dead")):
        found = next((outcome for outcome in outcomes if outcome in named), None)
        if found:
            return ("blocked" if said == "blocked" else "dead"), f"{found}: {named[found]}"
    return "failed", _no_way(met.ways)


def _by_articles(met: Met) -> tuple[Outcome, str | None]:
    """Links were found: whether the articles themselves could be had."""
    vain = {reason: count for reason, count in met.reasons.items() if _is_of_fetching(reason)}
    tried = sum(vain.values())
    if met.kept or (not met.gave_up and (tried < _FEW or set(vain) <= _TAKEN_BACK)):
        return "done", None
    reason = met.gave_up or max(vain, key=lambda name: vain[name])
    if met.gave_up or 2 * vain[reason] >= tried:
        if reason in _BLOCKED:
            return "blocked", f"{reason}: {_BLOCKED[reason]} (its articles, not its lists)"
        if reason in _DEAD:
            return "dead", f"{reason}: {_DEAD[reason]} (its articles, not its lists)"
    told = ", ".join(f"{count} × {name}" for name, count in sorted(vain.items()))
    return "failed", f"its lists can be had, but none of {tried} articles: {told}"


def _is_of_fetching(reason: str) -> bool:
    """Whether an article's page could not be had or was more than its reader could bear.

    A page that was had and gave no article says that the site was redesigned, which is for health to judge.
    """
    return is_blocking(reason) or reason.startswith(("http-", "reading-")) or reason in _UNHAD


def _no_way(ways: Sequence[Way]) -> str:
    if not ways:
        return "no way of finding its articles; give feeds, sitemaps or listings in config.toml"
    told = "; ".join(f"{way.kind} {way.url}: {way.outcome}" for way in ways[:3])
    more = f" and {len(ways) - 3} more" if len(ways) > 3 else ""
    return f"none of its ways works: {told}{more}"
