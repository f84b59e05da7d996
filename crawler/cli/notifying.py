"""`diembao notify`: what is told to people, by whom it did not arrive, and a try of every channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.choosing import Day
from crawler.cli.commanding import Command, Group
from crawler.cli.output import Named, as_json, emit, emit_list, emit_one, one_line, plain, table
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import AlreadyRunning, ConfigError, DiembaoError, UsageError
from crawler.times import shown, utc_now

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.config.model import Channel
    from crawler.notices.sending import Sent
    from storage.deliveries import Delivery

_SUBCOMMANDS = {
    name: f"crawler.cli.notifying:{attribute}"
    for name, attribute in (
        ("test", "try_out"),
        ("run", "run_now"),
        ("list", "list_messages"),
        ("preview", "preview"),
        ("retry", "retry"),
    )
}
_KIND = Named("kind of message", ("digest", "at-once", "sources", "weekly"))


@click.command("notify", cls=Group, lazy=_SUBCOMMANDS)
def notify() -> None:
    """Tell people what is new; see how that went."""


@click.command("test", cls=Command, data=True)
@click.argument("names", metavar="[CHANNEL]...", nargs=-1, help="Names in config.toml; else all that are on.")
@pass_wanted
def try_out(wanted: Wanted, names: tuple[str, ...]) -> int:
    """Send a test message by each channel now and say what came of it. Exits with 3 if only some worked."""
    import uuid

    from crawler.notices.content import letterhead, trial_content
    from crawler.notices.sending import send_content

    config, told = wanted.load(), []
    for channel in _channels(config, names):
        head = letterhead(channel, str(uuid.uuid4()), config.notices.page_url, utc_now())
        try:
            trouble, arrived = send_content(channel, trial_content(head)), True
        except DiembaoError as error:
            trouble, arrived = str(error), False
        told.append({"channel": channel.name, "arrived": arrived, "trouble": trouble})
    if as_json(wanted):
        emit_list(wanted, told)
    else:
        for one in told:
            said = f": {one_line(str(one['trouble']))}" if one["trouble"] else ""
            emit(f"{one['channel']}: {'sent' if one['arrived'] else 'not sent'}{said}")
    return _exit_code([bool(one["arrived"]) for one in told])


@click.command("run", cls=Command)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="What paths are relative to, where --config is a copy.",
)
@click.option("--recorded", is_flag=True, help="Exit with 0 also where a failure is noted.")
@pass_wanted
def run_now(wanted: Wanted, folder: Path | None, recorded: bool) -> int:
    """Send what is due now, once, as the daemon does. Exits with 3 if something did not arrive."""
    from crawler.config import load
    from crawler.notices.running import run
    from crawler.watching.storekeeping import care_of, seen
    from storage.store import Store

    config = load(wanted.config, wanted.db, folder=folder)
    with Store.open(config.store_path, create=False) as store:
        seen(store, config, care_of(store, config), utc_now())
        try:
            sent = run(store, config)
        except AlreadyRunning:
            if not recorded:
                raise
            return 0
    wanted.say(_summary(sent))
    return 0 if recorded else _exit_code([True] * len(sent.sent) + [False] * len(sent.failed))


@click.command("list", cls=Command, data=True)
@click.option("--failed", is_flag=True, help="Only those that never arrived.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most so many."
)
@pass_wanted
def list_messages(wanted: Wanted, failed: bool, limit: int) -> None:
    """List messages, newest first: sent, waiting for the next attempt, or failed, and why."""
    with wanted.store() as store:
        found = store.deliveries.newest(limit, failed=failed)
    if as_json(wanted):
        emit_list(wanted, map(_told, found))
        return
    for line in table(("id", "channel", "kind", "made", "state", "tries", "subject"), map(_row, found)):
        emit(line)
    for one in found:
        if one.trouble:
            then = f"; next try {shown(one.next_attempt)}" if one.next_attempt else ""
            emit(f"{one.id}: {one_line(one.trouble)}{then}")


@click.command("preview", cls=Command, data=True)
@click.argument("name", metavar="[CHANNEL]", default="", help="A name in config.toml; else the first.")
@click.option("--kind", type=_KIND, default="digest", show_default=True, help="What would be sent.")
@click.option("--html", is_flag=True, help="As the HTML of a mail.")
@click.option("--since", type=Day(), metavar="DATE", help="As if the channel had begun that day.")
@pass_wanted
def preview(wanted: Wanted, name: str, kind: Any, html: bool, since: Any) -> None:
    """Print the message that a channel would send now, to look at; nothing is sent or written."""
    from crawler.notices.content import tells
    from crawler.notices.gathering import Wished
    from crawler.notices.gathering import preview as previewed
    from crawler.notices.rendering import as_html, as_text

    config = wanted.load()
    channel = _channels(config, (name,) if name else ())[0]
    with wanted.store() as store:
        content = previewed(store, config, Wished(channel, kind, since), utc_now())
    if as_json(wanted):
        emit_one(wanted, content)
    elif not tells(content):
        wanted.say(f"{channel.name} has nothing to tell now: no such message would be sent")
    else:
        emit(as_html(content) if html else _lines(as_text(content)))


@click.command("retry", cls=Command)
@click.argument(
    "number",
    metavar="[ID]",
    type=click.IntRange(min=1),
    required=False,
    help="As `list` shows it; else all of the last week that never arrived.",
)
@pass_wanted
def retry(wanted: Wanted, number: int | None) -> None:
    """Try messages again that were refused or given up; the next run sends them."""
    now = utc_now()
    with wanted.store() as store:
        failed = store.deliveries.newest(1_000, failed=True)
        recent = [one.id for one in failed if one.ended_at and now - one.ended_at < timedelta(days=7)]
        chosen = recent if number is None else [store.deliveries.get(number).id]
        if number is not None and number not in [one.id for one in failed]:
            raise UsageError(
                f"message {number} did not fail; `diembao notify list --failed` lists those that did"
            )
        for one in chosen:
            store.deliveries.again(one, now)
    wanted.say(f"{len(chosen)} messages are tried again")


def _channels(config: Config, names: Iterable[str]) -> list[Channel]:
    if not config.channels:
        raise ConfigError(
            f"{config.path}: there is no channel; write a table [channels.NAME] (docs/notices.md)"
        )
    wished = tuple(names)
    for name in wished:
        if name not in config.channels:
            raise UsageError.unknown("channel", name, config.channels)
    found = [config.channels[name] for name in wished] or [
        one for one in config.channels.values() if one.enabled
    ]
    if not found:
        raise ConfigError(f"{config.path}: no channel is on; set enabled = true, or name one")
    return found


def _exit_code(arrived: list[bool]) -> int:
    if all(arrived):
        return 0
    return 3 if any(arrived) else 1


def _summary(sent: Sent) -> str:
    parts = [f"{len(sent.sent)} sent"] if sent.sent or not sent.failed else []
    parts += [
        f"{delivery.channel}: {'to be tried again' if result.state == 'waiting' else result.state}"
        f" ({one_line(result.trouble or '')})"
        for delivery, result in sent.failed
    ]
    return "; ".join(parts)


def _row(one: Delivery) -> tuple[str, ...]:
    return (str(one.id), one.channel, one.kind, shown(one.made_at), one.state, str(one.attempts), one.subject)


def _told(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "channel": one.channel,
        "kind": one.kind,
        "made_at": shown(one.made_at),
        "subject": one.subject,
        "state": one.state,
        "attempts": one.attempts,
        "next_attempt": shown(one.next_attempt) if one.next_attempt else None,
        "trouble": one.trouble,
        "ended_at": shown(one.ended_at) if one.ended_at else None,
        "remaining": None if one.remaining is None else list(one.remaining),
    }


def _lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())
