"""Where the files of a press review go, and how they appear: all of them whole, or none."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.errors import ReportError
from crawler.reporting.order import FORMATS


def destinations(out: Path | None, stem: str, formats: Sequence[str]) -> dict[str, Path]:
    """Format → path. `out` is a folder that exists, a name to which the formats are added, or one file's.

    ReportError for a file that is there already, and for a folder that is not.
    """
    named = Path(stem) if out is None else out / stem if out.is_dir() else out
    if named.suffix.lower() in {f".{name}" for name in FORMATS}:
        if named.suffix.lower() != f".{formats[0]}" or len(formats) > 1:
            raise ReportError(
                f"{named}: ends in {named.suffix}, and the formats are {', '.join(formats)};"
                " name it without an ending, or give --format"
            )
        named = named.with_suffix("")
    found = {name: named.parent / f"{named.name}.{name}" for name in formats}
    for path in found.values():
        if os.path.lexists(path):
            raise ReportError(f"{path}: is there already, and a report overwrites nothing; give --out")
    if not named.absolute().parent.is_dir():
        raise ReportError(f"{named}: the folder {named.parent} does not exist; make it first")
    return found


def place(contents: Mapping[Path, bytes]) -> None:
    """Write every file under a hidden name beside its own, then name them all; ReportError leaves nothing."""
    hidden: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, content in contents.items():
            with _named(path):
                hidden[path] = _written(path, content)
        for path, written in hidden.items():
            with _named(path):
                _name(written, path)
                placed.append(path)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        for written in hidden.values():
            written.unlink(missing_ok=True)


def _written(path: Path, content: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(0o666 & ~_umask())
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise
    return written


def _name(written: Path, path: Path) -> None:
    """Unlike a renaming, a link never overwrites; some disks have none."""
    try:
        os.link(written, path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        written.rename(path)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """What the system complains of, said of the file that a person asked for."""
    try:
        yield
    except FileExistsError as error:
        raise ReportError(f"{path}: is there already, and a report overwrites nothing; give --out") from error
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror or error}; nothing was written") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
