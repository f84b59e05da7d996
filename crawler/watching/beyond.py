"""Pure: what a paper offers beyond the bounds of a crawl, as the newest run tells that met it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from storage.records import Run

LATELY = timedelta(days=2)  # a list that has not changed since is not read again, and tells nothing new
_NAMED = "left: beyond-bound ("


def beyond(runs: Iterable[Run]) -> Mapping[str, int]:
    """Links by the kind of place that holds too many, {"feed": 40}; of listings, how many of them."""
    for run in runs:
        reasons = run.report.reasons
        if found := {why: count for why, count in reasons.items() if why.startswith(_NAMED)}:
            return {why.removeprefix(_NAMED).removesuffix(")"): count for why, count in found.items()}
    return {}


def told(found: Mapping[str, int]) -> str:
    """In one clause, with what to do about it."""
    said = ", ".join(f"{kind} {count}" for kind, count in sorted(found.items()))
    return f"beyond what one crawl looks at: {said}; give narrower feeds, sitemaps or listings in config.toml"
