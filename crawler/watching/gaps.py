"""Pure: what each kind of way had that the others had not, and what became of every link: the sums close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.times import shown
from crawler.watching.beyond import LATELY, beyond
from storage.records import FoundIn, LedgerSum, WaySum
from storage.store import Store

KINDS: tuple[FoundIn, ...] = ("feed", "sitemap", "listing", "backfill")
_NO_ARTICLES = {"refused", "foreign"}
_NEVER_ARTICLES = {"menu-address", "older-than-look-back"}
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class KindGap:
    """What one kind of way has shown of the articles."""

    shown: int
    only_here: int  # no other kind showed them
    lacked: int  # found by others after the first crawl, never shown here
    samples: tuple[str, ...] = ()  # addresses of the newest that it lacks


@dataclass(frozen=True, slots=True)
class Gaps:
    """The ledger of one source."""

    source: str
    links: int  # rows of the ledger, counted by themselves
    fates: Mapping[str, int]  # "kept", "open: new", "set aside: timeout", "refused: skip-pattern" … → links
    kinds: Mapping[FoundIn, KindGap]  # those that showed anything
    ways: Sequence[WaySum] = ()
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # reason → the newest addresses
    unrecorded: Mapping[str, int] = field(default_factory=dict)  # left by the last crawl, not in the ledger
    beyond: Mapping[str, int] = field(default_factory=dict)  # what lies beyond a crawl's bounds, by kind

    @property
    def closes(self) -> bool:
        """Whether every link has exactly one fate."""
        return sum(self.fates.values()) == self.links

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "source": self.source,
            "links": self.links,
            "fates": dict(self.fates),
            "sum": sum(self.fates.values()),
            "closes": self.closes,
            "kinds": {
                kind: {
                    "shown": one.shown,
                    "only_here": one.only_here,
                    "lacked": one.lacked,
                    "samples": list(one.samples),
                }
                for kind, one in self.kinds.items()
            },
            "ways": [
                {"kind": way.kind, "url": way.url, "links": way.links, "last_seen": shown(way.last_seen)}
                for way in self.ways
            ],
            "dropped": {why: list(urls) for why, urls in self.dropped.items()},
            "left_by_last_crawl": dict(self.unrecorded),
            "beyond_bounds": dict(self.beyond),
        }


def fate(one: LedgerSum) -> str:
    """What became of a group of links, in the words that are printed."""
    if one.state == "new":
        return "open: new"
    if one.state == "kept":
        return "kept"
    if one.state == "failed":
        return f"{'set aside' if one.set_aside else 'open, tried again'}: {one.reason}"
    return f"{one.state}: {one.reason}"


def fates(sums: Sequence[LedgerSum]) -> dict[str, int]:
    """Links by their fate, most first."""
    found: Counter[str] = Counter()
    for one in sums:
        found[fate(one)] += one.links
    return dict(found.most_common())


def kind_gaps(sums: Sequence[LedgerSum]) -> dict[FoundIn, KindGap]:
    """Of the articles alone: what each kind that showed anything had, and what it had not."""
    articles = [one for one in sums if one.state not in _NO_ARTICLES]
    found = {kind: _kind_gap(kind, articles) for kind in KINDS}
    return {kind: gap for kind, gap in found.items() if gap.shown}


def drop_reasons(sums: Sequence[LedgerSum]) -> tuple[str, ...]:
    """Why links were refused that may have been articles: not what leads about the site, nor other hosts."""
    reasons = {one.reason for one in sums if one.state == "refused" and one.reason is not None}
    return tuple(sorted(reasons - _NEVER_ARTICLES))


def _kind_gap(kind: FoundIn, articles: Sequence[LedgerSum]) -> KindGap:
    return KindGap(
        shown=sum(one.links for one in articles if kind in one.kinds),
        only_here=sum(one.links for one in articles if one.kinds == {kind}),
        lacked=sum(
            one.links for one in articles if one.later and kind not in one.kinds and kind != "backfill"
        ),
    )


def gaps(store: Store, source: str) -> Gaps:
    """The ledger of `source` as it stands."""
    sums = store.sightings.sums(source)
    kinds = {
        kind: replace(gap, samples=store.sightings.lacking(source, kind, _SAMPLES) if gap.lacked else ())
        for kind, gap in kind_gaps(sums).items()
    }
    dropped = {why: store.aside.of_reason(source, why, _SAMPLES) for why in drop_reasons(sums)}
    links = sum(store.links.counts(source).values())
    since = last.started_at - LATELY if (last := store.runs.latest().get(source)) else None
    left = {why: many for why, many in last.report.reasons.items() if why.startswith("left")} if last else {}
    return Gaps(
        source,
        links,
        fates(sums),
        kinds,
        store.sightings.ways(source),
        {why: tuple(link.url for link in newest) for why, newest in dropped.items()},
        left,
        beyond(store.runs.history(source, since)) if since else {},
    )
