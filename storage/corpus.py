"""The corpus as an SQLite file of its own, for people who never saw the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from storage.connection import told
from storage.migrations import migrations

_TABLES = """
CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    home TEXT, -- null: config.toml does not know the source any more, as with province
    province TEXT -- null: a paper of no province
) STRICT;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL REFERENCES sources (name),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    lead TEXT,
    body TEXT NOT NULL,
    authors TEXT NOT NULL, -- JSON list
    section TEXT,
    tags TEXT NOT NULL, -- JSON list
    published_at TEXT, -- ISO 8601, +07:00, as every moment here
    published_precision TEXT,
    published_from TEXT,
    updated_at TEXT, -- null: the page tells of no later change
    images TEXT NOT NULL, -- JSON list of {url, caption}
    found_in TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TEXT,
    gone_at TEXT,
    decision TEXT, -- null: undecided
    note TEXT,
    decided_at TEXT,
    decided_by TEXT, -- null: nobody said, or names were not asked for
    raised_at TEXT, -- by a person, though no rule need flag it; null: by nobody
    raised_rule TEXT -- the topic she named
) STRICT;
CREATE TABLE flags (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    rule TEXT NOT NULL,
    label TEXT NOT NULL,
    version TEXT NOT NULL,
    field TEXT NOT NULL,
    spans TEXT NOT NULL, -- JSON list of [start, end], code points of the field, end exclusive
    quote TEXT NOT NULL
) STRICT;
CREATE TABLE documents ( -- cited
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    key TEXT NOT NULL, -- KL-44-TW@2019-01-22; KL-44-? where nothing tells whose it is
    type TEXT NOT NULL,
    number INTEGER NOT NULL,
    year INTEGER,
    organ TEXT,
    province TEXT,
    date TEXT,
    term TEXT,
    issuer TEXT,
    how TEXT NOT NULL,
    confidence REAL NOT NULL,
    mentions TEXT NOT NULL -- JSON list of {field, span, text, how}
) STRICT;
CREATE TABLE figures ( -- cited
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    field TEXT NOT NULL,
    span TEXT NOT NULL, -- JSON [start, end], code points of the field, end exclusive
    text TEXT NOT NULL,
    value REAL NOT NULL,
    whole REAL, -- null: no part of a whole
    unit TEXT, -- %; null: a count
    counted TEXT NOT NULL,
    about TEXT
) STRICT;
"""
_INDEXES = """
CREATE INDEX articles_source ON articles (source, published_at);
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX flags_article ON flags (article_id);
CREATE INDEX flags_rule ON flags (rule);
CREATE INDEX documents_article ON documents (article_id);
CREATE INDEX documents_key ON documents (key);
CREATE INDEX figures_article ON figures (article_id);
"""
# The tokenizer folds every mark but the bar of đ, so the text without it is indexed beside the text itself.
_FULL_TEXT = """
CREATE VIEW articles_text AS SELECT
    id, title, lead, body,
    replace(replace(title || char(10) || coalesce(lead, '') || char(10) || body, 'đ', 'd'), 'Đ', 'D')
    AS without_d
FROM articles;
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, lead, body, without_d, content="articles_text", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2"
);
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
INSERT INTO articles_fts (articles_fts) VALUES ('optimize');
"""
_PLAIN = (
    "id", "key", "source", "url", "title", "lead", "body", "section", "published_at", "published_precision",
    "published_from", "updated_at", "found_in", "fetched_at", "revision", "changed_at", "gone_at",
)  # fmt: skip
_LISTS = ("authors", "tags", "images")
_VERDICT = {"decision": "decision", "note": "note", "at": "decided_at", "by": "decided_by"}
_CITED = {"documents": "mentions", "figures": "span"}  # table → the column that is JSON
_FLAG = ("rule", "label", "version", "field", "quote")


def store_versions() -> dict[str, str]:
    """What a store of today is made with: the SQLite library, and the newest migration of its tables."""
    newest = migrations.pending(Database(memory=True))[-1].name
    return {"sqlite": sqlite3.sqlite_version, "tables": newest}


@dataclass(frozen=True, slots=True)
class CorpusSource:
    """A source as the corpus tells it."""

    name: str
    home: str | None  # None: not known any more
    province: str | None  # None: a paper of no province, or not known


class CorpusFile:
    """A fresh SQLite file, filled case by case; the same cases in the same order give the same bytes.

    It is written without a journal, since a file that is not whole is thrown away by whoever asked for it.
    StoreError (StoreFull, …) names the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(
                "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            )
            self._db.executescript(_TABLES)
            self._db.execute("BEGIN")
        except sqlite3.Error as error:
            raise told(path, error) from error

    def add(self, case: Mapping[str, Any]) -> None:
        """One case as the JSON of the contract: an article, its verdict, its flags."""
        verdict, raised = case["verdict"] or {}, case["raised"] or {}
        row = {key: case[key] for key in _PLAIN}
        row |= {key: _json(case[key]) for key in _LISTS}
        row |= {column: verdict.get(key) for key, column in _VERDICT.items()}
        row |= {"raised_at": raised.get("at"), "raised_rule": raised.get("rule")}
        try:
            self._insert("articles", row)
            for flag in case["flags"]:
                spans = _json(flag["spans"])
                self._insert(
                    "flags", {"article_id": case["id"], **{key: flag[key] for key in _FLAG}, "spans": spans}
                )
            for table, json_column in _CITED.items():
                for one in case[table]:
                    told_one = {**one, json_column: _json(one[json_column])}
                    self._insert(table, {"article_id": case["id"], **told_one})
        except sqlite3.Error as error:
            raise told(self._path, error) from error

    def complete(self, sources: Iterable[CorpusSource]) -> None:
        """Write the sources, index and commit; the file is whole only after this.

        Each source of the cases has to be among `sources`, which are written in their order.
        """
        try:
            for one in sources:
                self._insert("sources", {"name": one.name, "home": one.home, "province": one.province})
            self._db.execute("COMMIT")
            self._db.executescript(_INDEXES)
            self._db.executescript(_FULL_TEXT)
        except sqlite3.Error as error:
            raise told(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        self._db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _json(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
