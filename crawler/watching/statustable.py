"""The status of all sources as a table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from crawler.crawling.conditions import trusted_again
from crawler.times import VIETNAM
from crawler.watching.beyond import told
from crawler.watching.findings import WORKING
from crawler.watching.status import SourceStatus
from crawler.watching.wording import printable, spelled
from storage.records import StateChange

_HEAD = (
    "source",
    "state",
    "since",
    "last run",
    "last success",
    "found",
    "new",
    "kept",
    "flagged",
    "failed",
    "open",
    "req/new",
    "kB/new",
    "today",
    "next",
)
_COUNTED = ("found", "new", "kept", "flagged", "failed")
_MOST_WAYS = 3  # told by their addresses
_NUMBERS = range(5, 14)  # columns set to the right
_GREEN, _RED, _DIM, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"


def status_table(found: Sequence[SourceStatus], now: datetime, *, color: bool = False) -> str:
    """One row a source, then remarks; without `color` no escape sequence at all."""
    rows = [_HEAD, *(_row(status, now) for status in found)]
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [_set(row, widths) for row in rows]
    if color:
        shades = [_DIM, *(_shade(status) for status in found)]
        lines = [f"{shade}{line}{_PLAIN}" for shade, line in zip(shades, lines, strict=True)]
    return "\n".join([*lines, *_remarks(found)])


def history_table(changes: Sequence[StateChange]) -> str:
    """A source's changes of state, the newest first."""
    return "\n".join(["", *(_changed(change) for change in reversed(changes))])


def _changed(change: StateChange) -> str:
    cause = f": {change.cause}" if change.cause else ""
    return printable(f"{change.at.astimezone(VIETNAM):%d/%m/%Y %H:%M} {change.state}{cause}")


def display_width(text: str) -> int:
    """How many columns a terminal takes for `text`: wide letters two, combining marks none."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _row(status: SourceStatus, now: datetime) -> tuple[str, ...]:
    report = status.last.report if status.last else None
    counts = [str(report.counts.get(name, 0)) if report else "–" for name in _COUNTED]
    last = f"{_when(status.last.started_at, now)}, {report.outcome}" if status.last and report else "never"
    success = _when(status.last_success, now) if status.last_success else "never"
    return (
        status.name,
        status.health.state,
        _when(status.since, now) if status.since else "–",
        last,
        success,
        *counts,
        str(status.open_links),
        *_costs(status),
        _next(status, now),
    )


def _costs(status: SourceStatus) -> tuple[str, str, str]:
    requests, size = (status.cost.a_piece(each) for each in (status.cost.requests, status.cost.bytes))
    bound = f"/{status.per_day}" if status.per_day is not None else ""
    return (
        "–" if requests is None else f"{requests:g}",
        "–" if size is None else f"{size / 1000:.0f}",
        f"{status.today}{bound}",
    )


def _next(status: SourceStatus, now: datetime) -> str:
    if status.running_since:
        return f"runs since {spelled(now - status.running_since)}"
    if status.next_due is None:
        return "–"
    if status.next_due <= now:
        return "now"
    return f"in {spelled(status.next_due - now)}" + (f" ({status.why_then})" if status.why_then else "")


def _when(moment: datetime, now: datetime) -> str:
    """The time of today, or day and time: `08:15`, `22/11 08:15`, `22/11/2025 08:15`, in Vietnam."""
    there, today = moment.astimezone(VIETNAM), now.astimezone(VIETNAM)
    if there.date() == today.date():
        return f"{there:%H:%M}"
    return f"{there:%d/%m %H:%M}" if there.year == today.year else f"{there:%d/%m/%Y %H:%M}"


def _set(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for column, (text, width) in enumerate(zip(row, widths, strict=True)):
        room = " " * (width - display_width(text))
        cells.append(room + text if column in _NUMBERS else text + room)
    return "  ".join(cells).rstrip()


def _shade(status: SourceStatus) -> str:
    if status.health.state == "disabled":
        return _DIM
    return _GREEN if status.healthy else _RED


def _remarks(found: Sequence[SourceStatus]) -> list[str]:
    """What there is to complain of, then what failed and is still open, and which ways gave nothing."""
    lines = [f"{status.name}: {complaint}" for status in found for complaint in status.health.complaints]
    lines += [f"{status.name}: not yet a worry: {one}" for status in found for one in status.health.passing]
    for status in found:
        reasons = sorted(status.reasons.items())
        failed = [f"{count} × {why}" for why, count in reasons if why.startswith("failed")]
        lines += [f"{status.name}: {', '.join(failed)}"] if failed else []
        lines += _barren(status)
        lines += [f"{status.name}: {told(status.beyond)}"] if status.beyond else []
        if not status.verify_tls:
            lines.append(f"{status.name}: its certificate is not verified (verify_tls = false)")
        lines += _lies(status)
    return ["", *map(printable, lines)] if lines else []


def _lies(status: SourceStatus) -> list[str]:
    """The addresses that are asked in full, because their "unchanged" is not to be believed."""
    if not status.liars:
        return []
    until = min(map(trusted_again, status.liars.values())).astimezone(VIETNAM)
    told = ", ".join([*status.liars][:_MOST_WAYS])
    more = f" and {len(status.liars) - _MOST_WAYS} more" if len(status.liars) > _MOST_WAYS else ""
    return [
        f'{status.name}: says "unchanged" (304) of what has changed, so that it is asked in full'
        f" until {until:%d/%m/%Y}: {told}{more}"
    ]


def _barren(status: SourceStatus) -> list[str]:
    """The ways of the last run that gave nothing; a paper with other ways may be well all the same."""
    ways = status.last.report.ways if status.last else ()
    barren = [f"{way.kind} {way.url} ({way.outcome})" for way in ways if way.outcome not in WORKING]
    if not barren:
        return []
    more = f" and {len(barren) - _MOST_WAYS} more" if len(barren) > _MOST_WAYS else ""
    told = ", ".join(barren[:_MOST_WAYS])
    return [f"{status.name}: {len(barren)} of {len(ways)} ways gave nothing: {told}{more}"]
