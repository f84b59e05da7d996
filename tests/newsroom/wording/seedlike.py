"""Five stories after the facts of five real ones, in our own sentences, from seedlike.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from tests.newsroom.story import Draft

_FILE = Path(__file__).with_name("seedlike.toml")


@dataclass(frozen=True, slots=True)
class SeedLike:
    """One of the five, with its place in the paper."""

    title: str
    lead: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    tags: tuple[str, ...]
    theme: str
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    number: int
    at: datetime
    old: bool  # printed by the former CMS

    @property
    def draft(self) -> Draft:
        """Its words."""
        return Draft(
            self.title,
            self.lead,
            self.body,
            self.captions,
            self.tags,
            self.theme,
            self.topics,
            on_topic=True,
            hard=False,
        )


def seed_like(site: str) -> SeedLike:
    """The paper's own of the five."""
    return _rows()[site]


@cache
def _rows() -> dict[str, SeedLike]:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, SeedLike])
