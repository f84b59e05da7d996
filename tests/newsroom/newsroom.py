"""The newsroom: five papers on five loopback ports, run by a thread of its own."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from tests.newsroom.baoquangninh import Baohungyen
from tests.newsroom.epi import Baohatinh
from tests.newsroom.faults import make_fault
from tests.newsroom.paper import Paper, Setup
from tests.newsroom.portal import CongAnKonTum
from tests.newsroom.replies import Request
from tests.newsroom.server import Server
from tests.newsroom.story import Story
from tests.newsroom.wordpress import Gialaitv, Kontumtv

T = TypeVar("T")
PAPERS: tuple[type[Paper], ...] = (Baohatinh, Baohungyen, Kontumtv, Gialaitv, CongAnKonTum)
NAMES = tuple(paper.name for paper in PAPERS)
_SHARES = {"baohatinh": 0.4, "baohungyen": 0.25, "kontumtv": 0.15, "gialaitv": 0.1, "congan_kontum": 0.1}
_OLD = {"baohatinh": 24, "baohungyen": 12}  # stories in the shape of the CMS before
_PATIENCE = 30.0  # seconds the loop may take for one order


class Newsroom:
    """Five papers, to be used as a context manager; every change is made on the server's own thread.

    `articles` is their number over all papers, or a mapping of one number a paper. `at` fixes ports.
    """

    def __init__(
        self,
        seed: int = 1,
        articles: int | Mapping[str, int] = 300,
        setup: Setup | None = None,
        at: Mapping[str, int] | None = None,
    ) -> None:
        base = setup or Setup()
        self._papers: dict[str, Paper] = {}
        self._servers: dict[str, Server] = {}
        for make in PAPERS:
            many = _share(articles, make.name)
            chosen = replace(base, seed=seed, stories=many, old=_OLD.get(make.name, 0) if many else 0)
            self._papers[make.name] = make(chosen)
        self._ports = dict(at or {})
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- opening and closing ---

    def start(self) -> None:
        """Bind the ports and serve."""
        for name, paper in self._papers.items():
            server = Server(paper.answer, self._ports.get(name, 0))
            self._servers[name] = server
            paper.home = server.home
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="newsroom", daemon=True)
        self._thread.start()
        self._await(*(server.open() for server in self._servers.values()))

    def stop(self) -> None:
        """Free whoever hangs, close the ports, end the thread."""
        if self._loop is None or self._thread is None:
            return
        self._await(*(server.close() for server in self._servers.values()))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()
        self._loop = self._thread = None

    # --- the truth ---

    @property
    def homes(self) -> dict[str, str]:
        """Every paper's home by its name."""
        return {name: self.home(name) for name in NAMES}

    def home(self, name: str) -> str:
        """`http://127.0.0.1:PORT` of one paper, no slash at its end."""
        return self._servers[name].home

    def stories(self, name: str) -> tuple[Story, ...]:
        """What this paper has published and not deleted, newest first."""
        return self._papers[name].archive.stories

    def all_stories(self) -> tuple[Story, ...]:
        """Every paper's stories, paper after paper."""
        return tuple(story for name in NAMES for story in self.stories(name))

    def story(self, key: str) -> Story:
        """The story with this key; NoSuchStory."""
        return self._papers[_site(key)].archive.story(key)

    def seed_like(self, name: str) -> Story:
        """The paper's own of the five stories told after real ones; it stands on the home page."""
        paper = self._papers[name]
        return paper.archive.story(paper.pinned[0])

    def requests(self, name: str) -> tuple[Request, ...]:
        """The paper's log, oldest first."""
        return tuple(self._servers[name].log)

    def forget_requests(self) -> None:
        """Empty all logs. Only between crawls: a request under way would note its end in the wrong line."""
        for server in self._servers.values():
            with server.logged:
                server.log.clear()

    def await_requests(
        self, name: str, path: str = "", many: int = 1, within: float = 20.0
    ) -> tuple[Request, ...]:
        """Block until `many` requests whose path `path` (a regex) is found in have come; AssertionError."""
        server, wanted = self._servers[name], re.compile(path)
        deadline = time.monotonic() + within
        with server.logged:
            while len(found := [line for line in server.log if wanted.search(line.path)]) < many:
                if not server.logged.wait(deadline - time.monotonic()):
                    raise AssertionError(
                        f"{name}: {len(found)} of {many} requests of {path!r} in {within:g} s"
                    )
        return tuple(found)

    # --- what happens at the papers ---

    def turn_to(self, now: datetime) -> None:
        """It is that late now at all papers: what they print next bears this time."""
        for paper in self._papers.values():
            self._do(partial(paper.turn_to, now))

    def publish(self, name: str, n: int = 1, kind: str | None = None) -> tuple[Story, ...]:
        """`n` new stories appear, the newest first; `kind` names a recipe of the wording."""
        return self._do(lambda: self._papers[name].publish(n, kind))

    def reprint(self, key: str, name: str, title: str | None = None, paragraphs: int | None = None) -> Story:
        """The paper `name` prints that story too, retitled or cut where it is told so."""
        told = self.story(key)
        return self._do(lambda: self._papers[name].reprint(told, title, paragraphs))

    def edit(self, key: str, title: str | None = None) -> Story:
        """The story's text changes, and its headline if `title` is given; returns the new truth."""
        return self._do(lambda: self._papers[_site(key)].edit(key, title))

    def delete(self, key: str, status: int = 404) -> Story:
        """The story is taken down; its address answers `status`. Returns what it was."""
        return self._do(lambda: self._papers[_site(key)].delete(key, status))

    def redesign(self, name: str) -> None:
        """The paper's markup changes overnight."""
        self._do(lambda: self._papers[name].redesign())

    def fault(
        self, name: str, fault: str, path: str | None = None, times: int | None = None, **options: object
    ) -> None:
        """Switch a fault on (FAULTS has them all); `path` is a regex, `times` counts spoilt requests.

        `refused` closes the paper's port; it knows no path. NoSuchFault names what is possible.
        """
        if fault == "refused":
            self._await(self._servers[name].refuse())
            return
        made = make_fault(fault, path, times, options)
        self._do(lambda: self._servers[name].faults.append(made))

    def heal(self, name: str, fault: str | None = None) -> None:
        """Switch one fault off, or all of them."""
        server = self._servers[name]
        self._do(lambda: _healed(server, fault))
        if server.refusing and fault in {None, "refused"}:
            self._await(server.open())

    def renew(self, name: str) -> None:
        """The paper is as it was at the start: nothing printed, edited, deleted, spoilt or asked since."""
        fresh = type(self._papers[name])(self._papers[name].setup)
        fresh.home = self.home(name)
        self._papers[name] = fresh
        self._do(lambda: self._servers[name].print_by(fresh.answer))
        self.heal(name)
        self.forget_requests()

    def warm(self) -> None:
        """Render every article's page now, so that what is measured later is the client."""
        for paper in self._papers.values():
            self._do(paper.warm)

    # --- within ---

    def _do(self, act: Callable[[], T]) -> T:
        async def on_loop() -> T:
            return act()

        return self._submitted(on_loop()).result(_PATIENCE)

    def _await(self, *works: Coroutine[None, None, None]) -> None:
        for work in works:
            self._submitted(work).result(_PATIENCE)

    def _submitted(self, work: Coroutine[None, None, T]) -> Future[T]:
        if self._loop is None:
            work.close()
            raise RuntimeError("the newsroom is closed; use it in a `with` statement")
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def _share(articles: int | Mapping[str, int], name: str) -> int:
    return round(articles * _SHARES[name]) if isinstance(articles, int) else articles.get(name, 0)


def _site(key: str) -> str:
    return key.partition(":")[0]


def _healed(server: Server, fault: str | None) -> None:
    server.faults[:] = [on for on in server.faults if fault is not None and on.name != fault]
