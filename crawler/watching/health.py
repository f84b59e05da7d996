"""Pure: how well a source is: a state that is entered and left only by enough evidence.

It is a fold whose memory is the store: the state last recorded and what is found now give the next one.
What is certain counts at once (pages that are read otherwise, a silence stranger than any before); what
passes by itself must last: three failed crawls in a row, or two an hour apart. A source that never worked is
ill at its first failure. It is called well again after two good crawls, or one an hour ago; two changes
within a day double that hour, so that a source that flaps is told less and less often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from crawler.config.model import Source
from crawler.watching.complaints import complaint
from crawler.watching.due import LOOK_BACK, TROUBLED
from crawler.watching.findings import ENOUGH, STATES, Evidence, Finding, Look, found, troubled
from storage.records import HealthState

State = HealthState

HOLD = timedelta(hours=1)  # for which a source that was ill must be well, at the least
LONGEST_HOLD = timedelta(hours=12)  # … and one that flaps
LATELY = timedelta(days=1)  # in which so many changes are …
_FLAPPING = 3
_GOOD = 2  # crawls in a row that end a trouble
_MOST_GOOD = 60  # … that are looked at
_CALM: frozenset[State] = frozenset({"well", "unwatched", "disabled"})  # left at once
_FAILING: frozenset[State] = frozenset({"ill", *STATES.values()})


@dataclass(frozen=True, slots=True)
class Before:
    """What was last recorded of a source."""

    state: State | None = None  # None: nothing
    since: datetime | None = None
    kind: str | None = None  # of the finding that gave the state its name
    lately: int = 0  # changes within LATELY


@dataclass(frozen=True, slots=True)
class Health:
    """A state, and everything that somebody should look at."""

    state: State
    findings: tuple[Finding, ...] = ()  # the gravest first; empty: all is well
    complaints: tuple[str, ...] = ()  # a sentence for each that is sure, with its cause and an advice
    passing: tuple[str, ...] = ()  # a sentence for each that may be a bad moment

    @property
    def healthy(self) -> bool:
        """Whether nobody needs to look; a source that was never crawled yet is not ill."""
        return not self.complaints

    @property
    def cause(self) -> Finding | None:
        """What gave the state its name; None: nothing is wrong."""
        named = [one for one in self.findings if one.state == self.state]
        return next(iter(named or self.findings), None) if self.state not in {"well", "disabled"} else None


def span(source: Source) -> timedelta:
    """How far back the runs must reach to judge `source`."""
    window = source.at_least.window if source.at_least else timedelta()
    return max(window + LOOK_BACK, 10 * source.every, timedelta(days=2))


def health(source: Source, evidence: Evidence, now: datetime, before: Before | None = None) -> Health:
    """The state of `source` now, after what was last recorded of it, with all that is found."""
    if not source.enabled:
        return Health("disabled")
    if not evidence.recent and evidence.last_success is None:
        return Health("unwatched")
    look, known = Look(source, evidence, now), before or Before()
    findings = found(look)
    sure = [one for one in findings if one.sure]
    if sure:
        return _said(source, _steady(look, sure, known.state), findings)
    # Whoever never gave anything is not called well for a bad moment.
    known_well = look.finished and not (findings and evidence.last_success is None)
    calm: State = "well" if known_well else "unwatched"
    if known.state is None or known.state in _CALM:
        return _said(source, calm, findings)
    if findings:  # no bad moment, but more of the same
        return _said(source, known.state, [replace(one, sure=True) for one in findings])
    if known.kind == "silent" or _has_lasted(look, known):  # the first article ends a silence
        return Health(calm)
    return _said(source, known.state, [Finding(known.state, "recovering", {"was": known.state})])


def _said(source: Source, state: State, findings: Sequence[Finding]) -> Health:
    sentences = [(one.sure, complaint(source.name, one)) for one in findings]
    return Health(
        state,
        tuple(findings),
        tuple(text for sure, text in sentences if sure),
        tuple(text for sure, text in sentences if not sure),
    )


def _steady(look: Look, sure: Sequence[Finding], before: State | None) -> State:
    """The name of the gravest; one kind of failure becomes another only after three crawls of that kind."""
    state = sure[0].state
    row = [STATES.get(run.report.outcome, "ill") for run in troubled(look)[:ENOUGH]]
    settled = len(row) == ENOUGH and {*row} == {state}
    return before if before in _FAILING and row and not settled else state


def _has_lasted(look: Look, before: Before) -> bool:
    """Whether it was well for long enough to be called so."""
    hold = min(HOLD * 2 ** min(before.lately // 2, 8), LONGEST_HOLD)
    for good, ended in enumerate(islice(_good(look), _MOST_GOOD), 1):
        if look.now - ended >= hold or (good >= _GOOD and before.lately < _FLAPPING):
            return True
    return False


def _good(look: Look) -> Iterator[datetime]:
    """When each of the newest runs ended after which nothing was found, newest first."""
    for run in look.finished:
        ended = run.ended_at or run.started_at
        earlier = replace(look, evidence=look.evidence.as_of(run), now=ended)
        if run.report.outcome in TROUBLED or found(earlier):
            return
        yield ended
