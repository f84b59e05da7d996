"""A rule as it is written in config.toml, before it is compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storage.records import FieldName

_NAMED = re.compile(r"@(\w+)")

ALL_FIELDS: tuple[FieldName, ...] = ("title", "lead", "body")


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a person wrote: either a `query`, or simple lists of phrases, never both."""

    name: str
    label: str
    query: str | None = None
    any_of: tuple[str, ...] = ()  # at least one stands in the fields
    all_of: tuple[str, ...] = ()  # every one does
    none_of: tuple[str, ...] = ()  # none does
    fields: tuple[FieldName, ...] = ALL_FIELDS
    sources: tuple[str, ...] = ()  # empty: every source
    weight: float = 1.0
    mention: str | None = None  # a query for articles that only mention it; None: those are not flagged
    expect: tuple[str, ...] = ()  # texts that it must call its own, "title | body"
    reject: tuple[str, ...] = ()  # texts that it must not
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # those that it names, and theirs


def lists_named(texts: Iterable[str], lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The lists that the texts name with `@name`, and those named in them; unknown names are left out."""
    found: dict[str, tuple[str, ...]] = {}
    waiting = list(texts)
    while waiting:
        for name in _NAMED.findall(waiting.pop()):
            if name in lists and name not in found:
                found[name] = tuple(lists[name])
                waiting.extend(found[name])
    return found
