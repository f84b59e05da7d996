"""How lengths of time and crawls are worded for people: logs, status and complaints say it alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from storage.records import RunReport

_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_TOLD = ("found", "new", "kept", "revised", "gone", "flagged", "failed", "refused")


def spelled(length: timedelta) -> str:
    """`1h30m`, `2d`, `45s`: the two largest units, as config.toml writes a duration."""
    rest = max(0, round(length.total_seconds()))
    parts = []
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        parts.append((count, unit))
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    shown = [f"{count}{unit}" for count, unit in parts[:2] if count]
    return "".join(shown) or "0s"


def tally(counts: Mapping[str, int]) -> str:
    """`found 40, new 3, kept 3`: what is worth telling of a crawl; "nothing new" if nothing is."""
    told = [f"{name} {counts[name]}" for name in _TOLD if counts.get(name)]
    return ", ".join(told) or "nothing new"


def summary(report: RunReport, took: timedelta) -> str:
    """A crawl in half a line: `done in 34s: found 40, new 3`."""
    trouble = f"; {report.trouble}" if report.trouble else ""
    return f"{report.outcome} in {spelled(took)}: {tally(report.counts)}{trouble}"


def printable(text: str) -> str:
    """Foreign or many-lined text on one line, without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))


def one_line(text: str) -> str:
    """As `printable`, of at most 300 characters."""
    whole = printable(text)
    return whole if len(whole) <= 300 else whole[:299] + "…"


def caused(error: BaseException) -> str:
    """An exception with its kind and its cause on one line: `OSError: disk full, because …`."""
    said = one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{said} (because {caused(cause)})" if cause is not None and cause is not error else said
