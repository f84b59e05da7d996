"""A kind of story as patterns of sentences, and how one story is told from it.

In a pattern `{slot}` is a name of the story's cast (`{Slot}` opens a sentence with it), `[one|another]` a
choice, `<12-80>` a figure, and `<homes:12-80>` a figure that stays the same wherever it is named again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from random import Random

from tests.newsroom.story import Draft

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_FIGURE = re.compile(r"<(?:(\w+):)?(\d+)-(\d+)>")

Cast = MutableMapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of story. Paragraphs are told in order: all openings' choices, some middles, one closing."""

    name: str
    theme: str
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    openings: tuple[str, ...]  # one is chosen
    middles: tuple[str, ...]  # most are told, in their order
    closings: tuple[str, ...]  # one is chosen
    captions: tuple[str, ...]
    tags: tuple[str, ...]
    topics: tuple[str, ...] = ()
    hard: bool = False
    must: tuple[str, ...] = ()  # told always, before the closing: what makes the story what it is

    @property
    def on_topic(self) -> bool:
        """Whether stories of this kind are about the movement."""
        return bool(self.topics)


def tell(recipe: Recipe, cast: Cast, chance: Random) -> Draft:
    """One story of this kind with the people and places of `cast`."""

    def say(pattern: str) -> str:
        return filled(pattern, cast, chance)

    title = say(chance.choice(recipe.titles))
    lead = say(chance.choice(recipe.leads))
    body = tuple(say(pattern) for pattern in _outline(recipe, chance))
    return Draft(
        title=title,
        lead=lead,
        body=body,
        captions=tuple(say(pattern) for pattern in _some(recipe.captions, chance, 1, 3)),
        tags=tuple(say(pattern) for pattern in _some(recipe.tags, chance, 2, 5)),
        theme=recipe.theme,
        topics=_topics(recipe, " ".join((title, lead, *body))),
        on_topic=recipe.on_topic,
        hard=recipe.hard,
    )


def _topics(recipe: Recipe, text: str) -> tuple[str, ...]:
    """The recipe's topics, the movement's own only if this telling names the movement."""
    named = re.search("an ninh tổ quốc|antq", text.lower()) is not None
    return tuple(topic for topic in recipe.topics if named or topic != "phong_trao")


def filled(pattern: str, cast: Cast, chance: Random) -> str:
    """`pattern` with its choices made, its slots filled and its figures drawn."""
    while "[" in pattern:
        pattern = _CHOICE.sub(lambda match: chance.choice(match[1].split("|")), pattern)
    pattern = _FIGURE.sub(lambda match: _figure(match, cast, chance), pattern)
    return _SLOT.sub(lambda match: _named(match[1], cast), pattern)


def _outline(recipe: Recipe, chance: Random) -> Iterator[str]:
    yield chance.choice(recipe.openings)
    yield from _some(recipe.middles, chance, min(3, len(recipe.middles)), 7)
    yield from recipe.must
    yield chance.choice(recipe.closings)


def _some(patterns: tuple[str, ...], chance: Random, least: int, most: int) -> list[str]:
    many = chance.randint(min(least, len(patterns)), min(most, len(patterns)))
    chosen = sorted(chance.sample(range(len(patterns)), many))
    return [patterns[place] for place in chosen]


def _figure(match: re.Match[str], cast: Cast, chance: Random) -> str:
    name, low, high = match[1], int(match[2]), int(match[3])
    if name is None:
        return _written(chance.randint(low, high))
    if name not in cast:
        cast[name] = _written(chance.randint(low, high))
    return cast[name]


def _written(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _named(slot: str, cast: Cast) -> str:
    if slot in cast:
        return cast[slot]
    value = cast[slot[0].lower() + slot[1:]]
    return value[0].upper() + value[1:]
