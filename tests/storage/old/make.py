"""Makes the old stores beside it: `python -m tests.storage.old.make`, in a checkout with its history.

Each is written by the very code of its time: `storage/` of that commit is taken out of git, put first on
Python's path, and `filling.py` is run with it; then the store is packed. Appended to after every release that
has migrations of its own; the stores that are there are never made anew.
"""

from __future__ import annotations

import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent
# The commit that released each schema, in order, and the newest migration by number that came with it.
RELEASED = {
    "01-m006": "28241a2",
    "02-m008": "3fcc664",
    "03-m011": "43a5390",
    "04-m014": "0712936",
    "05-m012": "d058aac",
    "06-m013": "571e770",
    "07-m017": "468ff60",
    "08-m016": "a9afcf3",
    "09-m019": "7a155c3",
    "10-m027": "300a08c",
    "11-m023": "48239c5",
    "12-m020": "8f23c04",
    "13-m025": "e8ff8ad",
}


def made(commit: str) -> bytes:
    """A store as the code of `commit` writes it, one file complete by itself, packed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = subprocess.run(
            ["git", "archive", commit, "storage"], check=True, capture_output=True
        ).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as tree:
            tree.extractall(folder, filter="data")
        path = folder / "store.sqlite"
        subprocess.run(
            [sys.executable, str(FOLDER / "filling.py"), str(path)],
            check=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
        )
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("VACUUM")
        return lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    """Make those that are not there yet."""
    for name, commit in RELEASED.items():
        path = FOLDER / f"{name}.sqlite.xz"
        if not path.exists():
            path.write_bytes(made(commit))
            print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
