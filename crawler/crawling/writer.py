"""The doors over a store: one thread owns it and commits together what articles are waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from crawler.crawling.doors import Keeping
from crawler.crawling.offers import Refusal
from crawler.crawling.retrying import Fate
from crawler.crawling.room import LOOKS_BACK, Room
from crawler.times import utc_now
from storage.aside import PutAside
from storage.records import FoundLink, Kept, Link, Validators
from storage.store import Store

_Result = TypeVar("_Result")
_MOST_AT_ONCE = 64  # articles in one transaction
_MOST_LEFT = 1000  # links in one transaction, so that nobody waits long


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to be done in the thread that owns the store."""

    work: Callable[[Store], Any] | Kept  # articles are told apart, so that they can share a transaction
    done: Future[Any]


class Writer:
    """A thread that owns a Store; what it returns is committed."""

    def __init__(self, path: Path) -> None:
        """Open the store in its thread; raises what Store.open raises."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        opened: Future[None] = Future()
        self._thread = Thread(target=self._run, args=(path, opened), name="writer", daemon=True)
        self._thread.start()
        opened.result()

    def submit(self, work: Callable[[Store], _Result]) -> Future[_Result]:
        """Have `work` done with the store, after all that was submitted before."""
        done: Future[_Result] = Future()
        self._jobs.put(_Job(work, done))
        return done

    def keep(self, kept: Kept) -> Future[Keeping]:
        """Keep an article together with others that are waiting; resolved after the commit."""
        done: Future[Keeping] = Future()
        self._jobs.put(_Job(kept, done))
        return done

    def close(self) -> None:
        """Do what is waiting, then let go of the store."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self, path: Path, opened: Future[None]) -> None:
        try:
            store = Store.open(path)
        except BaseException as error:
            opened.set_exception(error)
            return
        with store:
            opened.set_result(None)
            while jobs := self._waiting():
                for together, group in groupby(jobs, lambda job: isinstance(job.work, Kept)):
                    (_keep if together else _work)(store, list(group))

    def _waiting(self) -> list[_Job]:
        """At least one job, and those that have gathered behind it; empty at the end."""
        jobs: list[_Job] = []
        while len(jobs) < _MOST_AT_ONCE and (not jobs or not self._jobs.empty()):
            job = self._jobs.get()
            if job is None:
                if jobs:
                    self._jobs.put(None)
                break
            jobs.append(job)
        return jobs


def _work(store: Store, jobs: Sequence[_Job]) -> None:
    for job in jobs:
        assert not isinstance(job.work, Kept)
        try:
            result = job.work(store)
        except BaseException as error:
            _failed(job, error)
        else:
            _answered(job, result)


def _keep(store: Store, jobs: Sequence[_Job]) -> None:
    """All in one transaction; if that fails each by itself, so that one bad article costs only itself."""
    batch = [job.work for job in jobs if isinstance(job.work, Kept)]
    try:
        results = store.keep(batch, utc_now())
    except BaseException as error:
        if len(jobs) == 1:
            _failed(jobs[0], error)
        else:
            for job in jobs:
                _keep(store, [job])
    else:
        for job, result in zip(jobs, results, strict=True):
            _answered(job, result)


def _answered(job: _Job, result: object) -> None:
    with suppress(asyncio.InvalidStateError):  # whoever asked was cancelled
        if not job.done.cancelled():
            job.done.set_result(result)


def _failed(job: _Job, error: BaseException) -> None:
    if not job.done.cancelled():
        job.done.set_exception(error)


