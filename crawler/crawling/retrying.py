"""When a link that failed is tried again, and when it is set aside: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storage.links import LONGEST_PAUSE

# The first pause is none: the next crawl tries again, and most troubles of small sites are over by then.
_PAUSES = (*(timedelta(hours=hours) for hours in (0, 1, 6, 24, 3 * 24)), LONGEST_PAUSE)
# What says that an article is not there: believed the fourth time, because sites that are being mended say it
# of everything, and because an article may be announced before it is there.
_GONE = {"http-404", "http-410", "redirected-home"}
_GONE_PAUSES = (timedelta(), timedelta(hours=6), timedelta(days=2))
# What another try would find again. A reading that went wrong is not here: selectors are mended, sites too.
_FINAL = {"home", "not-html", "private-address", "redirected-to-another", "search", "tag"}
_BLOCKING = {  # what the next address of that host would meet too
    "asked-to-wait",
    "cookie-wall",
    "dns",
    "http-401",
    "http-403",
    "http-429",
    "http-503",
    "login",
    "refused-connection",
    "timeout",
    "tls",
    "unreachable",
}
# What a feed, sitemap or listing would say again, whenever it is asked.
_LASTING = {
    "forbidden-by-robots",
    "http-400",
    "http-404",
    "http-405",
    "http-410",
    "redirected-home",
    "too-large",
    "too-many-redirects",
    "unsupported-scheme",
}
_STREAK = 5


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a link that was tried in vain."""

    state: Literal["refused", "failed", "gone"]
    reason: str
    next_attempt: datetime | None  # None: never again by itself


def fate(reason: str, attempts: int, now: datetime, not_before: datetime | None = None) -> Fate:
    """The fate of a link that failed `attempts` times before this one.

    `not_before` is what the server asked for with Retry-After; None if it asked for nothing. The pause of its
    host may be longer than what a link waits.
    """
    if reason in _FINAL:
        return Fate("refused", reason, None)
    pauses = _GONE_PAUSES if reason in _GONE else _PAUSES
    if attempts >= len(pauses):
        return Fate("gone" if reason in _GONE else "failed", reason, None)
    due = now + pauses[attempts]
    return Fate("failed", reason, max(due, min(not_before, now + LONGEST_PAUSE)) if not_before else due)


def is_passing(outcome: str) -> bool:
    """Whether a feed, sitemap or listing that answered so may answer otherwise at another time."""
    return outcome not in _LASTING


def is_blocking(reason: str) -> bool:
    """Whether the next address of the same host would very likely fail the same way."""
    return reason in _BLOCKING


def gives_up(streak: int) -> bool:
    """Whether to leave a host alone for this run after `streak` blocking failures in a row."""
    return streak >= _STREAK
