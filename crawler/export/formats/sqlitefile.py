"""`sqlite`: the corpus as a database that any tool opens, with what Datasette should know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.export.formats.columns import COLUMNS
from crawler.export.formats.seam import About, Place, Tallied
from crawler.times import shown
from storage.corpus import CorpusFile, CorpusSource


class SqliteFile(CorpusFile):
    """corpus.sqlite below the place's folder, and metadata.json beside it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        super().__init__(place.folder / "corpus.sqlite")

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Index and commit."""
        self.complete(_sources(self._place.about, tally))
        told = json.dumps(metadata(self._place.about), ensure_ascii=False, indent=2)
        (self._place.folder / "metadata.json").write_text(told + "\n", encoding="utf-8")
        return ()


def _sources(about: About, tally: Tallied) -> Iterator[CorpusSource]:
    watched = about.watched.sources
    for name in sorted({*watched, *tally.sources()}):
        known = watched.get(name)
        yield CorpusSource(name, known.home if known else None, known.province if known else None)


def metadata(about: About) -> dict[str, Any]:
    """For `datasette corpus.sqlite -m metadata.json`: what the tables are, how they open and are searched."""
    return {
        "title": "diembao",
        "description": f"Articles of Vietnamese papers as of {shown(about.as_of)}",
        "databases": {"corpus": {"tables": {name: dict(table) for name, table in _TABLES.items()}}},
    }


# Only what its name does not tell: all of it stands above the rows.
_TELLING = (
    "key",
    "lead",
    "published_precision",
    "published_from",
    "revision",
    "changed_at",
    "gone_at",
    "decision",
)
_TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "description": "One row an article, in its newest text",
        "label_column": "title",
        "sort_desc": "published_at",
        "facets": ["source", "decision"],
        "fts_table": "articles_fts",
        "fts_pk": "id",
        "columns": {name: COLUMNS[name].meaning.replace("`", "") for name in _TELLING},
    },
    "flags": {
        "description": "What a rule found in an article",
        "label_column": "label",
        "facets": ["rule", "field"],
        "columns": {
            "spans": "JSON list of [start, end]: code points of the field, end exclusive",
            "quote": "the sentence that proves it",
            "version": "hash of the rule's own text at the time",
        },
    },
    "documents": {
        "description": "Normative documents that an article cites",
        "label_column": "key",
        "facets": ["type", "key"],
    },
    "figures": {
        "description": "Figures that an article tells, with what they count",
        "label_column": "text",
        "facets": ["counted"],
    },
    "articles_text": {"hidden": True, "description": "What the full-text index is made of"},
    "sources": {"description": "The papers", "label_column": "name", "sort": "name"},
}
