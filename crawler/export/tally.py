"""What an export counts while the cases pass by: per source, and which rules flagged in which versions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawler.export.formats import Told


class Tally:
    """Counts of the cases seen so far; its size follows sources and rules, not cases."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[str, int]] = {}
        self._rules: dict[str, Counter[str]] = {}

    def add(self, case: Told) -> None:
        """Count one case."""
        counts = self._sources.setdefault(case["source"], {"articles": 0, "flagged": 0, "decided": 0})
        counts["articles"] += 1
        about = any(flag["level"] == "primary" for flag in case["flags"])
        counts["flagged"] += about or case["raised"] is not None
        counts["decided"] += case["verdict"] is not None
        for rule, version in {(flag["rule"], flag["version"]) for flag in case["flags"]}:
            self._rules.setdefault(rule, Counter())[version] += 1

    def sources(self) -> dict[str, dict[str, int]]:
        """Source → {articles, flagged, decided}."""
        return dict(sorted(self._sources.items()))

    def total(self) -> dict[str, int]:
        """The same three counts over all sources."""
        summed = Counter({"articles": 0, "flagged": 0, "decided": 0})
        for counts in self._sources.values():
            summed.update(counts)
        return dict(summed)

    def rules(self) -> dict[str, Any]:
        """Rule → {version: articles that bear a flag of it}."""
        return {rule: dict(sorted(versions.items())) for rule, versions in sorted(self._rules.items())}
