"""What systemd is told, by a real socket: by itself, and by a daemon whose store is blocked for a while."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from crawler.watching import supervisor as supervising
from crawler.watching.supervisor import Supervisor
from storage.errors import StoreBusy
from tests.watching.daemons import DaemonProcess
from tests.watching.fakes import PATIENCE, HandClock, number_of


class Listener:
    """What systemd would be: a datagram socket that is read line by line."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.settimeout(PATIENCE)

    def told(self) -> list[str]:
        """The lines of the next datagram."""
        return self._socket.recv(4096).decode().split("\n")

    def until(self, start: str) -> str:
        """The first line to come that begins so; those before it are dropped."""
        while True:
            for line in self.told():
                if line.startswith(start):
                    return line

    def forget(self) -> None:
        """Drop what has come by now."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(4096):
                pass
        except BlockingIOError:
            self._socket.settimeout(PATIENCE)

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(4096)
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(PATIENCE)
        return False

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(str(tmp_path / "notify"))
    yield made
    made.close()


def refuse() -> None:
    raise StoreBusy(Path("a.sqlite"), "is locked")


def test_an_abstract_socket_is_spoken_to() -> None:
    name = f"diembao-{secrets.token_hex(8)}"
    listener = Listener(f"\0{name}")
    try:
        Supervisor(f"@{name}").ready("watching 1 source")
        assert listener.told() == ["READY=1", "STATUS=watching 1 source"]
    finally:
        listener.close()


def test_the_environment_names_no_socket_to_children(listener: Listener) -> None:
    environment = {"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "1000000", "PATH": "/bin"}
    made = Supervisor.taken_from(environment)
    assert environment == {"PATH": "/bin"}
    made.turn(lambda: None, "well")
    assert listener.told() == ["STATUS=well"]
    assert listener.told() == ["WATCHDOG=1"]


def test_a_watchdog_that_waits_for_another_process_is_not_fed(listener: Listener) -> None:
    environment = {"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}
    made = Supervisor.taken_from(environment)
    made.turn(lambda: None, "well")
    made.stopping()
    assert [listener.told(), listener.told()] == [["STATUS=well"], ["STOPPING=1", "STATUS=stopping"]]


def test_nobody_listening_stops_nothing(tmp_path: Path) -> None:
    for nobody in (Supervisor(None), Supervisor(str(tmp_path / "gone"), 1.0)):
        nobody.ready("watching")
        nobody.turn(lambda: None, "well")
        with nobody.patient("opening"):
            nobody.stopping()


def test_a_store_that_refuses_starves_the_watchdog_and_stands_in_the_status(listener: Listener) -> None:
    clock = HandClock()
    made = Supervisor(listener.address, 8.0, clock)
    made.turn(lambda: None, "well")
    assert [listener.told(), listener.told()] == [["STATUS=well"], ["WATCHDOG=1"]]
    clock.now += 3
    made.turn(refuse, "well")
    assert listener.told() == ["STATUS=the store does not answer: a.sqlite: is locked"]
    clock.now += 3
    made.turn(refuse, "well")
    made.turn(lambda: None, "well")
    assert [listener.told(), listener.told()] == [["STATUS=well"], ["WATCHDOG=1"]]


def test_a_start_that_works_long_is_given_time_and_one_that_hangs_is_not(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "_LOOK", 0.01)
    spent = iter([0.0, 1.0])
    hung = threading.Event()

    def process_time() -> float:
        second = next(spent, None)
        if second is None:
            hung.set()
        return 1.0 if second is None else second

    monkeypatch.setattr(time, "process_time", process_time)
    with Supervisor(listener.address).patient("opening the store"):
        assert listener.told() == ["STATUS=opening the store"]
        assert listener.told() == ["EXTEND_TIMEOUT_USEC=60000000"]
        assert hung.wait(PATIENCE)
    assert listener.is_silent(0.01)


@contextmanager
def blocked(store: Path) -> Iterator[None]:
    """No reader gets into the store: the bytes of its shared memory that mark readers are ours."""
    first_reader, readers = 123, 5  # WAL_READ_LOCK(0) … (4), https://sqlite.org/walformat.html
    with Path(f"{store}-shm").open("r+b") as shared:
        fcntl.lockf(shared, fcntl.LOCK_EX, readers, first_reader, os.SEEK_SET)
        yield


@pytest.mark.slow
def test_a_daemon_tells_how_it_is_and_feeds_the_watchdog_only_while_its_store_answers(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", listener.address)
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    with DaemonProcess(tmp_path) as daemon:
        daemon.configure(["hanging"])
        daemon.start()
        assert listener.told() == ["STATUS=opening the store"]
        assert listener.told() == ["READY=1", "STATUS=watching 1 source"]
        listener.until("STATUS=watching 1 source; crawling hanging")
        listener.until("WATCHDOG=1")
        child = psutil.Process(number_of(tmp_path, "hanging")).environ()
        assert not {"NOTIFY_SOCKET", "WATCHDOG_USEC"} & set(child)

        daemon.send(signal.SIGHUP)
        listener.until("RELOADING=1")
        listener.until("READY=1")

        with blocked(daemon.store):
            listener.forget()
            assert listener.is_silent(2.5) or listener.is_silent(2.5)  # one word may have been on its way
        listener.until("WATCHDOG=1")

        daemon.send(signal.SIGTERM)
        listener.until("STOPPING=1")
        assert daemon.wait() == 143
