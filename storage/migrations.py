"""The history of the tables: functions appended, never edited once released."""

from __future__ import annotations

from contextlib import closing
from functools import cache

from sqlite_utils import Database, Migrations
from sqlite_utils.db import Table

from storage.daybook import install
from storage.search import COLUMNS, rebuild

migrations = Migrations("diembao")


@cache
def known() -> frozenset[str]:
    """The names of all migrations: what is pending for an empty database."""
    with closing(Database(memory=True, execute_plugins=False)) as empty:
        return frozenset(migration.name for migration in migrations.pending(empty))


def _table(db: Database, name: str) -> Table:
    return db.table(name)


@migrations()
def m001_links(db: Database) -> None:
    """The ledger of addresses: what became of each, and why."""
    links = _table(db, "links").create(
        {
            "id": int,
            "source": str,
            "key": str,
            "url": str,
            "found_in": str,
            "found_at": str,
            "first_seen": str,
            "last_seen": str,
            "state": str,
            "reason": str,
            "attempts": int,
            "next_attempt": str,  # null: at the next crawl if new, never again otherwise
            "dated_at": str,
            "dated_precision": str,
            "dated_from": str,
            "modified_at": str,  # the latest change any finding place told of
            "fresh_as_of": str,  # changes later than this are not known to us; null: never fetched
            "lead": str,
        },
        pk="id",
        not_null={
            "source",
            "key",
            "url",
            "found_in",
            "found_at",
            "first_seen",
            "last_seen",
            "state",
            "attempts",
        },
        strict=True,
    )
    links.create_index(["source", "key"], unique=True)
    links.create_index(["source", "state", "reason"])
    db.execute(
        "CREATE INDEX links_open ON links (source, first_seen, id)"
        " WHERE state = 'new' OR next_attempt IS NOT NULL"
    )


@migrations()
def m002_pages(db: Database) -> None:
    """Pages as fetched, compressed, with the dictionaries that compress them well."""
    dictionaries = _table(db, "dictionaries").create(
        {"id": int, "source": str, "trained_at": str, "pages": int, "last_page": int, "body": bytes},
        pk="id",
        not_null={"source", "trained_at", "pages", "last_page", "body"},
        strict=True,
    )
    dictionaries.create_index(["source", "id"])
    pages = _table(db, "pages").create(
        {
            "id": int,
            "source": str,
            "url": str,
            "status": int,
            "headers": str,  # JSON list of [name, value]
            "fetched_at": str,
            "size": int,  # bytes before compression
            "dictionary_id": int,  # null: compressed without one
            "body": bytes,  # one zstd frame
        },
        pk="id",
        not_null={"source", "url", "status", "headers", "fetched_at", "size", "body"},
        foreign_keys=[("dictionary_id", "dictionaries", "id")],
        strict=True,
    )
    pages.create_index(["source", "id"])
    pages.create_index(["dictionary_id"])


@migrations()
def m003_articles(db: Database) -> None:
    """Articles with their revisions."""
    _make_articles(db)
    _make_revisions(db)


def _make_articles(db: Database) -> None:
    articles = _table(db, "articles").create(
        {
            "id": int,
            "key": str,
            "source": str,
            "found_in": str,
            "first_fetched_at": str,
            "dated_at": str,  # published, else first fetched: what lists are ordered by
            "revision": int,  # number of the newest
            "flagged": int,  # 1: the newest revision has flags
            "changed_at": str,  # null: one revision only
            "gone_at": str,  # null: still there when last looked at
        },
        pk="id",
        not_null={"key", "source", "found_in", "first_fetched_at", "dated_at", "revision", "flagged"},
        strict=True,
    )
    articles.create_index(["key"], unique=True)
    articles.create_index(["dated_at", "id"])
    articles.create_index(["source", "dated_at", "id"])
    db.execute("CREATE INDEX articles_flagged ON articles (dated_at, id) WHERE flagged = 1")
    db.execute("CREATE INDEX articles_flagged_by_source ON articles (source, dated_at, id) WHERE flagged = 1")


def _make_revisions(db: Database) -> None:
    revisions = _table(db, "revisions").create(
        {
            "id": int,
            "article_id": int,
            "number": int,
            "page_id": int,  # that it was read from; null: no longer kept
            "fetched_at": str,
            "fingerprint": bytes,  # of the texts a reader reads
            "url": str,
            "title": str,
            "lead": str,
            "body": str,
            "authors": str,  # JSON list
            "section": str,
            "tags": str,  # JSON list
            "published_at": str,
            "published_precision": str,
            "published_from": str,
            "images": str,  # JSON list of [url, caption or null]
        },
        pk="id",
        not_null={
            "article_id",
            "number",
            "fetched_at",
            "fingerprint",
            "url",
            "title",
            "body",
            "authors",
            "tags",
            "images",
        },
        foreign_keys=[("article_id", "articles", "id"), ("page_id", "pages", "id")],
        strict=True,
    )
    revisions.create_index(["article_id", "number"], unique=True)
    revisions.create_index(["page_id"])


