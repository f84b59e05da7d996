"""All kinds of stories there are, from the .toml files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import msgspec

from tests.newsroom.wording.recipe import Recipe

_FOLDER = Path(__file__).parent
_FILES = ("movement.toml", "grassroots.toml", "everyday.toml", "misleading.toml")


@cache
def recipes() -> Mapping[str, Recipe]:
    """Every recipe by its name."""
    told = [recipe for name in _FILES for recipe in _read(_FOLDER / name)]
    return {recipe.name: recipe for recipe in told}


def choose(chance: Random, on_topic: float, misleading: float) -> Recipe:
    """One recipe: on topic and misleading ones with these shares, the rest everyday news (never prices)."""
    draw = chance.random()
    if draw < on_topic:
        return chance.choice(_kinds("on"))
    return chance.choice(_kinds("hard" if draw < on_topic + misleading else "off"))


@cache
def _kinds(which: str) -> tuple[Recipe, ...]:
    everyday = [recipe for recipe in recipes().values() if recipe.theme != "prices"]
    if which == "on":
        return tuple(recipe for recipe in everyday if recipe.on_topic)
    return tuple(recipe for recipe in everyday if not recipe.on_topic and recipe.hard == (which == "hard"))


def _read(path: Path) -> list[Recipe]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["recipe"]
    return msgspec.convert(rows, list[Recipe])
