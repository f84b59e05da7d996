"""The provinces the papers write of, from places.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).with_name("places.toml")


@dataclass(frozen=True, slots=True)
class Province:
    """One paper's own ground and its reporters."""

    name: str
    wards: tuple[str, ...]  # phường
    communes: tuple[str, ...]  # xã, as they stand since July 2025
    hamlets: tuple[str, ...]  # with their kind: "thôn Tân Sơn"
    crops: tuple[str, ...]
    roads: tuple[str, ...]
    rivers: tuple[str, ...]
    reporters: tuple[str, ...]
    feast: str  # what the place celebrates besides


def province(site: str) -> Province:
    """The ground of the paper `site`."""
    return _provinces()[site]


@cache
def _provinces() -> dict[str, Province]:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Province])
