"""Ordinary news made by chance: long articles about other things, with traps in each."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

_SAID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def ordinary(seed: int, articles: int) -> Iterator[tuple[str, str]]:
    """Titles and texts of 20 to 60 sentences and one to four traps, none twice in one article."""
    chance = random.Random(seed)
    for _ in range(articles):
        said = chance.choices(_SAID["sentences"], k=chance.randint(20, 60))
        for trap in chance.sample(_SAID["traps"], chance.randint(1, 4)):
            said.insert(chance.randint(0, len(said)), trap)
        paragraphs = [" ".join(said[at : at + 3]) for at in range(0, len(said), 3)]
        yield chance.choice(_SAID["titles"]), "\n\n".join(paragraphs)


def followed(text: str, seed: int) -> str:
    """The text with 40 everyday sentences behind it."""
    return f"{text}\n\n{' '.join(random.Random(seed).choices(_SAID['everyday'], k=40))}"
