"""What a crawl writes to stderr, in a file that never grows beyond bounds."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crawler.times import shown
from crawler.watching.wording import one_line

MOST_BYTES = 1024 * 1024  # of one log; as much again is kept of what was before it, in NAME.log.1
_LAST = 4096  # bytes at the end in which the last line is looked for


class ChildLog:
    """An appended file that a child writes by itself and the parent keeps short."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.file = file

    @classmethod
    def begun(cls, path: Path, source: str, at: datetime) -> ChildLog:
        """Open the log of `source` for one more crawl; OSError if it cannot be written."""
        path.parent.mkdir(parents=True, exist_ok=True)
        log = cls(path, path.open("ab", buffering=0))
        with suppress(OSError):  # on a full disk the crawl goes on without its heading
            log.trim()
            log.file.write(f"--- {shown(at)} crawl of {source}\n".encode())
        return log

    def trim(self) -> None:
        """Move the end of a log that grew too long to NAME.log.1 and begin it anew.

        The file is cut and not replaced, because the child holds it open; it appends, so it goes on at the
        new end.
        """
        size = os.fstat(self.file.fileno()).st_size
        if size <= MOST_BYTES:
            return
        with suppress(FileNotFoundError), self.path.open("r+b") as whole:
            whole.seek(size - MOST_BYTES)
            with suppress(OSError):  # on a full disk room counts for more than what was told
                self.path.with_name(self.path.name + ".1").write_bytes(whole.read(MOST_BYTES))
            whole.truncate(0)

    def last_line(self) -> str | None:
        """The last line the crawl wrote; None if it wrote none."""
        try:
            with self.path.open("rb") as whole:
                whole.seek(max(0, os.fstat(whole.fileno()).st_size - _LAST))
                lines = whole.read(_LAST).decode(errors="replace").strip().splitlines()
        except OSError:  # somebody has moved it away
            return None
        last = lines[-1] if lines else ""
        return None if not last or last.startswith("--- ") else one_line(last)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()
