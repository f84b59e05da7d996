"""What the daemon says: one line an event, in the time of Vietnam, as a text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from crawler.config.model import Log
from crawler.errors import ConfigError
from crawler.times import shown
from crawler.watching.logfile import Bounds, LogFile
from crawler.watching.wording import one_line, printable

_TOLD = "told"  # the attribute of a log record that holds what its event is made of
_FIRST = frozenset({"at", "level", "event", "source", "message", "traceback"})
_SILENT = 600.0  # seconds in which the same trouble is not told again
_CHATTY = ("apscheduler", "tzlocal", "asyncio")  # what they have to say, we say


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = shown(datetime.fromtimestamp(record.created, UTC))
        level = "" if record.levelno <= logging.INFO else f"{record.levelname}: "
        line = f"{moment} {level}{one_line(record.getMessage())}"
        debugging = logging.getLogger().isEnabledFor(logging.DEBUG)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info and debugging else line


class _JsonLine(logging.Formatter):
    """Keys are only ever added: at, level, event, source, message, then what the event is made of."""

    def format(self, record: logging.LogRecord) -> str:
        told: Mapping[str, Any] = getattr(record, _TOLD, {})
        line = {
            "at": shown(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": told.get("event", "note"),
            "source": told.get("source"),
            "message": printable(record.getMessage()),
            **{name: value for name, value in told.items() if name not in _FIRST},
        }
        if record.exc_info and logging.getLogger().isEnabledFor(logging.DEBUG):
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def of(event: str, source: str | None = None, **values: Any) -> dict[str, Any]:
    """The `extra` of a logging call that tells of an event: its stable name and what it is made of."""
    return {_TOLD: {**values, "event": event, "source": source}}


def log_in_lines(stream: TextIO | None = None, chosen: Log | None = None) -> None:
    """One line an event from every handler of the root logger; if it has none, INFO and graver to `stream`.

    How loud it is stays as it was chosen: at DEBUG a trouble's traceback follows its line. ConfigError if the
    file that is `chosen` cannot be opened.
    """
    root, as_json = logging.getLogger(), chosen is not None and chosen.format == "json"
    if not root.handlers:
        root.addHandler(logging.StreamHandler(stream or sys.stderr))
        root.setLevel(logging.INFO)
    if chosen is not None and chosen.file is not None:
        root.handlers[:] = [_file(chosen.file, chosen, root.handlers[0].level)]
    for handler in root.handlers:
        handler.setFormatter(_JsonLine() if as_json else _OneLine())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _file(path: Path, chosen: Log, level: int) -> LogFile:
    try:
        handler = LogFile(path, Bounds(chosen.most_bytes, chosen.keep))
    except OSError as error:
        raise ConfigError(f"log.file: {path}: cannot be opened: {error.strerror}") from error
    handler.setLevel(level)
    return handler


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
