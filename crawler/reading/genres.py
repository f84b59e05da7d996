"""What sort of article a page is: told by what it calls itself, else by what there is most of."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from crawler.reading.body import Body
from crawler.reading.structured import Structured
from crawler.reading.tree import PLAYER, finding
from crawler.reading.view import View
from storage.records import Article

Genre = Literal[
    "article",
    "short",
    "long",
    "interview",
    "figures",
    "photo",
    "video",
    "audio",
    "infographic",
    "quiz",
    "live",
]

_NAMED: tuple[tuple[Genre, str], ...] = (
    ("live", r"trực tiếp|truc-tiep|tường thuật trực tiếp|live(?:stream|blog)?"),
    ("quiz", r"quiz|trắc nghiệm|trac-nghiem"),
    ("infographic", r"infographics?|mega-?infographic|đồ ?h[oọ][aạ]|do-hoa"),
    ("video", r"(?:short-)?videos?|clip"),
    ("audio", r"podcasts?|audio|phát thanh|phat-thanh"),
    ("photo", r"photos?|ảnh|chùm ảnh|phóng sự ảnh|phong-su-anh|photo-story"),
    ("long", r"e-?magazine|long-?form|mega-?story|magazine"),
)
_TITLES = tuple(
    (genre, re.compile(rf"\[\s*(?:{names})\s*\]|(?:{names})\s*(?::|\|)\s", re.IGNORECASE))
    for genre, names in _NAMED
)
_FOLDERS = tuple((genre, re.compile(rf"(?:{names})", re.IGNORECASE)) for genre, names in _NAMED)
_SLUG = re.compile(r"(?:[^/-]+-){3}|\d{4}")  # the last part of an article's address, not of a section's
_CHOICES = finding(".//input[@type='radio' or @type='checkbox']")
_STAMP = re.compile(r"\d{1,2}\s?[:hg]\s?\d{2}\b")
_ASKED = re.compile(r"(?:PV|P\.V|Phóng viên|Hỏi|Nhà báo|Bạn đọc)\s*:", re.IGNORECASE)
_WITHOUT_TEXT = frozenset(("video", "audio", "infographic", "quiz", "photo", "live"))

_SHORT = 120  # words
_LONG = 2_000
_QUESTIONS = 3  # that make an interview
_STAMPS = 5  # lines opening with a time of day, that make a live report
_ROWS = 6  # of a table, holding half of all words
_A_PICTURE = 60  # words to a picture in a photo story
_PICTURES = 5
_AROUND_A_PLAYER = 80  # words beside a film that is the story itself


def named_genre(title: str, url: str, structured: Structured) -> Genre | None:
    """What a page calls itself by the mark before its title, its kind of address or its data; else None."""
    if "liveblogposting" in structured.types:
        return "live"
    for genre, mark in _TITLES:
        if mark.match(title):
            return genre
    *folders, last = urlsplit(url).path.strip("/").split("/")
    if folders and _SLUG.search(last):
        for genre, names in _FOLDERS:
            if any(names.fullmatch(folder) for folder in folders):
                return genre
    return "video" if structured.meta("og:type").startswith("video") else None


def may_be_wordless(genre: Genre | None) -> bool:
    """Whether such an article may have nothing to read but its title and what its head says of it."""
    return genre in _WITHOUT_TEXT


def shows_a_player(body: Body) -> bool:
    """Whether a film or a recording stands where the story would."""
    return body.container is not None and PLAYER(body.container)


def genre_of(view: View, article: Article, body: Body) -> Genre:
    """The sort of an article; a name it gives itself counts unless its text gives it the lie."""
    words = len(f"{article.lead or ''} {article.body}".split())
    named = named_genre(article.title, view.tree.url, view.structured)
    if named and not (named in {"video", "audio", "infographic"} and words > 2 * _SHORT):
        return named
    return _by_shape(article, body, words)


def _by_shape(article: Article, body: Body, words: int) -> Genre:
    lines = article.body.split("\n\n")
    if sum(bool(_STAMP.match(line)) for line in lines) >= _STAMPS:
        return "live"
    if body.container is not None and len(_CHOICES(body.container)) > 2 * _QUESTIONS:
        return "quiz"
    if words <= _AROUND_A_PLAYER and shows_a_player(body):
        return "video"
    if len(article.images) >= _PICTURES and words < _A_PICTURE * len(article.images):
        return "photo"
    if _questions(lines, body) >= _QUESTIONS:
        return "interview"
    rows = [block.text for block in body.blocks if block.kind == "row"]
    if len(rows) >= _ROWS and 2 * sum(len(row.split()) for row in rows) >= words:
        return "figures"
    return "short" if words < _SHORT else "long" if words >= _LONG else "article"


def _questions(lines: list[str], body: Body) -> int:
    """Lines in which somebody is asked: marked as the reporter's, or set bold or slanted as a question."""
    marked = sum(bool(_ASKED.match(line)) for line in lines)
    set_apart = sum(
        block.text.endswith("?") and len(block.text) > 20
        for block in body.blocks
        if block.kind == "heading" or (block.kind == "paragraph" and max(block.bold, block.slanted) > 0.8)
    )
    return max(marked, set_apart)
