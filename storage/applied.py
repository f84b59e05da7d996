"""Which rules all articles are judged by, and which articles were kept or changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.columns import clean, moment
from storage.connection import Connection


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Articles that were kept, or changed otherwise than by a reflag, since the last whole one."""

    upto: int  # what `settle` is given, so that what is kept meanwhile stays unsettled
    articles: frozenset[int]


class Applied:
    """The applied and unsettled tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def versions(self) -> dict[str, str]:
        """Each rule that all stored articles are judged by, with its version; empty: nothing is known."""
        return {row["rule"]: row["version"] for row in self._db.rows("SELECT rule, version FROM applied")}

    def unsettled(self) -> Unsettled:
        """What was kept or changed since the last whole reflag."""
        rows = self._db.rows("SELECT id, article_id FROM unsettled")
        return Unsettled(max((row[0] for row in rows), default=0), frozenset(row[1] for row in rows))

    def withdraw(self, rules: Iterable[str]) -> None:
        """From now on articles may bear flags of other versions of these rules."""
        with self._db.write():
            for rule in rules:
                self._db.execute("DELETE FROM applied WHERE rule = ?", [clean(rule)])

    def begin_anew(self) -> None:
        """Every article is about to be judged: nothing is known until `settle`."""
        with self._db.write():
            self._db.execute("DELETE FROM applied")
            self._db.execute("DELETE FROM unsettled")

    def settle(self, versions: Mapping[str, str], upto: int, now: datetime) -> None:
        """All stored articles are judged by these rules, but those kept after `upto`."""
        with self._db.write():
            self._db.execute("DELETE FROM applied")
            for rule, version in versions.items():
                self._db.execute("INSERT INTO applied VALUES (?, ?, ?)", [clean(rule), version, moment(now)])
            self._db.execute("DELETE FROM unsettled WHERE id <= ?", [upto])


def unsettle(db: Connection, article_id: int) -> None:
    """Say that an article was kept or changed, within the transaction that does it."""
    db.execute("INSERT INTO unsettled (article_id) VALUES (?)", [article_id])
