"""The tables that count by day, kept right by triggers: what m025 makes, never edited once released."""

from __future__ import annotations

from typing import Any

from storage.connection import Connection

# Vietnam's day; a date that the calendar cannot hold after seven more hours stays where it is.
_DAY = "coalesce(date({0}, '+7 hours'), substr({0}, 1, 10))"
_OPEN = "('new', 'failed', 'gone')"  # states of a link that may be, or was, an article


def _day(moment: str) -> str:
    return _DAY.format(moment)


def _link_day(row: str) -> str:
    return _day(f"coalesce({row}.dated_at, {row}.first_seen)")


def _more(column: str, day: str, source: str) -> str:
    return (
        f"INSERT INTO days (day, source, {column}) VALUES ({day}, {source}, 1)"
        f" ON CONFLICT (day, source) DO UPDATE SET {column} = {column} + 1"
    )


def _less(column: str, day: str, source: str) -> str:
    return f"UPDATE days SET {column} = {column} - 1 WHERE day = {day} AND source = {source}"


# What a rule or a person says somebody is to decide on; what was decided stays counted. Asked of the verdicts
# themselves: what other triggers make of them may not be there yet.
_CASE = f"""
    SELECT id, day, source, decision FROM (
        SELECT a.id, {_day("a.dated_at")} AS day, a.source, a.flagged,
               (SELECT v.decision FROM in_force AS v WHERE v.article_id = a.id ORDER BY v.id DESC LIMIT 1)
               AS decision
        FROM articles AS a WHERE {{}})
    WHERE flagged = 1 OR decision IS NOT NULL
"""


def _recounted(article_id: str) -> str:
    return (
        f"DELETE FROM cases_by_day WHERE article_id = {article_id};"
        f" INSERT INTO cases_by_day {_CASE.format(f'a.id = {article_id}')}"
    )


_TABLES = (
    # read: articles of that day; unread: links of that day that gave none yet; crawls by how they ended.
    "CREATE TABLE days (day TEXT NOT NULL, source TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0,"
    " unread INTEGER NOT NULL DEFAULT 0, crawled INTEGER NOT NULL DEFAULT 0,"
    " troubled INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, source)) STRICT, WITHOUT ROWID",
    "CREATE TABLE unread (link_id INTEGER PRIMARY KEY, day TEXT NOT NULL, source TEXT NOT NULL) STRICT",
    # decision: null while nobody has decided.
    "CREATE TABLE cases_by_day (article_id INTEGER PRIMARY KEY, day TEXT NOT NULL, source TEXT NOT NULL,"
    " decision TEXT) STRICT",
    "CREATE INDEX cases_by_day_sums ON cases_by_day (day, source, decision)",
    # The rules that flag an article's newest revision as being about their topic.
    "CREATE TABLE topics (article_id INTEGER NOT NULL, rule TEXT NOT NULL, label TEXT NOT NULL,"
    " PRIMARY KEY (article_id, rule)) STRICT, WITHOUT ROWID",
)

