"""What a process that crawls several sources says of each: a line of JSON on its stdout."""

from __future__ import annotations

import msgspec

from storage.records import RunReport

BEAT = 10.0  # seconds between two signs of life
ASKED_TO_WAIT = "asked-to-wait"  # why something was not asked for: its host wants a pause
BUDGET = "daily-budget"  # why something was not asked for: the requests of today are made


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the crawl of one source ended; without a source: a sign of life."""

    source: str | None = None
    code: int = 0  # as the exit code of a process that crawls it alone
    report: RunReport | None = None  # None: its run never began
    words: str | None = None  # what a person is told where there is no report


def line(told: Told) -> bytes:
    """As it is written."""
    return msgspec.json.encode(told) + b"\n"


def read(written: bytes) -> Told | None:
    """As it was meant; None for a line that is none of ours."""
    try:
        return msgspec.json.decode(written, type=Told)
    except msgspec.MsgspecError:
        return None
