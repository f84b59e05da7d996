"""Page to article, pure: the one folder that knows trafilatura."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.reading.dates import parse_moment
    from crawler.reading.explaining import Explained, explained
    from crawler.reading.reader import read
    from crawler.reading.result import Hints, Reading

__all__ = ["Explained", "Hints", "Reading", "explained", "parse_moment", "read"]

_HOMES = {
    "Explained": "explaining",
    "Hints": "result",
    "Reading": "result",
    "explained": "explaining",
    "parse_moment": "dates",
    "read": "reader",
}


def __getattr__(name: str) -> object:
    """The public names, loaded when first asked for: config needs this package's selectors, not lxml."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
