"""A folder that appears whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from crawler.errors import ExportError
from storage.errors import StoreError

_TROUBLES = {
    errno.ENOSPC: "no room left on the disk",
    errno.EDQUOT: "no room left in the disk quota",
    errno.EFBIG: "a file would grow beyond what is allowed",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no right to write there",
    errno.EPERM: "no right to write there",
}

# Files beyond which the whole disk is asked for once: one by one, 10,000 texts took 38 s of waiting.
_MANY = 200


@contextmanager
def appearing(out: Path) -> Iterator[Path]:
    """A hidden folder beside `out` that becomes `out` when the block ends well, and vanishes otherwise.

    ExportError for an `out` that exists, for a place that cannot be written, and for a full disk.
    """
    out = out.absolute()
    refuse_existing(out)
    remove_leftovers(out)
    hidden = _hidden_beside(out)
    alive = _held(hidden)
    try:
        yield hidden
        _make_lasting(hidden)
        refuse_existing(out)
        hidden.rename(out)
        _sync(out.parent)
    except OSError as error:
        raise ExportError(f"{out}: {_trouble(error)}; nothing was exported") from error
    except StoreError as error:
        if hidden not in Path(error.path).parents:
            raise
        raise ExportError(f"{out}: {_without_path(error)}; nothing was exported") from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        os.close(alive)


def remove_leftovers(out: Path) -> None:
    """Take away what exports to `out` that were killed left beside it; that of a living one is held."""
    for path in abandoned(out.parent, re.escape(out.name)):
        shutil.rmtree(path, ignore_errors=True)


def abandoned(folder: Path, names: str = ".+") -> list[Path]:
    """The hidden folders there that killed exports left, to whatever name that expression matches."""
    named = re.compile(rf"\.{names}\.[a-z0-9_]{{8}}\.part")  # as tempfile names it below
    try:
        with os.scandir(folder) as found:
            paths = [
                Path(one.path)
                for one in found
                if named.fullmatch(one.name) and one.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return []
    return sorted(path for path in paths if not _is_held(path))


def _held(hidden: Path) -> int:
    """A lock on the folder, which the kernel frees when this process ends, however it does."""
    descriptor = os.open(hidden, os.O_RDONLY | os.O_DIRECTORY)
    with contextlib.suppress(OSError):  # a disk that knows no locks
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _is_held(hidden: Path) -> bool:
    try:
        descriptor = os.open(hidden, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return True  # not ours to take away
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def refuse_existing(out: Path) -> None:
    """ExportError where something is at `out` already, be it an empty folder or a dangling link."""
    if os.path.lexists(out):
        raise ExportError(f"{out}: is there already, and an export overwrites nothing; name a new folder")


def _hidden_beside(out: Path) -> Path:
    try:
        hidden = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
        hidden.chmod(0o777 & ~_umask())
    except FileNotFoundError as error:
        if out.parent.exists():  # /proc, where nobody makes folders
            raise ExportError(f"{out}: no folder can be made there; name another one") from error
        raise ExportError(f"{out}: the folder {out.parent} does not exist; make it first") from error
    except OSError as error:
        raise ExportError(f"{out}: {_trouble(error)}; name another folder") from error
    return hidden


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _make_lasting(folder: Path) -> None:
    """Down to the disk, so that the name never stands for less than the whole after a power cut."""
    files = list(islice(files_below(folder), _MANY + 1))
    if len(files) > _MANY:
        os.sync()
        return
    folders = {parent for path in files for parent in path.parents if parent.is_relative_to(folder)}
    for path in [*files, *sorted(folders | {folder})]:
        _sync(path)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of the folder and of those in it, in the order of their names; there may be very many."""
    for name in sorted(one.name for one in folder.iterdir()):
        path = folder / name
        if path.is_dir():
            yield from files_below(path)
        else:
            yield path


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _trouble(error: OSError) -> str:
    return _TROUBLES.get(error.errno or 0, error.strerror or str(error))


def _without_path(error: StoreError) -> str:
    return str(error).removeprefix(f"{error.path}: ").partition(";")[0]
