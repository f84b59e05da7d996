"""One pass now over some sources, for `diembao crawl`: the very children that the daemon starts."""

from __future__ import annotations

import difflib
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from crawler.config.model import Config, Source
from crawler.errors import UsageError
from crawler.judging import compile_rules
from crawler.times import utc_now
from crawler.urls import site
from crawler.watching.children import HOST_BUSY, Crew, Ended, Order, crawl_command
from crawler.watching.due import Board, Due, to_start
from crawler.watching.gathering import Learned, Moment
from crawler.watching.recording import record
from crawler.watching.settling import interrupt_vanished, settle
from crawler.watching.signals import handling
from crawler.watching.wording import spelled, summary
from storage.errors import StoreError
from storage.records import Outcome, RunReport
from storage.store import Store

GRACE = timedelta(seconds=8)  # for the crawls to end by themselves when we are asked to

_LOOK = 0.05  # seconds between two looks at the children

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """How one source fared in a pass."""

    source: str
    outcome: Outcome | Literal["busy"]  # busy: another crawl was at its host
    report: RunReport | None  # None: it was busy, or its crawl never began
    took: timedelta


@dataclass(frozen=True, slots=True)
class PassResult:
    """How a pass went, source by source in the order they ended."""

    results: tuple[SourceResult, ...]
    left_out: tuple[str, ...] = ()  # not begun when the pass was stopped
    stopped_by: int | None = None  # the signal; None: it went to its end

    @property
    def exit_code(self) -> int:
        """0 all done, 3 some failed, 1 all failed, 130 or 143 stopped by a signal."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return exit_code([result.outcome for result in self.results])


def exit_code(outcomes: Sequence[str]) -> int:
    """Pure: 0 if all were done (or there were none), 1 if none was, else 3."""
    done = sum(outcome == "done" for outcome in outcomes)
    if done == len(outcomes):
        return 0
    return 3 if done else 1


def run_pass(
    config: Config,
    store_path: Path,
    names: Sequence[str] = (),
    limit: int | None = None,
    announce: Announce = lambda line: None,
) -> PassResult:
    """Crawl the sources `names` (all enabled ones if none are named) once, `limit` articles each.

    A person asks, so that what failed before is tried again now, due or not. Blocks until all have ended.
    SIGINT and SIGTERM end the children in good order, a second one at once. UsageError for a name that is not
    in config.toml, RuleError for a broken rule; StoreError if the store cannot be used.
    """
    sources = chosen(config, names)
    compile_rules(config.rules)
    limited = () if limit is None else ("--limit", str(limit))
    with Store.open(store_path) as store:

        def command(sources: Sequence[str]) -> tuple[str, ...]:
            return crawl_command(config.path, store.path, sources, "--again", *limited)

        return Pass(config, store, command, announce).run(sources)


def chosen(config: Config, names: Iterable[str]) -> tuple[Source, ...]:
    """The sources so named, each once; all enabled ones if none is named; UsageError for an unknown name."""
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in config.sources:
            near = difflib.get_close_matches(name, config.sources, n=1)
            known = f"did you mean {near[0]}?" if near else f"there are: {', '.join(config.sources)}"
            raise UsageError(f"there is no source {name!r} in {config.path}; {known}")
    if wanted:
        return tuple(config.sources[name] for name in wanted)
    return tuple(source for source in config.sources.values() if source.enabled)


@dataclass
class Pass:
    """One pass under way."""

    config: Config
    store: Store
    command: Callable[[Sequence[str]], tuple[str, ...]]  # from sources' names to what crawls them
    announce: Announce
    _crew: Crew = field(default_factory=Crew)
    _results: list[SourceResult] = field(default_factory=list)
    _stopped_by: int | None = None

    def run(self, sources: Sequence[Source]) -> PassResult:
        """Crawl all of `sources`; no child is left when this returns or raises."""
        waiting = {source.name: source for source in sources}
        with handling({signal.SIGINT: self.stop, signal.SIGTERM: self.stop}):
            try:
                interrupt_vanished(self.store, self.config, frozenset(), utc_now())
                while (waiting and self._stopped_by is None) or len(self._crew):
                    if self._stopped_by is None:
                        self._start_some(waiting)
                    else:
                        self._crew.stop(GRACE)
                    self._reap()
                self._record()
            finally:
                self._crew.kill()
                while len(self._crew):
                    for _ in self._crew.poll():
                        pass
                    time.sleep(_LOOK)
        return PassResult(tuple(self._results), tuple(waiting), self._stopped_by)

    def stop(self, number: int) -> None:
        """Begin nothing more and end what runs: in good order the first time, at once the second."""
        if self._stopped_by is not None:
            self._crew.kill()
        self._stopped_by = number

    def _start_some(self, waiting: dict[str, Source]) -> None:
        now = utc_now()
        free = self.config.crawl.workers - len(self._crew)
        due = {name: Due(now) for name in waiting}
        board = Board(waiting.values(), due, self._crew.hosts, free, self._share(len(waiting)))
        for batch in to_start(board, now):
            for source in batch:
                del waiting[source.name]
            self._start(batch)

    def _share(self, waiting: int) -> int:
        """How many a process takes: all processes are to have some, as far as they go."""
        return max(1, min(self.config.crawl.batch, -(-waiting // self.config.crawl.workers)))

    def _start(self, batch: Sequence[Source]) -> None:
        command, deadline = self.command([source.name for source in batch]), self.config.crawl.deadline
        try:
            self._crew.start(*(Order(source.name, site(source.home), command, deadline) for source in batch))
        except OSError as error:
            for source in batch:
                self.announce(f"{source.name}: its crawl cannot be started: {error}")
                self._results.append(SourceResult(source.name, "failed", None, timedelta()))
        else:
            for source in batch:
                self.announce(f"{source.name}: crawl starts")

    def _reap(self) -> None:
        for ended in self._crew.poll():
            result = self._result(ended, settle(self.store, ended, utc_now()))
            self._results.append(result)
            self.announce(f"{result.source}: {_told(result, ended)}")
        time.sleep(_LOOK)

    def _record(self) -> None:
        """What the crawls tell of the health of their sources; a pass is no watch that could be late."""
        moment = Moment.of(self.store, utc_now(), attended=False)
        crawled = [result.source for result in self._results if result.report is not None]
        try:
            record(self.store, self.config, crawled, moment, Learned())
        except StoreError as error:
            self.announce(f"how well the sources are cannot be recorded: {error}")

    def _result(self, ended: Ended, report: RunReport | None) -> SourceResult:
        if report is not None:
            return SourceResult(ended.order.source, report.outcome, report, ended.took)
        outcome: Outcome | Literal["busy"] = "busy" if ended.code == HOST_BUSY else "stopped"
        return SourceResult(ended.order.source, outcome, None, ended.took)


def _told(result: SourceResult, ended: Ended) -> str:
    if result.report is not None:
        return summary(result.report, result.took)
    if result.outcome == "busy":
        return f"another crawl is at {ended.order.host}; try again when it has finished"
    return f"stopped after {spelled(result.took)}, before it began"
