"""What values of config.toml have in common: what is wrong is named, paths are relative to a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from crawler.config.written import Texts

_Value = TypeVar("_Value")


def texts_of(written: Texts) -> tuple[str, ...]:
    """One text or several, as several."""
    return (written,) if isinstance(written, str) else tuple(written)


def named(where: str, read: Callable[[str], _Value], text: str) -> _Value:
    """The value; a ValueError says at which key."""
    try:
        return read(text)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def unless_empty(where: str, read: Callable[[str], _Value], text: str) -> _Value | None:
    """The value; None for a text that says nothing."""
    return named(where, read, text) if text.strip() else None


def beside(folder: Path, text: str) -> Path | None:
    """The path, relative to the folder; None for no text."""
    return folder / Path(text).expanduser() if text else None
