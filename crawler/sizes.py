"""Amounts of bytes as people write and read them: `500MB`, `20GB`, `1.5TiB`."""

from __future__ import annotations

import re

_UNITS = {
    unit: factor
    for power, letter in enumerate("kmgt", 1)
    for unit, factor in ((f"{letter}b", 1000**power), (f"{letter}ib", 1024**power))
} | {"b": 1}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?b|b)")
_EXACT = {"TB": 1000**4, "GiB": 1024**3, "GB": 1000**3, "MiB": 1024**2, "MB": 1000**2, "kB": 1000, "B": 1}


class Size(int):
    """Bytes that config.toml asks for; as text, what it has."""

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        """As config.toml would have it, exactly: `20GB`."""
        unit = next(unit for unit, factor in _EXACT.items() if self % factor == 0)
        return f"{self // _EXACT[unit]}{unit}"


def size(text: str) -> Size:
    """`500MB`, `20 GB`, `1.5TiB` in bytes, capitals or not; ValueError for anything else, and for nothing."""
    match = _SIZE.fullmatch(text.strip().lower())
    if not match:
        raise ValueError(f"{text!r} is no size; write it like 500MB, 20GB or 1.5TB")
    found = float(match[1]) * _UNITS[match[2]]
    if not 1 <= found < 2**63:
        raise ValueError(f"{text!r} must be more than nothing, and no more than a disk can hold")
    return Size(found)


def spelled_size(amount: int) -> str:
    """Three figures are enough for people: `1.23 GB`, `45.6 MB`, `789 bytes`."""
    for unit, factor in (("TB", 1000**4), ("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if amount >= factor:
            many = amount / factor
            return f"{many:.0f} {unit}" if many >= 99.95 else f"{many:.3g} {unit}"
    return f"{amount} bytes"
