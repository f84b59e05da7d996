"""The ledger against a plain model: any sequence of offers, failures, successes and waiting."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from storage.records import LinkState
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, SOURCE, article, found, kept

numbers = st.integers(1, 4)
waits = st.none() | st.integers(0, 3)


@dataclass
class Remembered:
    """What the model knows of one link."""

    state: LinkState
    due: datetime | None = None
    modified_at: datetime | None = None
    fresh_as_of: datetime | None = None  # None: never fetched

    def wanted(self, now: datetime) -> bool:
        if self.state == "new":
            return True
        if self.due is not None:
            return self.due <= now
        seen, told = self.fresh_as_of, self.modified_at
        return seen is not None and told is not None and told > seen


class Ledger(RuleBasedStateMachine):
    """Drives a store and the model alike; the store is opened anew now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "s.sqlite"
        self.store = Store.open(self.path)
        self.now = NOON
        self.known: dict[int, Remembered] = {}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(many=st.lists(numbers, max_size=5), changed=st.none() | st.integers(-2, 2))
    def offer(self, many: list[int], changed: int | None) -> None:
        told = None if changed is None else self.now + changed * MINUTE
        offered = [replace(found(number), modified_at=told) for number in many]
        links = self.store.links.offer(SOURCE, offered, self.now)
        for number in many:
            link = self.known.setdefault(number, Remembered("new"))
            link.modified_at = max(filter(None, [link.modified_at, told]), default=None)
            if link.state == "foreign":
                link.state = "new"
        wanted = [number for number in dict.fromkeys(many) if self.known[number].wanted(self.now)]
        assert [link.key for link in links] == [found(number).key for number in wanted]

    @rule(number=numbers)
    def refuse(self, number: int) -> None:
        self.store.links.refuse(SOURCE, [found(number)], "foreign", "other-host", self.now)
        link = self.known.setdefault(number, Remembered("foreign"))
        if link.fresh_as_of is None:
            link.state = "foreign"

    @precondition(lambda self: self.known)
    @rule(data=st.data(), state=st.sampled_from(["failed", "refused", "gone"]), wait=waits)
    def mark(self, data: st.DataObject, state: LinkState, wait: int | None) -> None:
        number = data.draw(st.sampled_from(sorted(self.known)))
        due = None if wait is None else self.now + wait * HOUR
        assert state in {"failed", "refused", "gone"}
        self.store.links.mark(SOURCE, found(number).key, state, "vì sao", due, self.now)
        link = self.known[number]
        link.state, link.due = state, due
        reached = link.modified_at or self.now
        link.fresh_as_of = max(link.fresh_as_of or reached, reached)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def keep(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.known)))
        self.now += MINUTE
        self.store.keep([kept(article(number), at=self.now)], self.now)
        link = self.known[number]
        link.state, link.due, link.fresh_as_of = "kept", None, link.modified_at or self.now

    @rule(hours=st.integers(1, 4))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.path)

    @invariant()
    def every_link_is_there_once_in_its_state(self) -> None:
        counted: dict[str, int] = {}
        for link in self.known.values():
            counted[link.state] = counted.get(link.state, 0) + 1
        assert self.store.links.counts(SOURCE) == counted

    @invariant()
    def what_is_open_is_what_was_never_settled(self) -> None:
        links = self.store.links.open(SOURCE, self.now)
        expected = {
            found(number).key
            for number, link in self.known.items()
            if link.state == "new" or (link.due is not None and link.due <= self.now)
        }
        assert {link.key for link in links} == expected


Ledger.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLedger = Ledger.TestCase
