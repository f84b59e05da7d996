"""Units put in place and taken away: never overwritten unseen, and `systemctl` told of each change."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import ServiceError, UsageError
from crawler.service.unit import MARK

_SYSTEM_UNITS = Path("/etc/systemd/system")
_SHOWN = ("LoadState", "ActiveState", "SubState", "UnitFileState", "StatusText", "MainPID", "NRestarts")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one unit stands, and which manager it belongs to."""

    path: Path
    user: bool  # of a user's own manager

    @property
    def unit(self) -> str:
        """Its name, as `systemctl` wants it."""
        return self.path.name


def place(name: str, *, user: bool, environment: Mapping[str, str] = os.environ) -> Place:
    """That of the service `name`; UsageError for a name that no unit can have."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", name):
        raise UsageError(
            f"{name!r} names no service: letters, digits, `_`, `.` and `-` do, a letter or digit first"
        )
    home = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    return Place((home if user else _SYSTEM_UNITS) / f"{name.removesuffix('.service')}.service", user)


def difference(path: Path, text: str) -> str:
    """What writing `text` would change in the file as it is; "" for nothing, or where there is no file."""
    try:
        old = path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise ServiceError(f"{path}: cannot be read: {error.strerror}") from error
    lines = difflib.unified_diff(
        old.splitlines(), text.splitlines(), f"{path} as it is", "as it would be", lineterm=""
    )
    return "\n".join(lines)


def write(path: Path, text: str) -> None:
    """Put `text` there as a whole, whatever is there; ServiceError if that cannot be."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o644)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise ServiceError(f"{path}: cannot be written: {error.strerror}") from error


def remove(placed: Place) -> None:
    """Stop it, forget it at the next boots, and take its unit away; ServiceError if it is none of ours."""
    try:
        ours = placed.path.read_text(encoding="utf-8", errors="replace").startswith(MARK)
    except FileNotFoundError:
        raise ServiceError(f"{placed.path}: there is no such service; nothing was done") from None
    if not ours:
        raise ServiceError(f"{placed.path}: was not written by `diembao service install`; nothing was done")
    systemctl(placed, "disable", "--now", placed.unit)
    try:
        placed.path.unlink()
    except OSError as error:
        raise ServiceError(f"{placed.path}: cannot be removed: {error.strerror}") from error
    systemctl(placed, "daemon-reload")


def state(placed: Place) -> dict[str, str]:
    """What its manager says of it: LoadState, ActiveState, …"""
    said = systemctl(placed, "show", placed.unit, f"--property={','.join(_SHOWN)}")
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def systemctl(placed: Place, *words: str) -> str:
    """What it prints, told of the manager in question; ServiceError with what it complains of."""
    found = shutil.which("systemctl")
    if found is None:
        raise ServiceError("systemctl is not installed; `--out FILE` writes the unit for another machine")
    line = (found, *(("--user",) if placed.user else ()), *words)
    ran = subprocess.run(line, capture_output=True, text=True, errors="replace", check=False)
    if ran.returncode:
        said = " ".join(ran.stderr.split()) or f"exit code {ran.returncode}"
        raise ServiceError(f"`systemctl {' '.join(line[1:])}` failed: {said}")
    return ran.stdout
