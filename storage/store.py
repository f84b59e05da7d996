"""The store: one SQLite file, opened, migrated, and everything in it by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

from storage.applied import Applied
from storage.articles import Articles
from storage.aside import Aside
from storage.backfills import Backfills
from storage.backups import Backups, Upkeeps
from storage.batches import Batches
from storage.cases import Cases
from storage.channels import Channels
from storage.citations import Citations
from storage.columns import as_moment, as_moment_or_none
from storage.complaints import Complaints
from storage.connection import PATIENCE, Connection
from storage.counting import Counting
from storage.decisions import Decisions
from storage.deliveries import Deliveries
from storage.errors import StoreError
from storage.events import Events
from storage.exports import Exports
from storage.flags import Flags
from storage.hosts import Hosts, RobotsTexts, Traffics
from storage.journal import Journal
from storage.keeping import Keeping, keep
from storage.links import Links
from storage.looks import Looks
from storage.metering import Metering
from storage.notices import Notices
from storage.opening import Opening, open_connection
from storage.pages import Pages
from storage.past import go_back
from storage.pastdays import count_back
from storage.polls import Polls
from storage.raising import Raised
from storage.records import Kept
from storage.rereads import Rereads
from storage.retention import Retention
from storage.runs import Runs
from storage.sampling import Sampling
from storage.search import Search
from storage.searches import Searches
from storage.sightings import Sightings
from storage.states import States
from storage.stories import Stories
from storage.upkeep import Upkeep
from storage.verdicts import Verdicts

# Whatever changes a case; all but the last table grow at their end.
_NEWEST = """
    SELECT max(at) FROM (
        SELECT * FROM (SELECT fetched_at AS at FROM pages ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT * FROM (SELECT kept_at FROM revision_times ORDER BY revision_id DESC LIMIT 1)
        UNION ALL SELECT * FROM (SELECT at FROM verdicts ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT * FROM (SELECT at FROM events ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT * FROM (SELECT ended_at FROM former_flags ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT * FROM (SELECT ended_at FROM former_surroundings ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT max(at, coalesce(lowered_at, at)) FROM raised
    )
"""


class Store:
    """Everything that is kept. A Store belongs to one thread; any number of them may share one file."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.links = Links(connection)
        self.aside = Aside(connection)
        self.pages = Pages(connection)
        self.articles = Articles(connection)
        self.flags = Flags(connection)
        self.citations = Citations(connection)
        self.verdicts = Verdicts(connection)
        self.batches = Batches(connection)
        self.decisions = Decisions(connection)
        self.events = Events(connection)
        self.cases = Cases(connection)
        self.runs = Runs(connection)
        self.polls = Polls(connection)
        self.search = Search(connection)
        self.searches = Searches(connection)
        self.applied = Applied(connection)
        self.looks = Looks(connection)
        self.robots = RobotsTexts(connection)
        self.hosts = Hosts(connection)
        self.traffic = Traffics(connection)
        self.rereads = Rereads(connection, self.pages)
        self.sightings = Sightings(connection)
        self.backfills = Backfills(connection)
        self.stories = Stories(connection)
        self.raised = Raised(connection)
        self.sampling = Sampling(connection)
        self.counting = Counting(connection)
        self.exports = Exports(connection)
        self.backups = Backups(connection)
        self.upkeeps = Upkeeps(connection)
        self.complaints = Complaints(connection)
        self.retention = Retention(connection)
        self.upkeep = Upkeep(connection, self.retention)
        self.states = States(connection)
        self.channels = Channels(connection)
        self.notices = Notices(connection)
        self.deliveries = Deliveries(connection)
        self.metering = Metering(connection)
        self.journal = Journal(connection)

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, patience: float = PATIENCE, backup: bool = True
    ) -> Store:
        """The store at `path`, made if absent and `create`, its tables brought to today's.

        `patience` is how many seconds a writer waits for the others before StoreBusy. With `backup`, a
        store of an older diembao is copied beside itself before its tables are changed. Also raises
        NotAStore, NewerStore, StoreMissing, StoreReadOnly, StoreFull, StoreDamaged.
        """
        return cls(open_connection(path, Opening(create, patience, backup)))

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._db.path

    def last_written(self) -> datetime | None:
        """When the newest text, flag, decision or raise came or went; None for a store without any."""
        newest = self._db.value(_NEWEST)
        return as_moment(newest) if newest else None

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """A store of one moment, however much is asked of it and is written meanwhile; it only reads.

        Within a write or another snapshot it is this one, which sees one moment already. The write-ahead log
        cannot be emptied as long as it is open: it grows by what is written.
        """
        if self._db.raw.in_transaction:
            yield self
            return
        with self._db.holding() as reader:
            yield Store(reader)

    @contextmanager
    def then(self, at: datetime, *, days: bool = False) -> Iterator[Store]:
        """A snapshot of what was known at that moment, as far as the past was recorded; see storage/past.py.

        Links and pages are those of now; runs, states of sources and counts by day, too, unless `days`.
        """
        with self._db.holding() as reader:
            go_back(reader, at)
            if days:
                count_back(reader, at)
            yield Store(reader)

    def recorded_since(self) -> datetime | None:
        """Since when the past is recorded in full; None: from the first article on."""
        return as_moment_or_none(self._db.value("SELECT begins_at FROM history"))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self) -> None:
        """Read a little; a StoreError says why the store does not answer."""
        self._db.value("SELECT max(id) FROM runs")

    def write(self) -> AbstractContextManager[None]:
        """Several writes as one transaction: all of them, or none if the block raises."""
        return self._db.write()

    def keep(self, batch: Sequence[Kept], now: datetime) -> tuple[Keeping, ...]:
        """Page, article, revision, flags and link of each, in one transaction; what became of each, in order.

        Returned means kept: the transaction is committed (unless within `write`). NoSuchLink, and nothing
        kept, for a link that was never offered. A source that has enough pages by now gets its dictionary,
        which takes a second or two.
        """
        kept = keep(self._db, self.pages, batch, now)
        if not self._db.writing:
            self._learn({one.article.source for one in batch}, now)
        return kept

    def _learn(self, sources: Iterable[str], now: datetime) -> None:
        for source in sources:
            # A dictionary only saves room: what is kept is kept, whether or not it can be had.
            with suppress(StoreError):
                self.pages.train(source, now)
