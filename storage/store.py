"""The store: one SQLite file, opened, migrated, and everything in it by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

from storage.applied import Applied
from storage.articles import Articles
from storage.aside import Aside
from storage.backfills import Backfills
from storage.batches import Batches
from storage.cases import Cases
from storage.channels import Channels
from storage.citations import Citations
from storage.connection import PATIENCE, Connection
from storage.counting import Counting
from storage.decisions import Decisions
from storage.deliveries import Deliveries
from storage.errors import StoreError
from storage.events import Events
from storage.flags import Flags
from storage.hosts import Hosts, RobotsTexts, Traffics
from storage.journal import Journal
from storage.keeping import Keeping, keep
from storage.links import Links
from storage.looks import Looks
from storage.metering import Metering
from storage.notices import Notices
from storage.opening import open_connection
from storage.pages import Pages
from storage.polls import Polls
from storage.raising import Raised
from storage.records import Kept
from storage.rereads import Rereads
from storage.runs import Runs
from storage.sampling import Sampling
from storage.search import Search
from storage.searches import Searches
from storage.sightings import Sightings
from storage.states import States
from storage.stories import Stories
from storage.verdicts import Verdicts


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
        self.states = States(connection)
        self.channels = Channels(connection)
        self.notices = Notices(connection)
        self.deliveries = Deliveries(connection)
        self.metering = Metering(connection)
        self.journal = Journal(connection)

    @classmethod
    def open(cls, path: Path, *, create: bool = True, patience: float = PATIENCE) -> Store:
        """The store at `path`, made if absent and `create`, its tables brought to today's.

        `patience` is how many seconds a writer waits for the others before StoreBusy. Also raises NotAStore,
        NewerStore, StoreMissing, StoreReadOnly, StoreFull, StoreDamaged.
        """
        return cls(open_connection(path, create=create, patience=patience))

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._db.path

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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
