"""A rule as it is written in config.toml, before it is compiled."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import FieldName

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
