"""The console script: finds the command, runs it, and turns whatever happens into an exit code."""

from __future__ import annotations

import io
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from crawler.cli.commanding import HELP_NAMES, Group
from crawler.cli.output import ReaderLeft
from crawler.cli.wanted import Wanted
from storage.errors import DiembaoError

COMMANDS = {
    "daemon": "crawler.cli.watching:daemon",
    "crawl": "crawler.cli.watching:crawl",
    "status": "crawler.cli.watching:status",
    "events": "crawler.cli.events:events",
    "gaps": "crawler.cli.gaps:gaps",
    "backfill": "crawler.cli.backfilling:backfill",
    "doctor": "crawler.cli.doctor:doctor",
    "sources": "crawler.cli.sources:sources",
    "read": "crawler.cli.reading:read",
    "add-page": "crawler.cli.addpage:add_page",
    "review": "crawler.cli.reviewing:review",
    "cases": "crawler.cli.cases:cases",
    "show": "crawler.cli.cases:show",
    "documents": "crawler.cli.documents:documents",
    "decide": "crawler.cli.deciding:decide",
    "raise": "crawler.cli.deciding:raise_",
    "undo": "crawler.cli.deciding:undo",
    "search": "crawler.cli.searching:search",
    "searches": "crawler.cli.searches:searches",
    "rules": "crawler.cli.rules:rules",
    "reflag": "crawler.cli.reflagging:reflag",
    "reread": "crawler.cli.rereading:reread",
    "notify": "crawler.cli.notifying:notify",
    "export": "crawler.cli.exporting:export",
    "exports": "crawler.cli.exports:exports",
    "report": "crawler.cli.reporting:report",
    "db": "crawler.cli.db:db",
    "service": "crawler.cli.service:service",
    "config": "crawler.cli.config:config",
    "demo": "crawler.cli.demo:demo",
}


class Terminated(SystemExit):
    """SIGTERM came: leave in order; event loops let a SystemExit through where they swallow others."""


@click.command("diembao", cls=Group, lazy=COMMANDS, context_settings=HELP_NAMES)
def diembao() -> None:
    """Watches Vietnamese papers, flags what the rules look for, keeps the proof, lets people decide.

    Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage or config,
    3 partly failed, 4 unhealthy, 130 Ctrl-C, 143 SIGTERM.
    """


def main() -> NoReturn:
    """What the console script calls."""
    _speak_utf8()
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """One command line; its exit code. Every error is one line on stderr."""
    wanted = Wanted()
    try:
        with _sigterm_raises():
            return _run(list(args) or ["--help"], wanted)
    except DiembaoError as error:
        return _failed(wanted, str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:  # a group of commands, and none of them
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _failed(wanted, _said(error), error.exit_code)
    except ReaderLeft:
        return 0
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Terminated as left:
        return int(left.code or 0)
    except OSError as error:
        return _failed(wanted, f"{error.filename or 'output'}: {error.strerror or error}", 1)
    except Exception as error:
        hint = "" if wanted.debug else "; run again with --debug to see where"
        return _failed(wanted, f"unexpected {type(error).__name__}: {_one_line(str(error))}{hint}", 1)


def _run(args: list[str], wanted: Wanted) -> int:
    try:
        with diembao.make_context("diembao", args, obj=wanted) as context:
            returned = diembao.invoke(context)
    except click.exceptions.Exit as left:
        return left.exit_code
    return returned if isinstance(returned, int) else 0


def _failed(wanted: Wanted, line: str, exit_code: int) -> int:
    if wanted.debug:
        traceback.print_exc()
    click.echo(f"diembao: {line}", err=True)
    return exit_code


def _said(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (try `{context.command_path} --help`)" if context else ""
    return _one_line(error.format_message()) + hint


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    """SIGTERM as an exception, so that `with` and `finally` tidy up; commands may set their own handler."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise Terminated(143)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread: whoever runs us there listens itself
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
