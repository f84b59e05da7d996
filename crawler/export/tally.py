"""What an export counts while the cases pass by: per source, and which rules flagged in which versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from crawler.export.formats import Told
from storage.cases import Counts

_WRITTEN = ("articles", "flagged", "decided")


class Tally:
    """Counts of the cases seen so far; its size follows sources and rules, not cases."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[str, int]] = {}
        self._matching: Counter[str] = Counter()
        self._both: Counter[str] = Counter()  # flagged and decided
        self._rules: dict[str, Counter[str]] = {}

    def match(self, source: str) -> None:
        """Count a case that is asked for, whether or not it is written."""
        self._matching[source] += 1

    def add(self, case: Told) -> None:
        """Count one case that is written."""
        counts = self._sources.setdefault(case["source"], dict.fromkeys(_WRITTEN, 0))
        flags = case["flags"]
        flagged = case["raised"] is not None or (flags and any(flag["level"] == "primary" for flag in flags))
        decided = case["verdict"] is not None
        counts["articles"] += 1
        counts["flagged"] += bool(flagged)
        counts["decided"] += decided
        if flagged and decided:
            self._both[case["source"]] += 1
        if flags:
            for rule, version in {(flag["rule"], flag["version"]) for flag in flags}:
                self._rules.setdefault(rule, Counter())[version] += 1

    def sources(self) -> dict[str, dict[str, int]]:
        """Source → {articles, flagged, decided}, of what is written."""
        return dict(sorted(self._sources.items()))

    def total(self) -> dict[str, int]:
        """The same three counts over all sources."""
        return summed(self._sources.values(), _WRITTEN)

    def rules(self) -> dict[str, Any]:
        """Rule → {version: articles that bear a flag of it}."""
        return {rule: dict(sorted(versions.items())) for rule, versions in sorted(self._rules.items())}

    def shares(self, stored: Mapping[str, Counts]) -> dict[str, dict[str, Any]]:
        """The counts of each source with what they are parts of: what is asked for, and what is stored."""
        return {
            source: {
                **self._sources.get(source, dict.fromkeys(_WRITTEN, 0)),
                "flagged_decided": self._both[source],
                "matching": self._matching[source],
                "stored": of_counts(stored.get(source, Counts())),
            }
            for source in sorted({*self._sources, *self._matching, *stored})
        }


def of_counts(counts: Counts) -> dict[str, int]:
    """As the manifest shows them."""
    return {
        "articles": counts.articles,
        "flagged": counts.flagged,
        "decided": counts.decided,
        "flagged_decided": counts.flagged_decided,
    }


def summed(each: Any, keys: Any) -> dict[str, int]:
    """The sums of each key; 0 where there is nothing."""
    return {key: sum(one[key] for one in each) for key in keys}


def in_all(shares: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The counts of all sources together."""
    plain = summed(shares.values(), (*_WRITTEN, "flagged_decided", "matching"))
    stored = summed([one["stored"] for one in shares.values()], (*_WRITTEN, "flagged_decided"))
    return {**plain, "stored": stored}
