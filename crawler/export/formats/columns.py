"""The columns of a case in a table: what stands in each, lists joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawler.export.formats.seam import Told

Kind = Literal["text", "number", "moment", "address"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is read out of a case, and what stands in it."""

    name: str
    read: Callable[[Told], Any]  # None, or "" for an empty list, where nothing is known
    meaning: str  # Markdown, as the docs and every description have it
    kind: Kind = "text"
    given: bool = False  # whether something always stands there
    one_of: tuple[str, ...] = ()  # the only values; empty: any


def _joined(parts: Iterable[str], by: str) -> str:
    return by.join(dict.fromkeys(parts))


def _plain(key: str) -> Callable[[Told], Any]:
    return lambda case: case[key]


def _of_flags(key: str, by: str) -> Callable[[Told], str]:
    return lambda case: _joined((flag[key] for flag in case["flags"]), by)


def _of_verdict(key: str) -> Callable[[Told], Any]:
    return lambda case: case["verdict"] and case["verdict"].get(key)


def _of_raise(key: str) -> Callable[[Told], Any]:
    return lambda case: case["raised"] and case["raised"][key]


_ALL = (
    Column("id", _plain("id"), "the article's number in the store", "number", given=True),
    Column("key", _plain("key"), "the source and the paper's own number or path", given=True),
    Column("source", _plain("source"), "the source's name in config.toml", given=True),
    Column("url", _plain("url"), "the address it was fetched from", "address", given=True),
    Column("title", _plain("title"), "the headline", given=True),
    Column("lead", _plain("lead"), "the sapo; empty where the page has none apart from its body"),
    Column("body", _plain("body"), "the paragraphs, separated by a blank line"),
    Column("authors", lambda case: _joined(case["authors"], "; "), "names, joined by `; `"),
    Column("section", _plain("section"), "the paper's section"),
    Column("tags", lambda case: _joined(case["tags"], "; "), "the paper's tags, joined by `; `"),
    Column("published_at", _plain("published_at"), "when it was published, as the page says", "moment"),
    Column(
        "published_precision",
        _plain("published_precision"),
        "`second`, `minute` or `day`: how exact that is",
        one_of=("second", "minute", "day"),
    ),
    Column(
        "published_from",
        _plain("published_from"),
        "what said so: `selector`, `json-ld`, `meta`, `feed`, `sitemap`, `url` or `text`",
        one_of=("selector", "json-ld", "meta", "feed", "sitemap", "url", "text"),
    ),
    Column(
        "updated_at",
        _plain("updated_at"),
        "when the page says it last changed; empty where it tells of no change",
        "moment",
    ),
    Column(
        "images",
        lambda case: _joined((image["url"] for image in case["images"]), "\n"),
        "addresses of its pictures, one a line",
    ),
    Column(
        "captions",
        lambda case: _joined((image["caption"] for image in case["images"] if image["caption"]), "\n"),
        "their captions, one a line",
    ),
    Column(
        "found_in",
        _plain("found_in"),
        "`feed`, `sitemap`, `listing` or `backfill`",
        given=True,
        one_of=("feed", "sitemap", "listing", "backfill"),
    ),
    Column("fetched_at", _plain("fetched_at"), "when its newest text was fetched", "moment", given=True),
    Column(
        "revision",
        _plain("revision"),
        "number of its newest text; 1 if it never changed",
        "number",
        given=True,
    ),
    Column("changed_at", _plain("changed_at"), "when a changed text was last found", "moment"),
    Column("gone_at", _plain("gone_at"), "since when the paper no longer has it", "moment"),
    Column("rules", _of_flags("rule", "; "), "names of the rules that flagged it, joined by `; `"),
    Column("labels", _of_flags("label", "; "), "their labels, joined by `; `"),
    Column("rule_versions", _of_flags("version", "; "), "their versions, joined by `; `"),
    Column("quotes", _of_flags("quote", "\n"), "the sentences that prove it, one a line"),
    Column(
        "documents",
        lambda case: _joined((one["key"] for one in case["documents"]), "; "),
        "keys of the documents it cites, joined by `; `",
    ),
    Column(
        "figures",
        lambda case: _joined((one["text"] for one in case["figures"]), "\n"),
        "the figures it tells with what they count, one a line",
    ),
    Column(
        "decision",
        _of_verdict("decision"),
        "`keep`, `drop` or `later`; empty: undecided",
        one_of=("keep", "drop", "later"),
    ),
    Column("note", _of_verdict("note"), "what the person noted; only with `--with-notes`, else empty"),
    Column("decided_at", _of_verdict("at"), "when", "moment"),
    Column(
        "decided_by", _of_verdict("by"), "who, of `[review] reviewers`; only with `--with-notes`, else empty"
    ),
    Column("raised_at", _of_raise("at"), "when a person raised it by hand; empty: nobody did", "moment"),
    Column("raised_rule", _of_raise("rule"), "the topic she named, if any"),
)
COLUMNS: Mapping[str, Column] = {column.name: column for column in _ALL}
READERS = tuple(column.read for column in _ALL)
