"""Who asks: the reviewer a browser says it is of, and whether a password was asked; of one request."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import quote, unquote

COOKIE = "reviewer"


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever sent the request."""

    name: str | None = None  # one of `reviewers`; None: nobody said
    reviewers: tuple[str, ...] = ()  # of [review] reviewers
    logged_in: bool = False  # a password was asked for, and given

    @property
    def is_unsaid(self) -> bool:
        """Whether there are names to choose from, and none is chosen."""
        return bool(self.reviewers) and self.name is None


_NOBODY = Person()
_CURRENT: ContextVar[Person] = ContextVar("person", default=_NOBODY)


def person() -> Person:
    """Whoever sent the request that is being answered."""
    return _CURRENT.get()


def remember(asking: Person) -> None:
    """From here on, this request is of that person."""
    _CURRENT.set(asking)


def named(cookies: Mapping[str, str], reviewers: tuple[str, ...]) -> str | None:
    """The reviewer whom the cookies name; None for nobody, and for names we do not know any more."""
    name = unquote(cookies.get(COOKIE, ""), errors="replace")
    return name if name in reviewers else None


def as_cookie(name: str) -> str:
    """A name as a cookie may hold it."""
    return quote(name, safe="")
