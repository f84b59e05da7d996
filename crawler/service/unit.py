"""Pure: the unit file of an installation, to its last line."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.service.installation import Installation
from crawler.service.quoting import bare_path, command_line
from crawler.service.sandbox import bans

MARK = "# Written by `diembao service install`"  # a unit that begins so is ours to replace and to remove
_HEAD = f"{MARK}. Changes of yours belong into `systemctl edit`, where no later version touches them."


def unit_text(installation: Installation) -> str:
    """The unit; ServiceError where a path in it can be named in no unit."""
    sections = (_unit(installation), _service(installation), _install(installation))
    return _HEAD + "\n" + "".join("\n" + "\n".join(lines) + "\n" for lines in sections)


def _unit(installation: Installation) -> Iterator[str]:
    yield "[Unit]"
    yield "Description=diembao, which watches papers and serves its review page"
    if installation.user is not None:
        yield "# Without network every paper would seem ill; without the right time, dates would be wrong."
        yield from ("Wants=network-online.target", "After=network-online.target time-sync.target")
    yield "# Twenty minutes of failing at once are no passing trouble: then it stays down, and is seen to be."
    yield from ("StartLimitIntervalSec=6h", "StartLimitBurst=40")


def _service(installation: Installation) -> Iterator[str]:
    yield "[Service]"
    yield from _life(installation)
    yield from _bounds(installation)
    for ban in bans(installation):
        yield from ("", f"# {ban.reason}", *ban.settings)


def _life(installation: Installation) -> Iterator[str]:
    if installation.user is not None:
        yield f"User={installation.user}"
    yield f"WorkingDirectory={bare_path(installation.folder)}"
    yield f"ExecStart={command_line(installation.command)}"
    yield "ExecReload=kill -HUP $MAINPID"
    yield from ("", "# It says itself when it watches. A long migration asks for more time.")
    yield from ("Type=notify", "NotifyAccess=main", "TimeoutStartSec=2min")
    yield from (
        "",
        "# Fed only while its loop turns and the store answers. It is then asked to end, not broken off.",
    )
    yield from ("WatchdogSec=2min", "WatchdogSignal=SIGTERM")
    yield from (
        "",
        "# 143 and 130: it ended as asked. 2: config.toml cannot be used, and does not mend itself.",
    )
    yield from (
        "SuccessExitStatus=143 130",
        "Restart=on-failure",
        "RestartSec=30s",
        "RestartPreventExitStatus=2",
    )
    yield from ("", "# It ends its crawls itself, within 10 s; whatever is left then is killed.")
    yield from ("KillMode=mixed", "TimeoutStopSec=30s")


def _bounds(installation: Installation) -> Iterator[str]:
    yield from (
        "",
        "# One monstrous page must not take the machine; a crawl that is killed is told of and done again.",
    )
    yield from (f"MemoryMax={installation.memory}M", "OOMPolicy=continue")
    yield from ("", "# What it writes is for its user, and for the group to read.")
    yield "UMask=0027"


def _install(installation: Installation) -> Iterator[str]:
    yield "[Install]"
    yield f"WantedBy={'default' if installation.user is None else 'multi-user'}.target"
