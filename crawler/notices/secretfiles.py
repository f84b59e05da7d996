"""Secrets of channels, read from files that their owner alone can read."""

from __future__ import annotations

from pathlib import Path

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
