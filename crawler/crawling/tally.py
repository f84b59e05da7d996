"""What a crawl counts while it runs, and the report made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.crawling.doors import Judged, Keeping
from crawler.crawling.offers import Refusal, Sorted
from crawler.crawling.outcome import Met, judge_crawl
from crawler.crawling.readings import ReadingTally
from crawler.crawling.retrying import Fate
from storage.records import Outcome, RunReport, Way, is_about

BEYOND_BOUND = "beyond-bound"


@dataclass(slots=True)
class Tally:
    """Written by the crawl alone, in the reactor's thread."""

    ways: list[Way] = field(default_factory=list)
    found: set[str] = field(default_factory=set)  # keys of articles that were offered
    refused: dict[str, str] = field(default_factory=dict)  # key → "foreign: another-host"
    aside: Counter[str] = field(default_factory=Counter)  # of listings, in the ledger: "refused: …" → 40
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # of articles tried: "failed: http-500" → 3
    left: Counter[str] = field(default_factory=Counter)  # never recorded: "left: too-many-alike" → 40
    vain: Counter[str] = field(default_factory=Counter)  # bare reasons of articles tried in vain
    learned: tuple[str, ...] = ()  # shapes of article addresses
    candidates: tuple[str, ...] = ()  # listings that may be served as JSON
    moved_to: str | None = None
    gave_up: str | None = None
    broke: str | None = None
    readings: ReadingTally = field(default_factory=ReadingTally)
    ended_by: Outcome | None = None  # "stopped" when a person or a daemon ended it

    def offered(self, found: Sorted) -> None:
        """A place was sorted."""
        self.found.update(link.key for link in found.links)
        for refusal in found.refusals:
            self.refused[refusal.found.key] = f"{refusal.state}: {refusal.reason}"
        self.left.update(found.left)

    def put_aside(self, refusals: Iterable[Refusal]) -> None:
        """What listings show besides articles was recorded; it counts as no refusal of what was offered."""
        self.aside.update(f"{one.state}: {one.reason}" for one in refusals)

    def left_out(self, reason: str, count: int) -> None:
        """Links or files that this crawl leaves alone."""
        if count:
            self.left[f"left: {reason}"] += count

    def beyond(self, what: str, count: int) -> None:
        """Links, or listings, after the last that is looked at."""
        self.left_out(f"{BEYOND_BOUND} ({what})", count)

    def kept(self, keeping: Keeping, judged: Judged) -> None:
        """An article was kept."""
        self.counts[keeping] += 1
        self.counts["flagged"] += is_about(judged.flags) and keeping != "unchanged"

    def missed(self, fate: Fate) -> None:
        """A link was tried in vain."""
        self.counts["refused" if fate.state == "refused" else "failed"] += 1
        self.reasons[f"{fate.state}: {fate.reason}"] += 1
        self.vain[fate.reason] += 1

    def report(self, traffic: dict[str, int], still_open: int) -> RunReport:
        """The run in numbers and words; `traffic` is requests and bytes."""
        kept = sum(self.counts[name] for name in ("kept", "revised", "unchanged"))
        met = Met(self.ways, kept, self.vain, self.moved_to, self.gave_up, self.broke)
        outcome, trouble = judge_crawl(met)
        if self.ended_by and not (
            self.ways or self.broke
        ):  # it was ended before any way could show something
            trouble = None
        states = Counter(reason.partition(":")[0] for reason in self.refused.values())
        counts = {
            "found": len(self.found),
            "new": self.counts["new"],
            "fetched": self.counts["fetched"],
            "kept": self.counts["kept"],
            "revised": self.counts["revised"],
            "unchanged": self.counts["unchanged"],
            "flagged": self.counts["flagged"],
            "failed": self.counts["failed"],
            "refused": self.counts["refused"] + states["refused"],
            "foreign": states["foreign"],
            "looked": self.counts["looked"],
            "gone": self.counts["gone"],
            "overflowed": self.counts["overflowed"],
            "open": still_open,
            **traffic,
        }
        reasons = self.reasons + Counter(self.refused.values()) + self.aside + self.left
        ended = self.ended_by or outcome
        readings, ways = self.readings.readings(), tuple(self.ways)
        return RunReport(ended, counts, dict(reasons), ways, trouble, readings, self.learned, self.candidates)