_TRIGGERS = {
    "days_article": "AFTER INSERT ON articles"
    f" BEGIN {_more('read', _day('NEW.dated_at'), 'NEW.source')}; END",
    "days_article_moved": f"AFTER UPDATE OF dated_at ON articles"
    f" WHEN {_day('OLD.dated_at')} <> {_day('NEW.dated_at')}"
    f" BEGIN {_less('read', _day('OLD.dated_at'), 'OLD.source')};"
    f" {_more('read', _day('NEW.dated_at'), 'NEW.source')}; END",
    "days_article_gone": f"AFTER DELETE ON articles"
    f" BEGIN {_less('read', _day('OLD.dated_at'), 'OLD.source')};"
    f" DELETE FROM cases_by_day WHERE article_id = OLD.id; END",
    "cases_article": f"AFTER INSERT ON articles WHEN NEW.flagged = 1 BEGIN {_recounted('NEW.id')}; END",
    "cases_article_changed": f"AFTER UPDATE OF flagged, dated_at ON articles"
    f" WHEN OLD.flagged <> NEW.flagged OR OLD.dated_at <> NEW.dated_at BEGIN {_recounted('NEW.id')}; END",
    "cases_verdict": f"AFTER INSERT ON verdicts BEGIN {_recounted('NEW.article_id')}; END",
    "topics_flag": "AFTER INSERT ON flags WHEN NEW.level = 'primary' BEGIN"
    " INSERT INTO topics SELECT article_id, NEW.rule, NEW.label FROM revisions WHERE id = NEW.revision_id"
    " ON CONFLICT (article_id, rule) DO UPDATE SET label = excluded.label; END",
    "topics_flag_gone": "AFTER DELETE ON flags BEGIN DELETE FROM topics WHERE rule = OLD.rule"
    " AND article_id = (SELECT article_id FROM revisions WHERE id = OLD.revision_id); END",
    "topics_revised": "AFTER UPDATE OF revision ON articles WHEN OLD.revision <> NEW.revision"
    " BEGIN DELETE FROM topics WHERE article_id = NEW.id; END",
    "unread_link": f"AFTER INSERT ON links WHEN NEW.state IN {_OPEN}"
    f" BEGIN INSERT INTO unread VALUES (NEW.id, {_link_day('NEW')}, NEW.source); END",
    "unread_link_settled": "AFTER UPDATE OF state ON links WHEN NEW.state IN ('kept', 'refused', 'foreign')"
    " BEGIN DELETE FROM unread WHERE link_id = NEW.id; END",
    # A link that was refused and is open again; one that was kept has its article, whatever becomes of it.
    "unread_link_anew": f"AFTER UPDATE OF state ON links"
    f" WHEN OLD.state IN ('refused', 'foreign') AND NEW.state IN {_OPEN}"
    f" AND NOT EXISTS (SELECT 1 FROM articles WHERE key = NEW.key)"
    f" BEGIN INSERT INTO unread VALUES (NEW.id, {_link_day('NEW')}, NEW.source); END",
    "unread_link_moved": f"AFTER UPDATE OF dated_at ON links WHEN {_link_day('OLD')} <> {_link_day('NEW')}"
    f" BEGIN UPDATE unread SET day = {_link_day('NEW')} WHERE link_id = NEW.id; END",
    "days_unread": f"AFTER INSERT ON unread BEGIN {_more('unread', 'NEW.day', 'NEW.source')}; END",
    "days_unread_settled": f"AFTER DELETE ON unread BEGIN {_less('unread', 'OLD.day', 'OLD.source')}; END",
    "days_unread_moved": f"AFTER UPDATE OF day ON unread"
    f" BEGIN {_less('unread', 'OLD.day', 'OLD.source')}; {_more('unread', 'NEW.day', 'NEW.source')}; END",
    # A later word on how a crawl ended replaces the earlier one.
    "days_crawled": f"AFTER UPDATE OF outcome ON runs WHEN OLD.outcome <> 'done' AND NEW.outcome = 'done'"
    f" BEGIN {_more('crawled', _day('NEW.started_at'), 'NEW.source')}; END",
    "days_crawled_not": f"AFTER UPDATE OF outcome ON runs WHEN OLD.outcome = 'done' AND NEW.outcome <> 'done'"
    f" BEGIN {_less('crawled', _day('NEW.started_at'), 'NEW.source')}; END",
    "days_troubled": f"AFTER UPDATE OF outcome ON runs"
    f" WHEN OLD.outcome IN ('running', 'done') AND NEW.outcome NOT IN ('running', 'done')"
    f" BEGIN {_more('troubled', _day('NEW.started_at'), 'NEW.source')}; END",
    "days_troubled_not": f"AFTER UPDATE OF outcome ON runs"
    f" WHEN OLD.outcome NOT IN ('running', 'done') AND NEW.outcome IN ('running', 'done')"
    f" BEGIN {_less('troubled', _day('NEW.started_at'), 'NEW.source')}; END",
}

