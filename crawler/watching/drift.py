"""Pure: whether a source's pages are read otherwise than they used to be, and in which field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, takewhile
from math import comb
from statistics import median

from storage.records import Readings

_WORDS = {  # field → as config.toml and people call it; the gravest first
    "body": "body",
    "title": "title",
    "lead": "lead",
    "published": "date",
    "authors": "author",
    "section": "section",
}
_LEAST = 3  # pages that show something
_HANDFUL = 5  # pages that show a habit
_MANY = 8  # pages whose median length shows something
_FACTOR = 3  # bodies so many times longer or shorter are other texts
_RARE = 0.001  # chance of what is no accident any more


@dataclass(frozen=True, slots=True)
class _Share:
    """How many of how many pages."""

    had: int
    of: int

    @property
    def rate(self) -> float:
        return self.had / self.of if self.of else 0.0

    def __add__(self, other: _Share) -> _Share:
        return _Share(self.had + other.had, self.of + other.of)

    def __str__(self) -> str:
        return f"{self.had} of {self.of}"


@dataclass(frozen=True, slots=True)
class _Course:
    """A share as it is now and as it was."""

    now: _Share
    before: _Share
    newest: _Share  # of the newest run alone: once that is well, all is
    runs: int  # how many of the newest are now

    @property
    def fell(self) -> bool:
        """Whether it is less than half of what it was, and hardly by chance."""
        if self.now.of < _LEAST or self.before.of < _HANDFUL:
            return False
        half = self.before.rate / 2
        return self.now.rate < half and self.newest.rate < half and _chance(self.now, self.before) < _RARE

    @property
    def never(self) -> bool:
        """Whether nothing was ever had, of pages enough."""
        return not self.before.of and not self.now.had and self.now.of >= _HANDFUL


def drifts(runs: Sequence[Readings]) -> tuple[str, ...]:
    """What changed for the worse, one clause each, by the readings of a source's runs, newest first."""
    return tuple(clause for check in (_fields, _agreement, _lengths) for clause in check(runs))


def _fields(runs: Sequence[Readings]) -> Iterator[str]:
    for part, word in _WORDS.items():
        configured = [run for run in runs if part in run.selectors]
        by_selector = partial(_by_selector, part)
        if configured and configured[0] is runs[0] and not _is_had(configured, by_selector):
            course = _course(configured, by_selector)
            if course.fell or (course.never and part == "body"):
                yield _unmatched(word, course, _others(configured[: course.runs], part))
                continue
        by_any = partial(_by_any, part)
        if _is_had(runs, by_any) or not any(run.layers.get(part) for run in runs):
            continue
        course = _course(runs, by_any)
        if course.fell:
            yield f"{word} read on {course.now} pages, before on {course.before}"


def is_settled(runs: Sequence[Readings]) -> bool:
    """Whether the newest pages have whatever these runs ever had: older ones need not be looked at."""
    counts = [partial(_by_any, part) for part in _WORDS if any(run.layers.get(part) for run in runs)]
    counts += [partial(_by_selector, part) for part in _WORDS if runs and part in runs[0].selectors]
    return all(_is_had(runs, count) for count in counts)


def _is_had(runs: Sequence[Readings], count: Callable[[Readings], _Share]) -> bool:
    """Whether the newest run that tells anything had most of it: then it neither fell nor never was."""
    newest = next((share for share in map(count, runs) if share.of), None)
    return newest is not None and newest.rate >= 0.5


def _agreement(runs: Sequence[Readings]) -> Iterator[str]:
    course = _course(runs, lambda run: _Share(run.agreed, run.compared))
    if course.fell:
        yield (
            "the selectors and the generic layer tell the same story on "
            f"{course.now} pages, before on {course.before}"
        )


def _lengths(runs: Sequence[Readings]) -> Iterator[str]:
    told = [run for run in runs if run.length]
    cut = 1 + sum(pages < _MANY for pages in accumulate(run.pages for run in told))
    now, before = told[:cut], told[cut:]
    if min(_pages(now), _pages(before)) < _MANY:
        return
    size, usual = _median_length(now), _median_length(before)
    if size * _FACTOR < usual or size > usual * _FACTOR:
        yield (
            f"bodies have {size} characters in {_median_paragraphs(now)} paragraphs, "
            f"before {usual} in {_median_paragraphs(before)}"
        )


def _unmatched(word: str, course: _Course, others: Counter[str]) -> str:
    before = f" (before {course.before})" if course.before.of else ""
    said = f"selector {word} matched {course.now}{before}"
    if not others:
        return f"{said}; no other layer read it"
    layer, pages = others.most_common(1)[0]
    return f"{said}; the {layer} layer read {pages} of {course.now.of}; used it"


def _course(runs: Sequence[Readings], count: Callable[[Readings], _Share]) -> _Course:
    """The newest runs, pages enough and as far back as nothing was had, beside all that came before."""
    shares = [count(run) for run in runs]
    silent = sum(1 for _ in takewhile(lambda share: not share.had, shares))
    enough = 1 + sum(pages < _LEAST for pages in accumulate(share.of for share in shares))
    cut = max(silent, enough)
    none = _Share(0, 0)
    newest = next((share for share in shares if share.of), none)
    return _Course(sum(shares[:cut], none), sum(shares[cut:], none), newest, cut)


def _chance(now: _Share, before: _Share) -> float:
    """How likely it is, by what was before, that no more than this is had of so many (Pólya's urn)."""
    had, lacked = before.had, before.of - before.had
    ways = sum(
        comb(had + hits, hits) * comb(lacked + now.of - hits, now.of - hits) for hits in range(now.had + 1)
    )
    return ways / comb(before.of + now.of + 1, now.of)


def _by_selector(part: str, run: Readings) -> _Share:
    return _Share(run.layers.get(part, {}).get("selector", 0), run.pages)


def _by_any(part: str, run: Readings) -> _Share:
    return _Share(sum(run.layers.get(part, {}).values()), run.pages)


def _others(runs: Sequence[Readings], part: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for run in runs:
        found.update(run.layers.get(part, {}))
    del found["selector"]
    return found


def _pages(runs: Sequence[Readings]) -> int:
    return sum(run.pages for run in runs)


def _median_length(runs: Sequence[Readings]) -> int:
    return round(median(run.length for run in runs))


def _median_paragraphs(runs: Sequence[Readings]) -> int:
    return round(median(run.paragraphs for run in runs))
