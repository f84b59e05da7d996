"""What systemd is told of the daemon: datagrams to the socket it named; nothing where it named none."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from crawler.watching.supervising import Vitals, still_works, wants_feeding
from crawler.watching.wording import one_line
from storage.errors import StoreError

_LOOK = 10.0  # seconds between two looks at a start …
_MORE = 60.0  # … and how many more it then asks for


class Supervisor:
    """The protocol of sd_notify(3). Telling never fails and never waits: the daemon goes on unwatched."""

    def __init__(
        self, address: str | None, watchdog: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`address` of a datagram socket, `@…` an abstract one; `watchdog`: seconds until it bites."""
        self._address = address
        self._watchdog = watchdog if address else None
        self._clock = clock
        self._vitals = Vitals()
        self._status = ""

    @classmethod
    def taken_from(cls, environment: MutableMapping[str, str]) -> Supervisor:
        """The one that the environment names, and names no more: no child of ours may speak for us."""
        address = environment.pop("NOTIFY_SOCKET", None)
        length = environment.pop("WATCHDOG_USEC", "")
        meant = environment.pop("WATCHDOG_PID", "") or str(os.getpid())
        watchdog = int(length) / 1e6 if length.isdecimal() and meant == str(os.getpid()) else 0.0
        return cls(address, watchdog or None)

    def ready(self, status: str) -> None:
        """The start, or a reload, is over."""
        self._tell("READY=1", self._as_status(status))

    def reloading(self) -> None:
        """The configuration is read again; `ready` follows."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell("STOPPING=1", self._as_status("stopping"))

    def turn(self, ask_store: Callable[[], object], status: str) -> None:
        """Once a turn of the loop: ask the store, say what changed, and feed the watchdog on its answer."""
        if self._address is None:
            return
        begun = self._clock()
        self._vitals = replace(self._vitals, asked_at=begun)
        try:
            ask_store()
        except StoreError as error:
            status = f"the store does not answer: {error}"
        else:
            now = self._clock()
            self._vitals = replace(self._vitals, answered_at=now, took=now - begun)
        if status != self._status:
            self._tell(self._as_status(status))
        self._feed()

    @contextmanager
    def patient(self, status: str) -> Iterator[None]:
        """Ask for more time as long as the block works, which may be a migration of many gigabytes."""
        if self._address is None:
            yield
            return
        self._tell(self._as_status(status))
        over = threading.Event()
        asking = threading.Thread(target=self._ask_for_time, args=[over], name="supervisor", daemon=True)
        asking.start()
        try:
            yield
        finally:
            over.set()
            asking.join()

    def _ask_for_time(self, over: threading.Event) -> None:
        before = time.process_time()
        while not over.wait(_LOOK):
            now = time.process_time()
            if still_works(before, now):
                self._tell(f"EXTEND_TIMEOUT_USEC={_MORE * 1e6:.0f}")
            before = now

    def _feed(self) -> None:
        now = self._clock()
        if self._watchdog is not None and wants_feeding(self._vitals, now, self._watchdog):
            self._tell("WATCHDOG=1")
            self._vitals = replace(self._vitals, fed_at=now)

    def _as_status(self, status: str) -> str:
        self._status = status
        return f"STATUS={one_line(status)}"

    def _tell(self, *lines: str) -> None:
        if self._address is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        flags = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        with suppress(OSError), socket.socket(socket.AF_UNIX, flags) as speaking:
            speaking.sendto("\n".join(lines).encode(), address)
