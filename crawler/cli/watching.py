"""`diembao daemon`, `crawl` and `status`: what watches the papers."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, colourful, emit, emit_list, emit_one, one_line
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import utc_now

_UNHEALTHY = 4  # exit code


@click.command("daemon", cls=Command)
@click.option("--no-page", is_flag=True, help="Do not serve the review page.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="Port of the review page; else [review] port.",
)
@pass_wanted
def daemon(wanted: Wanted, no_page: bool, port: int | None) -> int:
    """Run the schedule and the review page until SIGTERM. SIGHUP reads config.toml again."""
    from crawler.watching.daemon import DaemonOrder, run_daemon

    wanted.listen(usual=logging.INFO)
    return run_daemon(wanted.load(), DaemonOrder(page=not no_page, port=port))


@click.command("crawl", cls=Command)
@click.argument("names", metavar="[SOURCE]...", nargs=-1, help="Names in config.toml; disabled ones too.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many articles a source.")
@click.option(
    "--retry",
    metavar="WHAT",
    help="Try links anew that were given up: set-aside, gone, or one reason as `diembao gaps` names it.",
)
@pass_wanted
def crawl(wanted: Wanted, names: tuple[str, ...], limit: int | None, retry: str | None) -> int:
    """Crawl all enabled sources once, or those named. Exits with 3 if only some succeeded."""
    from crawler.watching.passes import chosen, run_pass

    config = wanted.load()
    if retry is not None:
        with wanted.store() as store:
            sources = chosen(config, names)
            known = {"set-aside", "gone"}.union(*(store.links.given_up(one.name) for one in sources))
            if retry not in known:
                raise UsageError.unknown("reason to try links anew", retry, known)
            for source in sources:
                many = store.links.replay(source.name, retry)
                wanted.say(f"{source.name}: {many} links are tried anew")
    return run_pass(config, config.store_path, names, limit, wanted.say).exit_code


@click.command("status", cls=Command, data=True)
@click.argument("source", required=False, help="Only this one, with all its changes of state.")
@click.option(
    "--daemon",
    is_flag=True,
    help="Only whether the daemon lives and its store answers, for a container's health check.",
)
@pass_wanted
def status(wanted: Wanted, source: str | None, daemon: bool) -> int:
    """Show how each source is, and when it is next. Exits with 4 if there is anything to complain of."""
    from crawler.notices.troubles import message_troubles
    from crawler.watching.passes import chosen
    from crawler.watching.status import all_healthy, history_json, status_json, statuses
    from crawler.watching.statustable import history_table, status_table
    from crawler.watching.storecare import complaints, remarks
    from crawler.watching.storekeeping import care_of

    now, config = utc_now(), wanted.load()
    if daemon:
        return _daemon_status(wanted, config.store_path, now)
    if source is not None:
        chosen(config, [source])  # it is known, or this says what is
    with wanted.store() as store:
        found = statuses(store, config, now, only=source)
        care = care_of(store, config)
        changes = store.states.of(source) if source is not None else ()
        unsent = message_troubles(store, config, now) if source is None else ()
    of_the_store = () if source is not None else tuple(complaints(config, care, now))
    if as_json(wanted) and source is not None:
        emit_one(wanted, {**status_json(found[0]), "history": history_json(changes)})
    elif as_json(wanted):
        emit_list(wanted, map(status_json, found))
    else:
        emit(status_table(found, now, color=colourful()))
        if changes:
            emit(history_table(changes))
    for line in (
        *(one_line(one.said) for one in of_the_store),
        *map(one_line, unsent),
        *(() if source is not None else remarks(config, care)),
    ):
        wanted.say(line)
    return 0 if all_healthy(found) and not of_the_store and not unsent else _UNHEALTHY


def _daemon_status(wanted: Wanted, store_path: Path, now: datetime) -> int:
    from crawler.watching.pulse import daemon_trouble

    trouble = daemon_trouble(store_path, now)
    if as_json(wanted):
        emit_one(wanted, {"healthy": trouble is None, "trouble": trouble})
    elif trouble is None:
        emit("the daemon lives, and its store answers")
    else:
        wanted.say(trouble)
    return _UNHEALTHY if trouble else 0