@migrations()
def m004_flags(db: Database) -> None:
    """What rules matched: written by the machine alone."""
    flags = _table(db, "flags").create(
        {
            "id": int,
            "revision_id": int,
            "rule": str,
            "label": str,
            "version": str,
            "field": str,
            "spans": str,  # JSON list of [start, end] in code points
            "quote": str,
            "weight": float,
            "flagged_at": str,
        },
        pk="id",
        not_null={
            "revision_id",
            "rule",
            "label",
            "version",
            "field",
            "spans",
            "quote",
            "weight",
            "flagged_at",
        },
        foreign_keys=[("revision_id", "revisions", "id")],
        strict=True,
    )
    flags.create_index(["revision_id", "rule"])


@migrations()
def m005_verdicts(db: Database) -> None:
    """What people decided: appended, never changed; `standing` is the one of each article that counts."""
    verdicts = _table(db, "verdicts").create(
        {"id": int, "article_id": int, "decision": str, "note": str, "at": str, "undoes": int},
        pk="id",
        not_null={"article_id", "decision", "at"},
        foreign_keys=[("article_id", "articles", "id"), ("undoes", "verdicts", "id")],
        strict=True,
    )
    verdicts.create_index(["article_id", "id"])
    verdicts.create_index(["undoes"], unique=True)
    db.create_view(
        "in_force",
        "SELECT * FROM verdicts AS v WHERE decision <> 'undo'"
        " AND NOT EXISTS (SELECT 1 FROM verdicts AS u WHERE u.undoes = v.id)",
    )
    db.create_view(
        "standing",
        "SELECT * FROM in_force AS f WHERE NOT EXISTS"
        " (SELECT 1 FROM in_force AS later WHERE later.article_id = f.article_id AND later.id > f.id)",
    )


@migrations()
def m006_runs(db: Database) -> None:
    """One row a crawl, and what servers gave us to ask "has it changed?" with."""
    runs = _table(db, "runs").create(
        {
            "id": int,
            "source": str,
            "started_at": str,
            "ended_at": str,  # null: running, or its process vanished
            "pid": int,
            "outcome": str,
            "counts": str,  # JSON object
            "reasons": str,  # JSON object
            "ways": str,  # JSON list of [kind, url, outcome, links]
            "trouble": str,
        },
        pk="id",
        not_null={"source", "started_at", "pid", "outcome", "counts", "reasons", "ways"},
        strict=True,
    )
    runs.create_index(["source", "id"])
    runs.create_index(["source", "outcome", "id"])
    runs.create_index(["source", "started_at"])
    _table(db, "polls").create(
        {
            "source": str,
            "url": str,
            "etag": str,
            "last_modified": str,
            "unchanged": int,  # 304 answers in a row
            "links": int,
            "asked_at": str,
        },
        pk=("source", "url"),
        not_null={"unchanged", "links", "asked_at"},
        strict=True,
    )


@migrations()
def m008_updated(db: Database) -> None:
    """When a page says its article last changed, beside when it was published."""
    for column in ("updated_at", "updated_precision", "updated_from"):
        _table(db, "revisions").add_column(column, str)


@migrations()
def m009_layers(db: Database) -> None:
    """Which layer of reading gave each field of a revision."""
    _table(db, "revisions").add_column("layers", str)  # JSON object; null: kept before it was recorded


@migrations()
def m010_readings(db: Database) -> None:
    """How each crawl's pages could be read."""
    _table(db, "runs").add_column("readings", str)  # JSON object; null: no page was read
    db.execute("CREATE INDEX runs_read ON runs (source, id) WHERE readings IS NOT NULL")


@migrations()
def m011_rereads(db: Database) -> None:
    """How far a reading of the stored pages has come, so that it goes on where it was ended."""
    _table(db, "rereads").create(
        {"asked": str, "position": int, "at": str},  # position: the last article done
        pk="asked",
        not_null={"position", "at"},
        strict=True,
    )


@migrations()
def m012_levels(db: Database) -> None:
    """Flags of articles that only mention a topic, the score they are ordered by, and the whole proof."""
    flags = _table(db, "flags")
    flags.add_column("level", str, not_null_default="primary")
    flags.add_column("score", float, not_null_default=0.0)
    flags.add_column("absent", str, not_null_default="[]")  # JSON list of texts
    flags.add_column("excluded", str, not_null_default="[]")  # JSON list of [start, end] in code points
    db.execute(
        "UPDATE flags SET score = weight * CASE field WHEN 'title' THEN 3 WHEN 'lead' THEN 2 ELSE 1 END"
    )


@migrations()
def m013_citations(db: Database) -> None:
    """Documents and figures that revisions cite."""
    _table(db, "revisions").add_column("cited_by", str)  # version of the reading; null: not looked for
    _make_citations(db)
    _make_figures(db)


