"""`atom`: the cases as a feed that any reader of feeds opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.atom import END, Entry, Feed, entry_xml, head_xml, identifier
from crawler.export.formats.characters import one_line
from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import About, Place, Tallied, Told
from crawler.urls import outward

FILE = "articles.atom"
_BEGINNING = 300  # characters of a text of which no sentence is quoted


class AtomFile(PlainFile):
    """articles.atom, its entries oldest first as in every file."""

    def __init__(self, place: Place) -> None:
        self._file = (place.folder / FILE).open("w", encoding="utf-8", newline="", buffering=BUFFER)
        self._file.writelines(head_xml(feed_of(place.about)))

    def add(self, case: Told) -> None:
        """Write one entry."""
        self._file.write(entry_xml(entry_of(case)))

    def finish(self, tally: Tallied) -> list[str]:
        """Close the feed and push the last bytes out."""
        self._file.write(END)
        return list(super().finish(tally))


def feed_of(about: About) -> Feed:
    """Told apart by what was asked for: a later export of the same is the same feed to a reader."""
    asked = " ".join(f"{name}={value}" for name, value in about.query.items() if value is not None)
    return Feed(
        id=identifier("export", asked),
        title="Điểm báo",
        author="diembao",
        updated=about.as_of,
        subtitle=asked,
    )


def entry_of(case: Told) -> Entry:
    """The article with the sentence that proves a flag beside its title, or else with its beginning."""
    proof = next((flag["quote"] for flag in case["flags"] if flag["field"] != "title"), None)
    labels = {flag["rule"]: flag["label"] for flag in case["flags"]}
    return Entry(
        id=identifier("article", case["key"]),
        title=one_line(case["title"]),
        page=outward(case["url"]),
        original=None,
        source=case["source"],
        published=_moment(case["published_at"]),
        updated=datetime.fromisoformat(case["changed_at"] or case["fetched_at"]),
        summary=proof or _beginning(case),
        categories=tuple(labels.items()),
    )


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _beginning(case: Told) -> str:
    text: str = case["lead"] or case["body"]
    return text if len(text) <= _BEGINNING else text[:_BEGINNING].rpartition(" ")[0] + " …"
