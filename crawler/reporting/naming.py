"""What papers, topics and articles are called in a press review; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.reporting.facts import Facts, Paper
from crawler.reporting.typography import clean
from crawler.review.marking import heaviest_first
from crawler.urls import authority
from storage.records import Case

UNFLAGGED = ""  # the topic of what no rule flags


@dataclass(frozen=True, slots=True)
class Names:
    """Labels and papers by their names in config.toml."""

    labels: Mapping[str, str]
    homes: Mapping[str, str]
    provinces: Mapping[str, str]

    def paper(self, source: str) -> str:
        """baohatinh.vn (Hà Tĩnh)."""
        host = self.homes.get(source, source)
        return f"{host} ({self.provinces[source]})" if source in self.provinces else host

    def host(self, source: str) -> str:
        """baohatinh.vn, or the source's name where it stands no longer in config.toml."""
        return self.homes.get(source, source)

    def label(self, topic: str) -> str:
        """A topic as people are shown it."""
        return clean(self.labels.get(topic, topic)) or "Khác: không quy tắc nào gắn cờ"


def names_of(facts: Facts) -> Names:
    """The names that a press review uses: of today's rules, else as their flags tell."""
    flags = [flag for picked in (facts.full, facts.short) for case in picked.cases for flag in case.flags]
    told = {flag.rule: flag.label for flag in flags}
    counted = {topic.name: topic.label or topic.name for topic in facts.counts.topics}
    in_force = {rule.name: rule.label for rule in facts.rules}
    return Names({**told, **counted, **in_force}, facts.homes, facts.provinces)


def topics_of(case: Case) -> tuple[str, ...]:
    """The topics that an article is about, the heaviest first; what a person raised it for, last."""
    flagged = [flag.rule for flag in heaviest_first(case.flags) if flag.level == "primary"]
    raised = [case.raised.rule] if case.raised and case.raised.rule else []
    return tuple(dict.fromkeys([*flagged, *raised]))


def topic_of(case: Case, asked: str | None) -> str:
    """The one topic that it stands under: that which was asked for, else the heaviest."""
    found = topics_of(case)
    return asked if asked in found and asked is not None else (found or (UNFLAGGED,))[0]


def paper_name(paper: Paper) -> str:
    """baohatinh.vn, or its name where it stands no longer in config.toml."""
    return authority(paper.home) if paper.home else paper.name
