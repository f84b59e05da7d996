"""The daemon: a clock, signals and one loop around the watch."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal, NoReturn

from crawler import __version__
from crawler.config.model import Config
from crawler.crawling.locks import DaemonLock
from crawler.errors import DiembaoError
from crawler.times import utc_now
from crawler.watching.children import crawl_command
from crawler.watching.clock import Clock
from crawler.watching.duties import Duty, duties
from crawler.watching.errands import Program, program
from crawler.watching.inforce import InForce
from crawler.watching.pulse import Pulse
from crawler.watching.rejudging import Noticing, stamp
from crawler.watching.signals import handling
from crawler.watching.telling import Repeats, log_in_lines, of
from crawler.watching.watch import Watch
from crawler.watching.wording import caused
from storage.errors import StoreError
from storage.records import Happened
from storage.store import Store

STEP = timedelta(seconds=1)  # between two ticks
GRACE = timedelta(seconds=7.4)  # for the crawls to end at a stop: they give their own requests 7 s …
LAST_WORD = timedelta(seconds=8)  # … and for what is left to be recorded: a stop takes 10 s at most

_PATIENCE = 0.5  # seconds the store may keep a tick waiting
_SILENCE = 5.0  # seconds without a beat after which the clock is set anew
_log = logging.getLogger(__name__)

Heard = Literal["beat", "reload", "stop"]


@dataclass(frozen=True, slots=True)
class DaemonOrder:
    """How the daemon is to be run."""

    page: bool = True  # serve the review page too
    port: int | None = None  # of the page; None: [review] port
    command: Callable[[Path, Path, Sequence[str]], tuple[str, ...]] = crawl_command  # config, store, sources
    program: Program = program  # how a command of ours is started


def run_daemon(config: Config, order: DaemonOrder | None = None) -> int:
    """Watch the sources of `config` until SIGTERM or SIGINT; the exit code, 143 or 130.

    Raises, before anything is started: AlreadyRunning, StoreError, ConfigError (RuleError), PageUnavailable.
    """
    log_in_lines(chosen=config.log)
    daemon = Daemon(order or DaemonOrder())
    acts = {
        signal.SIGTERM: daemon.stop,
        signal.SIGINT: daemon.stop,
        signal.SIGHUP: daemon.reload,
        signal.SIGCHLD: daemon.beat,
    }
    with handling(acts):
        return daemon.run(config)


class Daemon:
    """One loop in the main thread. The clock and the signals only ever put a word into its ear."""

    def __init__(self, order: DaemonOrder) -> None:
        self._order = order
        self._ear: SimpleQueue[Heard] = SimpleQueue()
        self._stopped_by: int | None = None
        self._watch: Watch | None = None
        self._duties: Sequence[Duty] = ()
        self._repeats: dict[str, Repeats] = {}  # by what was attempted
        self._noticing: Noticing

    def beat(self, number: int = 0) -> None:
        """Tick soon: a second has passed, or a child has ended."""
        if self._ear.empty():
            self._ear.put("beat")

    def reload(self, number: int = 0) -> None:
        """Read config.toml again."""
        self._ear.put("reload")

    def stop(self, number: int) -> None:
        """End by signal `number`: in good order the first time, at once the second."""
        if self._stopped_by is not None:
            self._break_off(number)
        self._stopped_by = number
        self._ear.put("stop")

    def run(self, config: Config) -> int:
        """Watch until stopped; see `run_daemon`."""
        with ExitStack() as stack:
            stack.enter_context(DaemonLock(config.store_path))
            store = stack.enter_context(Store.open(config.store_path, patience=_PATIENCE))
            in_force = InForce(config)
            serving = stack.enter_context(ExitStack())
            pulse = Pulse(config.store_path)
            page = self._serve(in_force, pulse, serving)
            command = partial(self._order.command, in_force.path, config.store_path)
            self._watch = Watch(in_force.config, store, command)
            stack.callback(self._watch.crew.kill)
            self._noticing = Noticing(stamp(config.path))
            self._duties = (pulse, *duties(in_force, self._order.program))
            for duty in self._duties:
                stack.callback(duty.kill)
            _greet(in_force.config, page)
            clock = Clock(self.beat, STEP)
            stack.callback(clock.stop)
            clock.start()
            self._note(store, "daemon-started", f"version {__version__}, {in_force.config.path}")
            self._listen(self._watch, store, in_force, clock)
            clock.stop()
            self._drain(self._watch, serving)
            self._note(store, "daemon-stopped", f"by signal {self._stopped_by}")
        assert self._stopped_by is not None
        _log.info("stopped")
        return 128 + self._stopped_by

    def _serve(self, in_force: InForce, pulse: Pulse, serving: ExitStack) -> str | None:
        """Start the review page; its address, None if there is to be none."""
        if not self._order.page:
            return None
        from crawler.review.server import PageServer  # a daemon without a page is spared what it imports
        from crawler.watching.showing import watched

        told = watched(lambda: in_force.config, pulse.silent_for)
        server = PageServer(in_force.config, port=self._order.port, watched=told)
        server.start()
        serving.callback(server.stop)
        return server.url

    def _listen(self, watch: Watch, store: Store, in_force: InForce, clock: Clock) -> None:
        while self._stopped_by is None:
            heard = self._hear(_SILENCE)
            if heard is None:
                _log.warning(
                    "the clock fell silent, as it does when the system's is set back; it is set anew"
                )
                clock.set_anew()
            if heard == "reload" or self._noticing.look(stamp(in_force.config.path)):
                self._noticing.accept(stamp(in_force.config.path))
                self._reload(watch, store, in_force)
            if self._stopped_by is None:
                self._tick(watch, store)

    def _tick(self, watch: Watch, store: Store) -> None:
        self._attempt("a tick", lambda: watch.tick(utc_now()))
        for duty in self._duties:
            self._attempt(duty.name, partial(duty.tick, store, utc_now()))

    def _hear(self, seconds: float) -> Heard | None:
        try:
            return self._ear.get(timeout=seconds)
        except Empty:
            return None

    def _reload(self, watch: Watch, store: Store, in_force: InForce) -> None:
        try:
            lines = in_force.renew()
        except DiembaoError as error:
            told = of("config-refused", trouble=str(error))
            _log.error("the new configuration is refused, the old one stays in force: %s", error, extra=told)
            self._note(store, "config-refused", str(error))
            return
        watch.config = in_force.config
        for duty in self._duties:
            self._attempt(f"telling {duty.name} of it", partial(duty.reload, in_force.config))
        for line in lines or ("nothing changed",):
            _log.info("config.toml: %s", line, extra=of("config-changed", change=line))
        if lines:
            self._note(store, "config-changed", "; ".join(lines))

    def _note(self, store: Store, kind: str, said: str) -> None:
        """In the store, for `diembao events`."""
        self._attempt("noting it", lambda: store.journal.note(Happened(0, utc_now(), kind, None, said)))

    def _attempt(self, name: str, act: Callable[[], None]) -> None:
        """Do what must not end the daemon when it fails."""
        repeats = self._repeats.setdefault(name, Repeats())
        try:
            act()
        except StoreError as error:
            _complain(repeats, f"the store cannot be used now, tried again every second: {error}", error)
        except Exception as error:  # whatever it is, the sources must be watched on
            _complain(repeats, f"{name} failed: {caused(error)}", error)
        else:
            if repeats.over():
                _log.info("the trouble is over")

    def _drain(self, watch: Watch, serving: ExitStack) -> None:
        begun = time.monotonic()
        crew = watch.crew
        _log.info("stopping, %d crawls are asked to end", len(crew.sources))
        crew.stop(GRACE)
        for duty in self._duties:
            self._attempt(f"ending {duty.name}", duty.ask_to_end)
        serving.close()
        while (len(crew) or watch.unsettled) and time.monotonic() - begun < LAST_WORD.total_seconds():
            self._attempt("a tick", lambda: watch.reap(utc_now()))
            self._hear(0.05)

    def _break_off(self, number: int) -> NoReturn:
        """Leave at once: the kernel frees the locks, and the next start finds the runs interrupted."""
        if self._watch:
            self._watch.crew.kill()
        os._exit(128 + number)


def _complain(repeats: Repeats, trouble: str, error: Exception) -> None:
    if repeats.worth_telling(trouble, time.monotonic()):
        _log.error("%s", trouble, exc_info=error)


def _greet(config: Config, page: str | None) -> None:
    enabled = [name for name, source in config.sources.items() if source.enabled]
    _log.info(
        "watching %d sources (%s), at most %d at once", len(enabled), ", ".join(enabled), config.crawl.workers
    )
    _log.info("configuration %s, store %s", config.path, config.store_path)
    if page:
        _log.info("the review page is at %s", page)
    if not config.crawl.contact:
        _log.warning("crawl.contact is empty: write an address there, so that a webmaster can reach you")
