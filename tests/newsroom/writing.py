"""Drafts for a paper: which kind of story, told of its own province, in its own spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from tests.newsroom.spelling import new_tones
from tests.newsroom.story import Draft, Spelling
from tests.newsroom.wording import library
from tests.newsroom.wording.casting import cast_for
from tests.newsroom.wording.headings import HEADINGS
from tests.newsroom.wording.places import province
from tests.newsroom.wording.recipe import Recipe, tell

# Kinds that were news in 2021: the others speak of laws and posts that came later.
_OLD_KINDS = (
    "movement-review",
    "festival",
    "documents-44",
    "model",
    "weapons",
    "theft",
    "accident",
    "farming",
    "sport",
    "weather",
    "unity",
    "defence",
    "reward",
)
_STRAIGHT = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Mixture:
    """How much of what a paper prints."""

    on_topic: float = 0.3
    misleading: float = 0.12
    odd_spelling: float = 0.15  # NFD, NBSP, double blanks, new tone placement, capital headlines


def written(
    site: str, at: datetime, chance: Random, mixture: Mixture, kind: str | None = None
) -> tuple[Draft, frozenset[Spelling]]:
    """A draft of `site` for the moment `at`, and how the page will spell it."""
    draft = tell(_recipe(at, chance, mixture, kind), cast_for(province(site), at, chance), chance)
    if chance.random() < 0.85:
        draft = respelt(draft, lambda text: _STRAIGHT.sub(r"“\1”", text))
    if len(draft.body) > 5 and chance.random() < 0.25:
        place = chance.randint(2, len(draft.body) - 2)
        draft = replace(draft, body=(*draft.body[:place], chance.choice(HEADINGS), *draft.body[place:]))
    spelling = _spelling(chance, mixture)
    if "new-tones" in spelling:
        draft = respelt(draft, new_tones)
    if "capitals" in spelling:
        draft = replace(draft, title=draft.title.upper())
    return draft, spelling


def respelt(draft: Draft, change: Callable[[str], str]) -> Draft:
    """The draft with every text changed."""
    return replace(
        draft,
        title=change(draft.title),
        lead=change(draft.lead),
        body=tuple(map(change, draft.body)),
        captions=tuple(map(change, draft.captions)),
    )


def reporters(site: str, chance: Random) -> tuple[str, ...]:
    """Who signs: one or two of the paper's own people."""
    return tuple(chance.sample(province(site).reporters, chance.choice((1, 1, 2))))


def _recipe(at: datetime, chance: Random, mixture: Mixture, kind: str | None) -> Recipe:
    if kind is not None:
        return library.recipes()[kind]
    if at.year < 2022:
        return library.recipes()[chance.choice(_OLD_KINDS)]
    return library.choose(chance, mixture.on_topic, mixture.misleading)


def _spelling(chance: Random, mixture: Mixture) -> frozenset[Spelling]:
    if chance.random() >= mixture.odd_spelling:
        return frozenset()
    kinds: tuple[Spelling, ...] = ("nfd", "nbsp", "double-blanks", "new-tones", "capitals", "zero-width")
    return frozenset(chance.sample(kinds, chance.choice((1, 1, 2))))
