"""The locks: exclusive, named, and free as soon as their holder is dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.crawling.locks import DaemonLock, HostLock
from crawler.errors import AlreadyRunning
from storage.errors import StoreReadOnly

HOLDER = """
import sys
from pathlib import Path
from crawler.crawling.locks import HostLock
HostLock(Path(sys.argv[1]), "bao.example").take()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_host_is_held_once_and_the_refusal_names_it_and_its_holder(tmp_path: Path) -> None:
    with (
        HostLock(tmp_path / "a.sqlite", "bao.example:8001"),
        pytest.raises(AlreadyRunning, match=rf"bao\.example:8001.*process {os.getpid()}"),
    ):
        HostLock(tmp_path / "b.sqlite", "bao.example:8001").take()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    lock, other = (
        HostLock(tmp_path / "a.sqlite", "bao.example"),
        HostLock(tmp_path / "a.sqlite", "bao.example"),
    )
    lock.take()
    assert not other.is_free()
    lock.release()
    lock.release()
    assert other.is_free()
    other.take()
    other.release()


def test_looking_whether_it_is_free_does_not_take_it(tmp_path: Path) -> None:
    lock = HostLock(tmp_path / "a.sqlite", "bao.example")
    assert lock.is_free()
    with HostLock(tmp_path / "a.sqlite", "bao.example"):
        assert not lock.is_free()


def test_two_hosts_and_two_stores_do_not_meet(tmp_path: Path) -> None:
    with (
        HostLock(tmp_path / "a.sqlite", "bao.example"),
        HostLock(tmp_path / "a.sqlite", "bao.example:8001"),
        DaemonLock(tmp_path / "a.sqlite"),
    ):
        assert DaemonLock(tmp_path / "b.sqlite").is_free()
        assert not DaemonLock(tmp_path / "a.sqlite").is_free()


def test_a_host_cannot_leave_the_folder_of_locks(tmp_path: Path) -> None:
    with HostLock(tmp_path / "a.sqlite", "../../[::1]:80") as lock:
        assert lock.path.parent == tmp_path / "locks"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("in the way")
    with pytest.raises(StoreReadOnly, match="cannot be locked"):
        HostLock(tmp_path / "a.sqlite", "bao.example").take()


@pytest.mark.slow
def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    store = tmp_path / "a.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lock = HostLock(store, "bao.example")
        with pytest.raises(AlreadyRunning, match=f"process {holder.pid}"):
            lock.take()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        lock.take()
        lock.release()
