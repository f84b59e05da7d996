"""`diembao demo`: the whole way once, offline, on papers that we play ourselves."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command
from crawler.cli.output import emit
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.wording import brief
from storage.cases import CaseQuery

if TYPE_CHECKING:
    from crawler.config import Config


@click.command("demo", cls=Command)
@click.option(
    "--no-page", "--once", "once", is_flag=True, help="Leave after printing, without the review page."
)
@click.option(
    "--articles",
    type=click.IntRange(1, 2000),
    default=150,
    show_default=True,
    help="How many the papers have.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    default=8,
    show_default=True,
    help="How many cases are printed.",
)
@pass_wanted
def demo(wanted: Wanted, once: bool, articles: int, limit: int) -> int:
    """Crawl invented papers, offline, and show what is flagged. No real site, no real store is touched."""
    from crawler.cli.stage import newsroom, write_config
    from crawler.config import load
    from crawler.watching.passes import run_pass

    with tempfile.TemporaryDirectory(prefix="diembao-demo-") as name:
        folder = Path(name)
        wanted.say("the papers start printing, on loopback only …")
        with newsroom(folder, articles) as homes:
            write_config(folder / "config.toml", homes)
            config = load(folder / "config.toml")
            passed = run_pass(config, config.store_path, announce=wanted.say)
            if passed.exit_code:
                return passed.exit_code
            _print(wanted, config, limit)
            if not once:
                _serve(wanted, config)
    return 0


def _print(wanted: Wanted, config: Config, limit: int) -> None:
    from storage.store import Store

    with Store.open(config.store_path) as store:
        for case in store.cases.find(CaseQuery(flagged=True, limit=limit)):
            emit(brief(case))
        flagged, kept = store.cases.count(CaseQuery(flagged=True)), store.cases.count(CaseQuery())
    wanted.say(f"{kept} articles kept, {flagged} flagged, the newest {min(limit, flagged)} of them above")


def _serve(wanted: Wanted, config: Config) -> None:
    from crawler.review import PageServer
    from crawler.watching.showing import watched

    server = PageServer(config, port=0, watched=watched(lambda: config))
    server.start()
    try:
        emit(server.url)
        wanted.say("decide there as you like: Ctrl-C ends the demo, and nothing of it stays")
        signal.pause()  # Ctrl-C and SIGTERM come out of it as exceptions
    finally:
        server.stop()
