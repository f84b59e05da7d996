"""What a reread did or would do, counted by source and field, with a few samples of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from crawler.rereading.deciding import Outcome, Reread

_SAMPLES = 3  # of every source and field
_BEFORE, _SHOWN = 16, 60  # characters of a sample: ahead of the first difference, and in all


@dataclass(frozen=True, slots=True)
class Sample:
    """Where one article's field begins to differ."""

    number: int  # of the article
    before: str
    after: str


@dataclass(slots=True)
class Summary:
    """Grows by one article at a time; of the texts it keeps samples only."""

    read: Counter[str] = field(default_factory=Counter)  # source → articles
    outcomes: dict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    left: dict[tuple[Outcome, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Reread) -> None:
        """Count it."""
        source = one.stored.article.source
        self.read[source] += 1
        self.outcomes[source][one.outcome] += 1
        if one.outcome in {"refused", "shorter", "unread"}:
            self.left[one.outcome, one.reason or ""].append(one.stored.id)
            return
        for part, (before, after) in one.changes.items():
            self.fields[source][part] += 1
            samples = self.samples[source, part]
            if len(samples) < _SAMPLES and part != "flags":
                samples.append(Sample(one.stored.id, *excerpts(before, after)))

    @property
    def changed(self) -> int:
        """Articles that say something else."""
        return sum(counts["changed"] for counts in self.outcomes.values())

    @property
    def failed(self) -> bool:
        """Whether a page was there and reading it failed."""
        return any(
            outcome == "unread" and reason not in {"no-page", "let-go"} for outcome, reason in self.left
        )

    def parts(self) -> Iterator[str]:
        """The fields that changed anywhere, in the order they were first met."""
        return iter(dict.fromkeys(part for counts in self.fields.values() for part in counts))


def excerpts(before: str, after: str) -> tuple[str, str]:
    """Both texts from a little before their first difference on."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, alike - _BEFORE)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
