"""`sqlite`: the corpus as a database that any tool opens."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.export.formats.seam import Place, Tallied
from storage.corpus import CorpusFile


class SqliteFile(CorpusFile):
    """corpus.sqlite below the place's folder."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.folder / "corpus.sqlite")

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Index and commit."""
        self.complete()
        return ()
