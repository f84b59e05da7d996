"""Pure: what a unit is written for, as plain values; and where the things it needs lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from crawler.config.model import Config

HOMES = (Path("/home"), Path("/root"), Path("/run/user"))  # what ProtectHome= is about
SCRATCH = (Path("/tmp"), Path("/var/tmp"))  # what PrivateTmp= is about
STATE = Path("/var/lib")

_BASE_MEMORY = 1024  # MiB: the daemon, its page, and judging again on all cores
_CRAWL_MEMORY = 512  # MiB for one crawl with its readers, which were seen to take 231


@dataclass(frozen=True, slots=True)
class Installation:
    """A program, its configuration and its files. All paths are absolute."""

    command: tuple[str, ...]  # what runs the daemon, its options included
    folder: Path  # where it runs
    writes: tuple[Path, ...]  # folders it writes into; no other is writable to it
    reads: tuple[Path, ...]  # what it must see beside the system: program, interpreter, config.toml, secrets
    memory: int  # MiB it may take with all its children
    user: str | None  # as whom it runs; None: a service of one user's own manager, and as that user

    def beneath(self, roots: Iterable[Path]) -> bool:
        """Whether anything it needs lies under one of `roots`."""
        return any(path.is_relative_to(root) for path in (*self.writes, *self.reads) for root in roots)


def memory(config: Config) -> int:
    """MiB that the daemon and its crawls need at the most."""
    return _BASE_MEMORY + config.crawl.workers * _CRAWL_MEMORY


def written_folders(config: Config) -> tuple[Path, ...]:
    """The folders that the daemon writes into: of the store, its locks and logs, of backups, of its log."""
    log = config.log.file.parent if config.log.file else None
    wanted = (config.store_path.parent, config.backup.dir, log)
    return tuple(dict.fromkeys(folder for folder in wanted if folder is not None))


def named_paths(config: object) -> tuple[Path, ...]:
    """Every absolute path that the configuration names, wherever in it: what the daemon must at least see."""
    return tuple(dict.fromkeys(path for path in _paths(config) if path.is_absolute()))


def _paths(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _paths(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _paths(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _paths(one)
