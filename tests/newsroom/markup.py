"""Pieces of HTML that every family of pages shares."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from tests.newsroom.spelling import printed
from tests.newsroom.story import Story

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def clock(at: datetime, pattern: str) -> str:
    """The moment on Vietnam's clock, by a strftime pattern."""
    return at.astimezone(VIETNAM).strftime(pattern)


def unpadded_day(at: datetime) -> str:
    """`22/6/2018`: no zero before day or month."""
    local = at.astimezone(VIETNAM)
    return f"{local.day}/{local.month}/{local.year}"


def weekday(at: datetime) -> str:
    """The day of the week in Vietnamese."""
    return _WEEKDAYS[at.astimezone(VIETNAM).weekday()]


def no_colon(at: datetime) -> str:
    """`2026-09-07T17:52:56+0700`, as the ePi CMS writes it."""
    return clock(at, "%Y-%m-%dT%H:%M:%S%z")


def json_ld(values: object) -> str:
    """A script of structured data."""
    text = json.dumps(values, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def meta(name: str, content: str, attribute: str = "name") -> str:
    """One meta element."""
    return f'<meta {attribute}="{name}" content="{printed(content)}">'


def paragraphs(story: Story) -> list[str]:
    """The body's paragraphs as printed, with dateline and end mark, not yet wrapped."""
    texts = list(story.body)
    if story.lead is None:
        texts[0] = story.dateline + texts[0]
    if story.end_mark != "." and texts[-1].endswith("."):
        texts[-1] = texts[-1][:-1] + story.end_mark
    return [printed(text, story.spelling) for text in texts]


def byline(story: Story) -> str:
    """`Ngọc A – Minh B`, with the dash and blanks of that day's editor."""
    joint = own_chance(story, "byline").choice((" – ", " – ", " - ", "- "))
    return printed(joint.join(story.authors), story.spelling)


def own_chance(story: Story, what: str) -> Random:
    """Chance that is the story's own: its page looks the same every time."""
    return Random(f"{story.key}:{what}")


def spread(texts: list[str], extras: list[str], chance: Random) -> list[str]:
    """`extras` put between `texts`, never first, in their order."""
    mixed = list(texts)
    places = sorted(chance.randint(1, max(1, len(texts) - 1)) for _ in extras)
    for shift, (place, extra) in enumerate(zip(places, extras, strict=True)):
        mixed.insert(place + shift, extra)
    return mixed
