"""`diembao export --verify`: what of an export is not as its manifest says, one a line."""

from __future__ import annotations

from pathlib import Path

from crawler.cli.output import as_json, emit, emit_one, one_line
from crawler.cli.wanted import Wanted
from crawler.errors import ExportError
from crawler.export.manifest import NAME
from crawler.export.verifying import Verified, verify


def check(wanted: Wanted, folder: Path, previous: Path | None) -> None:
    """Print what is wrong; ExportError, and so the exit code 1, if anything is."""
    found = verify(folder, previous)
    if as_json(wanted):
        emit_one(wanted, found.told())
    else:
        for one in found.wrong:
            emit(one_line(f"{one.kind}: {one.name} {one.detail}"))
    if found.broken:
        things = "1 thing is" if len(found.wrong) == 1 else f"{len(found.wrong)} things are"
        raise ExportError(f"{folder}: {things} not as {folder / NAME} says")
    wanted.say(f"{folder}: {found.files} files are as the manifest says, whose SHA-256 is {found.manifest}")
    wanted.say(_lineage(found))


def _lineage(found: Verified) -> str:
    if found.previous is None:
        return "it follows no other export"
    if not found.chain:
        return f"it follows the manifest {found.previous}, which is not at hand; name it with --previous DIR"
    return f"it follows {', then '.join(str(folder) for folder in found.chain)}"
