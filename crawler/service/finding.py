"""What this installation is, as its unit needs it: the program, its owner, and whether systemd is here."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import crawler
from crawler.config.model import Config
from crawler.errors import ServiceError, UsageError
from crawler.service.installation import Installation, memory, named_paths, written_folders

BOOTED = Path("/run/systemd/system")  # there exactly where systemd runs the machine: sd_booted(3)
_MOVE = "put program and config.toml where that user may read, such as /opt/diembao"


def installation(config: Config, user: str | None, *options: str) -> Installation:
    """The one that runs now, to be started by systemd as `user` (None: as a user's own) with `options`."""
    place = ("--config", str(config.path))
    named = ("--db", str(config.store_path)) if config.origins.get("store.path") == "--db" else ()
    return Installation(
        command=(*_program(), "daemon", *place, *named, *options),
        folder=config.path.parent,
        writes=written_folders(config),
        reads=(*_code(), *named_paths(config)),
        memory=memory(config),
        user=user,
    )


def refuse_elsewhere(platform: str, booted: Path) -> None:
    """ServiceError where no systemd can be told of a unit."""
    if platform != "linux":
        raise ServiceError(
            f"services are written for systemd, which {platform} has not: start the daemon by what it has,"
            " or write the unit of a Linux machine with --out FILE"
        )
    if not booted.is_dir():
        raise ServiceError(
            f"systemd does not run this machine ({booted} is missing): start `diembao daemon` by what does,"
            " or write the unit with --out FILE"
        )


def refuse_without_rights(euid: int) -> None:
    """ServiceError where the machine's own services are not ours to change."""
    if euid != 0:
        raise ServiceError(
            "only root installs services of the whole machine: use sudo, or --user for one of yours"
        )


def owner(config: Config) -> str:
    """Whose the store is, or is to be; ServiceError where that is root, who should not read foreign pages."""
    folder = _nearest(config.store_path.parent)
    uid = folder.stat().st_uid
    if uid == 0:
        raise ServiceError(
            f"{folder} belongs to root, as whom no daemon should read foreign pages: make a user (`useradd"
            " --system --user-group diembao`), give it the folder (`chown`), or say who with --run-as"
        )
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServiceError(f"{folder} belongs to nobody known ({uid}): say who with --run-as") from None


def make_folders(config: Config, user: str | None) -> tuple[Path, ...]:
    """Make the folders that are written into; those that were made. ServiceError if `user` cannot write."""
    made = tuple(folder for folder in written_folders(config) if not folder.exists())
    known = _known(user)
    for folder in made:
        try:
            _make(folder, known)
        except OSError as error:
            raise ServiceError(f"{folder}: cannot be made: {error.strerror}") from error
    for folder in written_folders(config):
        if known is not None and not _may_write(folder.stat(), known):
            raise ServiceError(
                f"{folder}: {user} may not write there: `chown -R {user}` it, or say who with --run-as"
            )
    return made


def refuse_unusable(config: Config, user: str | None) -> None:
    """ServiceError where `user` cannot run this program, or not read `config`; found out by trying."""
    known = _known(user)
    if known is None:
        return
    groups = os.getgrouplist(known.pw_name, known.pw_gid)
    asked = (*_program(), "config", "show", "--config", str(config.path))
    try:
        ran = subprocess.run(
            asked, user=known.pw_uid, group=known.pw_gid, extra_groups=groups, cwd="/", capture_output=True
        )
    except OSError as error:
        raise ServiceError(f"{asked[0]}: {user} cannot run it: {error.strerror}; {_MOVE}") from error
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ServiceError(f"{user} cannot use this installation: {said.removeprefix('diembao: ')}; {_MOVE}")


def _make(folder: Path, known: pwd.struct_passwd | None) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o750)
        if known is not None:
            os.chown(one, known.pw_uid, known.pw_gid)


def _known(user: str | None) -> pwd.struct_passwd | None:
    if user is None:
        return None
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise UsageError(
            f"there is no user {user!r} here; make one: `useradd --system --user-group {user}`"
        ) from None


def _may_write(seen: os.stat_result, known: pwd.struct_passwd) -> bool:
    if known.pw_uid in (0, seen.st_uid):
        return known.pw_uid == 0 or bool(seen.st_mode & stat.S_IWUSR)
    if seen.st_gid in os.getgrouplist(known.pw_name, known.pw_gid):
        return bool(seen.st_mode & stat.S_IWGRP)
    return bool(seen.st_mode & stat.S_IWOTH)


def _nearest(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _program() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("diembao")
    return (str(script),) if os.access(script, os.X_OK) else (sys.executable, "-m", "crawler")


def _code() -> tuple[Path, ...]:
    """Where the program lies: the environment, the Python it was made of, and our own files."""
    assert crawler.__file__ is not None
    return (Path(sys.prefix), Path(sys.base_prefix), Path(crawler.__file__).parents[1])
