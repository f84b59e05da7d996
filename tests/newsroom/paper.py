"""One paper: its archive, how it changes, and how an address becomes a reply."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit

from tests.newsroom import markup
from tests.newsroom.archive import Archive, edited, moments, numbers
from tests.newsroom.replies import HTML, Kind, Reply
from tests.newsroom.story import Draft, Spelling, Story
from tests.newsroom.wording.seedlike import seed_like
from tests.newsroom.writing import Mixture, written

DEFAULT_NOW = datetime(2026, 11, 23, 8, 0, tzinfo=markup.VIETNAM)
_MOST_CACHED = 192 * 1024 * 1024  # bytes of rendered pages one paper remembers


@dataclass(frozen=True, slots=True)
class Section:
    """One rubric of a paper."""

    slug: str  # its path below the home, without slashes
    label: str
    themes: frozenset[str]  # of drafts that are printed here


@dataclass(frozen=True, slots=True)
class Setup:
    """What a paper is filled with."""

    stories: int = 0
    old: int = 0  # besides, in the shape of the CMS before this one
    seed: int = 1
    now: datetime = DEFAULT_NOW
    days: float = 60.0  # how far back the stories reach
    page_bytes: int = 40_000
    per_listing: int = 30
    seed_likes: bool = True
    mixture: Mixture = field(default_factory=Mixture)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a draft is printed."""

    number: int
    at: datetime
    old: bool = False


