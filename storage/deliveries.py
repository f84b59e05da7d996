"""Messages on their way to people: written before they are sent, and kept until they were."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any, Literal

from storage.columns import as_moment, as_moment_or_none, clean, clean_or_none, listed, moment, moment_or_none
from storage.connection import Connection
from storage.errors import NoSuchDelivery

DeliveryKind = Literal["at-once", "digest", "sources", "weekly"]
DeliveryState = Literal[
    "waiting",  # for its first attempt, or the next
    "sending",  # an attempt is being made, or was by a process that vanished: then nobody knows
    "sent",
    "refused",  # for good, by whom it was sent to
    "given-up",  # tried for too long in vain
]
FAILED: tuple[DeliveryState, ...] = ("refused", "given-up")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one channel."""

    id: int  # 0: not in the store yet
    key: str  # the same at every attempt
    channel: str
    kind: DeliveryKind
    made_at: datetime
    subject: str
    content: Mapping[str, Any] | None  # as the webhook's JSON; None: sent, and no longer kept
    state: DeliveryState = "waiting"
    attempts: int = 0
    next_attempt: datetime | None = None  # None: none
    trouble: str | None = None  # of the last attempt; None: none
    ended_at: datetime | None = None  # None: not yet
    remaining: tuple[str, ...] | None = None  # who still has to get it; None: everybody


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to."""

    state: DeliveryState
    trouble: str | None = None
    next_attempt: datetime | None = None
    remaining: tuple[str, ...] | None = None


class Deliveries:
    """The deliveries table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, delivery: Delivery) -> int:
        """Put a message on its way; its number."""
        with self._db.write():
            cursor = self._db.execute(
                "INSERT INTO deliveries (key, channel, kind, made_at, subject, content, state, attempts,"
                " next_attempt) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?)",
                [
                    delivery.key,
                    delivery.channel,
                    delivery.kind,
                    moment(delivery.made_at),
                    clean(delivery.subject),
                    clean(json.dumps(delivery.content, ensure_ascii=False)),
                    moment(delivery.made_at),
                ],
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def get(self, number: int) -> Delivery:
        """The message of that number; NoSuchDelivery if there is none."""
        row = self._db.one("SELECT * FROM deliveries WHERE id = ?", [number])
        if row is None:
            raise NoSuchDelivery(self._db.path, number)
        return _delivery(row)

    def open(self) -> list[Delivery]:
        """All that wait, or are being sent; each channel's oldest first."""
        rows = self._db.rows(
            "SELECT * FROM deliveries WHERE state IN ('waiting', 'sending') ORDER BY channel, id"
        )
        return [_delivery(row) for row in rows]

    def newest(self, most: int, *, failed: bool = False) -> list[Delivery]:
        """The newest messages, newest first; `failed`: only those that never arrived."""
        where = "WHERE state IN ('refused', 'given-up')" if failed else ""
        return [
            _delivery(row)
            for row in self._db.rows(f"SELECT * FROM deliveries {where} ORDER BY id DESC LIMIT ?", [most])
        ]

    def made_since(self, channel: str, kinds: Sequence[DeliveryKind], since: datetime) -> list[datetime]:
        """When messages of these kinds were made for the channel after that moment, oldest first."""
        rows = self._db.rows(
            "SELECT made_at FROM deliveries WHERE channel = ? AND made_at > ?"
            " AND kind IN (SELECT value FROM json_each(?)) ORDER BY made_at",
            [channel, moment(since), listed(list(kinds))],
        )
        return [as_moment(row[0]) for row in rows]

    def is_failing(self, channel: str) -> bool:
        """Whether a message to the channel was tried in vain, and is to be tried again."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM deliveries"
            " WHERE channel = ? AND state IN ('waiting', 'sending') AND attempts > 0)"
        )
        return bool(self._db.value(sql, [channel]))

    def attempt(self, number: int) -> None:
        """An attempt is being made from now on."""
        with self._db.write():
            self._db.execute(
                "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?", [number]
            )

    def ended(self, number: int, result: Result, now: datetime) -> None:
        """What the attempt came to; what was sent need not be kept."""
        over = result.state in {"sent", *FAILED}
        with self._db.write():
            self._db.execute(
                "UPDATE deliveries SET state = ?, trouble = ?, next_attempt = ?, ended_at = ?, remaining = ?"
                " WHERE id = ?",
                [
                    result.state,
                    clean_or_none(result.trouble),
                    moment_or_none(result.next_attempt),
                    moment(now) if over else None,
                    None if result.remaining is None else listed(result.remaining),
                    number,
                ],
            )
            if result.state == "sent":
                self._db.execute("UPDATE deliveries SET content = NULL WHERE id = ?", [number])

    def again(self, number: int, now: datetime) -> None:
        """Try a message anew that never arrived; NoSuchDelivery if there is none of that number."""
        with self._db.write():
            self.get(number)
            self._db.execute(
                "UPDATE deliveries SET state = 'waiting', made_at = ?, attempts = 0, next_attempt = ?,"
                " ended_at = NULL WHERE id = ? AND state IN ('refused', 'given-up')",
                [moment(now), moment(now), number],
            )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        kind=row["kind"],
        made_at=as_moment(row["made_at"]),
        subject=row["subject"],
        content=json.loads(row["content"]) if row["content"] else None,
        state=row["state"],
        attempts=row["attempts"],
        next_attempt=as_moment_or_none(row["next_attempt"]),
        trouble=row["trouble"],
        ended_at=as_moment_or_none(row["ended_at"]),
        remaining=tuple(json.loads(row["remaining"])) if row["remaining"] else None,
    )
