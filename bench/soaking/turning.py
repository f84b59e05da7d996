"""The virtual clock: real time plus an offset in a file, which the processes of a soak read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

_SHIFTED = Path(__file__).with_name("shifted")
_ROOT = Path(__file__).parents[2]  # of this checkout, whichever one is installed


class Clock:
    """Runs as the real one does, and is turned forward when nothing is going on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0.0
        self._say()

    def now(self) -> datetime:
        """The virtual time."""
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self._offset, UTC)

    def turn_to(self, moment: datetime) -> None:
        """Make it that late; it never goes back."""
        self._offset += max(0.0, (moment - self.now()).total_seconds())
        self._say()

    @property
    def environment(self) -> Mapping[str, str]:
        """In which a Python process lives by this clock, and all its children do."""
        return {**os.environ, "PYTHONPATH": f"{_SHIFTED}:{_ROOT}", "DIEMBAO_SOAK_CLOCK": str(self._path)}

    def _say(self) -> None:
        part = self._path.with_name(f".{self._path.name}.new")
        part.write_text(repr(self._offset))
        part.replace(self._path)
