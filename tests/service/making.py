"""Installations for the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawler.service.installation import Installation

ODD = 'báo "chí" 100%$HOME\\n'  # what a folder may be called, and a unit must say right


def installation(root: Path = Path("/opt/diembao"), user: str | None = "diembao") -> Installation:
    """One with everything beneath `root`."""
    return Installation(
        command=(str(root / "bin/diembao"), "daemon", "--config", str(root / "config.toml")),
        folder=root,
        writes=(root / "data",),
        reads=(root / "bin", root / "config.toml"),
        memory=2048,
        user=user,
    )


def writing(*folders: str) -> Installation:
    """One that writes into those."""
    return replace(installation(), writes=tuple(map(Path, folders)))
