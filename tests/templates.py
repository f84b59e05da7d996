"""Stores that many tests begin with: made once by each test process, and copied from then on."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from storage.store import Store

T = TypeVar("T")
_made: dict[Hashable, tuple[Path, Any]] = {}


def begin(path: Path, name: Hashable, fill: Callable[[Store], T]) -> T:
    """A store at `path` as `fill` makes it; what `fill` returned when it did. One `name`, one `fill`."""
    if name not in _made:
        template = Path(_folder().name) / f"{len(_made)}.sqlite"
        with Store.open(template) as store:
            given = fill(store)
        assert not template.with_name(f"{template.name}-wal").exists(), "a copy would lack what is in the log"
        _made[name] = template, given
    template, given = _made[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, path)
    result: T = given
    return result


@cache
def _folder() -> TemporaryDirectory[str]:
    made = TemporaryDirectory(prefix="diembao-templates-", ignore_cleanup_errors=True)
    atexit.register(made.cleanup)
    return made
