"""The columns of a case in a table: what stands in each, lists joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crawler.export.formats.seam import Told


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


# Column → what stands in it; docs/export.md explains each.
COLUMNS: Mapping[str, Callable[[Told], Any]] = {
    "id": _plain("id"),
    "key": _plain("key"),
    "source": _plain("source"),
    "url": _plain("url"),
    "title": _plain("title"),
    "lead": _plain("lead"),
    "body": _plain("body"),
    "authors": lambda case: _joined(case["authors"], "; "),
    "section": _plain("section"),
    "tags": lambda case: _joined(case["tags"], "; "),
    "published_at": _plain("published_at"),
    "published_precision": _plain("published_precision"),
    "published_from": _plain("published_from"),
    "updated_at": _plain("updated_at"),
    "images": lambda case: _joined((image["url"] for image in case["images"]), "\n"),
    "captions": lambda case: _joined(
        (image["caption"] for image in case["images"] if image["caption"]), "\n"
    ),
    "found_in": _plain("found_in"),
    "fetched_at": _plain("fetched_at"),
    "revision": _plain("revision"),
    "changed_at": _plain("changed_at"),
    "gone_at": _plain("gone_at"),
    "rules": _of_flags("rule", "; "),
    "labels": _of_flags("label", "; "),
    "rule_versions": _of_flags("version", "; "),
    "quotes": _of_flags("quote", "\n"),
    "documents": lambda case: _joined((one["key"] for one in case["documents"]), "; "),
    "figures": lambda case: _joined((one["text"] for one in case["figures"]), "\n"),
    "decision": _of_verdict("decision"),
    "note": _of_verdict("note"),
    "decided_at": _of_verdict("at"),
    "decided_by": _of_verdict("by"),
    "raised_at": _of_raise("at"),
    "raised_rule": _of_raise("rule"),
}
