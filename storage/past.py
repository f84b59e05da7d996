"""The store as it was: tables of a connection's own that stand before the real ones, and say what they said.

Every question that cases, flags and verdicts are asked is then answered of that moment by the same code,
since SQLite looks for a name among a connection's own tables first. A text is in force from when it was kept
until the next was; flags, section, dates and pictures until they were replaced; verdicts until others stood
or they were taken back. What has no history is as it is now: citations and figures, which are read of the
text; copies, of which those are left out that were not stored yet; the order by score, which is not rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from storage.columns import moment
from storage.connection import Connection
from storage.standing import FLAGGED_BY, STANDS

_SURROUNDINGS = (
    "url", "section", "tags", "published_at", "published_precision", "published_from", "images",
    "updated_at", "updated_precision", "updated_from",
)  # fmt: skip
_TEXT = ("title", "lead", "body", "authors", "layers", "cited_by")
_FLAG = (
    "id, revision_id, rule, label, version, field, spans, quote, weight, flagged_at,"
    " level, score, absent, excluded, together"
)


def go_back(reader: Connection, at: datetime) -> None:
    """Make this connection, which holds one state of the store, answer as of that moment; it only reads."""
    then = f"'{moment(at)}'"
    for statement in (*_texts(then), *_flags(then), *_articles(then), *_decided(then)):
        reader.execute(statement)
    reader.past = True


def _texts(then: str) -> Iterator[str]:
    """`in_force`: the revision of each article that was known; `revisions` with what stood around them."""
    yield (
        "CREATE TEMP TABLE in_force_then AS SELECT r.article_id, max(r.number) AS number,"
        " r.id AS revision_id, t.revision_id IS NOT NULL AS timed, t.changed_at, t.material_at, r.fetched_at"
        " FROM main.revisions AS r LEFT JOIN main.revision_times AS t ON t.revision_id = r.id"
        f" WHERE coalesce(t.kept_at, r.fetched_at) <= {then} GROUP BY r.article_id"
    )
    yield "CREATE UNIQUE INDEX temp.in_force_then_revision ON in_force_then (revision_id)"
    yield "CREATE UNIQUE INDEX temp.in_force_then_article ON in_force_then (article_id)"
    yield "CREATE TEMP TABLE rewritten_then (article_id INTEGER PRIMARY KEY)"  # the index has later texts
    yield (
        "INSERT INTO temp.rewritten_then SELECT a.id FROM in_force_then AS i"
        " CROSS JOIN main.articles AS a ON a.id = i.article_id AND a.revision <> i.number"
    )
    yield (
        "CREATE TEMP TABLE around_then AS SELECT f.*, min(f.id) AS earliest FROM main.former_surroundings"
        f" AS f CROSS JOIN in_force_then USING (revision_id) WHERE f.ended_at > {then} GROUP BY f.revision_id"
    )
    yield "CREATE UNIQUE INDEX temp.around_then_revision ON around_then (revision_id)"
    around = ", ".join(
        f"CASE WHEN w.revision_id IS NULL THEN r.{name} ELSE w.{name} END AS {name}" for name in _SURROUNDINGS
    )
    text = ", ".join(f"r.{name}" for name in _TEXT)
    yield (
        "CREATE TEMP VIEW revisions AS SELECT r.id, r.article_id, r.number, r.page_id, r.fetched_at,"
        f" r.fingerprint, {text}, {around} FROM main.revisions AS r"
        " LEFT JOIN temp.around_then AS w ON w.revision_id = r.id"
        " WHERE r.number <= (SELECT number FROM temp.in_force_then WHERE article_id = r.article_id)"
    )


def _flags(then: str) -> Iterator[str]:
    former = _FLAG.removeprefix("id, ")
    yield (
        f"CREATE TEMP VIEW flags AS SELECT {_FLAG} FROM main.flags WHERE flagged_at <= {then}"
        f" UNION ALL SELECT id, {former} FROM main.former_flags"
        f" WHERE flagged_at <= {then} AND ended_at > {then}"
    )
    yield (
        "CREATE TEMP VIEW raised AS SELECT id, article_id, rule, note, at, NULL AS lowered_at"
        f" FROM main.raised WHERE at <= {then} AND (lowered_at IS NULL OR lowered_at > {then})"
    )


def _articles(then: str) -> Iterator[str]:
    """`articles` with the columns of the real one, and the order of what flags them."""
    yield (
        "CREATE TEMP TABLE articles (id INTEGER PRIMARY KEY, key TEXT, source TEXT, found_in TEXT,"
        " first_fetched_at TEXT, dated_at TEXT, revision INTEGER, flagged INTEGER, changed_at TEXT,"
        " gone_at TEXT, material_at TEXT, score REAL, near REAL)"
    )
    changed = (
        f"CASE WHEN i.timed THEN i.changed_at WHEN a.changed_at <= {then} THEN a.changed_at"
        " WHEN i.number > 1 THEN i.fetched_at END"
    )
    material = f"CASE WHEN i.timed THEN i.material_at WHEN a.material_at <= {then} THEN a.material_at END"
    dated = (
        "CASE WHEN i.number = a.revision AND w.revision_id IS NULL THEN a.dated_at ELSE"
        " coalesce((SELECT published_at FROM revisions WHERE id = i.revision_id), a.first_fetched_at) END"
    )
    gone = (
        "(SELECT CASE kind WHEN 'gone' THEN at END FROM main.events WHERE article_id = a.id"
        f" AND kind IN ('gone', 'back') AND at <= {then} ORDER BY id DESC LIMIT 1)"
    )
    yield (
        "INSERT INTO temp.articles SELECT a.id, a.key, a.source, a.found_in, a.first_fetched_at,"
        f" {dated}, i.number, 0, {changed}, {gone}, {material}, 0.0, NULL"
        " FROM in_force_then AS i CROSS JOIN main.articles AS a ON a.id = i.article_id"
        " LEFT JOIN around_then AS w ON w.revision_id = i.revision_id ORDER BY a.id"
    )
    yield "CREATE INDEX temp.articles_in_order ON articles (dated_at, id)"
    yield "CREATE INDEX temp.articles_of_source ON articles (source, dated_at, id)"
    yield (
        "CREATE TEMP TABLE flagged_by (rule TEXT, dated_at TEXT, article_id INTEGER, level TEXT,"
        " PRIMARY KEY (rule, dated_at, article_id)) WITHOUT ROWID"
    )
    yield f"INSERT INTO temp.flagged_by {FLAGGED_BY}"
    yield (
        "UPDATE temp.articles SET flagged = 1 WHERE id IN (SELECT article_id FROM flagged_by"
        " WHERE level = 'primary' UNION SELECT article_id FROM raised)"
    )
    yield (
        "CREATE TEMP VIEW stories AS SELECT * FROM main.stories"
        " WHERE article_id IN (SELECT id FROM temp.articles)"
    )


def _decided(then: str) -> Iterator[str]:
    yield f"CREATE TEMP VIEW verdicts AS SELECT * FROM main.verdicts WHERE at <= {then}"
    yield (
        "CREATE TEMP VIEW in_force AS SELECT * FROM verdicts AS v WHERE decision <> 'undo'"
        " AND NOT EXISTS (SELECT 1 FROM verdicts AS u WHERE u.undoes = v.id)"
    )
    yield (
        "CREATE TEMP VIEW standing AS SELECT * FROM in_force AS f WHERE NOT EXISTS"
        " (SELECT 1 FROM in_force AS later WHERE later.article_id = f.article_id AND later.id > f.id)"
    )
    yield (
        "CREATE TEMP TABLE stands (article_id INTEGER PRIMARY KEY, verdict_id INTEGER, decision TEXT,"
        " at TEXT, changed INTEGER, dated_at TEXT)"
    )
    yield f"INSERT INTO temp.stands {STANDS}"
