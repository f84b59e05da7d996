"""The papers of a soak: what the script says is done to the newsroom, and what should be known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bench.soaking.script import PAPERS, Scene
from tests.newsroom import Newsroom, Setup, Story

_BEFORE = {"baohatinh": 40, "baohungyen": 25, "kontumtv": 15}  # printed before the soak begins


@dataclass
class Papers:
    """The newsroom, and the account of it."""

    room: Newsroom
    edited: set[str] = field(default_factory=set)  # keys
    deleted: set[str] = field(default_factory=set)
    requests: int = 0  # that were made until they were last counted
    _chance: Random = field(default_factory=lambda: Random(2))

    @classmethod
    def printing(cls, now: datetime) -> Papers:
        """The papers as they are at the beginning, to be opened."""
        return cls(Newsroom(1, _BEFORE, Setup(now=now)))

    @property
    def published(self) -> frozenset[str]:
        """The keys of all that was ever printed."""
        return frozenset(story.key for name in PAPERS for story in self.room.stories(name)) | self.deleted

    def play(self, scene: Scene, now: datetime) -> None:
        """Make it happen."""
        room, name = self.room, scene.paper
        room.turn_to(now)
        if scene.act == "publish":
            room.publish(name, scene.many)
        elif scene.act == "redesign":
            room.redesign(name)
        elif scene.act == "heal":
            room.heal(name, scene.fault)
        elif scene.act == "fault":
            self._spoil(scene)
        else:
            self._rework(scene, now)

    def count(self) -> None:
        """Count the requests, so that the logs do not grow with the days."""
        self.requests += sum(len(self.room.requests(name)) for name in PAPERS)
        self.room.forget_requests()

    def _spoil(self, scene: Scene) -> None:
        options = dict(scene.options)
        path, times = options.pop("path", None), options.pop("times", None)
        assert path is None or isinstance(path, str)
        assert times is None or isinstance(times, int)
        self.room.fault(scene.paper, scene.fault, path, times, **options)

    def _rework(self, scene: Scene, now: datetime) -> None:
        known = _between(self.room.stories(scene.paper), now - timedelta(days=4), now - timedelta(days=1.5))
        if scene.act == "reprint":
            told = _between(self.room.stories("baohatinh"), now - timedelta(days=2), now)
            if told:
                self.room.reprint(self._chance.choice(told).key, scene.paper)
            return
        if not known:
            return
        key = self._chance.choice(known).key
        if scene.act == "edit":
            self.room.edit(key)
            self.edited.add(key)
        elif scene.act == "delete":
            self.room.delete(key)
            self.deleted.add(key)


def _between(stories: Sequence[Story], first: datetime, last: datetime) -> list[Story]:
    return [story for story in stories if first <= story.posted_at < last]
