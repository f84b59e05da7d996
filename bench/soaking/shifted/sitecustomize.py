"""Run by Python as it starts: `crawler.times.utc_now` is moved by what the file DIEMBAO_SOAK_CLOCK says."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler import times  # before anybody else takes utc_now out of it

_CLOCK = Path(os.environ["DIEMBAO_SOAK_CLOCK"])


def shifted() -> datetime:
    """The real time and the seconds that stand in the file."""
    return datetime.now(UTC) + timedelta(seconds=float(_CLOCK.read_text()))


times.utc_now = shifted