class Paper(ABC):
    """Common to all papers; a family says how it places, links and prints."""

    name: str
    title: str
    sections: tuple[Section, ...]
    first_number: int
    number_step: int
    redesigned_words: tuple[tuple[str, str], ...]  # old markup → new, once the paper is redesigned

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.home = f"https://{self.name}.example"  # the server tells the true one before the first request
        self.archive = Archive()
        self.pinned: tuple[str, ...] = ()  # keys of the stories the home page keeps on show
        self.redesigned = False
        self._now = setup.now
        self._pages: OrderedDict[str, Reply] = OrderedDict()
        self._cached = 0
        self._next_number = 0
        self._fill()

    # --- how the paper changes ---

    def turn_to(self, now: datetime) -> None:
        """It is that late now; never earlier than what was printed last."""
        self._now = max(self._now, now.astimezone(markup.VIETNAM))

    def publish(self, many: int = 1, kind: str | None = None) -> tuple[Story, ...]:
        """New stories, a minute apart; `kind` names a recipe. The newest comes first."""
        fresh: list[Story] = []
        for _ in range(many):
            self._now += timedelta(minutes=1)
            story = self._story(Place(self._next_number, self._now), kind)
            self._next_number += self.number_step
            self.archive.add([story])
            fresh.insert(0, story)
        self._forget()
        return tuple(fresh)

    def reprint(self, told: Story, title: str | None = None, paragraphs: int | None = None) -> Story:
        """Another paper's story, under `title` if given, with so many paragraphs of its body if given."""
        self._now += timedelta(minutes=1)
        lead, *body = told.body if told.lead is None else (told.lead, *told.body)
        words = Draft(
            title=title or told.title,
            lead=lead,
            body=tuple(body[:paragraphs]),
            captions=told.captions,
            tags=told.tags,
            theme="society",
            topics=told.topics,
            on_topic=told.on_topic,
            hard=told.hard,
        )
        chance = Random(f"{self.setup.seed}:{self.name}:{told.key}")
        place = Place(self._next_number, self._now)
        story = self._unique(self.place(words, frozenset(), place, chance))
        self._next_number += self.number_step
        self.archive.add([story])
        self._forget()
        return story

    def edit(self, key: str, title: str | None = None) -> Story:
        """The text changes, and the headline if given; the address follows where the CMS does so."""
        self._now += timedelta(minutes=1)
        changed = edited(self.archive.story(key), self._now, title)
        changed = replace(changed, path=self.path_of(changed))
        self.archive.replace(changed)
        self._forget()
        return changed

    def delete(self, key: str, status: int = 404) -> Story:
        """The story is taken away; returns what it was."""
        story = self.archive.delete(key, status)
        self._forget()
        return story

    def redesign(self) -> None:
        """Other class names and no schema attributes from now on: the markup changed overnight."""
        self.redesigned = True
        self._forget()

    # --- what it answers ---

    def answer(self, target: str) -> Reply:
        """The reply to a request target (path and query)."""
        if target in self._pages:
            self._pages.move_to_end(target)
            return self._pages[target]
        reply = self._made(target)
        if reply.status == 200:
            self._remember(target, reply)
        return reply

    def warm(self) -> None:
        """Render and remember every article's page."""
        for story in self.archive.stories:
            self.answer(story.path)

    @abstractmethod
    def place(self, draft: Draft, spelling: frozenset[Spelling], place: Place, chance: Random) -> Story:
        """The draft as a story of this paper."""

    @abstractmethod
    def path_of(self, story: Story) -> str:
        """The story's address: what `place` gave it, or a new one after its headline changed."""

    @abstractmethod
    def route(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        """What stands at `path`; None: nothing."""

    @abstractmethod
    def missing(self) -> bytes:
        """The page shown for what is not there."""

    # --- for the families ---

    def in_section(self, slug: str) -> tuple[Story, ...]:
        """The stories of one rubric, newest first."""
        return tuple(story for story in self.archive.stories if story.section_slug == slug)

    def section_for(self, theme: str, chance: Random) -> Section:
        """A rubric that prints this theme."""
        fitting = [section for section in self.sections if theme in section.themes]
        return chance.choice(fitting or list(self.sections))

    def shown_pinned(self) -> tuple[Story, ...]:
        """The stories the home page keeps on show, those still there."""
        return tuple(self.archive.story(key) for key in self.pinned if self.archive.has(key))

    def html(
        self, page: str | bytes, kind: Kind, modified: datetime | None = None, status: int = 200
    ) -> Reply:
        """A page of this paper, in its new clothes once it is redesigned."""
        body = page.encode() if isinstance(page, str) else page
        if self.redesigned:
            for before, after in self.redesigned_words:
                body = body.replace(before.encode(), after.encode())
        return Reply(status, body, kind, HTML, modified_at=modified)

    def newest_change(self, stories: Sequence[Story]) -> datetime:
        """When the newest of these was published or edited."""
        return max((story.modified_at or story.posted_at for story in stories), default=self.setup.now)

    # --- within ---

    def _fill(self) -> None:
        setup = self.setup
        chance = Random(f"{setup.seed}:{self.name}")
        times = list(moments(setup.now, setup.stories, setup.days, chance))
        ids = numbers(setup.stories, self.first_number, self.number_step, chance)
        self._next_number = self.first_number + (setup.stories + 1) * self.number_step
        places = (Place(number, at) for number, at in zip(ids, times, strict=True))
        everywhere = chain(places, self.old_places(chance))
        self.archive.add(self._story(place, self.kind_at(place)) for place in everywhere)
        if setup.seed_likes:
            self._pin_seed_like(chance)

    def old_places(self, chance: Random) -> list[Place]:
        """Where the stories of the former CMS stand; papers without one have none."""
        return []

    def kind_at(self, place: Place) -> str | None:
        """The recipe for this place when the paper is first filled; None: any."""
        return None

    def _story(self, place: Place, kind: str | None = None) -> Story:
        chance = Random(f"{self.setup.seed}:{self.name}:{place.number}:{place.old}")
        draft, spelling = written(self.name, place.at, chance, self.setup.mixture, kind)
        return self._unique(self.place(draft, spelling, place, chance))

    def _unique(self, story: Story) -> Story:
        while self.archive.at(story.path) or self.archive.has(story.key):
            story = self.renamed(story)
        return story

    def renamed(self, story: Story) -> Story:
        """The story under another address, when its own is taken. Numbered papers never need one."""
        raise ValueError(f"{story.path} is taken")

    def _pin_seed_like(self, chance: Random) -> None:
        told = seed_like(self.name)
        place = Place(told.number, told.at, told.old)
        story = replace(self.place(told.draft, frozenset(), place, chance), authors=told.authors)
        self.archive.add([story])
        self.pinned = (story.key,)

    def _made(self, target: str) -> Reply:
        parts = urlsplit(target)
        path = unquote(parts.path)
        if path in self.archive.gone:
            return self.html(self.missing(), "missing", status=self.archive.gone[path])
        reply = self.route(path, parse_qs(parts.query))
        if reply is None:
            return self.html(self.missing(), "missing", status=404)
        return replace(reply, etag=etag(reply.body)) if reply.status == 200 else reply

    def _remember(self, target: str, reply: Reply) -> None:
        self._pages[target] = reply
        self._cached += len(reply.body)
        while self._cached > _MOST_CACHED:
            _, oldest = self._pages.popitem(last=False)
            self._cached -= len(oldest.body)

    def _forget(self) -> None:
        self._pages.clear()
        self._cached = 0


def etag(body: bytes) -> str:
    """A strong validator of these bytes; a checksum will do, nobody forges our pages."""
    return f'"{len(body):x}-{zlib.crc32(body):08x}"'