_READ = f"SELECT {_day('dated_at')} AS day, source, count(*) AS many FROM articles GROUP BY 1, 2"
_TOPICS = """
    SELECT a.id, f.rule, max(f.label) FROM flags AS f CROSS JOIN revisions AS r ON r.id = f.revision_id
    CROSS JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number
    WHERE f.level = 'primary' GROUP BY 1, 2
"""
_UNREAD = f"""
    SELECT id, {_link_day("l")} AS day, source FROM links AS l
    WHERE state IN {_OPEN} AND NOT EXISTS (SELECT 1 FROM articles WHERE key = l.key)
"""
_CRAWLED = f"SELECT {_day('started_at')} AS day, source, count(*) AS many FROM runs WHERE {{}} GROUP BY 1, 2"
_DONE, _TROUBLED = "outcome = 'done'", "outcome NOT IN ('done', 'running')"


OPEN_OF_LINK = _link_day("l")  # the day of a link `l` that gave no article
CRAWLED = _CRAWLED  # day, source and how many crawls; which ones fills its gap


def counted_anew() -> dict[str, str]:
    """SQL that tells what triggers keep from what it is made of: topics, cases_by_day, and what was read."""
    cases = _CASE.format("a.flagged = 1 OR a.id IN (SELECT article_id FROM verdicts)")
    return {"topics": _TOPICS, "cases_by_day": cases, "read": _READ}


def install(raw: Any) -> None:
    """Make the tables, fill them, and let triggers keep them right; within a migration's transaction."""
    for sql in _TABLES:
        raw.execute(sql)
    _fill(raw)
    for name, body in _TRIGGERS.items():
        raw.execute(f"CREATE TRIGGER {name} {body}")


def _fill(raw: Any) -> None:
    raw.execute(f"INSERT INTO unread {_UNREAD}")
    raw.execute(f"INSERT INTO topics {_TOPICS}")
    counted = {
        "read": _READ,
        "unread": "SELECT day, source, count(*) AS many FROM unread GROUP BY 1, 2",
        "crawled": _CRAWLED.format(_DONE),
        "troubled": _CRAWLED.format(_TROUBLED),
    }
    for column, sql in counted.items():
        raw.execute(
            f"INSERT INTO days (day, source, {column}) SELECT day, source, many FROM ({sql}) WHERE true"
            f" ON CONFLICT (day, source) DO UPDATE SET {column} = excluded.{column}"
        )
    raw.execute(f"INSERT INTO cases_by_day {_CASE.format('a.flagged = 1')}")
    decided = "a.flagged = 0 AND a.id IN (SELECT article_id FROM verdicts)"
    raw.execute(f"INSERT INTO cases_by_day {_CASE.format(decided)}")


def miscounted(db: Connection) -> tuple[str, ...]:
    """What the tables count otherwise than the articles, links and verdicts do, a line each."""
    anew = counted_anew()
    compared = {
        "days whose articles are miscounted": (
            "SELECT day, source, read FROM days WHERE read <> 0",
            f"SELECT day, source, many FROM ({anew['read']})",
        ),
        "links miscounted among those that gave no article": (
            f"SELECT link_id FROM unread WHERE link_id NOT IN (SELECT id FROM links WHERE state IN {_OPEN})"
            f" UNION ALL SELECT id FROM links WHERE state = 'new' AND fresh_as_of IS NULL"
            f" AND id NOT IN (SELECT link_id FROM unread)",
            "SELECT 0 WHERE false",
        ),
        "days whose unread links are miscounted": (
            "SELECT day, source, unread FROM days WHERE unread <> 0",
            "SELECT day, source, count(*) FROM unread GROUP BY 1, 2",
        ),
        "topics counted of articles that are not about them": ("SELECT * FROM topics", anew["topics"]),
        "cases counted under the wrong day or decision": (
            "SELECT article_id, day, source, decision FROM cases_by_day",
            anew["cases_by_day"],
        ),
    }
    found = {what: _difference(db, *pair) for what, pair in compared.items()}
    return tuple(f"{count} {what}" for what, count in found.items() if count)


def _difference(db: Connection, ours: str, theirs: str) -> int:
    both = [{tuple(row) for row in db.rows(sql)} for sql in (ours, theirs)]
    return len(both[0] ^ both[1])
