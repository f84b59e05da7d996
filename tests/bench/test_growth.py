"""docs/growth.md says of every table what bounds it."""

from __future__ import annotations

import re
from pathlib import Path

from bench.soaking.sampling import rows
from storage.store import Store

GROWTH = Path(__file__).parents[2] / "docs/growth.md"


def test_of_every_table_it_is_said_what_bounds_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite"):
        tables = set(rows(tmp_path / "a.sqlite"))
    told = [line for line in GROWTH.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for line in told for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert tables - named == set(), "say in docs/growth.md what bounds these tables"
