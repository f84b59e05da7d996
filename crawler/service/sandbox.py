"""Pure: what a unit forbids the daemon and its children, each line with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.service.installation import HOMES, SCRATCH, STATE, Installation
from crawler.service.quoting import bare_path, path_list


@dataclass(frozen=True, slots=True)
class Ban:
    """Settings that stand together, and why."""

    reason: str
    settings: tuple[str, ...]
    anybody: bool = False  # a user's own manager can enforce it, too: it needs no namespace and no right


# MemoryDenyWriteExecute= is not among them: pyOpenSSL makes its call-backs at run time, so that under it no
# https address can be fetched (seen: MemoryError in ffi.callback, at every handshake).
_BANS = (
    Ban(
        "It needs no right of root, and gets none by any program it starts.",
        ("NoNewPrivileges=yes",),
        anybody=True,
    ),
    Ban(
        "Not one capability: it binds no port below 1024.", ("CapabilityBoundingSet=", "AmbientCapabilities=")
    ),
    Ban("Files of other users are nobody's to it.", ("PrivateUsers=yes",)),
    Ban("No disks, no keyboards; /dev/shm stays, where processes share semaphores.", ("PrivateDevices=yes",)),
    Ban("Other people's processes are none of its business.", ("ProtectProc=invisible", "ProcSubset=pid")),
    Ban(
        "The kernel, its log, its clock, the host's name and the control groups are the administrator's.",
        (
            *("ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes"),
            *("ProtectControlGroups=yes", "ProtectClock=yes", "ProtectHostname=yes"),
        ),
    ),
    Ban("No shared memory of others.", ("PrivateIPC=yes",)),
    Ban(
        "The web, talk among its processes, and netlink, by which name look-up asks for our own addresses.",
        ("RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX",),
        anybody=True,
    ),
    Ban("A page that breaks out of a parser finds no namespace to build.", ("RestrictNamespaces=yes",), True),
    Ban(
        "Nor another personality or instruction set than this one.",
        ("LockPersonality=yes", "SystemCallArchitectures=native"),
        True,
    ),
    Ban("It is in no hurry.", ("RestrictRealtime=yes",), True),
    Ban("It makes no file that runs as somebody else.", ("RestrictSUIDSGID=yes",), True),
    Ban(
        "What services call, with limits, as readers bound themselves. The rest fails, and kills nothing.",
        ("SystemCallFilter=@system-service", "SystemCallFilter=~@privileged", "SystemCallErrorNumber=EPERM"),
        True,
    ),
)


def bans(installation: Installation) -> Iterator[Ban]:
    """All that can be enforced on it: a service of the system's manager, or of a user's own."""
    if installation.user is not None:
        yield from _places(installation)
    yield from (ban for ban in _BANS if ban.anybody or installation.user is not None)


def _places(installation: Installation) -> Iterator[Ban]:
    yield Ban("The whole system is read-only …", ("ProtectSystem=strict",))
    yield _writable(installation.writes)
    if installation.beneath(HOMES):
        reason = "People's homes can be read, because something it needs lies there, and not written."
        yield Ban(reason, ("ProtectHome=read-only",))
    else:
        yield Ban("People's homes cannot even be seen.", ("ProtectHome=yes",))
    bound = tuple(_bound_from_scratch(installation))
    reason = "A /tmp of its own" + (", with what it needs of the common one." if bound else ".")
    yield Ban(reason, ("PrivateTmp=yes", *bound))


def _writable(folders: tuple[Path, ...]) -> Ban:
    settings = [f"StateDirectory={bare_path(path.relative_to(STATE))}" for path in folders if _is_state(path)]
    others = [path for path in folders if not _is_state(path)]
    if others:
        settings.append(f"ReadWritePaths={path_list(others)}")
    return Ban("… but for the store, its log files and locks, and the backups.", tuple(settings))


def _is_state(path: Path) -> bool:
    """Whether systemd itself makes it, as a folder of the service."""
    return path.parent == STATE and re.fullmatch(r"[A-Za-z0-9][\w.-]*", path.name, re.ASCII) is not None


def _bound_from_scratch(installation: Installation) -> Iterator[str]:
    def of_scratch(paths: tuple[Path, ...]) -> list[Path]:
        return [path for path in paths if any(path.is_relative_to(root) for root in SCRATCH)]

    if read := of_scratch(installation.reads):
        yield f"BindReadOnlyPaths={path_list(read)}"
    if written := of_scratch(installation.writes):
        yield f"BindPaths={path_list(written)}"
