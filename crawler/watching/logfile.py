"""A log file of bounded size, which several processes may write and others move away."""

from __future__ import annotations

import fcntl
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept."""

    most_bytes: int  # of the file that is written; a line more may stand in it
    keep: int  # older files beside it: NAME.1 is the newest


class LogFile(logging.Handler):
    """Appends lines whole; before each it sees whether the file is still where it was, and too long.

    Whoever finds it too long moves it aside under the kernel's lock on it, the others notice. A line that
    cannot be written goes to stderr: logging never fails.
    """

    def __init__(self, path: Path, bounds: Bounds) -> None:
        """OSError if the file cannot be opened now."""
        super().__init__()
        self._path = path
        self._bounds = bounds
        self._descriptor = self._opened()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record's line."""
        try:
            line = f"{self.format(record)}\n"
        except Exception:  # whatever is wrong with a message, its speaker goes on
            self.handleError(record)
            return
        try:
            self._settle()
            _write(self._descriptor, line.encode(errors="backslashreplace"))
        except OSError:
            with suppress(OSError, ValueError):
                sys.stderr.write(line)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()

    def _opened(self) -> int:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def _settle(self) -> None:
        """Have the file open that bears the name, and short enough."""
        if self._descriptor < 0 or not self._is_ours():
            self._reopen()
        if os.fstat(self._descriptor).st_size >= self._bounds.most_bytes:
            self._turn()

    def _turn(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # let go with the file
        if self._is_ours():
            self._move_aside()
        self._reopen()

    def _move_aside(self) -> None:
        older = (self._path.with_name(f"{self._path.name}.{n + 1}") for n in range(self._bounds.keep))
        places = [self._path, *older]
        if len(places) == 1:
            self._path.unlink()
        for place, aside in reversed([*pairwise(places)]):
            with suppress(FileNotFoundError):
                place.replace(aside)

    def _is_ours(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        ours = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def _reopen(self) -> None:
        fresh = self._opened()
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = fresh


def _write(descriptor: int, line: bytes) -> None:
    """All of it; a part of a line is ended, so that the next begins on its own."""
    written = os.write(descriptor, line)
    if written < len(line):
        raise OSError("the disk took a part of a line only")
