"""Hosts that asked for a pause, and the requests made to each source, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from storage.columns import as_moment, clean, moment
from storage.connection import Connection
from storage.records import Pause, Traffic

_UNSURE = timedelta(hours=1)  # a clock that is set back by less only makes pauses longer


class Hosts:
    """The hosts table: pauses that outlive the crawl that was asked for them."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def pause(self, host: str, pause: Pause, now: datetime) -> None:
        """Leave a host alone; a later end stands against an earlier one, but not one asked in the future."""
        with self._db.write():
            self._db.execute(
                "INSERT INTO hosts (host, paused_until, reason, paused_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (host) DO UPDATE SET reason = excluded.reason,"
                " paused_until = excluded.paused_until, paused_at = excluded.paused_at"
                " WHERE excluded.paused_until > hosts.paused_until OR hosts.paused_at > ?",
                [host, moment(pause.until), clean(pause.reason), moment(now), moment(now + _UNSURE)],
            )

    def paused(self, now: datetime) -> Mapping[str, Pause]:
        """The hosts that are to be left alone now, by authority.

        A pause that was asked for in the future was taken on a clock that was set back since: how long it
        still lasts nobody knows, and a host that means it will say so again.
        """
        rows = self._db.rows(
            "SELECT * FROM hosts WHERE paused_until > ? AND (paused_at IS NULL OR paused_at <= ?)",
            [moment(now), moment(now + _UNSURE)],
        )
        return {row["host"]: Pause(as_moment(row["paused_until"]), row["reason"]) for row in rows}


class RobotsTexts:
    """The robots.txt of hosts, so that not every poll asks for it."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def remember(self, host: str, body: str, now: datetime) -> None:
        """Keep what a host answered, in place of what was known."""
        with self._db.write():
            self._db.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", [host, clean(body), moment(now)]
            )

    def forget(self, host: str) -> None:
        """Ask anew the next time."""
        with self._db.write():
            self._db.execute("DELETE FROM robots WHERE host = ?", [host])

    def known(self, host: str, since: datetime, now: datetime) -> str | None:
        """What a host answered since then; None if it was not asked."""
        body = self._db.value(
            "SELECT body FROM robots WHERE host = ? AND asked_at BETWEEN ? AND ?",
            [host, moment(since), moment(now)],
        )
        return None if body is None else str(body)


class Traffics:
    """The traffic table; a day is `YYYY-MM-DD` in Vietnam."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, source: str, day: str, traffic: Traffic) -> None:
        """Count what was asked and answered."""
        with self._db.write():
            self._db.execute(
                "INSERT INTO traffic VALUES (?, ?, ?, ?) ON CONFLICT (source, day) DO UPDATE SET"
                " requests = requests + excluded.requests, bytes = bytes + excluded.bytes",
                [source, day, traffic.requests, traffic.bytes],
            )

    def of(self, day: str) -> Mapping[str, Traffic]:
        """What every source was asked on a day; sources that were not asked are left out."""
        rows = self._db.rows("SELECT * FROM traffic WHERE day = ?", [day])
        return {row["source"]: Traffic(row["requests"], row["bytes"]) for row in rows}

    def since(self, source: str, day: str) -> Traffic:
        """What a source was asked from that day on."""
        row = self._db.rows(
            "SELECT total(requests), total(bytes) FROM traffic WHERE source = ? AND day >= ?", [source, day]
        )[0]
        return Traffic(int(row[0]), int(row[1]))
