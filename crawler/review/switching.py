"""The language of each request: what its browser wants, or what was chosen with the switch, a form."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.review import wording
from crawler.review.forms import fields_of
from crawler.review.languages import COOKIE, answer_in, language, wanted
from crawler.review.wording import Refused, Trouble

_YEAR = 365 * 24 * 3600  # seconds
_LONGEST = 2000  # characters of an address to come back to


class Speaking:
    """ASGI middleware: every request is answered in the language that its browser wants."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
            answer_in(wanted(cookie, headers.get("accept-language")), _address(scope))
        await self.app(scope, receive, send)


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


def _address(scope: Scope) -> str:
    if scope["method"] != "GET":
        return "/"
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"]) + (f"?{query}" if query else "")