def _make_citations(db: Database) -> None:
    citations = _table(db, "citations").create(
        {
            "id": int,
            "revision_id": int,
            "key": str,
            "kind": str,
            "number": int,
            "year": int,  # null: the symbol bears none
            "organ": str,  # null: not known
            "province": str,  # null: of no province, or not known
            "dated": str,  # ISO date or year; null: not known
            "term": str,  # null: not told
            "issuer": str,  # in the article's words; null: not told
            "how": str,
            "confidence": float,
            "mentions": str,  # JSON list of [field, start, end, how] in code points
        },
        pk="id",
        not_null={"revision_id", "key", "kind", "number", "how", "confidence", "mentions"},
        foreign_keys=[("revision_id", "revisions", "id")],
        strict=True,
    )
    citations.create_index(["revision_id"])
    citations.create_index(["key"])


def _make_figures(db: Database) -> None:
    figures = _table(db, "figures").create(
        {
            "id": int,
            "revision_id": int,
            "field": str,
            "begins": int,
            "ends": int,
            "value": float,
            "whole": float,  # null: no part of a whole
            "unit": str,  # null: a count
            "counted": str,
            "about": str,  # null: exactly
        },
        pk="id",
        not_null={"revision_id", "field", "begins", "ends", "value", "counted"},
        foreign_keys=[("revision_id", "revisions", "id")],
        strict=True,
    )
    figures.create_index(["revision_id"])


@migrations()
def m014_search(db: Database) -> None:
    """The full-text index, built at once for what is stored already."""
    names = ", ".join(COLUMNS)
    # ascii: our own folding leaves nothing but syllables and blanks, each letter beyond ASCII part of one.
    db.execute(f"CREATE VIRTUAL TABLE search USING fts5({names}, content='', tokenize='ascii')")
    rebuild(db.conn)


@migrations()
def m015_sightings(db: Database) -> None:
    """Which ways of finding showed each link, and when; how far listings were read; backfills."""
    showings = _table(db, "showings").create(
        {"id": int, "source": str, "kind": str, "url": str},
        pk="id",
        not_null={"source", "kind", "url"},
        strict=True,
    )
    showings.create_index(["source", "kind", "url"], unique=True)
    # Seconds since 1970 rather than texts, because there are several rows a link.
    db.execute(
        "CREATE TABLE sightings (link_id INTEGER NOT NULL REFERENCES links (id),"
        " showing_id INTEGER NOT NULL REFERENCES showings (id), first_seen INTEGER NOT NULL,"
        " last_seen INTEGER NOT NULL, PRIMARY KEY (link_id, showing_id)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX sightings_by_showing ON sightings (showing_id)")
    db.execute(
        "INSERT INTO showings (source, kind, url) SELECT DISTINCT source, found_in, found_at FROM links"
    )
    db.execute(
        "INSERT INTO sightings SELECT l.id, s.id, unixepoch(l.first_seen), unixepoch(l.last_seen)"
        " FROM links AS l JOIN showings AS s"
        " ON s.source = l.source AND s.kind = l.found_in AND s.url = l.found_at"
    )
    _table(db, "polls").add_column("settled_at", str)  # null: never read on to known ground
    db.execute("UPDATE polls SET settled_at = asked_at WHERE links >= 0")
    db.execute("CREATE INDEX links_backfill ON links (source, state) WHERE found_in = 'backfill'")
    _make_backfills(db)


def _make_backfills(db: Database) -> None:
    backfills = _table(db, "backfills").create(
        {
            "id": int,
            "source": str,
            "since": str,
            "until": str,  # null: up to now
            "begun_at": str,
            "ended_at": str,  # null: not at its end yet
        },
        pk="id",
        not_null={"source", "since", "begun_at"},
        strict=True,
    )
    backfills.create_index(["source", "id"])
    places = _table(db, "backfill_places").create(
        {
            "id": int,
            "backfill_id": int,
            "kind": str,
            "url": str,
            "depth": int,  # pages or indexes above it
            "outcome": str,  # null: still to be read
            "links": int,
        },
        pk="id",
        not_null={"backfill_id", "kind", "url", "depth", "links"},
        foreign_keys=[("backfill_id", "backfills", "id")],
        strict=True,
    )
    places.create_index(["backfill_id", "url"], unique=True)


