"""`diembao review`: the page where a person decides."""

from __future__ import annotations

import signal
import sys

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
@click.option(
    "--set-password",
    is_flag=True,
    help="Ask for a password and print the line for config.toml that makes the page ask for it, too.",
)
@pass_wanted
def review(wanted: Wanted, port: int | None, set_password: bool) -> None:
    """Serve the review page and say where, until Ctrl-C.

    It is served on this machine only, unless [review] sets a password or token.
    """
    if set_password:
        _print_hash(wanted)
        return
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


def _print_hash(wanted: Wanted) -> None:
    """The password is typed twice, or comes as one line through a pipe; it never stands in a command."""
    import secrets

    from crawler.errors import UsageError
    from crawler.passwords import hashed

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        line = hashed(password, secrets.token_bytes(16)).written()
    except ValueError as error:
        raise UsageError(str(error)) from error
    wanted.say("put this under [review] in config.toml, and start the page anew:")
    emit(f'password_hash = "{line}"')
