"""What is wrong with the store itself, such as its backups: a row while it lasts, and after."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, as_moment_or_none, clean, listed, moment
from storage.connection import Connection
from storage.records import Complaint


@dataclass(frozen=True, slots=True)
class Recorded:
    """A complaint, since when, and until when."""

    id: int
    complaint: Complaint  # as it was when it began
    begun_at: datetime
    ended_at: datetime | None  # None: it lasts


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look found to be otherwise than the look before."""

    begun: tuple[Complaint, ...] = ()
    ended: tuple[Complaint, ...] = ()


class Complaints:
    """The complaints table: at most one of a kind lasts at a time."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def see(self, found: Sequence[Complaint], now: datetime) -> Turn:
        """Record what began and what is over, now that these are all there are."""
        kinds = {one.kind for one in found}
        if kinds == {one.complaint.kind for one in self.open()}:
            return Turn()
        with self._db.write():
            lasting = {one.complaint.kind: one for one in self.open()}
            begun = tuple(one for one in found if one.kind not in lasting)
            ended = tuple(one for kind, one in lasting.items() if kind not in kinds)
            self._begin(begun, now)
            self._end([one.id for one in ended], now)
        return Turn(begun, tuple(one.complaint for one in ended))

    def open(self) -> tuple[Recorded, ...]:
        """Those that last, in the order in which they began."""
        return tuple(
            map(_recorded, self._db.rows("SELECT * FROM complaints WHERE ended_at IS NULL ORDER BY id"))
        )

    def some(self, numbers: Collection[int]) -> tuple[Recorded, ...]:
        """Those with these numbers."""
        sql = "SELECT * FROM complaints WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return tuple(map(_recorded, self._db.rows(sql, [listed(list(numbers))])))

    def _begin(self, begun: Sequence[Complaint], now: datetime) -> None:
        for one in begun:
            self._db.execute(
                'INSERT INTO complaints (kind, said, "values", begun_at) VALUES (?, ?, ?, ?)',
                [one.kind, clean(one.said), _json(one.values), moment(now)],
            )

    def _end(self, numbers: Sequence[int], now: datetime) -> None:
        for number in numbers:
            self._db.execute("UPDATE complaints SET ended_at = ? WHERE id = ?", [moment(now), number])


def _json(values: Mapping[str, str | int | float]) -> str:
    return clean(json.dumps(dict(values), ensure_ascii=False))


def _recorded(row: Row) -> Recorded:
    return Recorded(
        id=row["id"],
        complaint=Complaint(row["kind"], row["said"], json.loads(row["values"])),
        begun_at=as_moment(row["begun_at"]),
        ended_at=as_moment_or_none(row["ended_at"]),
    )
