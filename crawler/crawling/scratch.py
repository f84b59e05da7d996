"""A folder for one child's temporary files, taken away with what a killed child leaves in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_PREFIX = "diembao-"  # of its name: by it a child knows that the folder is its own
_LONGEST = 60  # characters of the folder it is made in: the paths of sockets, two levels below, may have 103


class Scratch:
    """Made before the child, and removed once it is gone.

    What is short-lived, like the sockets of reading processes, cannot be removed by who is killed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def made(cls) -> Scratch | None:
        """A new one; None where none can be made, or none can be used: a crawl may do without."""
        if len(tempfile.gettempdir()) > _LONGEST:
            return None
        try:
            return cls(Path(tempfile.mkdtemp(prefix=_PREFIX)))
        except OSError:
            return None

    @property
    def environment(self) -> Mapping[str, str]:
        """In which a child makes its temporary files there."""
        return {**os.environ, "TMPDIR": str(self._folder)}

    def remove(self) -> None:
        """With all that is in it; what cannot be removed stays, nobody waits for it."""
        shutil.rmtree(self._folder, ignore_errors=True)


def leave() -> None:
    """Take the folder away from within, as the last thing a child does: the parent may be dead by now."""
    own = Path(os.environ.get("TMPDIR", ""))
    if own.name.startswith(_PREFIX):
        with suppress(OSError):
            own.rmdir()
