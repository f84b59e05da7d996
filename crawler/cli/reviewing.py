"""`diembao review`: the page where a person decides."""

from __future__ import annotations

import signal

import click

from crawler.cli.commanding import Command
from crawler.cli.output import emit
from crawler.cli.wanted import Wanted, pass_wanted


@click.command("review", cls=Command)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="Port of the page; else [review] port; 0: any free one.",
)
@pass_wanted
def review(wanted: Wanted, port: int | None) -> None:
    """Serve the review page and say where, until Ctrl-C."""
    from crawler.review import PageServer
    from crawler.watching.showing import watched

    config = wanted.load()
    server = PageServer(config, port=port, watched=watched(lambda: config))
    server.start()
    try:
        emit(server.url)
        wanted.say("Ctrl-C ends it")
        signal.pause()  # Ctrl-C and SIGTERM come out of it as exceptions
    finally:
        server.stop()
