"""The tables that count by day, the crawls and the states of sources as they were; see past.py.

Of links nothing tells when one was refused: what was open then and was refused since is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from storage.columns import moment
from storage.connection import Connection
from storage.daybook import CRAWLED, OPEN_OF_LINK, counted_anew

_COUNTS = ("read", "unread", "crawled", "troubled")


def count_back(reader: Connection, at: datetime) -> None:
    """Make a connection that `go_back` made answer these, too, as of that moment."""
    then = f"'{moment(at)}'"
    for statement in (*_crawls(then), *_counted(then)):
        reader.execute(statement)


def _crawls(then: str) -> Iterator[str]:
    """Runs that had begun, those not ended yet without what they found; changes of state recorded by then."""
    unended = {
        "ended_at": "NULL",
        "outcome": "'running'",
        "counts": "'{}'",
        "reasons": "'{}'",
        "ways": "'[]'",
    }
    unended |= {"trouble": "NULL", "readings": "NULL"}
    seen = ", ".join(
        f"CASE WHEN ended_at <= {then} THEN {name} ELSE {value} END AS {name}"
        for name, value in unended.items()
    )
    yield (
        f"CREATE TEMP VIEW runs AS SELECT id, source, started_at, pid, {seen} FROM main.runs"
        f" WHERE started_at <= {then}"
    )
    yield f"CREATE TEMP VIEW states AS SELECT * FROM main.states WHERE at <= {then}"


def _counted(then: str) -> Iterator[str]:
    anew = counted_anew()
    yield "CREATE TEMP TABLE topics (article_id INTEGER, rule TEXT, label TEXT)"
    yield f"INSERT INTO temp.topics {anew['topics']}"
    yield (
        "CREATE TEMP TABLE cases_by_day"
        " (article_id INTEGER PRIMARY KEY, day TEXT, source TEXT, decision TEXT)"
    )
    yield f"INSERT INTO temp.cases_by_day {anew['cases_by_day']}"
    yield "CREATE INDEX temp.topics_of_article ON topics (article_id, rule)"
    yield "CREATE INDEX temp.cases_in_order ON cases_by_day (day, source)"
    later = "SELECT key FROM main.articles WHERE id NOT IN (SELECT id FROM temp.articles)"
    yield (
        f"CREATE TEMP VIEW unread AS SELECT id AS link_id, {OPEN_OF_LINK} AS day, source FROM main.links AS l"
        f" WHERE first_seen <= {then} AND (id IN (SELECT link_id FROM main.unread)"
        f" OR key IN ({later}))"
    )
    yield (
        "CREATE TEMP TABLE days AS SELECT day, source,"
        + ", ".join(f" sum({name}) AS {name}" for name in _COUNTS)
        + f" FROM ({' UNION ALL '.join(_each(anew))}) GROUP BY day, source"
    )


def _each(anew: dict[str, str]) -> Iterator[str]:
    """Each count by itself, the others being none."""
    told = {
        "read": anew["read"],
        "unread": "SELECT day, source, count(*) AS many FROM temp.unread GROUP BY 1, 2",
        "crawled": CRAWLED.format("outcome = 'done'"),
        "troubled": CRAWLED.format("outcome NOT IN ('done', 'running')"),
    }
    for name, sql in told.items():
        counts = ", ".join(f"{'many' if one == name else 0} AS {one}" for one in _COUNTS)
        yield f"SELECT day, source, {counts} FROM ({sql})"
