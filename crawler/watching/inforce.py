"""The configuration in force: accepted as a whole, and given to the crawls as it was accepted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawler.config import Config, changes, load
from crawler.errors import ConfigError
from crawler.judging import tried_rules

_FIXED = ("store.", "review.", "log.")  # read at the start only
_TRIES = 5  # to catch config.toml when nobody is writing it


class InForce:
    """config.toml as accepted; its copy beside the store lets no edit reach a crawl before that."""

    def __init__(self, config: Config) -> None:
        """Accept the file `config` came from; ConfigError if it cannot be used or copied."""
        self.path = config.store_path.with_name(config.store_path.name + ".config.toml")
        fresh, text = _read(config)
        self._copy(text)
        self.config = fresh

    def renew(self) -> tuple[str, ...]:
        """Accept the file as it is now: one line a change. ConfigError leaves the old one in force."""
        old = self.config
        fresh, text = _read(old)
        self._copy(text)
        self.config = replace(fresh, store_path=old.store_path, review=old.review, log=old.log)
        lines = changes(old, fresh)
        return tuple(f"{line} (at the next start)" if line.startswith(_FIXED) else line for line in lines)

    def _copy(self, text: bytes) -> None:
        beside = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.touch(mode=0o600)
            beside.write_bytes(text)
            beside.replace(self.path)
        except OSError as error:
            raise ConfigError(f"{self.path}: the crawls' copy cannot be written: {error.strerror}") from error


def _read(known: Config) -> tuple[Config, bytes]:
    """The file of `known` read, checked to its rules, and its very bytes."""
    named = known.store_path if known.origins.get("store.path") == "--db" else None
    for _ in range(_TRIES):
        text = _bytes(known.path)
        config = load(known.path, named)
        if _bytes(known.path) == text:
            tried_rules(config.rules)
            return config, text
    raise ConfigError(f"{known.path}: is being written at this moment; try again")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
