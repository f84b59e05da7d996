"""What the daemon says: one line an event on stderr, in the time of Vietnam."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from crawler.times import shown
from crawler.watching.wording import one_line

_SILENT = 600.0  # seconds in which the same trouble is not told again
_CHATTY = ("apscheduler", "tzlocal", "asyncio")  # what they have to say, we say


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = shown(datetime.fromtimestamp(record.created, UTC))
        level = "" if record.levelno <= logging.INFO else f"{record.levelname}: "
        line = f"{moment} {level}{one_line(record.getMessage())}"
        debugging = logging.getLogger().isEnabledFor(logging.DEBUG)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info and debugging else line


def log_in_lines(stream: TextIO | None = None) -> None:
    """One line an event from every handler of the root logger; if it has none, INFO and graver to `stream`.

    How loud it is stays as it was chosen: at DEBUG a trouble's traceback follows its line.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(stream or sys.stderr))
        root.setLevel(logging.INFO)
    for handler in root.handlers:
        handler.setFormatter(_OneLine())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Repeats:
    """Lets a trouble that comes back every second be told once in a while, not every second."""

    def __init__(self) -> None:
        self._told: tuple[str, float] | None = None

    def worth_telling(self, trouble: str, now: float) -> bool:
        """Whether `trouble` is another than the last one told, or was told long ago; `now` in seconds."""
        if self._told and self._told[0] == trouble and now - self._told[1] < _SILENT:
            return False
        self._told = (trouble, now)
        return True

    def over(self) -> bool:
        """Whether there was a trouble, which is forgotten by this."""
        troubled, self._told = self._told is not None, None
        return troubled
