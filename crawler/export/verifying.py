"""Whether an exported folder is what its manifest says, and follows the export before it.

Folder and manifest may be anybody's: names of the manifest are compared with what is found, and never
opened; links are not followed, and what is no plain file is not read.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from crawler.errors import ExportError
from crawler.export.manifest import NAME

MOST = 64 * 2**20  # bytes of a manifest; ours have a line a file, source and rule
_NEIGHBOURS = 2_000  # folders beside one that are looked at for the export before

Kind = Literal["missing", "extra", "changed", "link", "odd", "chain"]


class _File(msgspec.Struct, frozen=True):
    name: str
    bytes: int
    sha256: str


class _Told(msgspec.Struct, frozen=True):
    """What of a manifest is checked; whatever else it says is left alone."""

    files: list[_File]
    previous: str | None = None
    as_of: str | None = None
    series: Any = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is not as the manifest says."""

    kind: Kind
    name: str  # below the folder
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """A manifest that was read."""

    folder: Path
    sha256: str  # of itself
    told: _Told


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check."""

    manifest: str  # SHA-256 of the manifest itself, to be compared with what the sender says
    files: int  # that it names
    wrong: tuple[Wrong, ...]
    previous: str | None  # SHA-256 of the manifest of the export before; None: it follows none
    chain: tuple[Path, ...]  # the exports before that are at hand, the newest first

    @property
    def broken(self) -> bool:
        """Whether anything is not as it should be."""
        return bool(self.wrong)

    def told(self) -> dict[str, Any]:
        """As `export --verify --json` shows it."""
        return {
            "ok": not self.wrong,
            "manifest": self.manifest,
            "files": self.files,
            "wrong": [{"kind": one.kind, "name": one.name, "detail": one.detail} for one in self.wrong],
            "previous": self.previous,
            "chain": [str(folder) for folder in self.chain],
        }


def verify(folder: Path, previous: Path | None = None) -> Verified:
    """Check every file; `previous`: the folder of the export before, else it is looked for beside this one.

    ExportError where there is no manifest that can be read, there or in `previous`.
    """
    read = read_manifest(folder)
    listed = _listed(read)
    wrong = [*_compare(folder, listed)]
    if previous is not None:
        wrong += _unlike(read, read_manifest(previous))
    chain = [previous] if previous else list(_chain(read))
    return Verified(read.sha256, len(listed), tuple(wrong), read.told.previous, tuple(chain))


def read_manifest(folder: Path) -> Read:
    """The manifest of that folder; ExportError says why there is none."""
    path = folder / NAME
    if not folder.is_dir():
        raise ExportError(f"{folder}: is no folder; name one that `diembao export` wrote")
    try:
        text = _contents(path)
    except FileNotFoundError as error:
        raise ExportError(f"{folder}: has no {NAME}; name a folder that `diembao export` wrote") from error
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        told = msgspec.json.decode(text, type=_Told)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ExportError(f"{path}: is no manifest of an export: {error}") from error
    return Read(folder, hashlib.sha256(text).hexdigest(), told)


def _contents(path: Path) -> bytes:
    """A plain file of a manifest's size, whole; OSError for anything else."""
    descriptor = _open(path)
    with os.fdopen(descriptor, "rb") as file:
        text = file.read(MOST + 1)
    if len(text) > MOST:
        raise OSError(0, f"it is larger than {MOST // 2**20} MiB, which no manifest is")
    return text


def _open(path: Path) -> int:
    """To read a plain file that is no link; OSError for anything else."""
    if path.is_symlink():
        raise OSError(0, "it is a link, and none is followed")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is no plain file")
    return descriptor


def _listed(read: Read) -> dict[str, _File]:
    """The files by name; ExportError for a name that no file of an export can have."""
    found: dict[str, _File] = {}
    for file in read.told.files:
        if not _is_below(file.name):
            raise ExportError(
                f"{read.folder / NAME}: names {file.name[:200]!r}, which is no file of this folder;"
                " the manifest is not one that `diembao export` wrote"
            )
        if file.name in found:
            raise ExportError(f"{read.folder / NAME}: names {file.name[:200]!r} twice")
        if file.bytes < 0 or not re.fullmatch("[0-9a-f]{64}", file.sha256):
            raise ExportError(f"{read.folder / NAME}: says no size and SHA-256 of {file.name[:200]!r}")
        found[file.name] = file
    return found


