"""A format that is one plain file, written from its first byte to its last."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import IO, Any, Self

from crawler.export.formats.seam import Tallied

BUFFER = 1 << 20  # bytes


class PlainFile:
    """A plain file that is pushed out by `finish`."""

    _file: IO[Any]

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Push the last bytes out."""
        self._file.flush()
        return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # pushed out already, or thrown away because that failed
            self._file.close()
