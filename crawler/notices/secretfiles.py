"""Secrets of channels, read from files that their owner alone can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.config.model import Channel, Config, Smtp, Webhook
from crawler.errors import ConfigError

SHORTEST = 20  # characters of a secret that signs

_OTHERS = 0o077  # rights of the file's group and of everybody


def secret(where: str, path: Path, shortest: int = 1) -> str:
    """The one line of the file; ConfigError says what to mend, and nothing of what stands in it."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise ConfigError(f"{where} {path}: others can read it; `chmod 600` it")
        found = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{where} {path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where} {path}: is not UTF-8") from error
    if len(found) < shortest or not found.isprintable():
        raise ConfigError(f"{where} {path}: must hold one line of at least {shortest} characters")
    return found


def unreadable(config: Config) -> Iterator[str]:
    """What is wrong with the files of the channels that are on, before the first message shows it."""
    for channel in config.channels.values():
        for key, path, shortest in _files(channel) if channel.enabled else ():
            try:
                secret(f"channels.{channel.name}.{key}", path, shortest)
            except ConfigError as error:
                yield str(error)


def _files(channel: Channel) -> Iterator[tuple[str, Path, int]]:
    """Key, file and least number of characters of each secret."""
    way = channel.way
    if isinstance(way, Smtp):
        if way.user is not None and way.password_file is not None:
            yield "password_file", way.password_file, 1
        return
    if isinstance(way.url, Path):
        yield "url_file", way.url, 1
    if isinstance(way, Webhook):
        yield "secret_file", way.secret_file, SHORTEST
        if way.token_file is not None:
            yield "token_file", way.token_file, 1