def _is_below(name: str) -> bool:
    parts = name.split("/")
    return name != NAME and "\0" not in name and "\\" not in name and not {"", ".", ".."} & set(parts)


def _compare(folder: Path, listed: Mapping[str, _File]) -> Iterator[Wrong]:
    """In the order of the names; what is found is all that is opened."""
    found = dict(_found(folder))
    for name in sorted({*listed, *found} - {NAME}):
        odd = found.get(name)
        if name not in found:
            yield Wrong("missing", name, "is not there")
        elif odd is not None:
            yield odd
        elif name not in listed:
            yield Wrong("extra", name, "is not in the manifest")
        else:
            yield from _changed(folder / name, listed[name])


def _found(folder: Path) -> Iterator[tuple[str, Wrong | None]]:
    """Everything below the folder by name: None for a plain file, else what is wrong with it."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            entries = list(os.scandir(place))
        except OSError as error:
            name = place.relative_to(folder).as_posix()
            yield name, Wrong("odd", name, f"cannot be read: {error.strerror}")
            continue
        for one in entries:
            name = Path(one.path).relative_to(folder).as_posix()
            if one.is_dir(follow_symlinks=False):
                waiting.append(Path(one.path))
            else:
                yield name, _oddness(one, name)


def _oddness(one: os.DirEntry[str], name: str) -> Wrong | None:
    if one.is_symlink():
        return Wrong("link", name, "is a link, which is not followed")
    return None if one.is_file(follow_symlinks=False) else Wrong("odd", name, "is no plain file")


def _changed(path: Path, listed: _File) -> Iterator[Wrong]:
    try:
        with os.fdopen(_open(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest = hashlib.file_digest(file, "sha256").hexdigest() if size == listed.bytes else None
    except OSError as error:
        yield Wrong("odd", listed.name, f"cannot be read: {error.strerror}")
        return
    if digest is None:
        yield Wrong("changed", listed.name, f"has {size} bytes, not {listed.bytes}")
    elif digest != listed.sha256:
        yield Wrong("changed", listed.name, f"has the SHA-256 {digest}, not {listed.sha256}")


def _unlike(read: Read, before: Read) -> Iterator[Wrong]:
    if read.told.previous is None:
        yield Wrong("chain", NAME, f"follows no export, and {before.folder} was named as the one before")
    elif read.told.previous != before.sha256:
        told = f"follows the manifest {read.told.previous}; that of {before.folder} is {before.sha256}"
        yield Wrong("chain", NAME, told)


def _chain(read: Read) -> Iterator[Path]:
    """The exports before that stand beside this one, as far back as they do."""
    wanted = read.told.previous
    if wanted is None:
        return
    beside = dict(_beside(read.folder))
    while wanted in beside:
        before = beside.pop(wanted)
        yield before.folder
        wanted = before.told.previous or ""


def unknown_beside(folder: Path, name: str, since: datetime, known: Container[str]) -> list[Path]:
    """Folders beside one that say they are later exports under that name, and whose manifest nobody knows.

    `known`: the SHA-256 of manifests.
    """
    found = []
    for sha256, read in _beside(folder):
        told = read.told
        of_name = isinstance(told.series, dict) and told.series.get("name") == name
        if of_name and sha256 not in known and _is_later(told.as_of, since):
            found.append(read.folder)
    return found


def _is_later(as_of: str | None, since: datetime) -> bool:
    try:
        return as_of is not None and datetime.fromisoformat(as_of) > since
    except (ValueError, TypeError):  # no moment, or one of no zone
        return False


def _beside(folder: Path) -> Iterator[tuple[str, Read]]:
    parent = folder.absolute().parent
    try:
        names = sorted(one.name for one in os.scandir(parent) if one.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in names[:_NEIGHBOURS]:
        if (parent / name / NAME).is_file():
            try:
                read = read_manifest(parent / name)
            except ExportError:
                continue
            yield read.sha256, read
