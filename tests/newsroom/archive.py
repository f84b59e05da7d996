"""What one paper has published: placed stories, newest first, with new, edited and deleted ones."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from tests.newsroom.story import Story


class NoSuchStory(KeyError):
    """No story bears this key."""


@dataclass(slots=True)
class Archive:
    """The stories of one paper; the version changes with every change."""

    stories: tuple[Story, ...] = ()  # newest first
    gone: dict[str, int] = field(default_factory=dict)  # path → status it answers with now
    former: dict[str, str] = field(default_factory=dict)  # path before an edit → key
    version: int = 0
    _by_key: dict[str, Story] = field(default_factory=dict)
    _by_path: dict[str, Story] = field(default_factory=dict)

    def add(self, stories: Iterable[Story]) -> None:
        """Publish, one after another as they come; a key or path that is taken is a mistake of ours."""
        fresh: list[Story] = []
        for story in stories:
            if story.key in self._by_key or story.path in self._by_path:
                raise ValueError(f"{story.key} at {story.path} is published already")
            self._remember(story)
            fresh.append(story)
        merged = sorted((*self.stories, *fresh), key=lambda story: story.posted_at, reverse=True)
        self.stories = tuple(merged)
        self.version += 1

    def story(self, key: str) -> Story:
        """The story with this key; NoSuchStory."""
        try:
            return self._by_key[key]
        except KeyError:
            raise NoSuchStory(key) from None

    def at(self, path: str) -> Story | None:
        """The story whose own address this is."""
        return self._by_path.get(path)

    def has(self, key: str) -> bool:
        """Whether this key is taken."""
        return key in self._by_key

    def replace(self, changed: Story) -> None:
        """Put an edited story in the place of the one with its key; its former address is remembered."""
        before = self.story(changed.key)
        if before.path != changed.path:
            del self._by_path[before.path]
            self.former[before.path] = changed.key
        self._remember(changed)
        self.stories = tuple(changed if story.key == changed.key else story for story in self.stories)
        self.version += 1

    def delete(self, key: str, status: int) -> Story:
        """Take a story away; its address answers `status` from now on."""
        story = self.story(key)
        del self._by_key[key], self._by_path[story.path]
        self.gone[story.path] = status
        self.stories = tuple(kept for kept in self.stories if kept.key != key)
        self.version += 1
        return story

    def older(self, story: Story, many: int) -> tuple[Story, ...]:
        """The stories published just before this one: what its side boxes show. They never change much."""
        place = bisect.bisect_right(
            self.stories, -story.posted_at.timestamp(), key=lambda s: -s.posted_at.timestamp()
        )
        return self.stories[place : place + many]

    def _remember(self, story: Story) -> None:
        self._by_key[story.key] = story
        self._by_path[story.path] = story


def moments(now: datetime, many: int, days: float, chance: Random) -> Iterator[datetime]:
    """When `many` stories appeared, newest first: the first within the last hours, the last `days` ago."""
    for place in range(many):
        share = (place + chance.random() * 0.9) / max(many, 1)
        at = now - timedelta(minutes=3) - timedelta(days=days) * share
        at = at.replace(microsecond=0)
        yield at.replace(second=0) if chance.random() < 0.5 else at


def numbers(many: int, first: int, step: int, chance: Random) -> list[int]:
    """Ids for stories newest first: growing with time, but not strictly (some wait for their publication)."""
    waiting = [(place + chance.uniform(-4, 4), place) for place in range(many)]
    ids = [0] * many
    for rank, (_, place) in enumerate(sorted(waiting, reverse=True)):
        ids[place] = first + rank * step + chance.randrange(step)
    return ids


def edited(story: Story, at: datetime, title: str | None = None) -> Story:
    """The story after its editors came back to it: a figure mended, a paragraph added."""
    added = (
        "Theo thông tin mới nhất mà tòa soạn nhận được, các đơn vị liên "
        "quan đang tiếp tục rà soát số liệu nêu trên."
    )
    body = (*story.body[:-1], f"{story.body[-1]} Thông tin đã được cập nhật.", added)
    return replace(story, title=title or story.title, body=body, modified_at=at)