class StoreDoors:
    """The doors of one source over a writer."""

    def __init__(self, writer: Writer, source: str, *, again: bool = False) -> None:
        """`again`: links that failed wait for nobody but a server that asked us to."""
        self._writer = writer
        self._source = source
        self._again = again
        self._room: Room | None = None  # None: nothing was put aside in this crawl yet

    async def seen(self, found: Sequence[FoundLink]) -> tuple[Link, ...]:
        """Record what was found; the links to be fetched now."""
        if not found:
            return ()
        return await self._do(lambda store: store.links.offer(self._source, found, utc_now()))

    async def first_seen(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        """Since when those links among `keys` are in the ledger that are."""
        return await self._do(lambda store: store.links.first_seen(self._source, keys))

    async def leave(self, found: Sequence[FoundLink], reason: str) -> None:
        """Record links that lie outside of what this crawl looks at, some at a time."""
        for start in range(0, len(found), _MOST_LEFT):
            part = found[start : start + _MOST_LEFT]
            await self._leave_some(part, reason)

    async def kept_addresses(self, most: int) -> tuple[str, ...]:
        """Addresses of this source's articles, the newest in the ledger first."""
        return await self._do(lambda store: store.links.kept_addresses(self._source, most))

    async def give(self, owner: str, found: Sequence[FoundLink]) -> None:
        """Record articles of another source in its own ledger; its next crawl fetches them."""
        await self._do(lambda store: store.links.offer(owner, found, utc_now()))

    async def last_good(self) -> datetime | None:
        """When the newest crawl that went well began; None: none ever did."""
        run = await self._do(lambda store: store.runs.last_success(self._source))
        return run.started_at if run else None

    async def waiting(self) -> tuple[Link, ...]:
        """Links found in earlier crawls and not fetched yet, or due again; newest first."""
        return await self._do(lambda store: store.links.open(self._source, utc_now(), again=self._again))

    async def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Record what is never fetched, and why."""
        if refusals:
            await self._do(lambda store: self._refuse(store, refusals))

    async def put_aside(self, refusals: Sequence[Refusal]) -> frozenset[str]:
        """Record what listings show besides, as far as there is room: the keys that are in the ledger now."""
        if not refusals:
            return frozenset()
        return await self._do(lambda store: self._put_aside(store, refusals))

    async def mark(self, link: Link, fate: Fate) -> None:
        """Record what became of a link that was tried in vain."""
        await self._do(
            lambda store: store.links.mark(
                self._source, link.key, fate.state, fate.reason, fate.next_attempt, utc_now()
            )
        )

    async def keep(self, kept: Kept) -> Keeping:
        """Keep an article; acknowledged means committed."""
        return await asyncio.wrap_future(self._writer.keep(kept))

    async def validators(self, url: str) -> Validators | None:
        """What the last answer of a feed, sitemap or listing gave; None if it was never asked."""
        return await self._do(lambda store: store.polls.validators(self._source, url))

    async def remember(self, url: str, validators: Validators) -> None:
        """Keep what the newest answer gave."""
        await self._do(lambda store: store.polls.remember(self._source, url, validators, utc_now()))

    async def _leave_some(self, found: Sequence[FoundLink], reason: str) -> None:
        await self._do(lambda store: store.links.leave(self._source, found, reason, utc_now()))

    def _refuse(self, store: Store, refusals: Sequence[Refusal]) -> None:
        now = utc_now()
        ordered = sorted(refusals, key=_why)
        for (state, reason), group in groupby(ordered, _why):
            store.links.refuse(
                self._source,
                [refusal.found for refusal in group],
                "foreign" if state == "foreign" else "refused",
                reason,
                now,
            )

    def _put_aside(self, store: Store, refusals: Sequence[Refusal]) -> frozenset[str]:
        now = utc_now()
        if self._room is None:
            self._room = Room.left_by(store.aside.since(self._source, now - LOOKS_BACK))
        room = self._room
        known = store.aside.known(self._source, [one.found.key for one in refusals])
        taken = [one for one in refusals if one.found.key in known or room.takes(one.reason, one.found.url)]
        batch = [PutAside(one.found, one.state, one.reason) for one in taken]
        store.aside.put(self._source, batch, now)
        return frozenset(one.found.key for one in taken)

    async def _do(self, work: Callable[[Store], _Result]) -> _Result:
        return await asyncio.wrap_future(self._writer.submit(work))


def _why(refusal: Refusal) -> tuple[str, str]:
    return refusal.state, refusal.reason
