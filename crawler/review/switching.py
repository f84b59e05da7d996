"""The switch of the page's language: a form that sets a cookie and leads back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.review import wording
from crawler.review.forms import fields_of
from crawler.review.languages import COOKIE, language
from crawler.review.wording import Refused, Trouble

_YEAR = 365 * 24 * 3600  # seconds
_LONGEST = 2000  # characters of an address to come back to


async def switch(request: Request) -> Response:
    """Remember the language in this browser, and show the page again."""
    fields = dict(await fields_of(request))
    to = language(fields.get("to"))
    if to is None:
        raise Refused(Trouble.BAD_FORM, wording.NO_LANGUAGE)
    answer = RedirectResponse(_own(fields.get("back", "/")), 303)
    answer.set_cookie(COOKIE, to, max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def _own(back: str) -> str:
    """The address if it is one of this page, else the queue's: `//elsewhere` and `/\\elsewhere` leave it."""
    plain = back.isascii() and back.isprintable() and "\\" not in back and len(back) <= _LONGEST
    return back if plain and back.startswith("/") and not back.startswith("//") else "/"
