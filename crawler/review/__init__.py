"""The page where a person decides: reads cases, writes verdicts and what she raises by hand, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.review.app import make_app
    from crawler.review.server import PageServer

__all__ = ["PageServer", "make_app"]

_HOMES = {"PageServer": "server", "make_app": "app"}


def __getattr__(name: str) -> object:
    """The public names, loaded when first asked for: the terminal needs this package's marking, no server."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
