"""The languages of the page: which one a browser wants, and its sentences, which are Vietnamese at home."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

Language = Literal["vi", "en"]

NAMES: dict[Language, str] = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"
CATALOGUES = Path(__file__).parent / "catalogues"
_spoken: ContextVar[Language] = ContextVar("spoken", default="vi")
_here: ContextVar[str] = ContextVar("here", default="/")


class Sentence(str):
    """A sentence of the page, kept in Vietnamese; it is translated when it is said."""

    def format(self, *places: object, **names: object) -> str:
        """In the language of the request, with the names filled in."""
        return str.format(said(self), *places, **names)


def spoken() -> Language:
    """The language that the request at hand is answered in."""
    return _spoken.get()


def here() -> str:
    """The address of the page that is asked for, to come back to; "/" where a form was sent."""
    return _here.get()


def said(sentence: str) -> str:
    """A sentence in the language of the request; one that no catalogue has stays as it is."""
    if not sentence:  # gettext keeps a catalogue's own head there
        return ""
    return _catalogue(spoken()).gettext(sentence)


def counted(one: str, many: str, count: int) -> str:
    """The like, for a sentence that counts."""
    return _catalogue(spoken()).ngettext(one, many, count)


def language(text: str | None) -> Language | None:
    """The language of that code; None for any other."""
    return next((known for known in get_args(Language) if known == text), None)


def wanted(cookie: str | None, accepted: str | None) -> Language:
    """What the person chose with the switch, else what the browser prefers of ours, else Vietnamese.

    `accepted` is an Accept-Language header (RFC 9110, 12.5.4); whatever cannot be read in it is passed over.
    """
    chosen = (language(text) for text in (cookie, *_by_preference(accepted or "")))
    return next((found for found in chosen if found), "vi")


def answer_in(language: Language, address: str) -> None:
    """From now on this request is answered in that language; `address` is that of the page asked for."""
    _spoken.set(language)
    _here.set(address)


def _by_preference(accepted: str) -> Iterable[str]:
    weighed = list(_weighed(accepted[:1000]))
    ordered = sorted(weighed, key=lambda pair: -pair[0])
    return [tag.partition("-")[0] for weight, tag in ordered if weight > 0]


def _weighed(accepted: str) -> Iterator[tuple[float, str]]:
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        try:
            yield float(weight.strip().removeprefix("q=") or 1), tag.strip().lower()
        except ValueError:
            continue


@cache
def _catalogue(of: Language) -> gettext.NullTranslations:
    # Commands that speak no English need not wait for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = CATALOGUES / f"{of}.po"
    if not path.exists():  # the templates' own language
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=of))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
