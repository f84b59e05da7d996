"""`diembao service`: the daemon as a service of systemd, put in place, looked at, taken away."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command, Group
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import ServiceError, UsageError
from crawler.service.unit import unit_text

if TYPE_CHECKING:
    from crawler.service.placing import Place

_SUBCOMMANDS = ("install", "status", "uninstall")
_NAME = click.option(
    "--name",
    default="diembao",
    show_default=True,
    metavar="NAME",
    help="Of the service; one for each config.toml.",
)
_USER = click.option("--user", "own", is_flag=True, help="A service of yours alone; needs no root.")


@click.command("service", cls=Group, lazy={name: f"crawler.cli.service:{name}" for name in _SUBCOMMANDS})
def service() -> None:
    """Run the daemon as a service of systemd."""


@click.command("install", cls=Command)
@_NAME
@_USER
@click.option("--run-as", metavar="USER", help="As whom it runs; else as the owner of the store's folder.")
@click.option("--no-page", is_flag=True, help="Without the review page.")
@click.option("--print", "printed", is_flag=True, help="Print the unit, and change nothing.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the unit there, and change nothing else.",
)
@click.option("--now", is_flag=True, help="Start it, too.")
@click.option("--force", is_flag=True, help="Overwrite a unit that says something else.")
@pass_wanted
def install(
    wanted: Wanted,
    name: str,
    own: bool,
    run_as: str | None,
    no_page: bool,
    printed: bool,
    out: Path | None,
    now: bool,
    force: bool,
) -> None:
    """Write a systemd unit for this program and config.toml, and have it started with the machine."""
    from crawler.service import finding, placing

    if sum((printed, out is not None, now)) > 1 or (own and run_as):
        raise UsageError("of --print, --out and --now only one is possible, and of --user and --run-as")
    placed = placing.place(name, user=own)
    config = wanted.load()
    in_place = not printed and out is None
    if in_place:
        _refuse(placed)
    user = None if own else run_as or finding.owner(config)
    text = unit_text(finding.installation(config, user, *(("--no-page",) if no_page else ())))
    if printed:
        emit(text.rstrip("\n"))
        return
    if in_place:
        finding.refuse_unusable(config, user)
        for folder in finding.make_folders(config, user):
            wanted.say(f"{folder}: made")
    changed = _write(wanted, out or placed.path, text, force=force)
    if in_place:
        _tell(wanted, placed, ("restart" if changed else "start") if now else None)


def _refuse(placed: Place) -> None:
    """Say at once why nothing can be put there or taken away."""
    from crawler.service import finding

    finding.refuse_elsewhere(sys.platform, finding.BOOTED)
    if not placed.user:
        finding.refuse_without_rights(os.geteuid())


def _write(wanted: Wanted, path: Path, text: str, *, force: bool) -> bool:
    """Whether another text stands there now than before."""
    from crawler.service.placing import difference, write

    before = path.exists()
    if changes := difference(path, text):
        wanted.say(changes)
        if not force:
            raise ServiceError(f"{path}: says something else, see above; --force overwrites it")
    write(path, text)
    wanted.say(f"{path}: {'written' if changes or not before else 'unchanged'}")
    return bool(changes)


def _tell(wanted: Wanted, placed: Place, act: str | None) -> None:
    from crawler.service.placing import systemctl

    systemctl(placed, "daemon-reload")
    systemctl(placed, "enable", placed.unit)
    if act:
        systemctl(placed, act, placed.unit)
        wanted.say(f"it watches; its log: {_journal(placed)}")
    else:
        own = "--user " if placed.user else ""
        wanted.say(f"it starts with the machine; at once by: systemctl {own}start {placed.unit}")
    if placed.user:
        wanted.say("so that it goes on when you are not logged in: loginctl enable-linger")


@click.command("status", cls=Command, data=True)
@_NAME
@_USER
@pass_wanted
def status(wanted: Wanted, name: str, own: bool) -> int:
    """Show whether the service runs, and what it says of itself. Exits with 4 if it does not."""
    from crawler.service import finding, placing

    finding.refuse_elsewhere(sys.platform, finding.BOOTED)
    placed = placing.place(name, user=own)
    found = placing.state(placed)
    if found.get("LoadState") == "not-found":
        raise ServiceError(f"{placed.path}: there is no such service; `diembao service install` makes it")
    told = {
        "unit": str(placed.path),
        "active": found.get("ActiveState", "unknown"),
        "state": found.get("SubState", "unknown"),
        "enabled": found.get("UnitFileState") == "enabled",
        "status": found.get("StatusText") or None,
        "pid": int(found.get("MainPID") or 0) or None,
        "restarts": int(found.get("NRestarts") or 0),
    }
    if as_json(wanted):
        emit_one(wanted, told)
    else:
        start = "starts with the machine" if told["enabled"] else "does not start with the machine"
        emit(
            f"{placed.unit}: {told['active']} ({told['state']}), {start}, restarted {told['restarts']} times"
        )
        emit(str(told["status"] or "it says nothing of itself"))
    if told["active"] in {"active", "reloading"}:
        return 0
    wanted.say(f"why: {_journal(placed)}")
    return 4


@click.command("uninstall", cls=Command)
@_NAME
@_USER
@pass_wanted
def uninstall(wanted: Wanted, name: str, own: bool) -> None:
    """Stop the service and remove its unit. Store, configuration and backups stay."""
    from crawler.service import placing

    placed = placing.place(name, user=own)
    _refuse(placed)
    placing.remove(placed)
    wanted.say(f"{placed.path}: stopped and removed; the store stays where it is")


def _journal(placed: Place) -> str:
    """The command that shows its log."""
    return f"journalctl {'--user ' if placed.user else ''}-u {placed.unit}"