@migrations()
def m016_politeness_and_looks(db: Database) -> None:
    """Hosts that asked for a pause, requests a day, and when each article is looked at again."""
    _table(db, "hosts").create(
        {"host": str, "paused_until": str, "reason": str},
        pk="host",
        not_null={"paused_until", "reason"},
        strict=True,
    )
    _table(db, "robots").create(
        {"host": str, "body": str, "asked_at": str},  # body: "" where there is none
        pk="host",
        not_null={"body", "asked_at"},
        strict=True,
    )
    _table(db, "traffic").create(
        {"source": str, "day": str, "requests": int, "bytes": int},  # day: YYYY-MM-DD in Vietnam
        pk=("source", "day"),
        not_null={"requests", "bytes"},
        strict=True,
    )
    _table(db, "looks").create(
        {
            "article_id": int,
            "source": str,
            "looked": int,  # steps of the schedule that are done
            "due_at": str,  # null: never again
            "etag": str,
            "last_modified": str,
            "missing": int,  # looks in a row that found nothing there
            "returned": int,  # looks in a row that found an earlier text again
        },
        pk="article_id",
        not_null={"source", "looked", "missing", "returned"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    db.execute("CREATE INDEX looks_due ON looks (source, due_at) WHERE due_at IS NOT NULL")
    # Articles of the last three weeks are looked at at once; older ones change no more.
    db.execute(
        "INSERT INTO looks (article_id, source, looked, due_at, missing, returned)"
        " SELECT id, source, 0, first_fetched_at, 0, 0 FROM articles WHERE julianday(first_fetched_at)"
        " > (SELECT max(julianday(first_fetched_at)) FROM articles) - 21"
    )
    # When the text last changed so much that a verdict on it may not hold; null: never.
    _table(db, "articles").add_column("material_at", str)
    db.execute("UPDATE articles SET material_at = changed_at")


@migrations()
def m017_applied(db: Database) -> None:
    """Which rules all articles are judged by, and which were kept or changed since."""
    _table(db, "applied").create(
        {"rule": str, "version": str, "at": str}, pk="rule", not_null={"version", "at"}, strict=True
    )
    # More than one row of an article does no harm; a new one must never get an earlier number.
    _table(db, "unsettled").create(
        {"id": int, "article_id": int}, pk="id", not_null={"article_id"}, strict=True
    )


@migrations()
def m018_aside(db: Database) -> None:
    """How much of the ledger is taken up by what listings show besides articles."""
    db.execute(
        "CREATE INDEX links_aside ON links (source, first_seen) WHERE"
        " state IN ('refused', 'foreign') AND fresh_as_of IS NULL AND (found_in IN ('listing', 'backfill')"
        " OR reason IN ('calendar', 'too-deep', 'endless-queries', 'endless-paths'))"
    )


@migrations()
def m019_trials(db: Database) -> None:
    """How often each place of a backfill was tried in vain, and why; who lied of being unchanged."""
    places = _table(db, "backfill_places")
    places.add_column("attempts", int, not_null_default=0)
    places.add_column("trouble", str)  # of the last attempt; null: none was in vain
    _table(db, "polls").add_column("lied_at", str)  # null: no lie is known
    _table(db, "hosts").add_column("paused_at", str)  # when it asked for the pause; null: unknown


@migrations()
def m026_batches_and_scores(db: Database) -> None:
    """Who decided, decisions made together, and the score that the queue is ordered by."""
    _table(db, "batches").create(
        {
            "id": int,
            "decision": str,
            "note": str,
            "by": str,  # null: nobody said who they are
            "at": str,
            "chosen": str,  # the address of the list, or null: rows chosen one by one
            "written": int,
            "undone_at": str,  # null: not taken back as a whole
        },
        pk="id",
        not_null={"decision", "at", "written"},
        strict=True,
    )
    _table(db, "verdicts").add_column("by", str)
    db.execute("ALTER TABLE verdicts ADD COLUMN batch_id INTEGER REFERENCES batches (id)")
    db.execute("CREATE INDEX verdicts_batch ON verdicts (batch_id, id) WHERE batch_id IS NOT NULL")
    db.execute("CREATE INDEX verdicts_single ON verdicts (id) WHERE batch_id IS NULL AND decision <> 'undo'")
    _table(db, "articles").add_column("score", float, not_null_default=0.0)  # of the primary flags
    db.execute(
        "UPDATE articles SET score = (SELECT coalesce(sum(best), 0.0) FROM"
        " (SELECT max(f.score) AS best FROM revisions AS r JOIN flags AS f ON f.revision_id = r.id"
        " WHERE r.article_id = articles.id AND r.number = articles.revision AND f.level = 'primary'"
        " GROUP BY f.rule)) WHERE flagged = 1"
    )
    db.execute("CREATE INDEX articles_by_score ON articles (score, dated_at, id) WHERE flagged = 1")
    db.execute(
        "CREATE INDEX articles_by_score_of_source ON articles (source, score, dated_at, id) WHERE flagged = 1"
    )


@migrations()
def m027_events(db: Database) -> None:
    """What became of articles and their flags, and when; which places of a proof only count together."""
    _table(db, "flags").add_column("together", str, not_null_default="[]")  # JSON list of [start, end]
    events = _table(db, "events").create(
        {
            "id": int,
            "article_id": int,
            "at": str,
            "kind": str,
            "rule": str,  # this and what follows: of flags only
            "label": str,
            "version": str,
            "level": str,
        },
        pk="id",
        not_null={"article_id", "at", "kind"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    events.create_index(["article_id", "id"])
    db.execute(
        "INSERT INTO events (article_id, at, kind, rule, label, version, level)"
        " SELECT a.id, min(f.flagged_at), 'flagged', f.rule, f.label, f.version, f.level"
        " FROM flags AS f CROSS JOIN revisions AS r ON r.id = f.revision_id"
        " CROSS JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number"
        " GROUP BY a.id, f.rule ORDER BY min(f.flagged_at), a.id"
    )
    db.execute(
        "INSERT INTO events (article_id, at, kind)"
        " SELECT id, gone_at, 'gone' FROM articles WHERE gone_at IS NOT NULL"
    )


@migrations()
def m022_searches(db: Database) -> None:
    """Searches that people saved under a name."""
    searches = _table(db, "searches").create(
        {
            "id": int,
            "name": str,
            "query": str,
            "filters": str,  # JSON object: what else must hold, as the search page's address says it
            "made_at": str,
        },
        pk="id",
        not_null={"name", "query", "filters", "made_at"},
        strict=True,
    )
    searches.create_index(["name"], unique=True)


@migrations()
def m023_standing_and_rules(db: Database) -> None:
    """The verdict that counts of each article, and which rules flag it in which order, kept by triggers.

    Both only repeat what verdicts, flags and articles say. Who makes one of those tables anew, as
    `transform` does, must make its triggers anew. No other trigger may read them: which comes first is open.
    """
    for statement in _STANDS + _FLAGGED_BY:
        db.execute(statement)


# Said a third time, beside storage/cases.py: the text changed since, and somebody may want to know.
_CHANGED = "coalesce(a.material_at > v.at AND (a.flagged = 1 OR v.decision <> 'drop'), 0)"
_STANDING = (
    f"SELECT v.article_id, v.id, v.decision, v.at, {_CHANGED}, a.dated_at FROM in_force AS v"
    " CROSS JOIN articles AS a ON a.id = v.article_id"
)
_STANDS = (
    "CREATE TABLE stands (article_id INTEGER PRIMARY KEY REFERENCES articles (id),"
    " verdict_id INTEGER NOT NULL REFERENCES verdicts (id), decision TEXT NOT NULL, at TEXT NOT NULL,"
    " changed INTEGER NOT NULL, dated_at TEXT NOT NULL) STRICT",
    f"INSERT INTO stands {_STANDING} WHERE v.id = (SELECT max(id) FROM in_force AS other"
    " WHERE other.article_id = v.article_id)",
    "CREATE INDEX stands_in_order ON stands (changed, decision, dated_at, article_id)",
    "CREATE TRIGGER verdicts_stand AFTER INSERT ON verdicts BEGIN"
    " DELETE FROM stands WHERE article_id = NEW.article_id;"
    f" INSERT INTO stands {_STANDING} WHERE v.article_id = NEW.article_id ORDER BY v.id DESC LIMIT 1;"
    " END",
    "CREATE TRIGGER articles_change AFTER UPDATE OF dated_at, material_at, flagged ON articles BEGIN"
    f" UPDATE stands SET dated_at = NEW.dated_at, changed = (SELECT {_CHANGED}"
    " FROM verdicts AS v, articles AS a WHERE v.id = stands.verdict_id AND a.id = NEW.id)"
    " WHERE article_id = NEW.id;"
    " END",
)
_OF_NEWEST = (
    "SELECT f.rule, a.dated_at, a.id, max(f.level) FROM flags AS f"
    " CROSS JOIN revisions AS r ON r.id = f.revision_id"
    " CROSS JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number"
)
_FLAGGED_BY = (
    # level: "primary" where any flag of the rule is; "mention" sorts before it
    "CREATE TABLE flagged_by (rule TEXT NOT NULL, dated_at TEXT NOT NULL, article_id INTEGER NOT NULL"
    " REFERENCES articles (id), level TEXT NOT NULL, PRIMARY KEY (rule, dated_at, article_id))"
    " STRICT, WITHOUT ROWID",
    f"INSERT INTO flagged_by {_OF_NEWEST} GROUP BY f.rule, a.id",
    "CREATE INDEX flagged_by_primary ON flagged_by (rule, dated_at, article_id) WHERE level = 'primary'",
    "CREATE TRIGGER flags_added AFTER INSERT ON flags BEGIN"
    f" INSERT OR REPLACE INTO flagged_by {_OF_NEWEST}"
    " WHERE f.revision_id = NEW.revision_id AND f.rule = NEW.rule GROUP BY f.rule;"
    " END",
    "CREATE TRIGGER flags_removed AFTER DELETE ON flags BEGIN"
    " DELETE FROM flagged_by WHERE (rule, dated_at, article_id) = (SELECT OLD.rule, a.dated_at, a.id"
    " FROM revisions AS r CROSS JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number"
    " WHERE r.id = OLD.revision_id);"
    f" INSERT INTO flagged_by {_OF_NEWEST}"
    " WHERE f.revision_id = OLD.revision_id AND f.rule = OLD.rule GROUP BY f.rule;"
    " END",
    "CREATE TRIGGER articles_moved AFTER UPDATE OF dated_at, revision ON articles"
    " WHEN NEW.dated_at <> OLD.dated_at OR NEW.revision <> OLD.revision BEGIN"
    " DELETE FROM flagged_by WHERE dated_at = OLD.dated_at AND article_id = OLD.id AND rule IN"
    " (SELECT rule FROM revisions AS r CROSS JOIN flags AS f ON f.revision_id = r.id"
    " WHERE r.article_id = OLD.id AND r.number = OLD.revision);"
    " INSERT INTO flagged_by SELECT rule, NEW.dated_at, NEW.id, max(level) FROM revisions AS r"
    " CROSS JOIN flags AS f ON f.revision_id = r.id"
    " WHERE r.article_id = NEW.id AND r.number = NEW.revision GROUP BY rule;"
    " END",
)


@migrations()
def m020_stories(db: Database) -> None:
    """Sketches of texts, by which copies are found, and the stories that copies make."""
    _table(db, "sketches").create(
        {"article_id": int, "version": int, "period": int},  # a row for each article whose bands stand below
        pk="article_id",
        not_null={"version", "period"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    # By period first, so that what is written now lies together, and a lookup stays within its window.
    db.execute(
        "CREATE TABLE bands (period INTEGER NOT NULL, band INTEGER NOT NULL, article_id INTEGER NOT NULL,"
        " PRIMARY KEY (period, band, article_id)) STRICT, WITHOUT ROWID"
    )
    db.execute(  # each pair twice, once from either side
        "CREATE TABLE copies (article_id INTEGER NOT NULL REFERENCES articles (id),"
        " other_id INTEGER NOT NULL REFERENCES articles (id),"
        " PRIMARY KEY (article_id, other_id)) STRICT, WITHOUT ROWID"
    )
    # Only articles that have copies; a story bears the number of its earliest one.
    stories = _table(db, "stories").create(
        {"article_id": int, "story_id": int},
        pk="article_id",
        not_null={"story_id"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    stories.create_index(["story_id"])


@migrations()
def m024_raised(db: Database) -> None:
    """What people raised by hand, what they saw of random samples, and how near unflagged articles came."""
    raised = _table(db, "raised").create(
        {
            "id": int,
            "article_id": int,
            "rule": str,  # the topic it belongs to; null: none was named
            "note": str,
            "at": str,
            "lowered_at": str,  # null: it stands
        },
        pk="id",
        not_null={"article_id", "at"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    raised.create_index(["article_id", "id"])
    db.execute("CREATE UNIQUE INDEX raised_standing ON raised (article_id) WHERE lowered_at IS NULL")
    sampled = _table(db, "sampled").create(
        {
            "id": int,
            "article_id": int,
            "missed": int,  # 1: it should have been flagged
            "at": str,
            "undone_at": str,  # null: it stands
        },
        pk="id",
        not_null={"article_id", "missed", "at"},
        foreign_keys=[("article_id", "articles", "id")],
        strict=True,
    )
    sampled.create_index(["at"])
    db.execute("CREATE UNIQUE INDEX sampled_standing ON sampled (article_id) WHERE undone_at IS NULL")
    # The scores of the rules it mentions; null: it mentions none, or is about one.
    _table(db, "articles").add_column("near", float)
    db.execute(
        "UPDATE articles SET near = n.near FROM (SELECT r.article_id, sum(f.score) AS near FROM"
        " (SELECT revision_id, rule, max(score) AS score FROM flags GROUP BY 1, 2"
        " HAVING level = 'mention') AS f"
        " JOIN revisions AS r ON r.id = f.revision_id JOIN articles AS a"
        " ON a.id = r.article_id AND a.revision = r.number WHERE a.flagged = 0 GROUP BY 1) AS n"
        " WHERE articles.id = n.article_id"
    )
    db.execute("CREATE INDEX articles_near ON articles (near, dated_at, id) WHERE near IS NOT NULL")


@migrations()
def m025_days(db: Database) -> None:
    """What was found, read, flagged and decided by day, and on which days papers were crawled."""
    install(db.conn)


@migrations()
def m033_history_and_exports(db: Database) -> None:
    """What revisions and flags were before they became others, and what was exported under a name."""
    db.execute(  # changed_at and material_at: the article's, from this revision on
        "CREATE TABLE revision_times (revision_id INTEGER PRIMARY KEY REFERENCES revisions (id),"
        " kept_at TEXT NOT NULL, changed_at TEXT, material_at TEXT) STRICT"
    )
    db.execute(
        "CREATE TABLE former_flags (id INTEGER PRIMARY KEY, ended_at TEXT NOT NULL,"
        " revision_id INTEGER NOT NULL REFERENCES revisions (id), rule TEXT NOT NULL, label TEXT NOT NULL,"
        " version TEXT NOT NULL, field TEXT NOT NULL, spans TEXT NOT NULL, quote TEXT NOT NULL,"
        " weight REAL NOT NULL, flagged_at TEXT NOT NULL, level TEXT NOT NULL, score REAL NOT NULL,"
        " absent TEXT NOT NULL, excluded TEXT NOT NULL, together TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX former_flags_revision ON former_flags (revision_id)")
    db.execute(
        "CREATE TABLE former_surroundings (id INTEGER PRIMARY KEY, ended_at TEXT NOT NULL,"
        " revision_id INTEGER NOT NULL REFERENCES revisions (id), images TEXT NOT NULL, url TEXT NOT NULL,"
        " section TEXT, tags TEXT NOT NULL, published_at TEXT, published_precision TEXT,"
        " published_from TEXT, updated_at TEXT, updated_precision TEXT, updated_from TEXT) STRICT"
    )
    db.execute("CREATE INDEX former_surroundings_revision ON former_surroundings (revision_id)")
    # Since when all that is remembered; no row: from the first article on.
    db.execute("CREATE TABLE history (begins_at TEXT NOT NULL) STRICT")
    db.execute(
        "INSERT INTO history SELECT strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')"
        " WHERE EXISTS (SELECT 1 FROM articles)"
    )
    db.execute(_REREAD_TIMES)
    _make_exports(db)


def _make_exports(db: Database) -> None:
    db.execute("CREATE TABLE export_series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
    db.execute(
        "CREATE TABLE exports (id INTEGER PRIMARY KEY,"
        " series_id INTEGER NOT NULL REFERENCES export_series (id), at TEXT NOT NULL, as_of TEXT NOT NULL,"
        " asked TEXT NOT NULL,"  # JSON object: the query as the manifest has it
        " folder TEXT NOT NULL,"  # absolute
        " manifest TEXT NOT NULL,"  # SHA-256 of manifest.json, hexadecimal
        # pending: its folder may be there or not; done; void: it never appeared; lost: it is not there
        " state TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX exports_of_series ON exports (series_id, state, id)")
    # Of an article the row of the newest export that is done counts, so that one row makes all of them true.
    db.execute(
        "CREATE TABLE exported (series_id INTEGER NOT NULL, article_id INTEGER NOT NULL,"
        " export_id INTEGER NOT NULL REFERENCES exports (id),"
        " digest BLOB,"  # of what was exported; null: withdrawn
        " PRIMARY KEY (series_id, article_id, export_id)) STRICT, WITHOUT ROWID"
    )


# Revisions that a page gave when it was read again bear that page's moment; events tell when that was, of
# as many as there were since events are written: the last revision belongs to the last event.
_REREAD_TIMES = """
    INSERT INTO revision_times
    SELECT r.id, e.at, CASE WHEN a.changed_at <= e.at THEN a.changed_at END,
           CASE WHEN a.material_at <= e.at THEN a.material_at END
    FROM (SELECT article_id, at, row_number() OVER (PARTITION BY article_id ORDER BY id DESC) AS place
          FROM events WHERE kind = 'reread') AS e
    JOIN (SELECT n.id, n.article_id,
                 row_number() OVER (PARTITION BY n.article_id ORDER BY n.number DESC) AS place
          FROM revisions AS n JOIN revisions AS p ON p.article_id = n.article_id AND p.number = n.number - 1
          WHERE p.fetched_at = n.fetched_at
            AND n.article_id IN (SELECT article_id FROM events WHERE kind = 'reread')) AS r
      ON r.article_id = e.article_id AND r.place = e.place
    JOIN articles AS a ON a.id = e.article_id
"""


@migrations()
def m032_upkeep(db: Database) -> None:
    """Pages that were let go and counted, pages by age, every backup that was tried, every upkeep."""
    _table(db, "revisions").add_column("page_let_go_at", str)  # null: its page is kept
    # An index would have to look at every page for its size; this is one that bears it.
    db.execute(
        "CREATE TABLE page_sizes (fetched_at TEXT NOT NULL, page_id INTEGER NOT NULL, source TEXT NOT NULL,"
        " bytes INTEGER NOT NULL, PRIMARY KEY (fetched_at, page_id)) STRICT, WITHOUT ROWID"
    )
    db.execute("INSERT INTO page_sizes SELECT fetched_at, id, source, length(body) FROM pages")
    db.execute(
        "CREATE TRIGGER page_sizes_added AFTER INSERT ON pages BEGIN"
        " INSERT INTO page_sizes VALUES (NEW.fetched_at, NEW.id, NEW.source, length(NEW.body)); END"
    )
    db.execute(
        "CREATE TRIGGER page_sizes_removed AFTER DELETE ON pages BEGIN"
        " DELETE FROM page_sizes WHERE fetched_at = OLD.fetched_at AND page_id = OLD.id; END"
    )
    let_go = _table(db, "let_go").create(
        {
            "id": int,
            "source": str,
            "at": str,
            "why": str,  # age, size
            "pages": int,
            "bytes": int,  # compressed
            "newest": str,  # when the newest of them was fetched
        },
        pk="id",
        not_null={"source", "at", "why", "pages", "bytes", "newest"},
        strict=True,
    )
    let_go.create_index(["source", "at", "why"], unique=True)
    _table(db, "backups").create(
        {
            "id": int,
            "at": str,
            "path": str,
            "scheduled": int,  # 1: one that [backup] asks for; 0: a person wanted a copy somewhere else
            "bytes": int,  # this and what follows: null unless it succeeded
            "counts": str,  # JSON object: rows by table, as counted in the copy
            "trouble": str,  # null: it was opened, checked and counted
        },
        pk="id",
        not_null={"at", "path", "scheduled"},
        strict=True,
    )
    _table(db, "upkeeps").create(
        {
            "id": int,
            "at": str,
            "ended_at": str,  # null: it runs, or was ended before its end
            "trouble": str,  # null: none
        },
        pk="id",
        not_null={"at"},
        strict=True,
    )


@migrations()
def m028_states(db: Database) -> None:
    """How well each source was, and since when: a row for every change, never edited."""
    states = _table(db, "states").create(
        {
            "id": int,
            "source": str,
            "at": str,
            "state": str,
            "before": str,  # null: nothing was known of it
            "cause": str,  # empty: nothing to complain of
            "kind": str,  # what was found, by its stable name; null: nothing
            "values": str,  # JSON object: what the cause is made of
        },
        pk="id",
        not_null={"source", "at", "state", "cause", "values"},
        strict=True,
    )
    states.create_index(["source", "id"])


@migrations()
def m029_journal(db: Database) -> None:
    """What happened and stands nowhere else: starts, stops, configurations, backups, notices."""
    _table(db, "journal").create(
        {
            "id": int,
            "at": str,
            "kind": str,
            "source": str,  # null: it concerns no source
            "said": str,  # one English line
            "values": str,  # JSON object
        },
        pk="id",
        not_null={"at", "kind", "said", "values"},
        strict=True,
    )
    # Asked with every tick: after a year the whole of it is long.
    _table(db, "traffic").create_index(["day"])


@migrations()
def m030_notices(db: Database) -> None:
    """What each channel is to tell, and has told; how far it has looked at what happened."""
    _table(db, "channels").create(
        {
            "name": str,
            "begun_at": str,  # what happened before is never told there
            "event": int,  # newest row of events that was looked at
            "state": int,  # newest row of states that was looked at
            "digest_at": str,  # the hour of the last digest that was sent, or had nothing to tell
            "weekly_at": str,
        },
        pk="name",
        not_null={"begun_at", "event", "state", "digest_at", "weekly_at"},
        strict=True,
    )
    notices = _table(db, "notices").create(
        {
            "id": int,
            "channel": str,
            "subject": str,  # "case:17", "changed:17:MOMENT", "state:4", "lost:9": never twice in one channel
            "kind": str,  # new, changed, state, lost
            "article_id": int,  # null: of no article
            "state_id": int,  # null: of no change of state
            "lost_id": int,  # delivery to another channel that never arrived; null: of none
            "rule": str,  # the heaviest; null: of no article
            "weight": float,
            "urgent": int,  # 1: it does not wait for a digest
            "late": int,  # 1: an old article that was found, or flagged, only now
            "noted_at": str,
            "fate": str,  # null: to be told; told, or why it never was
            "delivery_id": int,  # that told it; null: none
        },
        pk="id",
        not_null={"channel", "subject", "kind", "weight", "urgent", "late", "noted_at"},
        strict=True,
    )
    notices.create_index(["channel", "subject"], unique=True)
    notices.create_index(["delivery_id"])
    notices.create_index(["article_id", "channel"])
    db.execute("CREATE INDEX notices_pending ON notices (channel, kind, urgent) WHERE fate IS NULL")


@migrations()
def m031_deliveries(db: Database) -> None:
    """Messages on their way: written before they are sent, tried again under the same key."""
    deliveries = _table(db, "deliveries").create(
        {
            "id": int,
            "key": str,  # the same at every attempt: receivers know doubles by it
            "channel": str,
            "kind": str,
            "made_at": str,
            "subject": str,
            "content": str,  # JSON; null: no longer needed
            "state": str,  # waiting, sending, sent, refused, given-up
            "attempts": int,
            "next_attempt": str,  # null: none
            "trouble": str,  # of the last attempt; null: none
            "ended_at": str,  # null: not yet
            "remaining": str,  # JSON list of those who still have to get it; null: everybody
        },
        pk="id",
        not_null={"key", "channel", "kind", "made_at", "subject", "state", "attempts"},
        strict=True,
    )
    deliveries.create_index(["key"], unique=True)
    deliveries.create_index(["channel", "kind", "made_at"])
    db.execute(
        "CREATE INDEX deliveries_open ON deliveries (channel, id) WHERE state IN ('waiting', 'sending')"
    )
    db.execute(
        "CREATE INDEX deliveries_failed ON deliveries (ended_at) WHERE state IN ('refused', 'given-up')"
    )


@migrations()
def m034_complaints(db: Database) -> None:
    """What is wrong with the store itself, and since when: told like papers that fall ill."""
    _table(db, "complaints").create(
        {
            "id": int,
            "kind": str,  # stable name of what is wrong
            "said": str,  # one English sentence with an advice, as it was when it began
            "values": str,  # JSON object: what the sentence is made of
            "begun_at": str,
            "ended_at": str,  # null: it lasts
        },
        pk="id",
        not_null={"kind", "said", "values", "begun_at"},
        strict=True,
    )
    db.execute("CREATE UNIQUE INDEX complaints_open ON complaints (kind) WHERE ended_at IS NULL")
    _table(db, "notices").add_column("complaint_id", int)  # null: of no complaint of the store
