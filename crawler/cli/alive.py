"""Signs of life of a long work, on stderr: a line that changes on a terminal, one now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from crawler.cli.wanted import Wanted

_SELDOM = 30.0  # seconds between two lines where they stay


@contextmanager
def alive(wanted: Wanted) -> Iterator[Callable[[str], None]]:
    """What to call with a few words on how far it has come, as often as one likes."""
    if wanted.quiet:
        yield lambda what: None
        return
    terminal, begun = sys.stderr.isatty(), time.monotonic()
    told = begun

    def tell(what: str) -> None:
        nonlocal told
        now = time.monotonic()
        if terminal:
            click.echo(f"\r\x1b[K{what} ({now - begun:.0f} s)", nl=False, err=True)
        elif now - told >= _SELDOM:
            told = now
            wanted.say(f"{what} ({now - begun:.0f} s)")

    try:
        yield tell
    finally:
        if terminal:
            click.echo("\r\x1b[K", nl=False, err=True)
