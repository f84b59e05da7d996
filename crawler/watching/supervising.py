"""Pure: when the watchdog of systemd is fed, whether a long start still works, and what the status says."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.watching.wording import one_line

SLOW = 10.0  # seconds after which an answer of the store is none: whoever asks it has gone by then
_FEEDS = 4  # as many in one watchdog time, so that three may be late
_WORKS = 0.005  # seconds of the processor between two looks: a start that uses less does nothing


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the daemon saw of itself, in monotonic seconds; None: never."""

    asked_at: float | None = None  # when the store was last asked, and …
    answered_at: float | None = None  # … answered, which may have been another time
    took: float = 0.0  # seconds until that answer
    fed_at: float | None = None


def wants_feeding(vitals: Vitals, now: float, watchdog: float) -> bool:
    """Whether the watchdog, which bites after `watchdog` seconds, is fed at `now`.

    Only on the store's newest answer, given quickly and lately: a loop that turns over a dead store, and a
    store that answers a loop that is stuck, both starve it.
    """
    if vitals.answered_at is None or vitals.asked_at is None or vitals.answered_at < vitals.asked_at:
        return False
    every = watchdog / _FEEDS
    if vitals.took > min(SLOW, watchdog / 2) or now - vitals.answered_at > every:
        return False
    return vitals.fed_at is None or now - vitals.fed_at >= every


def still_works(before: float, now: float) -> bool:
    """Whether a start used the processor between two looks at its seconds, as a migration does."""
    return now - before >= _WORKS


def status_line(watched: int, crawled: frozenset[str]) -> str:
    """How it goes, for `systemctl status`."""
    papers = f"watching {watched} source{'' if watched == 1 else 's'}"
    return one_line(f"{papers}; crawling {', '.join(sorted(crawled))}" if crawled else papers)
