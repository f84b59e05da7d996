"""What every command may be told, before or after its name: config, store, loudness, JSON."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import struct_time
from typing import TYPE_CHECKING, Any

import click

from crawler import __version__
from crawler.times import VIETNAM

if TYPE_CHECKING:
    from crawler.config import Config
    from storage.store import Store

_LOG_LINE = "%(asctime)s %(levelname)s %(message)s"
_LOG_TIME = "%Y-%m-%d %H:%M:%S+07:00"


@dataclass(slots=True)
class Wanted:
    """The answers to the options below; the one object that all of a command line shares."""

    config: Path | None = None
    db: Path | None = None
    verbose: int = 0
    quiet: bool = False
    debug: bool = False
    json: bool = False
    nl: bool = False

    def load(self) -> Config:
        """The configuration; ConfigError says what to mend."""
        from crawler.config import load

        return load(self.config, self.db)

    def store_path(self) -> Path:
        """The store, for what asks nothing else of the configuration: --db needs none."""
        return self.db.absolute() if self.db is not None else self.load().store_path

    def store(self, *, create: bool = False) -> Store:
        """The store of the configuration; the daemon and crawls alone make one."""
        from storage.store import Store

        return Store.open(self.store_path(), create=create)

    def say(self, line: str) -> None:
        """A message: to stderr, unless --quiet."""
        if not self.quiet:
            click.echo(line, err=True)

    def listen(self, usual: int = logging.WARNING) -> None:
        """Show what is logged: ours from `usual` on, unless asked otherwise; libraries one step quieter."""
        level = logging.ERROR if self.quiet else max(logging.DEBUG, usual - 10 * self.verbose)
        others = level if level == logging.DEBUG else level + 10
        logging.basicConfig(stream=sys.stderr, format=_LOG_LINE, datefmt=_LOG_TIME, level=others, force=True)
        for handler in logging.getLogger().handlers:
            handler.setLevel(level)  # Scrapy opens the root logger wide
            if handler.formatter:
                handler.formatter.converter = _in_vietnam
        for ours in ("crawler", "storage", "spiders"):
            logging.getLogger(ours).setLevel(level)


def _in_vietnam(seconds: float | None) -> struct_time:
    return datetime.fromtimestamp(seconds or 0.0, VIETNAM).timetuple()


pass_wanted = click.make_pass_decorator(Wanted, ensure=True)


def _note(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value not in (None, False, 0) and parameter.name:
        setattr(context.ensure_object(Wanted), parameter.name, value)


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"diembao {__version__}")
        context.exit()


def _option(*names: str, **named: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_note, **named)


_PATH = click.Path(path_type=Path)
EVERYWHERE = (
    _option(
        "--config", type=_PATH, metavar="PATH", help="config.toml; else $DIEMBAO_CONFIG, else ./config.toml."
    ),
    _option("--db", type=_PATH, metavar="PATH", help="The store; else the one that config.toml names."),
    _option("-v", "--verbose", count=True, help="Say more; twice: everything."),
    _option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    _option("--debug", is_flag=True, help="Show where in the program an error came from."),
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help="Print the version and leave.",
    ),
)
DATA = (
    _option("--json", is_flag=True, help="Print the data as JSON."),
    _option("--nl", is_flag=True, help="Print the data as JSON, one object a line."),
)
