"""Channels, places and notices for tests; a test names only the field it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.config.model import Channel, Config, Crawl, Notices, Review, Smtp, Source
from crawler.times import VIETNAM
from storage.channels import Candidate, Place
from storage.notices import Pending, Waiting
from storage.records import Flag, HealthState, StateChange
from storage.store import Store
from tests.making import BODY, TITLE, article, keep

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)  # a Monday
MAIL = Smtp("127.0.0.1", 2525, "none", "diembao@example.vn", ("an@example.vn",))


def at(text: str, day: int = 23) -> datetime:
    """`07:30` of that day of November 2026 in Vietnam."""
    hour, _, minute = text.partition(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=VIETNAM)


def channel(**named: Any) -> Channel:
    """A channel called ban, by mail."""
    return Channel(**{"name": "ban", "way": MAIL, **named})


def place(digest_at: datetime = NOON, weekly_at: datetime = NOON) -> Place:
    """How far a channel has looked."""
    return Place("ban", NOON - timedelta(days=30), 0, 0, digest_at, weekly_at)


def waiting(urgent: int = 0, others: int = 0, states_since: datetime | None = None) -> Waiting:
    """What a channel has to tell."""
    return Waiting(urgent, others, 1 if states_since else 0, states_since)


def candidate(number: int = 1, **named: Any) -> Candidate:
    """An article fetched, published and flagged at noon."""
    usual = {
        "article_id": number,
        "at": NOON,
        "source": "baohatinh",
        "backfilled": False,
        "first_fetched_at": NOON,
        "published_at": NOON,
        "weights": {"dinh_cong": 1.0},
    }
    return Candidate(**{**usual, **named})


def pending(number: int = 1, **named: Any) -> Pending:
    """A new case that waits to be told."""
    usual = {
        "id": 100 + number,
        "kind": "new",
        "article_id": number,
        "rule": "dinh_cong",
        "weight": 1.0,
        "urgent": False,
        "late": False,
        "source": "baohatinh",
        "dated_at": NOON,
        "about": True,
        "decided": False,
        "changed": False,
        "story": None,
    }
    return Pending(**{**usual, **named})


def change(number: int, source: str, state: HealthState, before: HealthState | None = "well") -> StateChange:
    """A source's health became another."""
    cause = "" if state in {"well", "disabled"} else f"{source} is {state}: look at it"
    return StateChange(number, source, NOON, state, before, cause)


def config(folder: Path, *channels: Channel, notices: Notices | None = None) -> Config:
    """A configuration with these channels and two papers."""
    return Config(
        path=folder / "config.toml",
        store_path=folder / "store.sqlite",
        crawl=Crawl(),
        review=Review(),
        sources={name: Source(name, f"https://{name}.example.vn/") for name in ("baohatinh", "kontumtv")},
        rules=(),
        notices=notices or Notices(page_url="https://duyet.example.vn"),
        channels={one.name: one for one in channels},
    )


def proof(weight: float = 1.0, rule: str = "dinh_cong", field: str = "body") -> Flag:
    """A flag on the body of `article`, with the sentence it stands in."""
    text, word = (BODY, "ngừng việc") if field == "body" else (TITLE, "đình công")
    begin = text.index(word)
    quote = BODY.split("\n")[0] if field == "body" else TITLE
    return Flag(rule, "Đình công", "v1", field, ((begin, begin + len(word)),), quote, weight, score=weight)  # type: ignore[arg-type]


def put(store: Store, numbers: Sequence[int], flags: Sequence[Flag] = (), source: str = "baohatinh") -> None:
    """Keep these articles as a crawl at noon does, each with a text of its own."""
    told = [
        replace(
            article(number, source),
            body=BODY + f"\n\n{number * 7919} người {'rất nhiều chữ khác nhau ' * 3}{number}.",
        )
        for number in numbers
    ]
    keep(store, told, flags or [proof()])


def utc(moment: datetime) -> datetime:
    """The same moment, as the store keeps it."""
    return moment.astimezone(UTC)
