"""Five stories after the facts of five real ones, in our own sentences, from seedlike.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.newsroom.story import Draft

_FILE = Path(__file__).with_name("seedlike.toml")


@dataclass(frozen=True, slots=True)
class SeedLike:
    """One of the five, with its place in the paper."""

    draft: Draft
    authors: tuple[str, ...]
    number: int
    at: datetime
    old: bool  # printed by the former CMS


def seed_like(site: str) -> SeedLike:
    """The paper's own of the five."""
    row = _rows()[site]
    draft = Draft(
        title=row["title"],
        lead=row["lead"],
        body=tuple(row["body"]),
        captions=tuple(row["captions"]),
        tags=tuple(row["tags"]),
        theme=row["theme"],
        topics=tuple(row["topics"]),
        on_topic=True,
        hard=False,
    )
    return SeedLike(draft, tuple(row["authors"]), row["number"], row["at"], row["old"])


@cache
def _rows() -> dict[str, dict[str, object]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
